"""One round: the crowd runs against a server here, warms it up, and is then timed until nothing is left to do."""

import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from time import monotonic, process_time

from bench.commits import CommitCount
from bench.crowd import Errand, Outside, Told

WARMING_UP = 64  # submissions before the clock starts


@dataclass(frozen=True)
class Size:
    """How large a round is."""

    submissions: int
    at_once: int


@dataclass(frozen=True)
class Figures:
    """What was measured in one round."""

    per_second: float
    commits: float  # durable ones, a submission
    core: float  # the share of one core that this process took
    told: Told


async def measure(
    crowd: Outside,
    url: str,
    size: Size,
    counted: CommitCount,
    *,
    secret: str = "",
    tokens: tuple[str, ...] = ("p",),
    settle: Callable[[], Awaitable[None]] | None = None,
) -> Figures:
    """Return the figures of one round. With `settle`, residents are answered, and the clock stops when it returns."""

    async def run(submissions: int) -> Told:
        told = await crowd.send(Errand(url, secret, tokens, submissions, size.at_once, answered=settle is not None))
        if settle is not None:
            await settle()
        return told

    await run(WARMING_UP)
    commits, busy = counted.durable, process_time()
    told = await run(size.submissions)
    seconds = monotonic() - told.began
    done = size.submissions
    return Figures(done / seconds, (counted.durable - commits) / done, (process_time() - busy) / seconds, told)


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
