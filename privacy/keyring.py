"""The keyring: a directory outside the database that holds every secret of an installation.

    keyring/
        keyring.json            format, version and the plain secrets, in hex
        outbox.agekey           age identities in the text format of the age tool:
        reply.agekey            `age --decrypt -i outbox.agekey` opens what was sealed
        rounds/R6.agekey        one for each inspection round
        rounds/R6.sheet         of which its complaints have keys of their own (privacy.key_sheet)
        rounds/R5.destroyed     the round's key is gone for good, and since when
        days/2026-11-22.agekey  one for each of the last days: what residents are just writing

Directories are 0700 and files 0600; anything looser is refused.
"""

import contextlib
import hashlib
import hmac
import json
import os
import re
import secrets
import stat
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Self

from privacy.key_sheet import KeySheet
from privacy.seal import SealingKey, seal_to
from storage.disk import flush_directory, write_whole
from texts.terminal import os_reason, sentence

__all__ = ["DayKeys", "KeyDestroyed", "Keyring", "KeyringError", "RoundKeys", "SealingKey", "seal_to"]

_FORMAT = "xunsheng-keyring"
_VERSION = 1
_SECRETS = ("receipt_secret", "qr_secret", "lane_secret", "callback_secret")
_SECRET_BYTES = 32
_TRIES = 10_000  # far more than it takes, as long as a thousandth of a sheet is left
_ROUND_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_DAY = re.compile(r"\d{4}-\d\d-\d\d\.agekey")


class KeyringError(Exception):
    """A keyring that cannot be used; the message is one sentence that says what to do."""


class KeyDestroyed(KeyringError):
    """The key of a round was destroyed on purpose: what it sealed is unreadable for good."""


@dataclass(frozen=True)
class RoundKeys:
    """The key of one inspection round."""

    round_id: str
    sealing: SealingKey


@dataclass(frozen=True)
class DayKeys:
    """The keys of one day; they live and die together, and what was sealed and named with them dies with them."""

    day: date
    sealing: SealingKey
    tag_secret: bytes = field(repr=False)


