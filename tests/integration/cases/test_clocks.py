"""The clocks of cases follow what happens to them, and each is told once: to the owner, then to who leads."""

from datetime import datetime

import pytest
from sqlalchemy import select

from models.audit import Audited
from models.clocks import NO_END, Clock
from models.complaints import Case, CaseClock
from models.desk import OFFICE_DESK
from models.dismissal import DismissalReason
from models.extension import ExtensionReason
from models.rounds import County, Round
from models.staff import Recusal, RecusalState
from models.states import CaseState, Impossible, NotEntitled, RoundState
from models.urgency import Urgency
from services.audit.log import record
from services.cases.ask import ask
from services.cases.case_log import complaints_of
from services.cases.claim import claim, take_over
from services.cases.clocks import clocks_of, terms_of
from services.cases.decide import Referral, Refusal, RefusalReason, accept, answer, refuse, reopen, verify
from services.cases.dialogue import reporter_says, team_messages_of
from services.cases.dismiss import confirm_dismissal, propose_dismissal, undo_dismissal
from services.cases.extend import extend
from services.cases.fast_track import put_on_fast_track
from services.cases.late import tell_of_clocks
from services.cases.reassignment import reassign
from services.intake.sort_anew import set_category
from services.intake.understanding import PUBLIC_SAFETY
from services.intake.visit import object_to_refusal
from services.retention.expiry import go_on_without_answer
from services.rounds.change_round_state import change_round_state
from services.rounds.settings_versions import enter_settings_version
from services.unit_of_work import UnitOfWork
from tests.conftest import OpenWork
from tests.integration.cases.conftest import events_of, lay, queued, queued_for, rendered
from tests.integration.rectification.conftest import at, who

CAME = at(9)  # a Monday
REFUSAL = Refusal(RefusalReason.LITIGATION, Referral.COURT)


async def laid(county: OpenWork, came: datetime = CAME, **facts: object) -> str:
    async with county(now=came) as work:
        return (await lay(work, "路坏了", came=came, **facts)).id  # type: ignore[arg-type]


async def ends(work: UnitOfWork, number: str) -> dict[Clock, datetime]:
    """Return when the clocks of a case end."""
    case = await work.session.get_one(Case, number)
    return {clock: one.ends_at for clock, one in (await clocks_of(work, case)).items()}


async def tick(county: OpenWork, now: datetime) -> None:
    async with county(now=now) as work:
        await tell_of_clocks(work)


async def told(county: OpenWork) -> list[str]:
    async with county() as work:
        return sorted(name for name, order in await queued(work) if order.kind == "cases_due")


async def test_what_comes_has_a_first_look_and_a_decision_and_is_due_by_the_first_of_them(county: OpenWork) -> None:
    number = await laid(county)
    async with county(now=CAME) as work:
        assert await ends(work, number) == {Clock.FIRST_LOOK: at(10), Clock.DECISION: at(25, 0)}
        case = await work.session.get_one(Case, number)
        assert (case.due_clock, case.due_at) == (Clock.FIRST_LOOK, at(10))


async def test_a_danger_has_its_first_look_in_two_hours(county: OpenWork) -> None:
    number = await laid(county, hazard=True)
    async with county(now=CAME) as work:
        assert (await ends(work, number))[Clock.FIRST_LOOK] == at(9, 11)


async def test_each_step_starts_and_stops_the_clocks_of_its_state(county: OpenWork) -> None:
    number = await laid(county)
    async with county(now=at(10, 8)) as work:
        member = await who(work, "P06")
        case = await claim(work, member, number)
        assert await ends(work, number) == {Clock.DECISION: at(25, 0)}
        assert (case.due_clock, case.due_at) == (Clock.DECISION, at(25, 0))
        await accept(work, member, number)
        await verify(work, member, number)
        assert await ends(work, number) == {Clock.HANDLING: at(10, 0, month=1, year=2027)}
    async with county(now=at(20, 8)) as work:
        await answer(work, await who(work, "P05"), number, "修好了。")
        assert await ends(work, number) == {Clock.FOLLOW_UP: at(27, 9)}
        case = await work.session.get_one(Case, number)
        assert (case.due_clock, case.due_at) == (None, NO_END)  # nobody on the staff must do anything


async def test_no_clock_of_a_case_that_has_ended_is_left_and_one_that_is_reopened_has_its_own(county: OpenWork) -> None:
    number = await laid(county)
    async with county(now=at(10)) as work:
        await refuse(work, await who(work, "P05"), number, REFUSAL)
        assert await ends(work, number) == {}
    closed = await laid(county, state=CaseState.CLOSED)
    async with county(now=at(10)) as work:
        await reopen(work, await who(work, "P05"), closed)
        assert await ends(work, closed) == {Clock.HANDLING: at(10, 0, month=1, year=2027)}


