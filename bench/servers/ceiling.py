"""What this machine, the web server, the database and the client of the Bot API would allow: a bare bot.

python-telegram-bot reads and dispatches each update, SQLAlchemy's ORM on stock drivers commits, aiohttp sends. Nothing
here is the product's, so that the ceiling stays where it is when the product changes. A submission is 3 durable commits
of 29 small rows in all, 4 messages and the answer to the press; a message follows its commit and nobody waits for it.
"""

import argparse
import asyncio
import json
import secrets
from collections.abc import Coroutine
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, TCPConnector, web
from sqlalchemy import String, event, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from telegram import CallbackQuery, Message, Update
from telegram.ext import Application, CallbackQueryHandler, ContextTypes, ExtBot, MessageHandler, filters
from telegram.request import BaseRequest, RequestData

from bench.servers.pipe import converse, free_port

ROWS_OF_A_MESSAGE, ROWS_OF_A_PRESS = 10, 9  # 29 a submission: two messages and a press
TOKEN = "4242:bench"
BOARD = -1_000_000_000_001
KEYBOARD = json.dumps({"inline_keyboard": [[{"text": "Send", "callback_data": "1.r.send.01234567"}]]})
GREETING, CARD, RECEIPT, BOARD_CARD = ("好" * length for length in (80, 200, 200, 60))


class _Base(DeclarativeBase):
    pass


class Note(_Base):
    """A small row."""

    __tablename__ = "notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    mark: Mapped[str] = mapped_column(String(32), index=True)
    words: Mapped[str] = mapped_column(String(200))


class Client(BaseRequest):
    """The library's requests, which here only start it, on aiohttp; and calls with plain parameters."""

    def __init__(self, base_url: str) -> None:
        self._api = f"{base_url}/bot{TOKEN}"
        self._session: ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        return 20.0

    async def initialize(self) -> None:
        if self._session is None:
            self._session = ClientSession(connector=TCPConnector(limit=64))

    async def shutdown(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_: Any, **__: Any
    ) -> tuple[int, bytes]:
        assert self._session is not None
        parameters = request_data.json_parameters if request_data else None
        async with self._session.request(method, url, data=parameters) as response:
            return response.status, await response.read()

    async def call(self, method: str, **parameters: Any) -> None:
        """Call a method of the Bot API. Raises AssertionError when it is refused."""
        assert self._session is not None
        async with self._session.post(f"{self._api}/{method}", data=parameters) as response:
            assert json.loads(await response.read())["ok"]

    async def send(self, chat: int, text: str) -> None:
        await self.call("sendMessage", chat_id=chat, text=text, parse_mode="HTML", reply_markup=KEYBOARD)


class Bot:
    """Writes rows for what comes in, and then sends what is said to it."""

    def __init__(self, engine: AsyncEngine, client: Client, *, one_writer: bool) -> None:
        self._engine = engine
        self._client = client
        self._writing = asyncio.Lock() if one_writer else nullcontext()
        self._sending: set[asyncio.Task[None]] = set()

    async def message(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """The scan, or what the resident says."""
        message = update.effective_message
        assert isinstance(message, Message)
        text = message.text or ""
        await self._write(text, ROWS_OF_A_MESSAGE)
        self._spawn(self._client.send(message.chat_id, GREETING if text.startswith("/") else CARD))

    async def press(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Send."""
        query = update.callback_query
        assert isinstance(query, CallbackQuery)
        await self._write(str(query.data), ROWS_OF_A_PRESS)
        self._spawn(self._client.call("answerCallbackQuery", callback_query_id=query.id))
        self._spawn(self._client.send(query.from_user.id, RECEIPT))
        self._spawn(self._client.send(BOARD, BOARD_CARD))

    async def settle(self) -> None:
        """Return when everything is sent."""
        while self._sending:
            await asyncio.gather(*self._sending)

    async def _write(self, text: str, rows: int) -> None:
        async with self._writing, AsyncSession(self._engine, expire_on_commit=False) as session, session.begin():
            session.add_all(Note(mark=secrets.token_hex(16), words=text[:200]) for _ in range(rows))

    def _spawn(self, call: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(call)
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)


def open_engine(address: str) -> AsyncEngine:
    """Return an engine as durable as the product's: SQLite with one writer, a log and a sync at each commit."""
    url = make_url(address)
    if url.get_backend_name() == "postgresql":
        return create_async_engine(url.set(drivername="postgresql+asyncpg"), pool_size=16, max_overflow=0)
    engine = create_async_engine(url.set(drivername="sqlite+aiosqlite"), pool_size=1, max_overflow=0)

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


async def serve(address: str, base_url: str) -> None:
    """Serve until the bench ends it."""
    engine = open_engine(address)
    async with engine.begin() as connection:
        await connection.run_sync(_Base.metadata.create_all)
    client = Client(base_url)
    library = ExtBot(TOKEN, base_url=f"{base_url}/bot", request=client, get_updates_request=client)
    application = Application.builder().bot(library).updater(None).job_queue(None).build()
    bot = Bot(engine, client, one_writer=engine.dialect.name == "sqlite")
    application.add_handler(MessageHandler(filters.ALL, bot.message))
    application.add_handler(CallbackQueryHandler(bot.press))
    await application.initialize()

    async def receive(request: web.Request) -> web.Response:
        await application.process_update(Update.de_json(await request.json(), library))
        return web.Response()

    site = web.Application()
    site.router.add_post("/hook", receive)
    runner = web.AppRunner(site, access_log=None)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await converse(f"http://127.0.0.1:{port}/hook", "", ["p"], bot.settle)
    await runner.cleanup()
    await application.shutdown()
    await engine.dispose()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="A bare bot.")
    parser.add_argument("address")
    parser.add_argument("base_url")
    parser.add_argument("folder", type=Path, help="not used: the bare bot keeps no files")
    given = parser.parse_args()
    asyncio.run(serve(given.address, given.base_url))
