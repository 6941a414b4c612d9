"""What people do about items: who may, what follows, and who is told, on both databases."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import select

from bot.bootstrap import duties
from media.kinds import Cleaned, FileKind
from models.audit import AuditEntry
from models.base import Base
from models.complaints import Case, CaseComplaint, Complaint, ComplaintMessage, MessageKind
from models.rectification import CaseItem, Evidence, EvidenceKind, ItemEvent, RectificationItem, WarningCard
from models.states import CLOSED_CASES, CaseState, Impossible, ItemState, NotEntitled
from services.cases.case_log import complaints_of
from services.cases.clocks import keep_clocks
from services.cases.dialogue import ContainsContact, reporter_says, team_messages_of
from services.intake.visit import judge
from services.rectification.fix_again import order_fixes_again
from services.rectification.issue_item import (
    DueInPast,
    TextUnfit,
    UnitUnknown,
    issue_item,
    order_fix,
    units_to_order,
    usual_due,
)
from services.rectification.item_log import events_of
from services.rectification.list_items import PAGE_SIZE, open_items
from services.rectification.remind import remind_unit_heads
from services.rectification.review_item import ReturnReason, clear_item, pass_item, return_item
from services.rectification.unit_actions import (
    COLLECTED_FOR,
    NothingHandedIn,
    acknowledge,
    drop_files,
    drop_uncollected,
    keep_file,
    read_evidence,
    report_progress,
    submit,
)
from services.retention.expiry import close_unquestioned
from services.talks.cards import (
    card_to_take_back,
    confirm_red_card,
    decline_card,
    give_card,
    red_card_before_group,
    take_back_card,
)
from services.unit_of_work import UnitOfWork
from tests.conftest import NOW, OpenWork
from tests.integration.rectification.conftest import SEEN, a_verified_case, at, handed_in, queued, signed, who
from tests.items import new_item

DUE = date(2026, 11, 29)
AFTER = EvidenceKind.AFTER
PHOTO = Cleaned(FileKind.PHOTO, b"\xff\xd8 a bridge with new railings \xff\xd9")


async def an_ordered_item(work: UnitOfWork, **case: object) -> tuple[RectificationItem, Case]:
    verified = await a_verified_case(work, **case)  # type: ignore[arg-type]
    item = await order_fix(work, await who(work, "P05"), verified.id, "桥头岭石拱桥开裂，请封桥绕行。", DUE)
    return item, verified


async def a_submitted_item(work: UnitOfWork) -> tuple[RectificationItem, Case]:
    item, case = await an_ordered_item(work)
    await acknowledge(work, await who(work, "P14"), item.id)
    await handed_in(work, item, await who(work, "P14"), "已封桥。")
    return item, case


async def told(work: UnitOfWork, event: str) -> set[str]:
    found = set()
    for entry in await queued(work, "item_event"):
        happened = await work.session.get(ItemEvent, (entry.args["item_id"], entry.args["version"]))
        if happened is not None and happened.event == event:
            found.add(entry.staff_id)
    return found


async def test_an_order_reaches_head_liaison_and_county_leader_and_sets_the_case_to_fixing(county: OpenWork) -> None:
    async with county() as work:
        item, case = await an_ordered_item(work)
        assert item.state == ItemState.ISSUED
        assert (item.unit_id, item.team_id, item.due_on) == ("U1", "T1", DUE)
        assert item.county_leader_id == "P25"  # in charge of roads
        assert await told(work, "issue") == {"P14", "P20", "P25"}
        assert case.state == CaseState.FIXING
        link = await work.session.scalar(select(CaseItem))
        assert link is not None
        assert (link.case_id, link.item_id) == (case.id, item.id)
        [message] = await work.session.scalars(select(ComplaintMessage))
        assert message.author == "team"


async def test_an_item_that_is_not_theirs_does_not_say_in_which_state_it_is(county: OpenWork) -> None:
    async with county() as work:
        item, _ = await an_ordered_item(work)
        stranger = await who(work, "P15")  # heads another unit
        for number in (item.id, "RI999999"):
            with pytest.raises(NotEntitled):
                await acknowledge(work, stranger, number)
            with pytest.raises(NotEntitled):
                await submit(work, stranger, number, ["做好了"], [])
            with pytest.raises(NotEntitled):
                await return_item(work, stranger, number, ReturnReason.OTHER)
            with pytest.raises(NotEntitled):
                await pass_item(work, stranger, number, "", SEEN)
            with pytest.raises(NotEntitled):
                await clear_item(work, stranger, number)


async def test_nothing_in_an_item_leads_back_to_its_case(county: OpenWork) -> None:
    async with county() as work:
        item, case = await a_submitted_item(work)
        complaints = await work.session.scalars(
            select(CaseComplaint.complaint_id).where(CaseComplaint.case_id == case.id)
        )
        secrets = [case.id, *complaints]
        rows: list[Base] = [item, *await work.session.scalars(select(ItemEvent).where(ItemEvent.item_id == item.id))]
        stored = str([[getattr(row, column.key) for column in row.__table__.columns] for row in rows])
        orders = str([entry.args for entry in await queued(work, "item_event", "item_review", "item_evidence")])
    for secret in secrets:
        assert secret not in stored
        assert secret not in orders


async def test_only_the_leader_of_the_team_orders_a_fix(county: OpenWork) -> None:
    async with county() as work:
        case = await a_verified_case(work)
        for staff_id in ("P06", "P08", "P03", "P14", "P25"):
            with pytest.raises(NotEntitled):
                await order_fix(work, await who(work, staff_id), case.id, "请整改。", DUE)
        assert await work.session.scalar(select(CaseItem)) is None


async def test_an_order_needs_a_unit_a_text_and_a_day_to_come(county: OpenWork) -> None:
    async with county() as work:
        leader = await who(work, "P05")
        unknown = await a_verified_case(work, unit_id=None)
        with pytest.raises(UnitUnknown):
            await order_fix(work, leader, unknown.id, "请整改。", DUE)
        case = await a_verified_case(work)
        with pytest.raises(DueInPast):
            await order_fix(work, leader, case.id, "请整改。", date(2026, 11, 21))
        for text in (" ", "改" * 1001):
            with pytest.raises(TextUnfit):
                await order_fix(work, leader, case.id, text, DUE)
        assert case.state == CaseState.VERIFYING


async def test_a_fix_cannot_be_ordered_twice(county: OpenWork) -> None:
    async with county() as work:
        _, case = await an_ordered_item(work)
        with pytest.raises(Impossible):
            await order_fix(work, await who(work, "P05"), case.id, "请整改。", DUE)


async def test_a_fix_is_usually_due_in_a_week_and_a_hazard_in_a_day(county: OpenWork) -> None:
    async with county() as work:
        assert await usual_due(work, await a_verified_case(work)) == date(2026, 11, 29)
        hazard = await a_verified_case(work, hazard=True)
        assert await usual_due(work, hazard) == date(2026, 11, 23)
        item = await order_fix(work, await who(work, "P05"), hazard.id, "请封桥。", date(2026, 11, 23))
        assert item.hazard


async def test_the_office_issues_items_to_any_unit_and_a_leader_to_those_of_their_team(county: OpenWork) -> None:
    async with county() as work:
        item = await issue_item(work, await who(work, "P04"), new_item("U2", "账目不清。", DUE, county_leader_id="P23"))
        assert (item.round_id, item.team_id, item.source) == ("R6", "T2", "office")
        assert await told(work, "issue") == {"P15", "P21", "P23"}
        leader = await who(work, "P05")
        assert [unit.id for unit in await units_to_order(work, leader)] == ["U4", "U1"]
        with pytest.raises(NotEntitled):
            await issue_item(work, leader, new_item("U2", "账目不清。", DUE))
        for staff_id in ("P06", "P15", "P23"):
            with pytest.raises(NotEntitled):
                await issue_item(work, await who(work, staff_id), new_item("U2", "账目不清。", DUE))


async def test_units_are_found_by_a_part_of_their_name(county: OpenWork) -> None:
    async with county() as work:
        office = await who(work, "P04")
        assert [unit.name for unit in await units_to_order(work, office, "石蒲")] == ["石蒲镇党委"]
        assert await units_to_order(work, office, "%") == []


async def test_an_item_of_a_unit_without_a_head_is_told_to_the_office(county: OpenWork) -> None:
    async with county() as work:
        await issue_item(work, await who(work, "P04"), new_item("麦湾乡党委", "合同未民主议事。", DUE))
        assert await told(work, "issue") == {"P03", "P23"}  # P04 issued it and knows


async def test_the_head_acknowledges_the_liaison_reports_and_the_head_hands_in(county: OpenWork) -> None:
    async with county() as work:
        item, _ = await an_ordered_item(work)
        head, liaison = await who(work, "P14"), await who(work, "P20")
        with pytest.raises(NotEntitled):
            await acknowledge(work, liaison, item.id)
        await acknowledge(work, head, item.id)
        with pytest.raises(Impossible):
            await acknowledge(work, head, item.id)
        await report_progress(work, liaison, item.id, "已联系施工队。")
        assert await told(work, "report_progress") == {"P05", "P06", "P07"}
        with pytest.raises(NotEntitled):
            await submit(work, liaison, item.id, ["好了。"], [])
        with pytest.raises(NothingHandedIn):
            await submit(work, head, item.id, [], [])
        await submit(work, head, item.id, ["已封桥。", "已设绕行。"], [])
        assert (item.state, item.submitted_on) == (ItemState.SUBMITTED, date(2026, 11, 22))
        assert {entry.staff_id for entry in await queued(work, "item_review")} == {"P05", "P06", "P07"}


async def test_the_head_of_another_unit_may_not_even_see_it(county: OpenWork) -> None:
    async with county() as work:
        item, _ = await an_ordered_item(work)
        for staff_id in ("P15", "P21", "P08", "P23"):
            with pytest.raises(NotEntitled):
                await acknowledge(work, await who(work, staff_id), item.id)


async def test_photos_are_sealed_to_the_round_and_shown_to_the_reviewers(county: OpenWork) -> None:
    async with county() as work:
        item, _ = await an_ordered_item(work)
        head = await who(work, "P14")
        await acknowledge(work, head, item.id)
        photo_id = await keep_file(work, item, PHOTO, AFTER)
        with pytest.raises(NotEntitled):
            await read_evidence(work, await who(work, "P05"), photo_id)  # not handed in yet
        await submit(work, head, item.id, [], [photo_id])
        assert b"railings" not in work.attachment_store.get(photo_id)
        _, _, photo = await read_evidence(work, await who(work, "P06"), photo_id)
        assert photo == PHOTO.data
        with pytest.raises(NotEntitled):
            await read_evidence(work, await who(work, "P09"), photo_id)
        shown = await queued(work, "item_evidence")
        assert {entry.staff_id for entry in shown} == {"P05", "P06", "P07"}


async def test_a_photo_of_another_item_is_not_handed_in(county: OpenWork) -> None:
    async with county() as work:
        item, _ = await an_ordered_item(work)
        other, _ = await an_ordered_item(work)
        head = await who(work, "P14")
        await acknowledge(work, head, item.id)
        stray = await keep_file(work, other, PHOTO, AFTER)
        with pytest.raises(NothingHandedIn):
            await submit(work, head, item.id, [], [stray])


async def test_what_was_collected_and_not_handed_in_is_forgotten_after_a_day(county: OpenWork) -> None:
    async with county() as work:
        item, _ = await an_ordered_item(work)
        kept, dropped = await keep_file(work, item, PHOTO, AFTER), await keep_file(work, item, PHOTO, AFTER)
        await drop_files(work, [dropped])
        assert [row.id for row in await work.session.scalars(select(Evidence))] == [kept]
    assert drop_uncollected in duties()
    async with county(now=NOW + COLLECTED_FOR) as work:
        await drop_uncollected(work)
        assert await work.session.scalar(select(Evidence)) is None


async def test_an_item_returned_on_the_same_day_runs_on_towards_its_old_deadline(county: OpenWork) -> None:
    async with county() as work:
        item, _ = await a_submitted_item(work)
        with pytest.raises(NotEntitled):
            await return_item(work, await who(work, "P14"), item.id, ReturnReason.PAPER_ONLY)
        await return_item(work, await who(work, "P06"), item.id, ReturnReason.PAPER_ONLY)
        assert (item.state, item.returns, item.due_on, item.deadline_version) == (ItemState.RETURNED, 1, DUE, 1)
        assert await told(work, "return") == {"P14", "P20"}
        await submit(work, await who(work, "P14"), item.id, ["重新整改了。"], [])
        assert item.state == ItemState.SUBMITTED


async def test_clearing_answers_the_case_with_the_sentence_reporters_may_be_told(county: OpenWork) -> None:
    async with county() as work:
        item, case = await a_submitted_item(work)
        await pass_item(work, await who(work, "P06"), item.id, "桥已封闭，绕行路已通。", SEEN)
        assert await told(work, "pass") == {"P03", "P14", "P20", "P25"}
        for staff_id in ("P04", "P05", "P14"):
            with pytest.raises(NotEntitled):
                await clear_item(work, await who(work, staff_id), item.id)
        await clear_item(work, await who(work, "P03"), item.id)
        assert (item.state, item.is_open) == (ItemState.CLEARED, False)
        assert case.state == CaseState.ANSWERED
        [complaint] = await complaints_of(work, case)
        said = [line.text for line in await team_messages_of(work, complaint)]
        assert said[-1] == "桥已封闭，绕行路已通。"
        assert await queued(work, "case_answered_by_item")


async def test_a_result_for_reporters_leads_nowhere_and_repeats_nothing_of_theirs_unnoticed(county: OpenWork) -> None:
    async with county() as work:
        item, case = await a_submitted_item(work)
        reviewer = await who(work, "P06")
        [complaint] = await complaints_of(work, case)
        with pytest.raises(ContainsContact):
            await pass_item(work, reviewer, item.id, "照片见 t.me/qiaotou", SEEN)
        await reporter_says(work, complaint, "我叫李秀英,电话13800138000")
    async with county() as work:
        item, case = await work.session.get_one(RectificationItem, item.id), await work.session.get_one(Case, case.id)
        await pass_item(work, reviewer, item.id, "桥已封闭,已告诉李秀英。", SEEN)
        query = select(AuditEntry.by_id).where(AuditEntry.case_id == case.id, AuditEntry.action == "trace_repeated")
        assert list(await work.session.scalars(query)) == ["P06"]


async def test_no_words_about_an_item_tell_its_unit_who_reported(county: OpenWork) -> None:
    async with county() as work:
        item, case = await a_submitted_item(work)
        [complaint] = await complaints_of(work, case)
        await reporter_says(work, complaint, "我叫李秀英,电话13800138000")
        reviewer = await who(work, "P06")
        await return_item(work, reviewer, item.id, ReturnReason.OTHER, "李秀英 13800138000 说还没修")
        await handed_in(work, item, await who(work, "P14"), "重新整改了。")
        await pass_item(work, reviewer, item.id, "已向李秀英回访,满意", SEEN)
        await clear_item(work, await who(work, "P03"), item.id)
        assert item.public_result == "已向▇姓名▇回访,满意"
        notes = [event.note for event in await events_of(work, item) if event.event in ("return", "pass")]
        assert notes == ["▇姓名▇ ▇手机号▇ 说还没修", item.public_result]
        assert [line.text for line in await team_messages_of(work, complaint)][-1] == item.public_result
        query = select(AuditEntry.by_id).where(AuditEntry.case_id == case.id, AuditEntry.action == "trace_repeated")
        assert list(await work.session.scalars(query)) == ["P06", "P06"]


# How a case may stand that an item was made of; what becomes of it and what its reporter hears once that is cleared.
ANSWERED_BY_ITEM = {
    CaseState.VERIFYING: (CaseState.ANSWERED, MessageKind.ANSWER),
    CaseState.FIXING: (CaseState.ANSWERED, MessageKind.ANSWER),
    CaseState.REOPENED: (CaseState.ANSWERED, MessageKind.ANSWER),
    CaseState.ANSWERED: (CaseState.ANSWERED, MessageKind.ANSWER),
    CaseState.CLOSED: (CaseState.CLOSED, MessageKind.ANSWER),
    CaseState.TRANSFERRED: (CaseState.TRANSFERRED, MessageKind.TEXT),  # a department still has it
    CaseState.NOT_ACCEPTED: (CaseState.NOT_ACCEPTED, None),
    CaseState.INVALID: (CaseState.INVALID, None),
    CaseState.WITHDRAWN: (CaseState.WITHDRAWN, None),
}


async def made_of(work: UnitOfWork, item: RectificationItem, state: CaseState, **facts: object) -> tuple[str, str]:
    """Link a case to an item, as it stands and with what happened to it; return its number and its complaint's."""
    case = await a_verified_case(work)
    case.state, case.is_open = state, state not in CLOSED_CASES
    for name, value in facts.items():
        setattr(case, name, value)
    work.session.add(CaseItem(case_id=case.id, item_id=item.id))
    await keep_clocks(work, case)
    [complaint] = await complaints_of(work, case)
    return case.id, complaint.id


