"""Command `trace`: each statement of a submission with the line that issues it."""

import argparse
import asyncio
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench.databases import fresh_addresses
from bench.options import POSTGRESQL, SQLITE
from bench.rounds import Size, run_round


def main(arguments: Sequence[str]) -> None:
    """Print the statements of an average submission, the most frequent code first."""
    parser = argparse.ArgumentParser(prog="python -m bench trace", description=__doc__)
    parser.add_argument("--database", choices=(SQLITE, POSTGRESQL), default=SQLITE)
    parser.add_argument("--residents", type=int, default=1, help="at once; %(default)s")
    parser.add_argument("--submissions", type=int, default=32, help="%(default)s")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name, fresh_addresses(given.database, Path(name)) as fresh:
        file = Path(name) / "statements.json"
        size = Size(given.submissions, given.residents)
        options = ("--log", str(file))
        asyncio.run(run_round("bench.servers.product", options, fresh(), Path(name) / "round", size))
        found = json.loads(file.read_text())
    by_code: dict[str, list[tuple[float, str]]] = {}
    for line in found:
        by_code.setdefault(line["code"], []).append((line["count"] / given.submissions, line["sql"]))
    begun = sum(line["count"] for line in found if line["sql"].startswith("BEGIN"))
    others = sum(line["count"] for line in found) - begun
    print(f"{others / given.submissions:.1f} statements and {begun / given.submissions:.1f} BEGIN a submission")
    for code, statements in sorted(by_code.items(), key=lambda item: -sum(count for count, _ in item[1])):
        print(f"{sum(count for count, _ in statements):6.2f}  {code}")
        for count, sql in sorted(statements, reverse=True):
            print(f"          {count:5.2f}  {_shortened(sql)}")


def _shortened(sql: str) -> str:
    """Return the statement without the columns that it reads."""
    if sql.startswith("SELECT") and " FROM " in sql:
        sql = f"SELECT … FROM {sql.partition(' FROM ')[2]}"
    return sql if len(sql) <= 200 else f"{sql[:197]}…"