async def test_what_a_reporter_objects_to_is_to_be_decided_anew(county: OpenWork) -> None:
    number = await laid(county)
    async with county(now=at(10)) as work:
        await refuse(work, await who(work, "P05"), number, REFUSAL)
    async with county(now=at(30)) as work:
        [complaint] = await complaints_of(work, await work.session.get_one(Case, number))
        await object_to_refusal(work, complaint.id)
        assert (await ends(work, number))[Clock.DECISION] == at(16, 0, month=12)


async def test_a_dismissal_that_is_undone_gives_no_time(county: OpenWork) -> None:
    number = await laid(county)
    async with county(now=at(10)) as work:
        await claim(work, await who(work, "P06"), number)
        await record(work, Audited.OPENED, by="P06", case_id=number)
        await propose_dismissal(work, await who(work, "P06"), number, DismissalReason.ADVERTISEMENT)
        await confirm_dismissal(work, await who(work, "P05"), number)
        assert await ends(work, number) == {}
    async with county(now=at(12)) as work:
        await undo_dismissal(work, await who(work, "P05"), number)
        assert await ends(work, number) == {Clock.DECISION: at(25, 0)}


async def test_the_decision_waits_while_the_reporter_is_asked_and_moves_on_by_as_many_days(county: OpenWork) -> None:
    number = await laid(county)
    async with county(now=at(12)) as work:
        case = await ask(work, await who(work, "P06"), number, "是哪一段路？")
        clocks = await clocks_of(work, case)
        assert clocks[Clock.QUESTION].ends_at == at(19, 10)
        assert clocks[Clock.DECISION].stands_since is not None
        assert (case.due_clock, case.due_at) == (None, NO_END)
        assert await who_is_told(work) == []
    async with county(now=at(19, 10)) as work:
        assert await go_on_without_answer(work) == 1
        assert await ends(work, number) == {Clock.DECISION: at(2, 0, month=12)}
        case = await work.session.get_one(Case, number)
        assert (case.due_clock, case.due_at) == (Clock.DECISION, at(2, 0, month=12))


async def who_is_told(work: UnitOfWork) -> list[str]:
    await tell_of_clocks(work)
    return [name for name, order in await queued(work) if order.kind == "cases_due"]


async def test_a_case_that_loses_its_owner_is_to_be_looked_at_anew(county: OpenWork) -> None:
    number = await laid(county)
    async with county(now=at(10)) as work:
        await claim(work, await who(work, "P06"), number)
    async with county(now=at(12)) as work:
        work.session.add(Recusal(staff_id="P06", unit_id="U1", state=RecusalState.ORDERED, reason="亲属"))
        await work.session.flush()
        await reassign(work, await work.session.get_one(Case, number))
        assert await ends(work, number) == {Clock.FIRST_LOOK: at(13), Clock.DECISION: at(25, 0)}


async def test_what_becomes_urgent_is_to_be_looked_at_sooner_and_nothing_else_moves(county: OpenWork) -> None:
    number = await laid(county, desk=OFFICE_DESK, team=None, state=CaseState.PENDING_ASSIGN)
    async with county(now=at(9, 14)) as work:
        await set_category(work, await who(work, "P04"), number, PUBLIC_SAFETY)
        case = await work.session.get_one(Case, number)
        assert case.urgency == Urgency.DANGER
        assert await ends(work, number) == {Clock.FIRST_LOOK: at(9, 16), Clock.DECISION: at(25, 0)}


# ---- who hears


async def test_the_owner_hears_before_the_end_and_once(county: OpenWork) -> None:
    number = await laid(county)
    async with county(now=at(9, 10)) as work:
        await claim(work, await who(work, "P06"), number)
    await tick(county, at(20, 8, 59))
    assert await told(county) == []
    for now in (at(20, 9), at(20, 9, 1), at(20, 17), at(21, 9), at(23, 9)):
        await tick(county, now)
    assert await told(county) == ["staff:P06"]
    async with county(now=at(20, 9)) as work:
        [order] = await queued_for(work, "staff:P06", "cases_due")
        said = await rendered(work, "staff:P06", order)
        assert said is not None
        assert f"{number}</b> ⏳ 最晚 11月24日 要定下受不受理" in said.text


