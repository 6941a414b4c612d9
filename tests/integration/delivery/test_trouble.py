"""Networks and databases that go away: nothing is lost to them, and one chat's trouble is no other's."""

import asyncio
import sqlite3
from contextlib import closing
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from bot.product import Product
from channels.base import NotDone
from channels.telegram import polling, webhook
from channels.updates import TRANSIENT_TRIES
from simulator.changes import WAIT_LIMIT_SECONDS
from tests.conftest import ONLY_POSTGRESQL, ONLY_SQLITE
from tests.integration.delivery.conftest import Installation, answers, heard
from tests.telegram import telegram_of


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


@ONLY_SQLITE
async def test_a_database_file_that_another_program_holds_costs_no_message(installation: Installation) -> None:
    product = await installation.start()
    file = product.database.engine.url.database
    assert file is not None
    person = installation.simulator.add_person("Lin")
    with closing(sqlite3.connect(file, isolation_level=None)) as another:
        another.execute("BEGIN IMMEDIATE")
        installation.simulator.send_text(person, "hello")
        installation.simulator.send_text(person, "again")
        await installation.simulator.wait_until(lambda: len(installation.simulator.calls("getUpdates")) > 1 or None)
        assert answers(installation.simulator, person) == []
        another.execute("ROLLBACK")
    await installation.simulator.wait_for_text(person, "heard again")
    assert answers(installation.simulator, person) == ["heard hello", "heard again"]


async def test_a_database_that_is_away_for_long_costs_no_message(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    product = await installation.start()
    person = installation.simulator.add_person("Lin")
    with Unplugged(product, monkeypatch):
        for _ in range(3 * TRANSIENT_TRIES):
            with pytest.raises(NotDone):
                await telegram_of(product).process(typed(5_000, person, "hello"))
    await telegram_of(product).process(typed(5_000, person, "hello"))
    assert await heard(product) == ["hello"]


async def test_polling_outlives_a_database_that_is_away(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    product = await installation.start()
    failed = asyncio.create_task(product.failed())
    person = installation.simulator.add_person("Lin")
    with Unplugged(product, monkeypatch) as away:
        installation.simulator.send_text(person, "hello")
        async with asyncio.timeout(WAIT_LIMIT_SECONDS):
            await away.often.wait()
    await installation.simulator.wait_for_text(person, "heard hello")
    assert not failed.done()
    failed.cancel()


async def test_update_0_is_done_once(installation: Installation) -> None:
    product = await installation.start()
    person = installation.simulator.add_person("Lin")
    for _ in range(2):
        await telegram_of(product).process(typed(0, person, "hello"))
    assert await heard(product) == ["hello"]


@ONLY_POSTGRESQL  # SQLite serves one process
async def test_two_processes_given_one_update_at_once_do_it_once(installation: Installation) -> None:
    first, second = await installation.start(), await installation.start()
    person = installation.simulator.add_person("Lin")
    installation.simulator.send_text(person, "one")
    await installation.simulator.wait_for_text(person, "heard one")
    await asyncio.gather(*(telegram_of(one).process(typed(5_000, person, "two")) for one in (first, second) * 4))
    await installation.simulator.wait_for_text(person, "heard two")
    assert await heard(first) == ["one", "two"]
    assert answers(installation.simulator, person) == ["heard one", "heard two"]


@ONLY_POSTGRESQL  # SQLite has no server
async def test_postgresql_may_restart_under_us(installation: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polling, "DUTY_RETRY_SECONDS", 0.05)
    product = await installation.start()
    failed = asyncio.create_task(product.failed())
    person = installation.simulator.add_person("Lin")
    installation.simulator.send_text(person, "one")
    await installation.simulator.wait_for_text(person, "heard one")
    everybody = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
    for number in range(3):
        async with product.database.engine.connect() as connection:
            with pytest.raises(Exception, match=r"terminat|closed"):
                await connection.execute(text(everybody))
        installation.simulator.send_text(person, f"again {number}")
        await installation.simulator.wait_for_text(person, f"heard again {number}")
    assert not failed.done()
    failed.cancel()
    assert answers(installation.simulator, person) == ["heard one", *(f"heard again {number}" for number in range(3))]


class TestTheWebhook:
    async def test_a_body_that_never_ends_is_given_up(
        self, installation: Installation, unused_tcp_port: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(webhook, "BODY_SECONDS", 0.05)
        await installation.start_behind_webhook(unused_tcp_port)
        reader, writer = await asyncio.open_connection("127.0.0.1", unused_tcp_port)
        secret = "X-Telegram-Bot-Api-Secret-Token: s3cret"
        writer.write(f"POST /hook HTTP/1.1\r\nHost: x\r\n{secret}\r\nContent-Length: 50\r\n\r\n{{".encode())
        assert b" 408 " in await asyncio.wait_for(reader.readline(), WAIT_LIMIT_SECONDS)
        writer.close()

    async def test_a_secret_of_odd_bytes_is_refused(self, installation: Installation, unused_tcp_port: int) -> None:
        await installation.start_behind_webhook(unused_tcp_port)
        reader, writer = await asyncio.open_connection("127.0.0.1", unused_tcp_port)
        head = b"POST /hook HTTP/1.1\r\nHost: x\r\nX-Telegram-Bot-Api-Secret-Token: \xff\xfe\r\n"
        writer.write(head + b"Content-Length: 0\r\n\r\n")
        assert b" 403 " in await asyncio.wait_for(reader.readline(), WAIT_LIMIT_SECONDS)
        writer.close()
