"""How a measured server and the bench talk: lines of JSON on standard input and output.

It imports nothing of the product, so that it can stand beside any version of it.
"""

import asyncio
import json
import socket
import sys
from collections.abc import Awaitable, Callable, Sequence
from time import process_time

SETTLE, END = "settle", "end"


async def converse(
    url: str,
    secret: str,
    tokens: Sequence[str],
    settle: Callable[[], Awaitable[None]],
    counters: Callable[[], dict[str, int]] = dict,
) -> list[str]:
    """Say where updates go, answer each `settle` with the counters so far; return the receipts that `end` brings.

    An answer to `settle` comes when nothing is left to do. `cpu` is this process's processor time in seconds.
    """
    _say({"url": url, "secret": secret, "tokens": list(tokens)})
    while True:
        order = json.loads(await asyncio.to_thread(sys.stdin.readline) or '{"order": "end", "receipts": []}')
        if order["order"] == END:
            receipts: list[str] = order["receipts"]
            return receipts
        await settle()
        _say({"cpu": process_time(), **counters()})


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _say(content: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(content) + "\n")
    sys.stdout.flush()
