"""Runs the cleaning of each file in a process of its own, killed when it takes too long or answers too much."""

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

from media.kinds import MAX_CLEANED_BYTES, CannotClean, Cleaned, FileKind, FileProblem

_ROOT = Path(__file__).parents[1]
_MAX_HEADER_BYTES: Final = 200  # bytes, of the line before the file
_MAX_ANSWER_BYTES: Final = MAX_CLEANED_BYTES + _MAX_HEADER_BYTES
_CHUNK: Final = 2**18


class Cleaner:
    """Re-makes files, each in a process of its own, a few at a time."""

    def __init__(self, *, at_once: int = 3, time_limit: float = 150.0) -> None:
        """`time_limit`: seconds for one file. `at_once`: how many files are cleaned at the same time."""
        self._slots = asyncio.Semaphore(at_once)
        self._slow_slots = asyncio.Semaphore(max(1, at_once - 1))
        self._time_limit = time_limit

    async def clean(self, data: bytes, *, disguise: bool = False) -> Cleaned:
        """Return a file's content without anything else it carried. Raises CannotClean.

        `disguise`: voices are changed, in sounds and in films.
        """
        header, _, clean = (await self._ask(data, ["--disguise"] if disguise else [])).partition(b"\n")
        answer = _parsed_header(header)
        if "reason" in answer:
            raise CannotClean(FileProblem(answer["reason"]))
        return Cleaned(FileKind(answer["kind"]), clean, is_whole=answer["whole"] == "yes")

    @contextlib.asynccontextmanager
    async def slot(self, *, quick: bool) -> AsyncIterator[None]:
        """Wait until one of the slots is free, and hold it while a file is cleaned.

        One slot is kept for what is `quick`, so that no photo waits for films.
        """
        async with contextlib.AsyncExitStack() as held:
            if not quick:
                await held.enter_async_context(self._slow_slots)
            await held.enter_async_context(self._slots)
            yield

    async def _ask(self, data: bytes, options: list[str]) -> bytes:
        # No secret is handed on by the environment, and what the decoders complain of is dropped.
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
            env={"PYTHONPATH": str(_ROOT), "PATH": os.defpath, "OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"},
            start_new_session=True,  # what it may have started ends with it
        )
        into, out = process.stdin, process.stdout
        if into is None or out is None:
            raise RuntimeError("a process was started without its pipes")
        feeding = asyncio.create_task(_feed(into, data))
        try:
            async with asyncio.timeout(self._time_limit):
                return await _read_answer(out)
        except TimeoutError:
            raise CannotClean(FileProblem.TOO_SLOW) from None
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            while await out.read(_CHUNK):  # the rest of its output, so that the pipe closes
                pass
            await feeding
            await process.wait()


async def _feed(pipe: asyncio.StreamWriter, data: bytes) -> None:
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # it may answer, or die, before it has read all
        pipe.write(data)
        await pipe.drain()
    pipe.close()


async def _read_answer(pipe: asyncio.StreamReader) -> bytes:
    """Return a process's output. Raises CannotClean when it is longer than an answer can be."""
    answer = bytearray()
    while chunk := await pipe.read(_CHUNK):
        answer += chunk
        if len(answer) > _MAX_ANSWER_BYTES:
            raise CannotClean(FileProblem.TOO_SLOW)
    return bytes(answer)


def _parsed_header(header: bytes) -> dict[str, str]:
    """Return the header of an answer: the file's kind, or the reason why it could not be cleaned.

    A process that died or answered something else counts as too slow: it reached a limit, or a decoder crashed.
    """
    with contextlib.suppress(ValueError):
        match json.loads(header[:_MAX_HEADER_BYTES]):
            case {"reason": str(reason)} if reason in set(FileProblem):
                return {"reason": reason}
            case {"kind": str(kind), "whole": str(whole)} if kind in set(FileKind):
                return {"kind": kind, "whole": whole}
    return {"reason": FileProblem.TOO_SLOW}
