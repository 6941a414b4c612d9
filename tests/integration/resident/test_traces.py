"""What leads to its writer is marked before it is sent, taken out if they wish, and masked for staff in any case."""

import pytest

from handlers.resident.messages import AddedTraces, DraftPreview, ReceiptMessage
from models.states import CaseState
from services.cases.read_case import dialogue_of
from tests.conftest import OpenWork
from tests.integration.resident.conftest import Phone, actions, case_of, shown_preview

MINE = "我叫李秀英,手机138 0013 8000。"


async def test_a_text_without_traces_is_sent_as_ever(phone: Phone) -> None:
    await phone.scan("V01")
    await phone.say("桥裂了")
    card = await shown_preview(phone)
    assert actions(card)[0] == "send"
    assert "traces_out" not in actions(card)
    await phone.press("send", phone.shown(DraftPreview).draft.draft_id)
    assert phone.shown(ReceiptMessage)


async def test_traces_are_underlined_with_their_kind_before_anything_is_sent(phone: Phone) -> None:
    await phone.scan("V01")
    await phone.say(MINE)
    card = await shown_preview(phone)
    assert "<u><b>李秀英</b></u>[姓名]" in card.text
    assert "<u><b>138 0013 8000</b></u>[手机号]" in card.text
    assert actions(card)[:2] == ["traces_out", "traces_stay"]
    assert "send" not in actions(card)


async def test_an_earlier_send_button_shows_the_warning_first(phone: Phone) -> None:
    await phone.scan("V01")
    await phone.say(MINE)
    await phone.press("send", phone.shown(DraftPreview).draft.draft_id)
    assert phone.sentences == ["traces_first"]


async def test_a_number_broken_over_two_messages_is_marked_taken_out_and_masked(phone: Phone, county: OpenWork) -> None:
    await phone.scan("V01")
    await phone.say("电话1380013")
    assert actions(await shown_preview(phone))[0] == "send"
    await phone.say("8000,我叫李")
    await phone.say("秀 英。")
    card = await shown_preview(phone)
    assert actions(card)[0] == "traces_out"
    assert "电话<u><b>1380013</b></u>[手机号]\n<u><b>8000</b></u>[手机号]," in card.text
    assert "我叫<u><b>李</b></u>[姓名]\n<u><b>秀 英</b></u>[姓名]。" in card.text
    assert "1380013 8000" in card.text
    mark = phone.shown(DraftPreview).draft.draft_id
    await phone.press("traces_stay", mark)
    await phone.press("send", mark)
    receipt = phone.shown(ReceiptMessage).submission.receipt
    async with county() as work:
        said = await dialogue_of(work, await case_of(work, receipt), "zh_Hans")
    assert [one.text for one in said] == ["电话▇手机号▇", "▇手机号▇,我叫▇姓名▇", "▇姓名▇。"]


async def test_a_broken_number_is_taken_out_of_all_its_messages(phone: Phone) -> None:
    await phone.scan("V01")
    await phone.say("1380013")
    await phone.say("8000")
    await phone.press("traces_out", phone.shown(DraftPreview).draft.draft_id)
    assert phone.shown(DraftPreview).draft.texts == ("▇手机号▇", "▇手机号▇")


async def test_all_is_taken_out_of_several_messages_and_captions(phone: Phone, county: OpenWork) -> None:
    await phone.scan("V01")
    await phone.say(MINE)
    await phone.show("李秀英家门口,身份证11010519491231002X")
    mark = phone.shown(DraftPreview).draft.draft_id
    await phone.press("traces_out", mark)
    assert phone.shown(DraftPreview).draft.texts == ("我叫▇姓名▇,手机▇手机号▇。", "▇姓名▇家门口,身份证▇身份证号▇")
    assert actions(await shown_preview(phone))[0] == "send"
    await phone.press("send", mark)
    receipt = phone.shown(ReceiptMessage).submission.receipt
    async with county() as work:
        said = await dialogue_of(work, await case_of(work, receipt), "zh_Hans", bare=True)
        assert [one.text for one in said] == ["我叫▇姓名▇,手机▇手机号▇。", "▇姓名▇家门口,身份证▇身份证号▇"]


