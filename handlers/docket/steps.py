"""Steps that several forms ask for: a person of some, and a day."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date

from handlers.choice_pages import choice_page, start_of_page
from handlers.forms import FormContext, Rejected, Step
from handlers.items.days import choose_day, read_day
from handlers.press import short_digest
from handlers.steps import term_buttons
from services.directory import Person
from texts.message import Message

NO_DAY = "none"


def person_step(name: str, people: Callable[[FormContext], Awaitable[Sequence[Person]]], prompt: str) -> Step:
    """Return a step whose answer is the id of one of some people. `prompt`: the key of a sentence."""

    async def menu(form: FormContext, start: int) -> Message:
        choices = [(one.name, short_digest(one.id, 12)) for one in await people(form)]
        return Message(form.words(prompt if choices else "docket.nobody_to_choose"), choice_page(form, choices, start))

    async def ask(form: FormContext) -> Message:
        return await menu(form, 0)

    async def choose(form: FormContext, value: str) -> str | Message:
        if (start := start_of_page(value)) is not None:
            return await menu(form, start)
        found = next((one for one in await people(form) if short_digest(one.id, 12) == value), None)
        if found is None:
            raise Rejected(form.words("team.press_unknown"))
        return found.id

    return Step(name, ask, choose=choose)


def day_step(name: str, prompt: str, *, none: str | None = None) -> Step:
    """Return a step whose answer is a day that is not past, in ISO.

    `prompt` and `none` are keys of sentences; with `none` there is a button for no day at all.
    """

    async def ask(form: FormContext) -> Message:
        no_day = ((form.choice(form.words.plain(none), NO_DAY),),) if none else ()
        return Message(form.words(prompt), (term_buttons(form), *no_day, (form.cancel,)))

    async def choose(form: FormContext, value: str) -> str:
        return NO_DAY if none and value == NO_DAY else await choose_day(form, value)

    return Step(name, ask, read_day, choose)


def day_of(answer: str) -> date:
    """Return the day that a step was answered with."""
    return date.fromisoformat(answer)
