"""What polling asks for next, whenever an update is done."""

import asyncio
from collections.abc import Mapping
from typing import Any, cast

import pytest

from channels.telegram import polling
from channels.telegram.polling import Polling
from channels.telegram.request import AiohttpRequest
from models.duty_lock import DutyLock

UPDATE = {"update_id": 5, "message": {"message_id": 1, "chat": {"id": 7}}}


class OnDuty:
    async def hold(self) -> bool:
        return True

    async def release(self) -> None: ...


async def test_an_update_that_is_done_while_it_is_asked_for_again_is_confirmed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "PROGRESS_CHECK_SECONDS", 0.0)
    may_end, done, stop = asyncio.Event(), asyncio.Event(), asyncio.Event()
    offsets: list[int | None] = []

    async def process(_raw: Mapping[str, Any]) -> None:
        await may_end.wait()
        done.set()

    polled = Polling(process, cast("AiohttpRequest", None), "", cast("DutyLock", OnDuty()))

    async def ask(_seconds: int, limit: int | None = None) -> list[Mapping[str, Any]]:
        offsets.append(polled._offset)
        if len(offsets) == 2:  # it is still under way when it comes once more, and done before the answer is here
            may_end.set()
            await done.wait()
            await asyncio.sleep(0)
        if len(offsets) >= 3:
            stop.set()
        return [UPDATE]

    monkeypatch.setattr(polled, "_ask", ask)
    await polled.run(stop)
    assert offsets[:3] == [None, 5, 6]
