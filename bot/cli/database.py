"""The database that the settings name, opened for one command."""

import errno
import os
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from pathlib import Path

from sqlalchemy import make_url, text
from sqlalchemy.exc import SQLAlchemyError

from bot.cli.system_errors import is_damage, reason_of_database
from bot.config import Config
from migrations.schema import require_current
from models.database import Database
from storage.held_file import HeldByAnother, hold
from texts.terminal import os_reason, sentence

OLDEST_POSTGRESQL = (13,)
_BESIDE = ("-wal", "-shm", "-journal")  # what SQLite keeps beside a database
_LOCK = ".lock"  # what the process beside it holds that works on it


class NoDatabase(Exception):
    """The database cannot be opened; the message is one sentence that says what to do."""


@contextmanager
def sole_process(config: Config) -> Iterator[None]:
    """Be the only process that runs, migrates or restores on an SQLite file. Raises NoDatabase when another one does.

    Other commands work beside it: each of their transactions waits for its turn. PostgreSQL serves many processes.
    """
    lock = lock_file(config)
    if lock is None:
        yield
        return
    with ExitStack() as held:
        try:
            note = held.enter_context(hold(lock))
            note(sentence("cli.process", number=os.getpid(), machine=socket.gethostname()))
        except HeldByAnother as other:
            process = other.note or sentence("cli.process_unnamed")
            raise NoDatabase(sentence("cli.database_held", path=database_file(config), process=process)) from None
        except OSError as error:
            raise NoDatabase(sentence("cli.cannot_write", path=lock, reason=os_reason(error))) from None
        yield


@asynccontextmanager
async def open_database(config: Config) -> AsyncIterator[Database]:
    """Open the database, whatever its tables; SQLite makes the file if there is none. Raises NoDatabase."""
    database = Database(config.database.url)
    try:
        await _reach(database, config)
        yield database
    finally:
        await database.close()


async def require_ready(database: Database, config: Config) -> None:
    """Raise NoDatabase when the database is not there, and UnfitDatabase when its tables are not this program's."""
    refuse_missing_file(config)
    await _reach(database, config)
    await require_current(database)


def database_file(config: Config) -> Path | None:
    """Return the file of an SQLite database."""
    url = make_url(config.database.url)
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


def database_files(config: Config) -> tuple[Path, ...]:
    """Return the file of an SQLite database and what SQLite keeps beside it, there or not; none of PostgreSQL."""
    file = database_file(config)
    return () if file is None else (file, *(_beside(file, suffix) for suffix in _BESIDE))


def lock_file(config: Config) -> Path | None:
    """Return the file that the one process holds which works on an SQLite database."""
    file = database_file(config)
    return None if file is None else _beside(file, _LOCK)


def _beside(file: Path, suffix: str) -> Path:
    whole = file.resolve()  # SQLite follows links, too
    return whole.with_name(whole.name + suffix)


def refuse_missing_file(config: Config) -> None:
    """Raise NoDatabase rather than let SQLite make an empty file in silence."""
    path = database_file(config)
    if path is not None and not path.exists():
        raise NoDatabase(sentence("cli.no_database", path=path))


def refuse_read_only(config: Config) -> None:
    """Raise NoDatabase when SQLite's files may not be written: it would open all the same, and refuse every change."""
    for path in database_files(config):
        if path.exists() and not os.access(path, os.W_OK):
            raise NoDatabase(_unreachable(config, f"{path}: {os_reason(PermissionError(errno.EACCES, ''))}"))


async def refuse_damaged(database: Database, config: Config) -> None:
    """Raise NoDatabase when pages of SQLite's file are damaged; it is read from end to end."""
    found = await database.damage()
    if found is not None:
        raise NoDatabase(_damaged(config, found))


async def _reach(database: Database, config: Config) -> None:
    try:
        async with database.engine.connect() as connection:
            await connection.execute(text("SELECT 1"))  # on SQLite it is a writer's turn
            version = connection.dialect.server_version_info or ()
    except Exception as error:
        if not isinstance(error, (SQLAlchemyError, OSError, *_driver_errors(database))):
            raise
        reason = reason_of_database(error)
        if is_damage(error):
            raise NoDatabase(_damaged(config, reason)) from None
        raise NoDatabase(_unreachable(config, reason)) from None
    if database.dialect == "postgresql" and version < OLDEST_POSTGRESQL:
        raise NoDatabase(sentence("cli.database_too_old", there=version[0], needed=OLDEST_POSTGRESQL[0]))


def _damaged(config: Config, reason: str) -> str:
    return sentence("cli.database_damaged", path=database_file(config), reason=reason)


def _unreachable(config: Config, reason: str) -> str:
    file = database_file(config)
    if file is not None:
        return sentence("cli.database_file_away", path=file, reason=reason)
    shown = make_url(config.database.url).render_as_string(hide_password=True)
    return sentence("cli.database_away", address=shown, reason=reason)


def _driver_errors(database: Database) -> tuple[type[Exception], ...]:
    """Return what the driver raises that SQLAlchemy passes on as it is."""
    if database.dialect != "postgresql":
        return ()
    from asyncpg import InterfaceError, PostgresError  # type: ignore[import-untyped]

    return InterfaceError, PostgresError
