"""Coming back with the receipt code: seeing, adding, answering, withdrawing, judging; and what is pushed."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from channels.telegram.address import address_of
from handlers.resident.messages import ReceiptMessage, ResidentCommand, TextSent, VisitSummary
from models.clocks import Clock
from models.complaints import Author, CaseComplaint, CaseEvent, Complaint, ComplaintMessage, MessageKind, ReplyAddress
from models.rounds import County
from models.states import Actor, CaseState
from privacy.receipt import Receipt, Script, new_receipt
from services.cases.case_log import case_to_change, step
from services.cases.clocks import clocks_of
from services.cases.dialogue import MOST_MESSAGES, say_to_reporter
from services.intake.visit import ReporterAction, Withdrawal, withdraw
from services.retention.expiry import close_unquestioned
from services.rounds.settings_versions import enter_settings_version
from services.sealed_messages import opened
from services.unit_of_work import UnitOfWork
from storage.folder import FolderStore
from tests.conftest import NOW, OpenWork
from tests.integration.resident.conftest import Phone, case_of, complaint_of, pushed, visit_of
from tests.notices import notice_of, rendered_for

TEAM = (Actor.TEAM_MEMBER, Actor.TEAM_LEADER)


async def take_steps(work: UnitOfWork, receipt: Receipt, *actions: str, actors: tuple[Actor, ...] = TEAM) -> None:
    case = await case_to_change(work, (await case_of(work, receipt)).id)
    for action in actions:
        await step(work, case, action, actors)


async def ask(work: UnitOfWork, receipt: Receipt, question: str) -> None:
    await take_steps(work, receipt, "ask")
    await say_to_reporter(work, await case_of(work, receipt), MessageKind.QUESTION, question)


async def answer(work: UnitOfWork, receipt: Receipt, text: str) -> None:
    await take_steps(work, receipt, "accept", "verify", "answer")
    await say_to_reporter(work, await case_of(work, receipt), MessageKind.ANSWER, text)


async def said_by_reporter(work: UnitOfWork, receipt: Receipt) -> list[str]:
    complaint = await complaint_of(work, receipt)
    rows = await work.session.scalars(
        select(ComplaintMessage)
        .where(ComplaintMessage.complaint_id == complaint.id, ComplaintMessage.author == Author.REPORTER)
        .order_by(ComplaintMessage.position)
    )
    return [(opened(work, "R6", row) or {})["text"] for row in rows]


async def events_of(work: UnitOfWork, receipt: Receipt) -> list[str]:
    case = await case_of(work, receipt)
    query = select(CaseEvent.event).where(CaseEvent.case_id == case.id).order_by(CaseEvent.version)
    return list(await work.session.scalars(query))


# ---- seeing


async def test_what_was_promised_with_the_receipt_is_what_the_clocks_hold(phone: Phone, county: OpenWork) -> None:
    receipt = await phone.complain("V06", "鱼塘的账不公开")
    promised = phone.shown(ReceiptMessage).submission
    async with county() as work:
        clocks = await clocks_of(work, await case_of(work, receipt))
        assert clocks[Clock.FIRST_LOOK].ends_at == NOW + timedelta(hours=promised.first_look_hours)
        day = (NOW + timedelta(days=promised.accept_days)).astimezone(work.zone).date()
        assert (await visit_of(work, receipt)).decided_by == day
        assert clocks[Clock.DECISION].ends_at.astimezone(work.zone).date() == day + timedelta(days=1)  # it counts whole


async def test_the_day_of_the_decision_moves_on_while_the_reporter_is_asked_and_is_gone_once_it_is_decided(
    phone: Phone, county: OpenWork
) -> None:
    receipt = await phone.complain("V06", "鱼塘的账不公开")
    async with county() as work:
        day = (await visit_of(work, receipt)).decided_by
        assert day is not None
        await ask(work, receipt, "是哪一口塘?")
    async with county(now=NOW + timedelta(days=3)) as work:
        assert (await visit_of(work, receipt)).decided_by == day + timedelta(days=3)
        await take_steps(work, receipt, "go_on", actors=(Actor.SYSTEM,))
    async with county(now=NOW + timedelta(days=5)) as work:
        assert (await visit_of(work, receipt)).decided_by == day + timedelta(days=3)
        await take_steps(work, receipt, "accept")
        assert (await visit_of(work, receipt)).decided_by is None


async def test_a_receipt_promises_what_its_round_began_under(phone: Phone, county: OpenWork) -> None:
    async with county() as work:
        entered = await work.session.get_one(County, 1)
        entered.settings = entered.settings | {"complaint": {"accept_days": 5, "first_look_hours": 1}}
        await enter_settings_version(work, entered.settings["complaint"])
    await phone.complain("V06", "鱼塘的账不公开")
    promised = phone.shown(ReceiptMessage).submission
    assert (promised.first_look_hours, promised.accept_days) == (24, 15)


@pytest.mark.parametrize("script", Script)
async def test_the_code_shows_the_state_and_what_the_team_said_from_any_phone(
    phone: Phone, county: OpenWork, script: Script
) -> None:
    receipt = await phone.complain("V06", "鱼塘的账不公开")
    async with county() as work:
        await ask(work, receipt, "是哪一口塘?")
    other_phone = Phone(county, address=address_of(7_301_442_999), language="en")
    await other_phone.say(receipt.text(script))
    visit = other_phone.shown(VisitSummary).visit
    assert visit.state == CaseState.NEED_INFO
    assert [said.text for said in visit.team_messages] == ["是哪一口塘?"]
    assert visit.asked
    assert (visit.texts, visit.files) == (1, 0)


async def test_what_the_reporter_said_is_not_shown_again(phone: Phone) -> None:
    receipt = await phone.complain("V06", "鱼塘的账不公开")
    await phone.come_back(receipt)
    assert "鱼塘" not in repr(phone.last)


async def test_a_code_nobody_was_given_is_answered(phone: Phone) -> None:
    await phone.come_back(new_receipt())
    assert phone.sentences == ["no_such_receipt"]


async def test_a_visit_ends_after_an_hour_of_silence(phone: Phone) -> None:
    receipt = await phone.complain("V06", "鱼塘的账不公开")
    await phone.come_back(receipt)
    phone.now = NOW + timedelta(hours=2)
    await phone.say("还有一件事")
    assert phone.sentences == ["not_scanned"]
    async with phone.open_work() as work:
        assert await said_by_reporter(work, receipt) == ["鱼塘的账不公开"]


async def test_a_visit_during_a_draft_ends_after_an_hour_and_the_draft_stays(phone: Phone) -> None:
    receipt = await phone.complain("V06", "鱼塘的账不公开")
    await phone.scan("V05")
    await phone.say("低保不公平")
    await phone.come_back(receipt)
    phone.now = NOW + timedelta(hours=2)
    await phone.say("邓婆婆申请三次")
    async with phone.open_work() as work:
        assert await said_by_reporter(work, receipt) == ["鱼塘的账不公开"]


async def test_a_complaint_of_a_round_whose_key_is_destroyed_never_was(phone: Phone, county: OpenWork) -> None:
    receipt = await phone.complain("V06", "鱼塘的账不公开")
    async with county() as work:
        work.keyring.destroy_round("R6")
    await phone.come_back(receipt)
    assert phone.sentences == ["no_such_receipt"]


# ---- adding, answering


async def test_an_answer_lets_the_case_go_on_and_is_told_to_the_team(phone: Phone, county: OpenWork) -> None:
    receipt = await phone.complain("V06", "鱼塘的账不公开")
    async with county() as work:
        await ask(work, receipt, "是哪一口塘?")
    await phone.come_back(receipt)
    await phone.add("村口那口")
    assert phone.sentences == ["answered"]
    async with county() as work:
        assert (await case_of(work, receipt)).state == CaseState.ASSIGNED
        assert await said_by_reporter(work, receipt) == ["鱼塘的账不公开", "村口那口"]
        assert (await events_of(work, receipt))[-1] == "go_on"


async def test_what_is_added_is_noted_and_leaves_the_state(
    phone: Phone, county: OpenWork, attachment_store: FolderStore
) -> None:
    receipt = await phone.complain("V06", "鱼塘的账不公开")
    await phone.come_back(receipt)
    await phone.show("合同的照片")
    assert phone.sentences == ["added"]
    assert len(list(attachment_store.ids())) == 1
    async with county() as work:
        assert (await case_of(work, receipt)).state == CaseState.ASSIGNED
        assert (await events_of(work, receipt))[-1] == "reporter_wrote"


async def test_an_album_during_a_visit_is_added_whole_and_answered_once(
    phone: Phone, attachment_store: FolderStore
) -> None:
    receipt = await phone.complain("V06", "鱼塘的账不公开")
    await phone.come_back(receipt)
    await phone.show(album="a")
    assert phone.sentences == ["added"]
    await phone.show(album="a")
    assert phone.last == ()
    assert len(list(attachment_store.ids())) == 2


async def test_a_closed_case_takes_nothing_more_and_says_so(phone: Phone, county: OpenWork) -> None:
    receipt = await phone.complain("V06", "鱼塘的账不公开")
    async with county() as work:
        await answer(work, receipt, "合同已公示。")
        await take_steps(work, receipt, "close")
    await phone.come_back(receipt)
    assert ReporterAction.ADD not in phone.shown(VisitSummary).visit.may
    await phone.say("又有新问题")
    assert phone.sentences == ["not_added_closed"]
    async with county() as work:
        assert await said_by_reporter(work, receipt) == ["鱼塘的账不公开"]


@pytest.mark.parametrize("button", ["add", "reply"])
async def test_an_older_button_says_that_nothing_can_be_added_before_anything_is_written(
    phone: Phone, county: OpenWork, button: str
) -> None:
    receipt = await phone.complain("V06", "鱼塘的账不公开", tell_me=True)
    async with county() as work:
        complaint_id = (await complaint_of(work, receipt)).id
    await phone.press(button, complaint_id)
    assert phone.sentences == ["say_answer" if button == "reply" else "say_more"]
    async with county() as work:
        await answer(work, receipt, "查实了。")
        await take_steps(work, receipt, "close")
    await phone.press(button, complaint_id)
    assert phone.sentences == ["closed_meanwhile"]


async def test_a_flood_of_additions_is_stopped_with_a_word(phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST_MESSAGES >= 100
    monkeypatch.setattr("services.cases.dialogue.MOST_MESSAGES", 2)
    receipt = await phone.complain("V06", "鱼塘的账不公开")
    await phone.come_back(receipt)
    await phone.add("一点都没修")
    assert phone.sentences == ["added"]
    await phone.add("还是没修")
    assert phone.sentences == ["not_added_full"]


# ---- withdrawing


async def test_withdrawing_erases_text_and_photos_and_ends_the_case(
    phone: Phone, county: OpenWork, attachment_store: FolderStore
) -> None:
    receipt = await phone.complain("V06", "鱼塘的账不公开", tell_me=True)
    await phone.come_back(receipt)
    await phone.show()
    complaint_id = (await _open_visit(phone, receipt)).visit.complaint_id
    await phone.press("withdraw_yes", complaint_id)
    assert phone.sentences == ["withdrawal_erased"]
    async with county() as work:
        assert await said_by_reporter(work, receipt) == []
        assert (await case_of(work, receipt)).state == CaseState.WITHDRAWN
        assert await work.session.get(ReplyAddress, complaint_id) is None
        assert (await visit_of(work, receipt)).may == frozenset()
    assert list(attachment_store.ids()) == []


async def test_a_hazard_cannot_be_withdrawn_and_its_text_stays(phone: Phone, county: OpenWork) -> None:
    receipt = await phone.complain("V02", "桥要垮了")
    async with county() as work:
        assert await withdraw(work, (await complaint_of(work, receipt)).id) == Withdrawal.KEPT_FOR_SAFETY
        assert await said_by_reporter(work, receipt) == ["桥要垮了"]
        case = await case_of(work, receipt)
        assert (case.state, case.is_open) == (CaseState.ASSIGNED, True)


@pytest.mark.parametrize("actions", [("accept",), ("accept", "verify"), ("accept", "verify", "answer")])
async def test_what_is_being_checked_cannot_be_withdrawn(
    phone: Phone, county: OpenWork, actions: tuple[str, ...]
) -> None:
    receipt = await phone.complain("V06", "鱼塘的账不公开")
    async with county() as work:
        await take_steps(work, receipt, *actions)
        assert await withdraw(work, (await complaint_of(work, receipt)).id) == Withdrawal.KEPT_FOR_VERIFICATION
        assert await said_by_reporter(work, receipt) == ["鱼塘的账不公开"]


async def test_a_case_that_others_reported_too_goes_on_without_the_one_who_withdrew(
    phone: Phone, county: OpenWork
) -> None:
    receipt = await phone.complain("V06", "鱼塘的账不公开")
    other = await phone.complain("V06", "鱼塘的合同没公示")
    async with county() as work:
        case = await case_of(work, receipt)
        complaint = await complaint_of(work, other)
        merged = await case_of(work, other)
        await step(work, merged, "merge", TEAM)
        work.session.add(CaseComplaint(case_id=case.id, complaint_id=complaint.id))
    async with county() as work:
        assert (await visit_of(work, other)).state == CaseState.ASSIGNED  # that of the case it was merged into
        assert await withdraw(work, (await complaint_of(work, receipt)).id) == Withdrawal.ERASED
        assert (await case_of(work, receipt)).state == CaseState.ASSIGNED
        assert await said_by_reporter(work, receipt) == []
        assert await said_by_reporter(work, other) == ["鱼塘的合同没公示"]


# ---- judging


async def test_solved_closes_and_the_reporter_may_say_how_content_they_are(phone: Phone, county: OpenWork) -> None:
    receipt = await phone.complain("V06", "鱼塘的账不公开")
    async with county() as work:
        await answer(work, receipt, "合同已公示。")
    complaint_id = (await _open_visit(phone, receipt)).visit.complaint_id
    await phone.press("solved", complaint_id)
    assert phone.sentences == ["solved"]
    await phone.press("rate", complaint_id, "3")
    assert phone.sentences == ["rated"]
    await phone.press("rate", complaint_id, "1")
    assert phone.sentences == ["too_late"]
    async with county() as work:
        assert (await case_of(work, receipt)).state == CaseState.CLOSED
        assert (await complaint_of(work, receipt)).satisfaction == 3


async def test_not_solved_reopens_once(phone: Phone, county: OpenWork) -> None:
    receipt = await phone.complain("V06", "鱼塘的账不公开")
    async with county() as work:
        await answer(work, receipt, "合同已公示。")
    complaint_id = (await _open_visit(phone, receipt)).visit.complaint_id
    await phone.press("unsolved", complaint_id)
    assert phone.sentences == ["reopened"]
    async with county() as work:
        assert (await case_of(work, receipt)).state == CaseState.REOPENED
        await take_steps(work, receipt, "verify", "answer")
    await phone.press("unsolved", complaint_id)
    assert phone.sentences == ["cannot_reopen"]


async def test_what_was_answered_over_thirty_days_ago_is_not_reopened(phone: Phone, county: OpenWork) -> None:
    receipt = await phone.complain("V06", "鱼塘的账不公开")
    async with county() as work:
        await answer(work, receipt, "合同已公示。")
    phone.now = NOW + timedelta(days=31)
    complaint_id = (await _open_visit(phone, receipt)).visit.complaint_id
    await phone.press("unsolved", complaint_id)
    assert phone.sentences == ["cannot_reopen"]


async def test_what_closed_by_itself_can_be_reopened_by_its_reporter(phone: Phone, county: OpenWork) -> None:
    receipt = await phone.complain("V06", "鱼塘的账不公开")
    async with county() as work:
        await answer(work, receipt, "合同已公示。")
    phone.now = NOW + timedelta(days=9)
    async with county(now=phone.now) as work:
        assert await close_unquestioned(work) == 1
    complaint_id = (await _open_visit(phone, receipt)).visit.complaint_id
    await phone.press("unsolved", complaint_id)
    assert phone.sentences == ["reopened"]
    async with county() as work:
        assert (await case_of(work, receipt)).state == CaseState.REOPENED


async def test_there_is_nothing_to_judge_before_the_answer(phone: Phone) -> None:
    receipt = await phone.complain("V06", "鱼塘的账不公开")
    complaint_id = (await _open_visit(phone, receipt)).visit.complaint_id
    await phone.press("solved", complaint_id)
    assert phone.sentences == ["too_late"]


# ---- being told here


async def test_who_asked_to_be_told_here_is_pushed_what_the_team_says(phone: Phone, county: OpenWork) -> None:
    receipt = await phone.complain("V06", "鱼塘的账不公开", tell_me=True)
    async with county() as work:
        complaint = await complaint_of(work, receipt)
        row = await work.session.get_one(ReplyAddress, complaint.id)
        address = json.loads(work.keyring.reply.open(complaint.id, row.sealed))
        assert address == {"address": str(phone.address), "language": "zh_Hans"}
        await ask(work, receipt, "是哪一口塘?")
        assert await pushed(work, complaint.id) == ["reporter_question"]


async def test_a_pushed_question_opens_a_visit_without_the_code(phone: Phone, county: OpenWork) -> None:
    receipt = await phone.complain("V06", "鱼塘的账不公开", tell_me=True)
    async with county() as work:
        await ask(work, receipt, "是哪一口塘?")
        complaint_id = (await complaint_of(work, receipt)).id
    await phone.press("reply", complaint_id)
    assert phone.sentences == ["say_answer"]
    await phone.add("村口那口")
    assert phone.sentences == ["answered"]


async def test_another_chat_cannot_open_a_visit_by_the_complaints_id(phone: Phone, county: OpenWork) -> None:
    receipt = await phone.complain("V06", "鱼塘的账不公开", tell_me=True)
    async with county() as work:
        complaint_id = (await complaint_of(work, receipt)).id
    stranger = Phone(county, address=address_of(7_301_442_999))
    for action in ("reply", "visit", "withdraw_yes", "untell"):
        await stranger.press(action, complaint_id)
        assert stranger.sentences == ["visit_over"]
    async with county() as work:
        assert await work.session.get(ReplyAddress, complaint_id) is not None


async def test_who_did_not_ask_to_be_told_cannot_open_a_visit_without_the_code(phone: Phone, county: OpenWork) -> None:
    receipt = await phone.complain("V06", "鱼塘的账不公开")
    async with county() as work:
        complaint_id = (await complaint_of(work, receipt)).id
    phone.now = NOW + timedelta(hours=2)
    await phone.press("visit", complaint_id)
    assert phone.sentences == ["visit_over"]


async def test_being_told_can_be_switched_off_and_on_in_a_visit(phone: Phone, county: OpenWork) -> None:
    receipt = await phone.complain("V06", "鱼塘的账不公开", tell_me=True)
    complaint_id = (await _open_visit(phone, receipt)).visit.complaint_id
    await phone.press("untell", complaint_id)
    async with county() as work:
        assert await work.session.get(ReplyAddress, complaint_id) is None
    await phone.press("tell", complaint_id)
    async with county() as work:
        assert await work.session.get(ReplyAddress, complaint_id) is not None


async def test_forget_me_deletes_the_address_of_the_complaint_that_is_open(phone: Phone, county: OpenWork) -> None:
    receipt = await phone.complain("V06", "鱼塘的账不公开", tell_me=True)
    complaint_id = (await _open_visit(phone, receipt)).visit.complaint_id
    await phone.send(ResidentCommand.FORGET)
    async with county() as work:
        assert await work.session.get(ReplyAddress, complaint_id) is None
    await phone.send(TextSent("路灯不亮", "s"))
    assert phone.sentences == ["not_scanned"]


@pytest.mark.parametrize(
    ("kind", "key", "notice", "part"),
    [
        (MessageKind.QUESTION, None, "reporter_question", "是哪一口塘?"),
        (MessageKind.ANSWER, None, "reporter_answer", "是哪一口塘?"),
        (MessageKind.TEXT, "accepted", "reporter_state", "受理"),
        (MessageKind.TEXT, "being_fixed", "reporter_state", "整改"),
        (MessageKind.TEXT, "closed", "reporter_state", "办结"),
    ],
)
async def test_what_is_pushed_is_opened_when_it_is_sent(
    phone: Phone, county: OpenWork, kind: MessageKind, key: str | None, notice: str, part: str
) -> None:
    receipt = await phone.complain("V06", "鱼塘的账不公开", tell_me=True)
    async with county() as work:
        complaint = await complaint_of(work, receipt)
        text = "是哪一口塘?" if key is None else None
        await say_to_reporter(work, await case_of(work, receipt), kind, text, key=key)
        row = (await work.session.scalars(_team_messages(complaint))).one()
        args = {"message_id": row.id, "complaint_id": complaint.id}
        said = await rendered_for(work, f"reporter:{complaint.id}", notice_of(notice, args))
        assert said is not None
        assert part in said.text
        assert "鱼塘" not in said.text
        assert f"1.r.untell.{complaint.id}" in [button.data for row in said.buttons for button in row]


async def test_after_withdrawing_nothing_is_pushed(phone: Phone, county: OpenWork) -> None:
    receipt = await phone.complain("V06", "鱼塘的账不公开", tell_me=True)
    async with county() as work:
        await say_to_reporter(work, await case_of(work, receipt), MessageKind.QUESTION, "是哪一口塘?")
        complaint = await complaint_of(work, receipt)
        row = (await work.session.scalars(_team_messages(complaint))).one()
        await withdraw(work, complaint.id)
        args = {"message_id": row.id, "complaint_id": complaint.id}
        assert await rendered_for(work, f"reporter:{complaint.id}", notice_of("reporter_question", args)) is None
        await say_to_reporter(work, await case_of(work, receipt), MessageKind.TEXT, key="closed")
        assert await work.session.scalar(_how_many(complaint)) == 1


async def _open_visit(phone: Phone, receipt: Receipt) -> VisitSummary:
    await phone.come_back(receipt)
    return phone.shown(VisitSummary)


def _team_messages(complaint: Complaint):  # type: ignore[no-untyped-def]
    return select(ComplaintMessage).where(
        ComplaintMessage.complaint_id == complaint.id, ComplaintMessage.author == Author.TEAM
    )


def _how_many(complaint: Complaint):  # type: ignore[no-untyped-def]
    return select(func.count()).select_from(_team_messages(complaint).subquery())
