"""A running simulator, a bot that speaks to it over HTTP, and a clock that stands still."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest

from simulator.server import Simulator

TOKEN = "7000000001:simulated-token-of-the-tests-0000000"
START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@dataclass
class Refusal(Exception):
    """What the server said instead of a result."""

    code: int
    description: str
    parameters: dict[str, Any]


@dataclass
class Client:
    """Calls Bot API methods as any bot library would."""

    simulator: Simulator
    session: aiohttp.ClientSession

    async def __call__(self, method: str, **arguments: Any) -> Any:
        url = f"{self.simulator.base_url}/bot{self.simulator.token}/{method}"
        async with self.session.post(url, json=arguments) as response:
            answer = await response.json()
        if not answer["ok"]:
            assert response.status == answer["error_code"]
            raise Refusal(answer["error_code"], answer["description"], answer.get("parameters", {}))
        return answer["result"]

    async def upload(self, method: str, files: dict[str, tuple[str, bytes]], **arguments: Any) -> Any:
        form = aiohttp.FormData()
        for name, value in arguments.items():
            form.add_field(name, str(value))
        for name, (file_name, data) in files.items():
            form.add_field(name, data, filename=file_name, content_type="application/octet-stream")
        url = f"{self.simulator.base_url}/bot{self.simulator.token}/{method}"
        async with self.session.post(url, data=form) as response:
            answer = await response.json()
        if not answer["ok"]:
            raise Refusal(answer["error_code"], answer["description"], answer.get("parameters", {}))
        return answer["result"]

    async def control(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        url = f"{self.simulator.base_url}/control/{path}"
        async with self.session.request(method, url, json=body) as response:
            return response.status, await response.json()

    async def refusal(self, method: str, **arguments: Any) -> str:
        """The description with which a call is refused."""
        with pytest.raises(Refusal) as caught:
            await self(method, **arguments)
        return f"{caught.value.code} {caught.value.description}"


@pytest.fixture
async def simulator() -> AsyncIterator[Simulator]:
    running = Simulator(TOKEN, clock=lambda: START, retry_second=0.01)
    await running.start()
    yield running
    await running.stop()


@pytest.fixture
async def bot(simulator: Simulator) -> AsyncIterator[Client]:
    async with aiohttp.ClientSession() as session:
        yield Client(simulator, session)


@pytest.fixture
def resident(simulator: Simulator) -> int:
    """A person who has opened the bot; the update of that is confirmed."""
    person_id = simulator.add_person("王大娘", username="wang_daniang")
    simulator.open_bot(person_id)
    simulator.drop_pending()
    return person_id
