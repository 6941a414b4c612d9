"""What a digest says: each item once, as it stands when the digest is sent."""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Select, or_, select

from models.deadlines import RUNNING
from models.rectification import WHATEVER_DEADLINE, RectificationItem, Reminder
from models.states import Actor, ItemState
from services.access.member import Member
from services.directory import Directory
from services.unit_of_work import UnitOfWork


class DigestHeading(StrEnum):
    """Under which heading an item stands, in the order of the headings."""

    OVERDUE = "overdue"
    DUE_SOON = "due_soon"
    TO_ACKNOWLEDGE = "to_acknowledge"
    TO_REVIEW = "to_review"
    TO_SIGN = "to_sign"
    TO_CLEAR = "to_clear"
    LONG_TERM = "long_term"
    NOBODY_ENROLLED = "nobody_enrolled"  # for the office: nobody at the unit can be told


_DIRECTOR = frozenset({Actor.OFFICE_DIRECTOR})
# Where an item lies while its own clock stands still, and whom that concerns.
_WAITING = {
    ItemState.SUBMITTED: (DigestHeading.TO_REVIEW, _DIRECTOR | {Actor.TEAM_MEMBER}),
    ItemState.PASSED: (DigestHeading.TO_SIGN, _DIRECTOR | {Actor.COUNTY_LEADER}),
    ItemState.COUNTERSIGNED: (DigestHeading.TO_CLEAR, _DIRECTOR),
    ItemState.LONG_TERM: (DigestHeading.LONG_TERM, frozenset(Actor)),
}


@dataclass(frozen=True)
class DigestLine:
    """One item of a digest."""

    heading: DigestHeading
    item: RectificationItem


async def read_digest(work: UnitOfWork, who: Member, key: str) -> list[DigestLine]:
    """Return what there still is to say of the items a digest carries, by heading, due first."""
    query = (
        select(RectificationItem)
        .where(RectificationItem.id.in_(_carried_by(key)))
        .order_by(RectificationItem.due_on, RectificationItem.id)
    )
    known = await work.directory()
    lines = []
    for item in await work.session.scalars(query):
        heading = _heading(work, who, item, known)
        if heading is not None:
            lines.append(DigestLine(heading, item))
    order = list(DigestHeading)
    return sorted(lines, key=lambda line: order.index(line.heading))


def _carried_by(key: str) -> Select[str]:
    """Return the ids of the items in a digest, but for those whose due date has moved since."""
    version = Reminder.deadline_version
    of_deadline = or_(version == WHATEVER_DEADLINE, version == RectificationItem.deadline_version)
    query = select(Reminder.item_id).join(RectificationItem, RectificationItem.id == Reminder.item_id)
    return query.where(Reminder.digest_key == key, of_deadline)


def _heading(work: UnitOfWork, who: Member, item: RectificationItem, known: Directory) -> DigestHeading | None:
    actors = who.actors_at_item(item)
    if item.state in _WAITING:
        heading, concerned = _WAITING[item.state]
        return heading if actors & concerned else None
    if not actors or item.state not in RUNNING:
        return None
    at_office = actors & {Actor.OFFICE_DIRECTOR, Actor.OFFICE_STAFF} and Actor.COUNTY_LEADER not in actors
    if at_office and not known.has_enrolled_head(item.unit_id):
        return DigestHeading.NOBODY_ENROLLED
    if item.due_on < work.today:
        return DigestHeading.OVERDUE
    return DigestHeading.TO_ACKNOWLEDGE if item.state == ItemState.ISSUED else DigestHeading.DUE_SOON
