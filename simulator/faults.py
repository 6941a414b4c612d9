"""Faults on demand: what the network and the server do on a bad day."""

import asyncio
from dataclasses import dataclass, field
from typing import Literal

from simulator.errors import ApiError, GatewayAnswer

FaultKind = Literal["error", "answer", "timeout", "drop", "drop_after", "hold", "half"]


@dataclass
class Fault:
    """What happens to the next calls that fit.

    error refuses with status and description; answer gives status and body, whatever they are, as a gateway on the
    way does; timeout never answers; drop closes the connection before anything is done; drop_after handles the call
    and closes the connection without an answer; hold waits until it is released and then goes on; half gives the
    first half of a file, as if that were all of it.
    """

    id: int
    kind: FaultKind
    method: str | None
    chat_id: int | None
    times: int
    status: int
    description: str
    retry_after: int | None
    body: str = ""
    released: asyncio.Event = field(default_factory=asyncio.Event)
    reached: asyncio.Event = field(default_factory=asyncio.Event)  # set once a call is held
    waiting: int = 0

    def error(self) -> ApiError:
        """What is raised for a call that is answered at once."""
        if self.kind == "answer":
            return GatewayAnswer(self.status, self.body)
        parameters = {"retry_after": self.retry_after} if self.retry_after is not None else None
        return ApiError(self.status, self.description, parameters)


_WORDS = {
    401: "Unauthorized",
    404: "Not Found",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}


class Faults:
    """The faults that were asked for and not yet used up."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._next_id = 1

    def add(
        self,
        kind: FaultKind = "error",
        method: str | None = None,
        *,
        chat_id: int | None = None,
        times: int = 1,
        status: int = 500,
        description: str = "",
        retry_after: int | None = None,
        body: str = "",
    ) -> Fault:
        if retry_after is not None:
            status, description = 429, description or f"Too Many Requests: retry after {retry_after}"
        words = description or _WORDS.get(status, "Bad Request: refused on demand")
        fault = Fault(
            self._next_id, kind, method.lower() if method else None, chat_id, times, status, words, retry_after, body
        )
        self._next_id += 1
        self._faults.append(fault)
        return fault

    def take(self, method: str, chat_id: int | None) -> Fault | None:
        """The oldest fault that fits this call, used up by one."""
        for fault in self._faults:
            fits = fault.method in {None, method.lower()} and fault.chat_id in {None, chat_id}
            if fits and fault.times > 0:
                fault.times -= 1
                return fault
        return None

    def release(self, fault_id: int) -> None:
        """Lets the held calls go on; raises KeyError for an unknown fault."""
        for fault in self._faults:
            if fault.id == fault_id:
                fault.times = 0
                fault.released.set()
                return
        raise KeyError(fault_id)

    def clear(self) -> None:
        """Ends all faults and lets every held call go on."""
        for fault in self._faults:
            fault.released.set()
        self._faults.clear()
