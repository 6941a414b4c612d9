"""Where a complaint goes: one table of rules, applied top-down, that can be read aloud to whoever asks."""

import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from models.desk import DIRECTOR_DESK, OFFICE_DESK, Desk
from models.staff import Role
from services.directory import NamedPlace, Person
from services.intake.drafts import Draft
from services.intake.guess import TEAM_CONDUCT, is_hazard, looks_like_advertisement
from services.intake.place import Place
from services.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Scene:
    """All that decides where a complaint goes."""

    team_id: str | None  # responsible for the place that was scanned
    names_another_team: bool = False  # the text names a village or township that is another team's
    concerns_head: bool = False
    concerns_team: bool = False
    advertisement: bool = False
    hazard: bool = False
    leader_may_see: bool = True  # nothing shuts the team's leader out of the unit
    anybody_may_see: bool = True  # nor everybody on the team


@dataclass(frozen=True)
class Destination:
    """The desk where a new case lies first, and the action that lays it there."""

    desk: Desk
    team_id: str | None
    first_action: str

    @property
    def reader(self) -> str:
        """Who reads it there: office, director, leader or team."""
        if self.desk == OFFICE_DESK:
            return "office"
        if self.desk == DIRECTOR_DESK:
            return "director"
        return "leader" if self.first_action == "restrict" else "team"


OFFICE = Destination(OFFICE_DESK, None, "leave_to_office")
DIRECTOR = Destination(DIRECTOR_DESK, None, "restrict")


def route(scene: Scene) -> Destination:
    """Return where a complaint goes. The first rule that applies decides."""
    if scene.concerns_team:
        return DIRECTOR
    if scene.concerns_head:
        if scene.team_id is None or not scene.leader_may_see:
            return DIRECTOR
        return Destination(Desk.leader(scene.team_id), scene.team_id, "restrict")
    if scene.advertisement or scene.team_id is None:
        return OFFICE
    if not scene.anybody_may_see:
        return DIRECTOR
    if scene.names_another_team and not scene.hazard:  # a danger does not wait for the office to sort it
        return OFFICE
    return Destination(Desk.team(scene.team_id), scene.team_id, "assign")


def teams_named(texts: Iterable[str], places: Iterable[NamedPlace]) -> frozenset[str]:
    """Return the teams whose villages or townships the text names.

    County departments do not count: villagers name them as the ones who sent them away.
    """
    text = unicodedata.normalize("NFKC", "\n".join(texts))
    return frozenset(place.team_id for place in places if place.team_id and any(name in text for name in place.names))


async def look_at(work: UnitOfWork, draft: Draft, category: str, named_staff: Collection[str]) -> Scene:
    """Gather what decides where a draft goes; a category can say, too, that it concerns the team."""
    place = draft.place
    team = await _who_may_see(work, place)
    may_see = [person for person in team if person.id not in named_staff]
    leads = [person.id for person in team if place.team_id in person.teams(Role.TEAM_LEADER)]
    named = teams_named(draft.texts, (await work.directory()).named_places(place.round_id))
    return Scene(
        team_id=place.team_id,
        names_another_team=bool(named - {place.team_id}),
        concerns_head=draft.concerns_head,
        # One about the leader is none for those who are led.
        concerns_team=draft.concerns_team or category == TEAM_CONDUCT or bool(set(leads) & set(named_staff)),
        advertisement=looks_like_advertisement(draft.texts),
        hazard=is_hazard(draft.texts),
        leader_may_see=bool(set(leads) - set(named_staff)),
        anybody_may_see=bool(may_see),
    )


async def _who_may_see(work: UnitOfWork, place: Place) -> list[Person]:
    if place.team_id is None:
        return []
    team = (await work.directory()).with_roles(Role.TEAM_LEADER, Role.TEAM_MEMBER, team_id=place.team_id)
    return [person for person in team if place.unit_id not in person.shut_out_of]
