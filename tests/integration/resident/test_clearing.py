"""No traces on the phone: a chat is cleared on both sides, at once or later, and only its phone can say whose it is."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from channels.telegram.address import address_of
from models.address import Address
from models.complaints import Conversation
from models.delivery import FailedUpdate, OutboxRow, TrailMessage
from privacy.trail import Trail
from services.intake import conversation_store
from services.intake.drafts import ConversationState
from services.unit_of_work import UnitOfWork
from simulator.chat_reader import SeenMessage
from tests.deployment import Deployment
from tests.journey import QUESTION, Journey
from tests.story import PhoneUser, data_of, receipt_in

SAID = "村口的路灯坏了三个月,晚上走路看不见"


async def sent(deployment: Deployment, name: str = "小满") -> PhoneUser:
    """A resident who has sent something, and looks at the receipt."""
    resident = PhoneUser(deployment.simulator, deployment.simulator.add_person(name))
    deployment.simulator.scan(resident.person, await deployment.link("V06"))
    await resident.sees(lambda one: bool(one.buttons))
    resident.say(SAID)
    await resident.press("1.r.send")
    await resident.sees(lambda one: receipt_in(one) is not None)
    return resident


async def cleared(resident: PhoneUser) -> SeenMessage:
    """Wait for the last words, and until nothing else lies in the chat."""
    last = await resident.reads("清空了")
    await resident.simulator.wait_for(
        resident.chat, lambda seen: True if [one.message_id for one in seen] == [last.message_id] else None
    )
    return last


async def count(deployment: Deployment, table: type[TrailMessage] | type[OutboxRow] | type[Conversation]) -> int:
    async with deployment.database.reading() as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


async def noted(deployment: Deployment, resident: PhoneUser) -> list[int]:
    """Return which messages are kept for clearing by the secret that stands in the button of somebody's chat."""
    await deployment.settled()
    receipt = await resident.sees(lambda one: receipt_in(one) is not None)
    trail = Trail.read((data_of(receipt, "1.r.clear") or "").split(".")[3])
    assert trail is not None
    async with deployment.database.reading() as session:
        rows = await session.scalars(select(TrailMessage).where(TrailMessage.trail == trail.name))
        return sorted({trail.unmask(row.id, row.masked) for row in rows})


async def test_a_chat_is_cleared_on_both_sides_and_nobody_elses_is_touched(deployment: Deployment) -> None:
    resident, neighbour = await sent(deployment), await sent(deployment, "邻居")
    lies_there = [one.message_id for one in deployment.simulator.messages(neighbour.chat)]
    await resident.press("1.r.clear")
    asked = await resident.reads("回执码也会从这里消失")
    assert receipt_in(await resident.sees(lambda one: receipt_in(one) is not None))  # still there, to be written down
    await resident.press("1.r.clear_now", after=asked.message_id - 1)
    last = await cleared(resident)
    assert "48 小时" in last.text
    await resident.press("1.r.vanish")
    await deployment.simulator.wait_for(resident.chat, lambda seen: not seen or None)
    await deployment.settled()
    assert [one.message_id for one in deployment.simulator.messages(neighbour.chat)] == lies_there
    assert await noted(deployment, neighbour) == lies_there


async def test_a_chat_is_cleared_by_itself_after_the_time_that_was_chosen(deployment: Deployment) -> None:
    resident = await sent(deployment)
    await resident.press("1.r.clear")
    await resident.press("1.r.clear_in")
    await resident.reads("大约 1 小时后自动清空")
    deployment.simulator.advance(59 * 60)
    assert deployment.product is not None
    await deployment.product.clock.tick()
    assert receipt_in(await resident.sees(lambda one: receipt_in(one) is not None))
    deployment.simulator.advance(61 * 60)
    await deployment.simulator.wait_for(resident.chat, lambda seen: not seen or None)  # without a word
    await deployment.settled()
    assert await count(deployment, TrailMessage) == 0


