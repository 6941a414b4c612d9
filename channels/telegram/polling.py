"""Updates by polling: Telegram is asked for them, and what is done is confirmed by asking for the next ones."""

import asyncio
import logging
from collections import deque
from collections.abc import Iterable, Mapping
from typing import Any

from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError
from telegram.request import RequestData
from telegram.request._requestparameter import RequestParameter

from channels.telegram.failures import KINDS
from channels.telegram.request import AiohttpRequest
from channels.telegram.updates import NotDone, UpdateProcessor, came_from
from models.duty_lock import DutyLock

log = logging.getLogger(__name__)

BATCH = 100
POLL_SECONDS = 50
GLANCE_SECONDS = 0.5
LAST_WORDS_SECONDS = 5.0
DUTY_SECONDS = 5


class Polling:
    """Asks Telegram for updates, and confirms them by asking for the next ones.

    Chats are done side by side. One that is slow, or must try again, holds up no other: Telegram is asked on from the
    first update that is not done, and what is known of its answer is passed over.
    """

    def __init__(self, processor: UpdateProcessor, request: AiohttpRequest, api: str, duty: DutyLock) -> None:
        self._processor = processor
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
            chat = came_from(raw) or update_id
            if chat in self._chats:
                self._chats[chat].append(raw)
            else:
                self._chats[chat] = deque([raw])
                self._at_work.add(asyncio.create_task(self._do_chat(chat, stop)))

    async def _do_chat(self, chat: object, stop: asyncio.Event) -> None:
        owed, wait = self._chats[chat], _Backoff()
        while owed and not stop.is_set():
            try:
                await self._processor.process(owed[0])
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


def _retry_after(error: RetryAfter) -> float:
    waiting = error.retry_after
    return float(waiting) if isinstance(waiting, int) else waiting.total_seconds()
