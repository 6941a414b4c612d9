"""The forms of polls: at which unit one is opened, and how many slips are printed."""

from datetime import date

from handlers import forms
from handlers.actions import SUBJECTS
from handlers.forms import Form, FormContext, FormInput, FormOutcome, FormRefused, Rejected, Step
from handlers.named_step import unit_step
from handlers.polls.card import AREA
from handlers.steps import day_within_step
from models.polls import Poll
from models.states import NotEntitled
from qr.link import POLL_PATH
from services.directory import UnitRecord
from services.outbox import OutgoingMessage, Priority
from services.polls.entitled import units_to_poll
from services.polls.notices import PollSlips
from services.polls.polls import MOST_CODES, MOST_DAYS, DayUnfit, TooManyCodes, open_poll, poll_to_hold, print_codes
from services.polls.questions import NEWEST, QUESTIONS, Choice
from texts.catalogue import Html
from texts.dates import day
from texts.message import Message

KEPT_HOURS = 24  # that slips lie in a chat

# ---- opening one


async def _may_open(form: FormContext) -> None:
    if form.context.work.public_url is None:
        raise FormRefused(form.words("poll.needs_pages"))
    if not units_to_poll(await form.context.work.directory(), form.who):
        raise NotEntitled


async def _units_named(form: FormContext, named: str) -> list[UnitRecord]:
    known = await form.context.work.directory()
    units = [known.units[unit_id] for unit_id in units_to_poll(known, form.who)]
    return sorted((unit for unit in units if named in unit.name), key=lambda unit: unit.name)


async def _which_unit(form: FormContext) -> Html:
    return form.words("poll.which_unit")


async def _show_questions(form: FormContext) -> Message:
    known, words = await form.context.work.directory(), form.words
    lines = [words("poll.look_first", unit=known.units[form.answers["unit"]].name)]
    if (until := _last_day(form)) is not None:
        lines.append(words("poll.ends_on", day=day(words, until, form.context.work.today)))
    lines += [words("poll.aspect_asked", aspect=words(f"poll.aspect_{aspect}")) for aspect in QUESTIONS[NEWEST]]
    choices = Html(words("poll.choice_comma").join(words(f"poll.choice_{choice}") for choice in Choice))
    return Message(Html("\n".join([*lines, words("poll.choices_asked", choices=choices)])))


async def _until_when(form: FormContext) -> Html:
    return form.words("poll.until_when")


def _last_day(form: FormContext) -> date | None:
    return date.fromisoformat(form.answers["until"]) if form.answers["until"] else None


async def _open(form: FormContext) -> FormOutcome:
    try:
        poll = await open_poll(form.context.work, form.who, form.answers["unit"], _last_day(form))
    except DayUnfit:  # it has passed since
        raise FormRefused(form.words("poll.day_please", most=MOST_DAYS)) from None
    show = SUBJECTS[AREA].card
    card = await show(form.context, form.who, poll.id) if show else None
    if card is not None:
        await form.context.show_card(AREA, poll.id, card)
    return FormOutcome()


OPEN_POLL = Form(
    "open_poll",
    (
        unit_step(_units_named, _which_unit, "office.unit_not_found"),
        day_within_step("until", _until_when, MOST_DAYS, "poll.day_please", none="poll.button_no_end"),
    ),
    check=_may_open,
    preview=_show_questions,
    send_label="poll.button_open",
    send=_open,
    too_late="poll.not_yours",
)


# ---- printing slips


async def _may_print(form: FormContext) -> Poll:
    if form.context.work.outbox.is_gathering:  # there the poll's own page prints them
        raise FormRefused(form.words("poll.print_on_page"))
    return await poll_to_hold(form.context.work, form.who, form.subject_id)


async def _ask_how_many(form: FormContext) -> Message:
    poll = await _may_print(form)
    return Message(form.words("poll.how_many", most=MOST_CODES - poll.printed), ((form.cancel,),))


async def _read_how_many(form: FormContext, entered: FormInput) -> int:
    poll = await _may_print(form)
    count, most = read_count(entered.text), MOST_CODES - poll.printed
    if count is None or count > most:
        raise Rejected(form.words("poll.how_many_please", most=most))
    return count


def read_count(typed: str) -> int | None:
    """Return how many slips somebody wants; None when they say no number."""
    typed = typed.strip()
    return int(typed) if typed.isdecimal() and len(typed) <= 4 and int(typed) else None


async def _print(form: FormContext) -> FormOutcome:
    work, words = form.context.work, form.words
    try:
        codes = await print_codes(work, form.who, form.subject_id, form.answers["count"])
    except TooManyCodes as refused:
        raise FormRefused(words("poll.how_many_please", most=refused.left)) from None
    slips = PollSlips(form.subject_id, tuple(codes), (work.public_url or "") + POLL_PATH)
    outgoing = OutgoingMessage(slips, delete_after_hours=KEPT_HOURS)
    await work.outbox.to_staff(form.who.id, outgoing, priority=Priority.ANSWER)
    return FormOutcome(words("poll.slips_come"))


PRINT_SLIPS = Form(
    "print_slips",
    (Step("count", _ask_how_many, _read_how_many),),
    check=_may_print,
    send=_print,
    too_late="poll.too_late",
    area=AREA,
)

forms.register(OPEN_POLL, PRINT_SLIPS)
