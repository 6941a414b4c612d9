"""/patterns: what several items have in common, for the office to confirm, and the letter that is written on it."""

from handlers import forms
from handlers.actions import (
    Action,
    action_button,
    immediately,
)
from handlers.choice_pages import choice_page, start_of_page
from handlers.commands import command
from handlers.context import HandlerContext
from handlers.forms import Form, FormContext, FormInput, FormOutcome, FormRefused, Rejected, Step, with_form, written
from handlers.items.labels import one_line, unit_name
from handlers.letters.labels import PATTERNS, pattern_name
from handlers.notices import StaffReader, renders_for_staff
from handlers.press import Press, short_digest
from handlers.registers import page_turner, register_page, register_records
from models.letters import Pattern, PatternKind
from models.staff import LEADING_GROUP_ROLES
from models.states import PATTERN, PatternState
from services.access.member import Member
from services.cases.dialogue import ContainsContact
from services.cases.quoting import QuotesReporter
from services.cases.transfers import NobodyThere
from services.letters.letters import (
    LONGEST_TEXT,
    contacts_of,
    pattern_to_write_on,
    words_for_department,
    write_letter,
)
from services.rectification.notices import PatternConfirmed, PatternNotice, PatternProposed
from services.rectification.patterns import actors_at, confirm, decline, pattern_seen, patterns_of
from services.rectification.requests import departments_to_ask
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html, Words
from texts.dates import day
from texts.message import Button, Message, in_rows

_DIGITS = 8


# ---- a letter is written


async def _may_write(form: FormContext) -> Pattern:
    return await pattern_to_write_on(form.context.work, form.who, form.subject_id)


async def _departments(form: FormContext, start: int) -> Message:
    category = (await _may_write(form)).subject_id
    own = form.words.plain("transfer.own_field")
    choices = [
        (f"{own} {one.name}" if category in one.fields else one.name, short_digest(one.id, _DIGITS))
        for one in await departments_to_ask(form.context.work, category)
    ]
    return Message(form.words("letter.which_department"), choice_page(form, choices, start))


async def _ask_for_department(form: FormContext) -> Message:
    return await _departments(form, 0)


async def _choose_department(form: FormContext, value: str) -> str | Message:
    if (start := start_of_page(value)) is not None:
        return await _departments(form, start)
    pattern = await _may_write(form)
    for one in await departments_to_ask(form.context.work, pattern.subject_id):
        if short_digest(one.id, _DIGITS) == value:
            if not await contacts_of(form.context.work, one.id, pattern.round_id, pattern.subject_id):
                raise Rejected(form.words("transfer.nobody_there"))  # before something is written for them
            return one.id
    raise Rejected(form.words("team.press_unknown"))


async def _ask_for_text(form: FormContext) -> Message:
    seen = await pattern_seen(form.context.work, form.who, form.subject_id)
    name = (await form.context.work.directory()).departments[form.answers["department"]].name
    text = form.words("letter.prompt", department=name, units=seen.units, items=seen.items, most=LONGEST_TEXT)
    return Message(text, ((form.cancel,),))


async def _read_text(form: FormContext, entered: FormInput) -> str:
    text = written(form, entered, LONGEST_TEXT, "team.text_please")
    return await words_for_department(form.context.work, form.who, await _may_write(form), text)


async def _show(form: FormContext) -> Message:
    name = (await form.context.work.directory()).departments[form.answers["department"]].name
    return Message(form.words("letter.preview", department=name, text=form.answers["text"]))


async def _send(form: FormContext) -> FormOutcome:
    answers = form.answers
    try:
        await write_letter(form.context.work, form.who, form.subject_id, answers["department"], answers["text"])
    except NobodyThere:
        raise FormRefused(form.words("transfer.nobody_there")) from None
    return FormOutcome(form.words("letter.done_write"))


