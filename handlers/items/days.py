"""A day that somebody types or presses in a form about an item."""

from handlers.forms import FormContext, FormInput, Rejected
from handlers.items.labels import one_line
from handlers.steps import coming_day, pressed_day
from services.rectification.due_dates import Unclear


async def read_day(form: FormContext, entered: FormInput) -> str:
    """Return the day that was typed, as an ISO date; raise Rejected with how to write one, or when it has passed."""
    work = form.context.work
    due = await coming_day(form, entered.text)
    if isinstance(due, Unclear):
        typed = one_line(entered.text)
        raise Rejected(form.words(f"item.due_{due.reason}", typed=typed, year=due.year))
    if due < work.today:
        raise Rejected(form.words("item.due_past"))
    return due.isoformat()


async def choose_day(form: FormContext, value: str) -> str:
    """Return the day of a pressed button, written YYYYMMDD. Raises as `read_day` does."""
    return await read_day(form, FormInput(pressed_day(value)))
