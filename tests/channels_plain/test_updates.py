"""Updates of any channel: done once, in the order of their chat, and set aside when they fail again and again."""

import asyncio

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from channels.base import NotDone
from channels.failures import MAX_ATTEMPTS
from channels.updates import TRANSIENT_TRIES
from models.complaints import DraftMessage
from models.delivery import FailedUpdate, ProcessedUpdate
from services.intake import conversation_store
from tests.channels_plain.people import PlainChannelUser
from tests.channels_plain.plain import PlainChannel
from tests.deployment import Deployment
from tests.journey import SAID

SORRY = "对不住"


async def pieces_said(deployment: Deployment) -> int:
    async with deployment.database.reading() as session:
        return await session.scalar(select(func.count()).select_from(DraftMessage)) or 0


async def failures(deployment: Deployment) -> list[FailedUpdate]:
    async with deployment.database.reading() as session:
        return list(await session.scalars(select(FailedUpdate)))


async def fails_to_the_end(plain: PlainChannel) -> None:
    """Deliver what was typed last until it may be acknowledged."""
    for _ in range(MAX_ATTEMPTS - 2):
        with pytest.raises(NotDone):
            await plain.deliver(plain.received[-1])
    await plain.deliver(plain.received[-1])


async def test_an_update_that_comes_twice_is_done_once(deployment: Deployment, plain: PlainChannel) -> None:
    resident = PlainChannelUser(deployment, plain, "at-home")
    await resident.scans("V02")
    await resident.types(SAID)
    read = resident.read
    await plain.deliver(plain.received[-1])
    await deployment.settled()
    assert resident.read == read
    assert await pieces_said(deployment) == 1


async def test_an_update_that_comes_twice_at_once_is_done_once(deployment: Deployment, plain: PlainChannel) -> None:
    resident = PlainChannelUser(deployment, plain, "at-home")
    await resident.scans("V02")
    await resident.types(SAID)
    await asyncio.gather(*(plain.deliver(update) for update in plain.received * 4))
    assert await pieces_said(deployment) == 1


async def test_an_update_is_not_taken_for_another_channels_of_the_same_id(
    deployment: Deployment, plain: PlainChannel
) -> None:
    async with deployment.database.transaction() as session:
        for number in range(2):
            session.add(ProcessedUpdate(channel="telegram", update_id=str(number), done_on=deployment.simulator.now()))
    resident = PlainChannelUser(deployment, plain, "at-home")
    assert "县委第一巡察组在听" in await resident.scans("V02")
    assert SAID in await resident.types(SAID)


async def test_what_is_typed_at_once_is_done_in_its_order(deployment: Deployment, plain: PlainChannel) -> None:
    resident = PlainChannelUser(deployment, plain, "at-home")
    await resident.scans("V02")
    lines = [f"第{number}句" for number in range(8)]
    await asyncio.gather(*(plain.type("at-home", line) for line in lines))
    await deployment.settled()
    assert " / ".join(lines) in resident.last


async def test_an_update_that_fails_is_done_when_it_comes_again(
    deployment: Deployment, plain: PlainChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    resident = PlainChannelUser(deployment, plain, "at-home")
    await resident.scans("V02")
    with monkeypatch.context() as mistake:
        mistake.setattr(conversation_store, "store_piece", stumble)
        with pytest.raises(NotDone):
            await resident.types(SAID)
    await plain.deliver(plain.received[-1])
    await deployment.settled()
    assert SAID in resident.last
    assert SORRY not in resident.read
    assert await failures(deployment) == []


async def test_an_update_that_fails_three_times_is_set_aside_and_its_sender_told_once(
    deployment: Deployment, plain: PlainChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    resident = PlainChannelUser(deployment, plain, "at-home")
    await resident.scans("V02")
    with monkeypatch.context() as mistake:
        mistake.setattr(conversation_store, "store_piece", stumble)
        with pytest.raises(NotDone):
            await resident.types(SAID)
        await fails_to_the_end(plain)
    await deployment.settled()
    assert SORRY in resident.last
    assert "照片" not in resident.last  # which cannot be sent here
    assert "清空" not in resident.last
    (failed,) = await failures(deployment)
    assert failed.set_aside_at is not None
    assert (failed.channel, failed.reason) == ("plain", "KeyError")
    assert SAID.encode() not in failed.sealed

    read = resident.read
    await plain.deliver(plain.received[-1])
    await deployment.settled()
    assert resident.read == read
    assert SAID in await resident.types(SAID)  # said once more, it is taken


async def test_trouble_that_passes_costs_no_message_however_often_it_comes(
    deployment: Deployment, plain: PlainChannel, monkeypatch: pytest.MonkeyPatch
) -> None:
    resident = PlainChannelUser(deployment, plain, "at-home")
    await resident.scans("V02")
    with monkeypatch.context() as away:
        away.setattr(conversation_store, "store_piece", database_is_away)
        with pytest.raises(NotDone):
            await resident.types(SAID)
        for _ in range(TRANSIENT_TRIES - 1):
            with pytest.raises(NotDone):
                await plain.deliver(plain.received[-1])
    assert await failures(deployment) == []
    await plain.deliver(plain.received[-1])
    await deployment.settled()
    assert SAID in resident.last


async def stumble(*_what: object, **_how: object) -> None:
    raise KeyError


async def database_is_away(*_what: object, **_how: object) -> None:
    raise OperationalError("BEGIN", {}, Exception("the database is away"))
