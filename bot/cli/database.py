"""The database that the settings name, opened for one command."""

import os
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from bot.config import Config
from migrations.schema import require_current
from models.database import Database
from storage.held_file import HeldByAnother, hold
from texts.terminal import os_reason, sentence


class NoDatabase(Exception):
    """The database cannot be opened; the message is one sentence that says what to do."""


@contextmanager
def sole_process(config: Config) -> Iterator[None]:
    """Be the only process that runs, migrates or restores on an SQLite file. Raises NoDatabase when another one does.

    Other commands work beside it: each of their transactions waits for its turn. PostgreSQL serves many processes.
    """
    file = database_file(config)
    if file is None:
        yield
        return
    lock = file.resolve().with_name(f"{file.resolve().name}.lock")
    with ExitStack() as held:
        try:
            note = held.enter_context(hold(lock))
            note(sentence("cli.process", number=os.getpid(), machine=socket.gethostname()))
        except HeldByAnother as other:
            process = other.note or sentence("cli.process_unnamed")
            raise NoDatabase(sentence("cli.database_held", path=file, process=process)) from None
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


def refuse_missing_file(config: Config) -> None:
    """Raise NoDatabase rather than let SQLite make an empty file in silence."""
    path = database_file(config)
    if path is not None and not path.exists():
        raise NoDatabase(sentence("cli.no_database", path=path))


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
        raise NoDatabase(sentence("cli.database_away", address=shown, reason=reason)) from None


def _driver_errors(database: Database) -> tuple[type[Exception], ...]:
    """Return what the driver raises that SQLAlchemy passes on as it is."""
    if database.dialect != "postgresql":
        return ()
    from asyncpg import InterfaceError, PostgresError  # type: ignore[import-untyped]

    return InterfaceError, PostgresError