async def said_to(work: UnitOfWork, complaint_id: str) -> list[tuple[MessageKind, str]]:
    complaint = await work.session.get_one(Complaint, complaint_id)
    return [(line.kind, line.text) for line in await team_messages_of(work, complaint)]


async def test_whoever_reported_what_an_item_was_made_of_is_asked_whether_it_is_so(county: OpenWork) -> None:
    result = "桥已封闭，绕行路已通。"
    async with county() as work:
        item = await issue_item(
            work, await who(work, "P04"), new_item("U1", "石拱桥开裂。", DUE, county_leader_id="P25")
        )
        cases = {state: await made_of(work, item, state) for state in ANSWERED_BY_ITEM}
        said_no_before = await made_of(work, item, CaseState.CLOSED, reopened=True)
        silent = [
            await made_of(work, item, CaseState.CLOSED, category="thanks"),
            await made_of(work, item, CaseState.CLOSED, is_hint=True),
            await made_of(work, item, CaseState.CLOSED, is_erased=True),
        ]
        twice = await made_of(work, item, CaseState.CLOSED)  # of the same complaint as one that is told as well
        work.session.add(CaseComplaint(case_id=twice[0], complaint_id=cases[CaseState.ANSWERED][1]))
        await acknowledge(work, await who(work, "P14"), item.id)
        await handed_in(work, item, await who(work, "P14"), "已封桥。")
        await pass_item(work, await who(work, "P06"), item.id, result, SEEN)
        number = item.id
    late = NOW + timedelta(days=6)  # an answer of today would have been closed by itself tomorrow
    async with county(now=late) as work:
        await signed(work, await work.session.get_one(RectificationItem, number), "P25")
        await clear_item(work, await who(work, "P03"), number)
        for state, (case_id, complaint_id) in cases.items():
            after, kind = ANSWERED_BY_ITEM[state]
            assert (await work.session.get_one(Case, case_id)).state == after, state
            assert await said_to(work, complaint_id) == ([(kind, result)] if kind else []), state
        for case_id, complaint_id in silent:
            assert (await work.session.get_one(Case, case_id)).state == CaseState.CLOSED
            assert await said_to(work, complaint_id) == []
        told = {entry.args["case_id"] for entry in await queued(work, "case_answered_by_item")}
        answered = [state for state, (after, _) in ANSWERED_BY_ITEM.items() if after == CaseState.ANSWERED]
        assert told == {cases[state][0] for state in answered}
    async with county(now=late + timedelta(days=2)) as work:
        await close_unquestioned(work)
        denied = [*(cases[state] for state in (*answered, CaseState.CLOSED)), said_no_before]
        for _, complaint_id in denied:
            assert await judge(work, complaint_id, solved=False)
        for case_id, _ in denied:
            assert (await work.session.get_one(Case, case_id)).state == CaseState.REOPENED
    for hours in (1, 2):
        async with county(now=late + timedelta(days=2, hours=hours)) as work:
            await order_fixes_again(work)
            asked = await queued(work, "reopen_asked")
            assert [(entry.staff_id, entry.args["item_id"]) for entry in asked] == [("P03", number)]
            log = [
                event.by_id for event in await events_of(work, await work.session.get_one(RectificationItem, number))
            ]
            assert None not in log  # nobody reads in the item that somebody has said no