async def test_what_is_left_as_it_is_reaches_staff_masked(phone: Phone, county: OpenWork) -> None:
    await phone.scan("V01")
    await phone.say(MINE)
    mark = phone.shown(DraftPreview).draft.draft_id
    await phone.press("traces_stay", mark)
    assert actions(await shown_preview(phone))[0] == "send"
    await phone.press("send", mark)
    receipt = phone.shown(ReceiptMessage).submission.receipt
    async with county() as work:
        case = await case_of(work, receipt)
        assert [one.text for one in await dialogue_of(work, case, "zh_Hans", bare=True)] == [MINE]
        assert [one.text for one in await dialogue_of(work, case, "zh_Hans")] == ["我叫▇姓名▇,手机▇手机号▇。"]


@pytest.mark.parametrize("more", ["卡号6222020200112345", "微信 lixiuying66"])
async def test_another_trace_is_marked_again(phone: Phone, more: str) -> None:
    await phone.scan("V01")
    await phone.say(MINE)
    await phone.press("traces_stay", phone.shown(DraftPreview).draft.draft_id)
    await phone.say("谢谢")
    assert actions(await shown_preview(phone))[0] == "send"
    await phone.say(more)
    assert actions(await shown_preview(phone))[0] == "traces_out"


async def test_what_is_added_by_receipt_is_masked_and_can_be_taken_out(phone: Phone, county: OpenWork) -> None:
    receipt = await phone.complain("V01", "桥裂了")
    await phone.come_back(receipt)
    await phone.add("打我电话13800138000")
    assert phone.sentences == ["added"]
    warned = phone.shown(AddedTraces)
    async with county() as work:
        case = await case_of(work, receipt)
        assert case.state == CaseState.ASSIGNED
        assert [one.text for one in await dialogue_of(work, case, "zh_Hans")][-1] == "打我电话▇手机号▇"
    await phone.press("out", warned.complaint_id)
    assert phone.sentences == ["traces_taken_out"]
    async with county() as work:
        case = await case_of(work, receipt)
        assert [one.text for one in await dialogue_of(work, case, "zh_Hans", bare=True)][-1] == "打我电话▇手机号▇"


async def test_what_was_said_in_the_complaint_stays_when_an_addition_is_cleaned(phone: Phone, county: OpenWork) -> None:
    await phone.scan("V01")
    await phone.say(MINE)
    mark = phone.shown(DraftPreview).draft.draft_id
    await phone.press("traces_stay", mark)
    await phone.press("send", mark)
    receipt = phone.shown(ReceiptMessage).submission.receipt
    await phone.come_back(receipt)
    await phone.add("打13911112222")
    await phone.press("out", phone.shown(AddedTraces).complaint_id)
    async with county() as work:
        said = await dialogue_of(work, await case_of(work, receipt), "zh_Hans", bare=True)
        assert [one.text for one in said] == [MINE, "打▇手机号▇"]


async def test_a_number_added_in_two_messages_is_warned_of_and_taken_out_of_both(
    phone: Phone, county: OpenWork
) -> None:
    receipt = await phone.complain("V01", "桥裂了")
    await phone.come_back(receipt)
    await phone.add("打1380013")
    assert phone.sentences == ["added"]
    await phone.add("8000")
    warned = phone.shown(AddedTraces)
    assert [written for _, written in warned.traces] == ["1380013 8000"]
    async with county() as work:
        said = await dialogue_of(work, await case_of(work, receipt), "zh_Hans")
        assert [one.text for one in said] == ["桥裂了", "打▇手机号▇", "▇手机号▇"]
    await phone.press("out", warned.complaint_id)
    async with county() as work:
        said = await dialogue_of(work, await case_of(work, receipt), "zh_Hans", bare=True)
        assert [one.text for one in said] == ["桥裂了", "打▇手机号▇", "▇手机号▇"]


