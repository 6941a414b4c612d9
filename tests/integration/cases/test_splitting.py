"""A complaint with several matters: each is a case of its own, and one receipt shows them all."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from models.audit import Audited, AuditEntry
from models.base import coarse
from models.complaints import Case
from models.desk import DIRECTOR_DESK, Desk
from models.states import CaseState, Impossible, NotEntitled
from models.urgency import Urgency
from services.access.member import member
from services.cases.ask import ask
from services.cases.case_log import complaints_of
from services.cases.claim import claim
from services.cases.decide import Referral, Refusal, RefusalReason, accept, refuse
from services.cases.dialogue import reporter_says, team_messages_of
from services.cases.notes import notes_of, write_note
from services.cases.read_case import dialogue_of
from services.intake.split import EnoughSplit, split
from services.intake.understanding import TEAM_CONDUCT
from services.intake.visit import Withdrawal, judge, object_to_refusal, view, withdraw
from services.retention.erase import erase_cases, erase_expired
from tests.conftest import NOW, OpenWork
from tests.deployment import Deployment
from tests.integration.cases.conftest import counts, events_of, lay, queued_for
from tests.journey import Journey

LEADER, MEMBER, COLLEAGUE = "P05", "P06", "P07"
SAID = "村里的路坏了，收水费也没有收据"
LITIGATION = Refusal(RefusalReason.LITIGATION, Referral.COURT)


async def test_each_matter_is_a_case_and_both_answer_the_same_reporter(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, SAID, further_categories=["fees"])
        case.received_at = coarse(NOW - timedelta(days=3))
        leader = await member(work.session, LEADER)
        before = (await counts(work, leader)).open_cases
        other = await split(work, leader, case.id, "fees")
        assert (other.category, other.state, other.owner_id) == ("fees", CaseState.ASSIGNED, None)
        assert other.received_at == case.received_at  # its clock runs from there
        assert case.further_categories is None
        both = [[one.id for one in await complaints_of(work, one)] for one in (case, other)]
        assert both[0] == both[1]
        assert (await dialogue_of(work, other, "zh_Hans"))[0].text == SAID
        assert (await counts(work, leader)).open_cases == before + 1
        assert await queued_for(work, "staff:P07", "case_card")
        assert "split" in await events_of(work, case)
        assert (await events_of(work, other))[-1] == "split_off"
        entry = select(AuditEntry.subject).where(AuditEntry.action == Audited.SPLIT, AuditEntry.case_id == case.id)
        assert list(await work.session.scalars(entry)) == [other.id]


async def test_the_reporter_sees_how_each_stands_and_of_which_the_team_speaks(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, SAID)
        leader = await member(work.session, LEADER)
        other = await split(work, leader, case.id, "fees")
        await accept(work, leader, case.id)
        await refuse(work, leader, other.id, LITIGATION)
        [complaint] = await complaints_of(work, case)
        visit = await view(work, complaint.id)
        assert visit is not None
        assert visit.matters == (("fees", CaseState.NOT_ACCEPTED), ("road", CaseState.ACCEPTED))
        lines = [(said.key, said.matter and said.matter[0]) for said in await team_messages_of(work, complaint)]
        assert lines == [("split", None), ("accepted", "road"), ("not_accepted", "fees")]


async def test_one_case_alone_is_told_as_ever(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, SAID)
        await accept(work, await member(work.session, LEADER), case.id)
        [complaint] = await complaints_of(work, case)
        visit = await view(work, complaint.id)
        assert visit is not None
        assert visit.matters == ()
        assert [said.matter for said in await team_messages_of(work, complaint)] == [None]


async def test_what_the_reporter_adds_comes_to_both(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, SAID)
        other = await split(work, await member(work.session, LEADER), case.id, "fees")
        await claim(work, await member(work.session, MEMBER), case.id)
        await claim(work, await member(work.session, COLLEAGUE), other.id)
        [complaint] = await complaints_of(work, case)
        await reporter_says(work, complaint, "还有一件事忘了说")
        for staff_id in (MEMBER, COLLEAGUE):
            assert await queued_for(work, f"staff:{staff_id}", "case_reporter_wrote")


async def test_whoever_is_named_is_shut_out_of_both(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, SAID, shut_out=[COLLEAGUE])
        other = await split(work, await member(work.session, LEADER), case.id, "fees")
        assert not (await member(work.session, COLLEAGUE)).knows_of(other)


async def test_a_matter_never_lies_where_more_people_read_it(county: OpenWork) -> None:
    async with county() as work:
        leader = await member(work.session, LEADER)
        for_leader = await lay(work, SAID, desk=Desk.leader("T1"), state=CaseState.RESTRICTED, concerns_head=True)
        other = await split(work, leader, for_leader.id, "fees")
        assert (other.desk, other.state) == (Desk.leader("T1"), CaseState.RESTRICTED)
        director = await member(work.session, "P03")
        for_director = await lay(work, SAID, desk=DIRECTOR_DESK, team=None, state=CaseState.RESTRICTED)
        assert (await split(work, director, for_director.id, "fees")).desk == DIRECTOR_DESK
        about_the_team = await split(work, leader, (await lay(work, SAID)).id, TEAM_CONDUCT)
        assert about_the_team.desk == DIRECTOR_DESK
        assert not leader.sees(about_the_team)


async def test_what_is_split_off_a_crisis_calls_nobody_and_still_goes_before_the_rest(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, SAID, urgency=Urgency.CRISIS)
        other = await split(work, await member(work.session, LEADER), case.id, "fees")
        assert (other.urgency, other.next_call_at) == (Urgency.DANGER, None)


async def test_only_who_has_the_case_splits_it_and_not_without_end(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, SAID)
        owner, other, leader = [await member(work.session, one) for one in (MEMBER, COLLEAGUE, LEADER)]
        with pytest.raises(NotEntitled):
            await split(work, owner, case.id, "fees")
        await claim(work, owner, case.id)
        with pytest.raises(NotEntitled):
            await split(work, other, case.id, "fees")
        with pytest.raises(NotEntitled):
            await split(work, owner, case.id, case.category)
        for code in ("fees", "style", "formalism", "grain_subsidy"):
            await split(work, owner, case.id, code)
        with pytest.raises(EnoughSplit):
            await split(work, leader, case.id, "wages_owed")
        closed = await lay(work, SAID, state=CaseState.CLOSED)
        with pytest.raises(Impossible):
            await split(work, leader, closed.id, "fees")


async def test_the_words_stay_until_the_last_of_both_is_over_and_are_taken_back_for_both(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, SAID)
        leader = await member(work.session, LEADER)
        other = await split(work, leader, case.id, "fees")
        [complaint] = await complaints_of(work, case)
        await refuse(work, leader, other.id, LITIGATION)
        await erase_cases(work, [other.id])
        assert (await dialogue_of(work, case, "zh_Hans"))[0].text == SAID  # the first one goes on with it
        assert await withdraw(work, complaint.id) is Withdrawal.ERASED
        assert case.state == CaseState.WITHDRAWN


async def test_the_words_stay_for_a_case_that_has_ended_and_can_be_taken_up_again(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, SAID)
        leader = await member(work.session, LEADER)
        other = await split(work, leader, case.id, "fees")
        for one in (case, other):
            await refuse(work, leader, one.id, LITIGATION)
        case.state_since = coarse(work.now - timedelta(days=181))
        await work.session.flush()
        assert await erase_expired(work) == 1
        assert (await dialogue_of(work, other, "zh_Hans"))[0].text == SAID  # its time is not over
        other.state_since = case.state_since
        await work.session.flush()
        assert await erase_expired(work) == 1
        assert await dialogue_of(work, other, "zh_Hans") == []


async def test_what_is_taken_back_leaves_nothing_in_a_case_of_it_that_has_ended(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, SAID)
        leader = await member(work.session, LEADER)
        other = await split(work, leader, case.id, "fees")
        await write_note(work, leader, other.id, "水费的事去年问过")
        await refuse(work, leader, other.id, LITIGATION)
        [complaint] = await complaints_of(work, case)
        assert await withdraw(work, complaint.id) is Withdrawal.ERASED
        assert await notes_of(work, other, "zh_Hans") == []


async def test_an_old_button_takes_up_no_case_of_a_complaint_that_was_taken_back(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, SAID)
        leader = await member(work.session, LEADER)
        refused, closed = [await split(work, leader, case.id, code) for code in ("fees", "style")]
        await refuse(work, leader, refused.id, LITIGATION)
        closed.state, closed.is_open = CaseState.CLOSED, False
        [complaint] = await complaints_of(work, case)
        assert await withdraw(work, complaint.id) is Withdrawal.ERASED
        assert not await object_to_refusal(work, complaint.id)
        assert not await judge(work, complaint.id, solved=False)
        assert not refused.is_open
        assert not closed.is_open


async def test_not_solved_is_said_of_what_was_answered_whatever_else_has_ended(county: OpenWork) -> None:
    async with county() as work:
        leader = await member(work.session, LEADER)
        for _ in range(4):  # numbers are random, and cases are looked at in the order of theirs
            answered = await lay(work, SAID)
            was_thanks, was_reopened = [await split(work, leader, answered.id, code) for code in ("thanks", "fees")]
            for one in (was_thanks, was_reopened):
                one.state, one.is_open = CaseState.CLOSED, False
            was_reopened.reopened = True
            answered.state = CaseState.ANSWERED
            [complaint] = await complaints_of(work, answered)
            await work.session.flush()
            assert await judge(work, complaint.id, solved=False)
            assert [one.state for one in (answered, was_thanks, was_reopened)] == [
                CaseState.REOPENED,
                CaseState.CLOSED,
                CaseState.CLOSED,
            ]


async def test_what_is_said_for_one_pair_of_eyes_is_not_read_with_the_case_it_was_split_off(county: OpenWork) -> None:
    async with county() as work:
        case, leader = await lay(work, SAID), await member(work.session, LEADER)
        other = await split(work, leader, case.id, TEAM_CONDUCT)
        director = await member(work.session, "P03")
        await ask(work, director, other.id, "组里谁收了东西？")
        await ask(work, leader, case.id, "哪一段路？")
        of_team = [said.text for said in await dialogue_of(work, case, "zh_Hans")]
        assert "哪一段路？" in of_team
        assert "组里谁收了东西？" not in of_team
        of_director = [said.text for said in await dialogue_of(work, other, "zh_Hans")]
        assert {"哪一段路？", "组里谁收了东西？"} <= set(of_director)


async def test_two_who_split_off_the_same_matter_make_one_case_of_it(county: OpenWork) -> None:
    async with county() as work:
        case, leader = await lay(work, SAID), await member(work.session, LEADER)
        await split(work, leader, case.id, "fees")
        with pytest.raises(Impossible):
            await split(work, leader, case.id, "fees")


async def test_a_case_is_split_on_a_phone_and_the_receipt_shows_both(deployment: Deployment) -> None:
    journey = await Journey.begin(deployment)
    await journey.resident_submits_with_a_photo()
    await journey.member_claims_and_reads()
    await journey.member.press(f"1.case.split.{journey.case_id}")
    asked = await journey.member.can_press("1.form.choose.split_case")
    fees = next(one for row in asked.buttons for one in row if one.text.startswith("乱收费"))
    await journey.member.press(fees.data)
    preview = await journey.member.can_press("1.form.send.split_case")
    assert "乱收费" in preview.text
    await journey.member.press("1.form.send.split_case")
    async with deployment.database.reading() as session:
        assert len(list(await session.scalars(select(Case)))) == 2
    await journey.resident.reads("已经分开来办")
    said = journey.resident.say(journey.code)
    seen = await journey.resident.reads("乱收费", after=said)
    assert seen.text.count("待受理") == 2