async def test_what_is_cleared_before_the_rest_is_told_and_not_asked_about(county: OpenWork) -> None:
    async with county() as work:
        first, case = await a_submitted_item(work)
        second, _ = await a_submitted_item(work)
        work.session.add(CaseItem(case_id=case.id, item_id=second.id))
        [complaint] = await complaints_of(work, case)
        for item, result in ((first, "桥已封闭。"), (second, "绕行路已通。")):
            await pass_item(work, await who(work, "P06"), item.id, result, SEEN)
        states = []
        for item in (first, second):
            await clear_item(work, await who(work, "P03"), item.id)
            states.append(str(case.state))
        assert states == ["fixing", "answered"]
        assert (await said_to(work, complaint.id))[-2:] == [
            (MessageKind.TEXT, "桥已封闭。"),
            (MessageKind.ANSWER, "绕行路已通。"),
        ]


async def test_the_county_leader_in_charge_countersigns(county: OpenWork) -> None:
    async with county() as work:
        item, _ = await a_submitted_item(work)
        await pass_item(work, await who(work, "P05"), item.id, "已整改。", SEEN)
        with pytest.raises(NotEntitled):
            await signed(work, item, "P23")
        await signed(work, item, "P25")
        assert await told(work, "countersign") == {"P03"}
        await clear_item(work, await who(work, "P03"), item.id)


