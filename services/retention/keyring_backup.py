"""A backup of the keyring: an age file that holds a tar of the files in its directory.

The keys of days are left out: what they seal is in no backup either, and there is no copy of them to destroy.
"""

import io
import tarfile
import tempfile
from pathlib import Path
from typing import BinaryIO

import pyrage

from privacy.keyring import Keyring, KeyringError
from services.retention.backup import BackupBroken, decrypt, read_recipient
from texts.terminal import sentence


def write_keyring(keyring: Keyring, recipient: str, out: BinaryIO) -> None:
    """Write the keyring, encrypted to a public key. Raises BackupBroken when the key is none."""
    key = read_recipient(recipient)
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        for path in sorted(keyring.directory.rglob("*")):
            if path.is_file() and not path.name.startswith(".") and path.parent != keyring.days_directory:
                entry = tarfile.TarInfo(str(path.relative_to(keyring.directory)))
                entry.size, entry.mode = path.stat().st_size, 0o600
                with path.open("rb") as content:
                    tar.addfile(entry, content)
    out.write(pyrage.encrypt(packed.getvalue(), [key]))


def restore_keyring(sealed: BinaryIO, identity: str, directory: Path) -> Keyring:
    """Put a keyring into an empty directory and return it, whole or not at all. Raises BackupBroken."""
    opened = io.BytesIO()
    decrypt(sealed, identity, opened)
    opened.seek(0)
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=directory.parent, prefix=f".{directory.name}.") as beside:
        place = Path(beside) / directory.name
        (place / "rounds").mkdir(mode=0o700, parents=True)
        place.chmod(0o700)
        try:
            with tarfile.open(fileobj=opened) as tar:
                tar.extractall(place, filter="data")
            Keyring.open(place)
        except (tarfile.TarError, KeyringError):
            raise BackupBroken(sentence("backup.no_keyring")) from None
        place.replace(directory)
    return Keyring.open(directory)
