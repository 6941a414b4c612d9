"""Processes updates from polling and webhook: each in one transaction, acknowledged after its commit."""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from typing import Any

import telegram
from sqlalchemy import Executable, bindparam, delete, exists
from sqlalchemy.ext.asyncio import AsyncSession
from telegram.error import TelegramError

from channels.base import Route, context_of, lock_key
from channels.telegram.address import address_of
from channels.telegram.errors import passes_by_itself
from channels.telegram.failures import KINDS, count_failure
from channels.telegram.files import fetch_attachment, file_in
from channels.telegram.incoming import read_update
from channels.telegram.transport import TelegramTransport
from handlers.context import BotLinks, HandlerContext, Toast
from handlers.incoming import NOT_EXPECTED, UnfitFile
from media.kinds import Cleaned
from media.process import Cleaner
from models.address import Address
from models.base import coarse, table_of
from models.database import execute, insert_into
from models.delivery import FailedUpdate, ProcessedUpdate
from models.reference import VERSION, know_version
from services.ahead import Results, with_results
from services.attachments import store
from services.intake.conversation_store import ExpectedFile
from services.resources import Resources
from services.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)

TRANSIENT_TRIES = 12  # after transient failures: some two minutes of polling, seven of a webhook

# What a file from a chat would be for; None when none is expected there. Changes nothing.
FileExpected = Callable[[UnitOfWork, Address], Awaitable[ExpectedFile | None]]


class NotDone(Exception):
    """The update was rolled back and must be delivered again."""


class UpdateProcessor:
    """Processes each update once, in one transaction, and those of one chat in order.

    `committed` is called after every commit, `file_expected` asked before a file is fetched.
    """

    def __init__(
        self,
        bot: telegram.Bot,
        resources: Resources,
        route: Route,
        file_expected: FileExpected,
        committed: Callable[[], None],
        link_base_url: str = "https://t.me",
    ) -> None:
        self._bot = bot
        self._resources = resources
        self._route = route
        self._file_expected = file_expected
        self._committed = committed
        self._link_base_url = link_base_url
        self._cleaner = Cleaner()
        self._chats = _ChatLocks()
        self._answers: set[asyncio.Task[None]] = set()  # to presses, under way
        self._transient_failures: Counter[int] = Counter()

    async def process(self, raw: Mapping[str, Any]) -> None:
        """Process one raw update. Returns when it may be acknowledged; raises NotDone otherwise."""
        update_id = raw.get("update_id")
        if not isinstance(update_id, int):
            log.error("something came in that is no update; it is dropped")
            return
        token = object()
        self._resources.activity.begin(token)
        try:
            await self._process(raw, update_id, chat_address(raw))
        finally:
            self._resources.activity.end(token)

    async def settle(self) -> None:
        """Wait for answers to presses that are under way."""
        await asyncio.gather(*self._answers, return_exceptions=True)

    async def _process(self, raw: Mapping[str, Any], update_id: int, address: Address | None) -> None:
        async with self._chats.locked(address or update_id):
            try:
                await self._do(raw, update_id, address)
            except Exception as error:
                if self._is_tolerated(update_id, error):
                    raise NotDone from error
                if not await count_failure(self._resources, raw, update_id, address, error):
                    raise NotDone from error
                self._committed()
            del self._transient_failures[update_id]

    async def _do(self, raw: Mapping[str, Any], update_id: int, address: Address | None) -> None:
        update = telegram.Update.de_json(dict(raw), self._bot)
        file = None
        if file_in(update) is not None:
            if await self._done_before(update_id):
                return
            file = await self._file(update, address)
        key = None if address is None else lock_key(self._resources.keyring, address)
        begun, answer = await with_results(partial(self._attempt, update, file, key))
        if not begun:
            return
        self._committed()
        if update.callback_query is not None and answer is not None:
            task = asyncio.create_task(self._answer_press(update.callback_query.id, answer))
            self._answers.add(task)
            self._resources.activity.begin(task)
            task.add_done_callback(self._answers.discard)
            task.add_done_callback(self._resources.activity.end)

    async def _attempt(
        self, update: telegram.Update, file: Cleaned | UnfitFile | None, key: int | None, results: Results
    ) -> tuple[bool, Toast | None]:
        """Do an update in a transaction; return whether it was not done before, and how a press is answered."""
        async with self._resources.database.transaction(key=key) as session:
            done_on = coarse(self._resources.now())
            begun = await begin_update(session, update.update_id, done_on)
            if begun is None:
                return False, None
            context = await self._context(self._resources.work(session, results), update, file)
            if context is not None:
                await self._route(context)
            if begun.has_failed:  # done at last: nothing of what it was is kept, not even sealed
                await session.execute(delete(FailedUpdate).where(FailedUpdate.update_id == update.update_id))
        return True, None if context is None else context.answer or Toast()

    async def _context(
        self, work: UnitOfWork, update: telegram.Update, file: Cleaned | UnfitFile | None
    ) -> HandlerContext | None:
        """Return what the handlers work with; None when nothing answers the update."""
        incoming = read_update(update, self._bot.username, file)
        sender = address_of(update.effective_user.id) if update.effective_user else None
        links = BotLinks(self._link_base_url, self._bot.username)
        return await context_of(work, incoming, sender, links, TelegramTransport.capabilities)

    async def _file(self, update: telegram.Update, address: Address | None) -> Cleaned | UnfitFile | None:
        """Fetch, re-make and store the file of a message ahead of its transaction, if one is expected.

        Other files are not fetched: they would keep those who have something to say waiting.
        """
        if address is None:
            return None
        async with self._resources.database.reading() as session:
            expected = await self._file_expected(self._resources.work(session), address)
        if expected is None:
            return UnfitFile(NOT_EXPECTED)
        disguise = not expected.own_voice
        file = await fetch_attachment(self._bot, self._cleaner, update, disguise=disguise)
        if not isinstance(file, Cleaned) or expected.round_id is None:
            return file
        return await store(self._resources.keyring, self._resources.attachment_store, expected.round_id, file)

    async def _done_before(self, update_id: int) -> bool:
        async with self._resources.database.reading() as session:
            return await session.get(ProcessedUpdate, update_id) is not None

    async def _answer_press(self, query_id: str, toast: Toast) -> None:
        try:
            await self._bot.answer_callback_query(query_id, toast.text or None, show_alert=toast.alert)
        except TelegramError:
            log.info("a press could not be answered; its sender sees the result all the same")

    def _is_tolerated(self, update_id: int, error: Exception) -> bool:
        """Count a transient failure, and return whether to try again without counting the update as failed.

        Only so many times, or one file that cannot be fetched would hold up its sender for a day.
        """
        if not passes_by_itself(error):
            return False
        self._transient_failures[update_id] += 1
        log.warning("update waits: %s", type(error).__name__)
        return self._transient_failures[update_id] <= TRANSIENT_TRIES


