"""Words that sound like a promise are noticed, and those that tell what was done are not."""

import pytest

from services.cases.decide import PreparedAnswer
from services.cases.promises import sounds_like_promise
from texts.catalogue import LANGUAGES, Words


@pytest.mark.parametrize(
    "text",
    [
        "我们保证把路修好",
        "我們保證把路修好",
        "一定给您解决",
        "尽快修",
        "年底前修通",
        "会给您补发",
        "We will build the road.",
        "I promise it.",
    ],
)
def test_a_promise_is_noticed(text: str) -> None:
    assert sounds_like_promise(text)


@pytest.mark.parametrize(
    "text", ["路已经修好了", "查过了，没有查实", "镇里保存了这份合同", "是哪一段路？", "It has been repaired.", ""]
)
def test_what_was_done_is_no_promise(text: str) -> None:
    assert not sounds_like_promise(text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_prepared_answer_promises_anything(language: str) -> None:
    words = Words(language)
    assert [one for one in PreparedAnswer if sounds_like_promise(words.plain(f"resident.prepared_{one}"))] == []
