"""The product says that it is idle when it has nothing in hand, and not before."""

import asyncio

import pytest
from sqlalchemy import func, select

from bot.product import Product
from models.delivery import OutboxRow, OutboxState
from services.unit_of_work import UnitOfWork
from simulator.changes import WAIT_LIMIT_SECONDS
from tests.conftest import ONLY_POSTGRESQL
from tests.integration.delivery.conftest import Installation
from tests.waiting import idle


async def is_busy(product: Product, monkeypatch: pytest.MonkeyPatch) -> None:
    """See that the product is not idle though its sender has nothing to do."""
    rests, rest = asyncio.Event(), product.sender._rest

    async def noted(stop: asyncio.Event) -> None:
        if not product.sender._sending and not product.sender._news.is_set():
            rests.set()
        await rest(stop)

    monkeypatch.setattr(product.sender, "_rest", noted)
    product.sender.wake()
    async with asyncio.timeout(WAIT_LIMIT_SECONDS):
        await rests.wait()
    done, _ = await asyncio.wait({asyncio.create_task(product.idle())}, timeout=0)
    assert not done


async def test_a_message_under_way_is_in_hand_until_it_is_marked(installation: Installation) -> None:
    product = await installation.start()
    person = installation.simulator.add_person("Lin")
    fault = installation.simulator.hold("sendMessage")
    installation.simulator.send_text(person, "hello")
    await installation.simulator.wait_until(lambda: fault.waiting or None)
    is_idle = asyncio.create_task(idle(product))
    await installation.simulator.wait_taken()
    assert not is_idle.done()
    installation.simulator.release(fault)
    await is_idle
    async with product.database.reading() as session:
        queued = select(func.count()).select_from(OutboxRow).where(OutboxRow.state == OutboxState.QUEUED)
        assert await session.scalar(queued) == 0


async def test_a_press_is_in_hand_until_it_is_answered(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    product = await installation.start()
    person = installation.simulator.add_person("Lin")
    installation.simulator.send_text(person, "hello")
    message = await installation.simulator.wait_for_text(person, "heard hello")
    fault = installation.simulator.hold("answerCallbackQuery")
    query = installation.simulator.press(person, "again", message_id=message.message_id)
    await installation.simulator.wait_for_text(person, "pressed")
    await installation.simulator.wait_until(lambda: fault.waiting or None)
    await installation.simulator.wait_taken()
    await is_busy(product, monkeypatch)
    installation.simulator.release(fault)
    await idle(product)
    assert [one.query_id for one in installation.simulator.answers(person)] == [query]


async def test_an_update_is_in_hand_until_it_is_done(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    product = await installation.start()
    person = installation.simulator.add_person("Lin")
    fault = installation.simulator.hold("getFile")
    installation.simulator.send_photo(person, "1-bridge")
    await installation.simulator.wait_until(lambda: fault.waiting or None)
    await is_busy(product, monkeypatch)
    installation.simulator.release(fault)
    await idle(product)


@ONLY_POSTGRESQL  # on SQLite the sender waits until the duty is over
async def test_a_duty_of_the_clock_is_in_hand_until_it_is_over(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, over = asyncio.Event(), asyncio.Event()

    async def duty(_work: UnitOfWork) -> None:
        begun.set()
        await over.wait()

    product = await installation.start(duties=(duty,))
    async with asyncio.timeout(WAIT_LIMIT_SECONDS):
        await begun.wait()
    try:
        await is_busy(product, monkeypatch)
    finally:
        over.set()
    await idle(product)
