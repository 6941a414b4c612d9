"""Command `fuzz`: broken files through the cleaning process, and broken updates through the whole product.

What is broken follows from the seed alone. The last line of each part counts; the exit status is 0 when nothing was
lost or doubled and nothing crashed.
"""

import argparse
import asyncio
import logging
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from time import monotonic

from bench.options import NAMES, POSTGRESQL, SQLITE

FILES = "files"
PARTS = (FILES, SQLITE, POSTGRESQL)


def main(arguments: Sequence[str]) -> int:
    """Run the chosen parts one after the other; return the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m bench fuzz", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"{', '.join(PARTS)}; all, if none is named")
    parser.add_argument("--minutes", type=float, default=1.0, help="of each part; %(default)s")
    parser.add_argument("--seed", default="1", help="%(default)s")
    given = parser.parse_args(arguments)
    if unknown := [part for part in given.parts if part not in PARTS]:
        parser.error(f"there is no part {unknown[0]}; there are {', '.join(PARTS)}")
    logging.disable(logging.CRITICAL)  # of what fails here by intent
    failed = False
    for part in given.parts or PARTS:
        failed = not _run(part, given.seed, _until(given.minutes)) or failed
    return int(failed)


def _until(minutes: float) -> Callable[[], bool]:
    """Return a function that says whether there is time left."""
    end = monotonic() + 60 * minutes
    return lambda: monotonic() < end


def _run(part: str, seed: str, goes_on: Callable[[], bool]) -> bool:
    """Run one part and print what came of it; return whether all is well."""
    with tempfile.TemporaryDirectory() as folder:
        if part == FILES:
            from bench.fuzz.files import fuzz_files

            of_files = asyncio.run(fuzz_files(seed, goes_on, report=_report))
            print(f"files: {of_files}", flush=True)
            return of_files.is_well
        from bench.fuzz.product import fuzz_product

        of_updates = fuzz_product(part, Path(folder), seed, goes_on, report=_report)
        print(f"updates, {NAMES[part]}: {of_updates}", flush=True)
        return of_updates.is_well


def _report(line: str) -> None:
    print(line, flush=True)
