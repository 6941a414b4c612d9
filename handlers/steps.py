"""Steps that many forms ask for: words, one of some options, a day that is not far; and a form that asks for words."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import date, timedelta
from enum import StrEnum

from handlers.forms import Ask, Choose, Form, FormContext, FormInput, FormOutcome, Read, Rejected, Step, written
from models.working_days import WorkingCalendar
from services.access.member import Member
from services.rectification.due_dates import Unclear, read_due, read_past_day
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html
from texts.dates import day
from texts.message import Button, Message

_TERM_DAYS = (3, 7, 15)  # that have a button
_DAYS_BACK = 3  # that have a button
_NO_DAY = "none"


def text_step(name: str, prompt: str, most: int, *, skip: Callable[[FormContext], bool] = lambda _form: False) -> Step:
    """Return a step that is answered in words, of at most so many characters. `prompt`: the key of a sentence."""

    async def ask(form: FormContext) -> Message:
        return Message(form.words(prompt, most=most), ((form.cancel,),))

    return Step(name, ask, words_of_at_most(most), skip=skip)


def words_form(
    name: str,
    text: Step,
    *,
    area: str,
    may: Callable[[UnitOfWork, Member, str], Awaitable[object]],
    do: Callable[[UnitOfWork, Member, str, str], Awaitable[object]],
    done: str,
    too_late: str,
    refusals: Mapping[type[Exception], str] | None = None,
    preview: Ask | None = None,
    send_label: str = "",
) -> Form:
    """Return a form about a record that asks for words, does something with them, and shows the card of the record.

    `may` raises as a form's check does, and `do` gets the words. `done` is the key of a sentence.
    """

    async def send(form: FormContext) -> FormOutcome:
        await do(form.context.work, form.who, form.subject_id, form.answers[text.name])
        return FormOutcome(form.words(done), card=True)

    return Form(
        name,
        (text,),
        check=lambda form: may(form.context.work, form.who, form.subject_id),
        preview=preview,
        send_label=send_label,
        send=send,
        refusals=refusals or {},
        revise=lambda _form, _entered: text.name,
        too_late=too_late,
        area=area,
        card_when_cancelled=True,
    )


def words_of_at_most(most: int) -> Read:
    """Return what reads the words that are the answer to a step."""

    async def read(form: FormContext, entered: FormInput) -> str:
        return written(form, entered, most, "team.text_please")

    return read


def reason_of(least: int, most: int) -> Read:
    """Return what reads a reason that a case keeps, of so many characters."""

    async def read(form: FormContext, entered: FormInput) -> str:
        if not least <= len(entered.text) <= most:
            raise Rejected(form.words("team.unmask_reason_please", least=least, most=most))
        return entered.text

    return read


def option_step(name: str, options: type[StrEnum], label: str, prompt: str) -> Step:
    """Return a step whose answer is one of some options, each with a button.

    `prompt`: the key of a sentence; `label`: what the key of each button's begins with.
    """

    async def ask(form: FormContext) -> Message:
        rows = tuple((form.choice(form.words.plain(f"{label}_{one}"), one),) for one in options)
        return Message(form.words(prompt), (*rows, (form.cancel,)))

    return Step(name, ask, choose=one_of(options))


def one_of(options: type[StrEnum]) -> Choose:
    """Return what takes the button of one of some options as the answer to a step."""

    async def choose(form: FormContext, value: str) -> str:
        if value not in set(options):
            raise Rejected(form.words("team.press_unknown"))
        return value

    return choose


def day_within_step(
    name: str, prompt: Callable[[FormContext], Awaitable[Html]], most_days: int, please: str, *, none: str | None = None
) -> Step:
    """Return a step whose answer is a day from today on, within so many days, in ISO.

    `please` and `none` are keys of sentences: which day may be given, and the button for no day, which answers "".
    """

    async def ask(form: FormContext) -> Message:
        no_day = ((form.choice(form.words.plain(none), _NO_DAY),),) if none else ()
        return Message(await prompt(form), (term_buttons(form), *no_day, (form.cancel,)))

    async def read(form: FormContext, entered: FormInput) -> str:
        work = form.context.work
        found = await coming_day(form, entered.text)
        if isinstance(found, Unclear) or not work.today <= found <= work.today + timedelta(days=most_days):
            raise Rejected(form.words(please, most=most_days))
        return found.isoformat()

    async def choose(form: FormContext, value: str) -> str:
        return "" if none and value == _NO_DAY else await read(form, FormInput(pressed_day(value)))

    return Step(name, ask, read, choose)


def recent_day_step(name: str, prompt: str, please: str, *, may_come: bool = False) -> Step:
    """Return a step whose answer is the day of what has happened, or with `may_come` of what may be to come, in ISO.

    `prompt` and `please` are keys of sentences: the question, and which day may be given.
    """

    async def ask(form: FormContext) -> Message:
        today = form.context.work.today
        days = [today - timedelta(days=back) for back in range(_DAYS_BACK)]
        buttons = tuple(form.choice(day(form.words, one, today), f"{one:%Y%m%d}") for one in days)
        return Message(form.words(prompt), (buttons, (form.cancel,)))

    async def read(form: FormContext, entered: FormInput) -> str:
        work = form.context.work
        reading = read_due if may_come else read_past_day
        found = reading(entered.text, work.today, WorkingCalendar.of(await work.settings(), work.zone))
        if isinstance(found, Unclear) or (found > work.today and not may_come):
            raise Rejected(form.words(please))
        return found.isoformat()

    async def choose(form: FormContext, value: str) -> str:
        return await read(form, FormInput(pressed_day(value)))

    return Step(name, ask, read, choose)


async def coming_day(form: FormContext, text: str) -> date | Unclear:
    """Return the day that was written, as somebody writes one that is to come; Unclear where it is none."""
    work = form.context.work
    return read_due(text, work.today, WorkingCalendar.of(await work.settings(), work.zone))


def term_buttons(form: FormContext) -> tuple[Button, ...]:
    """Return the buttons for some days that are not far, with their value as `pressed_day` reads it."""
    today = form.context.work.today
    days = [today + timedelta(days=term) for term in _TERM_DAYS]
    return tuple(form.choice(day(form.words, one, today), f"{one:%Y%m%d}") for one in days)


def pressed_day(value: str) -> str:
    """Return the day of a pressed button, written YYYYMMDD, as somebody might have typed it."""
    return f"{value[:4]}-{value[4:6]}-{value[6:]}"