async def test_whoever_leads_hears_when_a_clock_has_ended_and_once(county: OpenWork) -> None:
    number = await laid(county, came=at(18, 15))
    await tick(county, at(19, 9))  # six hours before: everybody who may take it hears
    assert await told(county) == ["staff:P05"]
    for now in (at(19, 14, 59), at(19, 15), at(19, 15, 1), at(20, 9), at(20, 10)):
        await tick(county, now)
    assert await told(county) == ["staff:P05", "staff:P05"]
    async with county(now=at(19, 15)) as work:
        case = await work.session.get_one(Case, number)
        assert (await events_of(work, case)).count("clock_ended") == 1
        said = await rendered(work, "staff:P05", (await queued_for(work, "staff:P05", "cases_due"))[-1])
        assert said is not None
        assert "最晚 11月19日 15:00 该有人认领，到现在还没有" in said.text


async def test_a_clock_that_has_ended_is_not_told_again_because_the_reporter_was_asked(county: OpenWork) -> None:
    number = await laid(county, hazard=True)
    async with county(now=at(9, 10)) as work:
        await claim(work, await who(work, "P06"), number)
    await tick(county, at(25, 10))
    before = await told(county)
    async with county(now=at(25, 11)) as work:
        await ask(work, await who(work, "P06"), number, "哪一段？")
    async with county(now=at(26, 10)) as work:
        case = await work.session.get_one(Case, number)
        [complaint] = await complaints_of(work, case)
        await reporter_says(work, complaint, "村口")
        assert case.state == CaseState.ASSIGNED
        assert case.due_at < work.now  # it is late all the same
    await tick(county, at(26, 11))
    assert await told(county) == before


async def test_what_ends_in_quiet_hours_is_in_the_list_of_the_morning_and_in_no_other_message(county: OpenWork) -> None:
    await laid(county, came=at(19, 20))  # a Thursday evening
    await tick(county, at(20, 14))
    before = await told(county)
    for now in (at(20, 20), at(20, 23), at(23, 9), at(23, 10)):
        await tick(county, now)
    assert await told(county) == before


async def test_of_a_danger_they_hear_at_night(county: OpenWork) -> None:
    number = await laid(county, hazard=True)
    async with county(now=at(9, 10)) as work:
        await claim(work, await who(work, "P06"), number)
    await tick(county, at(20, 9))
    await tick(county, at(25, 0))
    async with county(now=at(25, 0)) as work:
        orders = [(name, order) for name, order in await queued(work) if order.kind == "cases_due"]
        assert [name for name, _ in orders] == ["staff:P06", "staff:P05", "staff:P06"]


async def test_one_message_names_all_that_ends_then(county: OpenWork) -> None:
    numbers = []
    for _ in range(3):
        number = await laid(county)
        async with county(now=at(9, 10)) as work:
            await claim(work, await who(work, "P06"), number)
        numbers.append(number)
    await tick(county, at(20, 9))
    async with county(now=at(20, 9)) as work:
        [order] = await queued_for(work, "staff:P06", "cases_due")
        said = await rendered(work, "staff:P06", order)
        assert said is not None
        assert all(number in said.text for number in numbers)


async def test_what_was_done_before_the_message_goes_out_is_not_in_it(county: OpenWork) -> None:
    number = await laid(county)
    async with county(now=at(9, 10)) as work:
        await claim(work, await who(work, "P06"), number)
    await tick(county, at(20, 9))
    async with county(now=at(20, 9)) as work:
        [order] = await queued_for(work, "staff:P06", "cases_due")
        await refuse(work, await who(work, "P05"), number, REFUSAL)
        assert await rendered(work, "staff:P06", order) is None


async def test_whoever_may_not_see_a_case_hears_of_none_of_its_clocks(county: OpenWork) -> None:
    number = await laid(county, came=at(18, 15), shut_out=["P05"])
    for now in (at(19, 9), at(19, 15)):
        await tick(county, now)
    assert set(await told(county)) == {"staff:P06", "staff:P07"}
    async with county(now=at(19, 15)) as work:
        assert number not in str(await queued_for(work, "staff:P05"))


async def test_a_case_that_was_taken_over_has_its_end_told_to_the_new_owner(county: OpenWork) -> None:
    number = await laid(county)
    async with county(now=at(9, 10)) as work:
        await claim(work, await who(work, "P06"), number)
        await take_over(work, await who(work, "P05"), number)
    await tick(county, at(20, 9))
    assert await told(county) == ["staff:P05"]


