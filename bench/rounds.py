"""One round: residents submit to a server in a process of its own, warm it up, and are timed until nothing is left."""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from time import monotonic
from typing import Any

from bench.crowd import Crowd, Observed, Webhook, open_crowd
from bench.servers.pipe import END, SETTLE

ROOT = Path(__file__).parents[1]
WARMING_UP = 48  # submissions before the clock starts
STARTING = 120.0  # seconds that a server may take to start, or to finish what is left to do
LONGEST_LINE = 2**22


@dataclass(frozen=True)
class Size:
    """How large a round is."""

    submissions: int
    at_once: int
    warming_up: int = WARMING_UP


@dataclass(frozen=True)
class Round:
    """What was measured in one round; statements are counted only where that was asked for."""

    per_second: float
    cpu: float  # milliseconds of the server's processor time, a submission
    core: float  # the share of one core that the server took
    counted: dict[str, float]  # a submission: statements, many_rows, begins, commits
    observed: Observed

    @property
    def press(self) -> tuple[float, float]:
        """The median and the 99th percentile from press to answer, in milliseconds."""
        centiles = quantiles(self.observed.presses, n=100, method="inclusive")
        return 1000 * centiles[49], 1000 * centiles[98]


async def run_round(module: str, arguments: Sequence[str], address: str, folder: Path, size: Size) -> Round:
    """Start the server, run the round and end the server. Raises RuntimeError when the server failed."""
    folder.mkdir(parents=True, exist_ok=True)
    async with open_crowd() as crowd, _server(module, arguments, address, crowd, folder) as server:
        await server.settle()  # what the clock's first tick queues
        warm = await crowd.submit(server.webhook, size.warming_up, size.at_once)
        before = await server.settle()
        observed = await crowd.submit(server.webhook, size.submissions, size.at_once)
        after = await server.settle()
        seconds = monotonic() - observed.began
        await server.end(warm.receipts + observed.receipts)
    done = size.submissions
    spent = {name: (after[name] - before.get(name, 0)) / done for name in after}
    cpu = spent.pop("cpu")
    return Round(done / seconds, 1000 * cpu, cpu * done / seconds, spent, observed)


@dataclass(frozen=True)
class _Server:
    process: Process
    webhook: Webhook

    async def settle(self) -> dict[str, float]:
        """Wait until the server has nothing left to do; return its counters."""
        await self._order(order=SETTLE)
        return {name: float(value) for name, value in (await _line(self.process)).items()}

    async def end(self, receipts: list[str]) -> None:
        """Have the receipts checked and the server ended. Raises RuntimeError when it failed."""
        await self._order(order=END, receipts=receipts)
        if await asyncio.wait_for(self.process.wait(), STARTING):
            raise RuntimeError("the measured server failed; its traceback is above")

    async def _order(self, **content: object) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(content).encode() + b"\n")
        await self.process.stdin.drain()


@asynccontextmanager
async def _server(
    module: str, arguments: Sequence[str], address: str, crowd: Crowd, folder: Path
) -> AsyncIterator[_Server]:
    command = (sys.executable, "-m", module, *arguments, address, crowd.base_url, str(folder))
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdin=PIPE, stdout=PIPE, limit=LONGEST_LINE)
    try:
        started = await _line(process)
        yield _Server(process, Webhook(**started))
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _line(process: Process) -> dict[str, Any]:
    assert process.stdout is not None
    line = await asyncio.wait_for(process.stdout.readline(), STARTING)
    if not line:
        raise RuntimeError("the measured server ended; its traceback is above")
    content: dict[str, Any] = json.loads(line)
    return content
