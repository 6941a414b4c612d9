"""What follows when a message cannot be delivered: one table, by the channel's answer and by whom the message was for.

Somebody hears of each who can mend it; what `doctor` lists besides, somebody was told of before.
"""

from collections.abc import Mapping
from typing import TypeAlias

from sqlalchemy import delete, update

from models.address import Address
from models.complaints import ReplyAddress
from models.delivery import OutboxRow, OutboxState
from models.recipient import RecipientKind
from models.staff import Role
from services.access.addresses import reached_at
from services.delivery.delivery import Outcome
from services.delivery.marking import FollowUp, close_row, mark_dead, say_at, send_again, this_row
from services.delivery.transport import MayNotWrite, Moved, Refused, Unreachable
from services.outbox import DeleteMessage, OutgoingMessage, sealing_of
from services.people.boards import follow_group, lose_board, silence_board
from services.people.notices import BoardLost, MessageRefused, NotSaid
from services.people.office import tell_office
from services.people.unreachable import is_reached_elsewhere, note_unreachable, pass_on
from services.unit_of_work import UnitOfWork

Undelivered: TypeAlias = Unreachable | MayNotWrite | Refused | Moved


async def follow_up(work: UnitOfWork, outcome: Outcome) -> None:
    """Close the row of a message that could not be delivered, or send it elsewhere, and tell whoever can mend it."""
    assert isinstance(outcome.answer, Undelivered)  # noqa: S101 (the marker asks for no other)
    await WHAT_FOLLOWS[type(outcome.answer), outcome.row.recipient.kind](work, outcome)


async def _let_go(work: UnitOfWork, outcome: Outcome) -> None:
    """Nobody is told: whoever it was for has gone, or is asked for nothing."""
    await _close(work, outcome)


async def _person_gone(work: UnitOfWork, outcome: Outcome) -> None:
    """A staff member does not read us: another address of theirs, else whoever can telephone, and for a head others."""
    row, address = outcome.row, outcome.address
    if row.address is not None or address is None:  # at an account given up long ago
        await _close(work, outcome)
        return
    await note_unreachable(work, row, address)
    if not _deletes(outcome) and await is_reached_elsewhere(work, row.recipient.id, address):
        await send_again(work.session, row)
        return
    await _close(work, outcome)
    await pass_on(work, row)


async def _group_gone(work: UnitOfWork, outcome: Outcome) -> None:
    """The bot was put out of a team's group: the leader and the office hear of it, the members get the cards."""
    await _close(work, outcome)
    team = await lose_board(work, outcome.address) if outcome.address else None
    if team is not None:
        await tell_office(work, BoardLost(team.id))


async def _group_silenced(work: UnitOfWork, outcome: Outcome) -> None:
    """The bot may not write in a team's group: the leader hears how to mend it, the members get the cards."""
    await _close(work, outcome)
    if outcome.address is not None and not _deletes(outcome):
        await silence_board(work, outcome.address)


async def _reporter_gone(work: UnitOfWork, outcome: Outcome) -> None:
    """A reporter does not want to be told any more; they can still come back with their receipt code."""
    await _close(work, outcome)
    await work.session.execute(delete(ReplyAddress).where(ReplyAddress.complaint_id == outcome.row.recipient.id))


async def _not_said_to_staff(work: UnitOfWork, outcome: Outcome) -> None:
    """A message is wrong in itself: it is said at another address of its reader's, else they hear that there was one.

    The office hears that it must be mended.
    """
    await mark_dead(work, outcome.row, _reason(outcome))
    if _deletes(outcome) or _says_so(outcome):
        return
    if not await _is_said_elsewhere(work, outcome):
        await work.outbox.to_staff(outcome.row.recipient.id, OutgoingMessage(NotSaid()))
    await _tell_office_of_refusal(work, outcome)


async def _is_said_elsewhere(work: UnitOfWork, outcome: Outcome) -> bool:
    """Queue a message for another address of its reader's that works, once; return whether there is one."""
    row, refused_at = outcome.row, outcome.address
    if row.address is not None or refused_at is None or outcome.outgoing is None:
        return False
    other = await reached_at(work.session, row.recipient.id, but=refused_at)
    if other is None or other.unreachable_since is not None:
        return False
    await say_at(work, row, other.address, outcome.outgoing)
    return True


