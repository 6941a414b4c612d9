"""An item cannot be issued half-made: what it lacks is named."""

from dataclasses import replace
from datetime import date

import pytest

from models.rectification import CopyTo, ItemSource
from services.rectification.order import NewItem, Part, missing
from tests.items import ASPECT, new_item

ASPECTS = (ASPECT, "巡察整改落实")
WHOLE = new_item("U1", "账目不清。", date(2026, 12, 31))


@pytest.mark.parametrize(
    ("without", "part"),
    [
        ({"problem": " "}, Part.PROBLEM),
        ({"requirement": ""}, Part.REQUIREMENT),
        ({"category": None}, Part.CATEGORY),
        ({"aspect": ""}, Part.ASPECT),
        ({"aspect": "别的方面"}, Part.ASPECT),
        ({"head": ""}, Part.HEAD),
        ({"county_leader_id": None}, Part.LEADER),
        ({"task_force": "\n"}, Part.TASK_FORCE),
        ({"due_on": None}, Part.DUE),
        ({"copies": ()}, Part.COPIES),
        ({"source": ItemSource.HAND_DOWN}, Part.SOURCE),
        ({"source": ItemSource.CAMPAIGN}, Part.SOURCE),
        ({"owner_id": "P23"}, Part.LEADER),  # nobody signs for their own
    ],
)
def test_what_an_item_lacks_is_named(without: dict[str, object], part: Part) -> None:
    assert missing(WHOLE, ASPECTS) == []
    assert missing(replace(WHOLE, **without), ASPECTS) == [part]  # type: ignore[arg-type]


def test_all_that_is_missing_is_named_in_the_order_in_which_it_is_asked_for() -> None:
    lacks = missing(NewItem("U1"), ASPECTS)
    assert lacks == [part for part in Part if part in lacks]
    assert {Part.PROBLEM, Part.REQUIREMENT, Part.LEADER, Part.TASK_FORCE, Part.DUE} <= set(lacks)


def test_a_county_without_aspects_asks_for_none_and_a_leaders_own_item_needs_no_other_head() -> None:
    assert missing(replace(WHOLE, aspect="", head="", owner_id="P25"), ()) == []


def test_an_order_is_kept_as_json_and_read_again() -> None:
    order = replace(WHOLE, other_units=("U2",), copies=((CopyTo.DEPARTMENT, "D1"), (CopyTo.LEADER, "P23")))
    assert NewItem.of_json(order.as_json()) == order
    assert NewItem.of_json(NewItem("U1").as_json()) == NewItem("U1")


def test_what_is_turned_twice_is_as_it_was_and_a_unit_does_not_help_itself() -> None:
    turned = WHOLE.with_unit_turned("U2").with_copy_turned(CopyTo.LEADER, "P25")
    assert (turned.other_units, turned.copies[-1]) == (("U2",), (CopyTo.LEADER, "P25"))
    assert turned.with_unit_turned("U2").with_copy_turned(CopyTo.LEADER, "P25") == WHOLE
    assert WHOLE.with_unit_turned("U1") == WHOLE
