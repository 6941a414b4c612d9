"""The clocks of cases and the ladder of items are kept in each version that the county's file has set.

A round goes on with the version that it began under, and with what the file set for it alone until then.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from models.rounds import ComplaintSettingsVersion
from services.directory import Directory
from services.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class OwnSetting:
    """What a round has set otherwise than the county does today: called as in the county's file."""

    name: str
    own: object
    county: object


def own_settings(known: Directory, round_id: str) -> Iterator[OwnSetting]:
    """Return what a round sets for itself, in the order of its file."""
    for section, values in known.rounds[round_id].settings.items():
        of_county = getattr(known.settings, section)
        for name, value in values.items():
            yield OwnSetting(f"{section}.{name}", value, getattr(of_county, name))


async def latest_settings_version(work: UnitOfWork) -> int | None:
    """Return the version that a round begins under which is opened now; None where no file was entered."""
    return await work.session.scalar(select(func.max(ComplaintSettingsVersion.version)))


async def enter_settings_version(work: UnitOfWork, settings: Mapping[str, Any]) -> int:
    """Return the version of the clocks of a county file, which is a new one where they are not those entered last.

    `settings` are all of the file; kept of them is what goes on as it was in a round that has begun.
    """
    complaint, rectification = dict(settings.get("complaint", {})), dict(settings.get("rectification", {}))
    latest = await latest_settings_version(work)
    entered = await work.session.get(ComplaintSettingsVersion, latest) if latest is not None else None
    if entered is not None and (entered.settings, entered.rectification) == (complaint, rectification):
        return entered.version
    version = 1 if latest is None else latest + 1
    work.session.add(ComplaintSettingsVersion(version=version, settings=complaint, rectification=rectification))
    await work.session.flush()
    return version