@dataclass(frozen=True)
class Begun:
    """What is known of an update once its transaction has begun."""

    has_failed: bool


async def begin_update(session: AsyncSession, update_id: int, done_on: datetime) -> Begun | None:
    """Note that an update is done; None when it was before. The version of the reference tables is read along."""
    beginning = _beginning(session.get_bind().dialect.name)
    found = (await execute(session, beginning, {"given_id": update_id, "done_on": done_on})).first()
    if found is None:
        return None
    know_version(session, found.version or 0)
    return Begun(found.has_failed)


@cache
def _beginning(dialect: str) -> Executable:
    insert, failed = insert_into(dialect, ProcessedUpdate), table_of(FailedUpdate)
    insert = insert.values(update_id=bindparam("given_id"))
    has_failed = exists().where(failed.c.update_id == bindparam("given_id")).label("has_failed")
    return insert.on_conflict_do_nothing().returning(VERSION.scalar_subquery().label("version"), has_failed)


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


def chat_address(raw: Mapping[str, Any]) -> Address | None:
    """Return the address of the chat a raw update came from, also of one that cannot be parsed."""
    for kind in KINDS:
        part = raw.get(kind)
        if not isinstance(part, dict):
            continue
        message = part.get("message") if kind == "callback_query" else part
        if isinstance(message, dict) and isinstance(message.get("chat"), dict):
            number = message["chat"].get("id")
            return address_of(number) if isinstance(number, int) else None
        sender = part.get("from")
        if isinstance(sender, dict) and isinstance(sender.get("id"), int):
            return address_of(sender["id"])
    return None
