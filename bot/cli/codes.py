"""`qr` and `posters`: what hangs in the villages."""

import asyncio
import sys
from pathlib import Path

import click
from sqlalchemy import select

from bot.cli.bot_api import links_of
from bot.cli.context import ConfigSource, open_unit_of_work
from bot.cli.name_lookup import find_round, look_up
from bot.cli.output import write_file
from bot.config import Config
from models.rounds import Assignment, PlaceKind, Unit, Village
from services.rounds.codes import PrintedPlace, codes_at, replace_codes, token_of
from services.rounds.printing import note_printed
from services.unit_of_work import UnitOfWork
from texts.terminal import sentence

WHOLE_ROUND = "-"


@click.command()
@click.argument("round_name", metavar="ROUND")
@click.argument("place_name", metavar="PLACE")
@click.option("--link", "only_link", is_flag=True)
@click.option("--png", "png_file", type=click.Path(path_type=Path))
@click.option("--svg", "svg_file", type=click.Path(path_type=Path))
@click.option("--revoke", is_flag=True)
@click.pass_obj
def qr(
    source: ConfigSource,
    round_name: str,
    place_name: str,
    *,
    only_link: bool,
    png_file: Path | None,
    svg_file: Path | None,
    revoke: bool,
) -> None:
    """Show the code of PLACE in ROUND, each by id or name."""
    from qr.code import png, svg, terminal

    link = asyncio.run(_link(source.config, round_name, place_name, revoke=revoke))
    if png_file:
        write_file(png_file, png(link))
    if svg_file:
        write_file(svg_file, svg(link))
    if only_link or not (png_file or svg_file):
        click.echo(link)
    if not (only_link or png_file or svg_file):
        sys.stdout.write(terminal(link))


@click.command()
@click.argument("round_name", metavar="ROUND")
@click.argument("pdf_file", metavar="OUT.pdf", type=click.Path(path_type=Path))
@click.pass_obj
def posters(source: ConfigSource, round_name: str, pdf_file: Path) -> None:
    """Print the posters of ROUND into a PDF file: one A4 page for each village."""
    pages, pdf = asyncio.run(_posters(source.config, round_name))
    write_file(pdf_file, pdf)
    click.echo(sentence("cli.posters_written", pages=pages, file=pdf_file))


async def _link(config: Config, round_name: str, place_name: str, *, revoke: bool) -> str:
    links = await links_of(config)
    async with open_unit_of_work(config) as work:
        place = await _place(work, await find_round(work, round_name), place_name)
        codes = [await replace_codes(work, place)] if revoke else await codes_at(work, place)
        if not codes:
            raise click.ClickException(sentence("cli.no_code", place=place_name, round=place.round_id))
        await note_printed(work, place)
        return links.of_code(token_of(work, codes[0]))


async def _posters(config: Config, round_name: str) -> tuple[int, bytes]:
    from qr.poster import MissingGlyph, TextTooLong, posters_pdf
    from services.rounds.posters import NoPosters
    from services.rounds.posters import posters as gather_posters
    from services.rounds.printing import unprintable

    links = await links_of(config)
    try:
        async with open_unit_of_work(config) as work:
            round_id = await find_round(work, round_name)
            found = await gather_posters(work, round_id, links.of_code, links.bot_username)
            await note_printed(work, PrintedPlace(round_id, PlaceKind.ROUND, None))
        return len(found), posters_pdf(found)
    except NoPosters as error:
        raise click.ClickException(str(error)) from None
    except (MissingGlyph, TextTooLong) as error:
        raise click.ClickException(unprintable(error)) from None


async def _place(work: UnitOfWork, round_id: str, name: str) -> PrintedPlace:
    if name == WHOLE_ROUND:
        return PrintedPlace(round_id, PlaceKind.ROUND, None)
    inspected = select(Assignment.unit_id).where(Assignment.round_id == round_id)
    villages = select(Village.id, Village.name).where(Village.unit_id.in_(inspected)).order_by(Village.id)
    units = select(Unit.id, Unit.name).where(Unit.id.in_(inspected)).order_by(Unit.id)
    known_villages = dict((await work.session.execute(villages)).all())
    known_units = dict((await work.session.execute(units)).all())
    place_id = look_up("place", name, (known_villages | known_units).items())
    return PrintedPlace(round_id, PlaceKind.VILLAGE if place_id in known_villages else PlaceKind.UNIT, place_id)
