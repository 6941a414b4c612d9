"""The step of a form that asks for a unit: from pages of buttons, or by a part of its name."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeAlias

from handlers.choice_pages import CHOICES_A_PAGE, choice_page, start_of_page
from handlers.forms import FormContext, FormInput, Rejected, Step
from handlers.press import short_digest
from models.rounds import Unit
from services.directory import UnitRecord
from texts.catalogue import Html
from texts.message import Message

UnitsNamed: TypeAlias = Callable[[FormContext, str], Awaitable[Sequence[Unit | UnitRecord]]]


def unit_step(units_named: UnitsNamed, prompt: Callable[[FormContext], Awaitable[Html]], not_found: str) -> Step:
    """Return the step `unit`, whose answer is a unit's id. `not_found`: the key of a sentence.

    `units_named` returns the units that may be chosen, those whose name holds what was typed.
    """

    async def menu(form: FormContext, start: int, named: str = "") -> Message:
        units = await units_named(form, named)
        offered = units[:CHOICES_A_PAGE] if named else units  # more of the name is typed to see the others
        choices = [(unit.name, _digest(unit.id)) for unit in offered]
        return Message(await prompt(form), choice_page(form, choices, start))

    async def ask(form: FormContext) -> Message:
        return await menu(form, 0)

    async def read(form: FormContext, entered: FormInput) -> str:
        """Take a unit by a part of its name; several are offered."""
        found = await units_named(form, entered.text)
        if len(found) == 1:
            return found[0].id
        if not found or not entered.text:
            raise Rejected(form.words(not_found))
        offered = await menu(form, 0, entered.text)
        raise Rejected(Html(offered.text), offered.buttons)

    async def choose(form: FormContext, value: str) -> str | Message:
        if (start := start_of_page(value)) is not None:
            return await menu(form, start)
        unit = next((unit for unit in await units_named(form, "") if _digest(unit.id) == value), None)
        if unit is None:
            raise Rejected(form.words(not_found))
        return unit.id

    return Step("unit", ask, read, choose)


def _digest(unit_id: str) -> str:
    # The id of a past round's unit is its whole name, and too long for a button.
    return short_digest(unit_id, 16)