@dataclass(frozen=True)
class Keyring:
    """An opened keyring."""

    directory: Path
    receipt_secret: bytes = field(repr=False)
    """Digests of receipt codes."""
    qr_secret: bytes = field(repr=False)
    """MACs of printed codes."""
    lane_secret: bytes = field(repr=False)
    """Pseudonyms of chats that live only as long as a queued row."""
    callback_secret: bytes = field(repr=False)
    """MACs of button presses."""
    outbox: SealingKey
    """Payloads of queued messages and updates that were set aside."""
    reply: SealingKey
    """Reply addresses, and nothing else."""
    _rounds: dict[str, RoundKeys] = field(default_factory=dict, repr=False, compare=False)
    _days: dict[date, DayKeys] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def create(cls, directory: Path) -> Self:
        """Makes a keyring with new secrets; refuses a directory that holds anything already."""
        if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
            raise KeyringError(sentence("keyring.place_used", directory=directory))
        try:
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            directory.chmod(0o700)
            (directory / "rounds").mkdir(mode=0o700)
            for name in ("outbox", "reply"):
                _write_identity(directory / f"{name}.agekey", SealingKey.generate())
            # Last, because its presence is what makes this directory a keyring.
            content = {"format": _FORMAT, "version": _VERSION}
            plain = {name: secrets.token_hex(_SECRET_BYTES) for name in _SECRETS}
            main = json.dumps(content | plain, indent=2) + "\n"
            write_whole(directory / "keyring.json", main.encode(), replace=False)
        except OSError as error:
            raise KeyringError(
                sentence("keyring.cannot_write", directory=directory, reason=os_reason(error))
            ) from error
        return cls.open(directory)

    @classmethod
    def open(cls, directory: Path) -> Self:
        """Reads a keyring; raises KeyringError when it is missing, damaged or readable by others."""
        main = directory / "keyring.json"
        if not main.exists():
            raise KeyringError(sentence("keyring.none", directory=directory))
        rounds = directory / "rounds"
        for folder in (directory, rounds, directory / "days"):
            if folder.exists():
                _refuse_loose_permissions(folder, "0700")
        plain = _read_secrets(main)
        if not rounds.is_dir():
            raise _damaged(rounds)
        return cls(
            directory=directory,
            outbox=_read_identity(directory / "outbox.agekey"),
            reply=_read_identity(directory / "reply.agekey"),
            receipt_secret=plain["receipt_secret"],
            qr_secret=plain["qr_secret"],
            lane_secret=plain["lane_secret"],
            callback_secret=plain["callback_secret"],
        )

    def add_round(self, round_id: str) -> RoundKeys:
        """Makes the keys of a round, or gives those that it has; safe to call from several processes."""
        path = self._round_path(round_id)
        if not path.exists() and not self._destroyed_marker(round_id).exists():
            with contextlib.suppress(FileExistsError):  # another process was first: its keys are the keys
                KeySheet.create(self._sheet_path(round_id))
            with contextlib.suppress(FileExistsError):
                _write_identity(path, SealingKey.generate())
        return self.round(round_id)

    def round(self, round_id: str) -> RoundKeys:
        """Gives the keys of a round, also of one that another process has added since.

        Raises KeyDestroyed as soon as any process has destroyed them, KeyringError when there are none.
        """
        path = self._round_path(round_id)
        # The marker outranks the key file: a destruction that was interrupted has happened all the same.
        if self._destroyed_marker(round_id).exists():
            self._rounds.pop(round_id, None)
            raise KeyDestroyed(sentence("keyring.destroyed", round=round_id))
        if not path.exists():
            self._rounds.pop(round_id, None)
            raise KeyringError(sentence("keyring.no_round", round=round_id, path=path))
        if round_id not in self._rounds:
            self._rounds[round_id] = RoundKeys(round_id, _read_identity(path))
        return self._rounds[round_id]

    def sheet(self, round_id: str) -> KeySheet:
        """Gives the sheet of a round, whether there is one or not."""
        return KeySheet(self._sheet_path(round_id))

    def complaint_key(self, round_id: str, complaint_id: str) -> SealingKey:
        """Gives the key of one complaint; it opens also what was sealed to its round alone.

        In a round that has no sheet that is the round's own. Raises KeyDestroyed when the round's or this is destroyed.
        """
        of_round, sheet = self.round(round_id).sealing, self.sheet(round_id)
        if not sheet.exists:
            return of_round
        try:
            secret = sheet.secret_of(complaint_id)
        except OSError:
            raise _damaged(self._sheet_path(round_id)) from None
        if secret is None:
            raise KeyDestroyed(sentence("keyring.destroyed", round=round_id))
        own = hmac.digest(_derived(of_round, b"xunsheng/complaint/1"), secret + complaint_id.encode(), hashlib.sha256)
        return SealingKey.derived(own, earlier=of_round)

    def new_complaint_id(self, round_id: str) -> str:
        """Gives an id for a new complaint, whose key will not be destroyed with another's."""
        sheet = self.sheet(round_id)
        for _ in range(_TRIES):
            complaint_id = secrets.token_hex(16)
            if not sheet.exists or not sheet.is_closed(complaint_id):
                return complaint_id
        raise KeyringError(sentence("keyring.sheet_used_up", round=round_id))

    def round_ids(self) -> list[str]:
        """Lists the rounds whose keys exist, in the order of their ids, as the disk has them now."""
        names = os.listdir(self.directory / "rounds")  # noqa: PTH208 (a tenth of the cost of iterdir)
        present = {name.removesuffix(".agekey") for name in names if name.endswith(".agekey")}
        destroyed = {name.removesuffix(".destroyed") for name in names if name.endswith(".destroyed")}
        return sorted(name for name in present - destroyed if _ROUND_ID.fullmatch(name))

    def destroy_round(self, round_id: str) -> None:
        """Destroys the keys of a round for good and leaves a marker that says when.

        The file is overwritten before it is unlinked. Flash disks and copying file systems may still keep
        old blocks, and backups of the keyring keep their copy: those must be destroyed apart.
        """
        path = self._round_path(round_id)
        marker = self._destroyed_marker(round_id)
        if not path.exists() and not marker.exists():
            raise KeyringError(sentence("keyring.none_to_destroy", round=round_id))
        # The marker first: should we be killed in between, nothing takes the round for a new one.
        with contextlib.suppress(FileExistsError):  # an interrupted destruction is taken up again
            moment = datetime.now(UTC).isoformat(timespec="seconds")
            write_whole(marker, f"destroyed {moment}\n".encode(), replace=False)
        for secret_file in (path, self._sheet_path(round_id)):
            if secret_file.exists():
                _overwrite_and_unlink(secret_file)
        self._rounds.pop(round_id, None)

    @property
    def days_directory(self) -> Path:
        """Where the keys of days lie."""
        return self.directory / "days"

    def day(self, day: date) -> DayKeys:
        """Gives the keys of a day, made when they are first asked for; all processes have the same."""
        path = self._day_path(day)
        if not path.exists():
            self._days.pop(day, None)
            try:
                path.parent.mkdir(mode=0o700, exist_ok=True)
                with contextlib.suppress(FileExistsError):  # another process was first: its keys are the keys
                    _write_identity(path, SealingKey.generate())
            except OSError as error:
                raise KeyringError(
                    sentence("keyring.cannot_write", directory=path.parent, reason=os_reason(error))
                ) from error
        if day not in self._days:
            sealing = _read_identity(path)
            self._days[day] = DayKeys(day, sealing, _derived(sealing, b"xunsheng/day-tags/1"))
        return self._days[day]

    def days(self) -> list[date]:
        """Lists the days whose keys exist, the earliest first, as the disk has them; others are forgotten."""
        names: list[str] = []
        with contextlib.suppress(FileNotFoundError):
            names = os.listdir(self.days_directory)  # noqa: PTH208 (a tenth of the cost of iterdir)
        found = sorted(date.fromisoformat(name.removesuffix(".agekey")) for name in names if _DAY.fullmatch(name))
        for gone in self._days.keys() - set(found):
            self._days.pop(gone, None)
        return found

    def destroy_day(self, day: date) -> None:
        """Destroys the keys of a day for good, as those of a round; one that has none is no error."""
        self._days.pop(day, None)
        with contextlib.suppress(FileNotFoundError):  # another process was first
            _overwrite_and_unlink(self._day_path(day))

    def _day_path(self, day: date) -> Path:
        return self.days_directory / f"{day.isoformat()}.agekey"

    def _round_path(self, round_id: str) -> Path:
        return self.directory / "rounds" / f"{_checked(round_id)}.agekey"

    def _sheet_path(self, round_id: str) -> Path:
        return self.directory / "rounds" / f"{_checked(round_id)}.sheet"

    def _destroyed_marker(self, round_id: str) -> Path:
        return self.directory / "rounds" / f"{_checked(round_id)}.destroyed"


