"""Who can be told about an item: everybody enrolled, by what they are at it."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from models.deadlines import Audience
from models.rectification import RectificationItem
from models.staff import OFFICE_ROLES, UNIT_ROLES, Role
from models.states import OFFICE_ACTORS, Actor
from models.working_days import KNOWN_YEARS
from services.access.conflicts import named_behind_items
from services.access.member import Member
from services.directory import Directory, Person, RoleAt
from services.unit_of_work import UnitOfWork

# What somebody must be at an item to be part of an audience.
_PART = {
    Audience.UNIT_HEAD: frozenset({Actor.UNIT_HEAD}),
    Audience.LIAISON: frozenset({Actor.LIAISON}),
    Audience.ANSWERING_ALONG: frozenset[Actor](),  # by their unit
    Audience.COUNTY_LEADER: frozenset({Actor.COUNTY_LEADER}),
    Audience.OFFICE: OFFICE_ACTORS,
    Audience.OFFICE_DIRECTOR: frozenset({Actor.OFFICE_DIRECTOR}),
    Audience.REVIEWERS: frozenset({Actor.TEAM_MEMBER}),
}


@dataclass(frozen=True)
class PeopleAtItem:
    """Everybody who can be told of an item, by what they are at it as it stands."""

    actors: Mapping[str, frozenset[Actor]]  # by the id of the staff
    along: frozenset[str]  # the ids of those of the units that answer along and have not acknowledged
    has_head: bool  # somebody is reached who answers for it as its head
    has_heads_along: bool  # and in each of those units

    def told(self, audience: Iterable[Audience]) -> list[str]:
        """Return the ids of those to be told; the office stands in where no head of the unit is reached."""
        audience = tuple(audience)
        wanted = frozenset[Actor]().union(*(_PART[part] for part in audience))
        along = self.along if Audience.ANSWERING_ALONG in audience else frozenset[str]()
        lacks_head = Audience.UNIT_HEAD in audience and not self.has_head
        if lacks_head or (Audience.ANSWERING_ALONG in audience and not self.has_heads_along):
            wanted |= OFFICE_ACTORS
        return sorted(along.union(one for one, actors in self.actors.items() if not wanted.isdisjoint(actors)))


class Audiences:
    """Who is told of items, for any number of them.

    What somebody is at an item, `Member.actors_at_item` says and nothing else; the directory knows whom to ask.
    """

    def __init__(self, directory: Directory, named: Mapping[str, Collection[str]]) -> None:
        self._directory = directory
        self._named = named  # by item: the staff named in the cases it was ordered because of

    def told(self, item: RectificationItem, audience: Iterable[Audience]) -> list[str]:
        """Return the ids of those to be told of an item as it stands."""
        return self.at(item).told(audience)

    def at(self, item: RectificationItem) -> PeopleAtItem:
        """Return who can be told of an item as it stands, for whoever asks for several audiences."""
        known, near = self._directory, list(self._near(item))
        actors = {one.id: self._at(item, one).actors_at_item(item) for one in near}
        along = frozenset(
            one.id for one in near if actors[one.id] and not item.unacknowledged_by.isdisjoint(one.units(*UNIT_ROLES))
        )
        return PeopleAtItem(actors, along, has_reached_head(known, item), has_reached_heads_along(known, item))

    def _at(self, item: RectificationItem, person: Person) -> Member:
        return Member.of(person, items=[item.id] if person.id in self._named.get(item.id, ()) else [])

    def _near(self, item: RectificationItem) -> Iterable[Person]:
        """Return all who can be anything at an item, so that not everybody is asked about each of many."""
        ask = self._directory.with_roles
        near = ask(*OFFICE_ROLES)
        for unit_id in item.unit_ids:
            near += ask(Role.UNIT_HEAD, Role.LIAISON, unit_id=unit_id)
        if item.team_id is not None:
            near += ask(Role.TEAM_LEADER, Role.TEAM_MEMBER, team_id=item.team_id)
        leading = (self._directory.people.get(one or "") for one in (item.county_leader_id, item.owner_id))
        near += [leader for leader in leading if leader is not None]
        return {one.id: one for one in near if self._directory.is_enrolled(one.id)}.values()


def has_reached_head(known: Directory, item: RectificationItem) -> bool:
    """Whether somebody is reached who answers for an item as its head."""
    return known.is_reached(item.owner_id) if item.owner_id else known.has_reachable_head(item.unit_id)


def has_reached_heads_along(known: Directory, item: RectificationItem) -> bool:
    """Whether a head is reached in each unit that answers along and has not acknowledged an item."""
    return all(map(known.has_reachable_head, item.unacknowledged_by))


async def audiences(work: UnitOfWork, *, of: Collection[str]) -> Audiences:
    """Return who is told of some items."""
    return Audiences(await work.directory(), await named_behind_items(work.session, of))


class PartKind(StrEnum):
    """By what a part of the items is told to the same people."""

    UNIT = "unit"
    TEAM = "team"
    COUNTY_LEADER = "county_leader"


WHOLE_COUNTY = "county"


@dataclass(frozen=True)
class ReminderBases:
    """Hashes of all that decides who is told what and when, beside the items themselves."""

    of_all: str
    by_part: Mapping[str, str]  # for WHOLE_COUNTY, and for each `unit:…`, `team:…` and `county_leader:…`


def reminder_bases(known: Directory) -> ReminderBases:
    """Return what it is told by who is told of items, for each part of them that has people of its own.

    Whoever has a role that belongs to no part may be told of any item, and counts for the whole county.
    """
    parts: dict[str, list[object]] = defaultdict(list)
    ladders = sorted(
        (one.id, one.settings_version, sorted(one.settings.get("rectification", {}).items(), key=str))
        for one in known.rounds.values()
    )
    parts[WHOLE_COUNTY] += [known.settings, ladders, sorted(KNOWN_YEARS)]
    for person in known.people.values():
        if known.is_enrolled(person.id):
            is_reached = known.is_reached(person.id)
            facts = (person.id, sorted(map(repr, person.roles)), sorted(person.shut_out_of), is_reached)
            for part in sorted({_part_of(person, held) for held in person.roles}):
                parts[part].append(facts)
    by_part = {part: _hash(facts) for part, facts in parts.items()}
    return ReminderBases(_hash(sorted(by_part.items())), by_part)


def _part_of(person: Person, held: RoleAt) -> str:
    if held.role in (Role.UNIT_HEAD, Role.LIAISON) and held.unit_id:
        return f"{PartKind.UNIT}:{held.unit_id}"
    if held.role in (Role.TEAM_LEADER, Role.TEAM_MEMBER) and held.team_id:
        return f"{PartKind.TEAM}:{held.team_id}"
    return f"{PartKind.COUNTY_LEADER}:{person.id}" if held.role is Role.COUNTY_LEADER else WHOLE_COUNTY


def _hash(facts: object) -> str:
    return hashlib.sha256(repr(facts).encode()).hexdigest()
