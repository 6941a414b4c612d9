"""Hides in which order rows came into SQLite's file, at a cost of what was written and not of the file's size."""

import json
import secrets
from typing import Any

import aiosqlite
from sqlalchemy import Table

PORTION = 25  # rows a transaction: a writer waits for no more

_shuffle = secrets.SystemRandom().shuffle


class Rewriting:
    """Deletes the listed rows of one table and writes them again in random order, portion by portion.

    All that belongs to a row goes along: its entries in the indexes, and the pages that a long one overflows into.
    Portions follow the keys, which tell nothing of the order either.
    """

    def __init__(self, table: Table) -> None:
        key = list(table.primary_key.columns)
        self._table = table.name
        self._after = ""
        self._key_places = [list(table.columns).index(column) for column in key]
        columns = ", ".join(column.name for column in table.columns)
        marks = ", ".join("?" for _ in table.columns)
        is_listed = " AND ".join(
            f"{table.name}.{column.name} = json_extract(listed.value, '$[{place}]')" for place, column in enumerate(key)
        )
        is_it = " AND ".join(f"{column.name} = ?" for column in key)
        read = ", ".join(f"{table.name}.{column.name}" for column in table.columns)
        self._read = f"SELECT {read} FROM json_each(?) AS listed CROSS JOIN {table.name} ON {is_listed}"  # noqa: S608
        self._delete = f"DELETE FROM {table.name} WHERE {is_it}"  # noqa: S608
        self._insert = f"INSERT INTO {table.name} ({columns}) VALUES ({marks})"  # noqa: S608

    async def next_portion(self, driver: aiosqlite.Connection) -> bool:
        """Rewrite the next rows in one transaction; return whether there may be more."""
        query = "SELECT key FROM touched_rows WHERE table_name = ? AND key > ? ORDER BY key LIMIT ?"
        keys = [key for (key,) in await driver.execute_fetchall(query, (self._table, self._after, PORTION))]
        if not keys:
            return False
        # A row that is deleted to be written again must not take along those that refer to it. This cannot be said
        # within a transaction, and all they refer to is there again at its end.
        await driver.execute("PRAGMA foreign_keys=OFF")
        try:
            await driver.execute("BEGIN IMMEDIATE")
            try:
                await self._rewrite(driver, keys)
                await driver.execute("COMMIT")
            except BaseException:
                await driver.execute("ROLLBACK")
                raise
        finally:
            await driver.execute("PRAGMA foreign_keys=ON")
        self._after = keys[-1]
        return len(keys) == PORTION

    async def _rewrite(self, driver: aiosqlite.Connection, keys: list[str]) -> None:
        listed = json.dumps(keys)
        rows = [tuple(row) for row in await driver.execute_fetchall(self._read, (listed,))]
        await driver.executemany(self._delete, [self._key_of(row) for row in rows])
        _shuffle(rows)
        await driver.executemany(self._insert, rows)
        # The triggers have listed them anew.
        forget = "DELETE FROM touched_rows WHERE table_name = ? AND key IN (SELECT value FROM json_each(?))"
        await driver.execute(forget, (self._table, listed))

    def _key_of(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(row[place] for place in self._key_places)
