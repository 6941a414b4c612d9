"""Who is reminded of what and when, on both databases."""

import asyncio
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import delete, select, update

from models.database import Database
from models.delivery import OutboxRow
from models.rectification import (
    ALONE,
    ALONE_IN_WORKING_HOURS,
    FIX_ON_SPOT,
    OVERTAKEN,
    ItemUnit,
    RectificationItem,
    Reminder,
)
from models.states import ItemState
from services.access.member import member
from services.delivery.hours import within_hours
from services.delivery.queue import claim_rows
from services.rectification.digest import DigestHeading, NextStep, read_digest
from services.rectification.due_items import due_items
from services.rectification.issue_item import issue_item
from services.rectification.notices import ItemChanged
from services.rectification.remind import remind_unit_heads
from services.rectification.review_item import ReturnReason, return_item
from services.rectification.unit_actions import acknowledge, submit
from services.unit_of_work import More, UnitOfWork
from tests.accounts import take_account
from tests.conftest import NOW, OpenWork
from tests.deployment import ZONE
from tests.integration.rectification.conftest import at, enrol, queued, reminders, who
from tests.items import new_item
from tests.notices import rendered_for
from tests.statements import statements_of


async def tick(open_work: OpenWork, now: datetime) -> None:
    goes_on: More | None = More.TO_DO
    while goes_on is More.TO_DO:
        async with open_work(now=now) as work:
            goes_on = await remind_unit_heads(work)


async def change(open_work: OpenWork, item_id: str, **facts: object) -> None:
    async with open_work() as work:
        item = await work.session.get_one(RectificationItem, item_id)
        for name, value in facts.items():
            setattr(item, name, value)


async def only(open_work: OpenWork, *item_ids: str) -> None:
    """Leave these items open alone."""
    async with open_work() as work:
        await work.session.execute(
            update(RectificationItem).where(RectificationItem.id.not_in(item_ids)).values(is_open=False)
        )


async def digests(open_work: OpenWork) -> list[tuple[str, str]]:
    async with open_work() as work:
        return [(entry.staff_id, entry.args["digest"]) for entry in await queued(work, "item_digest")]


async def test_the_sample_at_its_moment_implies_exactly_these_stages(county: OpenWork) -> None:
    await tick(county, NOW)
    async with county() as work:
        assert await reminders(work) == {
            "RI01": {"overdue_47": {"P17", "P25"}},  # 53 days overdue; it has its red card
            "RI04": {"overdue_3": {"P03", "P04", "P24"}},  # nobody is enrolled at the unit: the office stands in
            "RI07": {"overdue_19": {"P03", "P04", "P25"}, "propose_red:overdue": {"P03"}},
        }


async def test_a_sunday_waits_for_monday_at_nine(county: OpenWork) -> None:
    await tick(county, NOW)
    async with county() as work:
        assert await queued(work) == []
    await tick(county, at(23, 8, 59))
    async with county() as work:
        assert await queued(work) == []
    await tick(county, at(23, 9, 0))
    async with county() as work:
        proposed = await queued(work, "card_proposal")
    cards = [(one.staff_id, one.args["item_id"], one.args["card"]) for one in proposed]
    assert sorted(cards) == [("P03", "RI04", "yellow"), ("P03", "RI07", "red")]
    assert {staff for staff, _ in await digests(county)} == {"P03", "P04", "P17", "P24", "P25"}


async def test_the_monday_after_brings_a_review_and_a_yellow_card_to_propose(county: OpenWork) -> None:
    await tick(county, at(23))
    async with county() as work:
        noted = await reminders(work)
        proposed = [(entry.args["item_id"], entry.args["card"]) for entry in await queued(work, "card_proposal")]
    assert noted["RI03"] == {"review:2026-11-16": {"P03", "P04"}}
    assert noted["RI04"] == {"overdue_5": {"P03", "P04", "P24"}, "propose_yellow:overdue": {"P03"}}
    assert noted["RI01"] == {"overdue_54": {"P17", "P25"}}
    assert sorted(proposed) == [("RI04", "yellow"), ("RI07", "red")]


