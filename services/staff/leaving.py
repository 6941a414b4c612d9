"""Staff leave, change teams, lose their phones: at once, with their open cases handed over."""

from sqlalchemy import delete, update

from models.audit import Audited
from models.base import coarse
from models.delivery import OutboxRow, OutboxState
from models.rounds import Team
from models.staff import Role, StaffRole
from models.states import NotEntitled
from services.audit import record
from services.complaints.entrust import entrust_all, open_cases
from services.outbox import Order
from services.staff.member import Member, member, members_with
from services.staff.prompts import close_prompt
from services.staff.take_back import staff_to_change, take_back_all
from services.work import Work

ON_TEAMS = (Role.TEAM_LEADER, Role.TEAM_MEMBER)


async def leave(work: Work, staff_id: str, *, by: str | None = None) -> None:
    """Let somebody go: their account opens nothing any more, what it shows is taken back, their cases are handed over.

    Raises NotEntitled when they are not on the staff.
    """
    who = await member(work.session, staff_id)
    cases = await open_cases(work, of=staff_id, teams=who.teams(*ON_TEAMS))
    staff = await staff_to_change(work, staff_id)
    await take_back_all(work, staff)
    await work.session.execute(
        delete(OutboxRow).where(
            OutboxRow.recipient == f"staff:{staff_id}",
            OutboxRow.state == OutboxState.QUEUED,
            OutboxRow.kind != "delete",
        )
    )
    staff.left_at, staff.telegram_id = coarse(work.now), None
    await close_prompt(work, staff_id)
    await work.session.flush()
    await entrust_all(work, cases)
    await _tell_of_groups(work, who)
    await record(work, Audited.LEFT, by=by, subject=staff_id)


async def move_to_team(work: Work, staff_id: str, team_id: str, *, by: str | None = None) -> None:
    """Put somebody into another team, in the same role; raises NotEntitled when either is unknown."""
    who = await member(work.session, staff_id)
    before = who.teams(*ON_TEAMS)
    if await work.session.get(Team, team_id) is None or not before:
        raise NotEntitled
    cases = await open_cases(work, of=staff_id, teams={*before, team_id})
    await take_back_all(work, await staff_to_change(work, staff_id))
    await work.session.execute(
        update(StaffRole).where(StaffRole.staff_id == staff_id, StaffRole.role.in_(ON_TEAMS)).values(team_id=team_id)
    )
    await entrust_all(work, cases)
    await _tell_of_groups(work, who)
    await record(work, Audited.MOVED, by=by, subject=staff_id, team=team_id)


async def lock_out(work: Work, staff_id: str, *, by: str | None = None) -> None:
    """Take the account from a staff record at once: a phone is lost. The person stays on the staff."""
    staff = await staff_to_change(work, staff_id)
    await take_back_all(work, staff)
    staff.telegram_id = None
    staff.unreachable_since = None
    await close_prompt(work, staff_id)
    await work.session.flush()
    await record(work, Audited.LOCKED_OUT, by=by, subject=staff_id)


async def _tell_of_groups(work: Work, who: Member) -> None:
    """Ask the leaders of teams that somebody has left to take them out of the team's group: only people can."""
    for team_id in dict.fromkeys(who.teams(*ON_TEAMS)):
        for leader in await members_with(work.session, Role.TEAM_LEADER, team_id=team_id):
            if leader.id != who.id:
                order = Order("staff_gone", {"staff_id": who.id, "team_id": team_id})
                await work.outbox.to_staff(leader.id, order)
    if who.units(Role.UNIT_HEAD):
        for director in await members_with(work.session, Role.OFFICE_DIRECTOR):
            await work.outbox.to_staff(director.id, Order("head_gone", {"staff_id": who.id}))
