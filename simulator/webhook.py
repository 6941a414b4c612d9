"""Webhook delivery: in order per chat and per pressing person, again and again until it is taken."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from datetime import datetime

import aiohttp

from simulator.changes import Changes
from simulator.updates import Update, UpdateQueue
from simulator.world import World

FIRST_DELAY = 1.0  # seconds; doubles with each failure
LONGEST_DELAY = 60.0
RETRY_AFTER_LIMIT = 3600.0
ANSWER_SECONDS = 60.0
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  the name of the header, not a secret


class Webhook:
    """Posts pending updates to the bot's address, one after the other within each queue."""

    def __init__(self, world: World, changes: Changes) -> None:
        self._world = world
        self._changes = changes
        self._tasks: set[asyncio.Task[None]] = set()
        self._busy_queues: set[str] = set()
        self._clock_moved = asyncio.Event()
        self.url = ""
        self.secret_token = ""
        self.max_connections = 40
        self.last_error = ""
        self.last_error_at: datetime | None = None
        world.clock.on_change(lambda _: self._wake())

    @property
    def _queue(self) -> UpdateQueue:
        return self._world.updates

    async def set(self, url: str, secret_token: str, max_connections: int) -> None:
        await self.delete()
        self.url, self.secret_token, self.max_connections = url, secret_token, max_connections
        self._start(self._run())

    async def delete(self) -> None:
        """Stops delivering; what was not taken stays pending."""
        self.url = self.secret_token = self.last_error = ""
        self.last_error_at = None
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._busy_queues.clear()

    def _wake(self) -> None:
        self._clock_moved.set()
        self._clock_moved = asyncio.Event()
        self._changes.notify()

    def _start(self, coroutine: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _run(self) -> None:
        places = asyncio.Semaphore(self.max_connections)
        async with _session(self.max_connections) as session:
            while True:
                for update in self._queue.take_repeats():
                    self._start(self._repeat(session, update))
                for update in self._queue.pending():
                    if update.queue not in self._busy_queues:
                        self._busy_queues.add(update.queue)
                        self._start(self._drain(session, update.queue, places))
                await self._changes.next()

    async def _drain(self, session: aiohttp.ClientSession, queue: str, places: asyncio.Semaphore) -> None:
        try:
            while update := self._next_of(queue):
                await self._deliver(session, update, places)
        finally:
            self._busy_queues.discard(queue)

    def _next_of(self, queue: str) -> Update | None:
        return next((update for update in self._queue.pending() if update.queue == queue), None)

    async def _deliver(self, session: aiohttp.ClientSession, update: Update, places: asyncio.Semaphore) -> None:
        delay = FIRST_DELAY
        while self._queue.is_pending(update.update_id):
            async with places:
                taken, retry_after = await self._post(session, update)
            if taken:
                self._queue.confirm([update.update_id])
                return
            await self._pause(retry_after or delay)
            self._queue.pending()
            delay = min(delay * 2, LONGEST_DELAY)

    async def _pause(self, seconds: float) -> None:
        """Waits so many of the webhook's seconds, or until the clock is moved."""
        moved = self._clock_moved
        try:
            async with asyncio.timeout(seconds * self._world.settings.retry_second):
                await moved.wait()
        except TimeoutError:
            return

    async def _repeat(self, session: aiohttp.ClientSession, update: Update) -> None:
        await self._post(session, update)

    async def _post(self, session: aiohttp.ClientSession, update: Update) -> tuple[bool, float]:
        """Whether the bot took the update, and the Retry-After that it asked for."""
        headers = {"Content-Type": "application/json"}
        if self.secret_token:
            headers[SECRET_HEADER] = self.secret_token
        try:
            async with session.post(self.url, data=update.body.encode(), headers=headers) as answer:
                await answer.read()
                if 200 <= answer.status <= 299:
                    return True, 0.0
                self._note(f"Wrong response from the webhook: {answer.status} {answer.reason}")
                return False, _retry_after(answer.headers.get("Retry-After", ""))
        except TimeoutError:
            self._note("Read timeout expired")
        except aiohttp.ClientError:
            self._note("Connection refused")
        return False, 0.0

    def _note(self, error: str) -> None:
        self.last_error, self.last_error_at = error, self._world.clock.now()
        self._changes.notify()


@asynccontextmanager
async def _session(connections: int) -> AsyncIterator[aiohttp.ClientSession]:
    timeout = aiohttp.ClientTimeout(total=ANSWER_SECONDS)
    connector = aiohttp.TCPConnector(limit=connections + 1)
    async with aiohttp.ClientSession(timeout=timeout, connector=connector) as session:
        yield session


def _retry_after(header: str) -> float:
    try:
        return min(max(float(header), 0.0), RETRY_AFTER_LIMIT)
    except ValueError:
        return 0.0