async def test_the_notices_that_are_still_to_come_come_on_their_days(county: OpenWork) -> None:
    await tick(county, at(10, month=12))
    async with county() as work:
        assert "RI05" not in await reminders(work)
    await tick(county, at(11, month=12))
    async with county() as work:
        assert (await reminders(work))["RI05"] == {"before_20": {"P03", "P04"}}
    await tick(county, at(29, month=12))
    async with county() as work:
        assert "RI02" not in await reminders(work)
    await tick(county, at(30, month=12))
    async with county() as work:
        assert (await reminders(work))["RI02"] == {"midterm": {"P14", "P20", "P25"}}


async def test_a_digest_names_each_item_once_under_its_heading(county: OpenWork) -> None:
    await tick(county, NOW)
    await tick(county, at(23))
    async with county(now=at(23)) as work:
        found = {}
        for staff_id, key in await digests_in(work):
            lines = await read_digest(work, await member(work.session, staff_id), key)
            found[staff_id] = [(line.heading, line.item.id) for line in lines]
    assert found["P17"] == [(DigestHeading.OVERDUE, "RI01")]
    assert found["P25"] == [(DigestHeading.OVERDUE, "RI01"), (DigestHeading.OVERDUE, "RI07")]
    assert found["P04"] == [
        (DigestHeading.TO_REVIEW, "RI03"),
        (DigestHeading.NOBODY_ENROLLED, "RI07"),
        (DigestHeading.NOBODY_ENROLLED, "RI04"),
    ]


async def digests_in(work: UnitOfWork) -> list[tuple[str, str]]:
    return [(entry.staff_id, entry.args["digest"]) for entry in await queued(work, "item_digest")]


async def test_a_tick_that_runs_again_says_nothing_again(county: OpenWork) -> None:
    for now in (at(23), at(23), at(23, 9, 1), at(23, 17, 59), at(23, 23, 0), at(24, 3, 0)):
        await tick(county, now)
    async with county() as work:
        everything = await queued(work)
    said = [(entry.staff_id, entry.kind, str(entry.args)) for entry in everything]
    assert len(said) == len(set(said))
    assert len([entry for entry in everything if entry.kind == "item_digest"]) == 5


async def test_two_ticks_at_once_say_nothing_twice(county: OpenWork) -> None:
    await asyncio.gather(*(tick(county, at(23)) for _ in range(4)))
    async with county() as work:
        everything = [(entry.staff_id, entry.kind, str(entry.args)) for entry in await queued(work)]
        waiting = await work.session.scalar(select(Reminder).where(Reminder.digest_key.is_(None)))
    assert len(everything) == len(set(everything)) == 7
    assert waiting is None


async def test_after_a_month_of_downtime_a_head_gets_one_digest(county: OpenWork) -> None:
    await tick(county, at(1, month=10))
    await tick(county, at(2, month=11))
    heads = [key for staff, key in await digests(county) if staff == "P17"]
    assert heads == ["digest:P17:2026-11-02"]  # the first of October is a holiday: that word waited
    async with county(now=at(2, month=11)) as work:
        [line] = await read_digest(work, await member(work.session, "P17"), heads[0])
    assert line.item.id == "RI01"


async def test_a_deadline_changed_after_the_digest_is_told_with_the_next(county: OpenWork) -> None:
    await only(county, "RI01")
    await tick(county, at(23))
    await change(county, "RI01", due_on=date(2026, 11, 30), deadline_version=2)
    await tick(county, at(23, 15))
    assert [key for staff, key in await digests(county) if staff == "P17"] == ["digest:P17:2026-11-23"]
    await tick(county, at(24))
    keys = [key for staff, key in await digests(county) if staff == "P17"]
    assert keys == ["digest:P17:2026-11-23", "digest:P17:2026-11-24"]
    async with county(now=at(24)) as work:
        [line] = await read_digest(work, await member(work.session, "P17"), keys[1])
    assert (line.item.id, line.heading) == ("RI01", DigestHeading.DUE_SOON)


async def test_a_hazard_is_told_at_once_on_a_sunday(county: OpenWork) -> None:
    await only(county, "RI01")
    await change(county, "RI01", hazard=True)
    await tick(county, NOW)
    await tick(county, NOW)
    async with county() as work:
        told = await queued(work, "item_reminder")
        assert await queued(work, "item_digest") == []
    assert sorted(entry.staff_id for entry in told) == ["P17", "P25"]
    assert all(entry.not_before == NOW for entry in told)


