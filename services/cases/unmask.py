"""A leader unmasks one case, with a written reason that the office director reads."""

from sqlalchemy import select

from models.audit import Audited
from models.base import coarse, random_id
from models.complaints import Case, Unmasking
from models.desk import Desk
from models.staff import Role
from models.states import Actor, NotEntitled
from privacy.keyring import KeyringError
from privacy.seal import SealBroken
from services.access.member import Member
from services.audit.log import is_recorded, record, seal_now
from services.cases.case_log import case_seen_by, log_event
from services.cases.notices import CaseUnmasked
from services.delivery.directors import tell_directors
from services.outbox import OutgoingMessage
from services.unit_of_work import UnitOfWork


def may_unmask(who: Member, case: Case) -> bool:
    """Whether somebody may unmask a case: its leader; of a case about the team, the office director."""
    return Actor.TEAM_LEADER in who.actors_at(case)


async def may_unmask_now(work: UnitOfWork, who: Member, case_id: str) -> Case:
    """Return a case the member may unmask; raise NotEntitled otherwise."""
    case = await case_seen_by(work, who, case_id)
    if not may_unmask(who, case) or case.round_id not in work.keyring.round_ids():
        raise NotEntitled
    return case


async def unmask(work: UnitOfWork, who: Member, case_id: str, reason: str) -> Case:
    """Show what leads to the reporters of a case to those at its desk; logged, and told to the office director."""
    case = await may_unmask_now(work, who, case_id)
    unmasking_id = random_id()
    sealed = work.keyring.round(case.round_id).sealing.seal(unmasking_id, reason.encode())
    work.session.add(
        Unmasking(id=unmasking_id, case_id=case.id, desk=case.desk, by_id=who.id, at=coarse(work.now), sealed=sealed)
    )
    await log_event(work, case, "unmask", by=who, renew=False)
    await record(work, Audited.UNMASKED, by=who.id, case_id=case.id, **_entered(unmasking_id, case.desk))
    outgoing = OutgoingMessage(CaseUnmasked(unmasking_id, str(await seal_now(work.session))))
    await tell_directors(work, outgoing)
    return case


async def is_unmasked(work: UnitOfWork, case: Case) -> bool:
    """Whether a case was unmasked at the desk where it lies; on another desk it is masked again.

    A row that only says so counts for nothing: whoever can write to the database could put it in, and take it out.
    """
    query = select(Unmasking).where(Unmasking.case_id == case.id, Unmasking.desk == case.desk)
    for one in list(await work.session.scalars(query)):
        if _opens(work, case, one) and await is_recorded(
            work, Audited.UNMASKED, by=one.by_id, case_id=case.id, **_entered(one.id, one.desk)
        ):
            return True
    return False


async def reason_of(work: UnitOfWork, who: Member, unmasking_id: str) -> tuple[Case, Unmasking, str]:
    """Return an unmasking with its reason; raise NotEntitled to all but directors whom the unit doesn't shut out."""
    found = await work.session.get(Unmasking, unmasking_id)
    case = await work.session.get(Case, found.case_id) if found else None
    if found is None or case is None or not who.has(Role.OFFICE_DIRECTOR) or who.is_shut_out(case):
        raise NotEntitled
    return case, found, _reason(work, case, found)


def _entered(unmasking_id: str, desk: Desk) -> dict[str, str]:
    """Return what the audit log says of an unmasking, beside who and which case."""
    return {"unmasking": unmasking_id, "desk": str(desk)}


def _opens(work: UnitOfWork, case: Case, found: Unmasking) -> bool:
    try:
        _reason(work, case, found)
    except (SealBroken, KeyringError):
        return False
    return True


def _reason(work: UnitOfWork, case: Case, found: Unmasking) -> str:
    return work.keyring.round(case.round_id).sealing.open(found.id, found.sealed).decode()
