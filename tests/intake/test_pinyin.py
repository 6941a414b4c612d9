"""Words that are written in Latin letters as they sound."""

import pytest

from models.urgency import Urgency
from services.intake.pinyin import Pinyin, Spelt
from services.intake.reading import Reading
from tests.intake.county import meaning

READINGS = {"不": "bu", "想": "xiang", "活": "huo", "了": "le", "打": "da", "我": "wo", "火": "huo"}


def spelt(text: str) -> list[Spelt]:
    return Pinyin(READINGS, ["不想活", "打我", "不想火", "想"]).spelt(text)


def test_a_word_is_found_by_its_syllables_together_or_apart() -> None:
    assert spelt("bu xiang huo le") == [Spelt(0, 12, "不想活")]
    assert spelt("buxianghuole da wo") == [Spelt(0, 10, "不想活"), Spelt(13, 18, "打我")]


@pytest.mark.parametrize("text", ["wo bu want any more of this da wo thing", "da, wo", "xiang", ""])
def test_what_is_no_such_word_or_of_another_language_stays_as_it_is(text: str) -> None:
    assert spelt(text) == []


def test_whoever_spells_out_that_they_want_to_die_is_in_a_crisis() -> None:
    assert meaning("wo bu xiang huo le").urgency == Urgency.CRISIS
    assert meaning("ta yao sha wo").urgency == Urgency.CRISIS


def test_every_sign_of_a_word_that_was_spelt_out_is_found_again() -> None:
    reading = Reading(["你好", "wo bu xiang huo le"])
    place = reading.text.index("活") if "活" in reading.text else reading.text.index("火")
    (words,) = reading.words(place, place + 1)
    assert (words.text, words.written) == (1, "bu xiang huo")