async def test_every_step_of_an_item_is_an_event_in_order(county: OpenWork) -> None:
    async with county() as work:
        item, _ = await a_submitted_item(work)
        await pass_item(work, await who(work, "P05"), item.id, "已整改。", SEEN)
        await clear_item(work, await who(work, "P03"), item.id)
        events = list(
            await work.session.scalars(
                select(ItemEvent).where(ItemEvent.item_id == item.id).order_by(ItemEvent.version)
            )
        )
    assert [event.event for event in events] == ["issue", "acknowledge", "submit", "pass", "clear"]
    assert [event.version for event in events] == [1, 2, 3, 4, 5]
    for before, after in pairwise(events):
        assert before.to_state == after.from_state


async def test_a_card_is_given_only_by_the_director_and_only_while_it_is_proposed(county: OpenWork) -> None:
    async with county(now=at(23)) as work:
        director = await who(work, "P03")
        for staff_id in ("P04", "P01", "P24"):
            with pytest.raises(NotEntitled):
                await give_card(work, await who(work, staff_id), "RI04", WarningCard.YELLOW)
        with pytest.raises(Impossible):
            await give_card(work, director, "RI04", WarningCard.RED)
        item = await give_card(work, director, "RI04", WarningCard.YELLOW)
        assert (item.card, item.card_on, item.card_returns) == (WarningCard.YELLOW, date(2026, 11, 23), 1)
        assert await told(work, "yellow_card") == {"P04", "P24"}  # nobody at the unit: the office; not who gave it
        with pytest.raises(Impossible):
            await give_card(work, director, "RI04", WarningCard.YELLOW)


