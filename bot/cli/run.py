"""`run` and `demo`: the bot itself, and a county to try it on."""

import asyncio
from pathlib import Path

import click

from bot.cli.bot_api import bot_username
from bot.cli.context import ConfigSource, open_database, refuse_missing_file
from bot.config import Config
from migrations.schema import require_current
from privacy.keyring import Keyring

DEMO_FOLDER = Path(".demo")


@click.command()
@click.pass_obj
def run(settings: ConfigSource) -> None:
    """Run the bot until it is stopped with Ctrl+C or by the system.

    It fetches updates from Telegram by itself; with telegram.webhook_url set, Telegram delivers them there.
    """
    asyncio.run(_run(settings.config))


async def _run(config: Config) -> None:
    from bot import bootstrap

    # What is most often wrong is told before anything is set up.
    Keyring.open(config.keyring.path)
    refuse_missing_file(config)
    async with open_database(config) as database:
        await require_current(database)
    username = await bot_username(config)
    click.echo(f"@{username} goes to work; stop it with Ctrl+C.", err=True)
    try:
        await bootstrap.run(config)
    except bootstrap.CannotStart as error:
        raise click.ClickException(str(error)) from None


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Where the page is served.")
@click.option("--port", type=click.IntRange(0, 65535), default=8080, show_default=True, help="0 takes any free port.")
def demo(host: str, port: int) -> None:
    """Show an invented county in the browser, with everybody's phones on one page.

    Nothing of it reaches Telegram or your own county: it lives in the folder .demo, anew each time.
    """
    from bot.demo import run_demo

    def ready(address: str) -> None:
        click.echo(f"Open {address} in a browser; stop with Ctrl+C.")

    try:
        asyncio.run(run_demo(DEMO_FOLDER, host, port, ready))
    except OSError as error:
        if error.strerror is None:
            raise
        raise click.ClickException(
            f"The demo cannot be served at {host}:{port} ({error.strerror}); choose another with `--port`."
        ) from None
