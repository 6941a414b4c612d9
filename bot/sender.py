"""What goes out: rows of the outbox are claimed with a lease, sent in order within each chat, and marked.

Telegram has no key against doubling: when the process dies between Telegram's answer and our mark, or loses the
database there, that one message is sent twice. It is the only doubling.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import and_, delete, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter

from channels.telegram.address import address_of, chat_of
from channels.telegram.errors import passes_by_itself, reason_of
from channels.telegram.pacing import Pacer
from channels.telegram.transport import Place, Telegram
from handlers.notices import RENDERERS, Reader
from models.address import Address
from models.audit import Audited
from models.base import coarse
from models.complaints import ReplyAddress
from models.database import insert_or_ignore
from models.delivery import OutboxRow, OutboxState, SentMessage
from models.duty_lock import DutyLock
from models.rounds import Team
from models.staff import Role, Staff, StaffAddress
from privacy.tags import lane
from privacy.trail import Trail
from services.access.addresses import reached_at
from services.access.member import member, members_with, unit_members
from services.audit.log import record
from services.delivery.recall import may_remain
from services.delivery.trail import end_trail, messages_of, store_messages
from services.outbox import OutgoingMessage, Priority, said
from services.people.boards import forget_board
from services.resources import Resources
from services.sealed_address import ReplyTo, read_address
from services.unit_of_work import UnitOfWork
from texts.catalogue import Words
from texts.message import Message

log = logging.getLogger(__name__)

AT_ONCE = 32
DELETED_AT_ONCE = 100  # messages in one call, Telegram's limit
LEASE = timedelta(seconds=180)  # longer than the slowest upload
HOURS_TO_TAKE_BACK = 24  # after a day in the chat: for the two days in which Telegram lets it be deleted
LONGEST_WAIT = timedelta(minutes=5)
PATIENT_TRIES = 12  # after that, half an hour, a row goes on trying but no longer holds up those behind it
IDLE_SECONDS = 1.0
LAST_WORDS_SECONDS = 5.0


@dataclass(frozen=True)
class Addressee:
    """Where a recipient is reached, and the language they read."""

    address: Address
    language: str


class Sender:
    """Empties the outbox. Only the process on duty sends, so that the limits hold for all of them."""

    def __init__(
        self,
        shop: Resources,
        telegram: Telegram,
        pacer: Pacer,
        duty: DutyLock,
        first_wait: timedelta = timedelta(seconds=1),
    ) -> None:
        self._shop = shop
        self._telegram = telegram
        self._pacer = pacer
        self._duty = duty
        self._on_duty = False
        self._first_wait = first_wait
        self._news = asyncio.Event()
        self._sending: dict[asyncio.Task[None], int] = {}  # and which row

    def wake(self) -> None:
        """Say that there may be something to send."""
        self._shop.activity.begin(self)
        self._news.set()

    async def run(self, stop: asyncio.Event) -> None:
        """Send until told to stop; what is being sent by then is finished and marked."""
        try:
            await self._empty(stop)
        finally:
            await self._finish()
            await self._duty.release()
            self._shop.activity.end(self)

    async def _empty(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            self._news.clear()
            self._shop.activity.begin(self)
            is_read = True
            try:
                claimed = await self.claim() if await self._take_duty() else []
            except Exception as error:  # the database may be away for a while; the rows are safe there
                log.error("the outbox cannot be read: %s", type(error).__name__, exc_info=error)
                claimed, is_read = [], False
            for row in claimed:
                task = asyncio.create_task(self._send(row))
                self._sending[task] = row.id
                task.add_done_callback(self._finished)
            if not claimed:
                if is_read and not self._sending and not self._news.is_set():
                    self._shop.activity.end(self)
                await self._rest(stop)

    async def _finish(self) -> None:
        if self._sending:
            _, late = await asyncio.wait(self._sending, timeout=LAST_WORDS_SECONDS)
            for task in late:  # still waiting to be sent: the row is safe, and goes out after the next start
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def claim(self) -> Sequence[OutboxRow]:
        """Lease the rows that may go now: the first of every chat, the most urgent first."""
        room = AT_ONCE - len(self._sending)
        if room <= 0:
            return []
        now = self._shop.now()
        # A lease may end while its row still waits to be sent, after a long pause or a leap of the clock.
        on_their_way = list(self._sending.values())
        row, other = aliased(OutboxRow), aliased(OutboxRow)
        goes_first = or_(other.priority < row.priority, and_(other.priority == row.priority, other.id < row.id))
        in_the_way = exists().where(
            other.lane == row.lane,
            other.state == OutboxState.QUEUED,
            other.id != row.id,
            # An earlier one that is due or being retried, or any that is on its way right now.
            or_(
                and_(goes_first, or_(other.not_before <= now, other.attempts.between(1, PATIENT_TRIES))),
                other.leased_until > now,
                other.id.in_(on_their_way),
            ),
        )
        free = (
            select(row.id)
            .where(
                row.state == OutboxState.QUEUED,
                row.not_before <= now,
                or_(row.leased_until.is_(None), row.leased_until <= now),
                row.id.not_in(on_their_way),
                ~in_the_way,
            )
            .order_by(row.priority, row.id)
            .limit(room)
            .with_for_update(skip_locked=True, of=row)
        )
        claim = update(OutboxRow).where(OutboxRow.id.in_(free)).values(leased_until=now + LEASE).returning(OutboxRow)
        async with self._shop.database.transaction() as session:
            rows = list(await session.scalars(claim, execution_options={"synchronize_session": False}))
        return sorted(rows, key=lambda claimed: (claimed.priority, claimed.id))

    async def _take_duty(self) -> bool:
        """Whether this process sends. On coming on duty it frees what a killed one had under way."""
        was_on_duty, self._on_duty = self._on_duty, await self._duty.hold()
        if self._on_duty and not was_on_duty:
            async with self._shop.database.transaction() as session:
                await session.execute(
                    update(OutboxRow)
                    .where(OutboxRow.state == OutboxState.QUEUED, OutboxRow.leased_until.is_not(None))
                    .values(leased_until=None)
                )
        return self._on_duty

    async def _rest(self, stop: asyncio.Event) -> None:
        waiting = [asyncio.create_task(self._news.wait()), asyncio.create_task(stop.wait())]
        await asyncio.wait(waiting, timeout=IDLE_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        for task in waiting:
            task.cancel()

    def _finished(self, task: asyncio.Task[None]) -> None:
        del self._sending[task]
        self._news.set()
        if not task.cancelled() and (error := task.exception()):
            # The row stays leased and is tried again when the lease is over.
            log.error("a message could not be marked: %s", type(error).__name__, exc_info=error)

    async def _send(self, row: OutboxRow) -> None:
        """Send a row and mark it. While the database is away the mark waits: unmarked, it would be sent once more."""
        mark, waits, is_last = await self._tried(row), 0, False
        while True:
            try:
                return await mark()
            except Exception as error:
                if passes_by_itself(error):
                    log.warning("a mark waits: %s", type(error).__name__)
                    await asyncio.sleep(self._wait(waits).total_seconds())
                    waits += 1
                elif is_last:
                    raise
                else:
                    log.error("a mark cannot be made: %s", type(error).__name__, exc_info=error)
                    mark, is_last = partial(self._dead, row, type(error).__name__), True

    async def _tried(self, row: OutboxRow) -> Callable[[], Awaitable[None]]:
        """Try to send a row; return how it is to be marked."""
        try:
            order = OutgoingMessage.unpack(self._shop.keyring.outbox.open(row.record_id, row.args or b""))
            place = await self._deliver(row, order)
        except RetryAfter as error:
            wait = _retry_after(error)
            self._pacer.pause(wait.total_seconds())
            return partial(self._again, row, wait)
        except ChatMigrated as error:
            return partial(self._moved, row, error.new_chat_id)
        except (Forbidden, _NoSuchChat) as error:
            if row.kind == "delete" and row.attempts < HOURS_TO_TAKE_BACK:
                return partial(self._take_back_later, row)
            return partial(self._unreachable, row, reason_of(error))
        except InvalidToken:
            log.error("Telegram does not know this token; check telegram.token. Messages wait.")
            self._pacer.pause(30)
            return partial(self._again, row, timedelta(seconds=30))
        except BadRequest as error:
            return partial(self._dead, row, reason_of(error))
        except Exception as error:
            if passes_by_itself(error):
                log.warning("a message waits: %s", type(error).__name__)
                return partial(self._again, row, self._wait(row.attempts))
            log.error("a message cannot be made: %s", type(error).__name__, exc_info=error)
            return partial(self._dead, row, type(error).__name__)
        return partial(self._sent, row, order, place)

    def _wait(self, tries: int) -> timedelta:
        doubled: timedelta = self._first_wait * 2 ** min(tries, 20)
        return min(doubled, LONGEST_WAIT)

    async def _deliver(self, row: OutboxRow, order: OutgoingMessage) -> Place | None:
        async with self._shop.database.reading() as session:
            addressee = await self._addressee(session, row)
            if addressee is None:
                return None
            to_delete = await self._to_delete(session, order)
            message = await self._rendered(session, row, order, addressee.language)
            standing = await session.get(SentMessage, order.handle) if order.handle else None
        chat_id = chat_of(addressee.address)
        # No connection is held from here on: the permission to send may be minutes away.
        for start in range(0, len(to_delete), DELETED_AT_ONCE):
            async with self._pacer.permission(chat_id, row.priority):
                await self._telegram.take_back(chat_id, to_delete[start : start + DELETED_AT_ONCE])
        if message is None:
            return None
        try:
            async with self._pacer.permission(chat_id, row.priority):
                if order.edit is not None:
                    return await self._telegram.change(Place(chat_id, order.edit), message)
                if standing is not None and standing.address == addressee.address:
                    return await self._telegram.change(Place(chat_id, standing.message_id), message)
                return await self._telegram.say(chat_id, message)
        except BadRequest as error:
            if "chat not found" in str(error).lower():
                raise _NoSuchChat(str(error)) from None
            raise

    async def _to_delete(self, session: AsyncSession, order: OutgoingMessage) -> list[int]:
        """Return the numbers of the messages that an order takes away, the oldest first."""
        if order.kind == "delete":
            return [int(order.args["message_id"])]
        if order.kind == "clear" and (trail := Trail.read(order.args["trail"])):
            return await messages_of(self._shop.work(session), trail)
        return []

    async def _rendered(
        self, session: AsyncSession, row: OutboxRow, order: OutgoingMessage, language: str
    ) -> Message | None:
        if order.kind == "delete":
            return None
        if order.kind == "say":
            return said(order.args)
        work = self._shop.work(session)
        return await RENDERERS[order.kind](work, Reader(row.recipient, Words(language)), order.args)

    async def _addressee(self, session: AsyncSession, row: OutboxRow) -> Addressee | None:
        """Find out where a recipient is; None when there is nowhere to tell them."""
        kind, _, name = row.recipient.partition(":")
        if row.address is not None:  # a resident's chat, or where a message stands that is to be taken back
            return Addressee(read_address(self._shop.keyring.outbox.open(row.record_id, row.address)), "zh_Hans")
        if kind == "staff":
            staff = await session.get(Staff, name)
            reached = await reached_at(session, name)
            if staff is None or reached is None or staff.left_at is not None:
                return None
            return Addressee(reached.address, staff.language)
        if kind == "board":
            board = await session.scalar(select(Team.board_address).where(Team.id == name))
            return None if board is None else Addressee(board, "zh_Hans")
        if kind == "reporter":
            kept = await session.get(ReplyAddress, name)
            if kept is None:
                return None
            reply_to = ReplyTo.unpack(self._shop.keyring.reply.open(name, kept.sealed))
            return Addressee(reply_to.address, reply_to.language)
        return None

    async def _sent(self, row: OutboxRow, order: OutgoingMessage, place: Place | None) -> None:
        async with self._shop.database.transaction() as session:
            if place is not None and (order.handle or order.delete_after_hours):
                await self._keep_place(session, row, order, place)
            await self._keep_trail(session, order, place)
            await _erase(session, row, OutboxState.SENT)

    async def _keep_place(self, session: AsyncSession, row: OutboxRow, order: OutgoingMessage, place: Place) -> None:
        """Remember where a message stands, and owe its deletion: at once if it should not have come there any more."""
        work = self._shop.work(session)
        # What hung there before was dealt with by whoever decided that it may not; what is new they could not see.
        is_new = order.handle is None or await session.get(SentMessage, order.handle) is None
        too_late = is_new and not await may_remain(work, row.recipient, address_of(place.chat_id), order)
        if order.handle and not too_late:
            await _remember(session, order.handle, place)
        hours = 0 if too_late else order.delete_after_hours
        if hours is not None:
            await work.outbox.again_to(
                row.recipient,
                row.lane,
                OutgoingMessage("delete", {"message_id": place.message_id}),
                not_before=self._shop.now() + timedelta(hours=hours),
                address=address_of(place.chat_id),
            )

    async def _keep_trail(self, session: AsyncSession, order: OutgoingMessage, place: Place | None) -> None:
        """Note what was sent on its trail, and forget the trail of what was cleared."""
        work = self._shop.work(session)
        if order.kind == "clear" and (cleared := Trail.read(order.args["trail"])):
            await end_trail(work, cleared)
        if place is not None and order.trail and (trail := Trail.read(order.trail)):
            await store_messages(work, trail, [place.message_id])

    async def _again(self, row: OutboxRow, wait: timedelta) -> None:
        async with self._shop.database.transaction() as session:
            await self._put_off(session, row, wait)

    async def _put_off(self, session: AsyncSession, row: OutboxRow, wait: timedelta) -> None:
        await session.execute(
            update(OutboxRow)
            .where(OutboxRow.id == row.id)
            .values(leased_until=None, attempts=row.attempts + 1, not_before=self._shop.now() + wait)
        )

    async def _moved(self, row: OutboxRow, new_chat_id: int) -> None:
        """The group became a supergroup: remember its new number and send the row again, there."""
        kind, _, team_id = row.recipient.partition(":")
        async with self._shop.database.transaction() as session:
            if kind == "board":
                await session.execute(
                    update(Team).where(Team.id == team_id).values(board_address=address_of(new_chat_id))
                )
                await session.execute(
                    update(OutboxRow).where(OutboxRow.id == row.id).values(leased_until=None, attempts=row.attempts + 1)
                )
                return
        await self._dead(row, "group chat was upgraded to a supergroup chat")

    async def _take_back_later(self, row: OutboxRow) -> None:
        """A text stays where it should not, because its reader blocked the bot: try on, and let the office know."""
        async with self._shop.database.transaction() as session:
            await self._put_off(session, row, timedelta(hours=1))
            kind, _, name = row.recipient.partition(":")
            if kind == "staff":
                await self._note_unreachable(self._shop.work(session), row, name)

    async def _unreachable(self, row: OutboxRow, reason: str) -> None:
        """Nobody is there: remember it, tell the office, and fall back on whoever can tell them."""
        kind, _, name = row.recipient.partition(":")
        async with self._shop.database.transaction() as session:
            work = self._shop.work(session)
            if kind == "board":
                await forget_board(work, name)
            await _erase(session, row, OutboxState.DEAD, reason)
            if kind == "reporter":
                await session.execute(delete(ReplyAddress).where(ReplyAddress.complaint_id == name))
            if kind == "board":
                await self._tell_office(work, "board_lost", {"team_id": name}, name)
                await record(work, Audited.BOARD_LOST, subject=name)
            if kind == "staff":
                await self._staff_unreachable(work, row, name)

    async def _staff_unreachable(self, work: UnitOfWork, row: OutboxRow, staff_id: str) -> None:
        if row.address is not None:  # an account they may have given up long ago
            return
        await self._note_unreachable(work, row, staff_id)
        order = OutgoingMessage.unpack(self._shop.keyring.outbox.open(row.record_id, row.args or b""))
        if order.kind in {"say", "delete"}:
            return
        for unit_id in (await member(work.session, staff_id)).units(Role.UNIT_HEAD):
            for liaison in await unit_members(work.session, unit_id, Role.LIAISON):
                if await self._is_unreachable(work, liaison.id):  # maybe the head in person
                    continue
                fallback = OutgoingMessage(order.kind, order.args, delete_after_hours=order.delete_after_hours)
                await work.outbox.to_staff(liaison.id, fallback, priority=Priority(row.priority))

    async def _note_unreachable(self, work: UnitOfWork, row: OutboxRow, staff_id: str) -> None:
        """Note that nobody is at the address a row was for, and tell the office, once."""
        addressee = await self._addressee(work.session, row)
        if addressee is None:
            return
        once, at = None, await work.session.get(StaffAddress, addressee.address)
        if at is None:
            once = f"unreachable:{lane(work.keyring.lane_secret, addressee.address)}"
        elif at.unreachable_since is None:
            at.unreachable_since = work.now
        else:
            return
        await self._tell_office(work, "staff_unreachable", {"staff_id": staff_id}, staff_id, once=once)

    async def _is_unreachable(self, work: UnitOfWork, staff_id: str) -> bool:
        reached = await reached_at(work.session, staff_id)
        return reached is not None and reached.unreachable_since is not None

    async def _tell_office(
        self, work: UnitOfWork, kind: str, args: dict[str, Any], about: str, *, once: str | None = None
    ) -> None:
        for clerk in await members_with(work.session, Role.OFFICE_DIRECTOR, Role.OFFICE_STAFF):
            if clerk.id != about:
                key = f"{once}:{clerk.id}" if once else None
                await work.outbox.to_staff(clerk.id, OutgoingMessage(kind, args), dedupe_key=key)

    async def _dead(self, row: OutboxRow, reason: str) -> None:
        log.error("a message is dead: %s (%s)", row.kind, reason)
        async with self._shop.database.transaction() as session:
            await _erase(session, row, OutboxState.DEAD, reason)


class _NoSuchChat(Exception):
    """Telegram knows no such chat: the bot was never there, or the account is gone."""


async def _remember(session: AsyncSession, handle: str, place: Place) -> None:
    at = {"address": address_of(place.chat_id), "message_id": place.message_id}
    if not await insert_or_ignore(session, SentMessage, handle=handle, **at):
        await session.execute(update(SentMessage).where(SentMessage.handle == handle).values(**at))


async def _erase(session: AsyncSession, row: OutboxRow, state: OutboxState, reason: str | None = None) -> None:
    """Close a row: nothing of what it said stays, and no row at all where it need not be remembered."""
    if state == OutboxState.SENT and row.dedupe_key is None:
        await session.execute(delete(OutboxRow).where(OutboxRow.id == row.id))
        return
    await session.execute(
        update(OutboxRow)
        .where(OutboxRow.id == row.id)
        .values(
            state=state,
            args=None,
            address=None,
            leased_until=None,
            reason=reason[:200] if reason else None,
            # A closed row tells of a resident neither which chat or complaint it was for, nor the minute.
            recipient=row.recipient if row.recipient.startswith(("staff:", "board:")) else "resident",
            lane="closed",
            not_before=coarse(row.not_before),
        )
    )


def _retry_after(error: RetryAfter) -> timedelta:
    waiting = error.retry_after
    return timedelta(seconds=waiting) if isinstance(waiting, int) else waiting
