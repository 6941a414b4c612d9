"""`doctor`: everything that is wrong, each with its remedy."""

import asyncio
import stat
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import click

from bot.cli.bot_api import NoBot, bot_username
from bot.cli.context import ConfigSource, open_resources
from bot.cli.database import (
    NoDatabase,
    database_file,
    open_database,
    refuse_damaged,
    refuse_missing_file,
    refuse_read_only,
)
from bot.cli.health_checks import findings
from bot.cli.permissions import exposed, exposed_folder
from bot.cli.system_errors import refusal_of_system
from bot.config import Config, ConfigError, file_in_use
from bot.resources import make_attachment_store
from migrations.schema import UnfitDatabase, require_current
from models.base import random_id
from privacy.keyring import KeyringError
from storage.encryption import is_encrypted
from texts.terminal import os_reason, sentence


@click.command()
@click.pass_context
def doctor(context: click.Context) -> None:
    """Say everything that is wrong, and what to do about each."""
    wrong = asyncio.run(_all_findings(context.obj))
    for number, finding in enumerate(wrong, start=1):
        click.echo(f"{number}. {finding}")
    if not wrong:
        click.echo(sentence("doctor.nothing"))
    for note in _notes(context.obj):
        click.echo(note)
    if wrong:
        context.exit(1)


async def _all_findings(source: ConfigSource) -> list[str]:
    try:
        config = source.config
    except ConfigError as error:
        return str(error).splitlines()
    wrong = [*_exposed_secrets(source), *_exposed_files(config), *_unwritable_files(config)]
    wrong += [found async for found in _channel_findings(config)]
    return wrong + await _record_findings(config)


async def _channel_findings(config: Config) -> AsyncIterator[str]:
    """Yield why people cannot be told anything."""
    from bot.channels import has_bot, mail_trouble

    try:
        if has_bot(config):
            await bot_username(config)
    except (ConfigError, NoBot) as error:
        yield str(error)
    try:
        trouble = await mail_trouble(config)
    except ConfigError as error:
        trouble = str(error)
    if trouble:
        yield trouble


def _notes(source: ConfigSource) -> Iterator[str]:
    """Yield what may well be right, and cannot be seen from here."""
    try:
        places = _places_on_disk(source.config)
    except ConfigError:
        return
    plain = [str(place) for place in places if place.exists() and not is_encrypted(place)]
    if plain:
        yield sentence("doctor.disk_not_encrypted", paths=sentence("doctor.and").join(plain))


def _places_on_disk(config: Config) -> list[Path]:
    """Return where the database, the files and the keys lie, as far as they lie on this machine."""
    folder = None if config.files.bucket else config.files.path
    return [place for place in (database_file(config), folder, config.keyring.path) if place is not None]


def _exposed_secrets(source: ConfigSource) -> Iterator[str]:
    path, config = file_in_use(source.named_file), source.config
    if path is None or not path.stat().st_mode & stat.S_IROTH:
        return
    if config.telegram.token is not None:
        yield sentence("doctor.exposed_token", path=path)
    elif config.mail.password is not None:
        yield sentence("doctor.exposed_password", path=path)


def _exposed_files(config: Config) -> Iterator[str]:
    for found in exposed(config):
        yield sentence("doctor.exposed_file", path=found.path, mode=f"{found.mode:o}")
    folder = exposed_folder(config)
    if folder is not None:
        yield sentence("doctor.exposed_folder", path=folder)


def _unwritable_files(config: Config) -> Iterator[str]:
    if config.files.bucket is not None:
        yield from _unwritable_bucket(config)
        return
    path = config.files.path
    try:
        with tempfile.TemporaryFile(dir=path):
            pass
    except OSError as error:
        yield sentence("doctor.no_folder", path=path, reason=os_reason(error))


def _unwritable_bucket(config: Config) -> Iterator[str]:
    store, probe = make_attachment_store(config.files), random_id()
    try:
        store.put(probe, b"doctor")
        store.get(probe)
        store.delete(probe)
    except Exception as error:  # each server refuses in its own way
        yield sentence("doctor.no_bucket", bucket=config.files.bucket, kind=type(error).__name__)


async def _record_findings(config: Config) -> list[str]:
    """Look into the records; without the keyring, no further than whether the database can be used."""
    from bot.channels import channel_names

    try:
        refuse_read_only(config)
        async with open_resources(config) as resources:
            await refuse_damaged(resources.database, config)
            async with resources.database.reading() as session:
                return [finding async for finding in findings(resources.work(session), channel_names(config))]
    except KeyringError as error:
        return [str(error), *await _database_findings(config)]
    except (NoDatabase, UnfitDatabase) as error:
        return [str(error)]
    except Exception as error:
        refusal = refusal_of_system(error)
        if refusal is None:
            raise
        return [refusal]


async def _database_findings(config: Config) -> list[str]:
    try:
        refuse_missing_file(config)
        async with open_database(config) as database:
            await refuse_damaged(database, config)
            await require_current(database)
    except (NoDatabase, UnfitDatabase) as error:
        return [str(error)]
    return []
