"""`privacy`: what is kept of a resident, from the schema itself."""

from itertools import groupby

import click

from models.annotations import Touched, touched
from models.tables import METADATA


@click.command()
def privacy() -> None:
    """Print every table and column that touches a resident, as Markdown."""
    click.echo(tables(), nl=False)


def tables() -> str:
    """Return what the schema holds of residents, a Markdown table for each of its tables."""
    return "\n".join(_table(name, list(rows)) for name, rows in groupby(touched(METADATA), key=lambda row: row.table))


def _table(name: str, rows: list[Touched]) -> str:
    lines = [f"### {name}", "", "| column | holds | key | opened by | until |", "|---|---|---|---|---|"]
    lines += [
        f"| `{row.column}` | {row.touch.note} | {row.touch.key} | {row.touch.opened_by} | {row.touch.ends} |"
        for row in rows
    ]
    return "\n".join(lines) + "\n"
