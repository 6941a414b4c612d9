"""An order as the head of a unit reads it."""

from handlers.items.labels import number, staff_name, time_left, truncated, unit_name
from models.rectification import RectificationItem
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html, Words
from texts.dates import day

_LONGEST_PROBLEM = 1500  # characters
_LONGEST_REQUIREMENT = 1000


async def order_text(work: UnitOfWork, words: Words, item: RectificationItem, *, contact: str | None) -> Html:
    """Return the order as the head of the unit reads it; whoever has a question asks the contact."""
    lines = [words("item.line_number", number=number(item), unit=await unit_name(work, item))]
    if item.hazard:
        lines.append(words("item.line_hazard"))
    lines.append(words("item.line_problem", text=truncated(item.problem, _LONGEST_PROBLEM)))
    if item.requirement:
        lines.append(words("item.line_requirement", text=truncated(item.requirement, _LONGEST_REQUIREMENT)))
    due = day(words, item.due_on, work.today)
    lines.append(words("item.line_due", day=due, left=time_left(words, item, work.today)))
    leader = await staff_name(work, item.county_leader_id)
    if leader:
        lines.append(words("item.line_leader", name=leader))
    if contact:
        lines.append(words("item.line_contact", name=contact))
    return Html("\n".join(lines))
