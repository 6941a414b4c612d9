"""A county file that the office director imports on the pages: first what it would do, then, by a press, the same.

The command line can do anything anyway, a director cannot. So what keeps reporters unknown is not changed here.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from models.staff import TEAM_ROLES, Role
from models.states import NotEntitled
from services.access.member import Member
from services.directory import Directory
from services.outbox import OutgoingMessage
from services.rounds.county_file import CountyFile
from services.rounds.entries import ImportResult
from services.rounds.import_county import import_county, preview_import
from services.rounds.notices import CountyImported, TeamJoined
from services.unit_of_work import UnitOfWork


class KeptForServer(StrEnum):
    """What a file would change that only the command line may change."""

    PRIVACY = "privacy"  # how long things are kept and how late they are told, and what is abuse
    PLACES = "places"  # of a round that takes complaints: a code tells the place
    OWN_ROLES = "own_roles"  # of whoever imports: they would read what is not theirs
    OWN_NAME = "own_name"  # of whoever imports: what names them would not be kept from them any more
    ADDRESSES = "addresses"  # of people who were here before: whoever reads their mail can sign in as them


class NotImported(Exception):
    """Nothing may be committed: something has changed since the preview, or it changes what the pages may not."""


@dataclass(frozen=True)
class ImportPreview:
    """What an import would do, and why it is not done on the pages, if it is not; `digest` tells it from another."""

    result: ImportResult
    kept_for_server: Sequence[KeptForServer]
    digest: str


def require_importer(who: Member) -> None:
    """Raise NotEntitled for whoever may not import."""
    if not who.has(Role.OFFICE_DIRECTOR):
        raise NotEntitled


async def preview(work: UnitOfWork, who: Member, county: CountyFile) -> ImportPreview:
    """Return what an import would do; the caller rolls back. Raises NotEntitled."""
    require_importer(who)
    before = await work.directory()
    result = await preview_import(work, county)
    return ImportPreview(result, _kept_for_server(before, await work.directory(), who, result), _digest(result))


async def import_previewed(work: UnitOfWork, who: Member, county: CountyFile, previewed: str) -> ImportResult:
    """Import a file, and tell whom it concerns; `previewed` is the digest of what its preview showed.

    Raises NotEntitled and NotImported; nothing is to be committed then.
    """
    require_importer(who)
    before = await work.directory()
    result = await import_county(work, county, by=who.id)
    after = await work.directory()
    if _digest(result) != previewed or _kept_for_server(before, after, who, result):
        raise NotImported
    if result.lines:
        await _tell(work, before, after, who, result)
    return result


def _digest(result: ImportResult) -> str:
    """Return what tells a result from another; of two in different languages, too."""
    return hashlib.sha256("\n".join(result.lines).encode()).hexdigest()


def _kept_for_server(before: Directory, after: Directory, who: Member, result: ImportResult) -> list[KeptForServer]:
    found = []
    if (before.settings.privacy, before.settings.abuse) != (after.settings.privacy, after.settings.abuse):
        found.append(KeptForServer.PRIVACY)
    if result.new_places:
        found.append(KeptForServer.PLACES)
    if set(before.people[who.id].roles) != set(after.people[who.id].roles):
        found.append(KeptForServer.OWN_ROLES)
    if before.names[who.id] != after.names[who.id]:
        found.append(KeptForServer.OWN_NAME)
    if any(before.addresses.get(one) != after.addresses.get(one) for one in before.people):
        found.append(KeptForServer.ADDRESSES)
    return found


async def _tell(work: UnitOfWork, before: Directory, after: Directory, who: Member, result: ImportResult) -> None:
    """Tell the other directors, and the leaders of each team who is new on it: those whom the file replaces, too."""
    notice = CountyImported(who.id, len(result.added), len(result.changed))
    directors = before.with_roles(Role.OFFICE_DIRECTOR)
    await work.outbox.to_each((one.id for one in directors if one.id != who.id), OutgoingMessage(notice))
    for team_id in before.teams:
        known = {one.id for one in before.with_roles(*TEAM_ROLES, team_id=team_id)}
        new = [one.id for one in after.with_roles(*TEAM_ROLES, team_id=team_id) if one.id not in known]
        if new:
            leaders = before.with_roles(Role.TEAM_LEADER, team_id=team_id)
            joined = OutgoingMessage(TeamJoined(team_id, who.id, tuple(new)))
            await work.outbox.to_each((one.id for one in leaders), joined)
