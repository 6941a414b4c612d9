"""Part `finding`: what it costs to look for cases among 100,000 on one desk, by columns and by words in 2,000 texts.

A search is done as an update does it: texts are opened between the attempts. Meanwhile a ticker notes for how long at
most nobody else was served.
"""

import asyncio
import time
from collections.abc import Iterator
from statistics import median
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update

from bench.options import NAMES, Options
from bench.servers.product import AS_OF, ROUND
from bench.size import Contents, Filled, filled_database
from bench.table import Row, at_most
from models.base import random_id, table_of
from models.complaints import Author, Case, CaseComplaint, ComplaintMessage, MessageKind
from models.desk import Desk
from services.access.member import member
from services.ahead import Results, with_results
from services.cases.search import MOST_LOOKED_AT, Search, search
from services.sealed_messages import seal_text

CASES, QUICK_CASES = 100_000, 5_000
TIMES = 5
PAGE_SECONDS, WORDS_SECONDS, HELD_SECONDS = 1.0, 15.0, 0.25
_TEAM, _MEMBER, _UNIT, _OTHER_UNIT = "T1", "P06", "竹坞镇党委", "石蒲镇党委"
_TEXT = "村里的低保名单没有贴出来，去年修的路今年又坏了，找过村委会两次都说等一等。"
_WORD, _NOWHERE = "“低保”", "“火星人”"


def rows(options: Options) -> Iterator[Row]:
    """Measure searches on each database."""
    cases = QUICK_CASES if options.quick else CASES
    for database in options.databases:
        yield from asyncio.run(_measured(database, cases))


async def _measured(database: str, cases: int) -> list[Row]:
    async with filled_database(database, Contents(cases, 0)) as filled:
        await _lay_on_one_desk(filled)
        await with_results(lambda results: _search(filled, _WORD, results))  # once, so that all is loaded
        where = f"among {cases:,}, {NAMES[database]}"
        found = [await _timed(filled, typed) for typed in (_UNIT, _OTHER_UNIT, _WORD, _NOWHERE)]
        of_all, of_none, often, nowhere = (seconds for seconds, _ in found)
        held = max(longest for _, longest in found)
        return [
            at_most(f"page of cases of a unit that has all, {where}", of_all, PAGE_SECONDS, unit=" s"),
            at_most(f"page of cases of a unit that has none, {where}", of_none, PAGE_SECONDS, unit=" s"),
            at_most(f"a word that is in each of many texts, {where}", often, WORDS_SECONDS, unit=" s"),
            at_most(f"a word that is in none of 2,000 texts, {where}", nowhere, WORDS_SECONDS, unit=" s"),
            at_most(f"longest time nobody else was served, {where}", held, HELD_SECONDS, unit=" s"),
        ]


async def _lay_on_one_desk(filled: Filled) -> None:
    """Lay all cases on one desk, and let the newest say something that can be opened."""
    async with filled.database.transaction() as session:
        work = filled.work(session)
        laid = update(Case).values(desk=Desk.team(_TEAM), team_id=_TEAM, unit_id="U1")
        await session.execute(laid.execution_options(synchronize_session=False))
        await session.execute(delete(ComplaintMessage))
        newest = (
            select(CaseComplaint.complaint_id)
            .join(Case, Case.id == CaseComplaint.case_id)
            .where(Case.is_erased.is_(False))
            .order_by(Case.received_at.desc(), Case.id.desc())
            .limit(MOST_LOOKED_AT)
        )
        said = []
        for complaint_id in list(await session.scalars(newest)):
            message_id, key = random_id(), work.keyring.complaint_key(ROUND, complaint_id)
            sealed = seal_text(key, message_id, _TEXT)
            said.append({"id": message_id, "complaint_id": complaint_id, "sealed": sealed})
        values = {"position": 0, "author": Author.REPORTER, "kind": MessageKind.TEXT, "sent_at": AS_OF}
        bound: dict[str, Any] = {name: bindparam(name) for name in ("id", "complaint_id", "sealed")}
        connection = await session.connection()
        await connection.execute(insert(table_of(ComplaintMessage)).values(**values, **bound), said)


async def _timed(filled: Filled, typed: str) -> tuple[float, float]:
    """Return how long a search takes, the median of some, and the longest time for which nobody else was served."""
    taken, held = [], 0.0
    for _ in range(TIMES):
        ticker = asyncio.create_task(_longest_gap())
        await asyncio.sleep(0)
        began = time.perf_counter()
        await with_results(lambda results: _search(filled, typed, results))
        taken.append(time.perf_counter() - began)
        ticker.cancel()
        held = max(held, await ticker)
    return median(taken), held


async def _search(filled: Filled, typed: str, results: Results) -> Search:
    async with filled.database.transaction() as session:
        work = filled.work(session)
        work.results = results
        return await search(work, await member(session, _MEMBER), typed, {})


async def _longest_gap() -> float:
    """Return by how much a pause of a millisecond was at most too long, until it is cancelled."""
    longest = 0.0
    try:
        while True:
            began = time.perf_counter()
            await asyncio.sleep(0.001)
            longest = max(longest, time.perf_counter() - began - 0.001)
    except asyncio.CancelledError:
        return longest
