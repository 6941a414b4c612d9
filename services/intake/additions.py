"""What is added to a complaint that was sent: who will read it, and where its case goes because of it."""

from dataclasses import dataclass, replace

from models.complaints import Case, Complaint
from models.desk import DeskKind
from models.rounds import PlaceKind
from models.urgency import Urgency
from services.access.conflicts import named_in_case
from services.access.visibility import may_read
from services.cases.dialogue import cases_of
from services.directory import Directory
from services.intake.drafts import Addition
from services.intake.place import Place, place_of
from services.intake.route import Because, Destination, Promise, ReadBy, route, scene_at, words_that_led_to
from services.sealed_messages import Restriction
from services.unit_of_work import UnitOfWork

_READ_BY = {
    DeskKind.TEAM: ReadBy.TEAM,
    DeskKind.LEADER: ReadBy.LEADER,
    DeskKind.OFFICE: ReadBy.OFFICE,
    DeskKind.DIRECTOR: ReadBy.DIRECTOR,
}
# What can be turned on while a case lies on a desk: on the others it makes no difference.
_TOGGLES = {DeskKind.TEAM: ("head", "team"), DeskKind.OFFICE: ("head", "team"), DeskKind.LEADER: ("team",)}


@dataclass(frozen=True)
class AdditionPromise:
    """Who will read an addition once it is made, and why; where its complaint came from, and who has it now."""

    promise: Promise
    place: Place
    toggles: tuple[str, ...]


async def may_be_added_to(work: UnitOfWork, complaint: Complaint) -> bool:
    """Whether somebody still works on a complaint, so that something may be added to it."""
    return complaint.withdrawn_at is None and await _open_case(work, complaint) is not None


async def promise_of(work: UnitOfWork, complaint: Complaint, addition: Addition) -> AdditionPromise | None:
    """Return what a resident is told before adding; afterwards the same holds. None: nobody works on it any more."""
    case = await _open_case(work, complaint)
    if case is None or complaint.withdrawn_at is not None:
        return None
    known = await work.directory()
    found = await _destination(work, known, case, addition)
    moves = found.desk.is_stricter_than(case.desk)
    stays_with = _READ_BY[case.desk.kind] if await may_read(work, case) else ReadBy.NOBODY
    read_by = found.read_by if moves else stays_with
    because = found.because if moves or found.desk == case.desk else Because.OWN_TEAM
    words = words_that_led_to(known, because, addition.meaning, case.team_id, case.unit_id)
    place = await _place_of(work, known, complaint, case)
    return AdditionPromise(Promise(read_by, because, words), place, _TOGGLES.get(case.desk.kind, ()))


async def restriction_of(work: UnitOfWork, complaint: Complaint, addition: Addition) -> Restriction | None:
    """Return what an addition asks for: that its case is kept from those who have it now. None: that it stays."""
    case = await _open_case(work, complaint)
    if case is None:
        return None
    found = await _destination(work, await work.directory(), case, addition)
    if not found.desk.is_stricter_than(case.desk):
        return None
    return Restriction(
        found.desk.kind,
        concerns_head=addition.concerns_head,
        concerns_team=addition.concerns_team or found.because is Because.NAMES_LEADER,
    )


async def _open_case(work: UnitOfWork, complaint: Complaint) -> Case | None:
    """Return the case of a complaint that is worked on; of several, one whose desk most sit at."""
    found: Case | None = None
    for case in await cases_of(work, complaint):
        if case.is_open and (found is None or found.desk.is_stricter_than(case.desk)):
            found = case
    return found


async def _destination(work: UnitOfWork, known: Directory, case: Case, addition: Addition) -> Destination:
    """Return where a case would go if it came in with what is added."""
    named = await named_in_case(work.session, case.id)
    meaning = addition.meaning
    scene = scene_at(
        known,
        case.team_id,
        case.unit_id,
        named=named | meaning.staff_named,
        perhaps_named=named | meaning.perhaps_named,
    )
    return route(
        replace(
            scene,
            concerns_head=case.concerns_head or addition.concerns_head,
            concerns_team=case.concerns_team or addition.concerns_team,
            hazard=case.hazard or meaning.urgency != Urgency.NORMAL,
        )
    )


async def _place_of(work: UnitOfWork, known: Directory, complaint: Complaint, case: Case) -> Place:
    """Return where a complaint came from, with the team that has it now."""
    kind = PlaceKind.VILLAGE if case.village_id else PlaceKind.UNIT if case.unit_id else PlaceKind.ROUND
    place = await place_of(work, complaint.round_id, kind, case.village_id or case.unit_id)
    team = known.teams.get(case.team_id or "")
    return replace(place, team_id=case.team_id, team_name=team.name if team else None)
