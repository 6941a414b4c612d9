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

SAMPLE = "sample"


@click.command("import")
@click.argument("file")
@click.pass_obj
def import_file(source: ConfigSource, file: str) -> None:
    """Enter a county from FILE: its rounds, teams, units, villages, staff and rectification items.

    FILE is JSON in UTF-8; the word `sample` stands for the invented county that comes with the program. Import the
    file again after correcting it: only what differs is changed, and you are told what. States, boards, accounts
    and revoked codes are left as they are, and nothing is ever deleted but a role that a person has lost.
    """
    county = _read(file)
    result = asyncio.run(_enter(source.config, county))
    _print_result(result)


def _read(file: str) -> CountyFile:
    source = files("bot.samples") / "county-sample.json" if file == SAMPLE else Path(file)
    try:
        return read_county(source.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise click.ClickException(f"{file} cannot be read ({error.strerror}); check its name.") from None
    except UnicodeDecodeError:
        raise click.ClickException(f"{file} is not UTF-8 text; save it anew as UTF-8.") from None
    except CountyFileError as error:
        more = "" if len(error.problems) == 1 else f" ({len(error.problems)} problems)"
        raise click.ClickException(f"{file} was not imported{more}:\n{error}") from None


async def _enter(config: Config, county: CountyFile) -> ImportResult:
    async with open_unit_of_work(config) as work:
        return await import_county(work, county)


def _print_result(result: ImportResult) -> None:
    if result.added:
        counts = ", ".join(f"{kind} {number}" for kind, number in result.added_by_kind.items())
        click.echo(f"added: {counts}")
    for line in result.lines:
        if not line.startswith("added "):
            click.echo(line)
    if not result.lines:
        click.echo("Nothing differs from what is entered already.")
    if result.new_places:
        click.echo(
            f"New places in a round that takes complaints, which is written down: {', '.join(result.new_places)}; "
            "a code tells the place, so see that none is as small as a household.",
            err=True,
        )
    if result.passed_over:
        click.echo(f"Passed over, for this version does not know them: {', '.join(result.passed_over)}.", err=True)
