"""A county file that the office director imports on the pages: first what it would do, then, by a press, the same."""

import hashlib

from models.staff import Role
from models.states import NotEntitled
from services.access.member import Member
from services.outbox import OutgoingMessage
from services.rounds.county_file import CountyFile
from services.rounds.entries import ImportResult
from services.rounds.import_county import import_county, preview_import
from services.rounds.notices import CountyImported
from services.unit_of_work import UnitOfWork


class NotAsPreviewed(Exception):
    """Something has changed since the preview: the import would do something else now."""


def require_importer(who: Member) -> None:
    """Raise NotEntitled for whoever may not import."""
    if not who.has(Role.OFFICE_DIRECTOR):
        raise NotEntitled


async def preview(work: UnitOfWork, who: Member, county: CountyFile) -> ImportResult:
    """Return what an import would do; the caller rolls back. Raises NotEntitled."""
    require_importer(who)
    return await preview_import(work, county)


async def import_previewed(work: UnitOfWork, who: Member, county: CountyFile, previewed: str) -> ImportResult:
    """Import a file, and tell the other directors; `previewed` is the digest of what its preview showed.

    Raises NotEntitled, and NotAsPreviewed, where nothing is to be committed.
    """
    require_importer(who)
    directors = (await work.directory()).with_roles(Role.OFFICE_DIRECTOR)  # also of one whom the file takes the role
    result = await import_county(work, county, by=who.id)
    if digest_of(result) != previewed:
        raise NotAsPreviewed
    if result.lines:
        notice = CountyImported(who.id, len(result.added), len(result.changed))
        await work.outbox.to_each((one.id for one in directors if one.id != who.id), OutgoingMessage(notice))
    return result


def digest_of(result: ImportResult) -> str:
    """Return what tells one result from another."""
    return hashlib.sha256("\n".join(result.lines).encode()).hexdigest()
