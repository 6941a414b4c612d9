"""Who on the staff is named in a complaint: they neither see it nor learn that it is there."""

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import select

from models.complaints import Author, Case, CaseComplaint, CaseShutOut, ComplaintMessage
from models.database import insert_or_ignore
from models.staff import DEPARTMENT_ROLES, GRANTED_ROLES, Role
from services.access.conflicts import named_in_case
from services.delivery.recall import recall_texts, staff_to_change
from services.directory import Directory
from services.names import names_in
from services.sealed_messages import opened
from services.unit_of_work import UnitOfWork

# Whoever might be given a case, what of it is passed on, or a copy of what is ordered because of it. Heads and liaisons
# never are given one, and what their own unit must fix they are told in any case.
_OF_CASES = (Role.TEAM_LEADER, Role.TEAM_MEMBER, Role.OFFICE_DIRECTOR, Role.OFFICE_STAFF, Role.COUNTY_LEADER)
# Cases are put before the head of the leading group, and all of it agrees to leads of what lies before the director.
_LEADING_GROUP = (Role.LEADING_GROUP_HEAD, Role.LEADING_GROUP_MEMBER)
READERS = (*_OF_CASES, *_LEADING_GROUP, *GRANTED_ROLES, *sorted(DEPARTMENT_ROLES))


async def possible_readers(work: UnitOfWork) -> frozenset[tuple[str, str]]:
    """Return the ids and names of all that complaints are searched for."""
    return _possible_readers(await work.directory())


def readers_among(known: Directory, named: Collection[str]) -> frozenset[str]:
    """Return which of those who are named in a complaint might be shown it, and so are to be shut out of it."""
    return frozenset(person for person, _ in _possible_readers(known) if person in named)


def _possible_readers(known: Directory) -> frozenset[tuple[str, str]]:
    return frozenset((one.id, one.name) for one in known.with_roles(*READERS))


async def shut_out_named(work: UnitOfWork, case: Case) -> bool:
    """Shut out whom a case names by all that was said in it until now; return whether there was anybody new.

    What they have opened is taken back. Cards, and who has the case, are the caller's to see to.
    """
    people = await possible_readers(work)
    named = {person for pieces in await _said_in(work, case) for person in names_in(pieces, people)}
    known = await named_in_case(work.session, case.id)
    for staff_id in sorted(named - known):
        await staff_to_change(work, staff_id)
        await insert_or_ignore(work.session, CaseShutOut, case_id=case.id, staff_id=staff_id)
        await recall_texts(work, staff_id)
    return not named <= known


async def _said_in(work: UnitOfWork, case: Case) -> list[list[str]]:
    """Return what the reporters of a case have said, each in their order, as far as its team may know of it."""
    query = (
        select(ComplaintMessage)
        .join(CaseComplaint, CaseComplaint.complaint_id == ComplaintMessage.complaint_id)
        .where(
            CaseComplaint.case_id == case.id,
            ComplaintMessage.author == Author.REPORTER,
            ComplaintMessage.held_until.is_(None),
        )
        .order_by(ComplaintMessage.complaint_id, ComplaintMessage.position)
    )
    pieces: dict[str, list[str]] = defaultdict(list)
    for message in await work.session.scalars(query):
        content = opened(work, case.round_id, message)
        if content is not None:
            pieces[message.complaint_id].append(content.get("text") or "")
    return list(pieces.values())
