"""Checklists by kind of unit: ticked point by point where a team works, in the version that its round began with."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import ColumnElement, delete, func, select

from models.base import coarse
from models.database import insert_or_ignore
from models.fieldwork import ChecklistTick
from models.states import Impossible, NotEntitled
from services.access.member import Member
from services.directory import ChecklistRecord, Directory
from services.fieldwork.places import FieldPlace, place_worked_at
from services.fieldwork.sealed import opened, seal
from services.unit_of_work import UnitOfWork

VILLAGE_KIND = "village"  # of the checklist for villages; those for units are named by the unit's own kind
LONGEST_FINDING = 500  # characters


@dataclass(frozen=True)
class Tick:
    """That a point was checked: by whom, on which day, and what was found, if anything."""

    by: str
    on: date
    finding: str | None


@dataclass(frozen=True)
class Progress:
    """How many points of the checklists of some places are checked, and how many there are."""

    done: int
    points: int


def checklist_at(known: Directory, place: FieldPlace) -> ChecklistRecord | None:
    """Return what is to be checked at a place; None when the county has no checklist for it.

    In a village that does well it may be the first points alone, as the county sets it.
    """
    if place.village_id is None:
        return known.checklist_of(place.round_id, known.units[place.unit_id].kind)
    found = known.checklist_of(place.round_id, VILLAGE_KIND)
    most = known.settings.fieldwork.points_in(known.villages[place.village_id].village_class)
    return replace(found, points=found.points[:most]) if found is not None and most else found


async def ticks_at(work: UnitOfWork, place: FieldPlace) -> Mapping[int, Tick]:
    """Return what was checked at a place, by the number of the point."""
    names = (await work.directory()).names
    found = {}
    for row in await work.session.scalars(select(ChecklistTick).where(*_at(place))):
        finding = opened(work, place.round_id, _record_of(place, row.point), row.sealed)
        found[row.point] = Tick(names.get(row.by_id, row.by_id), row.at.astimezone(work.zone).date(), finding)
    return found


async def point_to_check(work: UnitOfWork, who: Member, key: str, point: int) -> tuple[FieldPlace, str]:
    """Return a place where somebody works and a point of its checklist. Raises NotEntitled."""
    known = await work.directory()
    place = place_worked_at(known, who, key)
    checklist = checklist_at(known, place)
    if checklist is None or not 0 <= point < len(checklist.points):
        raise NotEntitled
    return place, checklist.points[point]


async def tick(work: UnitOfWork, who: Member, key: str, point: int, finding: str = "") -> None:
    """Note that a point is checked, and what was found. Raises NotEntitled; Impossible when it is checked already."""
    place, _ = await point_to_check(work, who, key, point)
    sealed = seal(work, place.round_id, _record_of(place, point), finding) if finding else None
    row = {"round_id": place.round_id, "place_kind": place.kind, "place_id": place.id, "point": point}
    if not await insert_or_ignore(work.session, ChecklistTick, **row, by_id=who.id, at=coarse(work.now), sealed=sealed):
        raise Impossible("tick", str(point))


async def take_tick_back(work: UnitOfWork, who: Member, key: str, point: int) -> None:
    """Forget that a point is checked, with what was found. Raises NotEntitled."""
    place, _ = await point_to_check(work, who, key, point)
    await work.session.execute(delete(ChecklistTick).where(*_at(place), ChecklistTick.point == point))


async def progress_at(work: UnitOfWork, places: Collection[FieldPlace]) -> Progress:
    """Return how far the checklists of some places are done."""
    known = await work.directory()
    lists = {(place.round_id, place.kind, place.id): checklist_at(known, place) for place in places}
    rounds = {place.round_id for place in places}
    counting = select(ChecklistTick.round_id, ChecklistTick.place_kind, ChecklistTick.place_id, func.count())
    counting = counting.where(ChecklistTick.round_id.in_(rounds))
    counting = counting.group_by(ChecklistTick.round_id, ChecklistTick.place_kind, ChecklistTick.place_id)
    done = sum(
        count
        for round_id, kind, place_id, count in await work.session.execute(counting)
        if lists.get((round_id, kind, place_id))
    )
    return Progress(done, sum(len(one.points) for one in lists.values() if one))


def _at(place: FieldPlace) -> tuple[ColumnElement[bool], ...]:
    return (
        ChecklistTick.round_id == place.round_id,
        ChecklistTick.place_kind == place.kind,
        ChecklistTick.place_id == place.id,
    )


def _record_of(place: FieldPlace, point: int) -> str:
    return f"tick:{place.key}:{point}"
