"""Brings a database's tables to the version this program works with, and tells when they are not."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncConnection

from models.database import Database
from models.tables import METADATA
from models.touched_rows import create_triggers
from texts.terminal import sentence

if TYPE_CHECKING:  # only a migration needs Alembic: the bot that asks for the version does without
    from alembic.config import Config

# How tables are compared with the models, in tests and when a migration is drafted.
COMPARISON: dict[str, Any] = {"compare_type": True, "compare_server_default": True}

_SHOWN = 5  # differences that are named

_VERSION_TABLE = "alembic_version"  # Alembic's own, with one row

# Two processes that migrate one PostgreSQL at once do so one after the other.
_LOCK = 0x78756E73


class UnfitDatabase(Exception):
    """The database's tables are not those this program works with; the message says what to do."""


def versions() -> list[str]:
    """Return every version of the tables that there has been, in order; a migration's file name begins with its own."""
    return sorted(file.name.partition("_")[0] for file in (Path(__file__).parent / "versions").glob("[0-9]*_*.py"))


def head() -> str:
    """Return the version of the tables that this program works with."""
    return versions()[-1]


def configuration(connection: Connection | None = None) -> "Config":
    """Return what Alembic's commands are called with; they work on this connection."""
    from alembic.config import Config

    settings = Config()
    settings.set_main_option("script_location", str(Path(__file__).parent))
    settings.set_main_option("path_separator", "os")
    settings.attributes["connection"] = connection
    return settings


async def is_current(database: Database) -> bool:
    """Whether the tables are those of this program's version. Raises UnfitDatabase as `migrate` does."""
    async with database.engine.connect() as connection:
        return await _is_current(connection)


async def migrate(database: Database) -> bool:
    """Bring the tables to this program's version; return whether anything was to be done.

    Raises UnfitDatabase when they belong to a newer version, or to something else, or are not what they say.
    """
    async with database.engine.connect() as connection:
        if await _is_current(connection):
            return False
        await connection.rollback()
        await _upgrade(connection)
    return True


async def require_current(database: Database) -> None:
    """Raise UnfitDatabase unless the tables are those of this program's version."""
    async with database.engine.connect() as connection:
        if await _is_current(connection):
            return
        revision = await _revision(connection)
    if revision is None:
        raise UnfitDatabase(sentence("database.empty"))
    raise UnfitDatabase(sentence("database.earlier", revision=revision))


async def _is_current(connection: AsyncConnection) -> bool:
    if (revision := await _revision(connection)) != head():
        return False
    # The number alone proves little: while a program is made, two versions may bear the same.
    differences = await connection.run_sync(_differences)
    if differences:
        shown = ", ".join(differences[:_SHOWN]) + (" …" if len(differences) > _SHOWN else "")
        raise UnfitDatabase(sentence("database.differs", revision=revision, differences=shown))
    return True


def _differences(connection: Connection) -> list[str]:
    """Return what the tables lack of the models, and what they ask for that the models do not know."""
    there = inspect(connection)
    columns = {name: {one["name"]: one for one in found} for (_, name), found in there.get_multi_columns().items()}
    indexes = {name: {one["name"] for one in found} for (_, name), found in there.get_multi_indexes().items()}
    lacking: list[str] = []
    for name, table in METADATA.tables.items():
        if name not in columns:
            lacking.append(name)
            continue
        lacking += [f"{name}.{column.name}" for column in table.columns if column.name not in columns[name]]
        lacking += [f"{name}: {index.name}" for index in table.indexes if index.name not in indexes.get(name, ())]
        lacking += [
            f"+{name}.{column}"
            for column, found in columns[name].items()
            if column not in table.columns and not found["nullable"] and found["default"] is None
        ]
    return lacking


async def _revision(connection: AsyncConnection) -> str | None:
    """Return the version of the tables; None when there are none. Raises UnfitDatabase when they are not ours."""
    tables = await connection.run_sync(_tables)
    revision: str | None = None
    if _VERSION_TABLE in tables:
        revision = await connection.scalar(text(f"SELECT version_num FROM {_VERSION_TABLE}"))  # noqa: S608
    _refuse_strangers(revision, tables)
    return revision


def _tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names())


def _refuse_strangers(revision: str | None, tables: set[str]) -> None:
    if revision is not None and revision not in versions():
        raise UnfitDatabase(sentence("database.unknown_version", revision=revision))
    if revision is None and tables - {_VERSION_TABLE}:
        raise UnfitDatabase(sentence("database.not_ours"))


async def _upgrade(connection: AsyncConnection) -> None:
    from alembic import command

    on_sqlite = connection.dialect.name == "sqlite"
    if on_sqlite:
        # Tables are altered by building them anew; dropping the old one would take its children along.
        await _outside_transactions(connection, "PRAGMA foreign_keys=OFF")
    try:
        async with connection.begin():
            if not on_sqlite:
                await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            await connection.run_sync(lambda sync: command.upgrade(configuration(sync), "head"))
            await connection.run_sync(create_triggers)
            if on_sqlite and (await connection.exec_driver_sql("PRAGMA foreign_key_check")).first():
                raise UnfitDatabase(sentence("database.broken"))
    finally:
        if on_sqlite:
            await _outside_transactions(connection, "PRAGMA foreign_keys=ON")
    if on_sqlite:
        # What came before the triggers, or was copied by altering a table, lies in the order of its keys from here on.
        await _outside_transactions(connection, "VACUUM")


async def _outside_transactions(connection: AsyncConnection, statement: str) -> None:
    """Run a statement on SQLite past SQLAlchemy, which would begin a transaction; within one it does nothing."""
    raw = await connection.get_raw_connection()
    driver = raw.driver_connection
    assert driver is not None  # noqa: S101 (a connection that is open has a driver's)
    cursor = await driver.execute(statement)
    await cursor.close()
