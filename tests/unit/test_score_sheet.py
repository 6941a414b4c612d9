"""From counts to sums to a grade, by a score sheet."""

from dataclasses import replace
from fractions import Fraction

from models.publication import Grade
from models.settings import CountySettings, EvaluationSettings
from models.share import Share
from services.evaluation.score_sheet import Criterion, UnitCounts, places, score, shown_points

SHEET = EvaluationSettings()
ALL = UnitCounts(
    items=20,
    done=20,
    due=20,
    in_time=20,
    handed_in=20,
    passed_at_once=20,
    ever_done=20,
    system_needed=20,
    system_built=20,
)


def test_each_line_shows_its_share_and_what_it_gives_and_the_lines_add_up() -> None:
    found = score(replace(ALL, done=18, in_time=16, system_needed=18, system_built=9), SHEET)
    lines = {line.criterion: (line.share, line.points) for line in found.lines}
    assert lines[Criterion.DONE] == (Share(18, 20), Fraction(36))
    assert lines[Criterion.IN_TIME] == (Share(16, 20), Fraction(20))
    assert lines[Criterion.SYSTEM_BUILT] == (Share(9, 18), Fraction(5, 2))
    assert found.points == sum(points for _, points in lines.values())
    assert found.points == 36 + 20 + 10 + 10 + 10 + Fraction(5, 2)
    assert found.most == 100
    assert found.grade == Grade.MEDIUM


def test_the_lines_are_at_exactly_the_rates_of_the_sheet() -> None:
    just_good = replace(ALL, in_time=16)  # 95 of 100
    assert score(just_good, SHEET).grade == Grade.GOOD
    assert score(replace(just_good, in_time=15), SHEET).grade == Grade.MEDIUM
    just_medium = replace(ALL, done=10, ever_done=20, system_needed=10, system_built=10)  # 80 of 100
    assert score(just_medium, SHEET).grade == Grade.MEDIUM
    assert score(replace(just_medium, yellow=1), SHEET).grade == Grade.POOR


def test_what_nothing_is_counted_for_neither_gives_points_nor_takes_any() -> None:
    one_done = UnitCounts(
        items=1, done=1, due=1, in_time=1, handed_in=1, passed_at_once=1, ever_done=1, system_needed=1, system_built=1
    )
    nothing_due = UnitCounts(items=4)
    assert score(one_done, SHEET).grade == Grade.GOOD
    found = score(nothing_due, SHEET)
    assert [line.criterion for line in found.lines if line.is_counted] == [Criterion.DONE, Criterion.NO_CARD]
    assert (found.points, found.most, found.grade) == (Fraction(10), 50, Grade.POOR)
    assert score(UnitCounts(), SHEET).rate == 0


def test_what_was_reopened_and_what_was_returned_costs_points() -> None:
    found = {line.criterion: line.points for line in score(replace(ALL, reopened=10, passed_at_once=5), SHEET).lines}
    assert found[Criterion.STAYS_DONE] == 5
    assert found[Criterion.PASSED_AT_ONCE] == Fraction(5, 2)


def test_equal_units_share_the_better_place() -> None:
    scores = {"a": score(ALL, SHEET), "b": score(replace(ALL, done=3), SHEET), "c": score(ALL, SHEET)}
    assert places(scores) == {"a": 1, "b": 3, "c": 1}


def test_points_are_shown_rounded_down() -> None:
    assert shown_points(Fraction(94999, 1000)) == "94.9"
    assert shown_points(Fraction(95)) == "95.0"


def test_a_share_reaches_a_rate_exactly_and_nothing_is_missing_of_nothing() -> None:
    assert Share(19, 20).reaches(0.95)
    assert not Share(46, 49).reaches(0.95)
    assert Share(0, 0).reaches(0.95)


def test_a_county_sets_its_own_score_sheet() -> None:
    settings = CountySettings.from_json({"evaluation": {"good_rate": 1, "points_done": 100, "revisit_unit_share": 0.3}})
    assert settings.evaluation.good_rate == 1
    assert score(replace(ALL, done=19), settings.evaluation).grade == Grade.MEDIUM
