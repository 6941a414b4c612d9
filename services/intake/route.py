"""Where a complaint goes: one table of rules, applied top-down, that can be read aloud to whoever asks."""

from collections.abc import Iterable
from dataclasses import dataclass

from models.staff import Role
from models.urgency import Urgency
from services.desks import DIRECTOR_DESK, OFFICE_DESK, leader_desk, team_desk
from services.directory import Directory, Person
from services.intake.drafts import Draft
from services.intake.understanding import TEAM_CONDUCT, Kind


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
    office_may_see: bool = True  # nor everybody at the office
    director_may_see: bool = True  # nor every director of the office


@dataclass(frozen=True)
class Destination:
    """The desk where a new case lies first, and the action that lays it there."""

    desk: str
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
        return Destination(leader_desk(scene.team_id), scene.team_id, "restrict")
    if scene.advertisement or scene.team_id is None:
        return OFFICE
    if not scene.anybody_may_see:
        return DIRECTOR
    if scene.names_another_team and not scene.hazard:  # a danger does not wait for the office to sort it
        return OFFICE
    return Destination(team_desk(scene.team_id), scene.team_id, "assign")


def reader(scene: Scene) -> str:
    """Return who reads it where it goes: office, director, leader or team; nobody, when all of them are shut out."""
    destination = route(scene)
    if destination == OFFICE and not scene.office_may_see:
        return "nobody"
    if destination == DIRECTOR and not scene.director_may_see:
        return "nobody"
    return destination.reader


def scene_of(known: Directory, draft: Draft) -> Scene:
    """Gather what decides where a draft goes; a category can say, too, that it concerns the team."""
    place, meaning = draft.place, draft.meaning

    def may_see(*roles: Role, team_id: str | None = None) -> list[Person]:
        people = known.with_roles(*roles, team_id=team_id)
        return [one for one in people if place.unit_id not in one.shut_out_of]

    def is_any_unnamed(people: Iterable[Person]) -> bool:
        return any(one.id not in meaning.staff_named for one in people)

    team = may_see(Role.TEAM_LEADER, Role.TEAM_MEMBER, team_id=place.team_id) if place.team_id else []
    leads = [one for one in team if place.team_id in one.teams(Role.TEAM_LEADER)]
    return Scene(
        team_id=place.team_id,
        names_another_team=bool(meaning.teams_named(place.team_id)),
        concerns_head=draft.concerns_head,
        # One about the leader is none for those who are led.
        concerns_team=draft.concerns_team
        or draft.chosen_or_likely_category == TEAM_CONDUCT
        or any(one.id in meaning.staff_named for one in leads),
        advertisement=meaning.kind == Kind.ADVERT,
        hazard=meaning.urgency != Urgency.NORMAL,
        leader_may_see=is_any_unnamed(leads),
        anybody_may_see=is_any_unnamed(team),
        office_may_see=is_any_unnamed(may_see(Role.OFFICE_DIRECTOR, Role.OFFICE_STAFF)),
        director_may_see=is_any_unnamed(may_see(Role.OFFICE_DIRECTOR)),
    )
