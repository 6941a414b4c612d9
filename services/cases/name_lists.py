"""The lists that a team brings along: read by this team alone, in this round, and gone with the round's key."""

import asyncio
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select

from models.audit import Audited
from models.base import random_id
from models.complaints import Case
from models.name_lists import NameList, NameListKind
from models.staff import TEAM_ROLES
from models.states import ENDED_ROUNDS, NotEntitled
from privacy.keyring import Keyring
from services.access.member import Member
from services.audit.log import record
from services.cases.name_list_file import NamedRow, NamesRead
from services.directory import Directory, TeamRecord
from services.unit_of_work import UnitOfWork

MOST_LISTS = 12  # of a team: each is opened when a case is compared with them
LONGEST_NAME = 60  # characters


class BroughtBefore(Exception):
    """The team has this list already."""


class TooManyLists(Exception):
    """The team has as many lists as it may have."""


class NothingToCompare(Exception):
    """No row of the list can be compared."""


@dataclass(frozen=True)
class OpenedList:
    """A list with its rows."""

    id: str
    kind: NameListKind
    name: str
    names: NamesRead


def teams_with_lists(known: Directory, who: Member) -> list[TeamRecord]:
    """Return the teams whose lists are somebody's to bring, to read and to delete: those they are on."""
    found = [known.teams[team_id] for team_id in dict.fromkeys(who.teams(*TEAM_ROLES))]
    return [team for team in found if known.rounds[team.round_id].state not in ENDED_ROUNDS]


def require_on_team(known: Directory, who: Member, team_id: str) -> TeamRecord:
    """Return a team that somebody is on; raise NotEntitled otherwise."""
    team = next((one for one in teams_with_lists(known, who) if one.id == team_id), None)
    if team is None:
        raise NotEntitled
    return team


async def keep_list(
    work: UnitOfWork, who: Member, team_id: str, kind: NameListKind, name: str, names: NamesRead
) -> NameList:
    """Keep a list for a team. Raises NotEntitled, BroughtBefore, TooManyLists and NothingToCompare."""
    team = require_on_team(await work.directory(), who, team_id)
    if not names.rows:
        raise NothingToCompare
    digest = _digest(work, names)
    own = (NameList.round_id == team.round_id, NameList.team_id == team.id)
    if await work.session.scalar(select(NameList.id).where(*own, NameList.digest == digest)) is not None:
        raise BroughtBefore
    if (await work.session.scalar(select(func.count()).select_from(NameList).where(*own)) or 0) >= MOST_LISTS:
        raise TooManyLists
    list_id, content = random_id(), _content(name.strip()[:LONGEST_NAME], names)
    kept = NameList(
        id=list_id,
        round_id=team.round_id,
        team_id=team.id,
        kind=kind,
        by_id=who.id,
        imported_on=work.today,
        row_count=len(names.rows),
        digest=digest,
        sealed=work.keyring.round(team.round_id).sealing.seal_json(_record_of(list_id), content),
    )
    work.session.add(kept)
    await work.session.flush()
    await record(work, Audited.NAMES_IMPORTED, by=who.id, subject=team.id, kind=kind, rows=len(names.rows))
    return kept


async def delete_list(work: UnitOfWork, who: Member, list_id: str) -> None:
    """Delete a list of one's own team. Raises NotEntitled."""
    kept = await work.session.get(NameList, list_id)
    if kept is None:
        raise NotEntitled
    require_on_team(await work.directory(), who, kept.team_id)
    await work.session.delete(kept)
    await work.session.flush()
    await record(work, Audited.NAMES_DELETED, by=who.id, subject=kept.team_id, kind=kept.kind)


async def lists_of(work: UnitOfWork, team: TeamRecord) -> list[NameList]:
    """Return the lists of a team, the newest first, as they are kept."""
    query = select(NameList).where(NameList.round_id == team.round_id, NameList.team_id == team.id)
    return list(await work.session.scalars(query.order_by(NameList.imported_on.desc(), NameList.id)))


async def names_of_lists(work: UnitOfWork, kept: Sequence[NameList]) -> dict[str, str]:
    """Return what lists are called, by their ids; it is sealed with the rows."""
    return {one.id: one.name for one in await asyncio.to_thread(opened_lists, work.keyring, kept)}


async def lists_to_compare(work: UnitOfWork, who: Member, case: Case) -> list[NameList]:
    """Return the lists with which a case is compared for somebody: those of its team, for those on it who read it."""
    if not _compares(who, case):
        return []
    return list(await work.session.scalars(select(NameList).where(*_of_team(case)).order_by(NameList.id)))


async def is_compared_with_lists(work: UnitOfWork, who: Member, case: Case) -> bool:
    """Whether a case is compared with any lists for somebody; none is read for it, they are large."""
    if not _compares(who, case):
        return False
    return await work.session.scalar(select(NameList.id).where(*_of_team(case)).limit(1)) is not None


def _compares(who: Member, case: Case) -> bool:
    is_on_team = case.team_id is not None and case.team_id in who.teams(*TEAM_ROLES)
    return is_on_team and who.reads(case) and not who.reads_in_part(case)


def _of_team(case: Case) -> tuple[ColumnElement[bool], ...]:
    return NameList.round_id == case.round_id, NameList.team_id == case.team_id


def opened_lists(keyring: Keyring, kept: Sequence[NameList]) -> list[OpenedList]:
    """Return lists with their rows; none of a round whose key is destroyed. Takes long."""
    rounds = keyring.round_ids()
    return [_opened(keyring, one) for one in kept if one.round_id in rounds]


def _opened(keyring: Keyring, kept: NameList) -> OpenedList:
    content = keyring.round(kept.round_id).sealing.open_json(_record_of(kept.id), kept.sealed)
    rows = tuple(NamedRow(number, tuple(cells)) for number, cells in content["rows"])
    return OpenedList(kept.id, kept.kind, content["name"], NamesRead(content["heading"], content["kinds"], rows))


def _content(name: str, names: NamesRead) -> dict[str, Any]:
    """Return what is sealed of a list."""
    rows = [(row.number, row.cells) for row in names.rows]
    return {"name": name, "heading": names.heading, "kinds": names.kinds, "rows": rows}


def _digest(work: UnitOfWork, names: NamesRead) -> str:
    """Return the keyed hash of a list's rows, in whatever order they stand."""
    digest = hmac.new(work.keyring.lane_secret, b"xunsheng/name-list/1", hashlib.sha256)
    for cells in sorted(row.cells for row in names.rows):
        digest.update("\0".join(cells).encode() + b"\1")
    return digest.hexdigest()


def _record_of(list_id: str) -> str:
    """Return what the sealed content is bound to."""
    return f"names:{list_id}"
