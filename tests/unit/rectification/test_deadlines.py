"""The ladder of reminders, as rules about one item and one day."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.deadlines import (
    LADDER,
    RUNNING,
    Audience,
    Proposal,
    Rung,
    awaits_midterm,
    days_overdue,
    ladder_table,
    next_change_on,
    proposal,
    stages_come,
)
from models.rectification import FIX_ON_SPOT, ItemUnit, RectificationItem, WarningCard
from models.settings import RectificationSettings
from models.states import ItemState, PaperState
from models.working_days import WorkingCalendar

CALENDAR = WorkingCalendar(ZoneInfo("Asia/Shanghai"))
SETTINGS = RectificationSettings()
ISSUED = date(2026, 5, 18)
DUE = date(2026, 11, 18)

ITEMS = st.builds(
    lambda issued, term, state: an_item(issued_on=issued, due_on=issued + timedelta(days=term), state=state),
    st.dates(date(2026, 1, 1), date(2027, 6, 1)),
    st.integers(0, 400),
    st.sampled_from(sorted(RUNNING)),
)
DAYS = st.integers(0, 600)


def an_item(**facts: Any) -> RectificationItem:
    usual = {
        "id": "RI01",
        "issued_on": ISSUED,
        "due_on": DUE,
        "held_days": 0,
        "state": ItemState.IN_PROGRESS,
        "state_since": ISSUED,
        "card": None,
        "card_on": None,
        "card_returns": 0,
        "card_held_days": 0,
        "returns": 0,
        "submitted_on": None,
        "midterm_on": None,
        "deadline_version": 1,
    }
    return RectificationItem(**(usual | facts))


@given(
    st.builds(
        lambda item, **facts: an_item(issued_on=item.issued_on, due_on=item.due_on, **facts),
        ITEMS,
        state=st.sampled_from(sorted(ItemState)),
        state_since=st.dates(date(2026, 1, 1), date(2027, 6, 1)),
        card=st.sampled_from((None, *WarningCard)),
        card_on=st.one_of(st.none(), st.dates(date(2026, 1, 1), date(2027, 6, 1))),
        returns=st.integers(0, 3),
        submitted_on=st.one_of(st.none(), st.dates(date(2026, 1, 1), date(2027, 6, 1))),
        plan_due_on=st.one_of(st.none(), st.dates(date(2026, 1, 1), date(2027, 6, 1))),
        plan_state=st.sampled_from((None, *PaperState)),
        plan_since=st.dates(date(2026, 1, 1), date(2027, 6, 1)),
        extension_state=st.sampled_from((None, *PaperState)),
        extension_since=st.dates(date(2026, 1, 1), date(2027, 6, 1)),
        prepared_since=st.one_of(st.none(), st.dates(date(2026, 1, 1), date(2027, 6, 1))),
    ),
    st.integers(-60, 60),
    st.builds(
        RectificationSettings,
        remind_before_days=st.lists(st.integers(0, 40), max_size=3).map(tuple),
        remind_overdue_days=st.lists(st.integers(0, 9), max_size=2).map(tuple),
        remind_overdue_every_days=st.sampled_from((0, 7, 30)),
        acknowledge_working_days=st.integers(0, 6),
        acknowledge_leader_working_days=st.integers(0, 6),
        yellow_overdue_days=st.integers(0, 30),
        red_overdue_days=st.integers(0, 30),
    ),
)
def test_nothing_comes_of_an_item_before_the_day_on_which_it_is_looked_at_again(
    item: RectificationItem, days_overdue_today: int, settings: RectificationSettings
) -> None:
    today = item.due_on + timedelta(days=days_overdue_today)

    def what_came(day: date) -> object:
        return stages_come(item, day, settings, CALENDAR), proposal(item, day, settings)

    change = next_change_on(item, today, settings, CALENDAR)
    assert change is None or change > today
    look_again = change or today + timedelta(days=120)
    days_between = min((look_again - today).days, 120)
    assert all(what_came(today + timedelta(days=day)) == what_came(today) for day in range(days_between))


def names(item: RectificationItem, today: date, settings: RectificationSettings = SETTINGS) -> list[str]:
    return [stage.name for stage in stages_come(item, today, settings, CALENDAR)]


def proposed(item: RectificationItem, today: date) -> Proposal | None:
    return proposal(item, today, SETTINGS)


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 8, 17), []),
        (date(2026, 8, 18), ["midterm"]),
        (date(2026, 8, 24), ["midterm"]),
        (date(2026, 10, 28), ["midterm_unanswered"]),
        (date(2026, 10, 29), ["before_20"]),
        (date(2026, 11, 8), ["before_10"]),
        (date(2026, 11, 15), ["before_3"]),
        (date(2026, 11, 18), ["before_3"]),
        (date(2026, 11, 19), ["overdue_1"]),
        (date(2026, 11, 22), ["overdue_3"]),
        (date(2026, 11, 23), ["overdue_5"]),
        (date(2026, 11, 30), ["overdue_12"]),
        (date(2026, 12, 7), ["overdue_19"]),
    ],
)
def test_the_newest_stage_of_a_deadline_is_the_one_told(today: date, expected: list[str]) -> None:
    assert names(an_item(), today) == expected


def test_a_notice_whose_day_was_before_the_issue_never_comes() -> None:
    fix = an_item(issued_on=date(2026, 11, 22), due_on=date(2026, 11, 29))
    assert names(fix, date(2026, 11, 25)) == []
    assert names(fix, date(2026, 11, 26)) == ["before_3"]


def test_a_short_deadline_has_no_half_time() -> None:
    month = an_item(issued_on=date(2026, 11, 1), due_on=date(2026, 12, 1))
    seen = {name for day in range(30) for name in names(month, date(2026, 11, 1) + timedelta(days=day))}
    assert seen == {"before_20", "before_10", "before_3"}


def test_until_people_are_kept_from_a_danger_that_is_what_is_told_and_then_the_fix() -> None:
    bridge = an_item(issued_on=date(2026, 11, 22), due_on=date(2026, 11, 29), hazard=True)
    bridge.interim_due_on = date(2026, 11, 23)
    assert names(bridge, date(2026, 11, 22)) == []
    assert names(bridge, date(2026, 11, 23)) == ["interim:2026-11-23"]
    assert names(bridge, date(2026, 11, 26)) == ["interim_late:2026-11-23:+3"]  # and not that the fix is due soon
    assert "overdue_1" in names(bridge, date(2026, 11, 30))
    assert next_change_on(bridge, date(2026, 11, 26), SETTINGS, CALENDAR) == date(2026, 11, 27)
    bridge.interim_due_on = date(2026, 11, 22)
    assert names(bridge, date(2026, 11, 22)) == []  # the order has just said so
    assert names(bridge, date(2026, 11, 23)) == ["interim_late:2026-11-22:+1"]
    bridge.interim_on = date(2026, 11, 26)
    assert names(bridge, date(2026, 11, 26)) == ["before_3"]


def test_half_time_that_was_told_before_an_extension_is_not_told_again() -> None:
    extended = an_item(due_on=date(2026, 12, 31), midterm_on=date(2026, 8, 18))
    assert names(extended, date(2026, 11, 22)) == []
    assert names(extended, date(2026, 12, 11)) == ["before_20"]


def test_a_county_may_ask_for_a_word_on_the_due_day() -> None:
    settings = RectificationSettings(remind_before_days=(10, 0))
    assert names(an_item(), DUE, settings) == ["before_0"]


@pytest.mark.parametrize("state", sorted(set(ItemState) - RUNNING))
def test_a_unit_is_neither_late_nor_given_a_card_while_its_clock_stands_still(state: ItemState) -> None:
    item = an_item(state=state, returns=5, submitted_on=DUE)
    assert proposed(item, DUE + timedelta(days=60)) is None
    assert days_overdue(item, DUE + timedelta(days=60)) == 0
    told = {rung for stage in stages_come(item, DUE + timedelta(days=60), SETTINGS, CALENDAR) for rung in [stage.rung]}
    assert told <= {Rung.STILL_IN_REVIEW, Rung.COUNTERSIGN, Rung.CLEAR, Rung.LONG_TERM_LATE, Rung.NOT_CLEARED}


@pytest.mark.parametrize("state", [ItemState.DRAFT, ItemState.CLEARED])
def test_nobody_is_reminded_of_what_is_not_issued_or_is_done(state: ItemState) -> None:
    assert names(an_item(state=state, returns=5), DUE + timedelta(days=60)) == []


@pytest.mark.parametrize(
    ("state", "days", "told"),
    [
        (ItemState.PASSED, 7, {Audience.COUNTY_LEADER, Audience.OFFICE_DIRECTOR}),
        (ItemState.COUNTERSIGNED, 7, {Audience.OFFICE_DIRECTOR}),
        (
            ItemState.LONG_TERM,
            180,
            {Audience.UNIT_HEAD, Audience.LIAISON, Audience.COUNTY_LEADER, Audience.OFFICE_DIRECTOR},
        ),
    ],
)
def test_what_is_passed_signed_or_kept_for_long_is_reminded_of_again_and_again(
    state: ItemState, days: int, told: set[Audience]
) -> None:
    since = date(2026, 11, 2)
    item = an_item(state=state, state_since=since, county_leader_id="P25")
    assert names(item, since + timedelta(days=days - 1)) == []
    reminded = [stages_come(item, since + timedelta(days=days * times), SETTINGS, CALENDAR) for times in (1, 2, 3)]
    assert len({stage.name for stages in reminded for stage in stages}) == 3
    assert {audience for stages in reminded for stage in stages for audience in stage.audience} == told


@pytest.mark.parametrize(
    ("facts", "second_approval", "rung"),
    [
        ({}, "ordered", Rung.COUNTERSIGN),
        ({}, "none", Rung.CLEAR),
        ({"source": FIX_ON_SPOT}, "ordered", Rung.CLEAR),
        ({"source": FIX_ON_SPOT}, "all", Rung.COUNTERSIGN),
        ({"county_leader_id": None}, "all", Rung.CLEAR),  # there is nobody to sign for it
    ],
)
def test_what_is_passed_waits_for_a_signature_only_where_one_is_asked_for(
    facts: dict[str, Any], second_approval: str, rung: Rung
) -> None:
    item = an_item(**({"state": ItemState.PASSED, "county_leader_id": "P25"} | facts))
    ladder = replace(SETTINGS, second_approval=second_approval)
    assert [stage.rung for stage in stages_come(item, ISSUED + timedelta(days=7), ladder, CALENDAR)] == [rung]


def test_days_held_are_no_days_late_when_a_card_was_given_before() -> None:
    carded = an_item(
        due_on=DUE + timedelta(days=10), held_days=10, card=WarningCard.YELLOW, card_on=DUE + timedelta(days=5)
    )
    assert proposed(carded, DUE + timedelta(days=16)) is None


def test_a_submission_is_the_reviewers_after_a_week_and_nobody_elses_until_another() -> None:
    item = an_item(state=ItemState.SUBMITTED, submitted_on=date(2026, 11, 16))
    assert names(item, date(2026, 11, 22)) == []
    [stage] = stages_come(item, date(2026, 11, 23), SETTINGS, CALENDAR)
    assert stage.name == "review:2026-11-16"
    assert stage.audience == (Audience.REVIEWERS,)
    unit_is_told, stage = stages_come(item, date(2026, 11, 30), SETTINGS, CALENDAR)
    assert stage.name == "still_in_review:2026-11-16:2"
    assert stage.audience == (Audience.REVIEWERS, Audience.OFFICE_DIRECTOR)
    assert unit_is_told.rung is Rung.NOT_CLEARED


def test_a_unit_hears_each_week_past_the_due_day_until_the_item_is_cleared_and_not_until_its_paper_is_in() -> None:
    def told(**facts: Any) -> list[str]:
        item = an_item(submitted_on=DUE + timedelta(days=2), state_since=DUE + timedelta(days=2), **facts)
        days = [stages_come(item, DUE + timedelta(days=day), SETTINGS, CALENDAR) for day in range(2, 30)]
        named = [stage.name for stages in days for stage in stages if stage.rung is Rung.NOT_CLEARED]
        return list(dict.fromkeys(named))

    for state in (ItemState.SUBMITTED, ItemState.PASSED, ItemState.COUNTERSIGNED):
        assert told(state=state) == ["not_cleared_12", "not_cleared_19", "not_cleared_26"]
    assert told(state=ItemState.CLEARED) == []


def test_a_plan_that_is_not_handed_in_goes_to_the_unit_and_from_the_day_after_to_the_leader() -> None:
    due = date(2026, 6, 17)
    item = an_item(plan_due_on=due)
    assert names(item, date(2026, 6, 9)) == []
    [before] = stages_come(item, date(2026, 6, 10), SETTINGS, CALENDAR)
    assert before.audience == (Audience.UNIT_HEAD, Audience.LIAISON)
    [late] = stages_come(item, due + timedelta(days=1), SETTINGS, CALENDAR)
    assert Audience.COUNTY_LEADER in late.audience
    assert names(item, due + timedelta(days=8)) == ["plan_overdue:2026-06-17:+7"]
    item.due_on += timedelta(days=40)
    assert not any(stage.is_of_deadline for stage in stages_come(item, due, SETTINGS, CALENDAR))


@pytest.mark.parametrize(
    ("facts", "days", "audience"),
    [
        ({"plan_state": PaperState.SUBMITTED, "plan_since": ISSUED}, 7, (Audience.OFFICE,)),
        ({"extension_state": PaperState.SUBMITTED, "extension_since": ISSUED}, 3, (Audience.OFFICE_DIRECTOR,)),
        ({"prepared_since": ISSUED}, 2, (Audience.UNIT_HEAD,)),
    ],
)
def test_a_paper_that_lies_with_somebody_is_told_to_them_again_and_again(
    facts: dict[str, Any], days: int, audience: tuple[Audience, ...]
) -> None:
    item = an_item(plan_due_on=date(2026, 8, 1), **facts) if "plan_state" in facts else an_item(**facts)
    assert names(item, ISSUED + timedelta(days=days - 1)) == []
    told = [stages_come(item, ISSUED + timedelta(days=days * times), SETTINGS, CALENDAR) for times in (1, 2)]
    assert [stage.audience for stages in told for stage in stages] == [audience, audience]
    assert len({stage.name for stages in told for stage in stages}) == 2


def test_half_time_is_answered_once_and_not_asked_for_again() -> None:
    half = date(2026, 8, 18)
    assert awaits_midterm(an_item(), half, SETTINGS)
    assert not awaits_midterm(an_item(), half - timedelta(days=1), SETTINGS)
    answered = an_item(midterm_answered_on=half)
    assert not awaits_midterm(answered, half + timedelta(days=9), SETTINGS)
    assert names(answered, half + timedelta(days=9)) == []


def test_a_second_submission_is_a_stage_of_its_own() -> None:
    first = an_item(state=ItemState.SUBMITTED, submitted_on=date(2026, 11, 1))
    second = an_item(state=ItemState.SUBMITTED, submitted_on=date(2026, 11, 10))
    assert names(first, date(2026, 12, 1)) != names(second, date(2026, 12, 1))


def test_an_order_nobody_acknowledges_goes_to_the_head_again_and_then_to_the_county_leader() -> None:
    item = an_item(issued_on=date(2026, 11, 20), due_on=date(2027, 3, 1), state=ItemState.ISSUED)
    assert names(item, date(2026, 11, 24)) == []
    assert names(item, date(2026, 11, 25)) == ["unacknowledged"]  # three working days after a Friday
    [stage] = stages_come(item, date(2026, 11, 27), SETTINGS, CALENDAR)
    assert stage.name == "still_unacknowledged"
    assert Audience.COUNTY_LEADER in stage.audience


def test_a_unit_that_answers_along_is_reminded_until_it_has_acknowledged_whatever_the_other_has_done() -> None:
    item = an_item(issued_on=date(2026, 11, 20), due_on=date(2027, 3, 1), state=ItemState.ACKNOWLEDGED)
    item.others = [ItemUnit(unit_id="U2"), ItemUnit(unit_id="U3", acknowledged_on=date(2026, 11, 23))]
    assert item.unacknowledged_by == {"U2"}
    assert names(item, date(2026, 11, 25)) == ["unacknowledged_along"]
    [stage] = stages_come(item, date(2026, 11, 27), SETTINGS, CALENDAR)
    assert stage.audience == (Audience.ANSWERING_ALONG, Audience.COUNTY_LEADER)
    item.others[0].acknowledged_on = date(2026, 11, 27)
    assert names(item, date(2026, 11, 27)) == []


def test_the_county_leader_hears_from_the_second_notice_on() -> None:
    assert Audience.COUNTY_LEADER not in LADDER[Rung.FIRST_NOTICE].audience
    [stage] = stages_come(an_item(), date(2026, 11, 8), SETTINGS, CALENDAR)
    assert Audience.COUNTY_LEADER in stage.audience


def test_every_rung_has_its_row_in_the_ladder() -> None:
    assert set(LADDER) == set(Rung)
    assert all(row.when and row.audience for row in LADDER.values())


def test_the_ladder_prints_as_a_table_that_says_who_is_told() -> None:
    table = ladder_table()
    assert len(table.splitlines()) == 2 + len(LADDER)
    assert "| first_notice | the largest of remind_before_days before the due day | unit_head, liaison |" in table


@pytest.mark.parametrize(
    ("facts", "today", "expected"),
    [
        ({}, date(2026, 11, 22), None),
        ({}, date(2026, 11, 23), "propose_yellow:overdue"),
        ({"returns": 2}, date(2026, 10, 1), "propose_yellow:returns"),
        ({"returns": 2}, date(2026, 11, 23), "propose_yellow:overdue+returns"),
        ({}, date(2026, 12, 8), "propose_red:overdue"),
        ({"card": WarningCard.YELLOW, "card_on": date(2026, 11, 23)}, date(2026, 12, 7), None),
        ({"card": WarningCard.YELLOW, "card_on": date(2026, 11, 23)}, date(2026, 12, 8), "propose_red:overdue"),
        (
            {"card": WarningCard.YELLOW, "card_on": date(2026, 10, 1), "returns": 2, "card_returns": 2},
            date(2026, 11, 1),
            None,
        ),
        (
            {"card": WarningCard.YELLOW, "card_on": date(2026, 10, 1), "returns": 4, "card_returns": 2},
            date(2026, 11, 1),
            "propose_red:second",
        ),
        (
            {"card": WarningCard.YELLOW, "card_on": date(2026, 10, 1), "returns": 2, "card_returns": 2},
            date(2026, 11, 23),
            "propose_red:second",
        ),
        ({"card": WarningCard.YELLOW, "returns": 9}, date(2026, 11, 1), None),  # since when is not known
        ({"card": WarningCard.RED}, date(2027, 11, 1), None),
    ],
)
def test_a_card_is_proposed_when_there_are_grounds(facts: dict[str, Any], today: date, expected: str | None) -> None:
    found = proposed(an_item(**facts), today)
    assert (found and found.name) == expected


@given(ITEMS, DAYS, DAYS)
def test_the_ladder_never_goes_back(item: RectificationItem, one: int, other: int) -> None:
    earlier, later = (item.issued_on + timedelta(days=days) for days in sorted((one, other)))
    before, after = (stages_come(item, day, SETTINGS, CALENDAR) for day in (earlier, later))
    assert len(before) <= len(after)
    if before:
        assert before[-1].day <= after[-1].day


@given(ITEMS)
def test_each_stage_is_the_newest_for_one_stretch_of_days_only(item: RectificationItem) -> None:
    told: list[str] = []
    for days in range(120):
        for stage in stages_come(item, item.due_on + timedelta(days=days - 60), SETTINGS, CALENDAR):
            if stage.rung not in (Rung.UNACKNOWLEDGED, Rung.STILL_UNACKNOWLEDGED) and told[-1:] != [stage.name]:
                told.append(stage.name)
    assert len(told) == len(set(told))


@given(ITEMS, DAYS)
def test_what_has_come_lies_after_the_issue_and_not_in_the_future(item: RectificationItem, days: int) -> None:
    today = item.issued_on + timedelta(days=days)
    for stage in stages_come(item, today, SETTINGS, CALENDAR):
        assert item.issued_on < stage.day <= today
        assert len(stage.name) <= 40


def test_the_page_about_reminders_shows_the_table() -> None:
    page = Path(__file__).parents[3] / "docs" / "reminders.md"
    assert ladder_table().strip() in page.read_text(encoding="utf-8")
