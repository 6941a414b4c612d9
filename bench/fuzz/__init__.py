"""Command `fuzz`: broken files through the cleaning process, broken updates and requests through the whole product.

What is broken follows from the seed alone. However little time is given, each part does a round. The last line of each
part counts; the exit status is 0 when nothing was lost or doubled and nothing crashed.
"""

import asyncio
import logging
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.options import NAMES, time_left, timed_run

FILES = "files"
PAGES = {f"pages-{database}": database for database in NAMES}
PARTS = (FILES, *NAMES, *PAGES)


def main(arguments: Sequence[str]) -> int:
    """Run the chosen parts one after the other; return the exit status."""
    parser = timed_run("fuzz", __doc__, minutes=1.0, seed="1")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"{', '.join(PARTS)}; all, if none is named")
    given = parser.parse_args(arguments)
    if unknown := [part for part in given.parts if part not in PARTS]:
        parser.error(f"there is no part {unknown[0]}; there are {', '.join(PARTS)}")
    logging.disable(logging.CRITICAL)  # of what fails here by intent
    failed = False
    for part in given.parts or PARTS:
        failed = not _run(part, given.seed, time_left(given.minutes)) or failed
    return int(failed)


def _run(part: str, seed: str, goes_on: Callable[[int], bool]) -> bool:
    """Run one part and print what came of it; return whether all is well."""
    with tempfile.TemporaryDirectory() as folder:
        if part == FILES:
            from bench.fuzz.files import fuzz_files

            of_files = asyncio.run(fuzz_files(seed, goes_on, report=_report))
            print(f"files: {of_files}", flush=True)
            return of_files.is_well
        if part in PAGES:
            from bench.fuzz.pages import fuzz_pages

            of_pages = fuzz_pages(PAGES[part], Path(folder), seed, goes_on, report=_report)
            print(f"pages, {NAMES[PAGES[part]]}: {of_pages}", flush=True)
            return of_pages.is_well
        from bench.fuzz.product import fuzz_product

        of_updates = fuzz_product(part, Path(folder), seed, goes_on, report=_report)
        print(f"updates, {NAMES[part]}: {of_updates}", flush=True)
        return of_updates.is_well


def _report(line: str) -> None:
    print(line, flush=True)