async def test_a_name_taken_out_of_an_addition_goes_wherever_the_addition_repeats_it(
    phone: Phone, county: OpenWork
) -> None:
    receipt = await phone.complain("V01", "桥裂了")
    await phone.come_back(receipt)
    await phone.add("我叫李秀英,请找李 秀英")
    await phone.press("out", phone.shown(AddedTraces).complaint_id)
    async with county() as work:
        said = await dialogue_of(work, await case_of(work, receipt), "zh_Hans", bare=True)
        assert said[-1].text == "我叫▇姓名▇,请找▇姓名▇"


async def test_a_nickname_and_what_somebody_says_of_themselves_are_marked_and_keep_nobody_from_sending(
    phone: Phone,
) -> None:
    await phone.scan("V01")
    await phone.say("我是村里的会计,账不对。别说是王篾匠讲的")
    card = await shown_preview(phone)
    assert "<u><b>我是村里的会计</b></u>[说到自己的话]" in card.text
    assert "<u><b>王篾匠</b></u>[外号]" in card.text
    assert actions(card)[:2] == ["send", "told_out"]


@pytest.mark.parametrize(
    ("said", "shown_to_staff"),
    [
        ("别人都叫我王老五,路灯坏了", "别人都叫我▇外号▇,路灯坏了"),
        ("路灯坏了。\n村民 李秀英", "路灯坏了。\n村民 ▇姓名▇"),
        ("我丈夫王大力,工资没发", "我丈夫▇姓名▇,工资没发"),
        ("路灯坏了,抖音号qiaotou888", "路灯坏了,抖音号▇账号▇"),
        ("路灯坏了,低保证号5101040012", "路灯坏了,低保证号▇证件号▇"),
    ],
)
async def test_what_names_the_writer_for_certain_is_settled_before_it_is_sent_and_masked_for_staff(
    phone: Phone, county: OpenWork, said: str, shown_to_staff: str
) -> None:
    await phone.scan("V01")
    await phone.say(said)
    assert actions(await shown_preview(phone))[:2] == ["traces_out", "traces_stay"]
    mark = phone.shown(DraftPreview).draft.draft_id
    await phone.press("traces_stay", mark)
    await phone.press("send", mark)
    receipt = phone.shown(ReceiptMessage).submission.receipt
    async with county() as work:
        texts = [one.text for one in await dialogue_of(work, await case_of(work, receipt), "zh_Hans")]
    assert texts == [shown_to_staff]


async def test_whoever_told_it_is_marked_where_nobody_is_to_say_who_it_was(phone: Phone) -> None:
    await phone.scan("V01")
    await phone.say("路灯的钱对不上,别说是李篾匠讲的")
    assert "李篾匠" in (await shown_preview(phone)).text.split("也可能让人认出是您")[1]


async def test_what_is_unsure_is_a_hint_without_a_button(phone: Phone) -> None:
    await phone.scan("V01")
    await phone.say("我在镇上开了个小饭馆,路灯坏了")
    [hint] = phone.shown(DraftPreview).draft.hints
    card = await shown_preview(phone)
    assert hint.written(phone.shown(DraftPreview).draft.texts) in card.text.split("说不定")[1]
    assert "<u><b>" not in card.text
    assert "told_out" not in actions(card)


async def test_what_leads_to_the_writer_by_what_it_means_is_taken_out_wherever_it_is_repeated(phone: Phone) -> None:
    await phone.scan("V01")
    await phone.say("别说是王篾匠讲的")
    await phone.say("路灯坏了。王篾匠说的")
    await phone.press("told_out", phone.shown(DraftPreview).draft.draft_id)
    assert phone.shown(DraftPreview).draft.texts == ("别说是▇外号▇讲的", "路灯坏了。▇外号▇说的")
    assert phone.shown(DraftPreview).draft.self_descriptions == ()
