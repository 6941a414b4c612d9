"""Files that are long in coming: what waits for one is stored, its chat keeps its order, and nobody else waits."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.cli.health_checks import findings
from bot.product import Product
from channels import backoff, waiting
from channels.waiting import LEASE_DURATION
from models.base import coarse
from models.delivery import FailedUpdate, WaitingUpdate
from services.retention.housekeeping import REDELIVERED_FOR, forget_updates
from tests.conftest import NOW, ONLY_POSTGRESQL, OpenWork
from tests.integration.delivery.conftest import Installation, answers, heard
from tests.telegram import telegram_of
from tests.waiting import eventually, idle

MOST_HANDED_OUT = 100  # updates that Telegram hands out at once, the unconfirmed ones first


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing be waited for longer than it takes."""
    monkeypatch.setattr(backoff, "LONGEST_SECONDS", 0.01)
    monkeypatch.setattr(waiting, "SHUTDOWN_GRACE_SECONDS", 0.05)


async def rows(product: Product) -> list[WaitingUpdate]:
    async with product.database.reading() as session:
        return list(await session.scalars(select(WaitingUpdate).order_by(WaitingUpdate.id)))


async def failures(product: Product) -> list[FailedUpdate]:
    async with product.database.reading() as session:
        return list(await session.scalars(select(FailedUpdate)))


def message(update_id: int, person: int, **content: Any) -> dict[str, Any]:
    told = {
        "message_id": update_id + 1,
        "date": 0,
        "chat": {"id": person, "type": "private", "first_name": "Lin"},
        "from": {"id": person, "is_bot": False, "first_name": "Lin", "username": "lin_of_the_mill"},
    }
    return {"update_id": update_id, "message": told | content}


async def test_however_many_photos_hang_everybody_else_is_answered(installation: Installation) -> None:
    simulator = installation.simulator
    product = await installation.start()
    simulator.hold("file", times=1000)
    simulator.hold("getFile", times=1000)
    senders = [simulator.add_person(f"R{number}") for number in range(MOST_HANDED_OUT + 20)]
    for person in senders:
        simulator.send_photo(person, "1-bridge")
    other = simulator.add_person("Other")
    simulator.send_text(other, "hello")
    await simulator.wait_for_text(other, "heard hello")
    assert not simulator.pending
    assert len(await rows(product)) == len(senders)


async def test_what_comes_after_a_photo_that_hangs_is_done_after_it_in_order(installation: Installation) -> None:
    simulator = installation.simulator
    product = await installation.start()
    person = simulator.add_person("Lin")
    fault = simulator.hold("file")
    simulator.send_photo(person, "1-bridge")
    for words in ("one", "two"):
        simulator.send_text(person, words)
    await simulator.wait_taken()
    assert await heard(product) == []
    simulator.release(fault)
    await idle(product)
    assert answers(simulator, person) == ["heard ?", "heard one", "heard two"]
    assert await rows(product) == []


async def test_a_photo_that_hangs_outlives_the_process_and_is_done_once(installation: Installation) -> None:
    simulator = installation.simulator
    first = await installation.start()
    person = simulator.add_person("Lin")
    simulator.hold("file")
    simulator.send_photo(person, "1-bridge")
    simulator.send_text(person, "after")
    await simulator.wait_taken()
    await first.stop()
    assert not simulator.pending
    second = await installation.start()
    await simulator.wait_for_text(person, "heard after")
    for one in list(simulator.updates):
        simulator.redeliver(one.update_id)
    simulator.send_text(person, "last")
    await simulator.wait_for_text(person, "heard last")
    assert await heard(second) == ["?", "after", "last"]
    assert answers(simulator, person) == ["heard ?", "heard after", "heard last"]


async def test_a_photo_that_never_comes_is_set_aside_and_what_came_after_it_is_done(installation: Installation) -> None:
    simulator = installation.simulator
    product = await installation.start()
    person = simulator.add_person("Lin")
    simulator.fail("getFile", times=1000, status=502)
    simulator.send_photo(person, "1-bridge")
    simulator.send_text(person, "after")
    await simulator.wait_for_text(person, "heard after")
    await idle(product)
    assert "对不住" in answers(simulator, person)[0]
    assert await heard(product) == ["after"]
    assert await rows(product) == []
    assert [one.reason for one in await failures(product)] == ["NetworkError"]


async def test_a_photo_whose_update_fails_in_its_transaction_is_tried_again_and_nothing_of_it_stays(
    installation: Installation,
) -> None:
    installation.trouble.words["?"] = 2
    product = await installation.start()
    person = installation.simulator.add_person("Lin")
    installation.simulator.send_photo(person, "1-bridge")
    await installation.simulator.wait_for_text(person, "heard ?")
    await idle(product)
    assert await heard(product) == ["?"]
    assert await rows(product) == []
    assert await failures(product) == []


