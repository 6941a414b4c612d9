"""A member makes a case theirs; a leader may take it over."""

from models.complaints import Case
from models.staff import Staff
from models.states import Actor, Impossible, NotEntitled
from services.access.member import Member
from services.cases.case_log import case_seen_by, log_event
from services.cases.crisis_calls import end_calls
from services.cases.notices import CaseTakenOver
from services.outbox import OutgoingMessage, Priority
from services.unit_of_work import UnitOfWork


class AlreadyClaimed(Impossible):
    """Somebody else was first."""

    def __init__(self, owner: str, state: str) -> None:
        super().__init__("claim", state)
        self.args = (f"{owner} has claimed the case already",)
        self.owner = owner


async def claim(work: UnitOfWork, who: Member, case_id: str) -> Case:
    """Make a free case the member's own. Of two at once the second meets AlreadyClaimed, with the owner's name."""
    case = await _case_to_own(work, who, case_id, Actor.TEAM_MEMBER, "claim")
    if case.owner_id not in (None, who.id):
        owner = await work.session.get_one(Staff, case.owner_id)
        raise AlreadyClaimed(owner.name, case.state)
    await end_calls(work, case, who)
    if case.owner_id is None:
        case.owner_id = who.id
        await log_event(work, case, "claim", by=who)
    return case


async def take_over(work: UnitOfWork, who: Member, case_id: str) -> Case:
    """Make a case the leader's own, whoever had it; that person is told."""
    case = await _case_to_own(work, who, case_id, Actor.TEAM_LEADER, "take_over")
    await end_calls(work, case, who)
    before, case.owner_id = case.owner_id, who.id
    if before == who.id:
        return case
    await log_event(work, case, "take_over", by=who, owner_before=before)
    if before is not None:
        await work.outbox.to_staff(before, OutgoingMessage(CaseTakenOver(case.id)), priority=Priority.NOTICE)
    return case


async def _case_to_own(work: UnitOfWork, who: Member, case_id: str, entitled: Actor, action: str) -> Case:
    case = await case_seen_by(work, who, case_id)
    if entitled not in who.actors_at(case):
        raise NotEntitled
    if not case.is_open:
        raise Impossible(action, case.state)
    return case
