"""Two at once on PostgreSQL: of two who meet at the same records one waits, and then does what is still to be done."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from channels.telegram.address import address_of
from models.base import random_id
from models.complaints import (
    Author,
    Case,
    CaseComplaint,
    Complaint,
    ComplaintMessage,
    MessageKind,
    QueueCount,
    ReplyAddress,
)
from models.database import Database
from models.desk import DIRECTOR_DESK, Desk
from models.rounds import PlaceKind, Round
from models.states import Actor, CaseState, RoundState
from services.access.member import member
from services.cases.batches import release_batches
from services.cases.case_log import case_to_change, complaints_of, log_event, move, step
from services.cases.dialogue import DialogueClosed, forget_reply_address, reporter_says
from services.intake.drafts import Draft
from services.intake.place import place_of
from services.intake.split import split as split_off
from services.intake.submit import RoundOver, keep_reply_address, submit
from services.intake.visit import Withdrawal, judge, withdraw
from services.outbox import DeleteMessage, OutgoingMessage
from services.people.boards import BoardChanged, bind_board, use_group_again
from services.people.forms import OpenForm, open_form_of, open_form_to_change, save_form
from services.people.leaving import leave
from services.people.recusal import recuse
from services.retention.erase import erase_expired, forget_chat
from services.retention.expiry import close_unquestioned
from services.rounds.destroy_key import NotYet, erase_round
from services.sealed_messages import seal_message
from services.unit_of_work import UnitOfWork
from tests.conftest import NOW, ONLY_POSTGRESQL, OpenWork
from tests.integration.cases.conftest import county, events_of, lay  # noqa: F401 (a fixture)
from tests.lock_conflicts import start_and_wait_for_lock

pytestmark = ONLY_POSTGRESQL  # SQLite has one writer at a time

HOUR = timedelta(hours=1)
CHAT = address_of(5_300_000_001)
LEADER = {Actor.TEAM_LEADER, Actor.TEAM_MEMBER}


async def add(work: UnitOfWork, case: Case, said: str) -> None:
    """Let the reporter of a case add something that is held until the hour is full."""
    complaint = await complaint_of(work, case)
    message_id = random_id()
    work.session.add(
        ComplaintMessage(
            id=message_id,
            complaint_id=complaint.id,
            position=7,
            author=Author.REPORTER,
            kind=MessageKind.TEXT,
            sent_at=NOW,
            held_until=NOW + HOUR,
            sealed=await seal_message(work, work.keyring.complaint_key("R6", complaint.id), message_id, said, None),
        )
    )
    await work.session.flush()


async def complaint_of(work: UnitOfWork, case: Case) -> Complaint:
    query = select(Complaint).join(CaseComplaint, CaseComplaint.complaint_id == Complaint.id)
    return (await work.session.scalars(query.where(CaseComplaint.case_id == case.id))).one()


async def split(work: UnitOfWork, case: Case) -> Case:
    """Let the complaint of a case have another case as well."""
    other = await lay(work, "另一件", state=case.state, desk=case.desk, team=case.team_id)
    complaint = await complaint_of(work, case)
    await work.session.execute(
        update(CaseComplaint).where(CaseComplaint.case_id == other.id).values(complaint_id=complaint.id)
    )
    return other


async def kept_counts(work: UnitOfWork, desk: Desk) -> int:
    return await work.session.scalar(select(func.sum(QueueCount.open_cases)).where(QueueCount.desk == desk)) or 0


async def found(open_work: OpenWork, case: Case) -> Case:
    async with open_work() as work:
        return await work.session.get_one(Case, case.id)


class TestALeaderClosesACase:
    """Whoever does something to one case holds it, and then what is counted; so does whoever changes many."""

    async def test_while_the_hour_lets_go_what_was_held(self, county: OpenWork, database: Database) -> None:  # noqa: F811
        async with county() as work:
            held = await lay(work, "路坏了", held_until=NOW + HOUR)
            answered = await lay(work, "桥坏了")
            await add(work, answered, "还有一件事")
        async with county() as work:
            case = await case_to_change(work, answered.id)
            hour = await start_and_wait_for_lock(county, database, release_batches, now=NOW + HOUR)
            await step(work, case, "dismiss", LEADER)
        await hour
        assert (await found(county, held)).held_until is None
        async with county() as work:
            assert await kept_counts(work, answered.desk) == 1

    async def test_while_the_one_who_had_it_leaves(self, county: OpenWork, database: Database) -> None:  # noqa: F811
        async with county() as work:
            cases = [await lay(work, "书记的事", desk=Desk.leader("T1"), state=CaseState.ASSIGNED) for _ in range(2)]
        first, last = sorted(cases, key=lambda one: one.id)
        async with county() as work:
            case = await case_to_change(work, last.id)
            leaving = await start_and_wait_for_lock(county, database, lambda other: leave(other, "P05"))
            await step(work, case, "dismiss", LEADER, by=await member(work.session, "P05"))
        await leaving
        assert (await found(county, first)).desk == DIRECTOR_DESK
        assert (await found(county, last)).desk == Desk.leader("T1")

    async def test_while_its_reporter_finds_both_of_theirs_solved(self, county: OpenWork, database: Database) -> None:  # noqa: F811
        async with county() as work:
            one = await lay(work, "路坏了", state=CaseState.ANSWERED)
            cases = [one, await split(work, one)]
            complaint = await complaint_of(work, one)
        for case in sorted(cases, key=lambda one: one.id)[1:]:
            async with county() as work:
                held = await case_to_change(work, case.id)
                judging = await start_and_wait_for_lock(
                    county, database, lambda other: judge(other, complaint.id, solved=True)
                )
                await step(work, held, "close", LEADER)
            assert await judging
        async with county() as work:
            assert await kept_counts(work, one.desk) == 0


async def test_a_case_that_is_split_off_meanwhile_is_taken_back_with_its_complaint(
    county: OpenWork,  # noqa: F811
    database: Database,
) -> None:
    async with county() as work:
        case = await lay(work, "路坏了，收水费也没有收据")
        complaint = await complaint_of(work, case)
    async with county() as work:
        leader = await member(work.session, "P05")
        other = await split_off(work, leader, case.id, "fees")
        withdrawing = await start_and_wait_for_lock(county, database, lambda one: withdraw(one, complaint.id))
    assert await withdrawing is Withdrawal.ERASED
    assert [(await found(county, one)).state for one in (case, other)] == [CaseState.WITHDRAWN] * 2


async def test_what_one_person_sends_from_a_chat_and_from_a_page_is_done_one_after_the_other(
    county: OpenWork,  # noqa: F811
    database: Database,
) -> None:
    def answered(words: str) -> OpenForm:
        return OpenForm("answer", None, "answer", {"words": words})

    async def sends(work: UnitOfWork) -> OpenForm | None:
        before = await open_form_to_change(work, "P05")
        await save_form(work, "P05", answered("on the page"))
        return before

    async with county() as work:
        assert await open_form_to_change(work, "P05") is None
        sending = await start_and_wait_for_lock(county, database, sends)
        await save_form(work, "P05", answered("in chat"))
    assert await sending == answered("in chat")
    async with county() as work:
        assert await open_form_of(work, "P05") == answered("on the page")


async def test_two_cases_that_change_places_at_once_both_arrive(county: OpenWork, database: Database) -> None:  # noqa: F811
    async with county() as work:
        down, up = await lay(work, "路坏了"), await lay(work, "桥坏了", desk=DIRECTOR_DESK, team=None)
    async with county() as work:
        # As the other one does: what it counts first is held already.
        counts = update(QueueCount).where(QueueCount.unit_id == "U1").values(hazards=0)
        await work.session.execute(counts.where(QueueCount.desk == DIRECTOR_DESK))
        moving = await start_and_wait_for_lock(county, database, lambda other: _moved(other, down.id))
        await work.session.execute(counts.where(QueueCount.desk == down.desk))
    await moving
    async with county() as work:
        assert await kept_counts(work, DIRECTOR_DESK) == 2
        assert await kept_counts(work, down.desk) == 0
    assert up.desk == DIRECTOR_DESK


async def _moved(work: UnitOfWork, case_id: str) -> None:
    await move(work, await case_to_change(work, case_id), DIRECTOR_DESK, None)


async def test_a_press_of_somebody_who_is_let_go_right_then_counts(county: OpenWork, database: Database) -> None:  # noqa: F811
    async with county() as work:
        case = await lay(work, "路坏了")
        who = await member(work.session, "P06")
    async with county() as work:
        held = await case_to_change(work, case.id)
        leaving = await start_and_wait_for_lock(county, database, lambda other: leave(other, "P06"))
        held.owner_id = who.id
        await log_event(work, held, "claim", by=who)
    await leaving
    async with county() as work:
        assert "claim" in await events_of(work, case)
    assert (await found(county, case)).owner_id is None


async def test_a_recusal_and_a_message_that_names_the_same_person_both_hold(
    county: OpenWork,  # noqa: F811
    database: Database,
) -> None:
    async with county() as work:
        case = await lay(work, "路坏了")
        who = await member(work.session, "P06")
        await work.outbox.to_staff(who.id, OutgoingMessage(DeleteMessage(1)))  # a text they have opened
    async with county() as work:
        held = await case_to_change(work, case.id)
        recusing = await start_and_wait_for_lock(county, database, lambda other: recuse(other, "P06", "U1", by=who))
        [complaint] = await complaints_of(work, held)
        await reporter_says(work, complaint, f"{who.name}收了钱")
    await recusing
    async with county() as work:
        who = await member(work.session, "P06")
        assert "U1" in who.shut_out_of
        assert case.id in who.shut_out_of_cases


async def test_two_clocks_let_go_what_was_held_once(county: OpenWork, database: Database) -> None:  # noqa: F811
    async with county() as work:
        cases = [await lay(work, "路坏了", held_until=NOW + HOUR) for _ in range(6)]
    async with county(now=NOW + HOUR) as work:
        await case_to_change(work, min(case.id for case in cases))
        other = await start_and_wait_for_lock(county, database, release_batches, now=NOW + HOUR)
        await release_batches(work)
    await other
    async with county() as work:
        assert await kept_counts(work, cases[0].desk) == 6


async def test_what_is_taken_back_as_the_hour_strikes_is_told_to_nobody(
    county: OpenWork,  # noqa: F811
    database: Database,
) -> None:
    async with county() as work:
        case = await lay(work, "路坏了")
        await add(work, case, "还有一件事")
        complaint = await complaint_of(work, case)
    async with county() as work:
        assert await withdraw(work, complaint.id) == Withdrawal.ERASED
        hour = await start_and_wait_for_lock(county, database, release_batches, now=NOW + HOUR)
    await hour
    async with county() as work:
        assert "reporter_wrote" not in await events_of(work, case)


async def test_nothing_is_added_to_what_was_taken_back_from_another_phone(
    county: OpenWork,  # noqa: F811
    database: Database,
) -> None:
    async with county() as work:
        complaint_id = (await complaint_of(work, await lay(work, "路坏了"))).id

    async def adds(work: UnitOfWork) -> None:
        await reporter_says(work, await work.session.get_one(Complaint, complaint_id), "还有一件事")

    async with county() as work:
        await withdraw(work, complaint_id)
        adding = await start_and_wait_for_lock(county, database, adds)
    with pytest.raises(DialogueClosed):
        await adding
    async with county() as work:
        assert list(await work.session.scalars(select(ComplaintMessage))) == []


async def test_an_answer_that_is_questioned_as_its_time_ends_is_not_closed(
    county: OpenWork,  # noqa: F811
    database: Database,
) -> None:
    later = NOW + timedelta(days=8)
    async with county() as work:
        case = await lay(work, "路坏了", state=CaseState.ANSWERED)
        overdue = await lay(work, "桥坏了", state=CaseState.ANSWERED)
        complaint = await complaint_of(work, case)
    async with county(now=later) as work:
        await judge(work, complaint.id, solved=False)
        clock = await start_and_wait_for_lock(county, database, close_unquestioned, now=later)
    assert await clock == 1
    assert (await found(county, case)).is_open
    assert (await found(county, overdue)).state == CaseState.CLOSED


async def test_a_case_that_is_taken_up_again_as_its_time_ends_is_not_erased(
    county: OpenWork,  # noqa: F811
    database: Database,
) -> None:
    later = NOW + timedelta(days=400)
    async with county() as work:
        case = await lay(work, "路坏了", state=CaseState.CLOSED)
    async with county(now=later) as work:
        await step(work, await case_to_change(work, case.id), "reopen", {Actor.TEAM_LEADER})
        clock = await start_and_wait_for_lock(county, database, erase_expired, now=later)
    assert await clock == 0
    async with county() as work:
        assert len(list(await work.session.scalars(select(ComplaintMessage)))) == 1


async def test_a_chat_is_forgotten_while_the_clock_forgets_its_address(county: OpenWork, database: Database) -> None:  # noqa: F811
    async with county() as work:
        complaint = await complaint_of(work, await lay(work, "路坏了"))
        await keep_reply_address(work, complaint.id, CHAT, "zh_Hans")
    async with county() as work:
        await forget_reply_address(work, complaint.id)
        forgetting = await start_and_wait_for_lock(county, database, lambda other: forget_chat(other, CHAT))
    await forgetting
    async with county() as work:
        assert list(await work.session.scalars(select(ReplyAddress))) == []


class TestARoundEnds:
    """The key of a round is not destroyed over the head of somebody who is just sending."""

    async def sends(self, work: UnitOfWork) -> None:
        place = await place_of(work, "R6", PlaceKind.VILLAGE, "V01")
        await submit(work, CHAT, "zh_Hans", Draft(draft_id="m", place=place))

    async def archive(self, county: OpenWork) -> None:  # noqa: F811
        async with county() as work:
            await work.session.execute(update(Round).where(Round.id == "R6").values(state=RoundState.ARCHIVED))

    async def test_what_comes_after_its_erasure_is_refused(self, county: OpenWork, database: Database) -> None:  # noqa: F811
        await self.archive(county)
        async with county() as work:
            await erase_round(work, "R6")
            sending = await start_and_wait_for_lock(county, database, self.sends)
        with pytest.raises(RoundOver):
            await sending

    async def test_what_is_being_sent_when_the_office_archives_it_keeps_its_key(
        self,
        county: OpenWork,  # noqa: F811
        database: Database,
    ) -> None:
        async with county() as work:
            await self.sends(work)
            archiving = await start_and_wait_for_lock(
                county,
                database,
                lambda other: other.session.execute(
                    update(Round).where(Round.id == "R6").values(state=RoundState.ARCHIVED)
                ),
            )
        await archiving
        async with county() as work:
            with pytest.raises(NotYet, match="still open"):
                await erase_round(work, "R6")


async def test_a_group_is_not_used_again_for_one_while_another_leaves(county: OpenWork, database: Database) -> None:  # noqa: F811
    async with county() as work:
        leader = await member(work.session, "P05")
        await bind_board(work, leader, "T1", address_of(-100))
        await leave(work, "P06")
    async with county() as work:
        await leave(work, "P07")
        again = await start_and_wait_for_lock(county, database, lambda other: use_group_again(other, leader, "T1", "1"))
    with pytest.raises(BoardChanged):
        await again
