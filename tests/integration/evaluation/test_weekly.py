"""The digest of the week: on its first working day at nine, once, each level its own, with a picture."""

from datetime import date, datetime, timedelta

from sqlalchemy import select

from models.complaints import CaseShutOut
from models.rectification import CaseItem, CopyTo, ItemCopy, RectificationItem
from models.rounds import Round
from models.settings import WeeklyDigestSettings
from models.staff import Recusal, RecusalState, Role
from models.states import ItemState
from models.working_days import WorkingCalendar
from services.directory import expire_directory
from services.evaluation.notices import RatesPicture, WeeklyDigest
from services.evaluation.weekly import Level, due_at, send_weekly_digests, week_of
from tests.conftest import OpenWork
from tests.deployment import ZONE
from tests.integration.rectification.conftest import a_verified_case, at, queued, who
from tests.notices import rendered_for

MONDAY = 23  # of November 2026
CALENDAR = WorkingCalendar(ZONE)


def test_it_is_due_on_the_first_working_day_of_the_week() -> None:
    nine = WeeklyDigestSettings()
    assert due_at(date(2026, 11, 23), nine, CALENDAR) == at(MONDAY, 9)
    holiday = WorkingCalendar(ZONE, extra_holidays=frozenset({date(2026, 11, 23), date(2026, 11, 24)}))
    assert due_at(date(2026, 11, 23), nine, holiday) == at(25, 9)
    whole_week = frozenset(date(2026, 11, 23) + timedelta(days=number) for number in range(7))
    assert due_at(date(2026, 11, 23), nine, WorkingCalendar(ZONE, extra_holidays=whole_week)) is None
    assert due_at(date(2026, 11, 23), WeeklyDigestSettings(at=None), CALENDAR) is None


async def _sent(county: OpenWork, moment: datetime) -> list[str]:
    async with county(now=moment) as work:
        await send_weekly_digests(work)
        return [one.staff_id for one in await queued(work, "weekly_digest")]


async def test_everybody_gets_one_a_week_also_after_a_time_without_the_clock(county: OpenWork) -> None:
    assert await _sent(county, at(MONDAY - 4, 10)) == []  # the clock begins on a Thursday
    assert await _sent(county, at(MONDAY - 1, 10)) == []  # a Sunday, and nothing of the week before is caught up on
    assert await _sent(county, at(MONDAY, 8, 59)) == []
    first = await _sent(county, at(MONDAY + 2, 9))  # it stood still for two days
    assert len(first) == len(set(first))
    assert {"P01", "P03", "P04", "P23", "P14", "P20", "P05", "P26"} <= set(first)
    assert "P06" not in first  # of a team, its leader
    assert await _sent(county, at(MONDAY + 3, 9)) == first
    assert len(await _sent(county, at(MONDAY + 7, 9))) == 2 * len(first)


async def test_each_level_is_told_its_own(county: OpenWork) -> None:
    async with county(now=at(MONDAY, 9)) as work:
        group, office, leader, head = [
            await week_of(work, await who(work, one)) for one in ("P01", "P03", "P25", "P14")
        ]
        assert [one.level for one in (group, office, leader, head)] == [
            Level.LEADING_GROUP,
            Level.OFFICE,
            Level.COUNTY_LEADER,
            Level.UNIT,
        ]
        assert {one.key for one in group.rates} == {"R5", "R6"}
        assert group.situation.items == office.situation.items == 8
        assert leader.situation.items == 3
        assert {one.key for one in head.rates} == {"U1"}
        assert [(one.done, one.items) for one in group.rates] == [(1, 6), (1, 2)]
        text = await rendered_for(work, "staff:P01", WeeklyDigest())
        assert text is not None
        assert text.upload is not None
        assert text.upload.data.startswith(b"\x89PNG")
        assert "2/8（25%）" in text.text
        assert "未达标" in text.text
        assert await rendered_for(work, "staff:P06", WeeklyDigest()) is None
        own = await rendered_for(work, "staff:P14", WeeklyDigest())
        assert own is not None
        assert "石蒲镇" not in own.text


