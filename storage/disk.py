"""Writes files so that a crash leaves either all of one or none of it, and nobody else can read it."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


def write_whole(path: Path, content: bytes, *, replace: bool, time_ns: int | None = None) -> None:
    """Writes a file of mode 0600, flushed to the disk together with its name.

    Without `replace`, raises FileExistsError when the file is there, whichever process made it. `time_ns`
    are the times that the file shows, in nanoseconds since 1970; without it, those of the clock.
    """
    with whole_file(path, replace=replace, time_ns=time_ns) as file:
        file.write(content)


@contextmanager
def whole_file(path: Path, *, replace: bool, time_ns: int | None = None) -> Iterator[BinaryIO]:
    """Opens a file as `write_whole` writes one: it is there once the block ends, and not at all if that raises."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            if time_ns is not None:
                os.utime(file.fileno(), ns=(time_ns, time_ns))
            os.fsync(file.fileno())
        if replace:
            temporary.replace(path)
        else:
            path.hardlink_to(temporary)  # unlike a rename, it never takes the place of a file
    finally:
        temporary.unlink(missing_ok=True)
    flush_directory(path.parent)


def flush_directory(directory: Path) -> None:
    """Flushes the names in a directory to the disk."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
