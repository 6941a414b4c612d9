"""Takes back what lies on somebody's phone and can still be deleted there.

What is on its way to the phone at that very moment is taken back by whoever sends it: `may_remain` is asked once it
has arrived. Both hold the staff record meanwhile, so that one of the two always sees what the other did.
"""

from collections.abc import Awaitable, Callable, Collection, Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, delete, func, select, true, update

from models.address import Address
from models.complaints import Case, CaseNote, ComplaintMessage
from models.delivery import OutboxRow, OutboxState, SentMessage
from models.message_key import MessageKey, Shows
from models.recipient import Recipient
from models.rounds import Team
from models.staff import Staff
from models.transfers import Transfer
from services.access.addresses import addresses_of
from services.access.member import Member, member
from services.access.transfers import is_known_to
from services.access.visibility import board_of
from services.delivery.trail import DELETABLE_FOR
from services.directory import expire_directory
from services.notice import CaseNotice, ListNotice, Notice, TransferNotice
from services.outbox import DeleteMessage, OutgoingContent, OutgoingMessage
from services.unit_of_work import UnitOfWork

NoticeT = TypeVar("NoticeT", bound=Notice)
StillSeen = Callable[[UnitOfWork, Member, NoticeT], Awaitable[bool]]
_STILL_SEEN: dict[type[Notice], StillSeen[Any]] = {}


class ListName(StrEnum):
    """Which lists of cases lie in a member's chat."""

    QUEUE = "queue"
    MINE = "mine"
    LATE = "late"
    DIGEST = "digest"
    FOUND = "found"


async def staff_to_change(work: UnitOfWork, staff_id: str) -> Staff:
    """Return a staff record locked for this transaction, as it is now; cases are locked before, never after."""
    staff = await work.session.get_one(Staff, staff_id, with_for_update={"key_share": True}, populate_existing=True)
    expire_directory(work.session)
    return staff


async def lock_for_arrivals(work: UnitOfWork, arrivals: Iterable[tuple[Recipient, OutgoingContent]]) -> list[object]:
    """Lock all that decides whether messages may remain where they have just come to, cases first, and return it."""
    arrivals = list(arrivals)
    cases = {content.case_id for _, content in arrivals if isinstance(content, CaseNotice)}
    transfers = {content.transfer_id for _, content in arrivals if isinstance(content, TransferNotice)}
    staff = {recipient.staff_id for recipient, _ in arrivals} - {None}
    teams = {recipient.team_id for recipient, _ in arrivals} - {None}
    locked: list[object] = []
    for table, ids in ((Case, cases), (Transfer, transfers), (Staff, staff), (Team, teams)):
        if ids:
            query = select(table).where(table.id.in_(ids)).order_by(table.id).with_for_update(read=True)
            locked += await work.session.scalars(query)
    expire_directory(work.session)
    return locked


def remains_while(kind: type[NoticeT]) -> Callable[[StillSeen[NoticeT]], StillSeen[NoticeT]]:
    """Return the decorator of what tells whether somebody may still see what a notice shows that has just arrived."""

    def register(still_seen: StillSeen[NoticeT]) -> StillSeen[NoticeT]:
        if kind in _STILL_SEEN:
            raise ValueError(f"Two functions tell whether {kind.__name__} is still seen.")
        _STILL_SEEN[kind] = still_seen
        return still_seen

    return register


async def may_remain(work: UnitOfWork, recipient: Recipient, address: Address, content: OutgoingContent) -> bool:
    """Whether what has just reached a chat may stay there: it still is the recipient's, and the case theirs to see.

    What it shows must not have been taken back meanwhile. What decides it of cases, transfers, staff and teams is
    locked before (`lock_for_arrivals`); what else `remains_while` asks for is as it stands.
    """
    case = await work.session.get(Case, content.case_id) if isinstance(content, CaseNotice) else None
    if recipient.team_id is not None:
        team = await work.session.get(Team, recipient.team_id)
        is_there = team is not None and team.board_address == address
        return is_there and (case is None or await board_of(work, case) == recipient.team_id)
    if recipient.staff_id is None:
        return True
    staff = await work.session.get(Staff, recipient.staff_id)
    if staff is None or staff.left_at is not None or address not in await addresses_of(work.session, staff.id):
        return False
    who = await member(work.session, staff.id)
    if isinstance(content, ListNotice) and content.seen_by != tuple(who.visibility):
        return False
    if isinstance(content, TransferNotice):
        return await is_known_to(work.session, who, content.transfer_id)
    if isinstance(content, Notice) and type(content) in _STILL_SEEN:
        return await _STILL_SEEN[type(content)](work, who, content)
    if case is None or not isinstance(content, CaseNotice):
        return True
    if not content.holds_words:
        return who.knows_of(case)
    if who.reads_in_part(case) and not content.is_masked_text:
        return False
    return who.reads(case) and await _still_stands(work, content)


