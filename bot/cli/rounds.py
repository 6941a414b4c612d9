"""`round`: where a round stands, and the office's actions that lead on."""

import asyncio
from collections.abc import Iterable

import click

from bot.cli.context import ConfigSource, open_resources, open_unit_of_work
from bot.cli.name_lookup import find_round
from bot.config import Config
from models.rounds import Round
from models.states import Impossible, NotEntitled
from services.rounds.change_round_state import change_round_state, possible_actions
from services.rounds.destroy_key import NotYet, erase_round
from services.rounds.entries import spoken
from services.rounds.settings_versions import own_settings
from services.unit_of_work import UnitOfWork
from texts.terminal import sentence

DESTROY_KEY = "destroy-key"


@click.command("round")
@click.argument("round_name", metavar="ROUND")
@click.argument("action", required=False)
@click.option("--yes", is_flag=True)
@click.pass_obj
def round_command(source: ConfigSource, round_name: str, action: str | None, *, yes: bool) -> None:
    """Say where ROUND stands, or do an ACTION that leads on: open, leave, archive and so on."""
    if action == DESTROY_KEY:
        click.echo(asyncio.run(_destroy_key(source.config, round_name, yes=yes)))
    else:
        click.echo(asyncio.run(_change_state(source.config, round_name, action)))


async def _destroy_key(config: Config, name: str, *, yes: bool) -> str:
    async with open_unit_of_work(config) as work:
        round_id = await find_round(work, name)
    question = sentence("cli.destroy_sure", round=round_id)
    if not yes and click.prompt(question) != round_id:
        raise click.ClickException(sentence("cli.destroy_not"))
    async with open_resources(config) as resources:
        try:
            async with resources.database.transaction() as session:
                complaints = await erase_round(resources.work(session), round_id)
        except NotYet as error:
            raise click.ClickException(str(error)) from None
        resources.keyring.destroy_round(round_id)
        await resources.database.checkpoint()
    return sentence("cli.destroyed", round=round_id, complaints=complaints)


async def _change_state(config: Config, name: str, action: str | None) -> str:
    async with open_unit_of_work(config) as work:
        entry = await work.session.get_one(Round, await find_round(work, name))
        actions = possible_actions(entry)
        if action is not None:
            try:
                entry = await change_round_state(work, entry.id, action)
            except (Impossible, NotEntitled):
                possible = _possible(actions) or sentence("cli.round_nothing_possible")
                raise click.ClickException(
                    sentence("cli.round_impossible", action=action, state=entry.state, possible=possible)
                ) from None
            actions = possible_actions(entry)
        coming = _possible(actions)
        stands = f"{entry.id} {entry.name}: {entry.state}" + (f"; {coming}" if coming else "")
        return f"{stands}\n{await _clocks(work, entry)}"


async def _clocks(work: UnitOfWork, entry: Round) -> str:
    """Say by which clocks the cases of a round go, and what it has set for itself."""
    known = await work.directory()
    settings = known.complaint_settings_of(entry.id)
    values = {"source": settings.source, "day": settings.in_force_from, "accept": settings.accept_days}
    if entry.settings_version is None:
        lines = [sentence("cli.round_clocks_to_come", **values)]
    else:
        lines = [sentence("cli.round_clocks", version=entry.settings_version, **values)]
    lines += [
        sentence("cli.round_own_setting", name=one.name, own=spoken(one.own), county=spoken(one.county))
        for one in own_settings(known, entry.id)
    ]
    return "\n".join(lines)


def _possible(actions: Iterable[str]) -> str:
    listed = ", ".join(actions)
    return sentence("cli.round_possible", actions=listed) if listed else ""
