"""What takes the processor long is worked out ahead of a transaction, which is given up for it and done anew.

All writers wait for the one that has a transaction open on SQLite, and nobody is served while the processor is busy: so
it is done in a thread, one thing after another, while no transaction is open.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar, cast

_Result = TypeVar("_Result")

_WORKER = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ahead")


class ResultMissing(Exception):
    """Something takes long, and is to be worked out before the transaction is done anew."""

    def __init__(self, name: Hashable, work_out: Callable[[], object]) -> None:
        super().__init__("something takes long, and is worked out before the transaction")
        self.name, self.work_out = name, work_out


class Results:
    """What was worked out for one transaction. `can_wait`: whether the transaction is done anew for what takes long."""

    def __init__(self, *, can_wait: bool = False) -> None:
        self._can_wait = can_wait
        self._by_name: dict[Hashable, Any] = {}

    def get(self, name: Hashable, work_out: Callable[[], _Result], *, takes_long: bool) -> _Result:
        """Return a result by its name, worked out once. Raises ResultMissing when it takes long and can wait."""
        if name not in self._by_name:
            if takes_long and self._can_wait:
                raise ResultMissing(name, work_out)
            self._by_name[name] = work_out()
        return cast("_Result", self._by_name[name])

    def known(self, name: Hashable) -> Any | None:
        """Return what was worked out under a name; None when nothing was yet."""
        return self._by_name.get(name)

    def keep(self, name: Hashable, result: object) -> None:
        """Keep what was worked out elsewhere."""
        self._by_name[name] = result


async def with_results(attempt: Callable[[Results], Awaitable[_Result]]) -> _Result:
    """Do something in a transaction, anew with each thing that takes long and was worked out for it meanwhile."""
    results = Results(can_wait=True)
    while True:
        try:
            return await attempt(results)
        except ResultMissing as missing:
            name, work_out = missing.name, missing.work_out
        results.keep(name, await in_worker(work_out))


async def in_worker(work_out: Callable[[], _Result]) -> _Result:
    """Work something out in the thread for what takes long."""
    return await asyncio.get_running_loop().run_in_executor(_WORKER, work_out)
