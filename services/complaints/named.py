"""Who on the staff is named in a complaint: they neither see it nor learn that it is there."""

import unicodedata
from collections.abc import Iterable

from models.complaints import Case, CaseShutOut
from models.database import insert_or_ignore
from models.staff import Role
from services.complaints.entrust import entrust_anew
from services.staff.member import Member, members_with
from services.staff.take_back import staff_to_change, take_back_texts
from services.work import Work

# Whoever might be given a case; heads of units never are, and that one is named is nobody else's business.
_READERS = (Role.TEAM_LEADER, Role.TEAM_MEMBER, Role.OFFICE_DIRECTOR, Role.OFFICE_STAFF)
_SHORTEST = 2  # characters of a name


async def staff_named(work: Work, texts: Iterable[str]) -> frozenset[str]:
    """Return the ids of those on teams and in the office whose name stands in a text, with or without blanks."""
    return names_in(texts, await members_with(work.session, *_READERS))


def names_in(texts: Iterable[str], people: Iterable[Member]) -> frozenset[str]:
    """Return the ids of those whose name stands in a text. One name too many shuts out somebody who is not meant."""
    text = "".join("\n".join(map(_plain, texts)).split(" "))
    return frozenset(one.id for one in people if len(one.name) >= _SHORTEST and _plain(one.name) in text)


async def shut_out_late(work: Work, case: Case, texts: Iterable[str]) -> None:
    """Shut out whom a later message names: cards leave them at once, and the case whoever had it."""
    named = await staff_named(work, texts)
    if named:
        for staff_id in sorted(named):
            await staff_to_change(work, staff_id)
            await insert_or_ignore(work.session, CaseShutOut, case_id=case.id, staff_id=staff_id)
            await take_back_texts(work, staff_id)
        await entrust_anew(work, case)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
