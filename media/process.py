"""Cleaning from the outside: a process for each file, ended when it takes too long or says too much."""

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

from media.kinds import LARGEST, CannotClean, Cleaned, Kind, Reason

_HERE = Path(__file__).parents[1]
_LONGEST_HEAD: Final = 200  # bytes, of the line before the file
_MOST: Final = LARGEST + _LONGEST_HEAD
_CHUNK: Final = 2**18


class Cleaner:
    """Re-makes files, each in a process of its own; a few at a time, and only those few are held in memory."""

    def __init__(self, *, at_once: int = 3, patience: float = 150.0) -> None:
        """`patience` in seconds, for one file."""
        self._turns = asyncio.Semaphore(at_once)
        self._long_turns = asyncio.Semaphore(max(1, at_once - 1))
        self._patience = patience

    async def clean(self, data: bytes, *, disguise: bool = False) -> Cleaned:
        """Return a file's content without anything else it carried. Raises CannotClean.

        `disguise`: voices are changed, in sounds and in films.
        """
        head, _, clean = (await self._ask(data, ["--disguise"] if disguise else [])).partition(b"\n")
        said = _understood(head)
        if "reason" in said:
            raise CannotClean(Reason(said["reason"]))
        return Cleaned(Kind(said["kind"]), clean, is_whole=said["whole"] == "yes")

    @contextlib.asynccontextmanager
    async def turn(self, *, quick: bool) -> AsyncIterator[None]:
        """Wait until a file may be fetched and cleaned.

        One place is kept for what is `quick`: no photo waits until films are done.
        """
        async with contextlib.AsyncExitStack() as held:
            if not quick:
                await held.enter_async_context(self._long_turns)
            await held.enter_async_context(self._turns)
            yield

    async def _ask(self, data: bytes, options: list[str]) -> bytes:
        # No secret is handed on by the environment, and what the decoders complain of is heard by nobody.
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",  # no module is looked for in the folder it starts in
            "-m",
            "media.worker",
            *options,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            limit=_CHUNK,
            cwd="/",
            env={"PYTHONPATH": str(_HERE), "PATH": os.defpath, "OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"},
            start_new_session=True,  # what it may have started ends with it
        )
        into, out = process.stdin, process.stdout
        if into is None or out is None:
            raise RuntimeError("a process was started without its pipes")
        feeding = asyncio.create_task(_feed(into, data))
        try:
            async with asyncio.timeout(self._patience):
                return await _heard(out)
        except TimeoutError:
            raise CannotClean(Reason.TOO_SLOW) from None
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            while await out.read(_CHUNK):  # what it had still to say, so that the pipe is let go
                pass
            await feeding
            await process.wait()


async def _feed(pipe: asyncio.StreamWriter, data: bytes) -> None:
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # it may answer, or die, before it has read all
        pipe.write(data)
        await pipe.drain()
    pipe.close()


async def _heard(pipe: asyncio.StreamReader) -> bytes:
    """Return what a process says until its end; no more is held than an answer can have."""
    answer = bytearray()
    while chunk := await pipe.read(_CHUNK):
        answer += chunk
        if len(answer) > _MOST:
            raise CannotClean(Reason.TOO_SLOW)
    return bytes(answer)


def _understood(head: bytes) -> dict[str, str]:
    """Return what a process said of its file; one that died or babbles has reached a limit, or a decoder fell over."""
    with contextlib.suppress(ValueError):
        match json.loads(head[:_LONGEST_HEAD]):
            case {"reason": str(reason)} if reason in set(Reason):
                return {"reason": reason}
            case {"kind": str(kind), "whole": str(whole)} if kind in set(Kind):
                return {"kind": kind, "whole": whole}
    return {"reason": Reason.TOO_SLOW}
