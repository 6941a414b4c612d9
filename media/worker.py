"""The process in which one file is re-made: it gets the file on its standard input and answers on its output.

It is started anew for each file, with limits on memory, processor time, open files and the size of what it may write,
and shut in, so that a hostile file costs itself alone. The answer is one line of JSON, `{"kind": …,
"whole": …}` or `{"reason": …}`, and the clean file.
"""

import json
import os
import resource
import sys

from media.confinement import confine
from media.kinds import LARGEST, CannotClean, Cleaned, Kind, Reason
from media.sniff import sniff

MEMORY = 3 * 2**29  # bytes of address space: decoders map much that they never touch
SECONDS = 100  # of processor time
KINDNESS = 10  # the bot itself goes first


def main() -> None:
    """Re-make what stands on the standard input. `--disguise` changes voices."""
    limit()
    data = sys.stdin.buffer.read()
    try:
        cleaned = remake(data, disguise="--disguise" in sys.argv)
        if len(cleaned.data) > LARGEST:
            raise CannotClean(Reason.TOO_BIG)
    except CannotClean as error:
        _answer({"reason": error.reason})
    except MemoryError:
        _answer({"reason": Reason.TOO_SLOW})
    else:
        _answer({"kind": cleaned.kind, "whole": "yes" if cleaned.is_whole else "no"}, cleaned.data)


def remake(data: bytes, *, disguise: bool) -> Cleaned:
    """Re-make one file by what it seems to be. Raises CannotClean, also for hostile input."""
    # Each format's libraries are loaded only where they are needed: a photo doesn't wait for a film's decoder.
    match sniff(data):
        case Kind.PHOTO:
            from media.photo import remake_photo

            return Cleaned(Kind.PHOTO, remake_photo(data))
        case Kind.VOICE | Kind.VIDEO:
            from media.recordings import remake_media

            return remake_media(data, disguise=disguise)
        case Kind.PDF:
            from media.pdf import remake_pdf

            return Cleaned(Kind.PDF, remake_pdf(data))
        case Kind() as kind:
            from media.office import remake_office

            return remake_office(kind, data)
        case reason:
            raise CannotClean(reason)


def limit() -> None:
    """Give up what a file's re-making doesn't need. Cannot be undone."""
    os.nice(KINDNESS)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))
    # Nothing of the file is ever written anywhere; pipes are no files.
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    confine()


def _answer(head: dict[str, str], data: bytes = b"") -> None:
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + data)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
