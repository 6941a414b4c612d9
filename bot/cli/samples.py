"""`draw`: a sample that is looked at again is drawn once more, from what was recorded."""

import asyncio
from collections.abc import Iterator

import click

from bot.cli.context import ConfigSource, open_unit_of_work
from bot.config import Config
from services.revisits.revisits import DrawnAgain, drawn_again
from texts.terminal import sentence


@click.command("draw")
@click.argument("number")
@click.option("--list", "is_listed", is_flag=True)
@click.pass_obj
def draw_command(source: ConfigSource, number: str, *, is_listed: bool) -> None:
    """Draw the sample NUMBER again, and say whether it is the same."""
    click.echo(asyncio.run(_draw_again(source.config, number, is_listed=is_listed)))


async def _draw_again(config: Config, number: str, *, is_listed: bool) -> str:
    async with open_unit_of_work(config) as work:
        found = await drawn_again(work, number)
        names = {one.id: one.name for one in (await work.directory()).units.values()}
    if found is None:
        raise click.ClickException(sentence("cli.draw_none", number=number))
    revisit, drawn = found.revisit, found.drawn
    shares = {"unit_share": revisit.unit_share, "item_share": revisit.item_share}
    lines = [sentence("cli.draw_seed", seed=revisit.seed, **shares)]
    lines += _list(found, names) if is_listed else []
    if not found.is_same:
        raise click.ClickException(sentence("cli.draw_other", number=number))
    units, items = len(drawn.units), len(drawn.items)
    return "\n".join([*lines, sentence("cli.draw_same", number=number, units=units, items=items)])


def _list(found: DrawnAgain, names: dict[str, str]) -> Iterator[str]:
    """Yield the list that was drawn from: each unit and item with its number of lots, those drawn ticked."""
    for unit_id, unit in sorted(found.frame.units.items()):
        yield f"{_tick(unit_id in found.drawn.units)} {unit_id} {names[unit_id]} {unit.weight}"
        for item_id, weight in sorted(unit.items.items()):
            yield f"    {_tick(item_id in found.drawn.items)} {item_id} {weight}"


def _tick(is_drawn: bool) -> str:
    return "[x]" if is_drawn else "[ ]"