async def _still_stands(work: UnitOfWork, content: CaseNotice) -> bool:
    """Whether all that a notice shows of a dialogue, or of notes about it, is still kept."""
    for table, shown in ((ComplaintMessage, content.shown_messages), (CaseNote, content.shown_notes)):
        if shown and not await _are_kept(work, table, shown):
            return False
    return True


async def _are_kept(work: UnitOfWork, table: type[ComplaintMessage | CaseNote], shown: Collection[str]) -> bool:
    query = select(func.count()).select_from(table).where(table.id.in_(shown))
    return await work.session.scalar(query) == len(set(shown))


async def recall_texts(work: UnitOfWork, staff_id: str) -> None:
    """Let the texts that somebody has opened be deleted now and not within a day, and lists."""
    await _expedite(work, staff_id, true())
    for name in ListName:
        await recall_list(work, staff_id, name)


async def recall_overdue(work: UnitOfWork, staff_id: str) -> None:
    """Let the deletions be tried now that somebody who blocked the bot has put off."""
    await _expedite(work, staff_id, OutboxRow.attempts > 0)


async def _expedite(work: UnitOfWork, staff_id: str, which: ColumnElement[bool]) -> None:
    await work.session.execute(
        update(OutboxRow)
        .where(
            OutboxRow.recipient == Recipient.staff(staff_id),
            OutboxRow.kind == DeleteMessage.kind,
            OutboxRow.state == OutboxState.QUEUED,
            which,
        )
        .values(at_once=True, not_before=work.now)
    )


async def recall_list(work: UnitOfWork, staff_id: str, name: ListName, *, but: int | None = None) -> None:
    """Queue the deletion of a list of cases in somebody's chat, unless it is the message given."""
    standing = await work.session.get(SentMessage, list_key(staff_id, name), populate_existing=True)
    if standing is not None and standing.message_id != but:
        await work.session.delete(standing)
        await work.session.flush()
        outgoing = OutgoingMessage(DeleteMessage(standing.message_id))
        await work.outbox.to_chat(standing.address, outgoing)


def list_key(staff_id: str, name: ListName) -> MessageKey:
    """Return the key of a list of cases in somebody's chat."""
    return MessageKey(Shows.LIST, name, Recipient.staff(staff_id))


def forget_card_at(case: Case) -> datetime | None:
    """Return when the places of a case's cards are to be forgotten; None as long as it is open."""
    return None if case.is_open else case.state_since + timedelta(hours=1) + DELETABLE_FOR


async def recall_all(work: UnitOfWork, staff: Staff) -> None:
    """Queue the deletion of the cards in somebody's chats as well, while it is still known where those are."""
    await recall_texts(work, staff.id)
    for address in await addresses_of(work.session, staff.id):
        await recall_chat(work, address)


async def recall_hidden(work: UnitOfWork, staff_id: str) -> None:
    """Take back the cards of cases that somebody may not know of any more, and all lists and texts."""
    await recall_texts(work, staff_id)
    who = await member(work.session, staff_id)
    for address in await addresses_of(work.session, staff_id):
        query = select(SentMessage).where(SentMessage.address == address, SentMessage.case_id.is_not(None))
        for standing in list(await work.session.scalars(query)):
            case = await work.session.get(Case, standing.case_id)
            if case is None or not who.knows_of(case):
                await work.outbox.to_chat(address, OutgoingMessage(DeleteMessage(standing.message_id)))
                await work.session.delete(standing)
    await work.session.flush()


async def recall_chat(work: UnitOfWork, address: Address) -> None:
    """Queue the deletion of all that is known to stand in a chat."""
    taken = delete(SentMessage).where(SentMessage.address == address).returning(SentMessage.message_id)
    for message_id in sorted(await work.session.scalars(taken)):
        await work.outbox.to_chat(address, OutgoingMessage(DeleteMessage(message_id)))
