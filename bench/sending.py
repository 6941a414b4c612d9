"""Part `sending`: how fast the outbox is emptied into a server that refuses the 31st message of any second.

Rounds of 450 messages to as many chats go through the whole product's sender. The server is a process of its own.
"""

import asyncio
import os
import tempfile
from collections import deque
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median
from time import monotonic
from typing import Any

from aiohttp import web
from pydantic import SecretStr
from sqlalchemy import func, select

from bench.options import Options
from bench.servers.pipe import free_port
from bench.table import Row, at_least, at_most
from bot.bootstrap import whole_product
from bot.config import Config, DatabaseSettings, FilesSettings, KeyringSettings, TelegramSettings
from bot.product import Product
from channels.telegram.address import address_of
from models.database import Database
from models.delivery import OutboxRow, OutboxState
from models.tables import METADATA
from privacy.keyring import Keyring
from services.outbox import say
from texts.message import Message

MESSAGES = 450  # a round
RATE = 29.7  # messages a second: the goal
MAX_PER_SECOND = 30  # messages in any trailing second; Telegram's limit
PROCESSES = get_context("spawn")


@dataclass(frozen=True)
class Sending:
    """What the server saw in one round. Rates are messages a second."""

    sent: int
    refused: int
    rate: float  # from the first message to the last
    lasting_rate: float  # without the first MAX_PER_SECOND, which no earlier ones held up


class StrictServer:
    """A Bot API that counts by its own clock and refuses one message too many in any trailing second."""

    def __init__(self) -> None:
        self._last_second: deque[float] = deque()
        self._accepted: list[float] = []
        self._refused = 0
        self._news = asyncio.Event()

    async def serve(self, request: web.BaseRequest) -> web.Response:
        """Answer one call."""
        now = monotonic()
        method = request.path.rpartition("/")[2].lower()
        if method == "getme":
            return _answer({"id": 4242, "is_bot": True, "first_name": "巡声", "username": "xunsheng_bot"})
        if method != "sendmessage":
            return _answer(True)
        while self._last_second and now - self._last_second[0] >= 1.0:
            self._last_second.popleft()
        if len(self._last_second) >= MAX_PER_SECOND:
            self._refused += 1
            return _refusal()
        self._last_second.append(now)
        self._accepted.append(now)
        self._news.set()
        number = len(self._accepted)
        return _answer({"message_id": number, "date": 1, "chat": {"id": 1, "type": "private"}, "text": "-"})

    async def round(self, messages: int) -> Sending:
        """Wait for so many messages, and return how they came."""
        while len(self._accepted) < messages:
            self._news.clear()
            await self._news.wait()
        times, refused = self._accepted, self._refused
        self._accepted, self._refused = [], 0
        lasting = (len(times) - MAX_PER_SECOND) / (times[-1] - times[MAX_PER_SECOND - 1])
        return Sending(len(times), refused, (len(times) - 1) / (times[-1] - times[0]), lasting)


def _answer(result: Any) -> web.Response:
    return web.json_response({"ok": True, "result": result})


def _refusal() -> web.Response:
    error = {"ok": False, "error_code": 429, "description": "Too Many Requests: retry after 1"}
    return web.json_response({**error, "parameters": {"retry_after": 1}}, status=429)


async def measure_sending(rounds: int, folder: Path) -> AsyncIterator[Sending]:
    """Send rounds of messages one after another; yield what the server saw of each."""
    keyring = Keyring.create(folder / "keyring")
    address, port = f"sqlite:///{folder / 'sending.sqlite3'}", free_port()
    await _create_tables(address)
    async with strict_server() as (url, server):
        config = Config(
            telegram=TelegramSettings(
                token=SecretStr("4242:bench"),
                api_base_url=url,
                webhook_url=f"http://127.0.0.1:{port}/hook",
                webhook_port=port,
            ),
            database=DatabaseSettings(url=address),
            keyring=KeyringSettings(path=keyring.directory),
            files=FilesSettings(path=folder / "files"),
        )
        product = whole_product(config)
        await product.start()
        try:
            for number in range(rounds):
                server.send(MESSAGES)
                await _enqueue(product, range(1 + number * MESSAGES, 1 + (number + 1) * MESSAGES))
                seen: Sending = await asyncio.to_thread(server.recv)
                await _until_marked(product)
                yield seen
        finally:
            await product.stop()


async def _create_tables(address: str) -> None:
    database = Database(address)
    async with database.engine.begin() as connection:
        await connection.run_sync(METADATA.create_all)
    await database.close()


async def _enqueue(product: Product, chats: Sequence[int]) -> None:
    async with product.database.transaction() as session:
        work = product.resources.work(session)
        for chat_id in chats:
            await work.outbox.to_chat(address_of(chat_id), say(Message("谢谢您，我们收到了。")))
    product.sender.wake()


async def _until_marked(product: Product) -> None:
    queued = select(func.count()).where(
        OutboxRow.state == OutboxState.QUEUED, OutboxRow.not_before <= datetime.now(UTC)
    )
    while True:
        async with product.database.reading() as session:
            if not await session.scalar(queued):
                return
        await asyncio.sleep(0.05)


@asynccontextmanager
async def strict_server() -> AsyncIterator[tuple[str, Connection]]:
    """Run the server; give its address, and a connection that takes a number of messages and returns a Sending."""
    here, there = PROCESSES.Pipe()
    process = PROCESSES.Process(target=_server_process, args=(there,), daemon=True)
    process.start()
    there.close()
    try:
        yield await asyncio.to_thread(here.recv), here
    finally:
        with suppress(OSError):  # it has failed and is gone
            here.send(None)
        await asyncio.to_thread(process.join)


def _server_process(parent: Connection) -> None:
    asyncio.run(_serve(parent))


async def _serve(parent: Connection) -> None:
    server = StrictServer()
    runner = web.ServerRunner(web.Server(server.serve, access_log=None))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    parent.send(f"http://127.0.0.1:{runner.addresses[0][1]}")
    while (messages := await asyncio.to_thread(parent.recv)) is not None:
        parent.send(await server.round(messages))
    await runner.cleanup()


@contextmanager
def busy_cores() -> Iterator[None]:
    """Keep every core of the machine busy with other work."""
    with ExitStack() as ending:
        for _ in range(os.cpu_count() or 1):
            process = PROCESSES.Process(target=_stay_busy, args=(os.getpid(),), daemon=True)
            process.start()
            ending.callback(process.join)
            ending.callback(process.kill)
        yield


def _stay_busy(parent: int) -> None:
    while os.getppid() == parent:  # it ends with the benchmark, even when that is killed
        pass


def rows(options: Options) -> Iterator[Row]:
    """Measure idle, and with every core busy with other work."""
    rounds = 2 if options.quick else 10
    for name, around in (("idle", nullcontext()), ("cores busy", busy_cores())):
        with tempfile.TemporaryDirectory(prefix="xunsheng-bench-") as folder, around:
            seen = asyncio.run(_all_of(rounds, Path(folder)))
        rate, lasting = median(one.rate for one in seen), median(one.lasting_rate for one in seen)
        note = f"{lasting:.2f}/s without the opening burst"
        yield at_least(f"messages a second, strict server, {name}", rate, RATE, unit="/s", note=note)
        yield at_most(f"refusals in {rounds} rounds, {name}", sum(one.refused for one in seen), 0)


async def _all_of(rounds: int, folder: Path) -> list[Sending]:
    return [seen async for seen in measure_sending(rounds, folder)]
