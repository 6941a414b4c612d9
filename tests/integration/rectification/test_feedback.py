"""When units were told the findings: a register, a receipt by the head, and terms that may run from it."""

from datetime import date

import pytest

from bot.bootstrap import duties
from models.feedback import FeedbackKind, FeedbackMeeting
from models.rectification import ItemSource, RectificationItem
from models.rounds import Round
from models.staff import Recusal, RecusalState
from models.states import FeedbackState, Impossible, NotEntitled, RoundState
from services.directory import expire_directory
from services.rectification.feedback import (
    DayOutside,
    NoRound,
    ToldBefore,
    feedback_of,
    feedback_seen,
    moved_by,
    record_feedback,
    sign,
    take_back,
    tell_of_unsigned_feedback,
)
from services.rectification.issue_item import issue_item
from services.rounds.settings_versions import enter_settings_version
from services.unit_of_work import UnitOfWork
from tests.conftest import OpenWork
from tests.integration.rectification.conftest import at, queued, who
from tests.items import new_item

DIRECTOR, CLERK, LEADER, HEAD = "P03", "P04", "P05", "P14"
HELD, WHO_CAME = date(2026, 11, 20), "党委书记和班子成员"
MEETING, ALONE = FeedbackKind.MEETING, FeedbackKind.ONE_TO_ONE


async def as_far_as_feedback(work: UnitOfWork) -> None:
    (await work.session.get_one(Round, "R6")).state = RoundState.FEEDBACK
    await work.session.flush()
    expire_directory(work.session)


def test_a_term_moves_by_the_days_until_it_begins_and_never_back() -> None:
    due = date(2026, 12, 31)
    assert moved_by(due, date(2026, 11, 20), date(2026, 11, 23)) == date(2027, 1, 3)
    assert moved_by(due, date(2026, 11, 20), date(2026, 11, 20)) == due
    assert moved_by(due, date(2026, 11, 20), date(2026, 11, 1)) == due


async def test_a_meeting_is_written_down_and_its_head_signs_for_it(county: OpenWork) -> None:
    async with county(now=at(20)) as work:
        clerk, head = await who(work, CLERK), await who(work, HEAD)
        for unit_id in ("U1", "U2"):
            with pytest.raises(NoRound):
                await record_feedback(work, clerk, unit_id, MEETING, HELD, WHO_CAME)
        await as_far_as_feedback(work)
        for stranger in (HEAD, "P06", "P08", "P25"):
            with pytest.raises(NotEntitled):
                await record_feedback(work, await who(work, stranger), "U1", MEETING, HELD, WHO_CAME)
        for outside in (date(2026, 11, 21), date(2025, 1, 1)):
            with pytest.raises(DayOutside):
                await record_feedback(work, clerk, "U1", MEETING, outside, WHO_CAME)
        meeting = await record_feedback(work, await who(work, LEADER), "U1", MEETING, HELD, WHO_CAME)
        with pytest.raises(ToldBefore):
            await record_feedback(work, clerk, "U1", MEETING, HELD, WHO_CAME)
        mistaken = await record_feedback(work, clerk, "U1", ALONE, HELD, "党委书记")
        await take_back(work, clerk, mistaken.id)
        alone = await record_feedback(work, clerk, "U1", ALONE, HELD, "党委书记")
        known = await work.directory()
        liaisons = {
            one.id for one in known.people.values() if any(r.role == "liaison" and r.unit_id == "U1" for r in one.roles)
        }
        assert liaisons
        for liaison in liaisons:
            assert (await feedback_seen(work, await who(work, liaison), meeting.id)).id == meeting.id
            with pytest.raises(NotEntitled):
                await feedback_seen(work, await who(work, liaison), alone.id)
            assert [one.id for one in (await feedback_of(work, await who(work, liaison)))[0]] == [meeting.id]
        for stranger in ("P15", "P08", CLERK):
            with pytest.raises(NotEntitled):
                await sign(work, await who(work, stranger), meeting.id)
        await sign(work, head, meeting.id)
        assert (meeting.state, meeting.signed_by) == (FeedbackState.SIGNED, HEAD)
        with pytest.raises(Impossible):
            await sign(work, head, meeting.id)
        with pytest.raises(Impossible):
            await take_back(work, clerk, meeting.id)
        assert {one.staff_id for one in await queued(work, "feedback_signed")} == {LEADER}
        for reader in (CLERK, HEAD, LEADER):
            assert {one.id for one in (await feedback_of(work, await who(work, reader)))[0]} == {meeting.id, alone.id}
        assert (await feedback_of(work, await who(work, "P15")))[0] == []
        work.session.add(Recusal(staff_id=CLERK, unit_id="U1", state=RecusalState.ORDERED, reason=""))
        await work.session.flush()
        expire_directory(work.session)
        assert (await feedback_of(work, await who(work, CLERK)))[0] == []
        with pytest.raises(NotEntitled):
            await feedback_seen(work, await who(work, CLERK), meeting.id)


