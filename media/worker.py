"""The process in which one file is re-made: it gets the file on its standard input and answers on its output.

It is started anew for each file, with limits on memory, processor time, open files and the size of what it may write,
and confined, so that a hostile file harms nothing but its own cleaning. The answer is one line of JSON, `{"kind": …,
"whole": …}` or `{"reason": …}`, and the clean file.
"""

import json
import os
import resource
import sys

from media.confinement import confine
from media.kinds import MAX_CLEANED_BYTES, CannotClean, Cleaned, FileKind, FileProblem
from media.sniff import sniff

MEMORY_BYTES = 2**31  # bytes of address space: decoders map much that they never touch; 8K needs it
CPU_SECONDS = 100  # of processor time
NICENESS = 10  # the bot itself has priority


def main() -> None:
    """Re-make what stands on the standard input. `--disguise` changes voices."""
    limit()
    data = sys.stdin.buffer.read()
    try:
        cleaned = remake(data, disguise="--disguise" in sys.argv)
        if len(cleaned.data) > MAX_CLEANED_BYTES:
            raise CannotClean(FileProblem.TOO_BIG)
    except CannotClean as error:
        _write_answer({"reason": error.reason})
    except MemoryError:
        _write_answer({"reason": FileProblem.TOO_SLOW})
    else:
        _write_answer({"kind": cleaned.kind, "whole": "yes" if cleaned.is_whole else "no"}, cleaned.data)


def remake(data: bytes, *, disguise: bool) -> Cleaned:
    """Re-make one file by what it seems to be. Raises CannotClean, also for hostile input."""
    # Each format's libraries are loaded only where they are needed: a photo doesn't wait for a film's decoder.
    match sniff(data):
        case FileKind.PHOTO:
            from media.photo import remake_photo

            return Cleaned(FileKind.PHOTO, remake_photo(data))
        case FileKind.VOICE | FileKind.VIDEO:
            from media.recordings import remake_media

            return remake_media(data, disguise=disguise)
        case FileKind.PDF:
            from media.pdf import remake_pdf
            from media.pdf_fonts import use_fonts

            use_fonts()
            return Cleaned(FileKind.PDF, remake_pdf(data))
        case FileKind() as kind:
            from media.office import remake_office

            return remake_office(kind, data)
        case reason:
            raise CannotClean(reason)


def limit() -> None:
    """Limit this process to what re-making a file needs. Cannot be undone."""
    os.nice(NICENESS)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))
    # Nothing of the file is ever written anywhere; pipes are no files.
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    confine()


def _write_answer(header: dict[str, str], data: bytes = b"") -> None:
    sys.stdout.buffer.write(json.dumps(header).encode() + b"\n" + data)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
