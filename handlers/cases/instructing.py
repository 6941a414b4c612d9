"""A case is put before the head of the leading group: the form, the instruction by one press, and the register."""

from datetime import date

from handlers import forms
from handlers.actions import Action, Done, NothingDone, Replaced, Result, Subject, button, register
from handlers.cases.labels import category, due, number, place, received, state
from handlers.commands import command
from handlers.context import HandlerContext
from handlers.forms import Form, FormContext, FormInput, FormOutcome, Step, written
from handlers.notices import StaffReader, renders_for_staff
from handlers.press import Press
from handlers.registers import page_turner
from models.complaints import Case
from models.instruction import DAYS, Instruction, Order
from models.staff import Role
from models.states import Impossible, NotEntitled
from services.access.member import Member
from services.cases.assign import NobodyMaySee
from services.cases.facts import facts_of
from services.cases.instruct import (
    case_to_escalate,
    escalate,
    instruct,
    instructed_cases,
    is_instruction_late,
    shown_instruction,
    summary_of,
)
from services.cases.notices import InstructionAsked, InstructionGiven, InstructionLate
from services.cases.quoting import QuotesReporter, refuse_quotes
from services.directory import Directory
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html, Words
from texts.dates import day
from texts.message import Button, Message, Rows

AREA = "instruction"
_LONGEST_WORDS = 500  # characters


# ---- the leader asks for it


async def _may_escalate(form: FormContext) -> Case:
    return await case_to_escalate(form.context.work, form.who, form.subject_id)


async def _ask_for_words(form: FormContext) -> Message:
    text = form.words("instruction.prompt", number=number(await _may_escalate(form)), most=_LONGEST_WORDS)
    return Message(text, ((form.cancel,),))


async def _read_words(form: FormContext, entered: FormInput) -> str:
    text = written(form, entered, _LONGEST_WORDS, "team.text_please")
    await refuse_quotes(form.context.work, await _may_escalate(form), text)
    return text


async def _show(form: FormContext) -> Message:
    quoted = form.words("team.quote", text=form.answers["words"])
    heading = form.words("instruction.look_at", number=number(await _may_escalate(form)))
    return Message(Html(f"{heading}\n{quoted}"), protect=True)


async def _escalate(form: FormContext) -> FormOutcome:
    await escalate(form.context.work, form.who, form.subject_id, form.answers["words"])
    return FormOutcome(form.words("instruction.asked"), card=True)


ESCALATE_CASE = Form(
    "escalate_case",
    (Step("words", _ask_for_words, _read_words),),
    check=_may_escalate,
    preview=_show,
    send_label="instruction.send",
    send=_escalate,
    refusals={NobodyMaySee: "instruction.nobody", QuotesReporter: "transfer.quotes_reporter"},
    revise=lambda _form, _entered: "words",
    rewritten="team.answer_rewritten",
    too_late="team.too_late",
    area="case",
    card_when_cancelled=True,
)
forms.register(ESCALATE_CASE)


# ---- the head gives it


@renders_for_staff(InstructionAsked)
async def instruction_asked(work: UnitOfWork, reader: StaffReader, notice: InstructionAsked) -> Message | None:
    """Put a case before the head of the leading group; nothing once it has gone where they may not see it."""
    case = await work.session.get(Case, notice.case_id)
    return None if case is None else await _before_head(work, reader.words, reader.who, case)


async def _before_head(work: UnitOfWork, words: Words, who: Member, case: Case) -> Message:
    """Return what the head of the leading group sees of a case, and the buttons that instruct. Raises NotEntitled."""
    instruction = shown_instruction(who, case)
    facts, known = await facts_of(work, case), await work.directory()
    by_when = due(words, facts)
    lines = [
        words("instruction.heading", name=known.names[instruction.asked_by]),
        Html(f"{number(case)} · {state(words, case)}"),
        Html(f"📍 {place(words, facts)}"),
        Html(f"🏷 {category(words, facts.category)} · {received(words, facts)}"),
        *([by_when] if by_when else []),
        words("team.quote", text=summary_of(work, case, instruction)),
    ]
    if not instruction.waits:
        lines.append(instruction_line(words, known, instruction, work.today))
    buttons: Rows = ()
    if instruction.waits and case.is_open:
        buttons = tuple((_order_button(words, case.id, order),) for order in Order)
    return Message(Html("\n".join(lines)), buttons, protect=True)


def _order_button(words: Words, case_id: str, order: Order) -> Button:
    label = words.plain("instruction.button", order=words(f"instruction.order_{order}"), days=DAYS[order])
    return Button(label, Press(AREA, "give", case_id, order).pack())


