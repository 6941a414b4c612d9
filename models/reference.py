"""What changes seldom and is asked for all the time, and the number by which everybody learns that it has changed.

Whoever holds a copy of these tables in memory compares its number with the row's. The number moves in the transaction
that changes them, however it does so: through the ORM or by a statement, from the bot or from the command line.
"""

import asyncio
from collections.abc import Callable, MutableMapping
from typing import Any, cast

from sqlalchemy import BigInteger, Connection, Engine, Table, event, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql.dml import UpdateBase

from models.base import Base, table_of
from models.revisits import RevisitMember
from models.rounds import (
    Assignment,
    Category,
    ChecklistsVersion,
    ComplaintSettingsVersion,
    County,
    Department,
    LevelledUpVillage,
    QrCode,
    Round,
    Team,
    Unit,
    Village,
)
from models.staff import Grant, Recusal, Staff, StaffAddress, StaffRole


class ReferenceVersion(Base):
    """How often the reference tables have changed; without a row, never."""

    __tablename__ = "reference_version"
    __nobody__ = "id version"

    id: Mapped[int] = mapped_column(primary_key=True)  # always 1
    version: Mapped[int] = mapped_column(BigInteger)


REFERENCE: frozenset[Table] = frozenset(
    table_of(model)
    for model in (
        County, ComplaintSettingsVersion, ChecklistsVersion, Category, Department, Round, Team, Unit, Assignment,
        Village, LevelledUpVillage, QrCode, Staff, StaffAddress, StaffRole, Recusal, Grant, RevisitMember,
    )
)  # fmt: skip

VERSION = select(ReferenceVersion.version).where(ReferenceVersion.id == 1)

# Textual, for it runs within the commit; the last lock that a transaction takes.
_MOVE = (
    "INSERT INTO reference_version (id, version) VALUES (1, 1) "
    "ON CONFLICT (id) DO UPDATE SET version = reference_version.version + 1"
)
_CHANGES = "reference changes"  # of the transaction under way, in the info of its connection
_KNOWN_VERSION, _OWN_CHANGES, _CACHE = "reference version", "own reference changes", "reference cache"


class Cache:
    """The newest copy of the reference tables in this process; whoever makes one holds the lock."""

    def __init__(self) -> None:
        self.newest: Any = None
        self.lock = asyncio.Lock()


def watch(engine: Engine) -> None:
    """Move the version with every transaction of an engine that changes a row of a reference table."""

    @event.listens_for(engine, "after_execute")
    def note(connection: Connection, statement: Any, _many: Any, _one: Any, _options: Any, result: Any) -> None:
        if isinstance(statement, UpdateBase) and statement.table in REFERENCE and result.rowcount != 0:
            connection.info[_CHANGES] = connection.info.get(_CHANGES, 0) + 1

    @event.listens_for(engine, "commit")
    def move(connection: Connection) -> None:
        if connection.info.pop(_CHANGES, 0):
            connection.exec_driver_sql(_MOVE)

    @event.listens_for(engine, "rollback")
    def drop(connection: Connection) -> None:
        if not connection.invalidated:  # what it was told is gone with the connection to the server
            connection.info.pop(_CHANGES, None)


def attach(session: AsyncSession, cache: Cache, connection_info: MutableMapping[Any, Any] | None) -> None:
    """Let a session find the process's cache, and what its own transaction has changed, if it may change anything."""
    session.info[_CACHE] = cache
    session.info[_OWN_CHANGES] = (lambda: connection_info.get(_CHANGES, 0)) if connection_info is not None else int


def cache_of(session: AsyncSession) -> Cache:
    """Return the cache of the process a session belongs to."""
    return cast("Cache", session.info[_CACHE])


async def own_changes(session: AsyncSession) -> int:
    """Return how many statements of this transaction have changed reference tables until now."""
    if any(one.__table__ in REFERENCE for group in (session.new, session.dirty, session.deleted) for one in group):
        await session.flush()
    return cast("Callable[[], int]", session.info[_OWN_CHANGES])()


async def version_of(session: AsyncSession) -> int:
    """Return the version as this transaction knows it; it is read once, unless another statement has read it along."""
    known: int | None = session.info.get(_KNOWN_VERSION)
    return await read_version(session) if known is None else known


async def read_version(session: AsyncSession) -> int:
    """Read the version anew."""
    version = await session.scalar(VERSION) or 0
    know_version(session, version)
    return version


def know_version(session: AsyncSession, version: int | None) -> None:
    """Note what a statement has read along; None: to be read anew when it is asked for, for a lock was waited for."""
    session.info[_KNOWN_VERSION] = version