async def test_a_card_can_be_taken_back_within_a_day_and_those_who_were_told_hear_it(county: OpenWork) -> None:
    async with county(now=at(23)) as work:
        await give_card(work, await who(work, "P03"), "RI04", WarningCard.YELLOW)
    async with county(now=at(24, 8, 59)) as work:
        with pytest.raises(NotEntitled):
            await take_back_card(work, await who(work, "P04"), "RI04", WarningCard.YELLOW)
        with pytest.raises(Impossible):
            await take_back_card(work, await who(work, "P03"), "RI04", WarningCard.RED)
        item = await take_back_card(work, await who(work, "P03"), "RI04", WarningCard.YELLOW)
        assert (item.card, item.card_on, item.card_returns) == (None, None, 0)
        assert await told(work, "yellow_card_taken_back") == await told(work, "yellow_card") == {"P04", "P24"}
        logged = [(event.event, event.by_id) for event in await events_of(work, item)]
        assert logged[-2:] == [("yellow_card", "P03"), ("yellow_card_taken_back", "P03")]
        with pytest.raises(Impossible):
            await take_back_card(work, await who(work, "P03"), "RI04", WarningCard.YELLOW)
        # The grounds are there still: it can be given anew.
        assert (await give_card(work, await who(work, "P03"), "RI04", WarningCard.YELLOW)).card == WarningCard.YELLOW


