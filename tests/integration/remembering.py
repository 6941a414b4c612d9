"""`xunsheng run` in a process of its own whose memory can be searched, and the search."""

import asyncio
import re
import struct
import sys
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic

from bot import bootstrap
from bot.config import read_config
from bot.hardening import overwrite_freed_memory

_LOOKS = 8  # each takes longer than what only refers to itself is left alone


def main(moment: datetime) -> None:
    """Run the bot as the command does, but for what would keep its memory from being searched."""
    overwrite_freed_memory()
    bootstrap.GARBAGE_SECONDS = 0.5
    began = monotonic()
    asyncio.run(bootstrap.run(read_config(), lambda: moment + timedelta(seconds=monotonic() - began)))


def forms(value: str | int) -> frozenset[bytes]:
    """Return how a text or a number lies in the memory of Python and of its libraries."""
    text = str(value)
    found = {text.encode(), text.encode("utf-16-le"), text.encode("unicode_escape")}
    if isinstance(value, int):  # in a register of the processor, and as Python keeps it
        found |= {value.to_bytes(8, "little"), struct.pack("<II", value & (1 << 30) - 1, value >> 30)}
    return frozenset(found)


async def still_found(process: int, planted: Mapping[str, Collection[bytes]]) -> dict[str, int]:
    """Search the memory of a process until nothing lies in it any more; return what was counted at the last look."""
    found = {"nothing": 1}  # until it could be looked at
    for _ in range(_LOOKS):
        with suppress(OSError):  # a piece was given back just now
            found = await asyncio.to_thread(_counted, process, planted)
            if not found:
                break
    return found


def _counted(process: int, planted: Mapping[str, Collection[bytes]]) -> dict[str, int]:
    """Return how often each thing lies in the memory of a process, in whatever form; nothing of what lies nowhere."""
    found = dict.fromkeys(planted, 0)
    for part in _written_memory(process):
        for name, known in planted.items():
            found[name] += sum(part.count(form) for form in known)
    return {name: times for name, times in found.items() if times}


def _written_memory(process: int) -> Iterator[bytes]:
    """Yield all that a process can have written into its memory. Raises OSError when it gave a piece back just now."""
    with Path(f"/proc/{process}/mem").open("rb", buffering=0) as memory:
        for line in Path(f"/proc/{process}/maps").read_text().splitlines():
            region = re.match(r"([0-9a-f]+)-([0-9a-f]+) rw", line)
            if region is not None:
                start, end = (int(edge, 16) for edge in region.groups())
                memory.seek(start)
                while start < end:
                    part = memory.read(end - start)
                    if not part:
                        raise OSError(f"{end - start} bytes cannot be read")
                    start += len(part)
                    yield part


if __name__ == "__main__":
    main(datetime.fromisoformat(sys.argv[1]))
