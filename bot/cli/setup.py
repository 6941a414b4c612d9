"""`init` and `migrate`: what must be there before anything else."""

import asyncio

import click

from bot.cli.context import ConfigSource
from bot.cli.database import database_file, open_database, refuse_missing_file
from bot.config import Config
from migrations.schema import migrate as bring_up_to_date
from privacy.keyring import Keyring


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
    click.echo("Next: `xunsheng import FILE` enters your county, `xunsheng doctor` says what is still missing.")


@click.command()
@click.pass_obj
def migrate(source: ConfigSource) -> None:
    """Bring the database's tables up to date after an update.

    Make a backup first, and stop the bot: there is no way back but the backup.
    """
    refuse_missing_file(source.config)
    asyncio.run(_migrate(source.config))


def _make_keyring(config: Config) -> None:
    path = config.keyring.path
    if (path / "keyring.json").exists():
        Keyring.open(path)
        click.echo(f"The keyring at {path} is there already and can be read.")
        return
    Keyring.create(path)
    click.echo(f"Made a keyring at {path}. Back it up now, and never in the same place as the database:")
    click.echo("without it nothing that residents said can be read, and with it everything can.")


def _make_folders(config: Config) -> None:
    file = database_file(config)
    for folder in (*([file.parent] if file else []), config.files.path):
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise click.ClickException(
                f"The folder {folder} cannot be made ({error.strerror}); "
                "name one this user may write to in database.url and files.path."
            ) from None


async def _migrate(config: Config) -> None:
    async with open_database(config) as database:
        changed = await bring_up_to_date(database)
    click.echo("The database's tables were brought up to date." if changed else "The database is up to date already.")
