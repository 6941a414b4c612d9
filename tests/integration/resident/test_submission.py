"""From the scan to the receipt, on both databases: what is kept, what is gone, and where each complaint ends."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from channels.telegram.address import address_of
from handlers.resident.messages import CategoryGrid, DraftPreview, Edited, ReceiptMessage, VisitSummary
from models.base import coarse
from models.complaints import (
    Author,
    Case,
    CaseEvent,
    Complaint,
    ComplaintMessage,
    Conversation,
    MessageKind,
    ReplyAddress,
)
from models.desk import DIRECTOR_DESK, OFFICE_DESK, Desk
from models.staff import Recusal, RecusalState
from models.states import CaseState
from privacy.seal import SealingKey
from services.intake.conversation_store import load_conversation, purge_conversations, source_of
from services.sealed_messages import opened
from storage.folder import FolderStore
from tests.conftest import NOW, OpenWork
from tests.integration.resident.conftest import PHOTO, Phone, case_of, complaint_of


async def counts(open_work: OpenWork, *tables: Any) -> list[int]:
    async with open_work() as work:
        return [await work.session.scalar(select(func.count()).select_from(table)) or 0 for table in tables]


async def test_what_was_said_and_shown_arrives_sealed_and_in_order(phone: Phone, attachment_store: FolderStore) -> None:
    await phone.scan("V06")
    await phone.say("鱼塘三十多亩")
    await phone.show("就是这里")
    await phone.say("一年才八千块")
    await phone.press("send", phone.shown(DraftPreview).draft.draft_id)
    receipt = phone.shown(ReceiptMessage).submission.receipt
    async with phone.open_work() as work:
        complaint = await complaint_of(work, receipt)
        assert complaint.village_id == "V06"
        assert complaint.received_at == coarse(NOW)
        rows = list(
            await work.session.scalars(
                select(ComplaintMessage)
                .where(ComplaintMessage.complaint_id == complaint.id)
                .order_by(ComplaintMessage.position)
            )
        )
        contents = [opened(work, "R6", row) or {} for row in rows]
        assert [content["text"] for content in contents] == ["鱼塘三十多亩", "就是这里", "一年才八千块"]
        assert [row.kind for row in rows] == [MessageKind.TEXT, MessageKind.PHOTO, MessageKind.TEXT]
        assert {row.author for row in rows} == {Author.REPORTER}
        own_key = SealingKey.from_identity(contents[1]["file_key"])
        assert own_key.open(rows[1].id, attachment_store.get(rows[1].id)) == PHOTO.data


async def test_after_sending_no_draft_is_left_and_after_an_hour_no_conversation(phone: Phone) -> None:
    await phone.complain("V06", "鱼塘的账不公开")
    assert await counts(phone.open_work, ReplyAddress) == [0]
    assert await counts(phone.open_work, Complaint, Case) == [1, 1]
    async with phone.open_work() as work:
        conversation = await load_conversation(work, phone.address)
        assert (conversation.draft, conversation.just_sent) == (None, True)
    async with phone.open_work(now=NOW + timedelta(hours=2)) as work:
        assert (await load_conversation(work, phone.address)).visit is None
        await purge_conversations(work)
    assert await counts(phone.open_work, Conversation) == [0]


async def test_sending_twice_makes_one_complaint(phone: Phone) -> None:
    await phone.scan("V06")
    await phone.say("鱼塘的账不公开")
    mark = phone.shown(DraftPreview).draft.draft_id
    await phone.press("send", mark)
    await phone.press("send", mark)
    assert phone.sentences == ["old_card"]
    assert await counts(phone.open_work, Complaint, Case) == [1, 1]


async def test_the_card_of_a_sent_draft_cannot_send_the_next_one(phone: Phone) -> None:
    await phone.scan("V06")
    await phone.say("鱼塘的账不公开")
    mark = phone.shown(DraftPreview).draft.draft_id
    await phone.press("send", mark)
    await phone.scan("V06")
    await phone.say("还没说完的另一件")
    await phone.press("send", mark)
    assert phone.sentences == ["old_card"]
    assert phone.shown(DraftPreview).draft.texts == ("还没说完的另一件",)
    assert await counts(phone.open_work, Complaint) == [1]


async def test_the_category_chosen_goes_before_the_guessed_one(phone: Phone) -> None:
    await phone.scan("V06")
    await phone.say("低保评得不公")
    await phone.press("category", phone.shown(DraftPreview).draft.draft_id)
    await phone.press("choose", phone.shown(CategoryGrid).draft.draft_id, "style")
    await phone.press("send", phone.shown(DraftPreview).draft.draft_id)
    async with phone.open_work() as work:
        assert (await case_of(work, phone.shown(ReceiptMessage).submission.receipt)).category == "style"


async def test_the_category_for_the_team_itself_keeps_it_from_the_team(phone: Phone) -> None:
    await phone.scan("V06")
    await phone.say("他们来了什么都不看")
    await phone.press("choose", phone.shown(DraftPreview).draft.draft_id, "team_conduct")
    await phone.press("send", phone.shown(DraftPreview).draft.draft_id)
    async with phone.open_work() as work:
        case = await case_of(work, phone.shown(ReceiptMessage).submission.receipt)
        assert (case.desk, case.concerns_team) == (DIRECTOR_DESK, True)


async def test_an_edited_message_is_sent_as_it_says_now(phone: Phone) -> None:
    await phone.scan("V06")
    await phone.say("鱼塘三十亩")
    async with phone.open_work() as work:
        [piece] = (await load_conversation(work, phone.address)).draft.pieces  # type: ignore[union-attr]
    await phone.send(Edited(piece.source, "鱼塘四十亩"))
    assert phone.shown(DraftPreview).draft.texts == ("鱼塘四十亩",)
    async with phone.open_work() as work:
        assert (await load_conversation(work, phone.address)).draft.texts == ("鱼塘四十亩",)  # type: ignore[union-attr]


async def test_an_edited_caption_leaves_the_photo(phone: Phone, attachment_store: FolderStore) -> None:
    await phone.scan("V06")
    await phone.show("鱼塘")
    async with phone.open_work() as work:
        [piece] = (await load_conversation(work, phone.address)).draft.pieces  # type: ignore[union-attr]
    await phone.send(Edited(piece.source, "鱼塘和路"))
    assert (phone.shown(DraftPreview).draft.files, phone.shown(DraftPreview).draft.texts) == (1, ("鱼塘和路",))
    assert len(list(attachment_store.ids())) == 1


async def test_two_people_at_one_poster_do_not_see_each_others_drafts(phone: Phone, county: OpenWork) -> None:
    other = Phone(county, address=address_of(7_301_442_902))
    await phone.scan("V06")
    await other.scan("V06")
    await phone.say("鱼塘的账不公开")
    await other.say("路灯不亮")
    await phone.say("会计不让看")
    assert phone.shown(DraftPreview).draft.texts == ("鱼塘的账不公开", "会计不让看")
    assert other.shown(DraftPreview).draft.texts == ("路灯不亮",)


async def test_a_draft_dies_after_a_day_of_silence_and_its_photos_with_it(
    phone: Phone, attachment_store: FolderStore
) -> None:
    await phone.scan("V06")
    await phone.show("鱼塘")
    async with phone.open_work(now=NOW + timedelta(hours=24)) as work:
        assert await purge_conversations(work) == 0
    async with phone.open_work(now=NOW + timedelta(hours=25)) as work:
        assert await purge_conversations(work) == 1
    assert await counts(phone.open_work, Conversation) == [0]
    assert list(attachment_store.ids()) == []


async def test_a_draft_that_died_before_the_clock_came_by_is_not_found(
    phone: Phone, attachment_store: FolderStore
) -> None:
    await phone.scan("V06")
    await phone.show("鱼塘")
    mark = phone.shown(DraftPreview).draft.draft_id
    phone.now = NOW + timedelta(hours=26)
    await phone.press("send", mark)
    assert phone.sentences == ["old_card"]
    assert await counts(phone.open_work, Complaint, Conversation) == [0, 0]
    assert list(attachment_store.ids()) == []


async def test_every_message_gives_a_draft_another_day(phone: Phone) -> None:
    await phone.scan("V06")
    await phone.say("第一句")
    phone.now = NOW + timedelta(hours=20)
    await phone.say("第二句")
    phone.now = NOW + timedelta(hours=40)
    await phone.say("第三句")
    assert phone.shown(DraftPreview).draft.texts == ("第一句", "第二句", "第三句")


async def test_discarding_deletes_text_and_photos(phone: Phone, attachment_store: FolderStore) -> None:
    await phone.scan("V06")
    await phone.say("鱼塘")
    await phone.show()
    await phone.press("discard_yes", phone.shown(DraftPreview).draft.draft_id)
    assert await counts(phone.open_work, Conversation) == [0]
    assert list(attachment_store.ids()) == []


async def test_a_code_typed_inside_a_draft_opens_the_visit_and_the_draft_waits(phone: Phone) -> None:
    receipt = await phone.complain("V06", "鱼塘的账不公开")
    await phone.scan("V05")
    await phone.say("低保不公平")
    await phone.come_back(receipt)
    visit = phone.shown(VisitSummary)
    assert visit.draft_waits
    await phone.press("leave", visit.visit.complaint_id)
    assert phone.shown(DraftPreview).draft.texts == ("低保不公平",)
    await phone.press("send", phone.shown(DraftPreview).draft.draft_id)
    assert await counts(phone.open_work, Complaint) == [2]


async def test_scanning_again_and_again_leaves_one_conversation(phone: Phone) -> None:
    for village in ("V06", "V05", "V06"):
        await phone.scan(village)
    assert await counts(phone.open_work, Conversation) == [1]


# ---- where complaints end


def place_of(complaint: dict[str, Any], sample: dict[str, Any]) -> str:
    """Return the village whose code was scanned; the sample names it by its code."""
    [village] = [village for village in sample["villages"] if village["qr_token"] == complaint["qr_token"]]
    return str(village["id"])


async def test_every_complaint_of_the_sample_ends_where_it_should(phone: Phone, sample: dict[str, Any]) -> None:
    ends: dict[str, Any] = {}
    expected: dict[str, Any] = {}
    for complaint in sample["complaints"]:
        should = complaint["expected"]
        receipt = await phone.complain(place_of(complaint, sample), complaint["text"])
        async with phone.open_work() as work:
            case = await case_of(work, receipt)
            ends[complaint["id"]] = (
                case.team_id,
                case.desk,
                case.state,
                case.category if case.category in should["categories"] else f"{case.category}?",
                case.hazard,
                case.suspected_spam,
            )
            team = should["team"]
            spam = "advertisement" in should["flags"]
            category = case.category if case.category in should["categories"] else should["categories"][0]
            expected[complaint["id"]] = (
                team,
                Desk.team(team) if team else OFFICE_DESK,
                CaseState.ASSIGNED if team else CaseState.PENDING_ASSIGN,
                category,
                should["urgency"] == "emergency",
                spam,
            )
            assert should["restricted_to"] is None  # otherwise the desk above is wrong
    assert ends == expected


@pytest.mark.parametrize(
    ("place", "text", "toggles", "desk", "state"),
    [
        ("V06", "镇上一把手收礼", {"head": True}, Desk.leader("T2"), CaseState.RESTRICTED),
        ("V06", "巡察组的人吃请", {"team": True}, DIRECTOR_DESK, CaseState.RESTRICTED),
        ("V06", "巡察组的人收了村里的烟酒", {}, DIRECTOR_DESK, CaseState.RESTRICTED),
        ("V06", "巡察组的人你们好,路灯不亮", {}, Desk.team("T2"), CaseState.ASSIGNED),
        ("V06", "两头都有问题", {"team": True, "head": True}, DIRECTOR_DESK, CaseState.RESTRICTED),
        ("V06", "板栗坳村的路也没修", {}, OFFICE_DESK, CaseState.PENDING_ASSIGN),
        ("V06", "枫汊乡政府欠我工钱", {}, OFFICE_DESK, CaseState.PENDING_ASSIGN),
        ("V06", "板栗坳的桥要垮了", {}, Desk.team("T2"), CaseState.ASSIGNED),
        ("V06", "石蒲湾村也一样", {}, Desk.team("T2"), CaseState.ASSIGNED),
        ("U4", "公租房一户没分", {}, Desk.team("T1"), CaseState.ASSIGNED),
    ],
)
async def test_what_it_concerns_decides_who_sees_it(
    phone: Phone, place: str, text: str, toggles: dict[str, bool], desk: Desk, state: CaseState
) -> None:
    receipt = await phone.complain(place, text, **toggles)
    async with phone.open_work() as work:
        case = await case_of(work, receipt)
        assert (case.desk, case.state) == (desk, state)
        assert case.unit_id == ("U4" if place == "U4" else "U2")


async def test_a_recused_leader_never_gets_what_concerns_the_head(phone: Phone, county: OpenWork) -> None:
    async with county() as work:
        work.session.add(Recusal(staff_id="P08", unit_id="U2", state=RecusalState.DECLARED, reason="亲属"))
    receipt = await phone.complain("V06", "镇上一把手收礼", head=True)
    async with county() as work:
        assert (await case_of(work, receipt)).desk == DIRECTOR_DESK


async def test_a_team_that_is_shut_out_as_a_whole_never_gets_the_case(phone: Phone, county: OpenWork) -> None:
    async with county() as work:
        for staff_id in ("P08", "P09", "P10"):
            await work.session.merge(
                Recusal(staff_id=staff_id, unit_id="U2", state=RecusalState.ORDERED, reason="回避")
            )
    receipt = await phone.complain("V06", "鱼塘的账不公开")
    async with county() as work:
        assert (await case_of(work, receipt)).desk == DIRECTOR_DESK


async def test_the_log_of_a_new_case_holds_no_word_of_the_resident(phone: Phone) -> None:
    receipt = await phone.complain("V06", "鱼塘的账不公开")
    async with phone.open_work() as work:
        case = await case_of(work, receipt)
        events = list(await work.session.scalars(select(CaseEvent).order_by(CaseEvent.version)))
        assert [event.event for event in events] == ["receive", "assign"]
        assert all(event.at == coarse(NOW) and event.by_id is None for event in events)
        assert case.received_at == coarse(NOW)


async def test_the_receipt_tells_how_soon_somebody_looks(phone: Phone) -> None:
    await phone.complain("V06", "鱼塘的账不公开")
    assert phone.shown(ReceiptMessage).submission.first_look_hours == 24
    await phone.complain("V02", "桥要垮了")
    assert phone.shown(ReceiptMessage).submission.first_look_hours == 2


async def test_a_message_has_another_source_in_another_chat(county: OpenWork) -> None:
    async with county() as work:
        secret = work.keyring.lane_secret
        assert len({source_of(secret, address_of(chat), number) for chat in (1, 2, 12) for number in (1, 2, 21)}) == 9
