"""Cases about the same matter are found, joined and taken apart; no reporter and no clock gets lost."""

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from handlers.cases.card import private_card
from handlers.people.audit import audit_page
from models.audit import Audited, AuditEntry
from models.base import coarse, table_of
from models.complaints import CaseComplaint, QueueCount, SimilarCase
from models.database import Database
from models.desk import DIRECTOR_DESK, Desk, DeskKind
from models.states import CaseState, Impossible, NotEntitled
from models.tables import METADATA
from models.urgency import Urgency
from services.access.member import member
from services.audit.log import record
from services.cases.actions import head_of
from services.cases.case_log import complaints_of
from services.cases.claim import claim
from services.cases.clocks import clocks_of
from services.cases.decide import Referral, Refusal, RefusalReason, accept, refuse
from services.cases.dialogue import reporter_says, team_messages_of
from services.cases.merge import head_of_merged, merge, take_apart
from services.cases.notices import ComparedCase, SimilarCases
from services.cases.read_case import dialogue_of
from services.intake.preparation import prepare
from services.intake.similar import (
    bring_both,
    bring_similar,
    candidates,
    case_to_compare,
    cases_to_compare,
    find_similar_cases,
    require_comparable,
    similar_to,
)
from services.intake.split import split
from services.intake.visit import Withdrawal, view, withdraw
from services.sealed_messages import Restriction
from services.unit_of_work import More, UnitOfWork
from tests.conftest import NOW, OpenWork
from tests.integration.cases.conftest import events_of, labels, lay, queued_for, rendered
from tests.statements import statements_of
from texts.catalogue import SOURCE, Words

LEADER, MEMBER, COLLEAGUE, OTHER_LEADER = "P05", "P06", "P07", "P08"
SAID = "村口水泥厂天天往河里排污水，鱼都死了。"
ALSO = "水泥厂又在夜里往河里偷排污水，臭得很。"
LITIGATION = Refusal(RefusalReason.LITIGATION, Referral.COURT)


@pytest.fixture(autouse=True)
def _lexicons() -> None:
    prepare()


async def find_all(work: UnitOfWork) -> None:
    while await find_similar_cases(work) is More.TO_DO:
        pass
    await work.session.flush()


async def test_a_case_like_another_is_shown_on_both_cards_with_the_reason_in_words(county: OpenWork) -> None:
    async with county() as work:
        one, other = await lay(work, SAID), await lay(work, ALSO)
        await lay(work, "学校食堂的饭菜不新鲜")
        await find_all(work)
        who = await member(work.session, MEMBER)
        card = await private_card(work, Words("zh_Hans"), who, one)
        assert card is not None
        assert "还有 1 件" in card.text
        assert "🗂 相似的件" in labels(card)
        await bring_similar(work, who, one.id)
        [outgoing] = await queued_for(work, f"staff:{MEMBER}", SimilarCases.kind)
        assert outgoing.delete_after_hours
        shown = await rendered(work, f"staff:{MEMBER}", outgoing)
        assert shown is not None
        assert shown.protect
        assert other.id in shown.text
        assert "同一村，同一类别，说的都是" in shown.text
        assert "水泥厂" in shown.text


async def test_comparing_a_case_takes_as_many_statements_however_many_are_like_it(
    county: OpenWork, database: Database
) -> None:
    taken = []
    for others in (2, 9):
        async with county() as work:
            for _ in range(others):
                await lay(work, ALSO, village="V02")
            await find_all(work)
            case = await lay(work, SAID, village="V02")
            await work.session.flush()
            with statements_of(database) as made:
                await find_similar_cases(work)
                await work.session.flush()
            assert len(await similar_to(work, await member(work.session, MEMBER), case)) >= others
            taken.append(sum("JOIN complaint_messages" in one or "FROM complaint_messages" in one for one in made))
    assert taken == [2, 2]  # what both say, and what staff may read of it


@pytest.mark.parametrize(
    "more",
    [
        {"category": "fees"},
        {"unit": "U2", "village": "V07"},
        {"came": NOW - timedelta(days=61)},
        {"state": CaseState.CLOSED},
    ],
    ids=str,
)
async def test_only_open_cases_of_one_unit_and_category_within_the_window_are_compared(
    county: OpenWork, more: dict[str, Any]
) -> None:
    async with county() as work:
        one, other = await lay(work, SAID), await lay(work, ALSO, **more)
        await find_all(work)
        pairs = await work.session.scalars(select(SimilarCase.case_id))
        assert other.id not in set(pairs)
        assert not await similar_to(work, await member(work.session, MEMBER), one)


