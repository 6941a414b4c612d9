"""/departments: the departments of the county, their business, whom to ring there, and how many transfers they have."""

from handlers.actions import Subject, button, register, too_late_or_not_entitled
from handlers.cases.labels import category
from handlers.commands import command
from handlers.context import HandlerContext
from handlers.press import Press
from handlers.registers import page_turner
from models.rounds import DepartmentKind
from models.states import NotEntitled
from services.access.member import Member
from services.cases.duty_contacts import DEPARTMENTS_SHOWN, DepartmentSeen, duty_contacts
from services.directory import Directory
from texts.catalogue import Html, Words
from texts.message import Button, Message

AREA = "department"


@command("departments")
async def show_departments(context: HandlerContext, who: Member) -> None:
    """List the departments of the county with their duty contacts."""
    try:
        await context.say(await _page(context, who))
    except NotEntitled:
        await context.say(Message(context.words("department.not_yours")))


async def _page(context: HandlerContext, who: Member, after: str | None = None) -> Message:
    """Return a page of the departments, behind so many of them. Raises NotEntitled."""
    start = int(after) if after and after.isdecimal() else 0
    words, known = context.words, await context.work.directory()
    page = await duty_contacts(context.work, who, start)
    if not page.total:
        return Message(words("department.none"))
    entries = [_entry(words, known, one) for one in page.shown]
    following = start + DEPARTMENTS_SHOWN
    turns = [_turn(words, "team.first_page", 0)] if start else []
    turns += [_turn(words, "team.next_page", following)] if page.total > following else []
    text = Html("\n\n".join([words("department.heading", count=page.total), *entries]))
    return Message(text, (tuple(turns),) if turns else ())


def _turn(words: Words, key: str, start: int) -> Button:
    return button(words, key, Press(AREA, "list", str(start)).pack())


def _entry(words: Words, known: Directory, seen: DepartmentSeen) -> Html:
    """Return a department as it stands in the list."""
    department = seen.department
    lines = [words("department.name", department=department.name)]
    if department.fields:
        fields = words("staff.list_comma").join(category(words, known.category(one)) for one in department.fields)
        lines.append(words("department.fields", fields=Html(fields)))
    contact = department.contact
    lines.append(words("department.contact", contact=contact) if contact else words("department.no_contact"))
    if department.kind is DepartmentKind.EMERGENCY:
        lines.append(words("department.emergency"))
    elif seen.is_reached is not None:
        lines.append(words("department.reached" if seen.is_reached else "department.not_reached"))
    if seen.transfers is not None:
        key = "department.transfers" if seen.transfers.open else "department.no_transfers"
        lines.append(words(key, open=seen.transfers.open, overdue=seen.transfers.overdue))
    return Html("\n".join(lines))


SUBJECT = register(
    Subject(
        AREA,
        (page_turner(_page),),
        too_late_or_not_entitled("department.not_yours", "department.not_yours"),
        stranger_key="item.press_stranger",
        unknown_key="item.press_unknown",
    )
)
