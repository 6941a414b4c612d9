"""What goes into a backup, and how it comes back: the tables as rows, and the attachments as they lie sealed.

An age file holds a tar of `manifest.json`, `tables/<name>.jsonl` and `files/<id>`. Rows fit either database. Left out
is what lives for hours only, and would join a chat to what it sent if two backups were compared: drafts, conversations,
messages on their way.
"""

import asyncio
import base64
import io
import json
import os
import tarfile
import tempfile
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime
from typing import IO, Any, BinaryIO

import pyrage
from sqlalchemy import Column, Date, LargeBinary, Table, func, insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from models.base import UtcDateTime
from models.complaints import FILES, ComplaintMessage, Conversation
from models.delivery import (
    ClockReading,
    FailedUpdate,
    OutboxRow,
    OutboxState,
    ProcessedUpdate,
    TrailMessage,
    WaitingUpdate,
)
from models.rectification import Evidence
from models.staff import AddressConfirmation, CaseSearch, OpenFormRow, SignInLink, StaffSession
from models.tables import METADATA
from models.touched_rows import TouchedRow
from models.urgency import ByRank, Urgency
from models.value_column import ValueColumn
from models.working_papers import WorkingPaper
from storage.folder import AttachmentGone, AttachmentStore
from texts.terminal import sentence

FORMAT = "xunsheng-backup/1"
FLEETING = frozenset(
    table.__tablename__
    for table in (
        AddressConfirmation,
        CaseSearch,
        ClockReading,
        Conversation,
        FailedUpdate,
        ProcessedUpdate,
        OpenFormRow,
        SignInLink,
        StaffSession,
        TouchedRow,
        TrailMessage,
        WaitingUpdate,
    )
)
_BATCH = 500


class BackupBroken(Exception):
    """A backup that cannot be used; the message is a sentence that says what to do."""


def tables() -> list[Table]:
    """Return the tables of a backup, those that others refer to first."""
    return [table for table in METADATA.sorted_tables if table.name not in FLEETING]


def read_recipient(public: str) -> pyrage.x25519.Recipient:
    """Read an `age1…` public key; raise BackupBroken."""
    try:
        return pyrage.x25519.Recipient.from_str(public)
    except pyrage.RecipientError:
        raise BackupBroken(sentence("backup.no_recipient")) from None


# ---- out


async def write_backup(
    session: AsyncSession, store: AttachmentStore, recipient: str, version: str, out: BinaryIO
) -> int:
    """Write everything as one age file to the holder of the recovery key; return how many attachments it holds.

    The session must see one moment of the database throughout.
    """
    to = read_recipient(recipient)
    with tempfile.TemporaryFile() as rows:  # has no name: nothing of it is left, however we end
        sizes = [await _dump(session, table, rows) for table in tables()]
        manifest = {"format": FORMAT, "version": version, "tables": [name for name, _ in sizes]}
        rows.seek(0)
        files = await _attachments(session)
        return await asyncio.to_thread(_write, out, to, manifest, rows, sizes, store, files)


async def _dump(session: AsyncSession, table: Table, rows: IO[bytes]) -> tuple[str, int]:
    began = rows.tell()
    # In the order of the keys: the order in which rows came is nobody's business.
    query = select(table).order_by(*table.primary_key.columns)
    if table.name == OutboxRow.__tablename__:
        query = query.where(table.c.state == OutboxState.SENT)  # only what is remembered so that it is told once
    async for row in await session.stream(query):
        values = {name: _packed(table.c[name], value) for name, value in row._mapping.items()}
        rows.write(json.dumps(values, ensure_ascii=False).encode() + b"\n")
    return table.name, rows.tell() - began


async def _attachments(session: AsyncSession) -> list[str]:
    said = await session.scalars(select(ComplaintMessage.id).where(ComplaintMessage.kind.in_(FILES)))
    handed_in = await session.scalars(select(Evidence.id))
    found = await session.scalars(select(WorkingPaper.id).where(WorkingPaper.file_kind.is_not(None)))
    return sorted([*said, *handed_in, *found])


