"""A publication in chat: prepared, looked at, approved by two, withdrawn; what a reviewer does with “not so”."""

import pytest
from sqlalchemy import select

from models.publication import Publication
from models.rectification import RectificationItem
from models.states import ItemState
from services.publication.content import PublicRound
from services.publication.objections import object_to
from services.publication.public_page import public_page
from tests.conftest import ONLY_SQLITE
from tests.deployment import Deployment
from tests.integration.publication.story import CLERK, DIRECTOR, DONE, LEADING_GROUP, ROUND, published
from tests.integration.rectification.test_conversations import item, phones
from tests.story import PhoneUser, data_of

BRIDGE = "RI02"


async def publication_of(deployment: Deployment) -> Publication:
    async with deployment.database.reading() as session:
        return (await session.scalars(select(Publication))).one()


async def public(deployment: Deployment) -> PublicRound | None:
    async with deployment.database.reading() as session:
        page = await public_page(deployment.work(session), ROUND)
    return page.content if page else None


async def a_cleared_bridge(deployment: Deployment, head: PhoneUser, director: PhoneUser, leader: PhoneUser) -> None:
    """Have the head hand in two photos of the bridge, and clear the item."""
    head.say("/items")
    await head.press(f"1.item.open.{BRIDGE}")
    await head.sets_up("每月巡查一次护栏")
    await head.press(f"1.item.submit.{BRIDGE}")
    for photo in ("1-bridge", "2-streetlamp"):
        deployment.simulator.send_photo(head.person, photo)
    await head.reads("整改后照片2份")
    await head.press("1.form.send.submit_item")
    await leader.press(f"1.item.pass.{BRIDGE}")
    await leader.ticks_what_was_done()
    leader.say("桥已经修好，护栏装上了。")
    await director.press(f"1.item.clear.{BRIDGE}")
    assert (await item(deployment, BRIDGE)).state == ItemState.CLEARED


async def begin(clerk: PhoneUser) -> None:
    """Begin the publication of the round that is under way."""
    clerk.say("/publish")
    await clerk.press("1.publication.begin")
    await clerk.can_press("1.publication.choose_item")


async def test_a_publication_from_the_first_choice_to_its_withdrawal(deployment: Deployment) -> None:
    clerk, director, group, head, leader = await phones(deployment, CLERK, DIRECTOR, LEADING_GROUP, "P14", "P05")
    await a_cleared_bridge(deployment, head, director, leader)
    await begin(clerk)
    await clerk.press("1.publication.choose_item")
    clerk.say(BRIDGE)
    await clerk.reads("老百姓看到的“查出的问题”怎么写")
    clerk.say("桥头岭石拱桥开裂，找邢立说过。")
    await clerk.reads("“邢立”是干部的名字，不能公开")
    clerk.say("桥头岭石拱桥开裂，没有护栏。")
    await clerk.reads("老百姓看到的“怎么改的”怎么写")
    clerk.say("桥修好了，有事打13812345678。")
    await clerk.reads("“13812345678”是电话、证件或账号，不能公开")
    clerk.say("桥修好了，护栏也装上了。")
    await clerk.sees(lambda one: one.kind == "photo")
    await press_value(clerk, "10")
    await press_value(clerk, "11")
    await press_value(clerk, "12")
    await press_value(clerk, "d12")
    shown = await clerk.can_press("1.form.send.publish_item")
    assert "照片：整改前1张，整改后1张" in shown.text
    await clerk.press("1.form.send.publish_item")
    await clerk.press("1.publication.enter_villages")
    clerk.say("13")
    await clerk.reads("请发一个数，最多12")
    clerk.say("12")
    await clerk.press("1.publication.look", (await clerk.reads("走访了的村（社区）：12个")).message_id - 1)
    preview = await clerk.reads("走访了的村（社区）：12/12（100%）")
    assert "桥修好了，护栏也装上了。" in preview.text
    for caption in ("第1件，整改前", "第1件，整改后"):
        assert (await clerk.reads(caption)).kind == "photo"
    await clerk.press("1.publication.ask_for_approval")

    await director.press("1.publication.approve")
    assert await public(deployment) is None
    await group.press("1.publication.approve")
    content = await public(deployment)
    assert content is not None
    assert content.pack() == (await publication_of(deployment)).content
    [result] = content.items
    assert (len(result.before), len(result.after)) == (1, 1)
    await clerk.reads("✅ 已经公开")

    clerk.say("/publish")
    await clerk.press("1.publication.open")
    await clerk.press("1.publication.withdraw")
    assert await public(deployment) is None
    await director.reads("⛔")


