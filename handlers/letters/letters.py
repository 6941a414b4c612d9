"""/letters: the register of suggestion letters (巡察建议书), the card of each, what is answered, and the file."""

import asyncio
from collections.abc import Awaitable, Callable
from html import escape

from handlers import forms
from handlers.actions import (
    Action,
    Done,
    NothingDone,
    Result,
    action_button,
    immediately,
)
from handlers.commands import command
from handlers.context import HandlerContext
from handlers.forms import Form, FormContext, FormOutcome, Step, with_form
from handlers.letters.labels import LETTERS, number
from handlers.notices import StaffReader, renders_for_staff
from handlers.press import Press
from handlers.registers import page_turner, register_page, register_records
from handlers.steps import words_of_at_most
from models.letters import Letter
from models.states import LETTER, Actor, LetterState
from services.access.member import Member
from services.cases.transfers import NobodyThere
from services.letters.effect import Outcome, effect_of
from services.letters.letters import (
    LONGEST_REPLY,
    actors_at,
    approve,
    discard,
    letter_seen,
    letters_of,
    may,
    note_taken,
    reads_register,
    reply,
    sign,
    tell_reform,
)
from services.letters.notices import LetterFile, LetterLate, LetterMoved, LetterNotice, LetterSent, LetterToApprove
from services.outbox import OutgoingMessage, Priority
from services.unit_of_work import UnitOfWork
from services.word import Paragraph, Style, as_word
from texts.catalogue import Html, Words
from texts.dates import day, day_with_year
from texts.message import Message, Upload, UploadKind

KEPT_HOURS = 24
_SEE_EFFECT = frozenset({Actor.OFFICE_STAFF, Actor.OFFICE_DIRECTOR, Actor.LEADING_GROUP})
_WAIT_FOR_REPLY = (LetterState.SENT, LetterState.SIGNED)


# ---- what a department answers


def _answering(name: str, step: str, answer: Callable[[UnitOfWork, Member, str, str], Awaitable[Letter]]) -> Form:
    """Return the form of an answer. `step`: what sending it does to the letter."""

    async def may_answer(form: FormContext) -> Letter:
        return await may(form.context.work, form.who, form.subject_id, step)

    async def ask(form: FormContext) -> Message:
        shown = number(form.words, await may_answer(form))
        return Message(form.words(f"letter.{name}_prompt", number=shown, most=LONGEST_REPLY), ((form.cancel,),))

    async def send(form: FormContext) -> FormOutcome:
        await answer(form.context.work, form.who, form.subject_id, form.answers["text"])
        return FormOutcome(form.words("letter.done_answer"), card=True)

    return Form(
        name,
        (Step("text", ask, words_of_at_most(LONGEST_REPLY)),),
        check=may_answer,
        send=send,
        too_late="letter.too_late",
        area=LETTERS,
        card_when_cancelled=True,
    )


REPLY = _answering("reply_letter", "reply", reply)
REFORM = _answering("reform_letter", "tell_reform", tell_reform)
forms.register(REPLY, REFORM)


# ---- presses


async def _approve(context: HandlerContext, who: Member, press: Press) -> Result:
    try:
        await approve(context.work, who, press.subject)
    except NobodyThere:
        return NothingDone(context.words("transfer.nobody_there"))
    return Done(context.words("letter.done_approve"))


async def _take(context: HandlerContext, who: Member, press: Press) -> Result:
    """Bring a letter as a file to somebody's own chat; a page sends it to the browser by itself."""
    await note_taken(context.work, who, press.subject)
    outgoing = OutgoingMessage(LetterFile(press.subject), delete_after_hours=KEPT_HOURS)
    await context.work.outbox.to_staff(who.id, outgoing, priority=Priority.ANSWER)
    return Done(context.words("letter.file_comes"), renew=False)


ACTIONS = (
    Action("approve", _approve, label="letter.action_approve", transition="approve"),
    Action("discard", immediately(discard, "letter.done_discard"), label="letter.action_discard", transition="discard"),
    Action("sign", immediately(sign, "letter.done_sign"), label="letter.action_sign", transition="sign"),
    Action("reply", with_form(REPLY), label="letter.action_reply", transition="reply"),
    Action("tell_reform", with_form(REFORM), label="letter.action_tell_reform", transition="tell_reform"),
    Action("file", _take, label="letter.action_file"),
)


# ---- the register and the card


@command("letters")
async def show_letters(context: HandlerContext, who: Member) -> None:
    """Bring the register of letters, as far as they are somebody's to read."""
    await context.say(await _page(context, who) or Message(context.words("letter.not_yours")))


async def _page(context: HandlerContext, who: Member, after: str | None = None) -> Message | None:
    if not reads_register(who):
        return None
    words, known, today = context.words, await context.work.directory(), context.work.today
    found, more_after = await letters_of(context.work, who, after)
    lines = [
        (
            words(
                "letter.line_late" if _is_late(one, context.work) else "letter.line",
                number=number(words, one),
                department=known.departments[one.department_id].name,
                category=known.category(one.category).name_in(words.language),
                state=words.plain(f"letter.state_{one.state}"),
                day=day(words, one.due_on, today) if one.due_on else words.plain("letter.no_day"),
            ),
            one.id,
        )
        for one in found
    ]
    heading = words("letter.register" if lines else "letter.register_empty")
    return register_page(words, LETTERS, heading, lines, more_after)


