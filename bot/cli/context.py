"""What the commands work with: the settings, the database, and one transaction to work in."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.config import Config, read_config
from bot.product import store_of, utc_now
from migrations.schema import require_current
from models.database import Database
from privacy.keyring import Keyring
from services.unit_of_work import UnitOfWork
from storage.folder import AttachmentStore


class NoDatabase(Exception):
    """The database cannot be opened; the message is one sentence that says what to do."""


@dataclass(frozen=True)
class ConfigSource:
    """Where the settings are to be read, once a command asks for them: --help needs none."""

    named_file: Path | None

    @cached_property
    def config(self) -> Config:
        """The settings. Raises ConfigError."""
        return read_config(self.named_file)


@asynccontextmanager
async def open_database(config: Config) -> AsyncIterator[Database]:
    """Open the database, whatever its tables. Raises NoDatabase."""
    database = Database(config.database.url)
    try:
        await _reach(database, config)
        yield database
    finally:
        await database.close()


@asynccontextmanager
async def open_unit_of_work(config: Config) -> AsyncIterator[UnitOfWork]:
    """Open a transaction at this moment, on a database that is ready. Raises what says why it is not."""
    keyring = Keyring.open(config.keyring.path)
    refuse_missing_file(config)
    async with open_database(config) as database:
        await require_current(database)
        async with database.transaction() as session:
            yield unit_of_work_in(session, config, keyring)


def unit_of_work_in(session: AsyncSession, config: Config, keyring: Keyring) -> UnitOfWork:
    """Return what an action in this transaction works with, at this moment."""
    return UnitOfWork(session, utc_now(), keyring, attachments(config), config.county.time_zone)


def attachments(config: Config) -> AttachmentStore:
    """Return where attachments are kept."""
    return store_of(config.files.path, config.files.address)


def database_file(config: Config) -> Path | None:
    """Return the file of an SQLite database."""
    url = make_url(config.database.url)
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


def refuse_missing_file(config: Config) -> None:
    """Raise NoDatabase rather than let SQLite make an empty file in silence."""
    path = database_file(config)
    if path is not None and not path.exists():
        raise NoDatabase(f"There is no database at {path}; run `xunsheng init`, or set database.url to where it is.")


async def _reach(database: Database, config: Config) -> None:
    try:
        async with database.engine.connect():
            pass
    except Exception as error:
        if not isinstance(error, (SQLAlchemyError, OSError, *_driver_errors(database))):
            raise
        cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
        shown = make_url(config.database.url).render_as_string(hide_password=True)
        reason = str(cause).splitlines()[0].rstrip(".") if str(cause) else type(cause).__name__
        raise NoDatabase(
            f"The database at {shown} cannot be opened ({reason}); see that it is there and that database.url is right."
        ) from None


def _driver_errors(database: Database) -> tuple[type[Exception], ...]:
    """Return what the driver raises that SQLAlchemy passes on as it is."""
    if database.dialect != "postgresql":
        return ()
    from asyncpg import InterfaceError, PostgresError  # type: ignore[import-untyped]

    return InterfaceError, PostgresError
