"""Who may open what lies on the disk: this program's account alone, whoever made it or copied it back."""

import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bot.cli.database import BESIDE, LOCK, database_file
from bot.config import Config

_OTHERS = 0o077


@dataclass(frozen=True)
class Exposed:
    """A file or folder that other accounts of the machine can open, and the mode that it should have."""

    path: Path
    mode: int


def exposed(config: Config) -> Iterator[Exposed]:
    """Yield what others can open of the database and the attachments; the keyring refuses to be opened so."""
    database = database_file(config)
    if database is not None:
        yield from _wider(0o600, *(database.with_name(database.name + suffix) for suffix in ("", *BESIDE, LOCK)))
    if config.files.bucket is None:
        yield from _wider(0o700, config.files.path)


def exposed_folder(config: Config) -> Path | None:
    """Return the folder of an SQLite database, if others can see in it when something is written."""
    database = database_file(config)
    return next((found.path for found in _wider(0o700, database.parent)), None) if database is not None else None


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
