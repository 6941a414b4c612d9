"""Part `tick`: what a whole tick costs of which nothing is due, with 100,000 open items and with 1,000.

It is processor time, that of PostgreSQL's own processes included, summed over all the clock's tasks.
"""

import asyncio
import sys
from collections.abc import Iterator

from bench.options import NAMES, Options
from bench.size import RATIO, Contents, filled_database, task_costs
from bench.table import Row, at_most

CASES = 1_000
ITEMS, FEW = 100_000, 1_000


def rows(options: Options) -> Iterator[Row]:
    """Measure a tick in both sizes, in turn, on each database."""
    for database in options.databases:
        costs = asyncio.run(_costs(database))
        if options.verbose:
            for name, (before, after) in costs.items():
                print(f"{database} {name}: {1000 * before:.2f} → {1000 * after:.2f} ms of CPU", file=sys.stderr)
        few, many = (sum(cost[place] for cost in costs.values()) for place in (0, 1))
        what = f"a tick with none of {ITEMS:,} items due : {FEW:,}, {NAMES[database]}"
        yield at_most(what, many / few, RATIO, note=f"{1000 * many:.1f} : {1000 * few:.1f} ms")
        reminding = costs["remind_unit_heads"]
        what = f"of it the reminders of items, {NAMES[database]}"
        yield at_most(what, reminding[1] / reminding[0], RATIO, note=f"{1000 * reminding[1]:.2f} ms")


async def _costs(database: str) -> dict[str, tuple[float, ...]]:
    few, many = Contents(CASES, FEW), Contents(CASES, ITEMS)
    async with filled_database(database, few) as one, filled_database(database, many) as other:
        return await task_costs(one, other)
