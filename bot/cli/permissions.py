"""Who may open what lies on the disk: this program's account alone, whoever made it or copied it back."""

import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bot.cli.database import database_file, database_files, lock_file
from bot.config import Config

_OTHERS = 0o077


@dataclass(frozen=True)
class Exposed:
    """A file or folder that other accounts of the machine can open, and the mode that it should have."""

    path: Path
    mode: int


def exposed(config: Config) -> Iterator[Exposed]:
    """Yield what others can open of the database and the attachments; the keyring refuses to be opened so."""
    lock = lock_file(config)
    yield from _wider(0o600, *database_files(config), *([lock] if lock else []))
    if config.files.bucket is None:
        yield from _wider(0o700, config.files.path)


def exposed_folder(config: Config) -> Path | None:
    """Return the folder of an SQLite database, if others can see in it when something is written."""
    database = database_file(config)
    if database is None:
        return None
    return next((found.path for found in _wider(0o700, database.resolve().parent)), None)


def narrow(config: Config) -> None:
    """Take from others what `exposed` finds, where this account may; `doctor` tells of the rest.

    The database's folder is left as it is: it may be one that holds other things, too.
    """
    for found in exposed(config):
        with suppress(OSError):
            found.path.chmod(found.mode)


def _wider(mode: int, *paths: Path) -> Iterator[Exposed]:
    for path in paths:
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & _OTHERS:
            yield Exposed(path, mode)
