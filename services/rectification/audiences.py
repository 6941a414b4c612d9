"""Who can be told about an item: everybody enrolled, by what they are at it."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence

from models.deadlines import Audience
from models.rectification import RectificationItem
from models.settings import CountySettings
from models.staff import Role
from models.states import Actor
from models.working_days import WorkingCalendar
from services.access.member import Member, enrolled_members
from services.unit_of_work import UnitOfWork

_OFFICE = frozenset({Actor.OFFICE_DIRECTOR, Actor.OFFICE_STAFF})
# What somebody must be at an item to be part of an audience.
_PART = {
    Audience.UNIT_HEAD: frozenset({Actor.UNIT_HEAD}),
    Audience.LIAISON: frozenset({Actor.LIAISON}),
    Audience.COUNTY_LEADER: frozenset({Actor.COUNTY_LEADER}),
    Audience.OFFICE_DIRECTOR: frozenset({Actor.OFFICE_DIRECTOR}),
    Audience.REVIEWERS: frozenset({Actor.TEAM_MEMBER}),
}


class Directory:
    """The staff who have enrolled an account, looked up once for any number of items.

    What somebody is at an item, `Member.actors_at_item` says and nothing else; the directory knows whom to ask.
    """

    def __init__(self, enrolled: Sequence[Member]) -> None:
        self._by_id = {person.id: person for person in enrolled}
        self._at_units: dict[str, list[Member]] = defaultdict(list)
        self._on_teams: dict[str, list[Member]] = defaultdict(list)
        self._heads: set[str] = set()
        self._at_office = [person for person in enrolled if person.is_office]
        for person in enrolled:
            for unit_id in dict.fromkeys(person.units(Role.UNIT_HEAD, Role.LIAISON)):
                self._at_units[unit_id].append(person)
            for team_id in dict.fromkeys(person.teams(Role.TEAM_LEADER, Role.TEAM_MEMBER)):
                self._on_teams[team_id].append(person)
            self._heads.update(person.units(Role.UNIT_HEAD))

    def fingerprint(self, settings: CountySettings, calendar: WorkingCalendar) -> str:
        """Return a hash of all that decides who is told what and when, beside the items themselves."""
        people = [
            (person.id, sorted(map(repr, person.roles)), sorted(person.shut_out_of), sorted(person.shut_out_of_items))
            for _, person in sorted(self._by_id.items())
        ]
        basis = repr((people, settings, calendar.known_years))
        return hashlib.sha256(basis.encode()).hexdigest()

    def told(self, item: RectificationItem, audience: Iterable[Audience]) -> list[str]:
        """Return the ids of those to be told; the office stands in for a head who has not enrolled."""
        audience = tuple(audience)
        wanted = frozenset[Actor]().union(*(_PART[part] for part in audience))
        if Audience.UNIT_HEAD in audience and not self.has_head(item.unit_id):
            wanted |= _OFFICE
        return sorted(person.id for person in self._near(item) if person.actors_at_item(item) & wanted)

    def has_head(self, unit_id: str) -> bool:
        """Whether a head of the unit has enrolled."""
        return unit_id in self._heads

    def _near(self, item: RectificationItem) -> Iterable[Member]:
        """Return all who can be anything at an item, so that not everybody is asked about each of many."""
        near = [*self._at_units[item.unit_id], *self._on_teams[item.team_id or ""], *self._at_office]
        if item.county_leader_id in self._by_id:
            near.append(self._by_id[item.county_leader_id])
        return {person.id: person for person in near}.values()


async def open_directory(work: UnitOfWork) -> Directory:
    """Read who has enrolled, and what they are."""
    return Directory(await enrolled_members(work.session))