async def test_a_digest_that_does_not_go_out_in_the_evening_waits_for_the_morning(county: OpenWork) -> None:
    await only(county, "RI01", "RI02")
    await change(county, "RI02", hazard=True, due_on=date(2026, 11, 20))
    await tick(county, at(23, 17, 59))
    evening, next_morning = at(23, 18), at(24)  # the bot was stopped, say, and a hazard does not wait
    assert await sent(county, evening) == {("P14", "item_reminder"), ("P20", "item_reminder"), ("P25", "item_reminder")}
    assert await sent(county, next_morning - timedelta(minutes=1)) == set()
    told = await sent(county, next_morning)
    assert {("P17", "item_digest"), ("P25", "item_digest")} <= told


async def sent(open_work: OpenWork, now: datetime) -> set[tuple[str | None, str]]:
    """Return what the sender would send now: to whom, of which kind. It is gone then."""
    async with open_work(now=now) as work:
        claimed = await within_hours(work, await claim_rows(work.session, now, most=32, on_their_way=[]))
        await work.session.execute(delete(OutboxRow).where(OutboxRow.id.in_([row.id for row in claimed])))
        return {(row.recipient.staff_id, row.kind) for row in claimed}


async def test_a_hazard_wakes_nobody_at_midnight(county: OpenWork) -> None:
    await only(county, "RI01")
    await change(county, "RI01", hazard=True, due_on=date(2026, 11, 21))
    await tick(county, at(21, 12))
    await tick(county, at(22, 0, 1))
    async with county() as work:
        assert "overdue_1" not in (await reminders(work))["RI01"]
    await tick(county, at(22, 9, 0))
    async with county() as work:
        assert (await reminders(work))["RI01"]["overdue_1"] == {"P17", "P25"}


async def test_a_head_who_enrols_late_is_told_and_the_office_no_more(county: OpenWork) -> None:
    await only(county, "RI01")
    async with county() as work:
        await take_account(work.session, "P17")
    await tick(county, at(23))
    async with county() as work:
        assert (await reminders(work))["RI01"] == {"overdue_54": {"P03", "P04", "P25"}}
        await enrol(work, {"P17"})
    await tick(county, at(24))
    async with county(now=at(24)) as work:
        assert (await reminders(work))["RI01"] == {"overdue_54": {"P03", "P04", "P17", "P25"}}
        assert ("P17", "digest:P17:2026-11-24") in await digests_in(work)


async def test_who_has_changed_at_a_unit_has_its_own_items_looked_at_and_those_it_helps_with(county: OpenWork) -> None:
    await tick(county, at(23))
    async with county() as work:
        work.session.add(ItemUnit(item_id="RI05", unit_id="U4"))
        await take_account(work.session, "P17")
    async with county(now=at(23)) as work:
        assert {item.id for item in (await due_items(work, date(2026, 11, 23))).items} == {"RI01", "RI05"}
    async with county() as work:
        await take_account(work.session, "P04")  # of the office, which may be told of any
    async with county(now=at(23)) as work:
        looked_at = {item.id for item in (await due_items(work, date(2026, 11, 23))).items}
        assert looked_at == {"RI01", "RI02", "RI03", "RI04", "RI05", "RI07"}


async def test_an_item_handed_in_meanwhile_is_not_in_the_digest(county: OpenWork) -> None:
    await tick(county, NOW)
    await change(county, "RI01", state=ItemState.SUBMITTED, submitted_on=date(2026, 11, 23))
    await tick(county, at(23))
    async with county(now=at(23)) as work:
        assert "P17" not in dict(await digests_in(work))
    await change(county, "RI04", due_on=date(2027, 2, 1), deadline_version=2)
    async with county(now=at(23)) as work:  # and what was changed once the digest was queued is not said in it
        assert await read_digest(work, await member(work.session, "P24"), "digest:P24:2026-11-23") == []


async def test_a_recused_reviewer_is_not_told_of_a_review(county: OpenWork) -> None:
    await only(county, "RI08")
    await change(county, "RI08", is_open=True, state=ItemState.SUBMITTED, submitted_on=date(2026, 11, 15), team_id="T3")
    await tick(county, NOW)
    async with county() as work:
        told = (await reminders(work))["RI08"]
        assert told["review:2026-11-15"] == {"P11", "P13"}  # not P12, who declared it
        assert told["not_cleared_12"].isdisjoint({"P11", "P12", "P13"})


