"""Fetches updates by long polling; asking for the next ones confirms those that were processed."""

import asyncio
import logging
import re
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter, TelegramError
from telegram.request import RequestData
from telegram.request._requestparameter import RequestParameter

from channels.backoff import Backoff, pause
from channels.base import NotDone
from channels.telegram.errors import seconds_to_wait
from channels.telegram.request import AiohttpRequest, TooDeep
from channels.telegram.updates import KINDS, number_of, origin_of
from models.duty_lock import DutyLock

log = logging.getLogger(__name__)

BATCH_SIZE = 100
POLL_SECONDS = 50
PROGRESS_CHECK_SECONDS = 0.5
SHUTDOWN_GRACE_SECONDS = 5.0
DUTY_RETRY_SECONDS = 5

_UPDATE_ID = re.compile(rb'"update_id"\s*:\s*(\d{1,18})')


class Polling:
    """Asks Telegram for updates, and confirms them by asking for the next ones.

    Chats are processed side by side. One that is slow, or must try again, holds up no other: Telegram is asked again
    from the first update that is not done, and updates of its answer that are known already are skipped.
    """

    def __init__(
        self,
        process: Callable[[Mapping[str, Any]], Awaitable[None]],
        request: AiohttpRequest,
        api: str,
        duty: DutyLock,
    ) -> None:
        self._process = process
        self._request = request
        self._address = f"{api}/getUpdates"
        self._duty = duty
        self._offset: int | None = None
        self._limit = BATCH_SIZE
        self._chats: dict[object, deque[tuple[int, Mapping[str, Any]]]] = {}  # what is not done of each, in order
        self._tasks: set[asyncio.Task[None]] = set()
        self._pending: set[int] = set()
        self._done: set[int] = set()  # done, but not yet confirmed

    async def run(self, stop: asyncio.Event) -> None:
        """Poll until told to stop; what was done by then is confirmed."""
        try:
            await self._poll(stop)
        finally:
            await self._finish()
            await self._duty.release()

    async def _poll(self, stop: asyncio.Event) -> None:
        wait = Backoff(stop)
        while not stop.is_set():
            if not await self._duty.hold():  # another process polls; Telegram would refuse a second one
                await pause(DUTY_RETRY_SECONDS, stop)
                continue
            asking = asyncio.create_task(self._ask(0 if self._pending else POLL_SECONDS))
            stopping = asyncio.create_task(stop.wait())
            await asyncio.wait({asking, stopping}, return_when=asyncio.FIRST_COMPLETED)
            stopping.cancel()
            if not asking.done():
                asking.cancel()
                break
            try:
                batch = asking.result()
            except RetryAfter as error:
                await pause(seconds_to_wait(error), stop)
                continue
            except Conflict:
                log.warning("another process polls for this bot; stop it, or wait until it is gone")
                await pause(5, stop)
                continue
            except InvalidToken as error:
                log.error("Telegram does not know this token; check telegram.token")
                await pause(seconds_to_wait(error), stop)
                continue
            except TooDeep as error:
                self._pass_over(error)
                await wait.next()
                continue
            except Exception as error:  # whatever it is: it must not end the process
                log.warning("Telegram cannot be reached: %s", type(error).__name__)
                await wait.next()
                continue
            self._limit = BATCH_SIZE
            is_new = self._dispatch(batch, stop)
            holds_none = bool(batch) and not is_new and not (self._pending or self._done)
            del batch, asking  # nothing of an update is kept while the next one is waited for
            if holds_none:  # nothing of it is an update, or waits to be confirmed, and it would come again at once
                await wait.next()
                continue
            wait.reset()
            await self._await_progress()

    def _pass_over(self, error: TooDeep) -> None:
        """Ask for updates one by one after an answer that cannot be read, and pass over the one to blame."""
        alone, self._limit = self._limit == 1, 1
        if alone and (found := _UPDATE_ID.search(error.payload)) is not None:
            log.error("an update is nested too deep to be read; it is dropped")
            self._offset = max(self._offset or 0, int(found[1]) + 1)

    def _dispatch(self, batch: Iterable[Mapping[str, Any]], stop: asyncio.Event) -> bool:
        """Queue new updates for their chats, start a task for each chat that has none; return whether any is new."""
        is_new = False
        for raw in batch:
            update_id = number_of(raw)
            if update_id is None or update_id in self._pending or update_id in self._done:
                continue
            is_new = True
            self._pending.add(update_id)
            chat = origin_of(raw).chat or update_id
            if chat in self._chats:
                self._chats[chat].append((update_id, raw))
            else:
                self._chats[chat] = deque([(update_id, raw)])
                self._tasks.add(asyncio.create_task(self._do_chat(chat, stop)))
        return is_new

    async def _do_chat(self, chat: object, stop: asyncio.Event) -> None:
        pending, wait = self._chats[chat], Backoff(stop)
        while pending and not stop.is_set():
            update_id, raw = pending[0]
            try:
                await self._process(raw)
            except Exception as error:
                if not isinstance(error, NotDone):  # it must neither end the process nor be lost
                    log.error("an update must be tried again: %s", type(error).__name__, exc_info=error)
                await wait.next()
                continue
            wait.reset()
            pending.popleft()
            self._pending.remove(update_id)
            self._done.add(update_id)
        del self._chats[chat]

    async def _await_progress(self) -> None:
        """Wait up to PROGRESS_CHECK_SECONDS for running updates, and move the offset to the first that is not done."""
        if self._tasks:
            ended, self._tasks = await asyncio.wait(self._tasks, timeout=PROGRESS_CHECK_SECONDS)
            for task in ended:
                task.result()
        self._advance_offset()

    def _advance_offset(self) -> None:
        if self._pending:
            self._offset = min(self._pending)
            self._done = {update_id for update_id in self._done if update_id > self._offset}
        elif self._done:
            self._offset = max(self._done) + 1
            self._done.clear()

    async def _finish(self) -> None:
        """Wait for running updates, at most SHUTDOWN_GRACE_SECONDS, cancel the rest, and confirm what is done."""
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=SHUTDOWN_GRACE_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        self._advance_offset()
        await self._confirm()

    async def _ask(self, seconds: int, limit: int | None = None) -> list[Mapping[str, Any]]:
        """Ask for raw updates: one that the library cannot parse must not hide the others."""
        parameters = {
            "timeout": seconds,
            "limit": limit or self._limit,
            "allowed_updates": list(KINDS),
            "offset": self._offset,
        }
        data = RequestData([RequestParameter.from_input(name, value) for name, value in parameters.items()])
        answer: Any = await self._request.post(self._address, data, read_timeout=seconds + 10)
        if not isinstance(answer, list):
            raise NetworkError("no answer of the Bot API")
        return answer

    async def _confirm(self) -> None:
        if self._offset is None:
            return
        try:
            await self._ask(0, limit=1)
        except TelegramError:
            log.info("what was done is not confirmed; it will come again and be passed over")
