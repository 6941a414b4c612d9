"""A receipt code that somebody writes among other words is read where it is meant, kept nowhere and shown to nobody."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from handlers.resident.messages import (
    AdditionPreview,
    DraftPreview,
    Edited,
    FileSent,
    ReceiptMessage,
    Sentence,
    VisitSummary,
)
from models.complaints import Complaint, ComplaintMessage
from models.urgency import Urgency
from privacy.receipt import Receipt, Script, new_receipt
from privacy.traces import find_codes
from services.cases.read_case import dialogue_of
from services.sealed_messages import opened
from tests.conftest import OpenWork
from tests.drafts import pieces_opened
from tests.integration.resident.conftest import PHOTO, Phone, case_of

LONG = "村口的路灯坏了三个月，一直没有人来修，晚上走路看不见。"
MISTYPED = "回执码:乔农药漏 涯滨坤爷"
MEANINGLESS = new_receipt(lambda size: bytes(range(3, 3 + size)))  # 乔叔峦倾 涯滨坤爷


def one_piece(receipt: Receipt) -> list[str]:
    return [LONG + "".join(receipt.words(Script.SIMPLIFIED)) + "怎么还没答复"]


def four_and_four(receipt: Receipt) -> list[str]:
    return [LONG + "前面是{}，后面的是{}。".format(*receipt.text(Script.SIMPLIFIED).split())]


def from_behind(receipt: Receipt) -> list[str]:
    return [LONG + receipt.text(Script.TRADITIONAL)[::-1]]


def two_messages(receipt: Receipt) -> list[str]:
    words = receipt.words(Script.SIMPLIFIED)
    return [LONG + "".join(words[:5]), "".join(words[5:]) + LONG]


def three_messages(receipt: Receipt) -> list[str]:
    words = receipt.words(Script.ENGLISH)
    return [f"{LONG}{' '.join(words[start : start + 3])}。{LONG}" for start in (0, 3, 6)]


async def say_all(phone: Phone, texts: list[str]) -> None:
    """Say some texts; one asked about, as words of a code read like anything, is to be taken all the same."""
    for text in texts:
        await phone.say(text)
        asked = [
            choice for reply in phone.last if isinstance(reply, Sentence) for row in reply.choices for choice in row
        ]
        for choice in asked:
            if choice.action == "take":
                await phone.press("take", choice.subject)


WAYS = [one_piece, four_and_four, from_behind, two_messages, three_messages]
Way = Callable[[Receipt], list[str]]


async def kept(county: OpenWork) -> list[str]:
    """Return everything that is stored of what residents have said, complaint by complaint."""
    async with county() as work:
        drafted = [piece["text"] for piece in await pieces_opened(work.session, work.keyring)]
        rows = await work.session.scalars(
            select(ComplaintMessage).order_by(ComplaintMessage.complaint_id, ComplaintMessage.position)
        )
        return [*drafted, *((opened(work, "R6", row) or {})["text"] for row in rows)]


def holds(texts: list[str], receipt: Receipt) -> bool:
    return receipt in [found for found, _ in find_codes(texts)]


@pytest.mark.parametrize("way", WAYS)
async def test_a_code_in_a_draft_is_taken_out_before_anything_is_kept(phone: Phone, county: OpenWork, way: Way) -> None:
    receipt = await phone.complain("V01", "桥裂了")
    await phone.press("done", "")
    await phone.scan("V02")
    await say_all(phone, way(receipt))
    shown = list(phone.shown(DraftPreview).draft.texts)
    assert not holds(shown, receipt)
    assert LONG in shown[0]
    assert not holds(await kept(county), receipt)
    await phone.press("send", phone.shown(DraftPreview).draft.draft_id)
    sent = phone.shown(ReceiptMessage).submission.receipt
    async with county() as work:
        case = await case_of(work, sent)
        for bare in (False, True):
            said = [one.text for one in await dialogue_of(work, case, "zh_Hans", bare=bare)]
            assert not holds(said, receipt)
            assert any("▇回执码▇" in text for text in said)


@pytest.mark.parametrize("way", WAYS)
async def test_a_code_in_what_is_added_is_taken_out_before_anything_is_kept(
    phone: Phone, county: OpenWork, way: Way
) -> None:
    receipt = await phone.complain("V01", "桥裂了")
    await phone.come_back(receipt)
    await say_all(phone, way(receipt))
    for shown in [reply for reply in phone.last if isinstance(reply, AdditionPreview)]:
        assert not holds(list(shown.addition.texts), receipt)
        await phone.press("put_in", shown.complaint_id)
    texts = await kept(county)
    assert not holds(texts, receipt)
    assert any("▇回执码▇" in text for text in texts)
    assert any(LONG in text for text in texts)


@pytest.mark.parametrize("between", ["账目从来没有公开过，问了也不说，", "天地山水"])
@pytest.mark.parametrize("count", range(1, 8))
async def test_the_own_code_is_taken_out_also_with_words_of_codes_in_it(
    phone: Phone, county: OpenWork, monkeypatch: pytest.MonkeyPatch, between: str, count: int
) -> None:
    # The words of a code that is drawn may happen to say something that is answered otherwise.
    monkeypatch.setattr("services.intake.submit.new_receipt", lambda: MEANINGLESS)
    receipt = await phone.complain("V01", "桥裂了")
    await phone.come_back(receipt)
    words = receipt.words(Script.SIMPLIFIED)
    await phone.add(LONG + "".join([*words[:count], between, *words[count:]]) + LONG)
    await phone.add(LONG + "水".join(words) + LONG)
    [_, first, second] = await kept(county)
    assert "".join(words[:count]) not in first
    assert "".join(words[count:]) not in first
    assert between in first
    assert "水".join(words) not in second


async def test_a_code_put_into_a_draft_by_an_edit_or_a_caption_is_taken_out(phone: Phone, county: OpenWork) -> None:
    receipt = await phone.complain("V01", "桥裂了")
    [text] = one_piece(receipt)
    await phone.press("done", "")
    await phone.scan("V02")
    await phone.say(LONG)
    source = phone.shown(DraftPreview).draft.pieces[0].source
    await phone.send(Edited(source, text))
    assert "▇回执码▇" in phone.shown(DraftPreview).draft.texts[0]
    await phone.send(FileSent(PHOTO, text, "a photo", None))
    assert "▇回执码▇" in phone.shown(DraftPreview).draft.texts[1]
    assert not holds(await kept(county), receipt)


@pytest.mark.parametrize(
    "sentence", ["{}怎么还没答复", "我的回执码是：{}，谢谢", "回执码：{} 谢谢", "我的 {} 怎么没答复"]
)
@pytest.mark.parametrize("within", ["nothing", "draft", "visit"])
async def test_a_code_with_a_few_words_opens_its_complaint(
    phone: Phone, county: OpenWork, sentence: str, within: str
) -> None:
    receipt = await phone.complain("V01", "桥裂了")
    if within == "visit":
        await phone.come_back(receipt)
    else:
        await phone.press("done", "")
    if within == "draft":
        await phone.scan("V02")
        await phone.say(LONG)
    await phone.say(sentence.format("".join(receipt.words(Script.SIMPLIFIED))))
    async with county() as work:
        complaint = (await work.session.scalars(select(Complaint))).one()
    assert phone.shown(VisitSummary).visit.complaint_id == complaint.id
    assert "only_code_read" in phone.sentences
    assert not holds(await kept(county), receipt)


async def test_what_only_looks_like_a_code_and_opens_nothing_stays_as_it_was_written(
    phone: Phone, county: OpenWork
) -> None:
    text = LONG + "去年刚从广东打工回来开的店"  # it fits the check
    assert find_codes([text])
    await phone.scan("V02")
    await phone.say(text)
    assert await kept(county) == [text]


async def test_the_words_of_a_code_gone_wrong_that_its_writer_insists_on_mean_nothing_in_a_draft(phone: Phone) -> None:
    await phone.scan("V02")
    await phone.say("村里的低保名额从来没有公示，群众不知道给了谁，请你们查一查。")
    alone = phone.shown(DraftPreview).draft.meaning
    await say_all(phone, [MISTYPED])
    draft = phone.shown(DraftPreview).draft
    assert MISTYPED in draft.texts
    assert (draft.meaning.urgency, draft.meaning.category) == (alone.urgency, alone.category)
    await phone.say("农药漏了")
    assert phone.shown(DraftPreview).draft.meaning.urgency is Urgency.DANGER


async def test_a_crisis_that_is_sure_is_one_beside_a_code_gone_wrong(phone: Phone) -> None:
    await phone.scan("V02")
    await say_all(phone, [MISTYPED, "我不想活了，今晚就喝农药"])
    assert phone.shown(DraftPreview).draft.meaning.crisis_is_sure
