"""Copies of a database, and which of their rows can be joined without any key: by a value that stands in both."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, select

from models.database import Database
from models.tables import METADATA


@dataclass(frozen=True)
class Line:
    """One row of a copy: its table, and what stands in it."""

    table: str
    values: frozenset[str]


async def snapshot(database: Database) -> list[Line]:
    """Copy every row of every table."""
    async with database.reading() as session:
        return [
            Line(table.name, frozenset(_values(row)))
            for table in METADATA.sorted_tables
            for row in await session.execute(select(*_columns(table)))
        ]


def joined(first: Iterable[Line], start: str, second: Iterable[Line], known: Sequence[Line]) -> set[str]:
    """Return the tables of the second copy that rows of a table of the first can be joined to, over any others.

    What is `known` joins nothing: it stands in the rows of others, too.
    """
    everybody = frozenset().union(*(line.values for line in known))
    earlier = [Line(f"{line.table} before", line.values - everybody) for line in first]
    later = [Line(line.table, line.values - everybody) for line in second]
    by_value: dict[str, list[Line]] = defaultdict(list)
    for line in (*earlier, *later):
        for value in line.values:
            by_value[value].append(line)
    reached = {line for line in earlier if line.table == f"{start} before"}
    assert reached, f"the first copy has no {start}"
    to_follow = list(reached)
    while to_follow:
        for value in to_follow.pop().values:
            new = set(by_value.pop(value, ())) - reached
            reached |= new
            to_follow += new
    return {line.table for line in reached if line in later}


def _columns(table: Table) -> list[Any]:
    return [column for column in table.columns if not (column.primary_key and column.type.python_type is int)]


def _values(row: Iterable[object]) -> Iterable[str]:
    for value in row:
        yield from _written(value)


def _written(value: object) -> Iterable[str]:
    match value:
        case None | bool() | 0 | 1 | 2:
            return
        case bytes():
            yield value.hex()
        case str() if value.startswith(("[", "{")):
            yield from _written(json.loads(value))
        case dict():
            for one in value.values():
                yield from _written(one)
        case list() | tuple():
            for one in value:
                yield from _written(one)
        case _:
            yield str(value)
