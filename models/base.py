"""What all tables share: the declarative base, aware times, and identifiers that tell nothing."""

import secrets
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, ClassVar, cast

from sqlalchemy import BigInteger, DateTime, Dialect, Enum, Integer, MetaData, Table
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The parent of every table."""

    metadata = MetaData(naming_convention=NAMING)

    # The columns that say nothing of any resident, with blanks between (models.annotations).
    __nobody__: ClassVar[str] = ""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Let the table carry what its class says of it, so that the schema alone can be asked."""
        super().__init_subclass__(**kwargs)
        if isinstance(cls.__table__, Table):
            cls.__table__.info["nobody"] = tuple(cls.__nobody__.split())


def table_of(model: type[Base]) -> Table:
    """Return the table of a model, for statements past the ORM."""
    return cast("Table", model.__table__)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC time; SQLite drops zones silently, so they are checked going in and restored coming out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A time without a zone cannot be stored; pass an aware datetime.")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def enumeration(kind: type[StrEnum], length: int) -> Enum:
    """Return the column type of an enumeration, stored as its values; an unknown value raises LookupError when read."""
    return Enum(
        kind,
        length=length,
        native_enum=False,
        create_constraint=False,
        values_callable=lambda members: [member.value for member in members],
    )


# SQLite numbers rows by itself only for a column that is exactly INTEGER.
Serial = BigInteger().with_variant(Integer, "sqlite")

# Rows that touch a resident are kept without SQLite's hidden row number, which would tell their order.
UNORDERED: dict[str, Any] = {"sqlite_with_rowid": False}


def random_id() -> str:
    """Return 128 random bits as hex: an identifier that tells neither order nor number."""
    return secrets.token_hex(16)


def coarse(moment: datetime) -> datetime:
    """Return the hour a moment lies in; nobody needs to know the minute at which a villager wrote."""
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