WRITE = Form(
    "write_letter",
    (Step("department", _ask_for_department, choose=_choose_department), Step("text", _ask_for_text, _read_text)),
    check=_may_write,
    preview=_show,
    send_label="letter.send",
    send=_send,
    revise=lambda _form, _entered: "text",
    rewritten="team.answer_rewritten",
    refusals={ContainsContact: "transfer.contains_contact", QuotesReporter: "transfer.quotes_reporter"},
    too_late="letter.too_late",
    area=PATTERNS,
    card_when_cancelled=True,
)
forms.register(WRITE)


# ---- the register and the card


@command("patterns")
async def show_patterns(context: HandlerContext, who: Member) -> None:
    """List what several items have in common, as far as somebody may know of it."""
    await context.say(await _page(context, who) or Message(context.words("letter.not_yours")))


async def _page(context: HandlerContext, who: Member, after: str | None = None) -> Message | None:
    if not (who.is_office or who.has(*LEADING_GROUP_ROLES)):
        return None
    words, known, today = context.words, await context.work.directory(), context.work.today
    found, more_after = await patterns_of(context.work, who, after)
    lines = [
        (
            words(
                f"letter.pattern_line_{one.state}",
                name=pattern_name(words, known, one),
                day=day(words, one.proposed_on, today),
            ),
            one.id,
        )
        for one in found
    ]
    heading = words("letter.patterns" if lines else "letter.patterns_empty")
    return register_page(words, PATTERNS, heading, lines, more_after)


ACTIONS = (
    Action("confirm", immediately(confirm, "letter.done_confirm"), label="letter.action_confirm", transition="confirm"),
    Action("decline", immediately(decline, "letter.done_decline"), label="letter.action_decline", transition="decline"),
    Action("write", with_form(WRITE), label="letter.action_write"),
)


async def pattern_card(work: UnitOfWork, words: Words, who: Member, pattern_id: str) -> Message:
    """Return a pattern as somebody may see it now. Raises NotEntitled."""
    seen, known = await pattern_seen(work, who, pattern_id), await work.directory()
    pattern = seen.pattern
    lines = [
        pattern_name(words, known, pattern),
        words("letter.pattern_now", items=seen.items, units=seen.units),
        words(f"letter.pattern_state_{pattern.state}"),
    ]
    for item in seen.some:
        unit = await unit_name(work, item)
        lines.append(words("letter.pattern_item", number=item.id, unit=unit, problem=one_line(item.problem)))
    if seen.items > len(seen.some):
        lines.append(words("letter.pattern_more", count=seen.items - len(seen.some)))
    possible = PATTERN.actions(pattern.state, actors_at(who, pattern))
    can_write = who.is_office and pattern.kind is PatternKind.COMMON and pattern.state is PatternState.CONFIRMED
    possible += ["write"] if can_write else []
    offered = [one for one in ACTIONS if one.label and (one.transition or one.name) in possible]
    items = [Button(item.id, Press("item", "open", item.id).pack()) for item in seen.some]
    buttons = [action_button(words, PATTERNS, one, pattern.id) for one in offered]
    return Message(Html("\n".join(lines)), (*in_rows(items, 4), *in_rows(buttons, 2)))


SUBJECT = register_records(
    PATTERNS, ACTIONS, pattern_card, page_turner(_page), too_late="letter.too_late", not_yours="letter.not_yours"
)


@renders_for_staff(PatternProposed)
async def pattern_proposed(work: UnitOfWork, reader: StaffReader, notice: PatternProposed) -> Message | None:
    """Ask the office whether it is one; nothing once that is decided."""
    seen = await pattern_seen(work, reader.who, notice.pattern_id)
    return await _told(work, reader, notice) if seen.pattern.state is PatternState.PROPOSED else None


@renders_for_staff(PatternConfirmed)
async def pattern_confirmed(work: UnitOfWork, reader: StaffReader, notice: PatternConfirmed) -> Message | None:
    return await _told(work, reader, notice)


async def _told(work: UnitOfWork, reader: StaffReader, notice: PatternNotice) -> Message:
    shown = await pattern_card(work, reader.words, reader.who, notice.pattern_id)
    return shown.below(reader.words(f"letter.told_{notice.kind}"))
