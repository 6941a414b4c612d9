"""/selfreport: a head opens an item of their own unit, before anybody finds it; the liaison prepares one for the head.

/selfreports is the register of what was prepared, each with a card, on which the head confirms it or gives it back.
"""

from datetime import date
from typing import Any

from handlers import forms
from handlers.actions import Action, Done, NothingDone, Result, action_button
from handlers.commands import command
from handlers.context import HandlerContext
from handlers.forms import (
    Form,
    FormContext,
    FormInput,
    FormOutcome,
    FormRefused,
    Step,
    begin_by_command,
    with_form,
    written,
)
from handlers.items.days import choose_day, read_day
from handlers.items.draft_card import due_in_full, lacking
from handlers.items.draft_forms import ask_for_category, ask_for_due, choose_category
from handlers.items.labels import number, one_line, open_button
from handlers.items.order import order_text
from handlers.named_step import unit_step
from handlers.notices import StaffReader, renders_for_staff
from handlers.press import Press, short_digest
from handlers.registers import page_turner, register_page, register_records
from handlers.steps import text_step, words_form
from models.rounds import Unit
from models.states import SELF_REPORT as SELF_REPORT_STATES
from models.states import NotEntitled, SelfReportState
from services.access.member import Member
from services.rectification.issue_item import DueInPast, TextUnfit, UnitUnknown, aspects_for, place_of
from services.rectification.notices import (
    SelfReportGivenBack,
    SelfReportLate,
    SelfReportNotice,
    SelfReportPrepared,
)
from services.rectification.order import LONGEST_NAME, LONGEST_TEXT, Incomplete, NewItem
from services.rectification.self_report import (
    LONGEST_WORDS,
    actors_at,
    confirm_self_report,
    draft_self_report,
    give_back_self_report,
    is_head,
    may,
    open_self_report,
    prepare_self_report,
    report_seen,
    self_reports,
    units_to_report_of,
)
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html, Words
from texts.dates import day
from texts.message import Message, Rows, in_rows

AREA = "selfreport"


@command("selfreport")
async def report(context: HandlerContext, who: Member) -> None:
    """Begin the form of a report, the head's own or one that the liaison prepares."""
    await begin_by_command(context, who, SELF_REPORT)


async def _may_report(form: FormContext) -> None:
    if not await units_to_report_of(form.context.work, form.who):
        raise FormRefused(form.words("item.self_report_units_only"))


async def _units_named(form: FormContext, named: str) -> list[Unit]:
    return await units_to_report_of(form.context.work, form.who, named)


async def _which_unit(form: FormContext) -> Html:
    return form.words("item.self_report_unit_prompt")


def _asked(key: str, longest: int) -> dict[str, Any]:
    """Return how a step asks for words."""

    async def ask(form: FormContext) -> Message:
        return Message(form.words(key, most=longest), ((form.cancel,),))

    async def read(form: FormContext, entered: FormInput) -> str:
        return written(form, entered, longest, "item.text_please")

    return {"ask": ask, "read": read}


async def _aspects(form: FormContext) -> tuple[str, ...]:
    work, order = form.context.work, NewItem(form.answers["unit"], "", None)
    return await aspects_for(work, order, (await place_of(work, order.unit_id)).round_id)


async def _ask_for_aspect(form: FormContext) -> Message:
    rows = tuple((form.choice(name, short_digest(name, 8)),) for name in await _aspects(form))
    return Message(form.words("item.aspect_prompt"), (*rows, (form.cancel,)))


async def _choose_aspect(form: FormContext, value: str) -> str | None:
    return next((name for name in await _aspects(form) if short_digest(name, 8) == value), None)


def _order(form: FormContext) -> NewItem:
    answers = form.answers
    return NewItem(
        answers["unit"],
        answers["problem"],
        date.fromisoformat(answers["due"]),
        requirement=answers["requirement"],
        category=answers["category"],
        aspect=answers["aspect"] or "",
        task_force=answers["task_force"],
    )


async def _show(form: FormContext) -> Message:
    """Show exactly what will stand there, before it is opened."""
    try:
        item, _ = await draft_self_report(form.context.work, form.who, _order(form))
    except Incomplete as incomplete:
        raise FormRefused(lacking(form.words, incomplete.missing)) from None
    except (NotEntitled, UnitUnknown, TextUnfit, DueInPast):
        raise FormRefused(form.words("item.self_report_too_late")) from None
    shown = await order_text(form.context.work, form.words, item, contact=None)
    heading = form.words("item.self_report_preview" if _is_head(form) else "selfreport.preview")
    return Message(Html(f"{heading}\n\n{shown}\n\n{due_in_full(form.words, item.due_on)}"))


def _is_head(form: FormContext) -> bool:
    return is_head(form.who, form.answers["unit"])


async def _open(form: FormContext) -> FormOutcome:
    try:
        if not _is_head(form):
            await prepare_self_report(form.context.work, form.who, _order(form))
            return FormOutcome(form.words("selfreport.done_prepare"))
        item = await open_self_report(form.context.work, form.who, _order(form))
    except Incomplete as incomplete:
        raise FormRefused(lacking(form.words, incomplete.missing)) from None
    except (UnitUnknown, TextUnfit, DueInPast):
        raise FormRefused(form.words("item.self_report_too_late")) from None
    return FormOutcome(form.words("item.done_self_report", number=number(item)))


