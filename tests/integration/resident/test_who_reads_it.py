"""What the preview promises, where a complaint lies, what the receipt says and who may read it are one thing."""

import pytest

from handlers.cases.card import private_card
from handlers.resident.messages import DraftPreview, Edited, ReceiptMessage
from handlers.resident.rendering import Renderer
from models.staff import Recusal, RecusalState
from privacy.receipt import Receipt
from services.access.member import member
from services.intake.route import Because, Promise, ReadBy
from tests.conftest import OpenWork
from tests.integration.resident.conftest import Phone, case_of, readers_of
from texts.catalogue import Words

TEAM_2, LEADER_1, LEADER_2 = {"P08", "P09", "P10"}, {"P05"}, {"P08"}
DIRECTOR, OFFICE = {"P03"}, {"P03", "P04"}

# At V02 and U1 team T1 is responsible, at V06 team T2; the place, the words, who reads it, why, and who that is.
TOLD = {
    "the head by name": ("V02", "邢立收了包工头的红包", ReadBy.LEADER, Because.CONCERNS_HEAD, LEADER_1),
    "the head by post, in a town": ("V06", "我们镇书记收钱办事", ReadBy.LEADER, Because.CONCERNS_HEAD, LEADER_2),
    "the head by post, in a bureau": ("U4", "局长的车是老板送的", ReadBy.LEADER, Because.CONCERNS_HEAD, LEADER_1),
    "the head by post, in a village": ("V06", "村支书把鱼塘包给他自己", ReadBy.LEADER, Because.CONCERNS_HEAD, LEADER_2),
    "the head by kinship": ("V06", "书记的小舅子包了鱼塘", ReadBy.LEADER, Because.CONCERNS_HEAD, LEADER_2),
    "the head in traditional script": ("V06", "鎮書記收紅包", ReadBy.LEADER, Because.CONCERNS_HEAD, LEADER_2),
    "the team by what is seen of it": (
        "V06", "你们组里戴眼镜那个收了烟", ReadBy.DIRECTOR, Because.CONCERNS_TEAM, DIRECTOR,
    ),
    "the team by distrust": ("V06", "账目有问题,别让他们组看", ReadBy.DIRECTOR, Because.CONCERNS_TEAM, DIRECTOR),
    "the leader of the team by name": ("V06", "隋安澜收了两条烟", ReadBy.DIRECTOR, Because.NAMES_LEADER, DIRECTOR),
    "the leader of the team by a name that sounds so": (
        "V06", "隋安兰收了两条烟", ReadBy.DIRECTOR, Because.NAMES_LEADER, DIRECTOR,
    ),
    "a member of the team by name": ("V06", "周启程的车停在路中间", ReadBy.TEAM, Because.OWN_TEAM, {"P08", "P10"}),
    "an advertisement": ("V06", "刷单日结,加V:test0000", ReadBy.OFFICE, Because.ADVERTISEMENT, OFFICE),
    "another team's village": ("V06", "板栗坳村的路也没修", ReadBy.OFFICE, Because.OTHER_TEAM, OFFICE),
    "a danger in another team's village": ("V06", "板栗坳村的桥要垮了", ReadBy.TEAM, Because.OWN_TEAM, TEAM_2),
    "no team": (None, "路灯不亮", ReadBy.OFFICE, Because.NO_TEAM, OFFICE),
    "the matter of the team": ("V06", "路灯不亮", ReadBy.TEAM, Because.OWN_TEAM, TEAM_2),
}  # fmt: skip


async def promised(phone: Phone, place: str | None, *texts: str, decided: tuple[str, ...] = ()) -> Promise:
    """Scan and say it; return what the preview promises, once some toggles were pressed."""
    await phone.scan(place)
    for text in texts:
        await phone.say(text)
    for name in decided:
        await phone.press("toggle", phone.shown(DraftPreview).draft.draft_id, name)
    promise = phone.shown(DraftPreview).promise
    assert promise is not None
    return promise


async def sent(phone: Phone) -> Receipt:
    """Send what was said."""
    draft = phone.shown(DraftPreview).draft
    if draft.has_unsettled_traces:
        await phone.press("traces_stay", draft.draft_id)
    await phone.press("send", draft.draft_id)
    return phone.shown(ReceiptMessage).submission.receipt