async def test_whoever_does_not_sign_in_time_is_told_and_then_their_leader_hears_of_it(county: OpenWork) -> None:
    assert tell_of_unsigned_feedback in duties()
    async with county(now=at(20)) as work:
        await as_far_as_feedback(work)
        meeting = await record_feedback(work, await who(work, CLERK), "U1", MEETING, HELD, WHO_CAME)
        assert meeting.due_on == date(2026, 11, 25)  # the third working day
    async with county(now=at(25)) as work:
        await tell_of_unsigned_feedback(work)
        assert await queued(work, "feedback_late") == []
    async with county(now=at(26)) as work:
        leader = (await work.directory()).units["U1"].county_leader_id
        for _ in range(2):
            await tell_of_unsigned_feedback(work)
        assert leader is not None
        first = [HEAD, CLERK]
        assert sorted(one.staff_id for one in await queued(work, "feedback_late")) == sorted(first)
        meeting_id = meeting.id
    for moment in (at(27, 17), at(28), at(30), at(30, 15), at(1, month=12)):  # the fifth working day is the 27th
        async with county(now=moment) as work:
            await tell_of_unsigned_feedback(work)
            told = [one.staff_id for one in await queued(work, "feedback_late")]
            assert sorted(told) == sorted(first if moment < at(30) else [*first, *first, leader])
    async with county(now=at(1, month=12)) as work:
        await sign(work, await who(work, HEAD), meeting_id)


async def test_after_days_without_the_clock_an_unsigned_feedback_is_told_once(county: OpenWork) -> None:
    async with county(now=at(20)) as work:
        await as_far_as_feedback(work)
        await record_feedback(work, await who(work, CLERK), "U1", MEETING, HELD, WHO_CAME)
    async with county(now=at(7, month=12)) as work:
        leader = (await work.directory()).units["U1"].county_leader_id
        for _ in range(2):
            await tell_of_unsigned_feedback(work)
        assert leader is not None
        assert sorted(one.staff_id for one in await queued(work, "feedback_late")) == sorted([HEAD, leader, CLERK])


async def test_terms_run_from_the_receipt_where_the_settings_say_so(county: OpenWork) -> None:
    due, found = date(2026, 12, 31), dict[bool, date]()
    for runs in (False, True):
        async with county(now=at(20)) as work:
            await as_far_as_feedback(work)
            clerk = await who(work, CLERK)
            if runs:
                version = await enter_settings_version(work, {"rectification": {"terms_from_receipt": True}})
                (await work.session.get_one(Round, "R6")).settings_version = version
                await work.session.flush()
                expire_directory(work.session)
            item = await issue_item(work, clerk, new_item("U1", f"第{runs}件", due, source=ItemSource.FEEDBACK))
            listed = await issue_item(work, clerk, new_item("U1", f"列{runs}件", due, source=ItemSource.FEEDBACK))
            listed.listed_due_on = due
            kind = MEETING
            meeting = await record_feedback(work, clerk, "U1", kind, HELD, WHO_CAME)
            item_id, listed_id, meeting_id = item.id, listed.id, meeting.id
        async with county(now=at(30)) as work:  # after the last day for it, which is the 25th
            await sign(work, await who(work, HEAD), meeting_id)
            found[runs] = (await work.session.get_one(RectificationItem, item_id)).due_on
            assert (await work.session.get_one(RectificationItem, listed_id)).due_on == due
            for one in (await feedback_of(work, await who(work, DIRECTOR)))[0]:
                await work.session.delete(await work.session.get_one(FeedbackMeeting, one.id))
    assert found == {False: due, True: date(2027, 1, 5)}
