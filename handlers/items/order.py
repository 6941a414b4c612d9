"""An order as the head of a unit reads it."""

from handlers.items.labels import number, source_text, staff_name, time_left, truncated, unit_name
from models.deadlines import awaits_interim
from models.rectification import FIX_ON_SPOT, RectificationItem
from models.states import ItemState
from services.rectification.copies import copied_to
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html, Words
from texts.dates import day

LONGEST_PROBLEM = 1500  # characters
LONGEST_REQUIREMENT = 1000
_LONGEST_NAMES = 100


async def order_text(work: UnitOfWork, words: Words, item: RectificationItem, *, contact: str | None) -> Html:
    """Return the order as the head of the unit reads it; whoever has a question asks the contact."""
    lines = [words("item.line_number", number=number(item), unit=await unit_name(work, item))]
    if item.hazard:
        lines.append(words("item.line_hazard"))
    lines.append(words("item.line_problem", text=truncated(item.problem, LONGEST_PROBLEM)))
    if item.requirement:
        lines.append(words("item.line_requirement", text=truncated(item.requirement, LONGEST_REQUIREMENT)))
    lines += await _what_it_is(work, words, item)
    lines += await _who_answers(work, words, item)
    if item.interim_due_on is not None and (awaits_interim(item) or item.state == ItemState.DRAFT):
        lines.append(words("item.line_interim_due", day=day(words, item.interim_due_on, work.today)))
    elif item.interim_on is not None:
        lines.append(words("item.line_interim_done", day=day(words, item.interim_on, work.today)))
    due = day(words, item.due_on, work.today)
    lines.append(words("item.line_due", day=due, left=time_left(words, item, work.today)))
    if copies := await copied_to(work, item):
        names = words.plain("staff.list_comma").join(copies)
        lines.append(words("item.line_copies", names=truncated(names, _LONGEST_NAMES)))
    if contact:
        lines.append(words("item.line_contact", name=contact))
    return Html("\n".join(lines))


async def _what_it_is(work: UnitOfWork, words: Words, item: RectificationItem) -> list[Html]:
    """Return what it is about and where it comes from; what is fixed on the spot says that alone."""
    if item.source == FIX_ON_SPOT:
        return []
    category = (await work.directory()).category(item.category).name_in(words.language)
    lines = [words("item.line_category", category=category)]
    if item.aspect:
        lines.append(words("item.line_aspect", aspect=item.aspect))
    lines.append(words("item.line_kind", kind=words(f"item.kind_{item.kind}")))
    if source := await source_text(work, words, item):
        lines.append(words("item.line_source", source=source))
    return lines


async def _who_answers(work: UnitOfWork, words: Words, item: RectificationItem) -> list[Html]:
    lines = []
    if owner := await staff_name(work, item.owner_id):
        lines.append(words("item.line_owner", name=owner))
    if item.head:
        lines.append(words("item.line_head" if item.is_for_head else "item.line_answers", name=item.head))
    if leader := await staff_name(work, item.county_leader_id):
        lines.append(words("item.line_leader", name=leader))
    if item.task_force:
        lines.append(words("item.line_task_force", task_force=item.task_force))
    if item.others:
        units = (await work.directory()).units
        names = words.plain("staff.list_comma").join(units[other.unit_id].name for other in item.others)
        lines.append(words("item.line_others", units=truncated(names, _LONGEST_NAMES)))
    return lines