async def test_only_what_is_due_is_held_against_the_line(county: OpenWork) -> None:
    async with county(now=at(MONDAY, 9)) as work:
        (await work.session.get_one(RectificationItem, "RI02")).due_on = work.today  # the day itself is not over
        second = await work.session.get_one(RectificationItem, "RI05")
        second.unit_id, second.due_on = "U1", work.today
        await work.session.flush()
        head = await week_of(work, await who(work, "P14"))
        assert [(one.done, one.items) for one in head.rates] == [(0, 2)]
        assert not head.behind
        assert "U1" not in {one.key for one in (await week_of(work, await who(work, "P03"))).behind}
        shown = await rendered_for(work, "staff:P14", WeeklyDigest())
        assert shown is not None
        assert "0/2（0%）" in shown.text
        assert "未达标" not in shown.text
        second.due_on -= timedelta(days=1)
        await work.session.flush()
        late = await rendered_for(work, "staff:P14", WeeklyDigest())
        assert late is not None
        assert "0/2（0%）</b> ⚠️ 未达标，到期的只有 0/1（0%）" in late.text
        assert [one.key for one in (await week_of(work, await who(work, "P14"))).behind] == ["U1"]


async def test_a_team_leader_is_told_of_the_teams_items_and_a_department_of_what_is_copied_to_it(
    county: OpenWork,
) -> None:
    async with county(now=at(MONDAY, 9)) as work:
        items = list(await work.session.scalars(select(RectificationItem)))
        leader, department = await who(work, "P05"), await who(work, "P26")
        own = [one for one in items if one.team_id in leader.teams(Role.TEAM_LEADER)]
        week = await week_of(work, leader)
        assert (week.level, week.situation.items, week.by) == (Level.TEAM, len(own), "unit")
        copied = select(ItemCopy.item_id).where(
            ItemCopy.copy_to == CopyTo.DEPARTMENT, ItemCopy.recipient_id.in_(department.departments)
        )
        theirs = [await work.session.get_one(RectificationItem, one) for one in await work.session.scalars(copied)]
        assert theirs
        week = await week_of(work, department)
        assert (week.level, week.situation.items) == (Level.DEPARTMENT, len(theirs))
        assert {one.key for one in week.rates} == {one.unit_id for one in theirs}
        told = await rendered_for(work, "staff:P26", WeeklyDigest())
        assert told is not None
        assert "抄送本部门" in told.text
        for staff_id in ("P05", "P26"):
            for unit_id in {one.unit_id for one in items}:
                work.session.add(Recusal(staff_id=staff_id, unit_id=unit_id, state=RecusalState.ORDERED, reason=""))
        await work.session.flush()
        expire_directory(work.session)
        for staff_id in ("P05", "P26"):
            assert (await week_of(work, await who(work, staff_id))).situation.items == 0


async def test_a_round_runs_for_nobody_by_an_item_that_is_kept_from_them(county: OpenWork) -> None:
    async with county(now=at(MONDAY, 9)) as work:
        case = await a_verified_case(work)
        for item in await work.session.scalars(select(RectificationItem).where(RectificationItem.round_id == "R6")):
            if item.is_open:
                work.session.add(CaseItem(case_id=case.id, item_id=item.id))
        work.session.add(CaseShutOut(case_id=case.id, staff_id="P04"))
        await work.session.flush()
        director, named = [await week_of(work, await who(work, one)) for one in ("P03", "P04")]
        assert {one.key for one in director.rates} == {"R5", "R6"}
        assert {one.key for one in named.rates} == {"R5"}


async def test_rates_of_rounds_stand_side_by_side_with_on_time_apart_from_done(county: OpenWork) -> None:
    async with county(now=at(MONDAY, 9)) as work:
        late = await work.session.get_one(RectificationItem, "RI08")  # done, and handed in a day late
        late.submitted_on = late.due_on + timedelta(days=1)
        (await work.session.get_one(RectificationItem, "RI02")).state = ItemState.CLEARED
        await work.session.flush()
        shown = await rendered_for(work, "staff:P03", RatesPicture())
        assert shown is not None
        sixth = shown.text[shown.text.index("第六轮") :]
        assert "2/2（100%）" in sixth.splitlines()[1]
        assert "1/2（50%）" in sixth.splitlines()[1]
        assert "1/6（17%）" in shown.text
        assert "达标线 95%" in shown.text
        fifth = shown.text[shown.text.index("第五轮") :]
        assert "1/6（17%）" in fifth.splitlines()[1]
        assert "未达标" in fifth.splitlines()[1]
    async with county(now=at(MONDAY, 9)) as work:
        (await work.session.get_one(Round, "R5")).score_sheet = {"good_rate": 0.1}
        await work.session.flush()
        shown = await rendered_for(work, "staff:P03", RatesPicture())
        assert shown is not None
        assert "各按本轮的达标线" in shown.text
        done = shown.text[shown.text.index("第五轮") :].splitlines()[1].partition("按时")[0]
        assert "1/6（17%）" in done
        assert "未达标" not in done
