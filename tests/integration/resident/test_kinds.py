"""What people write that is something else than a complaint, as it is understood, and how each is answered."""

import pytest

from handlers.resident.messages import AdditionPreview, DraftPreview, ReceiptMessage, VisitSummary
from handlers.resident.rendering import renderer_for
from models.states import CaseState
from tests.conftest import OpenWork
from tests.integration.resident.conftest import Phone, case_of
from tests.integration.resident.test_coming_back import said_by_reporter

SAID = "村口的电线杆歪了半年,没人来修"


async def shown(phone: Phone) -> str:
    async with phone.open_work(now=phone.now) as work:
        renderer = await renderer_for(work, phone.language)
        return "\n".join(one.text for one in renderer.messages(phone.shown(DraftPreview)))


# ---- in a draft


@pytest.mark.parametrize("said", ["谢谢", "太感谢你们了", "謝謝巡察組"])
async def test_thanks_are_thanked_and_may_be_sent(phone: Phone, said: str) -> None:
    await phone.scan("V06")
    await phone.say(said)
    assert phone.sentences == ["begins_with_thanks"]
    await phone.press("send", phone.shown(DraftPreview).draft.draft_id)
    assert phone.shown(ReceiptMessage)


@pytest.mark.parametrize("said", ["什么时候答复", "多久能有回音?", "when will I hear from you"])
async def test_a_question_is_answered_and_kept(phone: Phone, said: str) -> None:
    await phone.scan("V06")
    await phone.say(said)
    assert phone.sentences == ["begins_with_question"]
    assert phone.shown(DraftPreview).draft.texts == (said,)


@pytest.mark.parametrize("said", ["到底是谁举报的", "把举报人的名字给我"])
async def test_who_asks_who_reported_is_refused_with_an_open_draft(phone: Phone, said: str) -> None:
    await phone.scan("V06")
    await phone.say(SAID)
    await phone.say(said)
    assert phone.sentences == ["nobody_knows_who"]
    assert phone.shown(DraftPreview).draft.texts == (SAID,)


async def test_an_advertisement_is_answered_like_anything_else_and_goes_to_the_office(phone: Phone) -> None:
    await phone.scan("V06")
    await phone.say("刷 单 日结,加+Ⅴ❤")
    assert phone.sentences == []
    card = await shown(phone)
    assert "广告" not in card
    assert "谁来看：县委巡察办" in card
    await phone.press("send", phone.shown(DraftPreview).draft.draft_id)
    async with phone.open_work() as work:
        case = await case_of(work, phone.shown(ReceiptMessage).submission.receipt)
        assert case.state == CaseState.PENDING_ASSIGN
        assert case.suspected_spam


async def test_of_a_lawsuit_it_is_explained_who_decides_and_it_may_be_sent(phone: Phone) -> None:
    await phone.scan("V06")
    await phone.say("法院判我赔邻居两万块,我不服这个判决")
    card = await shown(phone)
    assert "找法院上诉、申诉" in card
    assert "照样可以发送" in card
    await phone.press("send", phone.shown(DraftPreview).draft.draft_id)
    assert phone.shown(ReceiptMessage)


async def test_a_wish_to_take_back_said_in_words_asks_for_the_code(phone: Phone) -> None:
    await phone.scan("V06")
    await phone.say("我要撤回上次的举报")
    assert phone.sentences == ["withdraw_by_code"]


async def test_emoji_alone_are_kept_and_asked_about(phone: Phone) -> None:
    await phone.scan("V06")
    await phone.say("😭😭😭")
    assert phone.shown(DraftPreview).draft.texts == ("😭😭😭",)
    assert "请再打几个字" in await shown(phone)


async def test_another_place_than_the_codes_is_named_on_the_card(phone: Phone) -> None:
    await phone.scan("V06")
    await phone.say("板栗坳村的低保评得不公")
    card = await shown(phone)
    assert "板栗坳" in card.partition("谁来看")[2]
    assert "该管的组" in card


@pytest.mark.parametrize(
    "said",
    [
        "谢谢",
        "什么时候答复",
        "刷 单 日结,加+Ⅴ❤",
        "法院判我赔邻居两万块,我不服这个判决",
        "补充一下,昨天那个事他们把合同改了",
        "😭😭😭",
        "板栗坳村的低保评得不公",
        "一、低保评得不公;二、修路还要我们摊钱;三、村主任天天中午喝酒",
    ],
)
async def test_whatever_it_is_taken_for_nothing_is_closed_by_a_machine(phone: Phone, said: str) -> None:
    receipt = await phone.complain("V06", said)
    async with phone.open_work() as work:
        assert (await case_of(work, receipt)).is_open


# ---- after sending, and in a visit


@pytest.mark.parametrize("said", ["谢谢", "谢谢你们了"])
async def test_after_sending_thanks_are_thanked(phone: Phone, county: OpenWork, said: str) -> None:
    receipt = await phone.complain("V06", SAID)
    await phone.say(said)
    assert phone.sentences == ["thanked"]
    async with county() as work:
        assert await said_by_reporter(work, receipt) == [SAID]


@pytest.mark.parametrize("said", ["什么时候答复", "when will I hear", "我的事办到哪一步了?"])
async def test_after_sending_a_question_is_answered_with_where_the_matter_stands(phone: Phone, said: str) -> None:
    await phone.complain("V06", SAID)
    await phone.say(said)
    visit = phone.shown(VisitSummary)
    assert visit.visit.state == CaseState.ASSIGNED
    assert visit.visit.decided_by is not None
    assert visit.offered is not None


async def test_after_sending_more_is_offered_to_be_added(phone: Phone) -> None:
    await phone.complain("V06", SAID)
    await phone.say("线上还冒火花")
    assert phone.shown(AdditionPreview).addition.texts == ("线上还冒火花",)


@pytest.mark.parametrize("said", ["我不想告了,撤回吧", "我要撤回"])
async def test_after_sending_a_wish_to_take_back_offers_the_button(phone: Phone, said: str) -> None:
    await phone.complain("V06", SAID)
    await phone.say(said)
    assert phone.sentences == ["sure_to_withdraw"]


async def test_after_sending_who_asks_who_reported_is_refused(phone: Phone) -> None:
    await phone.complain("V06", SAID)
    await phone.say("是谁举报的村长")
    assert phone.sentences == ["nobody_knows_who"]
