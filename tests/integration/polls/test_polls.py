"""A poll: each code counts once, nothing tells whose answer is whose, and results come at the end, of enough."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from models.audit import Audited, AuditEntry
from models.polls import Poll, PollCode
from models.rounds import Round
from models.staff import RecusalState
from models.states import Impossible, NotEntitled, RoundState
from models.tables import METADATA
from privacy.keyring import KeyDestroyed
from services.people.recusal import shut_out
from services.polls.codes import LENGTH, as_printed, new_code, read_code
from services.polls.counts import Answer
from services.polls.notices import PollClosed
from services.polls.polls import (
    MOST_CODES,
    MOST_DAYS,
    AnswerIncomplete,
    DayUnfit,
    NoSuchCode,
    TooManyCodes,
    answer_poll,
    answered_so_far,
    close_ended_polls,
    close_poll,
    open_poll,
    poll_of_code,
    poll_seen,
    polls_seen_by,
    print_codes,
    result_of,
)
from services.polls.questions import Choice
from services.rounds.destroy_key import erase_round
from services.unit_of_work import UnitOfWork
from tests.conftest import NOW, OpenWork
from tests.integration.polls.story import (
    ASPECTS,
    CLERK,
    DIRECTOR,
    LEADER,
    LEADING_GROUP,
    UNIT,
    all_of,
    answered,
    closed,
    opened,
)
from tests.integration.rectification.conftest import at, queued, who

HEAD, LIAISON, MEMBER, ANOTHER_LEADER, COUNTY_LEADER = "P14", "P20", "P06", "P08", "P25"


async def test_each_code_counts_once_and_the_result_comes_when_the_poll_is_closed(county: OpenWork) -> None:
    async with county() as work:
        poll, codes = await opened(work)
        await answered(work, codes[:4])
        await answer_poll(work, codes[4], all_of(Choice.FAIR, style=Choice.POOR))
        await answer_poll(work, codes[5], all_of(Choice.GOOD, style=Choice.POOR))
        assert result_of(work, poll) is None, "nobody sees a result while others may still answer"
        with pytest.raises(NoSuchCode):
            await answer_poll(work, codes[0], all_of(Choice.POOR))
        await closed(work, poll)
        counts = result_of(work, poll)
    assert counts is not None
    assert list(counts) == list(ASPECTS)
    assert counts["duty"] == {Choice.GOOD: 5, Choice.FAIRLY_GOOD: 0, Choice.FAIR: 1, Choice.POOR: 0}
    assert counts["style"] == {Choice.GOOD: 4, Choice.FAIRLY_GOOD: 0, Choice.FAIR: 0, Choice.POOR: 2}


@pytest.mark.parametrize("count", [0, 1, 5, 6])
async def test_of_five_or_fewer_answers_nothing_is_shown_nor_kept(county: OpenWork, count: int) -> None:
    async with county() as work:
        poll, codes = await opened(work)
        await answered(work, codes[:count], Choice.POOR)
        before = poll.sealed
        await closed(work, poll)
        assert (result_of(work, poll) is not None) == (count > 5)
        assert (poll.sealed == before) == (count > 5)


async def test_a_used_code_an_unknown_one_and_one_of_a_poll_that_is_over_are_the_same(county: OpenWork) -> None:
    async with county() as work:
        poll, codes = await opened(work)
        await answered(work, codes[:1])
        for code in (codes[0], new_code(), ""):
            with pytest.raises(NoSuchCode):
                await poll_of_code(work, code)
            with pytest.raises(NoSuchCode):
                await answer_poll(work, code, all_of(Choice.GOOD))
        assert (await poll_of_code(work, codes[1])).unit == "竹坞镇党委"
        await closed(work, poll)
        with pytest.raises(NoSuchCode):
            await poll_of_code(work, codes[1])
        assert list(await work.session.scalars(select(PollCode))) == []


async def test_a_poll_ends_with_its_last_day_by_itself(county: OpenWork) -> None:
    today = at(23).date()
    async with county(now=at(23)) as work:
        leader = await who(work, LEADER)
        for unfit in (today - timedelta(days=1), today + timedelta(days=MOST_DAYS + 1)):
            with pytest.raises(DayUnfit):
                await open_poll(work, leader, UNIT, unfit)
        poll = await open_poll(work, leader, UNIT, today + timedelta(days=1))
        codes = await print_codes(work, leader, poll.id, 10)
        await answered(work, codes[:6])
        poll_id = poll.id
    async with county(now=at(24)) as work:
        await close_ended_polls(work)
        assert (await work.session.get_one(Poll, poll_id)).closed_at is None, "its last day goes on"
    async with county(now=at(25, 0, 1)) as work:
        await close_ended_polls(work)
        poll = await work.session.get_one(Poll, poll_id)
        assert result_of(work, poll) is not None
        told = {one.staff_id: one.not_before for one in await queued(work, PollClosed.kind)}
        assert told[LEADER] > at(25, 7), "nobody is told at midnight"
        with pytest.raises(NoSuchCode):
            await answer_poll(work, codes[9], all_of(Choice.GOOD))


async def test_looking_at_the_questions_uses_no_code_up(county: OpenWork) -> None:
    async with county() as work:
        _, codes = await opened(work)
        await poll_of_code(work, codes[0])
        await answered(work, codes[:1])


@pytest.mark.parametrize(
    "choices",
    [{}, {"politics": Choice.GOOD}, dict.fromkeys((*ASPECTS, "other"), Choice.GOOD)],
    ids=["none", "one", "more"],
)
async def test_an_answer_to_other_questions_is_not_counted_and_leaves_the_code(
    county: OpenWork, choices: dict[str, Choice]
) -> None:
    async with county() as work:
        _, codes = await opened(work)
        with pytest.raises(AnswerIncomplete):
            await answer_poll(work, codes[0], Answer(choices))
        await answered(work, codes[:1])


async def test_how_many_have_answered_is_told_in_steps_of_five(county: OpenWork) -> None:
    async with county() as work:
        poll, codes = await opened(work, 12)
        told = []
        for code in codes:
            await answered(work, [code])
            told.append(await answered_so_far(work, poll))
    assert told == [0, 0, 0, 0, 5, 5, 5, 5, 5, 10, 10, 10]


async def test_a_code_stands_nowhere_and_no_row_tells_whose_answer_is_whose(county: OpenWork) -> None:
    async with county() as work:
        _, codes = await opened(work)
        untouched = await everything(work)
    async with county(now=NOW + timedelta(hours=1)) as work:
        await answer_poll(work, codes[0], all_of(Choice.GOOD, style=Choice.POOR))
    async with county(now=NOW + timedelta(hours=2)) as work:
        after = await everything(work)
        for rows in after.values():
            assert not [row for row in rows for code in codes if code in row or as_printed(code) in row]
        changed = {name for name in after if after[name] != untouched[name]}
        assert changed <= {"polls", "poll_codes", "touched_rows"}
        assert len(untouched["poll_codes"]) - len(after["poll_codes"]) == 1
        assert after["poll_codes"] < untouched["poll_codes"], "the row of a used code is gone, and no other changed"
        [before], [now] = untouched["polls"], after["polls"]
        assert before != now
        [poll] = await work.session.scalars(select(Poll))
        assert {"poor", "good", "style"}.isdisjoint(now.split()), "the counts are sealed"
        assert poll.opened_at == NOW.replace(minute=0)
        assert poll.closed_at is None


async def test_what_is_sealed_is_as_long_whatever_was_answered(county: OpenWork) -> None:
    async with county() as work:
        poll, codes = await opened(work, 30)
        opening = work.keyring.round(poll.round_id).sealing.open
        lengths = {len(opening(poll.id, poll.sealed))}
        for place, code in enumerate(codes):
            await answered(work, [code], list(Choice)[place % 4])
            lengths.add(len(opening(poll.id, poll.sealed)))
    assert len(lengths) == 1


async def everything(work: UnitOfWork) -> dict[str, set[str]]:
    """Return what every row of every table holds, by table."""
    return {
        name: {str(tuple(row)) for row in await work.session.execute(select(table))}
        for name, table in METADATA.tables.items()
    }


# ---- who may


MAY_HOLD = {DIRECTOR, CLERK, LEADER}
MAY_LOOK = MAY_HOLD | {LEADING_GROUP, "P02"}
EVERYBODY = [
    DIRECTOR, CLERK, LEADING_GROUP, "P02", LEADER, MEMBER, ANOTHER_LEADER, HEAD, "P15", LIAISON, COUNTY_LEADER,
]  # fmt: skip


@pytest.mark.parametrize("staff_id", EVERYBODY)
async def test_the_office_and_the_teams_leader_hold_polls_and_nobody_else_does(county: OpenWork, staff_id: str) -> None:
    async with county() as work:
        somebody = await who(work, staff_id)
        poll, _ = await opened(work)
        done = []
        for name, act in (
            ("open", lambda: open_poll(work, somebody, UNIT)),
            ("print", lambda: print_codes(work, somebody, poll.id, 1)),
            ("close", lambda: close_poll(work, somebody, poll.id)),
        ):
            try:
                await act()
            except NotEntitled:
                continue
            done.append(name)
        assert done == (["open", "print", "close"] if staff_id in MAY_HOLD else [])


@pytest.mark.parametrize("staff_id", EVERYBODY)
async def test_results_are_read_by_the_office_the_leading_group_and_the_teams_leader_alone(
    county: OpenWork, staff_id: str
) -> None:
    async with county() as work:
        poll, codes = await opened(work)
        await answered(work, codes)
        await closed(work, poll)
        try:
            seen = [one.id for one in await polls_seen_by(work, await who(work, staff_id))]
        except NotEntitled:
            seen = []
        assert seen == ([poll.id] if staff_id in MAY_LOOK else [])
        if staff_id not in MAY_LOOK:
            with pytest.raises(NotEntitled):
                await poll_seen(work, await who(work, staff_id), poll.id)
        told = {one.staff_id for one in await queued(work, "poll_closed")}
        assert told == MAY_LOOK - {LEADER}  # who closed it


async def test_whoever_is_recused_from_the_unit_neither_holds_nor_reads_its_polls(county: OpenWork) -> None:
    async with county() as work:
        poll, codes = await opened(work)
        await answered(work, codes)
        for staff_id in (CLERK, "P02"):
            await shut_out(work, staff_id, UNIT, RecusalState.ORDERED, "亲属")
        await closed(work, poll)
        for staff_id in (CLERK, "P02"):
            with pytest.raises(NotEntitled):
                await poll_seen(work, await who(work, staff_id), poll.id)
        with pytest.raises(NotEntitled):
            await open_poll(work, await who(work, CLERK), UNIT)
        assert {CLERK, "P02"}.isdisjoint(one.staff_id for one in await queued(work, "poll_closed"))


async def test_there_is_one_open_poll_at_a_unit_and_none_where_no_team_is(county: OpenWork) -> None:
    async with county() as work:
        poll, _ = await opened(work)
        assert await open_poll(work, await who(work, DIRECTOR), UNIT) is poll
        with pytest.raises(NotEntitled):  # of a round that is over
            await open_poll(work, await who(work, DIRECTOR), "县林业局党组")
        (await work.session.get_one(Round, "R6")).state = RoundState.REPORTING
        await work.session.flush()
        with pytest.raises(NotEntitled):
            await open_poll(work, await who(work, DIRECTOR), "U2")


async def test_no_more_codes_are_printed_than_anybody_hands_out_and_none_for_a_poll_that_is_over(
    county: OpenWork,
) -> None:
    async with county() as work:
        poll, _ = await opened(work)
        leader = await who(work, LEADER)
        for count in (0, -1, MOST_CODES):
            with pytest.raises(TooManyCodes):
                await print_codes(work, leader, poll.id, count)
        await closed(work, poll)
        with pytest.raises(Impossible):
            await print_codes(work, leader, poll.id, 1)
        with pytest.raises(Impossible):
            await close_poll(work, leader, poll.id)


async def test_who_opened_printed_and_closed_is_in_the_audit_log_and_no_code_is(county: OpenWork) -> None:
    async with county() as work:
        poll, codes = await opened(work)
        await closed(work, poll, by=DIRECTOR)
        entries = list(await work.session.scalars(select(AuditEntry).order_by(AuditEntry.number)))
        found = [(one.action, one.by_id) for one in entries if one.action.startswith("poll")]
        assert found == [
            (Audited.POLL_OPENED, LEADER),
            (Audited.POLL_PRINTED, LEADER),
            (Audited.POLL_CLOSED, DIRECTOR),
        ]
        assert not [code for code in codes if code in str([one.detail for one in entries])]


async def test_it_goes_with_what_else_was_sealed_to_its_round(county: OpenWork) -> None:
    async with county() as work:
        await opened(work)
        (await work.session.get_one(Round, "R6")).state = RoundState.ARCHIVED
        await work.session.flush()
        await erase_round(work, "R6")
        assert list(await work.session.scalars(select(Poll))) == []
        assert list(await work.session.scalars(select(PollCode))) == []


async def test_a_poll_whose_rounds_key_is_gone_has_no_result(county: OpenWork) -> None:
    async with county() as work:
        poll, codes = await opened(work)
        await answered(work, codes[:7])
        await closed(work, poll)
        work.keyring.destroy_round("R6")
        with pytest.raises(KeyDestroyed):
            work.keyring.round("R6")
        assert result_of(work, poll) is None


# ---- codes


def test_a_code_is_read_however_it_is_typed() -> None:
    code = new_code()
    assert len(code) == LENGTH
    printed = as_printed(code)
    for typed in (code, printed, printed.lower(), f" {printed.replace('-', ' ')} ", printed.replace("-", "—")):
        assert read_code(typed) == code
    for typed in ("", code[:-1], code + "A", code[:-1] + "0", "字" * LENGTH):
        assert read_code(typed) is None