@pytest.mark.new_database
async def test_a_tick_reads_the_clocks_that_are_due_by_index_and_no_others(county: OpenWork, dialect: str) -> None:
    await laid(county)
    query = select(CaseClock.case_id).where(CaseClock.clock == Clock.DECISION, CaseClock.next_at <= at(20, 9))
    async with county() as work:
        connection = await work.session.connection()
        if dialect == "postgresql":
            await connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
            await connection.exec_driver_sql("SET LOCAL enable_bitmapscan = off")
        compiled = query.compile(connection.sync_connection, compile_kwargs={"literal_binds": True})
        explain = "EXPLAIN QUERY PLAN " if dialect == "sqlite" else "EXPLAIN "
        rows = await connection.exec_driver_sql(explain + str(compiled))
        assert "ix_case_clocks_next" in "\n".join(str(row) for row in rows)


# ---- more time


async def test_a_leader_gives_more_time_once_and_the_reporter_is_told_why(county: OpenWork) -> None:
    number = await laid(county)
    async with county(now=at(10)) as work:
        await claim(work, await who(work, "P06"), number)
        await accept(work, await who(work, "P06"), number)
    async with county(now=at(20, month=12)) as work:
        leader = await who(work, "P05")
        with pytest.raises(NotEntitled):
            await extend(work, await who(work, "P06"), number, ExtensionReason.WORKS)
        case = await extend(work, leader, number, ExtensionReason.WORKS)
        assert await ends(work, number) == {Clock.HANDLING: at(9, 0, month=2, year=2027)}
        assert case.due_at == at(9, 0, month=2, year=2027)
        [complaint] = await complaints_of(work, case)
        said = (await team_messages_of(work, complaint))[-1]
        assert (said.key, said.codes) == ("extended", {"reason": "works", "days": "30"})
        with pytest.raises(Impossible):
            await extend(work, leader, number, ExtensionReason.WORKS)


async def test_on_the_fast_track_the_clocks_are_shorter_and_count_working_days(county: OpenWork) -> None:
    number = await laid(county)
    async with county(now=at(10)) as work:
        member, leader = await who(work, "P06"), await who(work, "P05")
        await claim(work, member, number)
        with pytest.raises(NotEntitled):
            await put_on_fast_track(work, member, number)
        await put_on_fast_track(work, leader, number)
        assert await ends(work, number) == {Clock.DECISION: at(13, 0)}  # on Thursday evening
        with pytest.raises(Impossible):
            await put_on_fast_track(work, leader, number)
    async with county(now=at(12)) as work:
        member = await who(work, "P06")
        case = await accept(work, member, number)
        assert await ends(work, number) == {Clock.CHECK: at(20, 0), Clock.HANDLING: at(27, 0)}
        assert case.due_clock is Clock.CHECK
        await verify(work, member, number)
        await answer(work, await who(work, "P05"), number, "修好了。")
        assert set(await ends(work, number)) == {Clock.FOLLOW_UP}


async def test_no_clock_ends_later_because_a_case_is_put_on_the_fast_track(county: OpenWork) -> None:
    number = await laid(county)
    async with county(now=at(24)) as work:  # the last day of its decision
        await claim(work, await who(work, "P06"), number)
        await put_on_fast_track(work, await who(work, "P05"), number)
        assert await ends(work, number) == {Clock.DECISION: at(25, 0)}


# ---- a round keeps what it began under


async def test_a_round_keeps_the_clocks_that_it_began_under(county: OpenWork) -> None:
    async with county() as work:
        inspection_round = await work.session.get_one(Round, "R6")
        assert inspection_round.settings_version == 1
        entered = await work.session.get_one(County, 1)
        changed = entered.settings["complaint"] | {"accept_days": 5}
        entered.settings = entered.settings | {"complaint": changed}
        assert await enter_settings_version(work, {"complaint": changed}) == 2
        assert await enter_settings_version(work, {"complaint": changed}) == 2
    number = await laid(county)
    async with county(now=CAME) as work:
        assert (await ends(work, number))[Clock.DECISION] == at(25, 0)
        case = await work.session.get_one(Case, number)
        assert (await terms_of(work, case)).settings.accept_days == 15
        assert (await work.settings()).complaint.accept_days == 5


async def test_a_round_that_is_opened_begins_under_the_newest_clocks(county: OpenWork) -> None:
    async with county() as work:
        inspection_round = await work.session.get_one(Round, "R6")
        inspection_round.state, inspection_round.settings_version = RoundState.PREPARING, None
        await enter_settings_version(work, {"complaint": {"accept_days": 5}})
        await work.session.flush()
        assert (await change_round_state(work, "R6", "open")).settings_version == 2
        assert (await work.directory()).complaint_settings_of("R6").accept_days == 5
