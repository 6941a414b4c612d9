"""How fast a bot may send."""

from datetime import UTC, datetime, timedelta

import pytest

from simulator.errors import ApiError
from simulator.limits import SendLimits

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def retry_after(limits: SendLimits, chat_id: int, now: datetime, messages: int = 1) -> int:
    with pytest.raises(ApiError) as caught:
        limits.check(chat_id, now, messages)
    assert caught.value.code == 429
    assert caught.value.parameters is not None
    seconds = int(caught.value.parameters["retry_after"])
    assert caught.value.description == f"Too Many Requests: retry after {seconds}"
    return seconds


def test_the_thirty_first_message_of_a_second_is_refused() -> None:
    limits = SendLimits()
    for chat_id in range(1, 31):
        limits.check(chat_id, START)
    assert retry_after(limits, 99, START + timedelta(milliseconds=999)) == 1
    limits.check(99, START + timedelta(seconds=1))


def test_a_person_gets_a_burst_of_three_and_then_one_a_second() -> None:
    limits = SendLimits()
    for _ in range(3):
        limits.check(1, START)
    assert retry_after(limits, 1, START) == 1
    limits.check(1, START + timedelta(seconds=1))
    assert retry_after(limits, 1, START + timedelta(seconds=1)) == 1


def test_a_group_gets_twenty_a_minute() -> None:
    limits = SendLimits()
    for second in range(20):
        limits.check(-1, START + timedelta(seconds=second))
    assert retry_after(limits, -1, START + timedelta(seconds=20)) == 40
    limits.check(-2, START + timedelta(seconds=20))
    limits.check(-1, START + timedelta(seconds=60))


def test_an_album_counts_each_of_its_messages() -> None:
    limits = SendLimits()
    limits.check(-1, START, messages=15)
    assert retry_after(limits, -1, START, messages=6) == 60


def test_a_refused_message_is_not_counted() -> None:
    limits = SendLimits()
    for _ in range(3):
        limits.check(1, START)
    for _ in range(40):
        retry_after(limits, 1, START)
    limits.check(2, START)
