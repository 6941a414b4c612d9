"""What comes in: by polling or by webhook, every update takes the same way, and is acknowledged after its commit."""

import asyncio
import hmac
import json
import logging
from collections import Counter, deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Any

from aiohttp import web
from sqlalchemy import delete
from telegram import Update
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError
from telegram.request import RequestData
from telegram.request._requestparameter import RequestParameter

from bot.duty_lock import DutyLock
from bot.fetch import fetch_attachment, file_in
from bot.request import AiohttpRequest
from bot.trouble import passes_by_itself
from bot.workshop import Workshop
from handlers.turn import NOT_AWAITED, App, Opened, Turn, Unfit, opened
from models.base import coarse
from models.database import insert_or_ignore
from models.delivery import FailedUpdate, ProcessedUpdate
from privacy.cleaning.kinds import Cleaned
from privacy.cleaning.process import Cleaner
from privacy.tags import lane
from services.complaints.drafts import FileAwaited
from services.outbox import say
from services.shelf import shelve
from services.staff.member import member_by_telegram
from services.staff.prompts import open_prompt_of
from services.staff.reach import reached
from services.work import Work
from texts.catalogue import Words, language_of
from texts.message import Message

log = logging.getLogger(__name__)

KINDS = ("message", "edited_message", "callback_query", "my_chat_member")
TRIES = 3
PATIENT_TRIES = 12  # with the waits between them some two minutes of polling, seven of a webhook
BATCH = 100
POLL_SECONDS = 50
GLANCE_SECONDS = 0.5
LAST_WORDS_SECONDS = 5.0
DUTY_SECONDS = 5
BODY_SECONDS = 30.0
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 (the name of a header)
BODY_LIMIT = 1024 * 1024

_failure: ContextVar[list[BaseException]] = ContextVar("failure")


# What a file from a chat would be for; None when nobody waits for one there. Changes nothing.
FileQuestion = Callable[[Work, int], Awaitable[FileAwaited | None]]


class NotDone(Exception):
    """The update left nothing behind and must come again."""


class Intake:
    """Does updates, each once, in one transaction, those of one chat in order.

    `committed` is called after every commit, `awaited` asked before a file is fetched.
    """

    def __init__(
        self,
        application: App,
        shop: Workshop,
        committed: Callable[[], None],
        awaited: FileQuestion,
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
        chat_id = _chat_of(raw)
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
                await reached(work, member.id)
            here = Opened(work, member, attachment, prompt, self._application.bot.username, self._link_base_url)
            opened.set(here)
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
        return await shelve(self._shop.keyring, self._shop.vault, awaited.round_id, file)

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
                    sealed=self._shop.keyring.outbox.seal(f"update:{update_id}", json.dumps(raw).encode()),
                )
                session.add(failed)
            failed.attempts += 1
            failed.reason = type(error).__name__
            if failed.attempts < TRIES:
                return False
            failed.set_aside_at = coarse(self._shop.now())
            await insert_or_ignore(session, ProcessedUpdate, update_id=update_id, done_on=coarse(self._shop.now()))
            if chat_id is not None and chat_id > 0:
                work = self._shop.work(session)
                words = Words(language_of(_language_of(raw)))
                await work.outbox.to_chat(chat_id, say(Message(words("common.set_aside"))))
        self._committed()
        log.error("update set aside after %d tries; `doctor` lists it", TRIES)
        return True