@pytest.mark.parametrize(("place", "text", "read_by", "because", "who"), TOLD.values(), ids=TOLD)
async def test_the_promise_the_receipt_and_those_who_may_read_it_are_the_same(
    phone: Phone, place: str | None, text: str, read_by: ReadBy, because: Because, who: set[str]
) -> None:
    promise = await promised(phone, place, text)
    assert (promise.read_by, promise.because) == (read_by, because)
    receipt = await sent(phone)
    assert phone.shown(ReceiptMessage).submission.read_by == read_by
    assert await readers_of(phone, receipt) == who


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("邢立收了包工头的红包", ("邢立",)),
        ("村里的支书的小舅子包了鱼塘", ("支书",)),
        ("板栗坳村的路也没修", ("板栗坳村",)),
    ],
)
async def test_the_preview_names_the_words_that_led_to_it(phone: Phone, text: str, words: tuple[str, ...]) -> None:
    promise = await promised(phone, "V02", text)
    assert promise.words == words
    async with phone.open_work() as work:
        speaking = Renderer("zh_Hans", await work.categories())
    [message] = speaking.messages(phone.shown(DraftPreview))
    assert all(f"您提到“{word}”" in message.text for word in words)


async def test_a_text_about_the_head_ticks_the_box_and_the_resident_may_untick(phone: Phone) -> None:
    await promised(phone, "V06", "村支书把鱼塘包给他自己")
    assert phone.shown(DraftPreview).draft.toggles["head"]
    await phone.press("toggle", phone.shown(DraftPreview).draft.draft_id, "head")
    shown = phone.shown(DraftPreview)
    assert not shown.draft.toggles["head"]
    assert shown.promise == Promise(ReadBy.TEAM, Because.OWN_TEAM)
    assert await readers_of(phone, await sent(phone)) == TEAM_2


async def test_what_was_unticked_is_not_ticked_again_by_more_of_the_same(phone: Phone) -> None:
    await promised(phone, "V06", "村支书把鱼塘包给他自己", decided=("head",))
    await phone.say("书记的小舅子也在里头")
    assert phone.shown(DraftPreview).draft.toggles["head"] is False
    await phone.say("你们组里戴眼镜那个收了他的烟")  # something new, of another kind
    shown = phone.shown(DraftPreview)
    assert (shown.draft.toggles["head"], shown.draft.toggles["team"]) == (False, True)
    assert shown.promise is not None
    assert shown.promise.read_by == ReadBy.DIRECTOR


async def test_what_was_ticked_by_hand_stays_whatever_is_said(phone: Phone) -> None:
    await promised(phone, "V06", "路灯不亮", decided=("head",))
    await phone.say("还有水渠")
    assert phone.shown(DraftPreview).draft.toggles["head"]
    await phone.say("村支书不管")
    assert phone.shown(DraftPreview).draft.toggles["head"]


async def test_a_box_that_was_ticked_by_itself_goes_with_the_words(phone: Phone) -> None:
    await phone.scan("V06")
    await phone.say("村支书把鱼塘包给他自己")
    draft = phone.shown(DraftPreview).draft
    await phone.send(Edited(draft.pieces[0].source, "路灯不亮"))
    assert not phone.shown(DraftPreview).draft.toggles["head"]


async def test_one_turned_on_and_off_before_anything_was_said_is_ticked_by_what_is_said_then(phone: Phone) -> None:
    await promised(phone, "V06", "路灯不亮", decided=("head", "head"))
    await phone.say("村支书不管")
    assert phone.shown(DraftPreview).draft.toggles["head"]


async def test_what_is_unsure_goes_the_safer_way(phone: Phone) -> None:
    promise = await promised(phone, "V04", "卓亦凡收了红包")  # it only sounds like the name of a head
    assert (promise.read_by, promise.because) == (ReadBy.LEADER, Because.CONCERNS_HEAD)


async def test_where_everybody_is_shut_out_nobody_is_promised(phone: Phone, county: OpenWork) -> None:
    async with county() as work:
        for person in ("P03", "P08", "P09", "P10"):
            recusal = Recusal(staff_id=person, unit_id="U2", state=RecusalState.ORDERED, reason="回避")
            await work.session.merge(recusal)
    promise = await promised(phone, "V06", "路灯不亮")
    assert promise.read_by == ReadBy.NOBODY
    receipt = await sent(phone)
    assert phone.shown(ReceiptMessage).submission.read_by == ReadBy.NOBODY
    assert await readers_of(phone, receipt) == set()


async def test_the_card_of_a_case_shows_all_its_matters(phone: Phone) -> None:
    receipt = await phone.complain("V06", "一是低保评得不公;二是路灯不亮,路也烂了")
    async with phone.open_work() as work:
        case = await case_of(work, receipt)
        assert {case.category, *(case.further_categories or ())} == {"subsistence_allowance", "road"}
        case.held_until = None
        card = await private_card(work, Words("zh_Hans"), await member(work.session, "P09"), case)
        assert card is not None
        known = await work.directory()
        assert all(known.category(code).zh_hans in card.text for code in ("subsistence_allowance", "road"))
