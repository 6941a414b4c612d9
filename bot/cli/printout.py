"""`printout`: what a messenger takes to units whose heads are not reached."""

import asyncio
from pathlib import Path

import click

from bot.cli.context import ConfigSource, open_unit_of_work
from bot.cli.name_lookup import find_unit
from bot.cli.output import write_file
from bot.config import Config
from handlers.documents import pdf_of
from handlers.items.printout import printed
from qr.document_words import Document
from qr.typesetting import MissingGlyph
from services.rectification.printout import note_printed, sheet_of, units_not_reached
from services.rounds.printing import unprintable
from texts.catalogue import SOURCE, Words
from texts.terminal import sentence


@click.command()
@click.argument("unit", required=False)
@click.option("--pdf", "folder", type=click.Path(file_okay=False, exists=True, path_type=Path))
@click.pass_obj
def printout(source: ConfigSource, unit: str | None, *, folder: Path | None) -> None:
    """Print the open items of UNIT, or of every unit whose head is not reached, for a messenger."""
    found = asyncio.run(_sheets(source.config, unit))
    for unit_id, sheet in found.items():
        if folder is None:
            click.echo(f"{sheet.text}\n")
        else:
            try:
                write_file(folder / f"{unit_id}.pdf", asyncio.run(pdf_of(sheet)))
            except MissingGlyph as error:
                raise click.ClickException(unprintable(error)) from None
    if not found:
        click.echo(sentence("cli.printout_nobody"))
    elif folder is not None:
        click.echo(sentence("cli.printout_written", count=len(found), folder=folder))


async def _sheets(config: Config, unit: str | None) -> dict[str, Document]:
    async with open_unit_of_work(config) as work:
        units = [await find_unit(work, unit)] if unit else await units_not_reached(work)
        found = {}
        for unit_id in units:
            await note_printed(work, unit_id, by=None)
            found[unit_id] = printed(work, Words(SOURCE), await sheet_of(work, unit_id, by=None))
        return found
