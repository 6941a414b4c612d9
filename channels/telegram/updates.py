"""What comes in: by polling or by webhook, every update takes the same way, and is acknowledged after its commit."""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Any

from sqlalchemy import delete
from telegram import Update
from telegram.error import TelegramError

from channels.telegram.errors import passes_by_itself
from channels.telegram.files import fetch_attachment, file_in
from handlers.context import NOT_AWAITED, App, HandlerContext, Unfit, UpdateScope, update_scope
from handlers.resident.messages import Choice
from handlers.resident.rendering import button
from media.kinds import Cleaned
from media.process import Cleaner
from models.base import coarse
from models.database import insert_or_ignore
from models.delivery import FailedUpdate, ProcessedUpdate
from privacy.tags import lane
from privacy.trail import Trail
from services.access.member import member_by_telegram
from services.attachments import store
from services.delivery.trail import store_messages
from services.intake.drafts import ExpectedFile
from services.outbox import say
from services.people.prompts import open_prompt_of
from services.people.reach import mark_reachable
from services.resources import Resources
from services.unit_of_work import UnitOfWork
from texts.catalogue import Words, language_of
from texts.message import Message

log = logging.getLogger(__name__)

KINDS = ("message", "edited_message", "callback_query", "my_chat_member")
TRIES = 3
PATIENT_TRIES = 12  # with the waits between them some two minutes of polling, seven of a webhook

_failure: ContextVar[list[BaseException]] = ContextVar("failure")


# What a file from a chat would be for; None when nobody waits for one there. Changes nothing.
ExpectsFile = Callable[[UnitOfWork, int], Awaitable[ExpectedFile | None]]


class NotDone(Exception):
    """The update left nothing behind and must come again."""


class UpdateProcessor:
    """Does updates, each once, in one transaction, those of one chat in order.

    `committed` is called after every commit, `awaited` asked before a file is fetched.
    """

    def __init__(
        self,
        application: App,
        shop: Resources,
        committed: Callable[[], None],
        awaited: ExpectsFile,
        link_base_url: str = "https://t.me",
    ) -> None:
        self._application = application
        self._awaited = awaited
        self._link_base_url = link_base_url
        self._shop = shop
        self._committed = committed
        self._cleaner = Cleaner()
        self._turns = _Turns()
        self._last_words: set[asyncio.Task[None]] = set()
        self._forgiven: Counter[int] = Counter()
        application.add_error_handler(_remember_failure)

    async def take(self, raw: Mapping[str, Any]) -> None:
        """Do one update as Telegram sent it. Returns when it may be acknowledged; raises NotDone otherwise."""
        update_id = raw.get("update_id")
        if not isinstance(update_id, int):
            log.error("something came in that is no update; it is dropped")
            return
        chat_id = chat_of(raw)
        async with self._turns.of(chat_id if chat_id is not None else -update_id):
            try:
                await self._do(raw, update_id, chat_id)
            except Exception as error:
                if self._passes(update_id, error) or not await self._failed(raw, update_id, chat_id, error):
                    raise NotDone from error
            del self._forgiven[update_id]

    async def settle(self) -> None:
        """Wait for answers to presses that are under way."""
        await asyncio.gather(*self._last_words, return_exceptions=True)

    async def _do(self, raw: Mapping[str, Any], update_id: int, chat_id: int | None) -> None:
        update = Update.de_json(dict(raw), self._application.bot)
        if await self._done_before(update_id):
            return
        attachment = await self._attachment(update)
        failures: list[BaseException] = []
        async with self._shop.database.transaction(key=self._lock_key(chat_id)) as session:
            if not await insert_or_ignore(
                session, ProcessedUpdate, update_id=update_id, done_on=coarse(self._shop.now())
            ):
                return
            work = self._shop.work(session)
            user = update.effective_user
            member = await member_by_telegram(session, user.id) if user else None
            prompt = await open_prompt_of(work, member.id) if member else None
            if member:
                await mark_reachable(work, member.id)
            here = UpdateScope(work, member, attachment, prompt, self._application.bot.username, self._link_base_url)
            update_scope.set(here)
            _failure.set(failures)
            await self._application.process_update(update)
            if failures:
                raise failures[0]
            # Done at last: nothing of what it was is kept, not even sealed.
            await session.execute(delete(FailedUpdate).where(FailedUpdate.update_id == update_id))
        self._committed()
        for toast in here.toasts:
            task = asyncio.create_task(self._answer_press(*toast))
            self._last_words.add(task)
            task.add_done_callback(self._last_words.discard)

    async def _attachment(self, update: Update) -> Cleaned | Unfit | None:
        """Fetch, re-make and store the file of a message ahead of its transaction, if anybody waits for it.

        What is not awaited is not even fetched: it would keep those who have something to say waiting.
        """
        chat = update.effective_chat
        if chat is None or file_in(update) is None:
            return None
        async with self._shop.database.reading() as session:
            awaited = await self._awaited(self._shop.work(session), chat.id)
        if awaited is None:
            return Unfit(NOT_AWAITED)
        bot, disguise = self._application.bot, not awaited.own_voice
        file = await fetch_attachment(bot, self._cleaner, update, disguise=disguise)
        if not isinstance(file, Cleaned) or awaited.round_id is None:
            return file
        return await store(self._shop.keyring, self._shop.vault, awaited.round_id, file)

    def _lock_key(self, chat_id: int | None) -> int | None:
        """Return what keeps the updates of a chat apart across processes; the database shows it to whoever looks."""
        if chat_id is None:
            return None
        return int.from_bytes(bytes.fromhex(lane(self._shop.keyring.lane_secret, chat_id))[:8], signed=True)

    async def _done_before(self, update_id: int) -> bool:
        async with self._shop.database.reading() as session:
            return await session.get(ProcessedUpdate, update_id) is not None

    async def _answer_press(self, query_id: str, text: str, alert: bool) -> None:
        try:
            await self._application.bot.answer_callback_query(query_id, text or None, show_alert=alert)
        except TelegramError:
            log.info("a press could not be answered; its sender sees the result all the same")

    def _passes(self, update_id: int, error: Exception) -> bool:
        """Whether to wait until the network or the database is back: no message is lost to a minute without them.

        Not for ever, or one file that cannot be fetched would hold up its sender for a day.
        """
        if not passes_by_itself(error):
            return False
        self._forgiven[update_id] += 1
        log.warning("update waits: %s", type(error).__name__)
        return self._forgiven[update_id] <= PATIENT_TRIES

    async def _failed(self, raw: Mapping[str, Any], update_id: int, chat_id: int | None, error: Exception) -> bool:
        """Count a failure; at the third set the update aside, tell its sender, and return True."""
        log.warning("update failed: %s", type(error).__name__, exc_info=error)
        try:
            return await self._counted(raw, update_id, chat_id, error)
        except Exception as worse:  # what cannot be counted comes again
            log.error("a failure could not be noted: %s", type(worse).__name__, exc_info=worse)
            return False

    async def _counted(self, raw: Mapping[str, Any], update_id: int, chat_id: int | None, error: Exception) -> bool:
        async with self._shop.database.transaction() as session:
            failed = await session.get(FailedUpdate, update_id)
            if failed is None:
                failed = FailedUpdate(
                    update_id=update_id,
                    attempts=0,
                    first_failed_at=coarse(self._shop.now()),
                    reason=type(error).__name__,
                    sealed=self._shop.keyring.outbox.seal(f"update:{update_id}", str(chat_id).encode()),
                )
                session.add(failed)
            failed.attempts += 1
            failed.reason = type(error).__name__
            if failed.attempts < TRIES:
                return False
            failed.set_aside_at = coarse(self._shop.now())
            await insert_or_ignore(session, ProcessedUpdate, update_id=update_id, done_on=coarse(self._shop.now()))
            if chat_id is not None and chat_id > 0:
                await _apologise(self._shop.work(session), chat_id, raw)
        self._committed()
        log.error("update set aside after %d tries; `doctor` lists it", TRIES)
        return True


