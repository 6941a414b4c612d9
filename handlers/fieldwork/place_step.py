"""The step of a form that asks for a village or a unit: from pages of buttons, or by a part of its name."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeAlias

from handlers.choice_pages import CHOICES_A_PAGE, choice_page, start_of_page
from handlers.forms import FormContext, FormInput, Rejected, Step
from services.fieldwork.enter import PLACE
from services.fieldwork.places import FieldPlace, place_labels
from texts.catalogue import Html
from texts.message import Message

Places: TypeAlias = Callable[[FormContext], Awaitable[Sequence[FieldPlace]]]


def place_step(places: Places, prompt: str) -> Step:
    """Return the step whose answer is the key of a place; skipped where the form is about one.

    `prompt`: the key of a sentence.
    """

    async def menu(form: FormContext, start: int, named: str = "") -> Message:
        found = [one for one in await places(form) if named in one.name]
        offered = found[:CHOICES_A_PAGE] if named else found  # more of the name is typed to see the others
        labels = place_labels(await form.context.work.directory(), offered)
        return Message(form.words(prompt), choice_page(form, [(labels[one.key], one.key) for one in offered], start))

    async def ask(form: FormContext) -> Message:
        return await menu(form, 0)

    async def read(form: FormContext, entered: FormInput) -> str:
        """Take a place by its name, or by a part of it; several are offered."""
        known = await places(form)
        full_names = place_labels(await form.context.work.directory(), known)
        found = [one for one in known if entered.text in (one.name, full_names[one.key])]
        found = found or [one for one in known if entered.text and entered.text in one.name]
        if len(found) == 1:
            return found[0].key
        if not found:
            raise Rejected(form.words("field.place_not_found"))
        offered = await menu(form, 0, entered.text)
        raise Rejected(Html(offered.text), offered.buttons)

    async def choose(form: FormContext, value: str) -> str | Message:
        if (start := start_of_page(value)) is not None:
            return await menu(form, start)
        if all(one.key != value for one in await places(form)):
            raise Rejected(form.words("field.place_not_found"))
        return value

    return Step(PLACE, ask, read, choose, skip=lambda form: bool(form.form.subject_id))