SELF_REPORT = Form(
    "self_report",
    (
        unit_step(_units_named, _which_unit, "office.unit_not_found"),
        Step("category", ask_for_category, choose=choose_category),
        Step("aspect", _ask_for_aspect, choose=_choose_aspect),
        Step("problem", **_asked("item.self_report_problem_prompt", LONGEST_TEXT)),
        Step("requirement", **_asked("item.self_report_requirement_prompt", LONGEST_TEXT)),
        Step("task_force", **_asked("item.task_force_prompt", LONGEST_NAME)),
        Step("due", ask_for_due, read_day, choose_day),
    ),
    check=_may_report,
    preview=_show,
    send_label="item.button_self_report",
    send=_open,
    too_late="item.self_report_too_late",
)


# ---- what a liaison has prepared


GIVE_BACK = words_form(
    "give_back_self_report",
    text_step("words", "selfreport.give_back_prompt", LONGEST_WORDS),
    area=AREA,
    may=lambda work, who, report_id: may(work, who, report_id, "give_back"),
    do=give_back_self_report,
    done="selfreport.done_give_back",
    too_late="selfreport.too_late",
)
forms.register(SELF_REPORT, GIVE_BACK)


async def _confirm(context: HandlerContext, who: Member, press: Press) -> Result:
    """Confirm what was prepared; say what is in the way, where the item cannot be opened as it stands."""
    try:
        await confirm_self_report(context.work, who, press.subject)
    except Incomplete as incomplete:
        return NothingDone(lacking(context.words, incomplete.missing))
    except (UnitUnknown, TextUnfit, DueInPast):
        return NothingDone(context.words("selfreport.cannot_be_opened"))
    return Done(context.words("selfreport.done_confirm"))


ACTIONS = (
    Action("confirm", _confirm, label="selfreport.action_confirm", transition="confirm"),
    Action("give_back", with_form(GIVE_BACK), label="selfreport.action_give_back", transition="give_back"),
)


@command("selfreports")
async def show_self_reports(context: HandlerContext, who: Member) -> None:
    """Bring the register of what was prepared at somebody's units."""
    await context.say(await _page(context, who) or Message(context.words("item.self_report_units_only")))


async def _page(context: HandlerContext, who: Member, after: str | None = None) -> Message | None:
    work, words = context.work, context.words
    if not await units_to_report_of(work, who):
        return None
    page, known = await self_reports(work, who, after), await work.directory()
    lines = [
        (
            words(
                "selfreport.line",
                unit=known.units[one.unit_id].name,
                problem=one_line(NewItem.of_json(one.content).problem),
                state=words.plain(f"selfreport.state_{one.state}"),
                day=day(words, one.prepared_on, work.today),
            ),
            one.id,
        )
        for one in page.rows
    ]
    return register_page(
        words, AREA, words("selfreport.list" if lines else "selfreport.list_empty"), lines, page.more_after
    )


async def report_card(work: UnitOfWork, words: Words, who: Member, report_id: str) -> Message:
    """Return what was prepared, with what can be done with it now. Raises NotEntitled."""
    report = await report_seen(work, who, report_id)
    known, order = await work.directory(), NewItem.of_json(report.content)
    prepared = day(words, report.prepared_on, work.today)
    lines = [
        words("selfreport.title", unit=known.units[report.unit_id].name),
        words("selfreport.by", name=known.names[report.by_id], day=prepared),
        words("item.line_problem", text=order.problem),
        words("item.line_requirement", text=order.requirement),
        words("selfreport.line_task_force", text=order.task_force),
    ]
    lines += [due_in_full(words, order.due_on)] if order.due_on else []
    state = words.plain(f"selfreport.state_{report.state}")
    lines.append(words("selfreport.stands", state=state))
    lines += [words("team.quote", text=report.words)] if report.words else []
    possible = SELF_REPORT_STATES.actions(report.state, actors_at(who, report))
    buttons = [action_button(words, AREA, one, report.id) for one in ACTIONS if one.transition in possible]
    rows: Rows = in_rows(buttons, 2)
    return Message(Html("\n".join(lines)), (*rows, ((open_button(words, report.item_id),) if report.item_id else ())))


SUBJECT = register_records(
    AREA, ACTIONS, report_card, page_turner(_page), too_late="selfreport.too_late", not_yours="selfreport.not_yours"
)


# ---- notices


@renders_for_staff(SelfReportPrepared)
async def self_report_prepared(work: UnitOfWork, reader: StaffReader, notice: SelfReportPrepared) -> Message | None:
    return await _told_while_it_waits(work, reader, notice, "selfreport.told_prepared")


@renders_for_staff(SelfReportLate)
async def self_report_late(work: UnitOfWork, reader: StaffReader, notice: SelfReportLate) -> Message | None:
    return await _told_while_it_waits(work, reader, notice, "selfreport.told_late")


@renders_for_staff(SelfReportGivenBack)
async def self_report_given_back(work: UnitOfWork, reader: StaffReader, notice: SelfReportGivenBack) -> Message | None:
    shown = await report_card(work, reader.words, reader.who, notice.report_id)
    return shown.below(reader.words("selfreport.told_given_back"))


async def _told_while_it_waits(
    work: UnitOfWork, reader: StaffReader, notice: SelfReportNotice, key: str
) -> Message | None:
    """Tell of it, or nothing once the head has decided."""
    report = await report_seen(work, reader.who, notice.report_id)
    if report.state is not SelfReportState.PREPARED:
        return None
    return (await report_card(work, reader.words, reader.who, notice.report_id)).below(reader.words(key))