async def _not_said_on_board(work: UnitOfWork, outcome: Outcome) -> None:
    """A message for a team's group is wrong in itself: the team hears that there was one, the office as above."""
    await mark_dead(work, outcome.row, _reason(outcome))
    if _deletes(outcome):
        return
    team_id = outcome.row.recipient.id
    team = (await work.directory()).with_roles(Role.TEAM_LEADER, Role.TEAM_MEMBER, team_id=team_id)
    await work.outbox.to_each((one.id for one in team), OutgoingMessage(NotSaid(team_id)))
    await _tell_office_of_refusal(work, outcome)


async def _not_said_to_reporter(work: UnitOfWork, outcome: Outcome) -> None:
    """What a reporter is told by itself is wrong: they read it with their receipt code; the office hears."""
    await mark_dead(work, outcome.row, _reason(outcome))
    await _tell_office_of_refusal(work, outcome)


async def _not_said_in_chat(work: UnitOfWork, outcome: Outcome) -> None:
    """An answer is wrong in itself: whoever waits hears that there was one, the office that it must be mended."""
    await mark_dead(work, outcome.row, _reason(outcome))
    if outcome.address is not None and not _deletes(outcome) and not _says_so(outcome):
        trail = outcome.outgoing.trail if outcome.outgoing else None
        await work.outbox.to_chat(outcome.address, OutgoingMessage(NotSaid(), trail=trail))
        await _tell_office_of_refusal(work, outcome)


async def _moved(work: UnitOfWork, outcome: Outcome) -> None:
    """A group has another address: what was for the old one is sent there, once.

    A team's board moves along only if it still is that group. What stands in the old group cannot be deleted at all.
    """
    row, old = outcome.row, outcome.address
    assert isinstance(outcome.answer, Moved)  # noqa: S101 (the table says so)
    new = outcome.answer.address
    if old is None or old == new or _deletes(outcome):
        await mark_dead(work, row, "group chat was upgraded to a supergroup chat")
        return
    if row.recipient.kind == RecipientKind.BOARD:
        await follow_group(work, old, new)
    if row.address is not None:
        await _address_anew(work, outcome, new)
    await send_again(work.session, row)


WHAT_FOLLOWS: Mapping[tuple[type[Undelivered], RecipientKind], FollowUp] = {
    (Unreachable, RecipientKind.STAFF): _person_gone,
    (Unreachable, RecipientKind.BOARD): _group_gone,
    (Unreachable, RecipientKind.REPORTER): _reporter_gone,
    (Unreachable, RecipientKind.CHAT): _let_go,
    (MayNotWrite, RecipientKind.STAFF): _person_gone,
    (MayNotWrite, RecipientKind.BOARD): _group_silenced,
    (MayNotWrite, RecipientKind.REPORTER): _reporter_gone,
    (MayNotWrite, RecipientKind.CHAT): _let_go,
    (Refused, RecipientKind.STAFF): _not_said_to_staff,
    (Refused, RecipientKind.BOARD): _not_said_on_board,
    (Refused, RecipientKind.REPORTER): _not_said_to_reporter,
    (Refused, RecipientKind.CHAT): _not_said_in_chat,
    (Moved, RecipientKind.STAFF): _moved,
    (Moved, RecipientKind.BOARD): _moved,
    (Moved, RecipientKind.REPORTER): _moved,
    (Moved, RecipientKind.CHAT): _moved,
}


async def _close(work: UnitOfWork, outcome: Outcome) -> None:
    await close_row(work.session, outcome.row, OutboxState.DEAD, _reason(outcome))


async def _address_anew(work: UnitOfWork, outcome: Outcome, address: Address) -> None:
    row = outcome.row
    sealed = sealing_of(work.keyring, row.day).seal(row.record_id, str(address).encode())
    await work.session.execute(update(OutboxRow).where(*this_row(row)).values(address=sealed))


async def _tell_office_of_refusal(work: UnitOfWork, outcome: Outcome) -> None:
    """Tell the office, for each reason once a day."""
    reason = _reason(outcome)
    await tell_office(work, MessageRefused(reason), once=f"refused:{work.today}:{reason}")


def _reason(outcome: Outcome) -> str:
    return outcome.answer.reason if isinstance(outcome.answer, Unreachable | MayNotWrite | Refused) else ""


def _deletes(outcome: Outcome) -> bool:
    return outcome.row.kind == DeleteMessage.kind


def _says_so(outcome: Outcome) -> bool:
    """Whether the message itself was to say that another could not be sent."""
    return outcome.row.kind in (NotSaid.kind, MessageRefused.kind)
