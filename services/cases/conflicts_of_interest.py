"""Who on the staff is named in a complaint: they neither see it nor learn that it is there."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from functools import cache

from sqlalchemy import select

from models.complaints import Author, Case, CaseComplaint, CaseShutOut, ComplaintMessage
from models.database import insert_or_ignore
from models.staff import Role
from privacy.characters import simplified
from privacy.traces.plain import Plain
from services.access.conflicts import named_in_case
from services.delivery.recall import recall_texts, staff_to_change
from services.directory import Person
from services.unit_of_work import UnitOfWork

# Whoever might be given a case, or a copy of what is ordered because of it. Heads and liaisons never are given one, and
# what their own unit must fix they are told in any case.
READERS = (Role.TEAM_LEADER, Role.TEAM_MEMBER, Role.OFFICE_DIRECTOR, Role.OFFICE_STAFF, Role.COUNTY_LEADER)
_SHORTEST = 2  # characters of a name


async def possible_readers(work: UnitOfWork) -> frozenset[tuple[str, str]]:
    """Return the ids and names of all that complaints are searched for."""
    return frozenset((one.id, one.name) for one in (await work.directory()).with_roles(*READERS))


async def staff_named(work: UnitOfWork, texts: Iterable[str]) -> frozenset[str]:
    """Return the ids of those whose name stands in the pieces of one complaint, of all who might be shown it."""
    return names_in(texts, (await work.directory()).with_roles(*READERS))


def names_in(texts: Iterable[str], people: Iterable[Person]) -> frozenset[str]:
    """Return the ids of those whose name stands in the pieces of one complaint, whatever stands between its characters.

    One name too many shuts out somebody who is not meant; one too few tells somebody who reported them.
    """
    text = _letters("".join(texts))
    names = {one.id: _letters_of_name(one.name) for one in people}
    return frozenset(person for person, name in names.items() if len(name) >= _SHORTEST and name in text)


async def shut_out_named(work: UnitOfWork, case: Case) -> bool:
    """Shut out whom a case names by all that was said in it until now; return whether there was anybody new.

    What they have opened is taken back. Cards, and who has the case, are the caller's to see to.
    """
    people = (await work.directory()).with_roles(*READERS)
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
        sealing = work.keyring.round(case.round_id).sealing  # asked for no earlier: it may be destroyed
        text = sealing.open_json(message.id, message.sealed).get("text") or ""
        pieces[message.complaint_id].append(text)
    return list(pieces.values())


@cache
def _letters_of_name(name: str) -> str:
    return _letters(name)


def _letters(text: str) -> str:
    """Return the letters of a text alone, in one case and in simplified script."""
    signs = Plain.of(text).text.casefold()
    return simplified("".join(sign for sign in signs if unicodedata.category(sign).startswith("L")))