async def test_after_a_day_a_card_stays(county: OpenWork) -> None:
    async with county(now=at(23)) as work:
        item = await give_card(work, await who(work, "P03"), "RI04", WarningCard.YELLOW)
        assert await card_to_take_back(work, await who(work, "P03"), item) is WarningCard.YELLOW
    async with county(now=at(24)) as work:
        item = await work.session.get_one(RectificationItem, "RI04")
        assert await card_to_take_back(work, await who(work, "P03"), item) is None
        with pytest.raises(Impossible):
            await take_back_card(work, await who(work, "P03"), "RI04", WarningCard.YELLOW)


async def test_a_red_card_that_is_taken_back_leaves_the_yellow_one_before_it(county: OpenWork) -> None:
    async with county(now=at(23)) as work:
        before = await work.session.get_one(RectificationItem, "RI07")
        assert (before.card, before.card_on, before.card_returns) == (WarningCard.YELLOW, date(2026, 11, 5), 2)
        await give_card(work, await who(work, "P03"), "RI07", WarningCard.RED)
        assert await told(work, "red_card") == set()  # it is put before the leading group first
        entry = await red_card_before_group(work, before)
        assert entry is not None
        await confirm_red_card(work, await who(work, "P02"), entry.id)
        assert await told(work, "red_card") != set()
        with pytest.raises(NotEntitled):
            await take_back_card(work, await who(work, "P03"), "RI07", WarningCard.RED)
        item = await take_back_card(work, await who(work, "P01"), "RI07", WarningCard.RED)
        assert (item.card, item.card_on, item.card_returns) == (WarningCard.YELLOW, date(2026, 11, 5), 2)
        # One that was entered with the county is not taken back here.
        assert await card_to_take_back(work, await who(work, "P01"), item) is None


