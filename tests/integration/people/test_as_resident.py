"""Somebody on the staff who reports as a resident: what they write then reaches nobody under their name."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from models.complaints import Case
from models.rectification import ItemEvent, RectificationItem
from models.staff import OpenFormRow
from privacy.receipt import Receipt, new_receipt, read_receipt
from services.access.member import member
from services.people.forms import open_form_of
from services.rectification.issue_item import issue_item
from tests.deployment import Deployment
from tests.items import new_item
from tests.journey import Journey
from tests.statements import statements
from tests.story import PhoneUser, receipt_in, slip_of

SAID = "县长的小舅子把低保名额卖了,我在乡里亲眼看见"
ORDER = "修村口的路"
PROGRESS = "路已修好一半"
PUT_ASIDE = "先放下了"


async def an_order_to_the_head(deployment: Deployment) -> Journey:
    """Begin a day on which the head of a unit has an item to work on."""
    journey = await Journey.begin(deployment)
    async with deployment.database.transaction() as session:
        work = deployment.work(session)
        order = new_item("U1", ORDER, work.today + timedelta(days=9))
        await issue_item(work, await member(session, "P03"), order)
    assert deployment.product is not None
    deployment.product.time_moved()
    await journey.head.press("1.item.acknowledge")
    return journey


async def is_asked(deployment: Deployment) -> bool:
    async with deployment.database.reading() as session:
        return await session.get(OpenFormRow, "P14") is not None


async def sends(deployment: Deployment, user: PhoneUser, said: str) -> str:
    """Report something from the first village, and return the receipt code."""
    deployment.simulator.scan(user.person, await deployment.link("V02"))
    await user.reads("在听")
    user.say(said)
    await user.press("1.r.send")
    found = receipt_in(await user.sees(lambda one: receipt_in(one) is not None))
    assert found is not None
    return found[1]


async def progress_told(deployment: Deployment) -> list[str]:
    """Return what the head has reported of the order."""
    async with deployment.database.reading() as session:
        query = (
            select(ItemEvent.note)
            .join(RectificationItem, RectificationItem.id == ItemEvent.item_id)
            .where(RectificationItem.problem == ORDER, ItemEvent.event == "report_progress")
        )
        return list(await session.scalars(query))


async def test_scanning_a_poster_puts_an_open_question_aside_and_what_follows_is_a_residents(
    deployment: Deployment,
) -> None:
    journey = await an_order_to_the_head(deployment)
    await journey.head.press("1.item.report_progress")
    await journey.head.can_press("1.form.cancel")
    await sends(deployment, journey.head, SAID)
    await journey.head.reads(PUT_ASIDE)
    assert not await is_asked(deployment)
    assert await progress_told(deployment) == []
    async with deployment.database.reading() as session:
        assert await session.scalar(select(func.count()).select_from(Case)) == 1
    # After the receipt, too, what they write goes to nobody until they press its button again.
    before = journey.head.last_id
    journey.head.say("还有,帮我保密")
    await journey.head.reads("要加到您反映的这一件里吗", after=before)
    assert await progress_told(deployment) == []


async def test_where_they_are_as_a_resident_is_read_once_for_a_message(deployment: Deployment) -> None:
    journey = await Journey.begin(deployment)
    deployment.simulator.scan(journey.head.person, await deployment.link("V02"))
    await journey.head.reads("在听")
    assert deployment.product is not None
    await deployment.settled()
    with statements(deployment.product) as made:
        journey.head.say(SAID)
        await journey.head.can_press("1.r.send")
    # The clock, which may tick meanwhile, asks for those that are over.
    read = [one for one in made if one.startswith("SELECT") and "conversations" in one and "expires_at <=" not in one]
    assert len(read) == 1


async def test_a_poster_that_opens_nothing_puts_the_question_aside_too(deployment: Deployment) -> None:
    journey = await an_order_to_the_head(deployment)
    await journey.head.press("1.item.report_progress")
    await journey.head.can_press("1.form.cancel")
    deployment.simulator.scan(journey.head.person, deployment.link_of("AAAAAAAA"))
    await journey.head.reads(PUT_ASIDE)
    before = journey.head.last_id
    journey.head.say(SAID)
    await journey.head.reads("没有保存", after=before)
    assert await progress_told(deployment) == []


async def test_a_receipt_code_is_no_answer_to_a_question(deployment: Deployment) -> None:
    journey = await an_order_to_the_head(deployment)
    code = await sends(deployment, journey.head, SAID)
    await journey.head.press("1.item.report_progress")
    await journey.head.can_press("1.form.cancel")
    await journey.head.can_press("1.r.leave.", after=journey.head.say(code))
    await journey.head.reads(PUT_ASIDE)
    assert not await is_asked(deployment)
    assert await progress_told(deployment) == []


async def test_no_question_is_opened_while_a_complaint_is(deployment: Deployment) -> None:
    journey = await an_order_to_the_head(deployment)
    deployment.simulator.scan(journey.head.person, await deployment.link("V02"))
    await journey.head.reads("在听")
    assert "归它" in await journey.head.press("1.item.report_progress")
    assert not await is_asked(deployment)
    journey.head.say(SAID)
    await journey.head.can_press("1.r.send")
    assert "归它" in await journey.head.press("1.item.submit")
    await journey.head.press("1.r.send")
    await journey.head.sees(lambda one: receipt_in(one) is not None)
    assert await progress_told(deployment) == []
    # It is sent: now they can be asked again.
    await journey.head.press("1.item.report_progress")
    await journey.head.can_press("1.form.cancel")
    journey.head.say(PROGRESS)
    await deployment.settled()
    assert await progress_told(deployment) == [PROGRESS]


async def test_the_office_orders_nothing_while_it_reports_itself(deployment: Deployment) -> None:
    journey = await Journey.begin(deployment)
    deployment.simulator.scan(journey.office.person, await deployment.link("V02"))
    await journey.office.reads("在听")
    journey.office.say("/newitem")
    await journey.office.reads("归它")


@pytest.mark.parametrize("typed", ["{slip}", "回执码是{slip},麻烦快点", "请看 {slip} ,谢谢"])
async def test_a_receipt_code_with_a_word_gone_wrong_is_no_answer_to_a_question(
    deployment: Deployment, typed: str
) -> None:
    journey = await an_order_to_the_head(deployment)
    code = await sends(deployment, journey.head, SAID)
    await journey.head.press("1.item.report_progress")
    await journey.head.can_press("1.form.cancel")
    receipt = read_receipt(code)
    assert isinstance(receipt, Receipt)
    before = journey.head.last_id
    journey.head.say(typed.format(slip=slip_of(receipt)))
    await journey.head.reads("没有当作答复", after=before)
    assert await progress_told(deployment) == []
    # Nothing is put aside: what they were asked can be answered, and their code still works.
    assert await is_asked(deployment)
    await journey.head.can_press("1.r.leave.", after=journey.head.say(code))
    assert not await is_asked(deployment)
    assert await progress_told(deployment) == []


async def test_a_slip_of_somebody_whom_nothing_asks_is_answered_as_a_residents(deployment: Deployment) -> None:
    journey = await an_order_to_the_head(deployment)
    before = journey.head.last_id
    journey.head.say(slip_of(new_receipt()))
    await journey.head.reads("有字不对", after=before)


async def test_after_cancel_nothing_that_is_written_answers_what_was_asked(deployment: Deployment) -> None:
    journey = await Journey.begin(deployment)
    await journey.resident_submits_with_a_photo()
    await journey.member_claims_and_reads()
    await journey.member.press(f"1.case.ask.{journey.case_id}")
    asked = await journey.member.sees(lambda one: "1.form.cancel" in str(one.buttons))
    journey.member.say("/cancel")
    await journey.member.reads("好，不写了", after=asked.message_id)
    before = journey.member.say("中午吃什么")
    await journey.member.sees(lambda one: one.from_bot, after=before)
    assert not any("中午吃什么" in one.text for one in deployment.simulator.messages(journey.resident.chat))
    async with deployment.database.reading() as session:
        assert await open_form_of(deployment.work(session), "P06") is None


async def test_a_photo_with_a_slip_in_its_caption_is_no_proof_of_work(deployment: Deployment) -> None:
    journey = await an_order_to_the_head(deployment)
    await journey.head.press("1.item.submit")
    await journey.head.can_press("1.form.cancel")
    before = journey.head.last_id
    deployment.simulator.send_photo(journey.head.person, "1-bridge", caption=f"回执码:{slip_of(new_receipt())}")
    await journey.head.reads("没有当作答复", after=before)
    journey.head.say("护栏已装")
    collected = await journey.head.can_press("1.form.send", after=before)
    assert "已收下：文字1条。" in collected.text
    assert "回执码" not in collected.text
