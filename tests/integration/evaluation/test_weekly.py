"""The digest of the week: on its first working day at nine, once, each level its own, with a picture."""

from datetime import date, datetime, timedelta

from sqlalchemy import select

from models.complaints import CaseShutOut
from models.rectification import CaseItem, RectificationItem
from models.settings import WeeklyDigestSettings
from models.states import ItemState
from models.working_days import WorkingCalendar
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
    assert {"P01", "P03", "P04", "P23", "P14", "P20"} <= set(first)
    assert not {"P05", "P06", "P26"} & set(first)  # teams and departments have other lists
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
        assert await rendered_for(work, "staff:P26", WeeklyDigest()) is None
        own = await rendered_for(work, "staff:P14", WeeklyDigest())
        assert own is not None
        assert "石蒲镇" not in own.text


async def test_nobody_is_behind_while_nothing_of_theirs_is_due(county: OpenWork) -> None:
    async with county(now=at(MONDAY, 9)) as work:
        item = await work.session.get_one(RectificationItem, "RI02")  # the only one of its unit
        for due_on, is_behind in ((date(2026, 11, 24), False), (date(2026, 11, 22), True)):
            item.due_on = due_on
            await work.session.flush()
            behind = {one.key for one in (await week_of(work, await who(work, "P03"))).behind}
            own = await rendered_for(work, "staff:P14", WeeklyDigest())
            assert own is not None
            assert "0/1（0%）" in own.text
            assert ("U1" in behind) == ("未达标" in own.text) == is_behind


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
