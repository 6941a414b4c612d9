"""Updates: each done once, acknowledged after its commit, and none holds up the others."""

import json
from io import BytesIO
from typing import Any

import pytest
from aiohttp import ClientSession
from pydantic import SecretStr
from sqlalchemy import select

from bot.product import Product
from channels import failures
from channels.base import CannotStart
from channels.failures import MAX_ATTEMPTS
from models.delivery import FailedUpdate, ProcessedUpdate
from simulator.server import Simulator
from tests.conftest import ONLY_POSTGRESQL
from tests.integration.delivery.conftest import Installation, heard, webhook_at
from tests.telegram import telegram_of


async def test_a_message_is_done_and_answered(installation: Installation) -> None:
    product = await installation.start()
    resident = installation.simulator.add_person("Lin")
    installation.simulator.send_text(resident, "hello")
    await installation.simulator.wait_for_text(resident, "heard hello")
    assert await heard(product) == ["hello"]


async def test_an_update_that_comes_twice_is_done_once(installation: Installation) -> None:
    product = await installation.start()
    resident = installation.simulator.add_person("Lin")
    installation.simulator.send_text(resident, "hello")
    await installation.simulator.wait_for_text(resident, "heard hello")
    installation.simulator.redeliver(installation.simulator.updates[-1].update_id)
    installation.simulator.send_text(resident, "and after")
    await installation.simulator.wait_for_text(resident, "heard and after")
    assert await heard(product) == ["and after", "hello"]
    assert [one.text for one in installation.simulator.messages(resident) if one.from_bot] == [
        "heard hello",
        "heard and after",
    ]


async def test_an_update_that_fails_leaves_nothing_and_is_done_when_it_comes_again(installation: Installation) -> None:
    installation.trouble.words["hello"] = 2
    product = await installation.start()
    resident = installation.simulator.add_person("Lin")
    installation.simulator.send_text(resident, "hello")
    await installation.simulator.wait_for_text(resident, "heard hello")
    assert await heard(product) == ["hello"]
    assert len([one for one in installation.simulator.messages(resident) if one.from_bot]) == 1
    async with product.database.reading() as session:
        assert (await session.scalars(select(FailedUpdate))).all() == []


async def test_an_update_that_always_fails_is_set_aside_its_sender_is_told_and_the_queue_moves_on(
    installation: Installation,
) -> None:
    installation.trouble.words["poison"] = 1000
    product = await installation.start()
    resident, other = installation.simulator.add_person("Lin"), installation.simulator.add_person("Wang")
    installation.simulator.send_text(resident, "poison")
    installation.simulator.send_text(resident, "next")
    installation.simulator.send_text(other, "other")
    await installation.simulator.wait_for_text(resident, "对不住")
    await installation.simulator.wait_for_text(resident, "heard next")
    await installation.simulator.wait_for_text(other, "heard other")
    assert await heard(product) == ["next", "other"]
    async with product.database.reading() as session:
        failed = (await session.scalars(select(FailedUpdate))).one()
    assert failed.set_aside_at is not None
    assert failed.reason == "RuntimeError"
    assert b"poison" not in failed.sealed


async def test_an_update_that_cannot_be_parsed_stops_nobody(installation: Installation) -> None:
    product = await installation.start()
    resident = installation.simulator.add_person("Lin")
    installation.simulator.inject({"update_id": 0, "message": {"chat": {"id": resident}, "date": "never"}})
    installation.simulator.send_text(resident, "next")
    await installation.simulator.wait_for_text(resident, "对不住")
    await installation.simulator.wait_for_text(resident, "heard next")
    assert await heard(product) == ["next"]


@pytest.mark.parametrize(
    "broken",
    [{"message_id": -1, "entities": [1]}, {"message_id": 2**70, "entities": [1]}, {"message_id": 1, "date": 10**18}],
    ids=["a message below zero", "a message beyond all numbers", "an impossible date"],
)
async def test_an_update_of_which_nothing_is_right_but_its_chat_is_set_aside_and_its_sender_told_once(
    installation: Installation, broken: dict[str, Any]
) -> None:
    product = await installation.start()
    resident = installation.simulator.add_person("Lin")
    chat = {"id": resident, "type": "private"}
    raw = {"update_id": 0, "message": {"date": 0, "chat": chat, **broken}}
    installation.simulator.inject(raw)
    installation.simulator.send_text(resident, "next")
    await installation.simulator.wait_for_text(resident, "对不住")
    await installation.simulator.wait_for_text(resident, "heard next")
    async with product.database.reading() as session:
        failed = (await session.scalars(select(FailedUpdate))).one()
    assert (failed.attempts, failed.reason) == (MAX_ATTEMPTS, "Unreadable")

    await telegram_of(product).process(raw)  # delivered once more, before it was confirmed
    installation.simulator.send_text(resident, "last")
    await installation.simulator.wait_for_text(resident, "heard last")
    told = [one.text for one in installation.simulator.messages(resident) if one.from_bot]
    assert [text for text in told if "对不住" in text] == told[:1]


