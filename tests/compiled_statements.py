"""Statements that are compiled once for all tests: each test's engines would begin with an empty cache of their own."""

from typing import Any

from sqlalchemy.engine import Engine
from sqlalchemy.engine.default import DefaultDialect


def share() -> None:
    """Let every engine of this process use one cache, whose keys hold dialects that are alike to be the same."""
    compiled: dict[Any, Any] = {}

    def same(one: DefaultDialect, other: object) -> bool:
        return isinstance(other, DefaultDialect) and _kind(one) == _kind(other)

    def number(dialect: DefaultDialect) -> int:
        return hash(_kind(dialect))

    # A statement's key in the cache begins with the dialect object.
    DefaultDialect.__eq__, DefaultDialect.__hash__ = same, number  # type: ignore[method-assign, assignment]
    Engine._compiled_cache = property(lambda _engine: compiled, lambda _engine, _own: None)  # type: ignore[assignment]


def _kind(dialect: DefaultDialect) -> tuple[object, ...]:
    return type(dialect), getattr(dialect, "server_version_info", None)