def instruction_line(words: Words, known: Directory, instruction: Instruction, today: date) -> Html:
    """Return what was instructed, by whom, and until when; or that it is asked for."""
    if instruction.order is None or instruction.given_by is None or instruction.given_on is None:
        return words("instruction.waits")
    return words(
        "instruction.late" if is_instruction_late(instruction, today) else "instruction.line",
        name=known.names[instruction.given_by],
        given=day(words, date.fromisoformat(instruction.given_on), today),
        order=words(f"instruction.order_{instruction.order}"),
        day=day(words, instruction.due_on(), today),
    )


async def _give(context: HandlerContext, who: Member, press: Press) -> Result:
    """Instruct by one press."""
    if press.arg not in list(Order):
        return NothingDone(context.words("team.press_unknown"))
    case = await instruct(context.work, who, press.subject, Order(press.arg))
    return Replaced(await _before_head(context.work, context.words, who, case), context.words("instruction.given"))


async def _show_asked(context: HandlerContext, who: Member, press: Press) -> Result:
    """Show a case again that was put before the head."""
    case = await context.work.session.get(Case, press.subject)
    if case is None:
        raise NotEntitled
    await context.say(await _before_head(context.work, context.words, who, case))
    return Done(renew=False)


@renders_for_staff(InstructionGiven)
async def instruction_given(work: UnitOfWork, reader: StaffReader, notice: InstructionGiven) -> Message | None:
    """Tell what was instructed, to whoever may know of the case."""
    case = await work.session.get(Case, notice.case_id)
    instruction = Instruction.read(case.instruction) if case is not None else None
    if case is None or instruction is None or instruction.waits or not reader.who.knows_of(case):
        return None
    line = instruction_line(reader.words, await work.directory(), instruction, work.today)
    text = reader.words("instruction.was_given", number=number(case), instruction=line)
    return Message(text, ((Button(case.id, Press("queue", "case", case.id).pack()),),))


@renders_for_staff(InstructionLate)
async def instruction_late(work: UnitOfWork, reader: StaffReader, notice: InstructionLate) -> Message | None:
    """Tell the head who instructed that the day is over; nothing once the case is, or where they may not see it."""
    case = await work.session.get(Case, notice.case_id)
    if case is None or not case.is_open:
        return None
    line = instruction_line(reader.words, await work.directory(), shown_instruction(reader.who, case), work.today)
    text = reader.words("instruction.was_late", number=number(case), instruction=line)
    return Message(text, ((Button(case.id, Press(AREA, "show", case.id).pack()),),))


# ---- the register


@command("instructions")
async def show_instructions(context: HandlerContext, who: Member) -> None:
    """Bring the register of instructions: those of cases that somebody may know of."""
    await context.say(await _open_ones(context, who))


async def _open_ones(context: HandlerContext, who: Member, after: str | None = None) -> Message:
    return await _register(context, who, after, ended=False)


async def _ended_ones(context: HandlerContext, who: Member, after: str | None = None) -> Message:
    return await _register(context, who, after, ended=True)


async def _register(context: HandlerContext, who: Member, after: str | None, *, ended: bool) -> Message:
    """Return a page of the register: of what is open, or of what has ended, with the way to the other."""
    words, known = context.words, await context.work.directory()
    page = await instructed_cases(context.work, who, after, ended=ended)
    here, there = ("done", "list") if ended else ("list", "done")
    other = button(words, f"instruction.button_{there}", Press(AREA, there).pack())
    if not page.rows:
        return Message(words("instruction.none_done" if ended else "instruction.none"), ((other,),))
    lines, rows = [words("instruction.register_done" if ended else "instruction.register")], list[tuple[Button, ...]]()
    for case in page.rows:
        instruction = Instruction.read(case.instruction)
        if instruction is None:
            continue
        line = instruction_line(words, known, instruction, context.work.today)
        lines.append(Html(f"{number(case)} · {state(words, case)}\n{line}"))
        own = who.knows_of(case)
        if own or who.has(Role.LEADING_GROUP_HEAD):
            press = Press("queue", "case", case.id) if own else Press(AREA, "show", case.id)
            rows.append((Button(case.id, press.pack()),))
    if page.more_after is not None:
        rows.append((button(words, "item.button_more", Press(AREA, here, page.more_after).pack()),))
    return Message(Html("\n\n".join(lines)), (*rows, (other,)), protect=True)


async def _refused(context: HandlerContext, _who: Member, _press: Press, refusal: Exception) -> None:
    context.alert("instruction.too_late" if isinstance(refusal, Impossible) else "team.not_with_you")


SUBJECT = register(
    Subject(
        AREA,
        (
            Action("give", _give),
            Action("show", _show_asked),
            page_turner(_open_ones),
            page_turner(_ended_ones, "done"),
        ),
        _refused,
    )
)
