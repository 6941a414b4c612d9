"""A file that one process holds at a time; the system frees it when that process ends, however it ends."""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


class HeldByAnother(Exception):
    """Another process holds the file; `note` is what it wrote into it, or empty before it has."""

    def __init__(self, note: str) -> None:
        super().__init__(note)
        self.note = note


@contextmanager
def hold(path: Path) -> Iterator[Callable[[str], None]]:
    """Holds a file; gives what writes a note into it for others to read. Raises HeldByAnother, and OSError.

    The file and its folder are made if there are none. The file stays when it is let go.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "r+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise HeldByAnother(file.read()) from None
        file.truncate(0)

        def note(text: str) -> None:
            file.seek(0)
            file.write(text)
            file.truncate()
            file.flush()

        yield note