async def test_a_case_of_a_neighbouring_village_in_another_unit_is_suggested_to_whoever_reads_both(
    county: OpenWork,
) -> None:
    async with county() as work:
        one = await lay(work, SAID)
        beside = await lay(work, ALSO, unit="U2", village="V05")
        others = await lay(work, ALSO, unit="U2", village="V05", desk=Desk.team("T2"), team="T2")
        farther = await lay(work, ALSO, unit="U2", village="V06")
        await find_all(work)
        who = await member(work.session, MEMBER)
        assert await similar_to(work, who, one) == [beside]
        assert one in await similar_to(work, who, beside)
        assert set(await similar_to(work, who, farther)) == {beside}
        assert one not in await similar_to(work, await member(work.session, OTHER_LEADER), others)
        assert head_of(who, one, beside) is None, "they are compared, and not joined"


async def test_what_is_restricted_is_shown_to_those_alone_who_read_it_and_not_even_counted(county: OpenWork) -> None:
    async with county() as work:
        one = await lay(work, SAID)
        for_leader = await lay(work, ALSO, desk=Desk.leader("T1"), state=CaseState.RESTRICTED)
        names_colleague = await lay(work, ALSO, shut_out=[COLLEAGUE])
        await find_all(work)
        seen = {
            staff_id: {other.id for other in await similar_to(work, await member(work.session, staff_id), one)}
            for staff_id in (LEADER, MEMBER, COLLEAGUE)
        }
        assert seen == {LEADER: {for_leader.id, names_colleague.id}, MEMBER: {names_colleague.id}, COLLEAGUE: set()}
        card = await private_card(work, Words("zh_Hans"), await member(work.session, COLLEAGUE), one)
        assert card is not None
        assert "🗂" not in card.text


async def test_what_leads_to_a_reporter_stands_in_no_reason(county: OpenWork) -> None:
    async with county() as work:
        one = await lay(work, SAID + "我叫王小虎，电话13800138000。")
        await lay(work, ALSO + "我叫王小虎，电话13800138000。")
        await find_all(work)
        who = await member(work.session, MEMBER)
        await bring_similar(work, who, one.id)
        [outgoing] = await queued_for(work, f"staff:{MEMBER}", SimilarCases.kind)
        shown = await rendered(work, f"staff:{MEMBER}", outgoing)
        assert shown is not None
        assert "王小虎" not in shown.text
        assert "13800138000" not in shown.text


async def test_a_name_that_is_masked_makes_no_case_like_another(county: OpenWork) -> None:
    async with county() as work:
        reported = await lay(work, "粮补款没有发到户。我叫王小虎。")
        tried = await lay(work, "王小虎")
        await find_all(work)
        assert not await similar_to(work, await member(work.session, MEMBER), tried)
        assert not await similar_to(work, await member(work.session, MEMBER), reported)


@pytest.mark.new_database
async def test_what_is_compared_with_is_found_by_index(county: OpenWork, dialect: str) -> None:
    async with county() as work:
        case = await lay(work, SAID)
        connection = await work.session.connection()
        if dialect == "postgresql":
            await connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
            # Among so few any index may do; among many, nearly all are held no longer, and this one finds few.
            await connection.exec_driver_sql("DROP INDEX ix_cases_held_until")
        explain = "EXPLAIN QUERY PLAN " if dialect == "sqlite" else "EXPLAIN "
        plans = []
        for query in (*candidates(case, timedelta(days=60), [("V05", "U2")]), cases_to_compare()):
            written = query.compile(connection.sync_connection, compile_kwargs={"literal_binds": True})
            plans.append("\n".join(map(str, await connection.exec_driver_sql(explain + str(written)))))
        assert "ix_cases_alike" in plans[0]
        assert "ix_cases_alike" in plans[1]
        assert "ix_cases_to_compare" in plans[2]