def _write(
    out: BinaryIO,
    to: pyrage.x25519.Recipient,
    manifest: dict[str, Any],
    rows: IO[bytes],
    sizes: list[tuple[str, int]],
    store: AttachmentStore,
    files: list[str],
) -> int:
    reading, writing = os.pipe()
    kept = 0
    failed: list[BaseException] = []

    def pack() -> None:
        nonlocal kept
        try:
            with os.fdopen(writing, "wb") as pipe, tarfile.open(fileobj=pipe, mode="w|") as tar:
                _add(tar, "manifest.json", io.BytesIO(json.dumps(manifest).encode()))
                for name, size in sizes:
                    _add(tar, f"tables/{name}.jsonl", rows, size)
                for file in files:
                    with suppress(AttachmentGone):  # withdrawn while we were at it
                        _add(tar, f"files/{file}", io.BytesIO(store.get(file)))
                        kept += 1
        except BaseException as error:
            failed.append(error)

    packer = threading.Thread(target=pack)
    packer.start()
    try:
        with os.fdopen(reading, "rb") as pipe:
            pyrage.encrypt_io(pipe, out, [to])
    finally:
        packer.join()
    if failed:
        raise failed[0]
    return kept


def _add(tar: tarfile.TarFile, name: str, content: IO[bytes], size: int | None = None) -> None:
    entry = tarfile.TarInfo(name)  # no time, no owner
    if size is None:
        size = content.seek(0, os.SEEK_END)
        content.seek(0)
    entry.size = size
    tar.addfile(entry, content)


# ---- and back


async def read_backup(
    session: AsyncSession, store: AttachmentStore, identity: str, version: str, sealed: BinaryIO
) -> int:
    """Put a backup into an empty database and store; return how many attachments it held. Raises BackupBroken."""
    if await is_used(session) or next(store.ids(), None) is not None:
        raise BackupBroken(sentence("backup.place_used"))
    with tempfile.TemporaryFile() as opened:
        await asyncio.to_thread(decrypt, sealed, identity, opened)
        opened.seek(0)
        try:
            with tarfile.open(fileobj=opened, mode="r:") as tar:
                return await _put_back(session, store, version, tar)
        except (tarfile.TarError, KeyError, ValueError, TypeError):
            raise BackupBroken(sentence("backup.not_ours")) from None


async def is_used(session: AsyncSession) -> bool:
    """Whether any table holds a row."""
    for table in tables():
        if await session.scalar(select(func.count()).select_from(table)):
            return True
    return False


def decrypt(sealed: BinaryIO, identity: str, opened: IO[bytes]) -> None:
    """Decrypt a backup with the recovery key's secret half; raise BackupBroken."""
    try:
        keys = [
            pyrage.x25519.Identity.from_str(line.strip())
            for line in identity.splitlines()
            if line.strip() and not line.startswith("#")
        ]
    except pyrage.IdentityError:
        raise BackupBroken(sentence("backup.no_identity")) from None
    try:
        pyrage.decrypt_io(sealed, opened, keys)
    except (pyrage.DecryptError, OSError):
        raise BackupBroken(sentence("backup.does_not_open")) from None


async def _put_back(session: AsyncSession, store: AttachmentStore, version: str, tar: tarfile.TarFile) -> int:
    manifest = json.loads(_member(tar, "manifest.json").read())
    if manifest["format"] != FORMAT or manifest["version"] != version:
        raise BackupBroken(sentence("backup.other_version", there=manifest["version"], here=version))
    for table in tables():
        lines = _member(tar, f"tables/{table.name}.jsonl")
        for batch in _batches(lines):
            await session.execute(
                insert(table), [{name: _opened(table.c[name], value) for name, value in row.items()} for row in batch]
            )
        await _count_on(session, table)
    files = [entry.name.removeprefix("files/") for entry in tar.getmembers() if entry.name.startswith("files/")]
    for file in files:
        await asyncio.to_thread(store.put, file, _member(tar, f"files/{file}").read())
    return len(files)


def _member(tar: tarfile.TarFile, name: str) -> IO[bytes]:
    found = tar.extractfile(name)
    if found is None:
        raise KeyError(name)
    return found


def _batches(lines: IO[bytes]) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    for line in lines:
        batch.append(json.loads(line))
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


async def _count_on(session: AsyncSession, table: Table) -> None:
    """Let PostgreSQL number new rows after those that were put back."""
    column = table.autoincrement_column
    if column is None or session.get_bind().dialect.name != "postgresql":
        return
    last = await session.scalar(select(func.max(column)))
    if last is not None:
        sequence = text("SELECT setval(pg_get_serial_sequence(:table, :column), :last)")
        await session.execute(sequence, {"table": table.name, "column": column.name, "last": last})


def _packed(column: Column[Any], value: Any) -> Any:
    if value is None:
        return None
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(column.type, ValueColumn):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


def _opened(column: Column[Any], value: Any) -> Any:
    if value is None:
        return None
    if isinstance(column.type, LargeBinary):
        return base64.b64decode(value)
    if isinstance(column.type, ValueColumn):
        return column.type.parse(value)
    if isinstance(column.type, ByRank):
        return Urgency(value)
    if isinstance(column.type, UtcDateTime):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if isinstance(column.type, Date) else value
