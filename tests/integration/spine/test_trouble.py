"""Networks and databases that go away: nothing is lost to them, and one chat's trouble is no other's."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from bot.product import Door, Product
from channels.telegram import polling, webhook
from channels.telegram.failures import TRIES
from channels.telegram.updates import PATIENT_TRIES, NotDone
from models.delivery import FailedUpdate
from models.rounds import Department
from simulator.changes import WAIT_LIMIT_SECONDS
from simulator.server import Simulator
from tests.conftest import ONLY_POSTGRESQL
from tests.integration.spine.conftest import Spine


async def heard(product: Product) -> list[str]:
    async with product.database.reading() as session:
        return sorted(await session.scalars(select(Department.name)))


def answers(simulator: Simulator, person: int) -> list[str]:
    return [one.text for one in simulator.messages(person) if one.from_bot]


def typed(update_id: int, person: int, words: str) -> dict[str, Any]:
    return {
        "update_id": update_id,
        "message": {
            "message_id": update_id + 1,
            "date": 0,
            "text": words,
            "chat": {"id": person, "type": "private", "first_name": "Lin"},
            "from": {"id": person, "is_bot": False, "first_name": "Lin"},
        },
    }


def shown(update_id: int, person: int) -> dict[str, Any]:
    """A photo that the file server does not know."""
    raw = typed(update_id, person, "")
    del raw["message"]["text"]
    sizes = [{"file_id": "f", "file_unique_id": "u", "width": 9, "height": 9, "file_size": 9}]
    return raw | {"message": raw["message"] | {"photo": sizes, "media_group_id": "album"}}


class Unplugged:
    """A database whose transactions fail until it is plugged in again."""

    def __init__(self, product: Product, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch
        self._database = product.database
        self._open = product.database.transaction
        self._refused = 0
        self.often = asyncio.Event()  # refused more than five times

    def __enter__(self) -> "Unplugged":
        self._monkeypatch.setattr(self._database, "transaction", self._refuse)
        return self

    def __exit__(self, *_: object) -> None:
        self._monkeypatch.setattr(self._database, "transaction", self._open)

    def _refuse(self, **_: object) -> Any:
        self._refused += 1
        if self._refused > 5:
            self.often.set()
        raise OperationalError("BEGIN", {}, Exception("the database is away"))


async def test_a_database_that_is_away_for_long_costs_no_message(spine: Spine, monkeypatch: pytest.MonkeyPatch) -> None:
    product = await spine.start()
    person = spine.simulator.add_person("Lin")
    with Unplugged(product, monkeypatch):
        for _ in range(3 * PATIENT_TRIES):
            with pytest.raises(NotDone):
                await product.updates.process(typed(5_000, person, "hello"))
    await product.updates.process(typed(5_000, person, "hello"))
    assert await heard(product) == ["hello"]


async def test_polling_outlives_a_database_that_is_away(spine: Spine, monkeypatch: pytest.MonkeyPatch) -> None:
    product = await spine.start()
    failed = asyncio.create_task(product.failed())
    person = spine.simulator.add_person("Lin")
    with Unplugged(product, monkeypatch) as away:
        spine.simulator.send_text(person, "hello")
        async with asyncio.timeout(WAIT_LIMIT_SECONDS):
            await away.often.wait()
    await spine.simulator.wait_for_text(person, "heard hello")
    assert not failed.done()
    failed.cancel()


async def test_a_photo_waits_for_the_file_server_and_the_rest_of_its_album_is_kept(spine: Spine) -> None:
    product = await spine.start()
    person = spine.simulator.add_person("Lin")
    spine.simulator.send_text(person, "before")
    await spine.simulator.wait_for_text(person, "heard before")
    spine.simulator.fail("getFile", times=1000, status=502)
    for _ in range(PATIENT_TRIES + TRIES - 1):
        with pytest.raises(NotDone):
            await product.updates.process(shown(7_000, person))
    assert len(answers(spine.simulator, person)) == 1, "too early to give up"
    await product.updates.process(shown(7_000, person))
    await spine.simulator.wait_for_text(person, "对不住")
    await product.updates.process(typed(7_001, person, "after"))
    assert await heard(product) == ["after", "before"]
    async with product.database.reading() as session:
        failed = (await session.scalars(select(FailedUpdate))).one()
    assert failed.reason == "NetworkError"


async def test_a_chat_that_hangs_holds_up_no_other(spine: Spine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "LAST_WORDS_SECONDS", 0.05)
    product = await spine.start()
    slow, other = spine.simulator.add_person("Slow"), spine.simulator.add_person("Other")
    spine.simulator.fail("getFile", kind="hold")
    spine.simulator.inject(shown(0, slow))
    spine.simulator.send_text(slow, "behind it")
    spine.simulator.send_text(other, "one")
    await spine.simulator.wait_for_text(other, "heard one")
    spine.simulator.send_text(other, "two")
    await spine.simulator.wait_for_text(other, "heard two")
    assert await heard(product) == ["one", "two"]
    await product.stop()
    assert len(spine.simulator.pending) == 4, "what comes after an update that is not done is not confirmed"


async def test_a_chat_that_must_wait_holds_up_no_other(spine: Spine) -> None:
    product = await spine.start()
    waiting, other = spine.simulator.add_person("Waiting"), spine.simulator.add_person("Other")
    spine.simulator.fail("getFile", times=1000, status=502)
    spine.simulator.inject(shown(0, waiting))
    for number in range(4):
        spine.simulator.send_text(other, f"{number}")
        await spine.simulator.wait_for_text(other, f"heard {number}")
    assert answers(spine.simulator, waiting) == []
    await product.stop()
    assert len(spine.simulator.pending) == 5


async def test_update_0_is_done_once(spine: Spine) -> None:
    product = await spine.start()
    person = spine.simulator.add_person("Lin")
    for _ in range(2):
        await product.updates.process(typed(0, person, "hello"))
    assert await heard(product) == ["hello"]


@ONLY_POSTGRESQL  # SQLite serves one process
async def test_two_processes_given_one_update_at_once_do_it_once(spine: Spine) -> None:
    first, second = await spine.start(), await spine.start()
    person = spine.simulator.add_person("Lin")
    spine.simulator.send_text(person, "one")
    await spine.simulator.wait_for_text(person, "heard one")
    await asyncio.gather(*(one.updates.process(typed(5_000, person, "two")) for one in (first, second) * 4))
    await spine.simulator.wait_for_text(person, "heard two")
    assert await heard(first) == ["one", "two"]
    assert answers(spine.simulator, person) == ["heard one", "heard two"]


@ONLY_POSTGRESQL  # SQLite has no server
async def test_postgresql_may_restart_under_us(spine: Spine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "DUTY_SECONDS", 0.05)
    product = await spine.start()
    failed = asyncio.create_task(product.failed())
    person = spine.simulator.add_person("Lin")
    spine.simulator.send_text(person, "one")
    await spine.simulator.wait_for_text(person, "heard one")
    everybody = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
    for number in range(3):
        async with product.database.engine.connect() as connection:
            with pytest.raises(Exception, match=r"terminat|closed"):
                await connection.execute(text(everybody))
        spine.simulator.send_text(person, f"again {number}")
        await spine.simulator.wait_for_text(person, f"heard again {number}")
    assert not failed.done()
    failed.cancel()
    assert answers(spine.simulator, person) == ["heard one", *(f"heard again {number}" for number in range(3))]


class TestTheWebhook:
    @pytest.fixture
    def door(self, unused_tcp_port: int) -> Door:
        return Door(f"http://127.0.0.1:{unused_tcp_port}/hook", "127.0.0.1", unused_tcp_port, secret="s3cret")

    async def test_a_body_that_never_ends_is_given_up(
        self, spine: Spine, door: Door, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(webhook, "BODY_SECONDS", 0.05)
        await spine.start(door=door)
        reader, writer = await asyncio.open_connection(door.host, door.port)
        secret = "X-Telegram-Bot-Api-Secret-Token: s3cret"
        writer.write(f"POST /hook HTTP/1.1\r\nHost: x\r\n{secret}\r\nContent-Length: 50\r\n\r\n{{".encode())
        assert b" 408 " in await asyncio.wait_for(reader.readline(), WAIT_LIMIT_SECONDS)
        writer.close()

    async def test_a_secret_of_odd_bytes_is_refused(self, spine: Spine, door: Door) -> None:
        await spine.start(door=door)
        reader, writer = await asyncio.open_connection(door.host, door.port)
        head = b"POST /hook HTTP/1.1\r\nHost: x\r\nX-Telegram-Bot-Api-Secret-Token: \xff\xfe\r\n"
        writer.write(head + b"Content-Length: 0\r\n\r\n")
        assert b" 403 " in await asyncio.wait_for(reader.readline(), WAIT_LIMIT_SECONDS)
        writer.close()