async def test_both_are_read_beside_each_other_and_that_is_logged(county: OpenWork) -> None:
    async with county() as work:
        one, other = await lay(work, SAID), await lay(work, ALSO)
        await bring_both(work, await member(work.session, MEMBER), one.id, other.id)
        shown = [
            await rendered(work, f"staff:{MEMBER}", outgoing)
            for outgoing in await queued_for(work, f"staff:{MEMBER}", ComparedCase.kind)
        ]
        assert [SAID in message.text for message in shown if message] == [True, False]
        assert ALSO in shown[1].text if shown[1] else False
        entries = select(AuditEntry.case_id).where(AuditEntry.action == Audited.COMPARED)
        assert set(await work.session.scalars(entries)) == {one.id, other.id}
        stranger = await member(work.session, "P08")
        with pytest.raises(NotEntitled):
            await bring_both(work, stranger, one.id, other.id)


async def test_the_head_answers_every_reporter_and_each_keeps_their_own_receipt(county: OpenWork) -> None:
    async with county() as work:
        head, case = await lay(work, SAID), await lay(work, ALSO)
        who = await member(work.session, MEMBER)
        await merge(work, who, case.id, head.id)
        assert (case.state, case.is_open) == (CaseState.MERGED, False)
        assert len(await complaints_of(work, head)) == 2
        assert [said.text for said in await dialogue_of(work, head, "zh_Hans")][:1]
        await accept(work, who, head.id)
        for complaint in await complaints_of(work, head):
            told = [said.key for said in await team_messages_of(work, complaint)]
            is_of_case = complaint in await complaints_of(work, case)
            assert told == (["merged", "accepted"] if is_of_case else ["accepted"])
            assert [said.matter for said in await team_messages_of(work, complaint)] == [None] * len(told)
            visit = await view(work, complaint.id)
            assert visit is not None
            assert (visit.state, visit.matters) == (CaseState.ACCEPTED, ())
        assert (await events_of(work, case))[-1] == "merge"
        assert "merge_in" in await events_of(work, head)


async def test_what_any_reporter_adds_comes_to_the_head(county: OpenWork) -> None:
    async with county() as work:
        head, case = await lay(work, SAID), await lay(work, ALSO)
        who = await member(work.session, MEMBER)
        await claim(work, who, head.id)
        await merge(work, who, case.id, head.id)
        [complaint] = await complaints_of(work, case)
        await reporter_says(work, complaint, "今天又排了一次")
        assert await queued_for(work, f"staff:{MEMBER}", "case_reporter_wrote")
        assert "今天又排了一次" in [said.text for said in await dialogue_of(work, head, "zh_Hans")]


async def test_the_head_keeps_the_earliest_of_each_clock(county: OpenWork) -> None:
    async with county() as work:
        early = NOW - timedelta(days=4)
        head, case = await lay(work, SAID), await lay(work, ALSO, came=early)
        clocks = await clocks_of(work, case)
        wanted = {clock: one.ends_at for clock, one in clocks.items()}
        await merge(work, await member(work.session, MEMBER), case.id, head.id)
        assert {clock: one.ends_at for clock, one in (await clocks_of(work, head)).items()} == wanted
        assert head.due_at == min(wanted.values())
        assert head.received_at == coarse(early)


async def test_the_stricter_desk_and_every_recusal_hold_for_the_head(county: OpenWork) -> None:
    async with county() as work:
        head = await lay(work, SAID)
        case = await lay(
            work, ALSO, desk=Desk.leader("T1"), state=CaseState.RESTRICTED, concerns_head=True, shut_out=[COLLEAGUE]
        )
        await merge(work, await member(work.session, LEADER), case.id, head.id)
        assert head.desk == Desk.leader("T1")
        assert head.concerns_head
        for staff_id in (MEMBER, COLLEAGUE):
            assert not (await member(work.session, staff_id)).knows_of(head)


async def test_whoever_is_named_in_one_is_kept_from_the_head(county: OpenWork) -> None:
    async with county() as work:
        head, case = await lay(work, SAID, owner_id=COLLEAGUE), await lay(work, ALSO, shut_out=[COLLEAGUE])
        await merge(work, await member(work.session, LEADER), case.id, head.id)
        assert not (await member(work.session, COLLEAGUE)).knows_of(head)
        assert head.owner_id is None