class Polling:
    """Asks Telegram for updates, and confirms them by asking for the next ones.

    Chats are done side by side. One that is slow, or must try again, holds up no other: Telegram is asked on from the
    first update that is not done, and what is known of its answer is passed over.
    """

    def __init__(self, intake: Intake, request: AiohttpRequest, api: str, duty: DutyLock) -> None:
        self._intake = intake
        self._request = request
        self._address = f"{api}/getUpdates"
        self._duty = duty
        self._offset: int | None = None
        self._chats: dict[object, deque[Mapping[str, Any]]] = {}  # what is not done of each, in order
        self._at_work: set[asyncio.Task[None]] = set()
        self._owed: set[int] = set()
        self._done: set[int] = set()  # done, but not yet confirmed

    async def run(self, stop: asyncio.Event) -> None:
        """Poll until told to stop; what was done by then is confirmed."""
        try:
            await self._poll(stop)
        finally:
            await self._finish()
            await self._duty.release()

    async def _poll(self, stop: asyncio.Event) -> None:
        wait = _Backoff()
        while not stop.is_set():
            if not await self._duty.hold():  # another process polls; Telegram would refuse a second one
                await wait.seconds(DUTY_SECONDS, stop)
                continue
            asking = asyncio.create_task(self._ask(0 if self._owed else POLL_SECONDS))
            stopping = asyncio.create_task(stop.wait())
            await asyncio.wait({asking, stopping}, return_when=asyncio.FIRST_COMPLETED)
            stopping.cancel()
            if not asking.done():
                asking.cancel()
                break
            try:
                batch = asking.result()
            except RetryAfter as error:
                await wait.seconds(_retry_after(error), stop)
                continue
            except Conflict:
                log.warning("another process polls for this bot; stop it, or wait until it is gone")
                await wait.seconds(5, stop)
                continue
            except InvalidToken:
                log.error("Telegram does not know this token; check telegram.token")
                await wait.seconds(30, stop)
                continue
            except TelegramError as error:
                log.warning("Telegram cannot be reached: %s", type(error).__name__)
                await wait.next(stop)
                continue
            wait.reset()
            self._hand_out(batch, stop)
            await self._look_again()

    def _hand_out(self, batch: Iterable[Mapping[str, Any]], stop: asyncio.Event) -> None:
        """Give each chat what is new of it."""
        for raw in batch:
            update_id = int(raw["update_id"])
            if update_id in self._owed or update_id in self._done:
                continue
            self._owed.add(update_id)
            chat = _chat_of(raw) or update_id
            if chat in self._chats:
                self._chats[chat].append(raw)
            else:
                self._chats[chat] = deque([raw])
                self._at_work.add(asyncio.create_task(self._do_chat(chat, stop)))

    async def _do_chat(self, chat: object, stop: asyncio.Event) -> None:
        owed, wait = self._chats[chat], _Backoff()
        while owed and not stop.is_set():
            try:
                await self._intake.take(owed[0])
            except NotDone:
                await wait.next(stop)
                continue
            wait.reset()
            update_id = int(owed.popleft()["update_id"])
            self._owed.remove(update_id)
            self._done.add(update_id)
        del self._chats[chat]

    async def _look_again(self) -> None:
        """Wait until all is done, or for a moment, and move the offset to the first update that is not."""
        if self._at_work:
            ended, self._at_work = await asyncio.wait(self._at_work, timeout=GLANCE_SECONDS)
            for task in ended:
                task.result()
        self._move_on()

    def _move_on(self) -> None:
        if self._owed:
            self._offset = min(self._owed)
            self._done = {update_id for update_id in self._done if update_id > self._offset}
        elif self._done:
            self._offset = max(self._done) + 1
            self._done.clear()

    async def _finish(self) -> None:
        """Let what is under way end, and confirm what is done; the rest leaves nothing behind and comes again."""
        if self._at_work:
            _, late = await asyncio.wait(self._at_work, timeout=LAST_WORDS_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        self._move_on()
        await self._confirm()

    async def _ask(self, seconds: int, limit: int = BATCH) -> list[Mapping[str, Any]]:
        """Ask for raw updates: one that the library cannot parse must not hide the others."""
        parameters = {"timeout": seconds, "limit": limit, "allowed_updates": list(KINDS), "offset": self._offset}
        data = RequestData([RequestParameter.from_input(name, value) for name, value in parameters.items()])
        answer: Any = await self._request.post(self._address, data, read_timeout=seconds + 10)
        return list(answer)

    async def _confirm(self) -> None:
        if self._offset is None:
            return
        try:
            await self._ask(0, limit=1)
        except TelegramError:
            log.info("what was done is not confirmed; it will come again and be passed over")


def webhook(intake: Intake, secret: str) -> Callable[[web.Request], Any]:
    """Return the aiohttp handler of the webhook: it does the update first and answers after."""

    async def receive(request: web.Request) -> web.Response:
        shown = request.headers.get(SECRET_HEADER, "").encode(errors="surrogateescape")
        if not hmac.compare_digest(shown, secret.encode()):
            return web.Response(status=403)
        try:
            async with asyncio.timeout(BODY_SECONDS):
                body = await request.content.read(BODY_LIMIT + 1)
                while len(body) <= BODY_LIMIT and not request.content.at_eof():
                    body += await request.content.read(BODY_LIMIT + 1)
            raw = json.loads(body) if len(body) <= BODY_LIMIT else None
        except TimeoutError:
            return web.Response(status=408)
        except ValueError:
            raw = None
        if not isinstance(raw, dict):
            return web.Response(status=400)
        try:
            await intake.take(raw)
        except NotDone:
            return web.Response(status=500)
        return web.Response()

    return receive


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


class _Backoff:
    """Waits longer after each failure, at most half a minute, and not past the stop."""

    def __init__(self) -> None:
        self._failures = 0

    def reset(self) -> None:
        self._failures = 0

    async def next(self, stop: asyncio.Event) -> None:
        await self.seconds(min(0.1 * 2**self._failures, 30), stop)
        self._failures += 1

    async def seconds(self, seconds: float, stop: asyncio.Event) -> None:
        try:
            await asyncio.wait_for(stop.wait(), seconds)
        except TimeoutError:
            return


async def _remember_failure(_update: object, context: Turn) -> None:
    if context.error is not None:
        _failure.get().append(context.error)


def _chat_of(raw: Mapping[str, Any]) -> int | None:
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


def _retry_after(error: RetryAfter) -> float:
    waiting = error.retry_after
    return float(waiting) if isinstance(waiting, int) else waiting.total_seconds()
