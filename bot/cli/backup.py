"""`backup`, `restore` and their keys: what must survive a fire, in two files that are kept apart."""

import asyncio
from pathlib import Path

import click
import pyrage
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from bot.cli.context import ConfigSource, open_resources, open_unit_of_work
from bot.cli.database import refuse_missing_file, sole_process
from bot.cli.output import write_file
from bot.config import Config
from migrations.schema import head
from models.audit import Audited
from models.rounds import Team
from privacy.keyring import Keyring
from services.audit.log import record
from services.cases.cards import put_on_board
from services.delivery.directors import tell_directors
from services.outbox import OutgoingMessage
from services.retention import keyring_backup
from services.retention.backup import BackupBroken, read_backup, write_backup
from services.retention.notices import BackupFailed
from storage.disk import whole_file
from texts.terminal import sentence

_NEW_FILE = click.Path(path_type=Path, dir_okay=False)
_EXISTING_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
_IDENTITY = click.option(
    "--identity",
    "identity_file",
    type=_EXISTING_FILE,
    required=True,
)


@click.command("recovery-key")
@click.argument("file", type=_NEW_FILE)
def recovery_key(file: Path) -> None:
    """Make the office's recovery key and write its secret half to FILE.

    Put FILE into the safe, on paper or a stick, and take it off this machine. Only its public half, which is
    printed, belongs into the settings as backup.recipient.
    """
    if file.exists():
        raise click.ClickException(sentence("cli.file_there", file=file))
    identity = pyrage.x25519.Identity.generate()
    public = str(identity.to_public())
    write_file(file, f"# public key: {public}\n{identity}\n".encode(), private=True)
    click.echo(sentence("cli.recovery_key_made", public=public, file=file))


@click.command()
@click.argument("file", type=_NEW_FILE)
@click.pass_obj
def backup(source: ConfigSource, file: Path) -> None:
    """Write database and attachments to FILE, for the holder of the recovery key alone."""
    config = source.config
    _refuse_existing(file)
    refuse_missing_file(config)
    try:
        files = asyncio.run(_back_up(config, _recipient(config), file))
    except Exception as error:
        asyncio.run(_report_failure(config, type(error).__name__))
        if isinstance(error, BackupBroken):
            raise
        raise click.ClickException(sentence("cli.backup_failed", reason=error, file=file)) from error
    click.echo(sentence("cli.backup_written", file=file, files=files))


@click.command()
@click.argument("file", type=_EXISTING_FILE)
@_IDENTITY
@click.pass_obj
def restore(source: ConfigSource, file: Path, identity_file: Path) -> None:
    """Put the backup FILE into a new database and folder of files.

    Run `xunsheng migrate` first, and restore the keyring as well: without it nothing can be read. Messages that were
    on their way, and drafts, are not in a backup; cards of open cases are hung anew.
    """
    config = source.config
    refuse_missing_file(config)
    with sole_process(config):
        files = asyncio.run(_restore(config, file, _identity_in(identity_file)))
    click.echo(sentence("cli.restored", files=files))


@click.command("backup-keyring")
@click.argument("file", type=_NEW_FILE)
@click.pass_obj
def backup_keyring(source: ConfigSource, file: Path) -> None:
    """Write the keyring to FILE, for the holder of the recovery key. Never keep it beside the other backup."""
    config = source.config
    _refuse_existing(file)
    keyring, recipient = Keyring.open(config.keyring.path), _recipient(config)
    with whole_file(file, replace=False) as out:
        keyring_backup.write_keyring(keyring, recipient, out)
    asyncio.run(_note_keyring_backed_up(config))
    click.echo(sentence("cli.keyring_backed_up", file=file))


@click.command("restore-keyring")
@click.argument("file", type=_EXISTING_FILE)
@_IDENTITY
@click.pass_obj
def restore_keyring(source: ConfigSource, file: Path, identity_file: Path) -> None:
    """Put the keyring in FILE where keyring.path says. Refuses a place where something is already."""
    directory = source.config.keyring.path
    if directory.exists() and any(directory.iterdir()):
        raise click.ClickException(sentence("cli.keyring_place_used", directory=directory))
    with file.open("rb") as sealed:
        keyring_backup.restore_keyring(sealed, _identity_in(identity_file), directory)
    click.echo(sentence("cli.keyring_restored", directory=directory))


def _identity_in(file: Path) -> str:
    return file.read_text("utf-8", errors="replace")  # what is no text is no key either, and is told as that


def _recipient(config: Config) -> str:
    if config.backup.recipient is None:
        raise BackupBroken(sentence("cli.no_recovery_key"))
    return config.backup.recipient


def _refuse_existing(file: Path) -> None:
    if file.exists():
        raise click.ClickException(sentence("cli.backup_there", file=file))


async def _back_up(config: Config, recipient: str, file: Path) -> int:
    async with open_resources(config) as resources:
        with whole_file(file, replace=False) as out:
            async with resources.database.reading() as session:
                await _use_one_snapshot(session)
                files = await write_backup(session, resources.attachment_store, recipient, head(), out)
        async with resources.database.transaction() as session:
            await record(resources.work(session), Audited.BACKED_UP, files=files)
    return files


async def _use_one_snapshot(session: AsyncSession) -> None:
    """Read from one snapshot in what follows; SQLite does so by itself."""
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"))


async def _note_keyring_backed_up(config: Config) -> None:
    """Write down that the keyring was backed up, if there is a database to write it in: keys are saved without one."""
    try:
        async with open_unit_of_work(config) as work:
            await record(work, Audited.KEYRING_BACKED_UP)
    except Exception as error:
        click.echo(sentence("cli.not_logged", kind=type(error).__name__), err=True)


async def _report_failure(config: Config, kind: str) -> None:
    """Tell the office director in chat, if there is still a database to tell it through."""
    try:
        async with open_unit_of_work(config) as work:
            await record(work, Audited.BACKUP_FAILED, kind=kind)
            once = f"backup_failed:{work.today.isoformat()}"
            await tell_directors(work, OutgoingMessage(BackupFailed(kind)), once=once)
    except Exception as error:  # the failure that is being told is the one that counts
        click.echo(sentence("cli.office_not_told", kind=type(error).__name__), err=True)


async def _restore(config: Config, file: Path, identity: str) -> int:
    async with open_unit_of_work(config) as work:
        with file.open("rb") as sealed:
            files = await read_backup(work.session, work.attachment_store, identity, head(), sealed)
        await record(work, Audited.RESTORED, files=files)
        for team_id in await work.session.scalars(select(Team.id).where(Team.board_address.is_not(None))):
            await put_on_board(work, team_id)
    return files
