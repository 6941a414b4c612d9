"""`round`: where a round stands, and the office's deeds that lead on."""

import asyncio

import click

from bot.commands.at_hand import Settings, open_work
from bot.commands.codes import choose_round
from bot.config import Config
from models.rounds import Round
from models.states import Impossible, NotEntitled
from services.rounds.turn_round import possible_deeds, turn_round


@click.command("round")
@click.argument("round_name", metavar="ROUND")
@click.argument("deed", required=False)
@click.pass_obj
def turn(settings: Settings, round_name: str, deed: str | None) -> None:
    """Say where ROUND stands, or do a DEED that leads on: open, leave, archive and so on.

    A round that is `open` takes complaints from its first day to the last day of its intake, and closes the intake
    by itself. `xunsheng states` shows the whole way of a round.
    """
    click.echo(asyncio.run(_turn(settings.config, round_name, deed)))


async def _turn(config: Config, name: str, deed: str | None) -> str:
    async with open_work(config) as work:
        entry = await work.session.get_one(Round, await choose_round(work, name))
        deeds = possible_deeds(entry)
        if deed is not None:
            try:
                entry = await turn_round(work, entry.id, deed)
            except (Impossible, NotEntitled):
                possible = f"possible now: {', '.join(deeds)}" if deeds else "nothing is to be done now"
                raise click.ClickException(
                    f"{deed} is not possible while the round is {entry.state}; {possible}."
                ) from None
            deeds = possible_deeds(entry)
        coming = f"; possible now: {', '.join(deeds)}" if deeds else ""
        return f"{entry.id} {entry.name}: {entry.state}{coming}"
