"""What is known of a village or unit before a team enters it: its class, what was found, what people write about."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, and_, exists, func, or_, select

from models.base import coarse
from models.complaints import Case, CaseShutOut
from models.desk import DeskKind
from models.fieldwork import VillagePlan
from models.rectification import CaseItem, RectificationItem
from models.rounds import PlaceKind, VillageClass
from models.states import CaseState, NotEntitled
from services.access.member import Member
from services.directory import Directory
from services.fieldwork.places import FieldPlace, place_of, place_to_look_at, places_of, places_worked_at
from services.fieldwork.sealed import opened, seal
from services.unit_of_work import UnitOfWork

LONGEST_PLAN = 1500  # characters
ITEMS_SHOWN = 5
_NOT_COUNTED = (CaseState.WITHDRAWN, CaseState.INVALID, CaseState.MERGED)


@dataclass(frozen=True)
class PlaceFacts:
    """A place as somebody may know it; `fewest` is the smallest count that they are shown.

    `is_own`: it is their team's, and so they read the plan and every count; `is_worked_at`: they work there, on the
    team or for this village alone.
    """

    place: FieldPlace
    is_own: bool
    is_worked_at: bool
    village_class: VillageClass | None
    households: int | None
    topics: Mapping[str, int]  # complaints by category, the most frequent first
    fewest: int
    items: Sequence[RectificationItem]  # those that are there or name it, the latest first
    plan: str | None


async def facts_of_place(work: UnitOfWork, who: Member, key: str) -> PlaceFacts:
    """Return what somebody may know of a place. Raises NotEntitled."""
    known = await work.directory()
    place = place_to_look_at(known, who, key)
    is_own = place in places_of(known, who)
    village = known.villages.get(place.village_id or "")
    fewest = 1 if is_own else max(1, known.settings.privacy.public_min_count)
    return PlaceFacts(
        place,
        is_own,
        place in places_worked_at(known, who),
        village.village_class if village else None,
        village.households if village else None,
        {code: count for code, count in (await _topics(work, who, place, is_own=is_own)).items() if count >= fewest},
        fewest,
        await _items(work, who, place, is_own=is_own),
        await _plan(work, place) if is_own else None,
    )


async def keep_plan(work: UnitOfWork, who: Member, key: str, text: str) -> None:
    """Keep what the team means to do in a village, in place of what it meant before. Raises NotEntitled."""
    place = village_to_plan(await work.directory(), who, key)
    sealed = seal(work, place.round_id, _record_of(place), text)
    await work.session.merge(
        VillagePlan(round_id=place.round_id, village_id=place.id, by_id=who.id, at=coarse(work.now), sealed=sealed)
    )
    await work.session.flush()


def village_to_plan(known: Directory, who: Member, key: str) -> FieldPlace:
    """Return a village of somebody's own team. Raises NotEntitled."""
    place = place_of(known, who, key)
    if place.kind != PlaceKind.VILLAGE:
        raise NotEntitled
    return place


async def _plan(work: UnitOfWork, place: FieldPlace) -> str | None:
    plan = await work.session.get(VillagePlan, (place.round_id, place.id)) if place.village_id else None
    return opened(work, place.round_id, _record_of(place), plan.sealed) if plan else None


async def _topics(work: UnitOfWork, who: Member, place: FieldPlace, *, is_own: bool) -> dict[str, int]:
    """Return how many complaints there are about each topic: on somebody's own desks, else on the teams' alone.

    What is for one pair of eyes is counted for nobody else, nor is what they are shut out of, or what is held.
    """
    here = Case.village_id == place.id if place.village_id else Case.unit_id == place.unit_id
    query = (
        select(Case.category, Case.desk, func.count())
        .where(
            Case.round_id == place.round_id,
            here,
            Case.held_until.is_(None),
            Case.state.not_in(_NOT_COUNTED),
            Case.id.not_in(select(CaseShutOut.case_id).where(CaseShutOut.staff_id == who.id)),
        )
        .group_by(Case.category, Case.desk)
    )
    found: dict[str, int] = {}
    for category, desk, count in await work.session.execute(query):
        if desk in who.desks if is_own else desk.kind is DeskKind.TEAM:
            found[category] = found.get(category, 0) + count
    return dict(sorted(found.items(), key=lambda one: (-one[1], one[0])))


async def _items(work: UnitOfWork, who: Member, place: FieldPlace, *, is_own: bool) -> list[RectificationItem]:
    """Return what was found there in this round and before, as far as it is theirs to see.

    An item without a village is there if its problem names it. The village of one that was made of a complaint is that
    from which the complaint came: beside the team, whose counts of complaints begin with one, nobody is told it.
    """
    item = RectificationItem
    query = select(item).where(item.unit_id == place.unit_id)
    if place.village_id is None:
        return await _seen(work, who, query)
    of_a_case = exists().where(CaseItem.item_id == item.id)
    is_told = item.village_id == place.village_id if is_own else and_(item.village_id == place.village_id, ~of_a_case)
    may_name_it = item.village_id.is_(None) if is_own else or_(item.village_id.is_(None), of_a_case)
    named = and_(may_name_it, item.problem.contains(_short(place.name), autoescape=True))
    others = [one.name for one in (await work.directory()).villages.values() if one.id != place.village_id]
    found = [one for one in await _seen(work, who, query.where(named)) if _names(one.problem, place.name, others)]
    found += await _seen(work, who, query.where(is_told))
    return sorted(found, key=lambda one: (-one.issued_on.toordinal(), one.id))


async def _seen(work: UnitOfWork, who: Member, query: Select[RectificationItem]) -> list[RectificationItem]:
    found = await work.session.scalars(query.order_by(RectificationItem.issued_on.desc(), RectificationItem.id))
    return [item for item in found if who.actors_at_item(item)]


def _names(text: str, name: str, others: Iterable[str]) -> bool:
    """Whether a text names a village, and not another whose name has this one in it."""
    short = _short(name)
    for other in sorted(map(_short, others), key=len, reverse=True):
        text = text.replace(other, "") if short in other and short != other else text
    return short in text


def _short(name: str) -> str:
    """Return the name of a village as people write it."""
    return name.removesuffix("村").removesuffix("社区")


def _record_of(place: FieldPlace) -> str:
    return f"plan:{place.key}"
