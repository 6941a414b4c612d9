"""/checks: what other units are asked to look for at home (举一反三): the form that asks, the register, the answers."""

from handlers import forms
from handlers.actions import (
    Action,
    action_button,
    button,
    immediately,
)
from handlers.commands import command
from handlers.context import HandlerContext
from handlers.forms import Form, FormContext, FormInput, FormOutcome, FormRefused, Step, with_form, written
from handlers.notices import StaffReader, renders_for_staff
from handlers.press import Press
from handlers.registers import page_turner, register_page, register_records
from handlers.revisits.labels import CHECKS
from handlers.steps import text_step
from models.rectification import RectificationItem
from models.revisits import SelfCheck
from models.states import SELF_CHECK, UNIT_ACTORS, SelfCheckState
from services.access.member import Member
from services.cases.dialogue import ContainsContact
from services.cases.quoting import QuotesReporter
from services.revisits.notices import SelfCheckAnswered, SelfCheckLate, SelfCheckNotice, SelfCheckSent
from services.revisits.self_checks import (
    LONGEST_REPLY,
    LONGEST_TEXT,
    NamesUnit,
    NobodyToAsk,
    actors_at,
    answer,
    ask_siblings,
    call_off,
    check_seen,
    checks_of,
    has_to_do_with_checks,
    item_to_ask_about,
    may,
    siblings_to_ask,
    words_for_siblings,
)
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html, Words
from texts.dates import day
from texts.message import Message

# ---- to ask


async def _may_ask(form: FormContext) -> RectificationItem:
    return await item_to_ask_about(form.context.work, form.who, form.subject_id)


async def _ask_for_text(form: FormContext) -> Message:
    item = await _may_ask(form)
    units = await siblings_to_ask(form.context.work, item)
    if not units:
        raise FormRefused(form.words("revisit.check_nobody"))
    text = form.words("revisit.check_prompt", number=item.id, units=len(units), most=LONGEST_TEXT)
    return Message(text, ((form.cancel,),))


async def _read_text(form: FormContext, entered: FormInput) -> str:
    text = written(form, entered, LONGEST_TEXT, "team.text_please")
    return await words_for_siblings(form.context.work, form.who, await _may_ask(form), text)


async def _show(form: FormContext) -> Message:
    units = await siblings_to_ask(form.context.work, await _may_ask(form))
    names = form.words.plain("staff.list_comma").join(one.name for one in units)
    return Message(form.words("revisit.check_preview", units=names, text=form.answers["text"]))


async def _send(form: FormContext) -> FormOutcome:
    try:
        checks = await ask_siblings(form.context.work, form.who, form.subject_id, form.answers["text"])
    except NobodyToAsk:
        raise FormRefused(form.words("revisit.check_nobody")) from None
    return FormOutcome(form.words("revisit.check_sent", units=len(checks)))


ASK_SIBLINGS = Form(
    "ask_siblings",
    (Step("text", _ask_for_text, _read_text),),
    check=_may_ask,
    preview=_show,
    send_label="revisit.check_send",
    send=_send,
    refusals={
        ContainsContact: "transfer.contains_contact",
        QuotesReporter: "transfer.quotes_reporter",
        NamesUnit: "revisit.check_names_unit",
    },
    revise=lambda _form, _entered: "text",
    too_late="revisit.too_late",
    area="item",
    card_when_cancelled=True,
)


# ---- to answer


async def _may_answer(form: FormContext) -> SelfCheck:
    return await may(form.context.work, form.who, form.subject_id, "answer")


def _answering(name: str, *, has_problem: bool) -> Form:
    async def send(form: FormContext) -> FormOutcome:
        await answer(form.context.work, form.who, form.subject_id, form.answers["reply"], has_problem=has_problem)
        return FormOutcome(form.words("revisit.check_done"), card=True)

    return Form(
        name,
        (text_step("reply", f"revisit.{name}_prompt", LONGEST_REPLY),),
        check=_may_answer,
        send=send,
        too_late="revisit.too_late",
        area=CHECKS,
        card_when_cancelled=True,
    )


CHECK_YES = _answering("check_yes", has_problem=True)
CHECK_NO = _answering("check_no", has_problem=False)
forms.register(ASK_SIBLINGS, CHECK_YES, CHECK_NO)