def _is_late(letter: Letter, work: UnitOfWork) -> bool:
    return letter.state in _WAIT_FOR_REPLY and letter.due_on is not None and letter.due_on < work.today


async def letter_card(work: UnitOfWork, words: Words, who: Member, letter_id: str) -> Message:
    """Return a letter as somebody may read it now, with what can be done about it. Raises NotEntitled."""
    letter, known = await letter_seen(work, who, letter_id), await work.directory()
    actors = await actors_at(work, who, letter)
    lines = [
        words("letter.title", number=number(words, letter)),
        words(
            "letter.line_about",
            department=known.departments[letter.department_id].name,
            category=known.category(letter.category).name_in(words.language),
        ),
        words("letter.line_evidence", items=letter.evidence_count, units=letter.unit_count),
        words("letter.line_state", state=words.plain(f"letter.state_{letter.state}")),
    ]
    if letter.due_on is not None:
        lines.append(words("letter.line_due", day=day(words, letter.due_on, work.today)))
    lines.append(words("team.quote", text=letter.text))
    for heading, text in (("letter.line_reply", letter.reply), ("letter.line_reform", letter.reform)):
        lines += [words(heading), words("team.quote", text=text)] if text else []
    if actors & _SEE_EFFECT:
        lines += await _effect_line(work, words, letter)
    possible = [*LETTER.actions(letter.state, actors), "file"]
    offered = [one for one in ACTIONS if one.label and (one.transition or one.name) in possible]
    rows = tuple((action_button(words, LETTERS, one, letter.id),) for one in offered)
    return Message(Html("\n".join(lines)), rows, protect=True)


async def _effect_line(work: UnitOfWork, words: Words, letter: Letter) -> list[Html]:
    effect = await effect_of(work, letter)
    if effect is None:
        return []
    if effect.outcome in (Outcome.FALLS, Outcome.DOES_NOT_FALL):
        return [words(f"letter.effect_{effect.outcome}", before=effect.before, after=effect.after)]
    return [words(f"letter.effect_{effect.outcome}")]


SUBJECT = register_records(
    LETTERS, ACTIONS, letter_card, page_turner(_page), too_late="letter.too_late", not_yours="letter.not_yours"
)


# ---- the file


async def as_file(work: UnitOfWork, words: Words, who: Member, letter_id: str) -> tuple[str, bytes]:
    """Return what a letter is called, and the letter for Word. Raises NotEntitled."""
    letter, known = await letter_seen(work, who, letter_id), await work.directory()
    title = words.plain("letter.printed_title")
    category = known.category(letter.category).name_in(words.language)
    paragraphs: list[Paragraph] = [
        (Style.TITLE, title),
        (Style.NUMBER, words.plain("letter.printed_number", number=number(words, letter))),
        (Style.TO, words.plain("letter.printed_to", department=known.departments[letter.department_id].name)),
        (
            Style.TEXT,
            words.plain(
                "letter.printed_evidence",
                round=known.rounds[letter.round_id].name,
                category=category,
                items=letter.evidence_count,
                units=letter.unit_count,
            ),
        ),
        (Style.TEXT, letter.text),
    ]
    if letter.due_on is not None:
        paragraphs.append((Style.TEXT, words.plain("letter.printed_due", day=day_with_year(words, letter.due_on))))
    paragraphs.append((Style.SIGNED, words.plain("letter.printed_office")))
    paragraphs.append((Style.SIGNED, day_with_year(words, letter.sent_on or letter.written_on)))
    return f"{title}{number(words, letter)}", await asyncio.to_thread(as_word, paragraphs)


@renders_for_staff(LetterFile)
async def letter_file(work: UnitOfWork, reader: StaffReader, notice: LetterFile) -> Message | None:
    """Return a letter as a file, as its reader may read it now."""
    name, document = await as_file(work, reader.words, reader.who, notice.letter_id)
    otherwise = reader.words("letter.file_not_shown")
    upload = Upload(UploadKind.DOCUMENT, document, "docx", otherwise)
    return Message(Html(f"📑 {escape(name, quote=False)}"), protect=True, upload=upload)


# ---- what is told


@renders_for_staff(LetterToApprove)
async def letter_to_approve(work: UnitOfWork, reader: StaffReader, notice: LetterToApprove) -> Message | None:
    """Ask the director to approve a letter; nothing once that is decided."""
    letter = await letter_seen(work, reader.who, notice.letter_id)
    return await _told(work, reader, notice) if letter.state is LetterState.DRAFT else None


@renders_for_staff(LetterSent)
async def letter_sent(work: UnitOfWork, reader: StaffReader, notice: LetterSent) -> Message | None:
    return await _told(work, reader, notice)


@renders_for_staff(LetterMoved)
async def letter_moved(work: UnitOfWork, reader: StaffReader, notice: LetterMoved) -> Message | None:
    return await _told(work, reader, notice)


@renders_for_staff(LetterLate)
async def letter_late(work: UnitOfWork, reader: StaffReader, notice: LetterLate) -> Message | None:
    """Tell that the day for the reply has passed; nothing once there is one."""
    letter = await letter_seen(work, reader.who, notice.letter_id)
    return await _told(work, reader, notice) if letter.state in _WAIT_FOR_REPLY else None


async def _told(work: UnitOfWork, reader: StaffReader, notice: LetterNotice) -> Message:
    shown = await letter_card(work, reader.words, reader.who, notice.letter_id)
    return shown.below(reader.words(f"letter.told_{notice.kind}"))