async def test_forget_me_does_not_wait_for_the_time_that_was_chosen(deployment: Deployment) -> None:
    resident = await sent(deployment)
    await resident.press("1.r.clear")
    await resident.press("1.r.clear_in")
    await resident.reads("小时后自动清空")
    resident.say("/forget")
    last = await resident.reads("这里不再记着这个聊天")
    await deployment.simulator.wait_for(
        resident.chat,
        lambda seen: True if [one.message_id for one in seen if one.from_bot] == [last.message_id] else None,
    )
    await resident.press("1.r.clear")
    await resident.press("1.r.clear_now")
    await cleared(resident)


async def test_a_chat_that_was_cleared_hears_nothing_more_at_the_time_chosen_before(deployment: Deployment) -> None:
    resident = await sent(deployment)
    await resident.press("1.r.clear.")
    await resident.press("1.r.clear_in")
    await resident.reads("小时后自动清空")
    await resident.press("1.r.clear.")
    await resident.press("1.r.clear_now")
    await cleared(resident)
    await deployment.settled()
    assert await count(deployment, OutboxRow) == 0


async def test_what_is_older_than_48_hours_stays_and_keeps_nothing_else_from_going(deployment: Deployment) -> None:
    resident = PhoneUser(deployment.simulator, deployment.simulator.add_person("小满"))
    deployment.simulator.scan(resident.person, await deployment.link("V06"))
    await resident.sees(lambda one: bool(one.buttons))
    for days in range(3):  # a draft that is written on is kept from day to day
        resident.say(f"第{days + 1}天:{SAID}")
        await resident.reads(f"第{days + 1}天")
        deployment.simulator.advance(23 * 3600)
    await resident.press("1.r.send")
    await resident.sees(lambda one: receipt_in(one) is not None)
    await resident.press("1.r.clear")
    await resident.press("1.r.clear_now")
    last = await resident.reads("清空了")
    left = deployment.simulator.messages(resident.chat)
    assert [one for one in left if one.message_id < last.message_id]
    assert all(
        deployment.simulator.now() - one.date > timedelta(hours=48) for one in left if one.message_id != last.message_id
    )


async def test_a_receipt_kept_as_a_picture_is_cleared_with_the_rest(deployment: Deployment) -> None:
    resident = await sent(deployment)
    shown = receipt_in(await resident.sees(lambda one: receipt_in(one) is not None))
    button = data_of(await resident.can_press("1.r.picture"), "1.r.picture") or ""
    assert shown is not None
    assert button.split(".")[3] == shown[0].pack()
    await resident.press("1.r.picture")
    picture = await resident.sees(lambda one: one.kind == "photo")
    assert picture.files[0].startswith(b"\x89PNG")
    assert not picture.protected
    await resident.press("1.r.clear")
    await resident.press("1.r.clear_now")
    await cleared(resident)


async def test_a_draft_is_kept_when_its_chat_is_cleared(deployment: Deployment) -> None:
    resident = PhoneUser(deployment.simulator, deployment.simulator.add_person("小满"))
    link = await deployment.link("V06")
    deployment.simulator.scan(resident.person, link)
    await resident.sees(lambda one: bool(one.buttons))
    resident.say(SAID)
    await resident.can_press("1.r.send")
    resident.say("/clear")
    await resident.press("1.r.clear_now")
    assert "没发送的内容还" in (await cleared(resident)).text
    deployment.simulator.scan(resident.person, link)
    assert SAID[:8] in (await resident.can_press("1.r.send")).text