async def test_half_time_is_remembered_through_an_extension(county: OpenWork) -> None:
    await only(county, "RI02")
    await tick(county, at(30, month=12))
    await change(county, "RI02", due_on=date(2027, 6, 15), deadline_version=2)
    await tick(county, at(25, month=4, year=2027))
    async with county() as work:
        assert set((await reminders(work))["RI02"]) == {"midterm", "midterm_unanswered"}


async def test_half_time_told_before_an_earlier_deadline_is_not_told_again(county: OpenWork) -> None:
    await only(county, "RI02")
    await tick(county, at(30, month=12))
    await change(county, "RI02", due_on=date(2027, 2, 28), deadline_version=2)  # half of it is past by now
    await tick(county, at(31, month=12))
    async with county() as work:
        told = await work.session.scalars(select(Reminder.staff_id).where(Reminder.stage == "midterm"))
        assert sorted(told) == ["P14", "P20", "P25"]


async def test_half_time_told_before_the_item_was_entered_is_not_told_again(county: OpenWork) -> None:
    await only(county, "RI05")  # told on the 18th of August, as its history says
    await change(county, "RI05", due_on=date(2026, 11, 30), deadline_version=2)
    await tick(county, at(1, month=9))
    async with county() as work:
        assert await reminders(work) == {}


async def test_a_unit_that_handed_in_in_time_is_not_late_for_the_days_of_its_review(county: OpenWork) -> None:
    async with county() as work:
        office, head = await who(work, "P04"), await who(work, "P14")
        item = await issue_item(work, office, new_item("U1", "账目不清。", date(2026, 11, 30)))
        await acknowledge(work, head, item.id)
        number = item.id
    await only(county, number)
    async with county(now=at(25)) as work:
        await submit(work, await who(work, "P14"), number, ["已改。"], [])
    async with county(now=at(15, month=12)) as work:
        item = await return_item(work, await who(work, "P05"), number, ReturnReason.PAPER_ONLY)
        assert (item.due_on, item.held_days, item.deadline_version) == (date(2026, 12, 20), 20, 1)
        returned = await rendered_for(work, "staff:P14", ItemChanged(number, item.version))
        assert returned is not None
        assert "审核用了20天" in returned.text
        assert "12月20日" in returned.text
    await tick(county, at(16, month=12))
    async with county(now=at(16, month=12)) as work:
        noted = (await reminders(work)).get(number, {})
        assert not [stage for stage in noted if stage.startswith(("overdue", "propose"))]
    await tick(county, at(28, month=12))
    async with county(now=at(28, month=12)) as work:
        noted = (await reminders(work))[number]
        assert {"overdue_5", "propose_yellow:overdue"} <= set(noted)


async def test_reviewers_have_a_clock_of_their_own_and_then_the_director_hears(county: OpenWork) -> None:
    await only(county, "RI03")  # handed in on the 16th of November
    for day in (23, 30):
        await tick(county, at(day))
    await tick(county, at(7, month=12))
    async with county(now=at(7, month=12)) as work:
        assert (await reminders(work))["RI03"] == {
            "review:2026-11-16": {"P03", "P04"},
            "still_in_review:2026-11-16:2": {"P03", "P04"},
            "still_in_review:2026-11-16:3": {"P03", "P04"},
            # Past the due day the unit hears as well, for which the office stands in, and its county leader.
            "not_cleared_12": {"P03", "P04", "P23"},
            "not_cleared_19": {"P03", "P04", "P23"},
        }
        lines = await read_digest(work, await member(work.session, "P03"), "digest:P03:2026-12-07")
    assert [(line.heading, line.item.id) for line in lines] == [(DigestHeading.TO_REVIEW, "RI03")]


