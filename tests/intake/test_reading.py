"""A resident's texts as they are searched."""

import pytest

from services.intake.reading import Reading


@pytest.mark.parametrize("between", ["\t", " ", ",", "\t\t"])
def test_clauses_that_anything_parts_stay_two(between: str) -> None:
    reading = Reading([f"路灯坏了{between}水也停了"])
    assert reading.clause(0) != reading.clause(len(reading.text) - 1)
    assert "坏了水" not in reading.text