async def _apologise(work: UnitOfWork, chat_id: int, raw: Mapping[str, Any]) -> None:
    """Tell a sender that their update came to nothing; what lies there of it can be cleared like all the rest."""
    words, trail = Words(language_of(_language_of(raw))), Trail.fresh()
    message = raw.get("message") or raw.get("edited_message")
    if isinstance(message, dict) and isinstance(message.get("message_id"), int):
        await store_messages(work, trail, [message["message_id"]])
    rows = ((button(words, Choice("clear", "clear", str(trail))),),)
    await work.outbox.to_chat(chat_id, say(Message(words("common.set_aside"), rows), trail=str(trail)))


class _Turns:
    """One lock a chat, for as long as somebody holds it or waits for it."""

    def __init__(self) -> None:
        self._locks: dict[int, tuple[asyncio.Lock, int]] = {}

    @asynccontextmanager
    async def of(self, chat_id: int) -> AsyncIterator[None]:
        lock, users = self._locks.get(chat_id, (asyncio.Lock(), 0))
        self._locks[chat_id] = (lock, users + 1)
        try:
            async with lock:
                yield
        finally:
            lock, users = self._locks[chat_id]
            if users == 1:
                del self._locks[chat_id]
            else:
                self._locks[chat_id] = (lock, users - 1)


async def _remember_failure(_update: object, context: HandlerContext) -> None:
    if context.error is not None:
        _failure.get().append(context.error)


def chat_of(raw: Mapping[str, Any]) -> int | None:
    """Return the chat of a raw update, also of one that cannot be parsed."""
    for kind in KINDS:
        part = raw.get(kind)
        if not isinstance(part, dict):
            continue
        message = part.get("message") if kind == "callback_query" else part
        if isinstance(message, dict) and isinstance(message.get("chat"), dict):
            number = message["chat"].get("id")
            return number if isinstance(number, int) else None
        sender = part.get("from")
        if isinstance(sender, dict) and isinstance(sender.get("id"), int):
            return int(sender["id"])
    return None


def _language_of(raw: Mapping[str, Any]) -> str | None:
    for kind in KINDS:
        part = raw.get(kind)
        if isinstance(part, dict) and isinstance(part.get("from"), dict):
            code = part["from"].get("language_code")
            return code if isinstance(code, str) else None
    return None
