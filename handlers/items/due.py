"""Until when: a day that somebody types or presses in a form."""

from datetime import date

from handlers.forms import FormContext, FormInput, Rejected
from handlers.items.labels import one_line
from models.working_days import WorkingCalendar
from services.rectification.due_dates import Unclear, read_due


async def due_typed(form: FormContext, entered: FormInput) -> date | Unclear:
    """Return the day that was typed, or why it is not clear which one."""
    work = form.context.work
    return read_due(entered.text, work.today, WorkingCalendar.of(await work.settings(), work.zone))


async def read_due_of(form: FormContext, entered: FormInput) -> str:
    """Return the day that was typed, as ISO; raise Rejected with what to type instead."""
    due = await due_typed(form, entered)
    if isinstance(due, Unclear):
        typed = one_line(entered.text)
        raise Rejected(form.words(f"item.due_{due.reason}", typed=typed, year=due.year))
    if due < form.context.work.today:
        raise Rejected(form.words("item.due_past"))
    return due.isoformat()


async def choose_due_of(form: FormContext, value: str) -> str:
    """Return the day of a button (20261130), as ISO; raise Rejected as `read_due_of` does."""
    return await read_due_of(form, FormInput(f"{value[:4]}-{value[4:6]}-{value[6:]}"))
