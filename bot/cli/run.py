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
        click.echo(await _greeting(config), err=True)
        try:
            await bootstrap.run(config)
        except CannotStart as error:
            raise click.ClickException(str(error)) from None


async def _greeting(config: Config) -> str:
    """Return who goes to work: the bot, or without one the pages. Raises ConfigError and NoBot."""
    from bot.channels import has_bot

    if config.mail.host is not None:
        config.mail.require_sender()
    if has_bot(config):
        return sentence("cli.running", username=await bot_username(config))
    return sentence("cli.running_pages", address=config.web.public_url)