async def poisoned(installation: Installation) -> Product:
    """Start a product and let somebody send what it always fails at; return it once what they sent next is done."""
    installation.trouble.words["poison"] = 1000
    product = await installation.start()
    resident = installation.simulator.add_person("Lin")
    installation.simulator.send_text(resident, "poison")
    installation.simulator.send_text(resident, "next")
    await installation.simulator.wait_for_text(resident, "heard next")
    return product


async def test_an_update_whose_sender_cannot_be_told_is_set_aside_all_the_same(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def stumble(*_: object) -> None:
        raise KeyError

    monkeypatch.setattr(failures, "_tell_sender", stumble)
    product = await poisoned(installation)
    async with product.database.reading() as session:
        failed = (await session.scalars(select(FailedUpdate))).one()
    assert failed.set_aside_at is not None
    assert await heard(product) == ["next"]


async def test_an_update_whose_failure_cannot_even_be_noted_is_dropped_and_the_queue_moves_on(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def stumble(*_: object, **_how: object) -> bool:
        raise KeyError

    monkeypatch.setattr(failures, "_counted", stumble)
    product = await poisoned(installation)
    assert await heard(product) == ["next"]


async def test_an_update_nested_too_deep_to_be_read_is_passed_over(installation: Installation) -> None:
    product = await installation.start()
    resident = installation.simulator.add_person("Lin")
    installation.simulator.send_text(resident, "before")
    next_id = installation.simulator.updates[-1].update_id + 1
    installation.simulator.inject(f'{{"update_id": {next_id}, "message": {"[" * 5000}{"]" * 5000}}}')
    installation.simulator.send_text(resident, "after")
    await installation.simulator.wait_for_text(resident, "heard after")
    assert await heard(product) == ["after", "before"]
    await product.stop()
    assert not installation.simulator.pending


async def test_messages_of_one_chat_are_done_in_their_order(installation: Installation) -> None:
    await installation.start()
    resident = installation.simulator.add_person("Lin")
    for number in range(30):
        installation.simulator.send_text(resident, f"{number}")
    await installation.simulator.wait_for_text(resident, "heard 29")
    said = [one.text for one in installation.simulator.messages(resident) if one.from_bot]
    assert said == [f"heard {number}" for number in range(30)]


async def test_a_press_is_answered_and_its_message_changed(installation: Installation) -> None:
    await installation.start()
    resident = installation.simulator.add_person("Lin")
    installation.simulator.send_text(resident, "hello")
    message = await installation.simulator.wait_for_text(resident, "heard hello")
    query = installation.simulator.press(resident, "again", message_id=message.message_id)
    answer = await installation.simulator.wait_for_answer(query)
    assert answer.text == "pressed"
    await installation.simulator.wait_for_text(resident, "pressed")


async def test_what_was_done_is_confirmed_when_the_process_ends_in_peace(installation: Installation) -> None:
    product = await installation.start()
    resident = installation.simulator.add_person("Lin")
    installation.simulator.send_text(resident, "hello")
    await installation.simulator.wait_for_text(resident, "heard hello")
    await product.stop()
    assert not installation.simulator.pending


async def test_marks_of_updates_hold_no_chat(installation: Installation) -> None:
    product = await installation.start()
    resident = installation.simulator.add_person("Lin")
    installation.simulator.send_text(resident, "hello")
    await installation.simulator.wait_for_text(resident, "heard hello")
    async with product.database.reading() as session:
        mark = (await session.scalars(select(ProcessedUpdate))).one()
    assert mark.done_on.minute == mark.done_on.second == 0


class TestWebhook:
    async def test_it_does_the_same_as_polling(self, installation: Installation, unused_tcp_port: int) -> None:
        product = await installation.start_behind_webhook(unused_tcp_port)
        resident = installation.simulator.add_person("Lin")
        installation.simulator.send_text(resident, "hello")
        await installation.simulator.wait_for_text(resident, "heard hello")
        assert await heard(product) == ["hello"]

    async def test_a_failed_update_is_delivered_again(self, installation: Installation, unused_tcp_port: int) -> None:
        installation.trouble.words["hello"] = 1
        product = await installation.start_behind_webhook(unused_tcp_port)
        resident = installation.simulator.add_person("Lin")
        installation.simulator.send_text(resident, "hello")
        await installation.simulator.wait_for_text(resident, "heard hello")
        assert await heard(product) == ["hello"]

    async def test_poison_is_set_aside(self, installation: Installation, unused_tcp_port: int) -> None:
        installation.trouble.words["poison"] = 1000
        await installation.start_behind_webhook(unused_tcp_port)
        resident = installation.simulator.add_person("Lin")
        installation.simulator.send_text(resident, "poison")
        installation.simulator.send_text(resident, "next")
        await installation.simulator.wait_for_text(resident, "对不住")
        await installation.simulator.wait_for_text(resident, "heard next")

    async def test_a_caller_without_the_secret_is_refused(
        self, installation: Installation, unused_tcp_port: int
    ) -> None:
        product = await installation.start_behind_webhook(unused_tcp_port)
        update = {"update_id": 1, "message": {"message_id": 1, "date": 0, "chat": {"id": 1, "type": "private"}}}
        async with ClientSession() as session:
            for headers in ({}, {"X-Telegram-Bot-Api-Secret-Token": "wrong"}):
                async with session.post(webhook_at(unused_tcp_port), json=update, headers=headers) as response:
                    assert response.status == 403
        assert await heard(product) == []

    @pytest.mark.parametrize(
        "body",
        [
            *(b"", b"{", b"[]", b"7", b"x" * (1024 * 1024 + 1)),
            b'{"update_id": %d, "message": {}}' % 2**63,
            b'{"update_id": 5, "message": ' + b"[" * 5000 + b"]" * 5000 + b"}",
        ],
        ids=["nothing", "half", "a list", "a number", "a megabyte", "a number beyond all", "nested deep"],
    )
    async def test_a_body_that_is_no_update_is_dropped_and_does_not_come_again(
        self, installation: Installation, unused_tcp_port: int, body: bytes
    ) -> None:
        await installation.start_behind_webhook(unused_tcp_port)
        headers = {"X-Telegram-Bot-Api-Secret-Token": "s3cret"}
        async with (
            ClientSession() as session,
            session.post(webhook_at(unused_tcp_port), data=BytesIO(body), headers=headers) as response,
        ):
            assert response.status == 200

    async def test_the_same_update_at_the_same_time_is_done_once(
        self, installation: Installation, unused_tcp_port: int
    ) -> None:
        import asyncio

        product = await installation.start_behind_webhook(unused_tcp_port)
        resident = installation.simulator.add_person("Lin")
        update = {
            "update_id": 99_999,
            "message": {
                "message_id": 1,
                "date": 0,
                "text": "hello",
                "chat": {"id": resident, "type": "private", "first_name": "Lin"},
                "from": {"id": resident, "is_bot": False, "first_name": "Lin"},
            },
        }
        headers = {"X-Telegram-Bot-Api-Secret-Token": "s3cret"}
        async with ClientSession(headers=headers) as session:

            async def post() -> int:
                async with session.post(webhook_at(unused_tcp_port), data=json.dumps(update)) as response:
                    return response.status

            assert set(await asyncio.gather(*(post() for _ in range(8)))) == {200}
        assert await heard(product) == ["hello"]


@ONLY_POSTGRESQL  # SQLite serves one process
async def test_two_processes_on_one_postgresql_double_nothing_and_one_takes_over(
    installation: Installation, simulator: Simulator
) -> None:
    first, second = await installation.start(), await installation.start()
    people = [simulator.add_person(f"R{number}") for number in range(6)]
    for person in people:
        simulator.send_text(person, "one")
    for person in people:
        await simulator.wait_for_text(person, "heard one")
    await first.stop()
    for person in people:
        simulator.send_text(person, "two")
    for person in people:
        await simulator.wait_for_text(person, "heard two")
    for person in people:
        assert [one.text for one in simulator.messages(person) if one.from_bot] == ["heard one", "heard two"]
    assert len(await heard(second)) == 12


async def test_a_start_that_telegram_refuses_leaves_no_connection_open(installation: Installation) -> None:
    wrong = SecretStr("4242:AAwrongWRONGwrongWRONGwrongWRONGwr")
    with pytest.raises(CannotStart, match=r"telegram\.token"):
        await installation.start(telegram=installation.config.telegram.model_copy(update={"token": wrong}))