async def test_after_sending_only_the_phone_can_say_whose_messages_are_kept_for_clearing(
    deployment: Deployment,
) -> None:
    resident = await sent(deployment)
    receipt = await resident.sees(lambda one: receipt_in(one) is not None)
    trail = Trail.read((data_of(receipt, "1.r.clear") or "").split(".")[3])
    assert trail is not None
    deployment.simulator.advance(2 * 3600)  # until then they may add something without the code
    assert deployment.product is not None
    await deployment.product.clock.tick()
    assert await count(deployment, Conversation) == 0
    lies_there = [one.message_id for one in deployment.simulator.messages(resident.chat)]
    assert await noted(deployment, resident) == lies_there
    async with deployment.database.reading() as session:
        rows = list(await session.scalars(select(TrailMessage)))
    for row in rows:
        assert int.from_bytes(row.masked, "big") not in lies_there
        assert str(trail) not in (row.id, row.trail)
    assert {row.expires_at.minute for row in rows} == {0}


async def test_what_cannot_be_deleted_any_more_is_not_remembered_either(deployment: Deployment) -> None:
    resident = await sent(deployment)
    await deployment.settled()
    lies_there = [one.message_id for one in deployment.simulator.messages(resident.chat)]
    assert await noted(deployment, resident) == lies_there
    deployment.simulator.advance(49 * 3600)
    assert deployment.product is not None
    await deployment.product.clock.tick()
    assert await count(deployment, TrailMessage) == 0


async def test_what_comes_by_itself_later_can_be_cleared_too(deployment: Deployment) -> None:
    journey = await Journey.begin(deployment)
    await journey.resident_submits_with_a_photo()  # and asks to be told here
    resident = journey.resident
    await resident.press("1.r.clear")
    await resident.press("1.r.clear_now")
    await cleared(resident)
    await journey.member_claims_and_reads()
    await journey.member.press(f"1.case.ask.{journey.case_id}")
    await journey.member.sees(lambda one: "1.form.cancel" in str(one.buttons))
    journey.member.say(QUESTION)
    await journey.member.press("1.form.send.ask_reporter")
    await resident.reads(QUESTION)
    await resident.press("1.r.clear")
    await resident.press("1.r.clear_now")
    await deployment.simulator.wait_for(
        resident.chat, lambda seen: True if not any(QUESTION in one.text for one in seen) else None
    )


async def test_what_was_typed_before_scanning_and_most_of_a_code_can_be_cleared_too(deployment: Deployment) -> None:
    resident = PhoneUser(deployment.simulator, deployment.simulator.add_person("小满"))
    for said in ("村长贪了低保,我是三组的", "芬呐季觅 芹躲披山"):
        before = resident.last_id
        resident.say(said)
        await resident.press("1.r.clear", after=before)
        await resident.press("1.r.clear_now", after=before)
        await cleared(resident)
        await resident.press("1.r.vanish", after=before)
        await deployment.simulator.wait_for(resident.chat, lambda seen: not seen or None)


async def test_what_we_failed_to_take_can_be_cleared_too(
    deployment: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    save = conversation_store.save_conversation

    async def stumble(work: UnitOfWork, address: Address, state: ConversationState, **how: Any) -> None:
        if state.draft is not None and state.draft.pieces:
            raise KeyError
        await save(work, address, state, **how)

    resident = PhoneUser(deployment.simulator, deployment.simulator.add_person("小满"))
    deployment.simulator.scan(resident.person, await deployment.link("V06"))
    first = await resident.sees(lambda one: bool(one.buttons))
    monkeypatch.setattr(conversation_store, "save_conversation", stumble)
    resident.say(SAID)
    sorry = await resident.reads("对不住")
    await resident.press("1.r.clear", after=sorry.message_id - 1)
    await resident.press("1.r.clear_now", after=sorry.message_id)
    last = await resident.reads("清空了")

    def look(seen: list[SeenMessage]) -> bool | None:
        return not any(SAID in one.text or first.message_id < one.message_id < last.message_id for one in seen) or None

    await deployment.simulator.wait_for(resident.chat, look)
    async with deployment.database.reading() as session:
        failed = (await session.scalars(select(FailedUpdate))).one()
    opened = deployment.keyring.outbox.open(f"update:{failed.update_id}", failed.sealed)
    assert opened == str(address_of(resident.chat)).encode()  # and nothing of what it said