async def test_what_waits_is_sealed_and_without_the_names_of_its_sender(installation: Installation) -> None:
    simulator = installation.simulator
    product = await installation.start()
    person = simulator.add_person("Lin")
    fault = simulator.hold("file")
    sizes = [{"file_id": "f", "file_unique_id": "u", "width": 9, "height": 9, "file_size": 9}]
    await telegram_of(product).process(message(5_000, person, photo=sizes, caption="of the mill"))
    (row,) = await rows(product)
    shown = repr({name: value for name, value in vars(row).items() if not name.startswith("_")})
    for secret in (str(person), "lin_of_the_mill", "Lin", "of the mill"):
        assert secret not in shown
    opened = product.keyring.day(row.day).sealing.open(f"waiting:{row.update_id}", row.sealed).decode()
    assert "of the mill" in opened
    assert "Lin" not in opened
    assert "lin_of_the_mill" not in opened
    simulator.release(fault)


async def test_what_waits_goes_on_though_the_clock_was_set_back(installation: Installation) -> None:
    simulator = installation.simulator
    moment = datetime.now().astimezone()
    first = await installation.start(clock=lambda: moment)
    person = simulator.add_person("Lin")
    simulator.hold("file")
    simulator.send_photo(person, "1-bridge")
    await simulator.wait_taken()
    await eventually(lambda: leased(first))
    (row,) = await rows(first)
    await first.stop()
    async with first.database.transaction() as session:
        await session.execute(update(WaitingUpdate).values(leased_until=row.leased_until))
    second = await installation.start(clock=lambda: moment - timedelta(days=1))
    await simulator.wait_for_text(person, "heard ?")
    await idle(second)


async def leased(product: Product) -> bool:
    return all(row.leased_until is not None for row in await rows(product))


@ONLY_POSTGRESQL  # SQLite serves one process
async def test_what_comes_to_another_process_waits_for_the_photo_too(installation: Installation) -> None:
    simulator = installation.simulator
    first, second = await installation.start(), await installation.start()
    person = simulator.add_person("Lin")
    simulator.send_text(person, "before")
    await simulator.wait_for_text(person, "heard before")
    fault = simulator.hold("file")
    simulator.send_photo(person, "1-bridge")
    await simulator.wait_taken()
    for number, process in enumerate((second, first, second)):
        await telegram_of(process).process(message(9_000 + number, person, text=f"{number}"))
    assert await heard(first) == ["before"]
    simulator.release(fault)
    await simulator.wait_for_text(person, "heard 2")
    assert answers(simulator, person) == ["heard before", "heard ?", "heard 0", "heard 1", "heard 2"]


@ONLY_POSTGRESQL
async def test_what_a_process_that_is_gone_left_waiting_is_done_by_another_once_its_lease_is_over(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    simulator = installation.simulator
    moment = datetime.now().astimezone()
    first = await installation.start(clock=lambda: moment)
    person = simulator.add_person("Lin")
    simulator.hold("file", times=1)
    simulator.send_photo(person, "1-bridge")
    await simulator.wait_taken()
    await eventually(lambda: leased(first))
    (row,) = await rows(first)
    monkeypatch.setattr(waiting, "LOOK_SECONDS", 0.01)
    now = [moment]
    second = await installation.start(clock=lambda: now[0])
    await first.stop()
    async with first.database.transaction() as session:  # as if it had been killed
        await session.execute(update(WaitingUpdate).values(leased_until=row.leased_until))
    now[0] = moment + LEASE_DURATION
    await simulator.wait_for_text(person, "heard ?")
    await idle(second)
    assert await heard(second) == ["?"]


@ONLY_POSTGRESQL
async def test_two_processes_with_one_photo_in_hand_do_it_once(installation: Installation) -> None:
    simulator = installation.simulator
    first = await installation.start()
    person = simulator.add_person("Lin")
    fault = simulator.hold("file", times=2)
    simulator.send_photo(person, "1-bridge")
    await simulator.wait_taken()
    await simulator.wait_until(lambda: fault.waiting == 1 or None)
    second = await installation.start()  # takes up whatever waits
    await simulator.wait_until(lambda: fault.waiting == 2 or None)
    simulator.release(fault)
    await simulator.wait_for_text(person, "heard ?")
    await asyncio.gather(idle(first), idle(second))
    assert await heard(second) == ["?"]
    assert answers(simulator, person) == ["heard ?"]


async def test_the_doctor_tells_what_has_waited_for_long_and_in_the_end_it_is_forgotten(
    sample_county: None, open_work: OpenWork
) -> None:
    async with open_work() as work:
        kept = {"lane": "x", "day": coarse(NOW).date(), "sealed": b"", "is_file": True}
        for number, hours in enumerate((0, 1, 3)):
            came = coarse(NOW) - timedelta(hours=hours)
            work.session.add(WaitingUpdate(channel="telegram", update_id=f"{number}", came_on=came, **kept))
        await work.session.flush()
        told = [one async for one in findings(work)]
        assert len([one for one in told if one.startswith("1 messages that came in have waited")]) == 1
    async with open_work(now=NOW + REDELIVERED_FOR) as work:
        await forget_updates(work)
        assert list(await work.session.scalars(select(WaitingUpdate.update_id))) == ["0"]
