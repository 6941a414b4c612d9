"""The checklists are kept in each version that the county's file has set: a round goes on with its own."""

from typing import Any

from sqlalchemy import func, select

from models.rounds import ChecklistsVersion
from services.unit_of_work import UnitOfWork


async def latest_checklists_version(work: UnitOfWork) -> int | None:
    """Return the version that a round begins under which is opened now; None where no file had any."""
    return await work.session.scalar(select(func.max(ChecklistsVersion.version)))


async def enter_checklists_version(work: UnitOfWork, checklists: list[dict[str, Any]]) -> int | None:
    """Return the version of a county file's checklists: a new one where they are not those entered last.

    What a file leaves out stays: one without any changes nothing.
    """
    latest = await latest_checklists_version(work)
    entered = await work.session.get(ChecklistsVersion, latest) if latest is not None else None
    if not checklists or (entered is not None and entered.checklists == checklists):
        return latest
    version = (latest or 0) + 1
    work.session.add(ChecklistsVersion(version=version, checklists=checklists))
    await work.session.flush()
    return version