async def test_what_a_reporter_adds_is_kept_from_whom_it_names_in_the_joined_case_too(county: OpenWork) -> None:
    async with county() as work:
        head, case = await lay(work, SAID), await lay(work, ALSO)
        await merge(work, await member(work.session, LEADER), case.id, head.id)
        assert (await member(work.session, COLLEAGUE)).reads(case)
        name = (await work.directory()).names[COLLEAGUE]
        [complaint] = await complaints_of(work, case)
        await reporter_says(work, complaint, f"巡察组的{name}也收了他们的烟")
        for one in (head, case):
            assert not (await member(work.session, COLLEAGUE)).knows_of(one)
        theirs = (QueueCount.desk == head.desk, QueueCount.unit_id == head.unit_id)
        before = await work.session.scalar(select(QueueCount.open_cases).where(*theirs))
        restriction = Restriction(DeskKind.LEADER, concerns_head=True, concerns_team=False)
        await reporter_says(work, complaint, "就是镇长让的", restriction=restriction)
        assert head.desk == case.desk == Desk.leader("T1")
        assert not (await member(work.session, MEMBER)).reads(case)
        after = await work.session.scalar(select(QueueCount.open_cases).where(*theirs))
        assert before is not None
        assert after == before - 1  # the head alone was counted: the other had ended


async def test_whoever_is_kept_from_the_head_is_kept_from_what_is_joined_with_it(county: OpenWork) -> None:
    async with county() as work:
        head, case = await lay(work, SAID, shut_out=[COLLEAGUE]), await lay(work, ALSO, owner_id=COLLEAGUE)
        leader = await member(work.session, LEADER)
        await merge(work, leader, case.id, head.id)
        assert not (await member(work.session, COLLEAGUE)).knows_of(case)
        assert case.owner_id is None


async def test_what_is_joined_with_a_case_for_one_pair_of_eyes_lies_there_too(county: OpenWork) -> None:
    async with county() as work:
        head = await lay(work, SAID, desk=Desk.leader("T1"), state=CaseState.RESTRICTED, concerns_head=True)
        case = await lay(work, ALSO)
        leader = await member(work.session, LEADER)
        await merge(work, leader, case.id, head.id)
        assert not (await member(work.session, MEMBER)).knows_of(case)
        await take_apart(work, leader, case.id)
        assert (case.desk, case.state) == (Desk.leader("T1"), CaseState.RESTRICTED)


async def test_what_is_added_after_joining_is_kept_from_the_same_people_in_both(county: OpenWork) -> None:
    async with county() as work:
        head, case = await lay(work, SAID), await lay(work, ALSO)
        colleague = (await work.directory()).people[COLLEAGUE].name
        await merge(work, await member(work.session, MEMBER), case.id, head.id)
        [complaint] = await complaints_of(work, case)
        await reporter_says(work, complaint, f"{colleague}收了他们的钱")
        for one in (head, case):
            assert not (await member(work.session, COLLEAGUE)).knows_of(one)
        restriction = Restriction(DeskKind.LEADER, concerns_head=True, concerns_team=False)
        await reporter_says(work, complaint, "书记也拿了", restriction=restriction)
        for one in (head, case):
            assert one.desk == Desk.leader("T1")
            assert not (await member(work.session, MEMBER)).knows_of(one)


async def test_the_more_urgent_of_both_decides(county: OpenWork) -> None:
    async with county() as work:
        head, case = await lay(work, SAID), await lay(work, ALSO, hazard=True)
        await merge(work, await member(work.session, MEMBER), case.id, head.id)
        assert head.urgency == Urgency.DANGER


@pytest.mark.parametrize(
    ("of_case", "of_head"),
    [
        ({}, {"unit": "U2", "village": "V05"}),
        ({}, {"state": CaseState.ANSWERED}),
        ({}, {"state": CaseState.CLOSED}),
        ({"state": CaseState.VERIFYING}, {}),
        ({"urgency": Urgency.CRISIS}, {}),
        ({}, {"desk": DIRECTOR_DESK, "team": None, "state": CaseState.RESTRICTED}),
        ({"category": "thanks"}, {}),
    ],
    ids=str,
)
async def test_what_cannot_be_joined_is_refused(
    county: OpenWork, of_case: dict[str, Any], of_head: dict[str, Any]
) -> None:
    async with county() as work:
        case, head = await lay(work, ALSO, **of_case), await lay(work, SAID, **of_head)
        for staff_id in (MEMBER, LEADER):
            with pytest.raises((Impossible, NotEntitled)):
                await merge(work, await member(work.session, staff_id), case.id, head.id)


