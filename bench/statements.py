"""Part `statements`: what one submission asks of the database, all told."""

import asyncio
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.databases import fresh_addresses
from bench.options import NAMES, Options
from bench.rounds import Round, Size, run_round
from bench.table import Row, at_most

GOAL = 40


def rows(options: Options) -> Iterator[Row]:
    """Count statements at the driver, with many residents at once and with one alone."""
    submissions = 40 if options.quick else 100
    for database in options.databases:
        with tempfile.TemporaryDirectory() as folder, fresh_addresses(database, Path(folder)) as fresh:
            for at_once in (options.residents, 1):
                size = Size(submissions, at_once)
                round_ = asyncio.run(
                    run_round("bench.servers.product", ("--counted",), fresh(), Path(folder) / str(at_once), size)
                )
                what = f"statements a submission, {at_once} at once, {NAMES[database]}"
                yield at_most(what, round_.counted["statements"], GOAL, note=_transactions(round_))


def _transactions(round_: Round) -> str:
    counted = round_.counted
    rows_of_many = f", {counted['many_rows']:.1f} rows in executemany" if counted.get("many_rows") else ""
    return f"and {counted['begins']:.1f} BEGIN, {counted['commits']:.1f} COMMIT{rows_of_many}"