async def test_words_of_an_item_that_may_not_be_public_are_told_with_what_can_be_done(deployment: Deployment) -> None:
    [clerk] = await phones(deployment, CLERK)
    async with deployment.database.transaction() as session:
        done = await session.get_one(RectificationItem, DONE)
        done.problem, done.public_result = "找邢立说过，没有发。", "我叫牛大壮，领到了工资。"
    await begin(clerk)
    await clerk.press("1.publication.choose_item")
    clerk.say(DONE)
    asked = await clerk.reads("老百姓看到的“查出的问题”怎么写")
    await press_value(clerk, "as-is")
    told = await clerk.reads("“邢立”是干部的名字，不能公开")
    assert told.message_id == asked.message_id, "it stands in place of the question"
    assert data_of(told, "1.form.cancel")
    clerk.say("工资没有发。")
    await clerk.reads("老百姓看到的“怎么改的”怎么写")
    await press_value(clerk, "as-is")
    told = await clerk.reads("”像是人名")
    await press_value(clerk, "keep")
    await clerk.can_press("1.form.choose.publish_item-photos", after=told.message_id)


async def press_value(user: PhoneUser, value: str) -> None:
    """Press the newest choice of a form that has this value."""

    def has(data: str | None) -> bool:
        return data is not None and data.startswith("1.form.choose") and data.rpartition(".")[2] == value

    message = await user.sees(lambda one: any(has(button.data) for row in one.buttons for button in row))
    data = next(button.data for row in message.buttons for button in row if has(button.data))
    query = user.simulator.press(user.person, data or "", message_id=message.message_id)
    await user.simulator.wait_for_answer(query)


async def test_a_reviewer_is_told_and_reopens_the_item_with_one_press(deployment: Deployment) -> None:
    reviewer, head = await phones(deployment, "P11", "P16")
    async with deployment.database.transaction() as session:
        work = deployment.work(session)
        await published(work)
        await object_to(work, ROUND, 1, "工资只发了一半")
    deployment.simulator.advance(3600)
    told = await reviewer.reads("工资只发了一半")
    assert told.protected
    await reviewer.press("1.objection.reopen")
    assert (await item(deployment, DONE)).state == ItemState.REOPENED
    notice = await head.reads("复查没有过")
    assert "工资只发了一半" not in notice.text


async def test_a_reviewer_sets_aside_what_was_said_with_a_reason(deployment: Deployment) -> None:
    [reviewer] = await phones(deployment, "P11")
    async with deployment.database.transaction() as session:
        work = deployment.work(session)
        await published(work)
        await object_to(work, ROUND, 1, "工资只发了一半")
    deployment.simulator.advance(3600)
    await reviewer.press("1.objection.set_aside")
    await reviewer.reads("为什么不用重新整改")
    reviewer.say("看了银行流水，23人都到账。")
    await reviewer.reads("已记下理由")
    assert (await item(deployment, DONE)).state == ItemState.CLEARED


@ONLY_SQLITE
@pytest.mark.parametrize("staff_id", ["P05", "P14", "P20"])
async def test_others_are_told_that_it_is_not_theirs(deployment: Deployment, staff_id: str) -> None:
    [phone] = await phones(deployment, staff_id)
    phone.say("/publish")
    await phone.reads("由巡察办和领导小组来做")
