"""The product of commit 76f47bf, from an archive of that commit, driven by the bench that came with it.

That bench has one function which sets the product up, has it measured and checks it. What measured it then, and the
crowd that it started, are replaced by ours.
"""

import argparse
import asyncio
import importlib
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

from bench.servers.pipe import converse


def import_county(archive: Path) -> ModuleType:
    """Return the archive's own `bench.county`; from here on every import is of the archive."""
    for name in [name for name in sys.modules if name == "bench" or name.startswith("bench.")]:
        del sys.modules[name]
    sys.path.insert(0, str(archive))
    county = importlib.import_module("bench.county")
    origins = {
        Path(str(module.__file__)) for name, module in sys.modules.items() if name.startswith(("bot.", "models."))
    }
    assert all(origin.is_relative_to(archive) for origin in origins), "this is not the commit's own code"
    return county


async def serve(archive: Path, address: str, base_url: str, folder: Path) -> None:
    """Serve until the bench ends it, then raise if a resident holds no receipt of their own or anything failed."""
    county: Any = import_county(archive)

    @asynccontextmanager
    async def outside() -> AsyncIterator[SimpleNamespace]:
        yield SimpleNamespace(base_url=base_url)

    async def measure(
        _crowd: object,
        url: str,
        _size: object,
        _counted: object,
        *,
        secret: str,
        tokens: tuple[str, ...],
        settle: Callable[[], Awaitable[None]],
    ) -> SimpleNamespace:
        return SimpleNamespace(told=SimpleNamespace(receipts=await converse(url, secret, tokens, settle)))

    county.outside = outside
    county.measure = measure
    county.CommitCount = lambda database: database  # counting takes time, and ours does not count here
    await county.measure_product(address, folder, None)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="The product of a fixed commit.")
    parser.add_argument("archive", type=Path)
    parser.add_argument("address")
    parser.add_argument("base_url")
    parser.add_argument("folder", type=Path)
    given = parser.parse_args()
    asyncio.run(serve(given.archive, given.address, given.base_url, given.folder))
