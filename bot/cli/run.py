"""`run`: the bot itself."""

import asyncio

import click

from bot.cli.bot_api import bot_username
from bot.cli.context import ConfigSource, open_resources
from bot.cli.database import open_database, refuse_damaged, refuse_read_only, sole_process
from bot.cli.permissions import narrow
from bot.config import Config
from bot.hardening import overwrite_freed_memory
from texts.terminal import sentence


@click.command()
@click.pass_obj
def run(source: ConfigSource) -> None:
    """Run the bot until it is stopped with Ctrl+C or by the system."""
    overwrite_freed_memory()
    asyncio.run(_run(source.config))


async def _run(config: Config) -> None:
    from bot import bootstrap
    from channels.base import CannotStart

    async with open_resources(config):  # what is most often wrong is told before all else is set up
        pass
    with sole_process(config):
        refuse_read_only(config)
        narrow(config)
        async with open_database(config) as database:
            await refuse_damaged(database, config)
        username = await bot_username(config)
        click.echo(sentence("cli.running", username=username), err=True)
        try:
            await bootstrap.run(config)
        except CannotStart as error:
            raise click.ClickException(str(error)) from None
