"""Processes the updates of any channel: each once, in one transaction, acknowledged after its commit."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Hashable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, partial
from typing import Any, TypeAlias

from sqlalchemy import BindParameter, Executable, bindparam, delete, exists
from sqlalchemy.ext.asyncio import AsyncSession

from channels.base import Channel, NotDone, ReceivedUpdate
from channels.failures import MAX_ATTEMPTS, CannotCount, count_failure
from channels.files import FileFetcher
from channels.waiting import (
    IS_BEHIND,
    ONLY_LATE_FILES,
    Begun,
    Patience,
    Waiting,
    WaitingUpdates,
    drop_waiting,
    end_waiting,
    note_late,
    store_waiting,
)
from handlers.context import HandlerContext, Toast
from handlers.expected_files import stored_file
from handlers.incoming import NOT_EXPECTED, ButtonPress, FileLate, UnfitFile, Update, goes_ahead
from media.kinds import Cleaned
from models.address import Address
from models.base import coarse, table_of
from models.database import execute, insert_into
from models.delivery import FailedUpdate, ProcessedUpdate
from models.reference import VERSION, know_version
from privacy.tags import lane, lock_key
from qr.link import Links
from services.access.member import member_at
from services.ahead import Results, with_results
from services.intake.conversation_store import ExpectedFile
from services.people.forms import open_form_to_change
from services.people.reach import mark_reachable
from services.resources import Resources
from services.unit_of_work import UnitOfWork
from texts.catalogue import Words, language_of

log = logging.getLogger(__name__)

TRANSIENT_TRIES = 12  # after transient failures: some two minutes of polling, seven of a webhook

# Hands an update to whoever answers it.
Route: TypeAlias = Callable[[HandlerContext], Awaitable[None]]
# What a file from a chat would be for; None when none is expected there. Changes nothing.
FileExpected: TypeAlias = Callable[[UnitOfWork, Address], Awaitable[ExpectedFile | None]]


class UpdateProcessor:
    """Processes the updates of one channel: each once, in one transaction, and those of one chat in order.

    `file_expected` is asked before a file is fetched, `links` for where links to us lead, and `committed` is called
    after every commit.
    """

    def __init__(
        self,
        channel: Channel,
        resources: Resources,
        route: Route,
        file_expected: FileExpected,
        links: Callable[[], Links],
        committed: Callable[[], None],
        fetcher: FileFetcher,
    ) -> None:
        self._channel = channel
        self._resources = resources
        self._route = route
        self._file_expected = file_expected
        self._links = links
        self._committed = committed
        self._fetcher = fetcher
        self._waiting = WaitingUpdates(channel, resources, self._do_or_set_aside, self._note_late, self._goes_ahead)
        self._chats = _ChatLocks()
        self._answers: set[asyncio.Task[None]] = set()  # to presses, under way
        self._patience: defaultdict[str, Patience] = defaultdict(Patience)

    async def process(self, received: ReceivedUpdate) -> None:
        """Process an update. Returns when it may be acknowledged; raises NotDone otherwise."""
        self._resources.activity.begin(received)
        try:
            async with self._chats.locked(received.origin.chat or received.id):
                await self._do_or_set_aside(received, None, self._patience[received.id])
            del self._patience[received.id]
        finally:
            self._resources.activity.end(received)

    async def run(self, stop: asyncio.Event) -> None:
        """Do what waits for a file, also from before the start, until told to stop."""
        await self._waiting.run(stop)

    async def settle(self) -> None:
        """Wait for answers to presses that are under way, and for a moment for what is being done of what waits."""
        await self._waiting.end()
        await asyncio.gather(*self._answers)

    async def _do_or_set_aside(self, received: ReceivedUpdate, waiting: Waiting | None, patience: Patience) -> None:
        """Do an update, or set it aside; `waiting`: its row, when it is done later. Raises NotDone."""
        try:
            await self._do(received, waiting)
        except Exception as error:
            if self._is_tolerated(patience, error):
                raise NotDone from error
            if not await self._is_set_aside(received, error, patience):
                raise NotDone from error
            self._committed()
        else:
            patience.transient_failures = 0

    async def _is_set_aside(self, received: ReceivedUpdate, error: Exception, patience: Patience) -> bool:
        """Count a failure; return whether the update is set aside. Nothing that came in gets past this for good."""
        try:
            return await count_failure(self._resources, self._channel, received, error)
        except CannotCount:
            patience.uncounted_failures += 1
            if patience.uncounted_failures < MAX_ATTEMPTS:
                return False
            async with self._resources.database.transaction() as session:
                await drop_waiting(session, self._channel.name, received.id)
            log.error("update dropped after %d tries; it cannot even be noted", MAX_ATTEMPTS)
            return True

    async def _do(self, received: ReceivedUpdate, waiting: Waiting | None) -> None:
        file: Cleaned | UnfitFile | None = None
        if received.file is not None:
            file = UnfitFile(NOT_EXPECTED) if waiting is None else await self._stored_file(received)
        update = received.read(file)
        attempt = await with_results(partial(self._attempt, received, waiting, update))
        if attempt is None:
            return
        if attempt.waits:
            self._waiting.go_on(self._lane_of(received.origin.chat))
        if update is not None and isinstance(update.content, ButtonPress) and waiting is None:
            self._answer(received.answer_press(self._toast_of(attempt, update)))
        self._committed()

    async def _attempt(
        self, received: ReceivedUpdate, waiting: Waiting | None, update: Update | None, results: Results
    ) -> "Attempt | None":
        """Do an update in one transaction, or store it there when it must wait; None when it was done before."""
        lane_name = self._lane_of(received.origin.chat)
        async with self._resources.database.transaction(key=_key_of(lane_name)) as session:
            work = self._resources.work(session, results)
            if waiting is None:
                begun = await begin_update(session, self._channel.name, received.id, coarse(work.now), lane_name)
            else:
                begun = await end_waiting(session, waiting)
            if begun is None:
                return None
            if waiting is None and await self._must_wait(work, received, begun):
                store_waiting(work, self._channel, received, lane_name)
                return Attempt(waits=True)
            context = await self._context(work, update, received.origin.sender)
            if context is not None:
                await self._route(context)
            if begun.has_failed:  # done at last: nothing of what it was is kept, not even sealed
                own = (FailedUpdate.channel == self._channel.name, FailedUpdate.update_id == received.id)
                await session.execute(delete(FailedUpdate).where(*own))
        return Attempt(context)

    async def _must_wait(self, work: UnitOfWork, received: ReceivedUpdate, begun: Begun) -> bool:
        """Whether an update waits: for its own file, if anybody expects one, or for whatever waits in its chat."""
        if begun.is_behind:
            return not (begun.only_late_files and self._goes_ahead(received))
        chat = received.origin.chat
        if chat is None or received.file is None:
            return False
        return await self._file_expected(work, chat) is not None

    async def _stored_file(self, received: ReceivedUpdate) -> Cleaned | UnfitFile:
        """Fetch, re-make and store the file of an update ahead of its transaction, if it is still expected."""
        chat, remote = received.origin.chat, received.file
        if chat is None or remote is None:
            return UnfitFile(NOT_EXPECTED)
        async with self._resources.database.reading() as session:
            expected = await self._file_expected(self._resources.work(session), chat)
        return await stored_file(self._resources, expected, partial(self._fetcher.fetch, remote))

    async def _note_late(self, received: ReceivedUpdate, waiting: Waiting, tells: bool) -> None:
        """Note that a file is late, and tell whoever sent it; at best effort, for the file may come all the same."""
        update = received.read(UnfitFile(NOT_EXPECTED))
        try:
            key = _key_of(self._lane_of(received.origin.chat))
            async with self._resources.database.transaction(key=key) as session:
                await note_late(session, waiting)
                late = replace(update, content=FileLate()) if tells and update is not None else None
                context = await self._context(self._resources.work(session), late, received.origin.sender)
                if context is not None:
                    await self._route(context)
        except Exception as error:
            log.warning("a file is late, and nobody could be told: %s", type(error).__name__)
        self._committed()

    def _goes_ahead(self, received: ReceivedUpdate) -> bool:
        """Whether an update need not wait for a file of its chat that is late."""
        update = None if received.file is not None else received.read(None)
        return update is not None and goes_ahead(update.content)

    def _toast_of(self, attempt: "Attempt", update: Update) -> Toast:
        """Return the answer to a press: what its handler said, or that it waits."""
        if attempt.waits:
            words = Words(language_of(update.language_code), self._channel.transport.capabilities.lacking)
            return Toast(words.plain("common.press_waits"))
        return (attempt.context.answer if attempt.context else None) or Toast()

    def _lane_of(self, chat: Address | None) -> str:
        return "" if chat is None else lane(self._resources.keyring.lane_secret, chat)

    async def _context(self, work: UnitOfWork, update: Update | None, sender: Address | None) -> HandlerContext | None:
        """Return what the handlers work with; None when nobody answers the update, though its sender can be reached."""
        member = await member_at(work.session, sender) if sender else None
        if member is not None and sender is not None:
            await mark_reachable(work, sender)
        if update is None:
            return None
        form = await open_form_to_change(work, member.id) if member else None
        capabilities = self._channel.transport.capabilities
        return HandlerContext(work, update, member, form, self._links(), capabilities)

    def _answer(self, answering: Coroutine[Any, Any, None]) -> None:
        """Begin to answer a press; whoever waits for the product to be idle waits for that, too."""

        async def answer() -> None:
            try:
                await answering
            except Exception as error:
                # its sender sees the result all the same
                log.info("a press could not be answered: %s", type(error).__name__)

        task = asyncio.create_task(answer())
        self._answers.add(task)
        self._resources.activity.begin(task)
        task.add_done_callback(self._answers.discard)
        task.add_done_callback(self._resources.activity.end)

    def _is_tolerated(self, patience: Patience, error: Exception) -> bool:
        """Count a transient failure, and return whether to try again without counting the update as failed.

        Only so many times, or one file that cannot be fetched would hold up its sender for a day.
        """
        if not self._channel.is_transient(error):
            return False
        patience.transient_failures += 1
        log.warning("update waits: %s", type(error).__name__)
        return patience.transient_failures <= TRANSIENT_TRIES


@dataclass(frozen=True)
class Attempt:
    """What became of an update in its transaction: what its handlers worked with, or that it waits."""

    context: HandlerContext | None = None
    waits: bool = False


def _key_of(lane_name: str) -> int | None:
    return lock_key(lane_name) if lane_name else None


async def begin_update(
    session: AsyncSession, channel: str, update_id: str, done_on: datetime, lane_name: str = ""
) -> Begun | None:
    """Note that an update is done; None when it was before. The version of the reference tables is read along."""
    beginning = _beginning(session.get_bind().dialect.name)
    values = {"given_channel": channel, "given_id": update_id, "done_on": done_on, "given_lane": lane_name}
    found = (await execute(session, beginning, values)).first()
    if found is None:
        return None
    know_version(session, found.version or 0)
    return Begun(found.has_failed, found.is_behind, bool(found.only_late_files))


@cache
def _beginning(dialect: str) -> Executable:
    channel: BindParameter[str] = bindparam("given_channel")
    update_id: BindParameter[str] = bindparam("given_id")
    insert, failed = insert_into(dialect, ProcessedUpdate), table_of(FailedUpdate)
    insert = insert.values(channel=channel, update_id=update_id)
    has_failed = exists().where(failed.c.channel == channel, failed.c.update_id == update_id).label("has_failed")
    version, waiting = VERSION.scalar_subquery().label("version"), IS_BEHIND.label("is_behind")
    only_late_files = ONLY_LATE_FILES.label("only_late_files")
    return insert.on_conflict_do_nothing().returning(version, has_failed, waiting, only_late_files)


class _ChatLocks:
    """One lock for each chat, kept while somebody holds it or waits for it."""

    def __init__(self) -> None:
        self._locks: dict[Hashable, tuple[asyncio.Lock, int]] = {}

    @asynccontextmanager
    async def locked(self, chat: Hashable) -> AsyncIterator[None]:
        lock, users = self._locks.get(chat, (asyncio.Lock(), 0))
        self._locks[chat] = (lock, users + 1)
        try:
            async with lock:
                yield
        finally:
            lock, users = self._locks[chat]
            if users == 1:
                del self._locks[chat]
            else:
                self._locks[chat] = (lock, users - 1)
