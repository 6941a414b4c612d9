"""Part `alone`: from press to answer for one resident alone, against the ceiling."""

import asyncio
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from bench.databases import fresh_addresses
from bench.options import NAMES, Options
from bench.rounds import Size, run_round
from bench.table import Row, at_most

GOAL = 3.0


def rows(options: Options) -> Iterator[Row]:
    """Press Send one after another; the wait ends when the press is answered and the receipt has been sent."""
    submissions = 60 if options.quick else 150
    size = Size(submissions, 1, warming_up=16)
    for database in options.databases:
        waits: dict[str, list[tuple[float, float]]] = {"product": [], "ceiling": []}
        with tempfile.TemporaryDirectory() as folder, fresh_addresses(database, Path(folder)) as fresh:
            for number in range(options.rounds):
                for server, found in waits.items():
                    work = run_round(f"bench.servers.{server}", (), fresh(), Path(folder) / f"{server}-{number}", size)
                    found.append(asyncio.run(work).press)
        for place, name, limit in ((1, "p99", GOAL), (0, "p50", None)):
            product, ceiling = ([wait[place] for wait in waits[server]] for server in ("product", "ceiling"))
            share = median(one / two for one, two in zip(product, ceiling, strict=True))
            what = f"press to answer, one resident alone, {name}, against the ceiling, {NAMES[database]}"
            note = f"{median(product):.1f} : {median(ceiling):.1f} ms"
            yield at_most(what, share, limit, note=note) if limit else Row(what, f"{share:.2f} ({note})")
