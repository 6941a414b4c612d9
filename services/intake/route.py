"""Where a complaint goes, who reads it there, and why: one table of rules, applied top-down.

What a resident is promised before sending, where the complaint lies then and what the receipt says are read off it.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from models.desk import DIRECTOR_DESK, OFFICE_DESK, Desk
from models.staff import OFFICE_ROLES, Role
from models.urgency import Urgency
from services.directory import Directory, Person
from services.intake.drafts import Draft
from services.intake.understanding import TEAM_CONDUCT, About, TextKind, Understanding, WordSpan


@dataclass(frozen=True)
class Scene:
    """All that decides where a complaint goes."""

    team_id: str | None  # responsible for the place that was scanned
    names_another_team: bool = False  # the text names a village or township that is another team's
    concerns_head: bool = False
    concerns_team: bool = False
    names_leader: bool = False  # of the team: one about the leader is none for those who are led
    advertisement: bool = False
    hazard: bool = False
    leader_may_see: bool = True  # nothing shuts the team's leader out of the unit
    anybody_may_see: bool = True  # nor everybody on the team
    office_may_see: bool = True  # nor everybody at the office
    director_may_see: bool = True  # nor every director of the office


class Because(StrEnum):
    """Why a complaint goes where it goes."""

    NAMES_LEADER = "names_leader"
    CONCERNS_TEAM = "concerns_team"
    CONCERNS_HEAD = "concerns_head"
    ADVERTISEMENT = "advertisement"
    NO_TEAM = "no_team"
    TEAM_SHUT_OUT = "team_shut_out"
    OTHER_TEAM = "other_team"
    OWN_TEAM = "own_team"


class ReadBy(StrEnum):
    """Who reads a complaint where it lies first."""

    TEAM = "team"
    LEADER = "leader"
    OFFICE = "office"
    DIRECTOR = "director"
    NOBODY = "nobody"  # all of them are shut out


@dataclass(frozen=True)
class Destination:
    """The desk where a new case lies first, the action that lays it there, who reads it, and why it goes there."""

    desk: Desk
    team_id: str | None
    first_action: str
    read_by: ReadBy
    because: Because


def route(scene: Scene) -> Destination:
    """Return where a complaint goes. The first rule that applies decides."""
    if scene.names_leader:
        return _to_director(scene, Because.NAMES_LEADER)
    if scene.concerns_team:
        return _to_director(scene, Because.CONCERNS_TEAM)
    if scene.concerns_head:
        if scene.team_id is None or not scene.leader_may_see:
            return _to_director(scene, Because.CONCERNS_HEAD)
        return _to_leader(scene.team_id, Because.CONCERNS_HEAD)
    if scene.advertisement:
        return _to_office(scene, Because.ADVERTISEMENT)
    if scene.team_id is None:
        return _to_office(scene, Because.NO_TEAM)
    if not scene.anybody_may_see:
        return _to_director(scene, Because.TEAM_SHUT_OUT)
    if scene.names_another_team and not scene.hazard:  # a danger does not wait for the office to sort it
        return _to_office(scene, Because.OTHER_TEAM)
    return Destination(Desk.team(scene.team_id), scene.team_id, "assign", ReadBy.TEAM, Because.OWN_TEAM)


def _to_director(scene: Scene, because: Because) -> Destination:
    read_by = ReadBy.DIRECTOR if scene.director_may_see else ReadBy.NOBODY
    return Destination(DIRECTOR_DESK, None, "restrict", read_by, because)


def _to_office(scene: Scene, because: Because) -> Destination:
    read_by = ReadBy.OFFICE if scene.office_may_see else ReadBy.NOBODY
    return Destination(OFFICE_DESK, None, "leave_to_office", read_by, because)


def _to_leader(team_id: str, because: Because) -> Destination:
    return Destination(Desk.leader(team_id), team_id, "restrict", ReadBy.LEADER, because)


def scene_of(known: Directory, draft: Draft) -> Scene:
    """Gather what decides where a draft goes; a category can say, too, that it concerns the team."""
    place, meaning = draft.place, draft.meaning
    scene = scene_at(
        known, place.team_id, place.unit_id, named=meaning.staff_named, perhaps_named=meaning.perhaps_named
    )
    return replace(
        scene,
        names_another_team=bool(meaning.teams_named(place.team_id, place.unit_id)),
        concerns_head=draft.concerns_head,
        concerns_team=draft.concerns_team or draft.category == TEAM_CONDUCT,
        advertisement=meaning.kind == TextKind.ADVERT,
        hazard=meaning.urgency != Urgency.NORMAL,
    )


def scene_at(
    known: Directory,
    team_id: str | None,
    unit_id: str | None,
    *,
    named: Collection[str],
    perhaps_named: Collection[str],
) -> Scene:
    """Gather who may see a complaint about a unit that is a team's.

    `named` are those on the staff whom it names; among `perhaps_named` are those, too, whose name only sounds so.
    """

    def may_see(*roles: Role, team_id: str | None = None) -> list[Person]:
        people = known.with_roles(*roles, team_id=team_id)
        return [one for one in people if unit_id not in one.shut_out_of]

    def is_any_unnamed(people: Iterable[Person]) -> bool:
        return any(one.id not in named for one in people)

    team = may_see(Role.TEAM_LEADER, Role.TEAM_MEMBER, team_id=team_id) if team_id else []
    leads = [one for one in team if team_id in one.teams(Role.TEAM_LEADER)]
    return Scene(
        team_id=team_id,
        names_leader=any(one.id in perhaps_named for one in leads),
        leader_may_see=is_any_unnamed(leads),
        anybody_may_see=is_any_unnamed(team),
        office_may_see=is_any_unnamed(may_see(*OFFICE_ROLES)),
        director_may_see=is_any_unnamed(may_see(Role.OFFICE_DIRECTOR)),
    )


@dataclass(frozen=True)
class Promise:
    """Who will read a draft once it is sent, and why; `words` are those of the draft that led to it."""

    read_by: ReadBy
    because: Because
    words: tuple[str, ...] = ()


def promise(known: Directory, draft: Draft) -> Promise:
    """Return what a resident is told before sending; after sending the same holds."""
    destination = route(scene_of(known, draft))
    words = words_that_led_to(known, destination.because, draft.meaning, draft.place.team_id, draft.place.unit_id)
    return Promise(destination.read_by, destination.because, words)


def words_that_led_to(
    known: Directory, because: Because, meaning: Understanding, team_id: str | None, unit_id: str | None
) -> tuple[str, ...]:
    """Return the words because of which a rule applied, each once, at a place of a unit that is a team's."""
    found = _led_to(known, because, meaning, team_id, unit_id)
    words = dict.fromkeys(" ".join(one.written.split()) for one in found)
    return tuple(word for word in words if not any(word in other for other in words if word != other))


def _led_to(
    known: Directory, because: Because, meaning: Understanding, team_id: str | None, unit_id: str | None
) -> Iterable[WordSpan]:
    match because:
        case Because.CONCERNS_TEAM:
            found = [words for one in meaning.about if one.about == About.TEAM for words in one.words]
            return found or (meaning.category_words if meaning.category == TEAM_CONDUCT else ())
        case Because.CONCERNS_HEAD:
            return [words for one in meaning.about if one.about == About.HEAD for words in one.words]
        case Because.NAMES_LEADER:
            leads = {one.id for one in known.with_roles(Role.TEAM_LEADER, team_id=team_id)}
            return [words for one in meaning.about if one.person_id in leads for words in one.words]
        case Because.OTHER_TEAM:
            return [words for one in meaning.places_of_others(team_id, unit_id) for words in one.words]
        case _:
            return ()
