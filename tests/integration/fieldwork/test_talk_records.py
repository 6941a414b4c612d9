"""Talk records: sealed to the round, linked to cases and items, read by the team alone, and each look logged."""

import pytest
from sqlalchemy import select

from models.audit import Audited, AuditEntry
from models.fieldwork import TalkRecord
from models.states import NotEntitled
from services.fieldwork.places import place_of
from services.fieldwork.talk_records import NothingThere, count_at, keep_talk, read_talk, talks_at
from tests.conftest import OpenWork
from tests.deployment import Deployment
from tests.integration.cases.conftest import lay
from tests.integration.fieldwork.field import COLLEAGUE, DIRECTOR, HEAD, LEADER, MEMBER, OTHER_TEAM, key_of, who
from tests.story import PhoneUser

POST, TOPICS, POINTS = "村会计", "三资、低保", "2023年的鱼塘租金没有入账，本人说不清"


async def test_a_talk_is_sealed_and_read_by_the_team_and_its_leader_and_each_look_is_logged(county: OpenWork) -> None:
    async with county() as work:
        key, case = await key_of(work, "V01"), await lay(work, "鱼塘租金没公示")
        talk = await keep_talk(work, await who(work, MEMBER), key, POST, TOPICS, POINTS, [case.id, "RI02"])
        [row] = await work.session.scalars(select(TalkRecord))
        assert all(one.encode() not in row.sealed for one in (POST, TOPICS, POINTS))
        for staff_id in (MEMBER, COLLEAGUE, LEADER):
            read = await read_talk(work, await who(work, staff_id), talk.id)
            assert (read.post, read.topics, read.points, read.by) == (POST, TOPICS, POINTS, "阮知秋")
            assert (read.case_ids, read.item_ids) == ((case.id,), ("RI02",))
        looks = select(AuditEntry.by_id).where(AuditEntry.action == Audited.TALK_READ).order_by(AuditEntry.number)
        assert list(await work.session.scalars(looks)) == [MEMBER, COLLEAGUE, LEADER]
        place = place_of(await work.directory(), await who(work, MEMBER), key)
        assert [one.id for one in await talks_at(work, place)] == [talk.id]
        assert await count_at(work, place) == 1


@pytest.mark.parametrize("staff_id", [OTHER_TEAM, DIRECTOR, HEAD])
async def test_nobody_else_keeps_or_reads_a_talk(county: OpenWork, staff_id: str) -> None:
    async with county() as work:
        key = await key_of(work, "V01")
        talk = await keep_talk(work, await who(work, MEMBER), key, POST, TOPICS, POINTS)
        with pytest.raises(NotEntitled):
            await read_talk(work, await who(work, staff_id), talk.id)
        with pytest.raises(NotEntitled):
            await keep_talk(work, await who(work, staff_id), key, POST, TOPICS, POINTS)
        looks = select(AuditEntry.by_id).where(AuditEntry.action == Audited.TALK_READ)
        assert list(await work.session.scalars(looks)) == []


async def test_a_talk_is_linked_to_nothing_that_its_member_does_not_see_and_tells_nobody_of_it(
    county: OpenWork,
) -> None:
    async with county() as work:
        key = await key_of(work, "V01")
        hidden = await lay(work, "指名道姓", shut_out=[MEMBER])
        for number in (hidden.id, "99999999", "RI99"):
            with pytest.raises(NothingThere):
                await keep_talk(work, await who(work, MEMBER), key, POST, TOPICS, POINTS, [number])
        talk = await keep_talk(work, await who(work, LEADER), key, POST, TOPICS, POINTS, [hidden.id])
        assert (await read_talk(work, await who(work, MEMBER), talk.id)).case_ids == ()
        assert (await read_talk(work, await who(work, LEADER), talk.id)).case_ids == (hidden.id,)


async def test_on_a_phone_a_talk_is_recorded_and_opened(deployment: Deployment) -> None:
    [account] = await deployment.enrol(MEMBER)
    phone = PhoneUser(deployment.simulator, account)
    phone.say("/village 上竹坞村")
    await phone.press("1.place.records")
    await phone.press("1.place.keep_talk")
    await phone.reads("跟谁谈的")
    phone.say(POST)
    await phone.reads("谈了什么")
    phone.say(TOPICS)
    await phone.reads("谈出了什么")
    phone.say(POINTS)
    await phone.reads("写编号")
    phone.say("RI99")
    await phone.reads("没找到编号 RI99")
    phone.say("RI02")
    card = await phone.reads("谈话记录：1 份")
    await phone.press("1.place.records", after=card.message_id - 1)
    await phone.press("1.record.read")
    read = await phone.reads(POINTS)
    assert read.protected
    assert "RI02" in read.text
