"""Cleaning from the outside: a process for each file, ended when it takes too long."""

import asyncio
import json
import os
import sys
from pathlib import Path

from privacy.cleaning.kinds import CannotClean, Cleaned, Kind, Reason

_HERE = Path(__file__).parents[2]


class Cleaner:
    """Re-makes files, each in a process of its own; a few at a time."""

    def __init__(self, *, at_once: int = 2, patience: float = 60.0) -> None:
        """`patience` in seconds, for one file."""
        self._turns = asyncio.Semaphore(at_once)
        self._patience = patience

    async def clean(self, data: bytes, *, disguise: bool = False) -> Cleaned:
        """Return a file's content without anything else it carried. Raises CannotClean.

        `disguise`: voices are changed, in sounds and in films.
        """
        async with self._turns:
            answer = await self._ask(data, ["--disguise"] if disguise else [])
        head, _, clean = answer.partition(b"\n")
        try:
            said = json.loads(head)
        except ValueError:  # it died: a limit was reached, or a decoder fell over
            raise CannotClean(Reason.TOO_SLOW) from None
        if "reason" in said:
            raise CannotClean(Reason(said["reason"]))
        return Cleaned(Kind(said["kind"]), clean)

    async def _ask(self, data: bytes, options: list[str]) -> bytes:
        # No secret is handed on by the environment, and what the decoders complain of is heard by nobody.
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "privacy.cleaning.worker",
            *options,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            cwd="/",
            env={"PYTHONPATH": str(_HERE), "PATH": os.defpath, "OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"},
        )
        try:
            answer, _ = await asyncio.wait_for(process.communicate(data), self._patience)
        except TimeoutError:
            raise CannotClean(Reason.TOO_SLOW) from None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        return answer
