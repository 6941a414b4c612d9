"""The address of a resident is kept in the clear nowhere, whatever the channel."""

import io
from datetime import timedelta
from pathlib import Path

from models.address import Address
from services.outbox import say
from tests.channels_plain.people import PlainChannelUser
from tests.channels_plain.plain import PlainChannel
from tests.deployment import Deployment
from tests.integration.canary.left import left_behind
from tests.integration.canary.needles import found_in, words
from tests.journey import QUESTION, REPLY, SAID
from texts.message import Message

HOME = "canary-9c41f7-of-qiaotouling"
WORK = "P06-8e20b3-at-the-county"


async def test_a_residents_address_is_in_no_byte_that_is_kept_and_in_no_line_that_staff_read(
    deployment: Deployment, plain: PlainChannel, tmp_path: Path, logs: io.StringIO
) -> None:
    resident, member = PlainChannelUser(deployment, plain, HOME), PlainChannelUser(deployment, plain, WORK)
    leader = PlainChannelUser(deployment, plain, "P05-at-work")
    needles = words(HOME, HOME[7:13], HOME[-11:])

    async def is_nowhere() -> bool:
        read = {one.id: one.read.encode() for one in (member, leader)} | {"the log": logs.getvalue().encode()}
        return found_in({**await left_behind(deployment, tmp_path), **read}, needles) == []

    await member.enrols_as("P06")
    await leader.enrols_as("P05")
    await resident.scans("V02")
    await resident.types(SAID)
    assert await is_nowhere()  # with a draft open
    await resident.chooses("在这里告诉我")
    await resident.chooses("发送")
    await member.chooses("看内容")
    assert SAID in member.read
    assert await is_nowhere()  # with an address to be told at
    await member.chooses("问反映人")
    await member.types(QUESTION)
    await member.chooses("发给反映人")
    await resident.chooses("回答")
    await resident.types(REPLY)
    await resident.chooses("加进去")
    assert REPLY in await member.chooses("看内容")
    await resident.types("/forget")
    assert await is_nowhere()

    await deployment.stop()
    assert await is_nowhere()
    files = await left_behind(deployment, tmp_path)
    assert found_in(files, words(WORK)), "what is in the clear was to be found"


async def test_a_message_that_waits_for_a_resident_does_not_name_them(
    deployment: Deployment, plain: PlainChannel, tmp_path: Path
) -> None:
    await PlainChannelUser(deployment, plain, HOME).scans("V02")
    async with deployment.database.transaction() as session:
        work = deployment.work(session)
        tomorrow = work.now + timedelta(days=1)
        await work.outbox.to_chat(Address(plain.name, HOME), say(Message("later")), not_before=tomorrow)
    assert found_in(await left_behind(deployment, tmp_path), words(HOME)) == []
