"""The villages and units where a team works: what is entered, checked and counted belongs to one of them."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from models.rounds import PlaceKind
from models.staff import TEAM_ROLES, Role
from models.states import NotEntitled, RoundState
from services.access.member import Member
from services.directory import Directory

_KEY_DIGITS = 16
# From what a team is told before it sets out until its report is written.
_IN_THE_FIELD = frozenset({RoundState.PREPARING, RoundState.STATIONED, RoundState.INTAKE_CLOSED, RoundState.REPORTING})


@dataclass(frozen=True)
class FieldPlace:
    """A village, or a unit itself, at which a team is stationed in a round."""

    round_id: str
    kind: PlaceKind
    id: str
    name: str
    unit_id: str
    team_id: str | None  # nobody's yet, where the round names no team

    @property
    def key(self) -> str:
        """What names it in a button: ids may be too long, and a place may be inspected in several rounds."""
        whole = f"{self.round_id}\0{self.kind}\0{self.id}"
        return hashlib.sha256(whole.encode()).hexdigest()[:_KEY_DIGITS]

    @property
    def village_id(self) -> str | None:
        """The village, if it is one."""
        return self.id if self.kind == PlaceKind.VILLAGE else None


def places_of(known: Directory, who: Member) -> list[FieldPlace]:
    """Return where somebody's own teams are stationed now: each unit, and its villages after it.

    Nobody works at a unit that they are shut out of.
    """
    own = set(who.teams(*TEAM_ROLES))
    return [place for place in _all(known) if place.team_id in own and place.unit_id not in who.shut_out_of]


def places_worked_at(known: Directory, who: Member) -> list[FieldPlace]:
    """Return where somebody works: their own team's places, and the villages for which they are on a micro-team."""
    granted = {(one.team_id, one.subject_id) for one in who.grants if one.role is Role.MICRO_TEAM}
    own = set(who.teams(*TEAM_ROLES))
    return [
        place
        for place in _all(known)
        if (place.team_id in own or (place.team_id, place.village_id) in granted)
        and place.unit_id not in who.shut_out_of
    ]


def places_to_enter_for(known: Directory, who: Member) -> list[FieldPlace]:
    """Return for which places somebody enters what came by another door: where they work, and the office for all.

    Nothing is entered before the team is there, nor once it has left.
    """
    is_there = {round_.id for round_ in known.rounds.values() if round_.state == RoundState.STATIONED}
    return [place for place in places_to_look_at(known, who) if place.round_id in is_there]


def places_to_look_at(known: Directory, who: Member) -> list[FieldPlace]:
    """Return which places somebody may look at: where they work, and the office all with a team in the field."""
    if not who.is_office:
        return places_worked_at(known, who)
    return [place for place in _all(known) if place.unit_id not in who.shut_out_of]


def place_to_look_at(known: Directory, who: Member, key: str) -> FieldPlace:
    """Return a place that somebody may look at, by its key. Raises NotEntitled."""
    return _found(places_to_look_at(known, who), key)


def place_of(known: Directory, who: Member, key: str) -> FieldPlace:
    """Return a place where somebody's own team works, by its key. Raises NotEntitled."""
    return _found(places_of(known, who), key)


def place_worked_at(known: Directory, who: Member, key: str) -> FieldPlace:
    """Return a place where somebody works, by its key. Raises NotEntitled."""
    return _found(places_worked_at(known, who), key)


def place_to_enter_for(known: Directory, who: Member, key: str) -> FieldPlace:
    """Return a place for which somebody enters, by its key. Raises NotEntitled."""
    return _found(places_to_enter_for(known, who), key)


def place_labels(known: Directory, places: Sequence[FieldPlace]) -> dict[str, str]:
    """Return what each place is called beside the others, by its key: with its unit where two have one name."""
    times = Counter(one.name for one in places)
    return {
        one.key: one.name if times[one.name] == 1 else f"{known.units[one.unit_id].name} {one.name}" for one in places
    }


def _found(places: list[FieldPlace], key: str) -> FieldPlace:
    found = next((place for place in places if place.key == key), None)
    if found is None:
        raise NotEntitled
    return found


def _all(known: Directory) -> Iterator[FieldPlace]:
    """Yield the places of all rounds that have a team in the field, unit by unit."""
    villages = sorted(known.villages.values(), key=lambda one: one.id)
    for round_ in known.rounds.values():
        if round_.state not in _IN_THE_FIELD:
            continue
        levelled_up = known.levelled_up.get(round_.id, {})
        for unit_id, team_id in sorted(known.assignments.get(round_.id, {}).items()):
            yield FieldPlace(round_.id, PlaceKind.UNIT, unit_id, known.units[unit_id].name, unit_id, team_id)
            for one in villages:
                if one.unit_id == unit_id:
                    its_team = levelled_up.get(one.id, team_id)
                    yield FieldPlace(round_.id, PlaceKind.VILLAGE, one.id, one.name, unit_id, its_team)
