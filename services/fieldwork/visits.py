"""The six visits: how many households of each group a team has visited in a village, and where some are missing."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select, update

from models.database import insert_or_ignore
from models.fieldwork import VisitCount
from models.rounds import PlaceKind
from models.states import Impossible, NotEntitled
from services.access.member import Member
from services.directory import Directory
from services.fieldwork.places import FieldPlace, place_worked_at, places_worked_at
from services.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class VillageGaps:
    """The groups of which too few households were visited in a village."""

    place: FieldPlace
    groups: tuple[str, ...]


def visit_groups(known: Directory) -> tuple[str, ...]:
    """Return the groups whose households are to be visited, as the county names them."""
    return known.settings.fieldwork.visit_groups


async def visits_in(work: UnitOfWork, round_id: str, village_ids: Collection[str]) -> Mapping[str, Mapping[str, int]]:
    """Return how many households of each group were visited, by village."""
    query = select(VisitCount.village_id, VisitCount.visit_group, VisitCount.visits)
    query = query.where(VisitCount.round_id == round_id, VisitCount.village_id.in_(village_ids))
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for village_id, group, visits in await work.session.execute(query):
        found[village_id][group] = visits
    return found


async def count_visit(work: UnitOfWork, who: Member, key: str, group: str, *, taken_back: bool = False) -> None:
    """Count one household more that was visited, or take one back. Raises NotEntitled and Impossible."""
    known = await work.directory()
    place = place_worked_at(known, who, key)
    if place.kind != PlaceKind.VILLAGE or group not in visit_groups(known):
        raise NotEntitled
    row = {"round_id": place.round_id, "village_id": place.id, "visit_group": group}
    await insert_or_ignore(work.session, VisitCount, **row, visits=0)
    here = (VisitCount.round_id == place.round_id, VisitCount.village_id == place.id, VisitCount.visit_group == group)
    change = -1 if taken_back else 1
    counting = (
        update(VisitCount).where(*here, VisitCount.visits + change >= 0).values(visits=VisitCount.visits + change)
    )
    counted = await work.session.execute(
        counting.returning(VisitCount.visits).execution_options(synchronize_session=False)
    )
    if counted.first() is None:
        raise Impossible("visit", group)


async def gaps_of(work: UnitOfWork, who: Member) -> list[VillageGaps]:
    """Return in which villages where somebody works households of which groups are still to be visited."""
    known = await work.directory()
    villages = [place for place in places_worked_at(known, who) if place.kind == PlaceKind.VILLAGE]
    return await gaps_at(work, villages)


async def gaps_at(work: UnitOfWork, villages: Collection[FieldPlace]) -> list[VillageGaps]:
    """Return what is still to be visited in some villages; those with nothing left to do are not among them."""
    known, found = await work.directory(), []
    wanted = known.settings.fieldwork.visits_wanted
    for round_id in dict.fromkeys(place.round_id for place in villages):
        here = [place for place in villages if place.round_id == round_id]
        visited = await visits_in(work, round_id, [place.id for place in here])
        for place in here:
            counts = visited.get(place.id, {})
            missing = tuple(group for group in visit_groups(known) if counts.get(group, 0) < wanted)
            found += [VillageGaps(place, missing)] if missing else []
    return found
