"""Staff leave, change teams, lose their phones: at once, with their open cases handed over."""

from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import delete, select

from models.audit import Audited
from models.base import coarse
from models.delivery import OutboxRow, OutboxState
from models.recipient import Recipient
from models.rounds import Team
from models.staff import TEAM_ROLES, AddressConfirmation, Role, StaffAddress, StaffRole
from models.states import NotEntitled
from services.access.addresses import addresses_of
from services.access.member import Member, member
from services.audit.log import record
from services.cases.on_call import forget_on_call
from services.cases.reassignment import open_cases, reassign_all
from services.delivery.directors import tell_directors
from services.delivery.recall import recall_all, staff_to_change
from services.outbox import DeleteMessage, OutgoingMessage
from services.people.boards import Closed, close_board, tell_leaders
from services.people.forms import close_form
from services.people.notices import GroupNotice, HeadGone, NobodyLeads, PhoneLost, StaffGone
from services.people.sessions import end_sessions
from services.people.unreachable import pass_on_waiting
from services.unit_of_work import UnitOfWork

Groups = Mapping[str, Closed | None]  # of the teams somebody is gone from; None: the team has no group that we know


async def leave(work: UnitOfWork, staff_id: str, *, by: str | None = None) -> None:
    """Let somebody go: their account opens nothing any more, what it shows is taken back, their cases are handed over.

    Raises NotEntitled when they are not on the staff.
    """
    who = await member(work.session, staff_id)
    cases = await open_cases(work, of=staff_id, teams=who.teams(*TEAM_ROLES))
    staff = await staff_to_change(work, staff_id)
    await recall_all(work, staff)
    await work.session.execute(
        delete(OutboxRow).where(
            OutboxRow.recipient == Recipient.staff(staff_id),
            OutboxRow.state == OutboxState.QUEUED,
            OutboxRow.kind != DeleteMessage.kind,
        )
    )
    staff.left_at = coarse(work.now)
    await _take_addresses(work, staff_id)
    await close_form(work, staff_id)
    await forget_on_call(work, staff_id, who.teams(*TEAM_ROLES))
    await work.session.flush()
    groups = await _close_boards(work, who.teams(*TEAM_ROLES))
    await reassign_all(work, cases)
    await _tell_of_groups(work, StaffGone, who, groups)
    if who.units(Role.UNIT_HEAD):
        await tell_directors(work, OutgoingMessage(HeadGone(who.id)))
    await record(work, Audited.LEFT, by=by, subject=staff_id)
    await record_closed(work, groups, by=by)


async def move_to_team(work: UnitOfWork, staff_id: str, team_id: str, *, by: str | None = None) -> None:
    """Put somebody into another team, in the same role; raises NotEntitled when either is unknown."""
    who = await member(work.session, staff_id)
    held = {role.role for role in who.roles if role.role in TEAM_ROLES}
    if await work.session.get(Team, team_id) is None or not held:
        raise NotEntitled
    groups = await put_on_teams(work, who, {(role, team_id) for role in held})
    await record(work, Audited.MOVED, by=by, subject=staff_id, team=team_id)
    await record_closed(work, groups, by=by)


async def put_on_teams(work: UnitOfWork, who: Member, wanted: Collection[tuple[Role, str]]) -> Groups:
    """Give somebody these roles on teams and no others; return the groups that were closed for it.

    It is for the caller to write it down in the audit log, at the end: its head is locked last.
    """
    before, after = set(who.teams(*TEAM_ROLES)), {team_id for _, team_id in wanted}
    cases = await open_cases(work, of=who.id, teams=before | after)
    await recall_all(work, await staff_to_change(work, who.id))
    missing = set(wanted)
    held = select(StaffRole).where(StaffRole.staff_id == who.id, StaffRole.role.in_(TEAM_ROLES)).order_by(StaffRole.id)
    for row in list(await work.session.scalars(held)):
        if (row.role, row.team_id) in missing:
            missing.remove((row.role, row.team_id or ""))
        else:
            await work.session.delete(row)
    work.session.add_all(StaffRole(staff_id=who.id, role=role, team_id=team_id) for role, team_id in sorted(missing))
    await work.session.flush()
    await forget_on_call(work, who.id, before - after)
    groups = await _close_boards(work, before - after)
    await reassign_all(work, cases)
    await _tell_of_groups(work, StaffGone, who, groups)
    return groups


async def lock_out(work: UnitOfWork, staff_id: str, *, by: str | None = None) -> None:
    """Take the account from a staff record at once: a phone is lost. The person stays on the staff."""
    who = await member(work.session, staff_id)
    cases = await open_cases(work, of=staff_id, teams=who.teams(*TEAM_ROLES))
    staff = await staff_to_change(work, staff_id)
    had_account = bool(await addresses_of(work.session, staff_id))
    await recall_all(work, staff)
    await pass_on_waiting(work, staff_id)
    await _take_addresses(work, staff_id)
    await close_form(work, staff_id)
    await work.session.flush()
    groups = await _close_boards(work, who.teams(*TEAM_ROLES) if had_account else ())
    closed = {team_id: group for team_id, group in groups.items() if group is not None}
    if closed:
        await reassign_all(work, cases)
    await _tell_of_groups(work, PhoneLost, who, closed)
    await record(work, Audited.LOCKED_OUT, by=by, subject=staff_id)
    await record_closed(work, closed, by=by)


async def record_closed(work: UnitOfWork, groups: Groups, *, by: str | None = None) -> None:
    """Write down which boards were lost."""
    for team_id, group in groups.items():
        if group is not None and group.was_board:
            await record(work, Audited.BOARD_LOST, by=by, subject=team_id)


async def _take_addresses(work: UnitOfWork, staff_id: str) -> None:
    for table in (StaffAddress, AddressConfirmation):
        await work.session.execute(delete(table).where(table.staff_id == staff_id))
    await end_sessions(work, staff_id)


async def _close_boards(work: UnitOfWork, teams: Iterable[str]) -> dict[str, Closed | None]:
    return {team_id: await close_board(work, team_id) for team_id in sorted(set(teams))}


async def _tell_of_groups(work: UnitOfWork, notice: type[GroupNotice], who: Member, groups: Groups) -> None:
    """Ask the leaders of teams to take somebody out of the team's group, for only people can; else the directors."""
    for team_id, group in groups.items():
        told = (who.id, team_id, group.closing if group else None)
        if not await tell_leaders(work, team_id, notice(*told)):  # a leader whose own phone is lost reads nothing
            await tell_directors(work, OutgoingMessage(NobodyLeads(*told)))
