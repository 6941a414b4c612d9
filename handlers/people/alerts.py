"""Notices to the office about the product itself: somebody cannot be reached, a board is gone."""

from handlers.notices import renders
from models.rounds import Team
from models.staff import Staff
from services.delivery.reader import Reader
from services.people.approvers import WAITING_DAYS
from services.people.notices import (
    ApproverJoined,
    BoardLost,
    ColleagueUnreachable,
    HeadGone,
    MessageRefused,
    NotSaid,
    StaffUnreachable,
)
from services.retention.notices import BackupFailed, ClockSetBack
from services.unit_of_work import UnitOfWork
from texts.message import Message


@renders(StaffUnreachable)
async def staff_unreachable(work: UnitOfWork, reader: Reader, notice: StaffUnreachable) -> Message | None:
    staff = await work.session.get(Staff, notice.staff_id)
    if staff is None:
        return None
    return Message(reader.words("alert.staff_unreachable", name=staff.name, id=staff.id))


@renders(ColleagueUnreachable)
async def colleague_unreachable(work: UnitOfWork, reader: Reader, notice: ColleagueUnreachable) -> Message | None:
    staff = await work.session.get(Staff, notice.staff_id)
    return None if staff is None else Message(reader.words("alert.colleague_unreachable", name=staff.name))


@renders(MessageRefused)
async def message_refused(_work: UnitOfWork, reader: Reader, notice: MessageRefused) -> Message | None:
    return Message(reader.words("alert.message_refused", reason=notice.reason))


@renders(NotSaid)
async def not_said(work: UnitOfWork, reader: Reader, notice: NotSaid) -> Message | None:
    """Tell somebody on the staff, or whoever writes in a chat, that a message to them could not be sent."""
    if reader.recipient.staff_id is None:
        return Message(reader.words("common.not_said"))
    team = await work.session.get(Team, notice.team_id) if notice.team_id else None
    if team is None:
        return Message(reader.words("staff.not_said"))
    return Message(reader.words("staff.not_said_on_board", team=team.name))


@renders(HeadGone)
async def head_gone(work: UnitOfWork, reader: Reader, notice: HeadGone) -> Message | None:
    staff = await work.session.get_one(Staff, notice.staff_id)
    return Message(reader.words("alert.head_gone", name=staff.name))


@renders(ApproverJoined)
async def approver_joined(work: UnitOfWork, reader: Reader, notice: ApproverJoined) -> Message | None:
    known = await work.directory()
    name = known.names.get(notice.staff_id, notice.staff_id)
    if notice.by_id is None:
        return Message(reader.words("alert.approver_joined", name=name, days=WAITING_DAYS))
    by = known.names.get(notice.by_id, notice.by_id)
    return Message(reader.words("alert.approver_joined_by", name=name, by=by, days=WAITING_DAYS))


@renders(BackupFailed)
async def backup_failed(_work: UnitOfWork, reader: Reader, notice: BackupFailed) -> Message | None:
    return Message(reader.words("alert.backup_failed", kind=notice.error))


@renders(ClockSetBack)
async def clock_set_back(_work: UnitOfWork, reader: Reader, notice: ClockSetBack) -> Message | None:
    return Message(reader.words("alert.clock_set_back", minutes=notice.minutes))


@renders(BoardLost)
async def board_lost(work: UnitOfWork, reader: Reader, notice: BoardLost) -> Message | None:
    team = await work.session.get(Team, notice.team_id)
    return None if team is None else Message(reader.words("alert.board_lost", team=team.name))
