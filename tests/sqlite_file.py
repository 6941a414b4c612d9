"""Reads SQLite's own file page by page: what its layout tells of the order in which rows came."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from itertools import combinations
from pathlib import Path

OVERFLOW = "overflow pages"
_INTERIOR = (2, 5)  # the kinds of page that point to others: of an index, of a table
_HEAD = 12  # bytes of such a page before its list of cells


def order_shown(file: Path, came: list[str]) -> dict[str, float]:
    """Return for each tree how far its layout shows in which order identifiers came: 1 or -1 wholly, 0 not at all.

    Compared are all pairs that lie in one page; of the pages that long rows overflow into, the pages' own places.
    """
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        size = connection.execute("PRAGMA page_size").fetchone()[0]
        roots = connection.execute("SELECT name, rootpage FROM sqlite_master WHERE rootpage > 0").fetchall()
    content = file.read_bytes()
    pages = {at // size + 1: content[at : at + size] for at in range(0, len(content), size)}
    trees = {number: name for name, root in roots for number in _tree(pages, root)}
    lying: dict[tuple[str, int], list[int]] = defaultdict(list)
    for number, page in pages.items():
        places = {page.find(one.encode()): order for order, one in enumerate(came)}
        orders = [places[place] for place in sorted(places) if place >= 0]
        lying[(trees[number], number) if number in trees else (OVERFLOW, 0)].extend(orders)
    signs: dict[str, list[int]] = defaultdict(list)
    for (tree, _), orders in lying.items():
        signs[tree].extend(1 if first < second else -1 for first, second in combinations(orders, 2))
    return {tree: sum(found) / len(found) for tree, found in signs.items() if found}


def _tree(pages: dict[int, bytes], root: int) -> Iterator[int]:
    """Yield the pages of a tree; those that rows overflow into are not among them."""
    page = pages[root]
    yield root
    start = 100 if root == 1 else 0  # the first page begins with the file's own head
    if page[start] not in _INTERIOR:
        return
    yield from _tree(pages, int.from_bytes(page[start + 8 : start + 12]))
    for place in range(int.from_bytes(page[start + 3 : start + 5])):
        cell = int.from_bytes(page[start + _HEAD + 2 * place : start + _HEAD + 2 * place + 2])
        yield from _tree(pages, int.from_bytes(page[cell : cell + 4]))
