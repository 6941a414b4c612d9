"""What this machine, this web server and this database would allow: a bare handler that only commits."""

import secrets
from itertools import cycle

from aiohttp import web
from sqlalchemy import String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from bench.commits import CommitCount
from bench.crowd import outside
from bench.measure import Figures, Size, free_port, measure
from models.database import Database

ROWS = 3  # a commit
REQUESTS = 3  # a submission: the scan, the message, the press


class _Base(DeclarativeBase):
    pass


class Note(_Base):
    """A small row."""

    __tablename__ = "notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    mark: Mapped[str] = mapped_column(String(32), index=True)
    words: Mapped[str] = mapped_column(String(200))


async def measure_ceiling(address: str, commits: int, size: Size) -> Figures:
    """Run the crowd against a handler that commits `commits` times a submission, spread over its requests."""
    database = Database(address)
    async with database.engine.begin() as connection:
        await connection.run_sync(_Base.metadata.create_all)
    shares = cycle([commits // REQUESTS + (number < commits % REQUESTS) for number in range(REQUESTS)])

    async def receive(request: web.Request) -> web.Response:
        update = await request.json()
        for _ in range(next(shares)):
            async with database.transaction() as session:
                session.add_all(Note(mark=secrets.token_hex(16), words=str(update)[:200]) for _ in range(ROWS))
        return web.Response()

    site = web.Application()
    site.router.add_post("/hook", receive)
    runner = web.AppRunner(site, access_log=None)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        async with outside() as crowd:
            return await measure(crowd, f"http://127.0.0.1:{port}/hook", size, CommitCount(database))
    finally:
        await runner.cleanup()
        await database.close()
