"""`doctor`: everything that is wrong, each with its remedy."""

import asyncio
import stat
import tempfile
from collections.abc import AsyncIterator, Iterator

import click

from bot.cli.bot_api import NoBot, bot_username
from bot.cli.context import ConfigSource, NoDatabase, attachments, open_database, refuse_missing_file, unit_of_work_in
from bot.cli.health_checks import findings
from bot.config import Config, ConfigError, file_in_use
from migrations.schema import UnfitDatabase, require_current
from models.base import random_id
from privacy.keyring import Keyring, KeyringError


@click.command()
@click.pass_context
def doctor(context: click.Context) -> None:
    """Say everything that is wrong, and what to do about each.

    Looks at the settings, the token, the database, the keyring and what is entered, and changes nothing. Exits with
    1 when something is wrong.
    """
    wrong = asyncio.run(_all_findings(context.obj))
    for number, finding in enumerate(wrong, start=1):
        click.echo(f"{number}. {finding}")
    if wrong:
        context.exit(1)
    click.echo("Nothing is wrong.")


async def _all_findings(settings: ConfigSource) -> list[str]:
    try:
        config = settings.config
    except ConfigError as error:
        return str(error).splitlines()
    wrong = [*_exposed_token(settings), *_unwritable_files(config)]
    try:
        await bot_username(config)
    except NoBot as error:
        wrong.append(str(error))
    keyring = None
    try:
        keyring = Keyring.open(config.keyring.path)
    except KeyringError as error:
        wrong.append(str(error))
    try:
        refuse_missing_file(config)
        wrong += [finding async for finding in _database_findings(config, keyring)]
    except (NoDatabase, UnfitDatabase) as error:
        wrong.append(str(error))
    return wrong


def _exposed_token(settings: ConfigSource) -> Iterator[str]:
    path = file_in_use(settings.named_file)
    if path is not None and settings.config.telegram.token is not None and path.stat().st_mode & stat.S_IROTH:
        yield f"Everybody on this machine can read {path}, and the token in it; run `chmod 600 {path}`."


def _unwritable_files(config: Config) -> Iterator[str]:
    if config.files.bucket is not None:
        yield from _unwritable_bucket(config)
        return
    path = config.files.path
    try:
        with tempfile.TemporaryFile(dir=path):
            pass
    except OSError as error:
        yield (
            f"Attachments cannot be written to {path} ({error.strerror}); "
            "run `xunsheng init`, or name a folder in files.path that this user may write to."
        )


def _unwritable_bucket(config: Config) -> Iterator[str]:
    store, probe = attachments(config), random_id()
    try:
        store.put(probe, b"doctor")
        store.get(probe)
        store.delete(probe)
    except Exception as error:  # each server refuses in its own way
        yield (
            f"Attachments cannot be written to the bucket {config.files.bucket} ({type(error).__name__}); check "
            "files.bucket, files.endpoint and the keys, and that they may read, write and delete."
        )


async def _database_findings(config: Config, keyring: Keyring | None) -> AsyncIterator[str]:
    async with open_database(config) as database:
        await require_current(database)
        if keyring is None:
            return
        async with database.reading() as session:
            work = unit_of_work_in(session, config, keyring)
            async for finding in findings(work):
                yield finding
