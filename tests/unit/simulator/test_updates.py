"""The queue of updates."""

from datetime import UTC, datetime

import pytest

from simulator.changes import Changes
from simulator.clock import OffsetClock
from simulator.updates import UpdateQueue

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> OffsetClock:
    return OffsetClock(lambda: START)


@pytest.fixture
def queue(clock: OffsetClock) -> UpdateQueue:
    return UpdateQueue(clock, Changes())


def test_ids_follow_one_another(queue: UpdateQueue) -> None:
    first = queue.add("message", {}, "chat 1")
    assert first is not None
    assert queue.add("message", {}, "chat 1") == first + 1


def test_kinds_that_the_bot_did_not_ask_for_are_not_kept(queue: UpdateQueue) -> None:
    assert queue.add("message_reaction", {}, "chat 1") is None
    queue.allowed = frozenset({"message_reaction"})
    assert queue.add("message", {}, "chat 1") is None
    assert queue.add("message_reaction", {}, "chat 1") is not None


def test_a_message_waits_for_24_hours_and_a_press_for_150_seconds(queue: UpdateQueue, clock: OffsetClock) -> None:
    queue.add("message", {}, "chat 1")
    queue.add("callback_query", {}, "presses of 1")
    clock.advance(150)
    assert [one.kind for one in queue.pending()] == ["message", "callback_query"]
    clock.advance(1)
    assert [one.kind for one in queue.pending()] == ["message"]
    clock.advance(86400)
    assert queue.pending() == []


def test_an_update_can_come_twice(queue: UpdateQueue) -> None:
    first = queue.add("message", {}, "chat 1")
    assert first is not None
    queue.confirm([first])
    queue.repeat(first)
    assert [one.update_id for one in queue.page(first + 1, 100)] == [first]
    assert queue.page(first + 1, 100) == []


def test_a_raw_update_stays_as_it_is_but_for_its_id(queue: UpdateQueue) -> None:
    broken = queue.add_raw("{not json")
    given = queue.add_raw('{"update_id": 5, "message": {}}')
    named = queue.add_raw('{"message": {"nonsense": 1}}')
    bodies = {one.update_id: one.body for one in queue.pending()}
    assert bodies[broken] == "{not json"
    assert given == 5
    assert bodies[named] == f'{{"message": {{"nonsense": 1}}, "update_id": {named}}}'


def test_a_clock_does_not_run_backwards(clock: OffsetClock) -> None:
    with pytest.raises(ValueError, match="only moves forward"):
        clock.advance(-1)