async def test_a_declined_card_is_not_proposed_again_on_the_same_grounds(county: OpenWork) -> None:
    async with county(now=at(23)) as work:
        await remind_unit_heads(work)
        await decline_card(work, await who(work, "P03"), "RI04", WarningCard.YELLOW)
    for day in (24, 25, 30):
        async with county(now=at(day)) as work:
            await remind_unit_heads(work)
    async with county(now=at(30)) as work:
        proposed = [entry for entry in await queued(work, "card_proposal") if entry.args["item_id"] == "RI04"]
        item = await work.session.get_one(RectificationItem, "RI04")
        assert item.card is None
    assert len(proposed) == 1
    async with county(now=at(8, month=12)) as work:
        await remind_unit_heads(work)
        proposed = [entry for entry in await queued(work, "card_proposal") if entry.args["item_id"] == "RI04"]
    assert [entry.args["card"] for entry in proposed] == ["yellow", "red"]


async def test_the_list_walks_all_items_once_those_due_first(county: OpenWork) -> None:
    async with county() as work:
        office = await who(work, "P04")
        for number in range(2 * PAGE_SIZE):
            await issue_item(work, office, new_item("U2", f"问题{number}", DUE + timedelta(days=number % 3)))
        seen: list[RectificationItem] = []
        page = await open_items(work, office)
        seen += page.items
        while page.more_after:
            page = await open_items(work, office, page.more_after)
            seen += page.items
        open_ones = set(await work.session.scalars(select(RectificationItem.id).where(RectificationItem.is_open)))
    assert {item.id for item in seen} == open_ones
    assert len(seen) == len(open_ones)
    assert [(item.due_on, item.id) for item in seen] == sorted((item.due_on, item.id) for item in seen)


async def test_everybody_lists_what_is_theirs_to_see(county: OpenWork) -> None:
    async with county() as work:
        listed = {
            staff_id: [item.id for item in (await open_items(work, await who(work, staff_id))).items]
            for staff_id in ("P14", "P17", "P05", "P08", "P25", "P01")
        }
        for staff_id, found in listed.items():
            person = await who(work, staff_id)
            everything = await work.session.scalars(select(RectificationItem).where(RectificationItem.is_open))
            assert set(found) == {item.id for item in everything if person.actors_at_item(item)}
    assert listed["P14"] == ["RI02"]
    assert listed["P17"] == ["RI01"]
    assert listed["P25"] == ["RI01", "RI07", "RI02"]
    assert listed["P01"] == []
