"""`import`: a county from its file."""

import asyncio
from importlib.resources import files
from pathlib import Path

import click

from bot.cli.context import ConfigSource, open_unit_of_work
from bot.config import Config
from services.rounds.county_file import CountyFile, CountyFileError, read_county
from services.rounds.entries import ImportResult
from services.rounds.import_county import import_county
from texts.terminal import os_reason, sentence

SAMPLE = "sample"


@click.command("import")
@click.argument("file")
@click.pass_obj
def import_file(source: ConfigSource, file: str) -> None:
    """Enter a county from FILE: its rounds, teams, units, villages, staff and rectification items."""
    county = _read(file)
    result = asyncio.run(_enter(source.config, county))
    _print_result(result)


def _read(file: str) -> CountyFile:
    source = files("bot.samples") / "county-sample.json" if file == SAMPLE else Path(file)
    try:
        return read_county(source.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise click.ClickException(sentence("cli.county_unreadable", file=file, reason=os_reason(error))) from None
    except UnicodeDecodeError:
        raise click.ClickException(sentence("cli.not_utf8", file=file)) from None
    except CountyFileError as error:
        key = "cli.not_imported" if len(error.problems) == 1 else "cli.not_imported_many"
        heading = sentence(key, file=file, count=len(error.problems))
        raise click.ClickException(f"{heading}\n{error}") from None


async def _enter(config: Config, county: CountyFile) -> ImportResult:
    async with open_unit_of_work(config) as work:
        return await import_county(work, county)


def _print_result(result: ImportResult) -> None:
    if result.added:
        counts = ", ".join(f"{kind} {number}" for kind, number in result.added_by_kind.items())
        click.echo(sentence("cli.import_added", counts=counts))
    for line in result.lines_but_added:
        click.echo(line)
    if not result.lines:
        click.echo(sentence("cli.import_nothing"))
    if result.new_places:
        click.echo(sentence("cli.import_new_places", places=", ".join(result.new_places)), err=True)
    if result.passed_over:
        click.echo(sentence("cli.import_passed_over", fields=", ".join(result.passed_over)), err=True)
