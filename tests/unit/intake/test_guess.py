"""What single words tell about a complaint; the sample county says what each of its complaints is about."""

import json
from typing import Any

import opencc
import pytest

from services.intake.guess import (
    ADVERTISEMENT_MARKS,
    CATEGORY_WORDS,
    guess_category,
    is_hazard,
    looks_like_advertisement,
)
from tests import sample

SAMPLE = json.loads(sample.SAMPLE.read_text(encoding="utf-8"))
CODES = [category["code"] for category in SAMPLE["categories"]]

complaints = pytest.mark.parametrize("complaint", SAMPLE["complaints"], ids=lambda complaint: complaint["id"])


@complaints
def test_a_complaint_of_the_sample_is_guessed_to_be_about_what_it_is_about(complaint: dict[str, Any]) -> None:
    assert guess_category([complaint["text"]], CODES) in complaint["expected"]["categories"]


@complaints
def test_only_the_emergencies_of_the_sample_are_hazards(complaint: dict[str, Any]) -> None:
    assert is_hazard([complaint["text"]]) == (complaint["expected"]["urgency"] == "emergency")


@complaints
def test_only_the_advertisement_of_the_sample_looks_like_one(complaint: dict[str, Any]) -> None:
    expected = "advertisement" in complaint["expected"]["flags"]
    assert looks_like_advertisement([complaint["text"]]) == expected


@complaints
def test_a_complaint_in_traditional_characters_is_guessed_the_same(complaint: dict[str, Any]) -> None:
    text = complaint["text"]
    for way in ("s2t", "s2hk", "s2tw"):
        traditional = [opencc.OpenCC(way).convert(text)]
        assert guess_category(traditional, CODES) == guess_category([text], CODES)
        assert is_hazard(traditional) == is_hazard([text])
        assert looks_like_advertisement(traditional) == looks_like_advertisement([text])


@pytest.mark.parametrize("way", ["s2t", "s2hk", "s2tw"])
def test_every_word_of_the_tables_is_found_in_traditional_characters_too(way: str) -> None:
    convert = opencc.OpenCC(way).convert
    for code, words in CATEGORY_WORDS.items():
        for word in words:
            assert guess_category([convert(word)], [code]) == code, word


def test_full_width_letters_hide_no_advertisement() -> None:
    assert looks_like_advertisement(["加V：test,秒批"])


def test_one_mark_alone_is_no_advertisement() -> None:
    assert not looks_like_advertisement(["信用社的利息算错了"])
    assert all(not looks_like_advertisement([mark]) for mark in ADVERTISEMENT_MARKS)


def test_the_words_of_several_messages_are_taken_together() -> None:
    assert is_hazard(["学校后面那堵墙", "今天要倒了"])


def test_a_category_the_county_does_not_have_is_never_guessed() -> None:
    assert guess_category(["低保评得不公"], ["road", "other"]) == "other"


def test_what_no_word_tells_is_other() -> None:
    assert guess_category(["你好"], CODES) == "other"
    assert guess_category([], CODES) == "other"