def _checked(round_id: str) -> str:
    if not _ROUND_ID.fullmatch(round_id):
        raise KeyringError(sentence("keyring.round_id", round=repr(round_id)))
    return round_id


def _derived(sealing: SealingKey, purpose: bytes) -> bytes:
    # So one file is all there is to destroy.
    return hmac.digest(str(sealing.identity).encode(), purpose, hashlib.sha256)


def _overwrite_and_unlink(path: Path) -> None:
    with path.open("r+b") as file:  # opening for writing alone would truncate, not overwrite
        file.write(secrets.token_bytes(path.stat().st_size))
        file.flush()
        os.fsync(file.fileno())
    path.unlink(missing_ok=True)
    flush_directory(path.parent)


def _read_secrets(path: Path) -> dict[str, bytes]:
    try:
        content = json.loads(_read(path))
        version = (content["format"], content["version"])
        plain = {name: bytes.fromhex(content[name]) for name in _SECRETS}
    except (ValueError, TypeError, KeyError):
        raise _damaged(path) from None  # the cause could quote a secret
    if version != (_FORMAT, _VERSION):
        raise KeyringError(sentence("keyring.format", path=path))
    if any(len(secret) != _SECRET_BYTES for secret in plain.values()):
        raise _damaged(path)
    return plain


def _write_identity(path: Path, key: SealingKey) -> None:
    write_whole(path, f"# public key: {key.public}\n{key.identity}\n".encode(), replace=False)


def _read_identity(path: Path) -> SealingKey:
    lines = [line.strip() for line in _read(path).splitlines()]
    identities = [line for line in lines if line and not line.startswith("#")]
    try:
        [identity] = identities
        return SealingKey.from_identity(identity)
    except ValueError:
        raise _damaged(path) from None


def _read(path: Path) -> str:
    try:
        _refuse_loose_permissions(path, "0600")
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise _damaged(path) from None
    except UnicodeDecodeError:
        raise _damaged(path) from None
    except OSError as error:
        raise KeyringError(sentence("keyring.unreadable", path=path, reason=os_reason(error))) from error


def _damaged(path: Path) -> KeyringError:
    return KeyringError(sentence("keyring.damaged", path=path))


def _refuse_loose_permissions(path: Path, wanted: str) -> None:
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise KeyringError(sentence("keyring.open_to_others", path=path, mode=wanted))
