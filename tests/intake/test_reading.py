"""A resident's texts as they are searched."""

import pytest

from bench.intake import sample_county
from privacy.traces import find_mentions
from services.cases.masking import without_mentions
from services.intake.classify import understand
from services.intake.reading import Reading


@pytest.mark.parametrize("between", ["\t", " ", ",", "\t\t"])
def test_clauses_that_anything_parts_stay_two(between: str) -> None:
    reading = Reading([f"路灯坏了{between}水也停了"])
    assert reading.clause(0) != reading.clause(len(reading.text) - 1)
    assert "坏了水" not in reading.text


@pytest.mark.parametrize("language", ["zh_Hans", "zh_Hant", "en"])
def test_the_mask_of_what_was_taken_out_is_not_read_as_words(language: str) -> None:
    texts = ["俺叫秦楚玥,电话13912345678。俺们村低保三年没批,村支书他小舅子开车的都有"]
    masked = without_mentions(texts, find_mentions(texts), language)
    assert "▇" in masked[0]
    assert understand(masked, county=sample_county()).category == "subsistence_allowance"


def test_what_somebody_wrote_between_two_blocks_is_read() -> None:
    assert Reading(["▇我不想活了▇"]).text == "▇我不想活了▇"