# ---- the register and the card


@command("checks")
async def show_checks(context: HandlerContext, who: Member) -> None:
    """List the self-checks: those of one's unit that wait, those that one asked as a leader, or all for the office."""
    await context.say(await _page(context, who) or Message(context.words("revisit.check_not_yours")))


async def _page(context: HandlerContext, who: Member, after: str | None = None) -> Message | None:
    if not has_to_do_with_checks(who):
        return None
    words, known, today = context.words, await context.work.directory(), context.work.today
    found, more_after = await checks_of(context.work, who, after)
    lines = [
        (
            words(
                f"revisit.check_line_{_standing(one)}",
                unit=known.units[one.unit_id].name,
                day=day(words, one.due_on, today),
            ),
            one.id,
        )
        for one in found
    ]
    heading = words("revisit.check_list" if lines else "revisit.check_list_empty")
    return register_page(words, CHECKS, heading, lines, more_after)


def _standing(check: SelfCheck) -> str:
    if check.state is SelfCheckState.ANSWERED:
        return "yes" if check.has_problem else "no"
    return str(check.state)


ACTIONS = (
    Action("yes", with_form(CHECK_YES), label="revisit.check_action_yes", transition="answer"),
    Action("no", with_form(CHECK_NO), label="revisit.check_action_no", transition="answer"),
    Action(
        "call_off",
        immediately(call_off, "revisit.check_done_call_off"),
        label="revisit.check_action_call_off",
        transition="call_off",
    ),
    Action("ask_siblings", with_form(ASK_SIBLINGS)),
)


async def check_card(work: UnitOfWork, words: Words, who: Member, check_id: str) -> Message:
    """Return a self-check as somebody may read it; where it was found is for who asks alone. Raises NotEntitled."""
    check = await check_seen(work, who, check_id)
    known, actors = await work.directory(), actors_at(who, check)
    lines = [
        words("revisit.check_title", unit=known.units[check.unit_id].name),
        words("revisit.check_due", day=day(words, check.due_on, work.today)),
        words("team.quote", text=check.text),
    ]
    if check.state is not SelfCheckState.SENT:
        lines.append(words(f"revisit.check_is_{_standing(check)}"))
    if check.reply:
        lines.append(words("team.quote", text=check.reply))
    offered = [one for one in ACTIONS if one.label and one.transition in SELF_CHECK.actions(check.state, actors)]
    rows = tuple((action_button(words, CHECKS, one, check.id),) for one in offered)
    if not actors & UNIT_ACTORS:
        found_at = Press("item", "open", check.item_id).pack()
        rows = (*rows, (button(words, "revisit.check_button_item", found_at),))
    return Message(Html("\n".join(lines)), rows)


SUBJECT = register_records(
    CHECKS, ACTIONS, check_card, page_turner(_page), too_late="revisit.too_late", not_yours="revisit.check_not_yours"
)


@renders_for_staff(SelfCheckSent)
async def self_check_sent(work: UnitOfWork, reader: StaffReader, notice: SelfCheckSent) -> Message | None:
    """Ask a unit; nothing once it has answered, or need not any more."""
    check = await check_seen(work, reader.who, notice.check_id)
    return await _told(work, reader, notice, "revisit.check_told") if check.state is SelfCheckState.SENT else None


@renders_for_staff(SelfCheckAnswered)
async def self_check_answered(work: UnitOfWork, reader: StaffReader, notice: SelfCheckAnswered) -> Message | None:
    return await _told(work, reader, notice, "revisit.check_told_answered")


@renders_for_staff(SelfCheckLate)
async def self_check_late(work: UnitOfWork, reader: StaffReader, notice: SelfCheckLate) -> Message | None:
    """Tell that the day has passed; nothing once it was answered."""
    check = await check_seen(work, reader.who, notice.check_id)
    return await _told(work, reader, notice, "revisit.check_told_late") if check.state is SelfCheckState.SENT else None


async def _told(work: UnitOfWork, reader: StaffReader, notice: SelfCheckNotice, key: str) -> Message:
    shown = await check_card(work, reader.words, reader.who, notice.check_id)
    return shown.below(reader.words(key))
