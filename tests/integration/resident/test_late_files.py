"""A photo that is long in coming: its sender is told, goes on writing, and what is sent has the photo in it."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import func, select

from channels import backoff, waiting
from models.complaints import FILES, ComplaintMessage
from models.delivery import WaitingUpdate
from simulator.faults import Fault
from tests.deployment import Deployment
from tests.drafts import pieces_of_drafts
from tests.story import PhoneUser, receipt_in

LATE = "还在路上"


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a file be late at once, and nothing be waited for longer than it takes."""
    monkeypatch.setattr(backoff, "LONGEST_SECONDS", 0.01)
    monkeypatch.setattr(waiting, "LATE_SECONDS", 0)
    monkeypatch.setattr(waiting, "SHUTDOWN_GRACE_SECONDS", 0.05)


@pytest.fixture
async def resident(deployment: Deployment) -> PhoneUser:
    """Somebody who has begun to say something."""
    someone = PhoneUser(deployment.simulator, deployment.simulator.add_person("小满"))
    deployment.simulator.scan(someone.person, await deployment.link("V02"))
    await someone.sees(lambda one: bool(one.buttons))
    someone.say("村口路灯坏了三天没人修")
    await someone.previews("路灯")
    return someone


@pytest.fixture
async def hung(deployment: Deployment, resident: PhoneUser) -> AsyncIterator[Fault]:
    """A file server that hangs, and a photo that was sent."""
    fault = deployment.simulator.hold("file")
    deployment.simulator.send_photo(resident.person, "1-bridge")
    await resident.reads(LATE)
    yield fault
    deployment.simulator.release(fault)


async def count(deployment: Deployment, table: type) -> int:
    async with deployment.database.reading() as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


async def test_whoever_sends_a_photo_that_is_late_is_told_once(
    deployment: Deployment, resident: PhoneUser, hung: Fault
) -> None:
    deployment.simulator.release(hung)
    await resident.previews("录音等 1 份")
    await deployment.settled()
    told = [one for one in deployment.simulator.messages(resident.person) if LATE in one.text]
    assert len(told) == 1
    assert await count(deployment, WaitingUpdate) == 0


async def test_what_is_sent_while_a_photo_is_late_is_sent_with_it(
    deployment: Deployment, resident: PhoneUser, hung: Fault
) -> None:
    assert "收到后马上办" in await resident.press("1.r.send")
    assert await count(deployment, ComplaintMessage) == 0
    deployment.simulator.release(hung)
    await resident.sees(lambda one: receipt_in(one) is not None)
    async with deployment.database.reading() as session:
        kinds = list(await session.scalars(select(ComplaintMessage.kind)))
    assert len(kinds) == 2
    assert len([kind for kind in kinds if kind in FILES]) == 1


async def test_what_somebody_writes_while_their_photo_is_late_is_taken_at_once(
    deployment: Deployment, resident: PhoneUser, hung: Fault
) -> None:
    resident.say("晚上老人不敢出门")
    await resident.previews("老人不敢出门")
    deployment.simulator.release(hung)
    await resident.previews("录音等 1 份")
    assert len(await pieces_of_drafts(deployment)) == 3


async def test_what_was_written_right_after_a_photo_is_taken_once_the_photo_is_late(
    deployment: Deployment, resident: PhoneUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    fault = deployment.simulator.hold("getFile")
    monkeypatch.setattr(waiting, "LATE_SECONDS", 1000)
    deployment.simulator.send_photo(resident.person, "1-bridge")
    resident.say("晚上老人不敢出门")
    await deployment.simulator.wait_taken()
    assert len(await pieces_of_drafts(deployment)) == 1
    assert deployment.product is not None
    await deployment.stop()
    monkeypatch.setattr(waiting, "LATE_SECONDS", 0)
    deployment.simulator.hold("getFile")
    await deployment.start()
    await resident.previews("老人不敢出门")
    assert await count(deployment, WaitingUpdate) == 1
    deployment.simulator.release(fault)
    deployment.simulator.clear_faults()
    await resident.previews("录音等 1 份")


async def test_what_comes_after_a_press_that_waits_is_done_after_it(
    deployment: Deployment, resident: PhoneUser, hung: Fault
) -> None:
    await resident.press("1.r.send")
    after = resident.say("再补充一句：灯杆也歪了")
    await deployment.simulator.wait_taken()
    assert len(await pieces_of_drafts(deployment)) == 1
    deployment.simulator.release(hung)
    await resident.reads("灯杆也歪了", after=after)
    assert await count(deployment, ComplaintMessage) == 2


async def test_whoever_wants_all_forgotten_need_not_wait_for_their_photo(
    deployment: Deployment, resident: PhoneUser, hung: Fault
) -> None:
    resident.say("/forget")
    await resident.reads("一点不留")
    assert await count(deployment, WaitingUpdate) == 0
    deployment.simulator.release(hung)
    await deployment.settled()
    assert len(await pieces_of_drafts(deployment)) == 0
    assert await count(deployment, WaitingUpdate) == 0
