"""`round`: where a round stands, and the office's actions that lead on."""

import asyncio

import click

from bot.cli.context import ConfigSource, open_resources, open_unit_of_work
from bot.cli.name_lookup import find_round
from bot.config import Config
from models.rounds import Round
from models.states import Impossible, NotEntitled
from services.rounds.change_round_state import change_round_state, possible_actions
from services.rounds.destroy_key import NotYet, erase_round

DESTROY_KEY = "destroy-key"


@click.command("round")
@click.argument("round_name", metavar="ROUND")
@click.argument("action", required=False)
@click.option("--yes", is_flag=True, help="Destroy the key without asking once more.")
@click.pass_obj
def round_command(source: ConfigSource, round_name: str, action: str | None, *, yes: bool) -> None:
    """Say where ROUND stands, or do an ACTION that leads on: open, leave, archive and so on.

    A round that is `open` takes complaints from its first day to the last day of its intake, and closes the intake
    by itself. `xunsheng states` shows the whole way of a round.

    The action `destroy-key` ends the archive: what residents said in that round is erased, and the key with which every
    copy of it was sealed is destroyed. There is no way back.
    """
    if action == DESTROY_KEY:
        click.echo(asyncio.run(_destroy_key(source.config, round_name, yes=yes)))
    else:
        click.echo(asyncio.run(_change_state(source.config, round_name, action)))


async def _destroy_key(config: Config, name: str, *, yes: bool) -> str:
    async with open_unit_of_work(config) as work:
        round_id = await find_round(work, name)
    question = f"Nothing said in {round_id} can ever be read again. Type {round_id} to go on"
    if not yes and click.prompt(question) != round_id:
        raise click.ClickException("Nothing was destroyed.")
    async with open_resources(config) as resources:
        try:
            async with resources.database.transaction() as session:
                complaints = await erase_round(resources.work(session), round_id)
        except NotYet as error:
            raise click.ClickException(str(error)) from None
        resources.keyring.destroy_round(round_id)
        await resources.database.checkpoint()
    return (
        f"The key of {round_id} is destroyed, and what was said in its {complaints} complaints is erased. Backups of "
        "the keyring still hold the key: destroy those that were made before today."
    )


async def _change_state(config: Config, name: str, action: str | None) -> str:
    async with open_unit_of_work(config) as work:
        entry = await work.session.get_one(Round, await find_round(work, name))
        actions = possible_actions(entry)
        if action is not None:
            try:
                entry = await change_round_state(work, entry.id, action)
            except (Impossible, NotEntitled):
                possible = f"possible now: {', '.join(actions)}" if actions else "nothing is to be done now"
                raise click.ClickException(
                    f"{action} is not possible while the round is {entry.state}; {possible}."
                ) from None
            actions = possible_actions(entry)
        coming = f"; possible now: {', '.join(actions)}" if actions else ""
        return f"{entry.id} {entry.name}: {entry.state}{coming}"