@pytest.mark.parametrize(
    ("state", "source", "heading", "next_of_director", "told"),
    [
        (ItemState.PASSED, "office", DigestHeading.TO_SIGN, NextStep.LOOK, {"P03", "P25"}),
        (ItemState.PASSED, FIX_ON_SPOT, DigestHeading.TO_CLEAR, NextStep.CLEAR, {"P03"}),  # nobody signs for it
        (ItemState.COUNTERSIGNED, "office", DigestHeading.TO_CLEAR, NextStep.CLEAR, {"P03"}),
        (ItemState.LONG_TERM, "office", DigestHeading.LONG_TERM, NextStep.LOOK, {"P03", "P14", "P20", "P25"}),
    ],
)
async def test_what_is_passed_signed_or_kept_for_long_hangs_with_nobody(
    county: OpenWork, state: ItemState, source: str, heading: DigestHeading, next_of_director: NextStep, told: set[str]
) -> None:
    await only(county, "RI02")
    await change(county, "RI02", state=state, source=source, state_since=date(2026, 5, 4), hazard=False)
    await tick(county, at(23))
    async with county(now=at(23)) as work:
        [stage] = (await reminders(work))["RI02"].values()
        assert stage == told
        for staff_id in told:
            [line] = await read_digest(work, await member(work.session, staff_id), f"digest:{staff_id}:2026-11-23")
            assert line.heading is heading
            assert staff_id != "P03" or line.step is next_of_director


@pytest.mark.parametrize("seed", range(2))
async def test_any_ticks_tell_each_person_of_each_stage_once(county: OpenWork, seed: int) -> None:
    import random

    moments = sorted(
        at(1) + timedelta(minutes=random.Random(seed * 100 + step).randrange(60 * 24 * 60)) for step in range(25)
    )
    for now in moments:
        await tick(county, now)
    async with county() as work:
        rows = list(await work.session.scalars(select(Reminder)))
        sent = [(entry.staff_id, entry.args["digest"]) for entry in await queued(work, "item_digest")]
    assert len({(row.item_id, row.stage, row.deadline_version, row.staff_id) for row in rows}) == len(rows)
    assert len(sent) == len(set(sent))
    alone = {None, ALONE, ALONE_IN_WORKING_HOURS, OVERTAKEN}
    carried = {(row.staff_id, row.digest_key) for row in rows if row.digest_key not in alone}
    assert carried == set(sent)
    days = {key.rsplit(":", 1)[1] for _, key in sent}
    assert all(date.fromisoformat(day) in {now.astimezone(ZONE).date() for now in moments} for day in days)


async def test_the_tick_of_a_database_without_a_county_says_nothing(open_work: OpenWork, database: Database) -> None:
    await tick(open_work, NOW)
    async with open_work() as work:
        assert await queued(work) == []


async def test_the_digests_of_a_portion_are_entered_together(county: OpenWork, database: Database) -> None:
    await tick(county, NOW)
    with statements_of(database) as made:
        await tick(county, at(23, 9, 0))
    assert len(await digests(county)) > 1
    assert sum(one.startswith("INSERT INTO digests") for one in made) == 1
    assert sum(one.startswith("UPDATE reminders") and "staff_id = " in one for one in made) == 1


@pytest.mark.parametrize("is_due", [True, False], ids=["due", "not due"])
async def test_a_tick_takes_as_many_statements_however_many_items_are_open(
    county: OpenWork, database: Database, *, is_due: bool
) -> None:
    await only(county)
    await tick(county, NOW)
    due_on, taken = NOW.date() + timedelta(days=10 if is_due else 300), []
    for first, last in ((0, 50), (50, 500)):
        async with county() as work:
            work.session.add_all(_open_item(f"N{number}", due_on) for number in range(first, last))
        if not is_due:
            await tick(county, NOW)  # they are new, and looked at once
        with statements_of(database) as made:
            await tick(county, NOW)
        taken.append(len(made))
        async with county() as work:
            noted = select(Reminder.item_id).where(Reminder.stage == "before_10").distinct()
            assert len(list(await work.session.scalars(noted))) == (last if is_due else 0)
    assert taken[0] == taken[1]


def _open_item(item_id: str, due_on: date) -> RectificationItem:
    issued_on = NOW.date() - timedelta(days=1)
    return RectificationItem(
        id=item_id,
        round_id="R6",
        unit_id="U1",
        category="road",
        source="feedback",
        problem="账目不清。",
        requirement="公开账目。",
        issued_on=issued_on,
        due_on=due_on,
        state=ItemState.ACKNOWLEDGED,
        state_since=issued_on,
        is_open=True,
        midterm_answered_on=issued_on,
    )