async def test_any_other_case_of_the_round_that_somebody_reads_is_laid_beside_theirs(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, SAID)
        other = await lay(work, "收了水费不给票", category="fees")
        who = await member(work.session, MEMBER)
        await require_comparable(work, who, await case_to_compare(work, who, case.id), other.id)
        secret = await lay(work, SAID, desk=Desk.leader("T1"), state=CaseState.RESTRICTED)
        elsewhere = await lay(work, SAID, desk=Desk.team("T2"), team="T2", unit="U2", village="V05")
        held = await lay(work, SAID, held_until=NOW + timedelta(hours=1))
        named = await lay(work, SAID, shut_out=[MEMBER])
        who = await member(work.session, MEMBER)
        for kept in (secret.id, elsewhere.id, held.id, named.id, "00000000"):
            with pytest.raises(NotEntitled):  # as one that does not exist
                await require_comparable(work, who, case, kept)
        other.round_id = "R5"
        await work.session.flush()
        for unfit in (case.id, other.id):
            with pytest.raises(Impossible):
                await require_comparable(work, who, case, unfit)
        for staff_id in (OTHER_LEADER, "P04", "P14"):
            with pytest.raises(NotEntitled):
                await case_to_compare(work, await member(work.session, staff_id), case.id)
        closed = await lay(work, SAID, state=CaseState.CLOSED)
        with pytest.raises(Impossible):
            await case_to_compare(work, who, closed.id)


async def test_a_case_that_is_anothers_is_joined_by_its_owner_and_its_leader_alone(county: OpenWork) -> None:
    async with county() as work:
        head, case = await lay(work, SAID), await lay(work, ALSO, owner_id=COLLEAGUE)
        with pytest.raises(NotEntitled):
            await merge(work, await member(work.session, MEMBER), case.id, head.id)
        await merge(work, await member(work.session, COLLEAGUE), case.id, head.id)
        assert head.owner_id == COLLEAGUE


async def test_one_reporter_takes_back_their_part_alone(county: OpenWork) -> None:
    async with county() as work:
        head, case = await lay(work, SAID), await lay(work, ALSO)
        await merge(work, await member(work.session, MEMBER), case.id, head.id)
        [complaint] = await complaints_of(work, case)
        assert await withdraw(work, complaint.id) is Withdrawal.ERASED
        assert head.is_open
        assert [said.text for said in await dialogue_of(work, head, "zh_Hans")] == [SAID]


async def test_a_merged_case_leads_to_its_head_also_when_that_was_joined_in_turn(county: OpenWork) -> None:
    async with county() as work:
        first, second, third = [await lay(work, text) for text in (SAID, ALSO, ALSO)]
        who = await member(work.session, MEMBER)
        await merge(work, who, third.id, second.id)
        await merge(work, who, second.id, first.id)
        assert await head_of_merged(work, third) is first
        assert len(await complaints_of(work, first)) == 3
        card = await private_card(work, Words("zh_Hans"), who, third)
        assert card is not None
        assert f"打开 {first.id}" in labels(card)
        with pytest.raises(Impossible):
            await take_apart(work, who, third.id)  # out of a case that was joined itself


async def test_what_was_joined_is_taken_apart_within_a_week_as_it_was(county: OpenWork) -> None:
    async with county() as work:
        head, case = await lay(work, SAID), await lay(work, ALSO)
        who = await member(work.session, MEMBER)
        await merge(work, who, case.id, head.id)
        await take_apart(work, who, case.id)
        assert (case.state, case.is_open) == (CaseState.ASSIGNED, True)
        assert len(await complaints_of(work, head)) == len(await complaints_of(work, case)) == 1
        [complaint] = await complaints_of(work, case)
        assert [said.key for said in await team_messages_of(work, complaint)] == ["merged", "taken_apart"]
        await merge(work, who, case.id, head.id)
        work.now = NOW + timedelta(days=8)
        with pytest.raises(Impossible):
            await take_apart(work, who, case.id)


async def test_taking_apart_leaves_the_head_what_is_its_own(county: OpenWork) -> None:
    async with county() as work:
        head = await lay(work, SAID)
        leader = await member(work.session, LEADER)
        beside = await split(work, leader, head.id, "fees")  # of the same complaint
        await merge(work, leader, beside.id, head.id)
        await take_apart(work, leader, beside.id)
        assert len(await complaints_of(work, head)) == 1


