"""Puts the records of a county file in, and keeps the account of it."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from models.base import Base
from texts.terminal import sentence


@dataclass
class ImportResult:
    """What an import did, each record in a line of words."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    left_alone: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)  # as the file says it
    passed_over: list[str] = field(default_factory=list)  # fields that are not part of the format
    new_places: list[str] = field(default_factory=list)  # of rounds that took complaints already

    @property
    def lines(self) -> list[str]:
        """All that was added, changed or left alone."""
        added = [sentence("county.added", record=record) for record in self.added]
        return [*added, *self.lines_but_added]

    @property
    def lines_but_added(self) -> list[str]:
        """All that was changed or left alone."""
        return [
            *(sentence("county.changed", change=change) for change in self.changed),
            *(sentence("county.left_alone", record=record) for record in self.left_alone),
        ]

    @property
    def added_by_kind(self) -> Counter[str]:
        """How many records of each kind are new."""
        return Counter(record.split(" ", 1)[0] for record in self.added)


class Entries:
    """Puts records in and keeps the account of it."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session
        self.result = ImportResult()

    async def put(
        self,
        table: type[Base],
        key: Mapping[str, Any],
        name: str,
        values: Mapping[str, Any],
        *,
        live: Mapping[str, Any] | None = None,
        at_first: Mapping[str, Any] | None = None,
    ) -> bool:
        """Add a record, or change what differs from `values`; return whether it is new.

        `live` are values that go their own way afterwards, which is told; so are `at_first`, which follow from them.
        """
        live = live or {}
        record = await self.session.get(table, tuple(key.values()))
        if record is None:
            self.session.add(table(**key, **values, **live, **(at_first or {})))
            await self.session.flush()
            self.result.added.append(name)
            return True
        told = len(self.result.lines_but_added)
        for column, value in values.items():
            self._change(record, name, column, value)
        for column, value in live.items():
            here = getattr(record, column)
            if here != value:
                self.result.left_alone.append(f"{name} {column} ({here_and_there(here, value)})")
        if len(self.result.lines_but_added) == told:
            self.result.unchanged.append(name)
        await self.session.flush()
        return False

    def _change(self, record: Base, name: str, column: str, value: Any) -> None:
        here = getattr(record, column)
        if here != value:
            setattr(record, column, value)
            self.result.changed += [f"{name}: {difference}" for difference in differences(column, here, value)]


def differences(name: str, here: Any, there: Any) -> Iterator[str]:
    """Say in words what differs between two values."""
    if isinstance(here, dict) and isinstance(there, dict):
        for key in dict.fromkeys([*here, *there]):
            if here.get(key) != there.get(key):
                yield from differences(f"{name}.{key}", here.get(key), there.get(key))
    else:
        yield f"{name} {spoken(here)} → {spoken(there)}"


def spoken(value: Any) -> str:
    """Return a value in words."""
    if value is None or value in ("", []):
        return sentence("county.nothing")
    if isinstance(value, dict):
        return ", ".join(f"{name} {spoken(inner)}" for name, inner in value.items()) or sentence("county.nothing")
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def here_and_there(here: Any, there: Any) -> str:
    """Say what a value is here, and what it is in the file."""
    return sentence("county.here_and_there", here=spoken(here), there=spoken(there))
