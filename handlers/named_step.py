"""The step of a form that asks for a record of the county, such as a unit: from pages of buttons, or by a part of its
name.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol, TypeAlias, TypeVar

from handlers.choice_pages import CHOICES_A_PAGE, choice_page, start_of_page
from handlers.forms import FormContext, FormInput, Rejected, Step
from handlers.press import short_digest
from models.rounds import Unit
from services.directory import UnitRecord
from texts.catalogue import Html
from texts.message import Message


class Named(Protocol):
    """A record of the county."""

    @property
    def id(self) -> str: ...

    @property
    def name(self) -> str: ...


_N = TypeVar("_N", bound=Named)
UnitsNamed: TypeAlias = Callable[[FormContext, str], Awaitable[Sequence[Unit | UnitRecord]]]


async def _its_name(_form: FormContext, record: Named) -> str:
    return record.name


def unit_step(units_named: UnitsNamed, prompt: Callable[[FormContext], Awaitable[Html]], not_found: str) -> Step:
    """Return the step `unit`, whose answer is a unit's id; see `named_step`."""
    return named_step("unit", units_named, prompt, not_found)


def named_step(
    key: str,
    records_named: Callable[[FormContext, str], Awaitable[Sequence[_N]]],
    prompt: Callable[[FormContext], Awaitable[Html]],
    not_found: str,
    label: Callable[[FormContext, _N], Awaitable[str]] = _its_name,
) -> Step:
    """Return the step whose answer is a record's id. `not_found`: the key of a sentence.

    `records_named` returns the records that may be chosen, those whose name holds what was typed; `label` what stands
    on the button of one.
    """

    async def menu(form: FormContext, start: int, named: str = "") -> Message:
        records = await records_named(form, named)
        offered = records[:CHOICES_A_PAGE] if named else records  # more of the name is typed to see the others
        choices = [(await label(form, one), _digest(one.id)) for one in offered]
        return Message(await prompt(form), choice_page(form, choices, start))

    async def ask(form: FormContext) -> Message:
        return await menu(form, 0)

    async def read(form: FormContext, entered: FormInput) -> str:
        """Take a record by a part of its name; several are offered."""
        found = await records_named(form, entered.text)
        if len(found) == 1:
            return found[0].id
        if not found or not entered.text:
            raise Rejected(form.words(not_found))
        offered = await menu(form, 0, entered.text)
        raise Rejected(Html(offered.text), offered.buttons)

    async def choose(form: FormContext, value: str) -> str | Message:
        if (start := start_of_page(value)) is not None:
            return await menu(form, start)
        found = next((one for one in await records_named(form, "") if _digest(one.id) == value), None)
        if found is None:
            raise Rejected(form.words(not_found))
        return found.id

    return Step(key, ask, read, choose)


def _digest(record_id: str) -> str:
    # The id of a past round's unit is its whole name, and too long for a button.
    return short_digest(record_id, 16)