async def test_a_complaint_that_two_cases_brought_stays_as_long_as_one_is_joined(county: OpenWork) -> None:
    async with county() as work:
        head, case = await lay(work, SAID), await lay(work, ALSO)
        leader = await member(work.session, LEADER)
        beside = await split(work, leader, case.id, "fees")
        for one in (case, beside):
            await merge(work, leader, one.id, head.id)
        await take_apart(work, leader, case.id)
        rows = await work.session.scalars(select(CaseComplaint.came_with_id).where(CaseComplaint.case_id == head.id))
        assert set(rows) == {None, beside.id}


async def test_refusing_the_head_is_told_to_every_reporter(county: OpenWork) -> None:
    async with county() as work:
        head, case = await lay(work, SAID), await lay(work, ALSO)
        leader = await member(work.session, LEADER)
        await merge(work, leader, case.id, head.id)
        await refuse(work, leader, head.id, LITIGATION)
        for complaint in await complaints_of(work, head):
            assert [said.key for said in await team_messages_of(work, complaint)][-1] == "not_accepted"


async def test_comparing_keeps_nothing_of_the_words_anywhere(county: OpenWork) -> None:
    async with county() as work:
        one, other = await lay(work, SAID), await lay(work, ALSO)
        await find_all(work)
        who = await member(work.session, MEMBER)
        await bring_similar(work, who, one.id)
        await bring_both(work, who, one.id, other.id)
        await merge(work, who, *sorted((one.id, other.id), reverse=True))
        kept = [str(row) for table in METADATA.sorted_tables for row in await work.session.execute(select(table))]
        for words in ("水泥厂", "污水", "泥厂", "shuini", json.dumps("水泥厂")[1:-1]):
            assert not [row for row in kept if words in row]
        pairs = [tuple(row) for row in await work.session.execute(select(table_of(SimilarCase)))]
        assert sorted(pairs) == sorted([(one.id, other.id), (other.id, one.id)])  # and that is all there is of it


async def test_pairs_go_with_the_words(county: OpenWork) -> None:
    async with county() as work:
        one = await lay(work, SAID)
        await lay(work, ALSO)
        await find_all(work)
        [complaint] = await complaints_of(work, one)
        await withdraw(work, complaint.id)
        assert list(await work.session.scalars(select(SimilarCase.case_id))) == []


async def test_what_is_added_is_compared_anew(county: OpenWork) -> None:
    async with county() as work:
        one, other = await lay(work, "有件事想说一说"), await lay(work, SAID)
        await find_all(work)
        who = await member(work.session, MEMBER)
        assert not await similar_to(work, who, other)
        [complaint] = await complaints_of(work, one)
        await reporter_says(work, complaint, ALSO)
        await find_all(work)
        assert [case.id for case in await similar_to(work, who, other)] == [one.id]


async def test_what_was_taken_back_is_not_taken_out_again(county: OpenWork) -> None:
    async with county() as work:
        head, case = await lay(work, SAID), await lay(work, ALSO)
        who = await member(work.session, MEMBER)
        await merge(work, who, case.id, head.id)
        [complaint] = await complaints_of(work, case)
        await withdraw(work, complaint.id)
        with pytest.raises(Impossible):
            await take_apart(work, who, case.id)


async def test_whoever_compares_two_families_is_warned(county: OpenWork) -> None:
    async with county() as work:
        one = await lay(work, "张家的低保评得不公，他家有两辆车。")
        other = await lay(work, "李家的低保评得不公，他家有两辆车。")
        await find_all(work)
        who = await member(work.session, MEMBER)
        assert not await similar_to(work, who, one)
        await bring_both(work, who, one.id, other.id)
        *_, outgoing = await queued_for(work, f"staff:{MEMBER}", ComparedCase.kind)
        shown = await rendered(work, f"staff:{MEMBER}", outgoing)
        assert shown is not None
        assert "两家人" in shown.text


async def test_a_director_reads_in_no_audit_entry_with_what_a_case_was_compared_that_names_them(
    county: OpenWork,
) -> None:
    async with county() as work:
        case, other, named = (
            await lay(work, "路坏了"),
            await lay(work, "路坏了"),
            await lay(work, "路坏了", shut_out=["P03"]),
        )
        for beside in (other, named):
            await record(work, Audited.COMPARED, by="P05", case_id=case.id, subject=beside.id)
        page = await audit_page(work, Words(SOURCE), await member(work.session, "P03"), None)
        assert other.id in page
        assert named.id not in page
