"""Updates of any channel: done once, in the order of their chat, and set aside when they fail again and again."""

import asyncio

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from channels.base import NotDone, Origin, ReceivedUpdate, RemoteFile
from channels.failures import MAX_ATTEMPTS
from channels.updates import TRANSIENT_TRIES
from handlers.context import Toast
from handlers.incoming import TOO_LARGE, File, UnfitFile, Update
from media.kinds import Cleaned
from models.address import Address
from models.delivery import FailedUpdate, ProcessedUpdate
from services.intake import conversation_store
from tests.channels_plain.people import PlainChannelUser
from tests.channels_plain.plain import PlainChannel
from tests.deployment import Deployment
from tests.drafts import pieces_of_drafts
from tests.journey import SAID

SORRY = "对不住"


@pytest.fixture
async def resident(deployment: Deployment, plain: PlainChannel) -> PlainChannelUser:
    """Somebody who has scanned a printed code."""
    scanned = PlainChannelUser(deployment, plain, "at-home")
    await scanned.scans("V02")
    return scanned


async def pieces_said(deployment: Deployment) -> int:
    return len(await pieces_of_drafts(deployment))


async def failures(deployment: Deployment) -> list[FailedUpdate]:
    async with deployment.database.reading() as session:
        return list(await session.scalars(select(FailedUpdate)))


async def fails_to_the_end(plain: PlainChannel) -> None:
    """Deliver what was typed last until it may be acknowledged."""
    for _ in range(MAX_ATTEMPTS - 2):
        with pytest.raises(NotDone):
            await plain.deliver(plain.received[-1])
    await plain.deliver(plain.received[-1])


async def test_an_update_that_comes_twice_is_done_once(
    deployment: Deployment, plain: PlainChannel, resident: PlainChannelUser
) -> None:
    await resident.types(SAID)
    read = resident.read
    await plain.deliver(plain.received[-1])
    await deployment.settled()
    assert resident.read == read
    assert await pieces_said(deployment) == 1


async def test_an_update_that_comes_twice_at_once_is_done_once(
    deployment: Deployment, plain: PlainChannel, resident: PlainChannelUser
) -> None:
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


class SlowFile(RemoteFile):
    """A file that is handed over only when it is let go, and turns out too large."""

    is_photo = False
    size = 1
    is_too_large = False

    def __init__(self) -> None:
        self.asked, self.let_go = asyncio.Event(), asyncio.Event()

    async def download(self) -> bytes | UnfitFile:
        self.asked.set()
        await self.let_go.wait()
        return UnfitFile(TOO_LARGE)


class FileUpdate(ReceivedUpdate):
    """A file that somebody sends."""

    def __init__(self, update_id: str, chat: Address, file: SlowFile) -> None:
        self.id, self.origin = update_id, Origin(chat, sender=chat)
        self._file = file

    @property
    def file(self) -> RemoteFile | None:
        return self._file

    def read(self, file: Cleaned | UnfitFile | None) -> Update:
        assert file is not None
        assert self.origin.chat is not None
        return Update(self.origin.chat, True, File(file), sender=self.origin.sender, message_id=99)

    def pack(self) -> bytes:
        return b"a file"

    async def answer_press(self, toast: Toast) -> None:
        raise AssertionError("nothing was pressed")


async def test_what_is_typed_after_a_file_is_done_after_it_and_what_others_type_is_not_held_up(
    deployment: Deployment, plain: PlainChannel
) -> None:
    resident, neighbour = (PlainChannelUser(deployment, plain, name) for name in ("at-home", "next-door"))
    await resident.scans("V02")
    await neighbour.scans("V02")
    file = SlowFile()
    await plain.deliver(FileUpdate("file", Address(plain.name, resident.id), file))
    await file.asked.wait()
    await plain.type(resident.id, SAID)
    for line in ("路灯坏了", "三天没亮"):
        await plain.type(neighbour.id, line)
    assert await pieces_said(deployment) == 2  # the neighbour's
    file.let_go.set()
    await deployment.settled()
    after_the_file = resident.read.partition("太大了")[2]
    assert SAID in after_the_file
    assert resident.read.count(SAID) == after_the_file.count(SAID)


async def test_an_update_that_fails_is_done_when_it_comes_again(
    deployment: Deployment, plain: PlainChannel, resident: PlainChannelUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as mistake:
        mistake.setattr(conversation_store, "save_conversation", stumble)
        with pytest.raises(NotDone):
            await resident.types(SAID)
    await plain.deliver(plain.received[-1])
    await deployment.settled()
    assert SAID in resident.last
    assert SORRY not in resident.read
    assert await failures(deployment) == []


async def test_an_update_that_fails_three_times_is_set_aside_and_its_sender_told_once(
    deployment: Deployment, plain: PlainChannel, resident: PlainChannelUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as mistake:
        mistake.setattr(conversation_store, "save_conversation", stumble)
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
    deployment: Deployment, plain: PlainChannel, resident: PlainChannelUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as away:
        away.setattr(conversation_store, "save_conversation", database_is_away)
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
