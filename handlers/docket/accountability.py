"""The accountability list (问责清单): /accountability, entering how many were dealt with and how, and the review."""

from collections.abc import Awaitable, Callable

from handlers import forms
from handlers.actions import (
    Action,
    Done,
    Result,
    action_button,
)
from handlers.cases import labels as case_labels
from handlers.cases.clusters import read_count
from handlers.commands import command
from handlers.context import HandlerContext
from handlers.forms import Form, FormContext, FormInput, FormOutcome, Step, with_form
from handlers.items.labels import number, unit_name
from handlers.notices import StaffReader, renders_for_staff
from handlers.press import Press
from handlers.registers import page_turner, register_page, register_records
from handlers.steps import option_step
from models.docket import Accountability, Measure
from models.states import ACCOUNTABILITY, AccountabilityState
from services.access.member import Member
from services.docket.accountability import (
    MOST_PEOPLE,
    LineSeen,
    case_to_account_for,
    enter_for_case,
    enter_for_item,
    item_to_account_for,
    line_seen,
    lines_to_review,
    reads_list,
    review,
    reviewing,
)
from services.docket.notices import AccountabilityNotice, AccountabilityWaits
from services.register_pages import Page
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html, Words
from texts.dates import day
from texts.message import Message, in_rows

AREA = "account"
_Check = Callable[[UnitOfWork, Member, str], Awaitable[object]]
_Enter = Callable[[UnitOfWork, Member, str, Measure, int], Awaitable[object]]


async def _ask_people(form: FormContext) -> Message:
    return Message(form.words("docket.people_prompt", most=MOST_PEOPLE), ((form.cancel,),))


async def _read_people(form: FormContext, entered: FormInput) -> int:
    typed = FormInput(entered.text.strip().removesuffix("人"))
    return read_count(form, typed, least=1, most=MOST_PEOPLE)


def _entering(name: str, check: _Check, enter: _Enter) -> Form:
    async def send(form: FormContext) -> FormOutcome:
        measure, people = Measure(form.answers["measure"]), form.answers["people"]
        await enter(form.context.work, form.who, form.subject_id, measure, people)
        return FormOutcome(form.words("docket.done_enter"))

    return Form(
        name,
        (
            option_step("measure", Measure, "docket.measure", "docket.measure_prompt"),
            Step("people", _ask_people, _read_people),
        ),
        check=lambda form: check(form.context.work, form.who, form.subject_id),
        send=send,
        too_late="docket.too_late",
    )


FOR_ITEM = _entering("account_item", item_to_account_for, enter_for_item)
FOR_CASE = _entering("account_case", case_to_account_for, enter_for_case)
forms.register(FOR_ITEM, FOR_CASE)


async def _review(context: HandlerContext, who: Member, press: Press) -> Result:
    """Let a line count, or send it back."""
    await review(context.work, who, press.subject, press.action)
    return Done(context.words(f"docket.done_{press.action}"))


ACTIONS = (
    Action("count", _review, label="docket.action_count", transition="count"),
    Action("send_back", _review, label="docket.action_send_back", transition="send_back"),
    Action("item", with_form(FOR_ITEM)),
    Action("case", with_form(FOR_CASE)),
)


async def line_card(work: UnitOfWork, words: Words, who: Member, line_id: str) -> Message:
    """Return a line of the list as somebody may see it now, with what they can do. Raises NotEntitled."""
    seen = await line_seen(work, who, line_id)
    line, known = seen.line, await work.directory()
    by = words(
        "docket.entered_by",
        name=known.names[line.entered_by_id],
        day=day(words, line.entered_on, work.today),
        state=words(f"docket.account_{line.state}"),
    )
    possible = ACCOUNTABILITY.actions(line.state, reviewing(who, seen))
    buttons = [action_button(words, AREA, action, line_id) for action in ACTIONS if action.transition in possible]
    return Message(Html(f"{await _line(work, words, seen)}\n{by}"), in_rows(buttons, 2), protect=True)


async def _line(work: UnitOfWork, words: Words, seen: LineSeen) -> Html:
    if seen.item is not None:
        about = Html(f"{number(seen.item)} {words('docket.unit', name=await unit_name(work, seen.item))}")
    else:
        about = case_labels.number(seen.case) if seen.case is not None else Html("")
    measure = words(f"docket.measure_{seen.line.measure}")
    return words("docket.account_line", about=about, measure=measure, people=seen.line.people)


@command("accountability")
async def show_list(context: HandlerContext, who: Member) -> None:
    """List what waits for review, as far as somebody may see it."""
    await context.say(await _page(context, who))


async def _page(context: HandlerContext, who: Member, after: str | None = None) -> Message:
    page = await lines_to_review(context.work, who, after) if reads_list(who) else None
    if page is None or not page.rows:
        return Message(context.words("docket.account_none"))
    return await _listed(context.work, context.words, who, page)


async def _listed(work: UnitOfWork, words: Words, who: Member, page: Page[Accountability]) -> Message:
    lines = [(await _line(work, words, await line_seen(work, who, one.id)), one.id) for one in page.rows]
    return register_page(words, AREA, words("docket.account_heading"), lines, page.more_after, protect=True)


SUBJECT = register_records(
    AREA, ACTIONS, line_card, page_turner(_page), too_late="docket.too_late", not_yours="docket.not_yours"
)


@renders_for_staff(AccountabilityNotice)
async def accountability_line(work: UnitOfWork, reader: StaffReader, notice: AccountabilityNotice) -> Message | None:
    """Ask for the review of a line, or tell who entered it what came of it."""
    seen = await line_seen(work, reader.who, notice.line_id)
    waits = seen.line.state is AccountabilityState.ENTERED
    if waits and not ACCOUNTABILITY.actions(seen.line.state, reviewing(reader.who, seen)):
        return None
    shown = await line_card(work, reader.words, reader.who, notice.line_id)
    key = "docket.told_to_review" if waits else "docket.told_reviewed"
    return Message(Html(f"{reader.words(key)}\n{shown.text}"), shown.buttons, protect=True)


@renders_for_staff(AccountabilityWaits)
async def accountability_waits(work: UnitOfWork, reader: StaffReader, _notice: AccountabilityWaits) -> Message | None:
    """List what somebody has to review; nothing when there is none."""
    page = await lines_to_review(work, reader.who, only_theirs=True)
    return await _listed(work, reader.words, reader.who, page) if page.rows else None
