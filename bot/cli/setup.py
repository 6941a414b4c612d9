"""`init` and `migrate`: what must be there before anything else."""

import asyncio

import click

from bot.cli.context import ConfigSource
from bot.cli.database import database_file, open_database, refuse_missing_file, sole_process
from bot.cli.permissions import narrow
from bot.config import Config
from migrations.schema import is_current
from migrations.schema import migrate as bring_up_to_date
from privacy.keyring import Keyring
from texts.terminal import os_reason, sentence


@click.command()
@click.pass_obj
def init(source: ConfigSource) -> None:
    """Make the keyring and the database.

    What is there already is kept as it is, so this can be run again at any time.
    """
    config = source.config
    _make_keyring(config)
    _make_folders(config)
    asyncio.run(_migrate(config))
    narrow(config)
    click.echo(sentence("cli.init_next"))


@click.command()
@click.pass_obj
def migrate(source: ConfigSource) -> None:
    """Bring the database's tables up to date after an update."""
    refuse_missing_file(source.config)
    asyncio.run(_migrate(source.config))


def _make_keyring(config: Config) -> None:
    path = config.keyring.path
    if (path / "keyring.json").exists():
        Keyring.open(path)
        click.echo(sentence("cli.keyring_there", path=path))
        return
    Keyring.create(path)
    click.echo(sentence("cli.keyring_made", path=path))


def _make_folders(config: Config) -> None:
    file = database_file(config)
    for folder in (*([file.parent] if file else []), config.files.path):
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise click.ClickException(sentence("cli.no_folder", folder=folder, reason=os_reason(error))) from None


async def _migrate(config: Config) -> None:
    async with open_database(config) as database:
        if await is_current(database):
            click.echo(sentence("cli.migrated_already"))
            return
        with sole_process(config):
            await bring_up_to_date(database)
    click.echo(sentence("cli.migrated"))
