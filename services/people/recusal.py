"""Recusal: whoever is bound to a unit is shut out of all that concerns it, at once."""

from collections.abc import Collection, Sequence

from sqlalchemy import Select, or_, select

from models.audit import Audited
from models.rounds import Assignment, LevelledUpVillage, Round, Unit, Village
from models.staff import TEAM_ROLES, Recusal, RecusalState, Role
from models.states import ENDED_ROUNDS, NotEntitled
from services.access.member import Member, member
from services.audit.log import record
from services.cases.reassignment import open_cases, reassign_all
from services.delivery.recall import recall_texts, staff_to_change
from services.unit_of_work import UnitOfWork

MAX_UNITS_SHOWN = 30


class OwnRecusal(NotEntitled):
    """Nobody lifts their own recusal, whatever office they hold."""


async def units_to_recuse_from(work: UnitOfWork, who: Member, named: str = "") -> Sequence[Unit]:
    """Return the units somebody might have to do with in open rounds: their teams', for the office all; at most 30."""
    query = (
        select(Unit)
        .join(Assignment, Assignment.unit_id == Unit.id)
        .join(Round, Round.id == Assignment.round_id)
        .where(Round.state.not_in(ENDED_ROUNDS), Unit.name.contains(named, autoescape=True))
    )
    if not who.is_office:
        teams = who.teams(*TEAM_ROLES)
        query = query.where(or_(Assignment.team_id.in_(teams), Unit.id.in_(_units_of_villages(teams))))
    return list(await work.session.scalars(query.distinct().order_by(Unit.id).limit(MAX_UNITS_SHOWN)))


def _units_of_villages(teams: Collection[str]) -> Select[str]:
    """Return the query for the units of the villages that were given to some teams."""
    given = LevelledUpVillage.team_id.in_(teams)
    return select(Village.unit_id).join(LevelledUpVillage, LevelledUpVillage.village_id == Village.id).where(given)


async def recuse(work: UnitOfWork, staff_id: str, unit_id: str, *, by: Member | None = None) -> Unit:
    """Shut somebody out of a unit: by their own word, or by the office's when `by` is somebody else or nobody.

    What of it they have on their phone is taken back, their cases go to others. Raises NotEntitled for others than
    the office director, and for a unit or person unknown.
    """
    own = by is not None and by.id == staff_id
    if not own and by is not None and not by.has(Role.OFFICE_DIRECTOR):
        raise NotEntitled
    unit = await work.session.get(Unit, unit_id)
    if unit is None:
        raise NotEntitled
    await shut_out(work, staff_id, unit_id, RecusalState.DECLARED if own else RecusalState.ORDERED)
    await record(work, Audited.RECUSED, by=by.id if by else None, subject=staff_id, unit=unit_id)
    return unit


async def shut_out(work: UnitOfWork, staff_id: str, unit_id: str, state: RecusalState, reason: str = "") -> None:
    """Put a recusal in force, take back what it shuts out, and hand cases over; raises NotEntitled.

    It is for the caller to write it down in the audit log, at the end: its head is locked last.
    """
    await member(work.session, staff_id)
    cases = await open_cases(work, units=[unit_id])
    await staff_to_change(work, staff_id)
    await work.session.merge(Recusal(staff_id=staff_id, unit_id=unit_id, state=state, reason=reason))
    await work.session.flush()
    await recall_texts(work, staff_id)
    await reassign_all(work, cases)


async def readmit(work: UnitOfWork, staff_id: str, unit_id: str, *, by: Member | None = None) -> None:
    """Lift a recusal; only another director may, or the command line. Raises NotEntitled, OwnRecusal."""
    if by is not None and not by.has(Role.OFFICE_DIRECTOR):
        raise NotEntitled
    if by is not None and by.id == staff_id:
        raise OwnRecusal
    recusal = await work.session.get(Recusal, (staff_id, unit_id))
    if recusal is None:
        raise NotEntitled
    cases = await open_cases(work, units=[unit_id])
    await work.session.delete(recusal)
    await work.session.flush()
    await reassign_all(work, cases)
    await record(work, Audited.READMITTED, by=by.id if by else None, subject=staff_id, unit=unit_id)
