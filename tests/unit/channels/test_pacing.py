"""When messages may go, on a loop whose time passes only by being waited for."""

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channels.telegram.pacing import Pace, Pacer

SLACK = 1e-6  # timers of a loop are that exact
QUICK = Pace(per_second=30, per_chat_per_second=1000, per_group_per_minute=20)


class _Selector(selectors.SelectSelector):
    """Passes the time that would have been waited."""

    def __init__(self, pass_time: Callable[[float], None]) -> None:
        super().__init__()
        self._pass_time = pass_time

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        assert timeout is not None, "everybody waits for ever"
        self._pass_time(timeout)
        return super().select(0)


class _Loop(asyncio.SelectorEventLoop):
    """A loop with a clock of its own."""

    def __init__(self) -> None:
        self.now = 1000.0
        super().__init__(_Selector(self.pass_time))

    def time(self) -> float:
        return self.now

    def pass_time(self, seconds: float) -> None:
        """Let time pass; called by a coroutine, it is as if the process had not been let run meanwhile."""
        self.now += max(0.0, seconds)


@dataclass
class Server:
    """Telegram: which calls it handled when, by its clock, in seconds since the start."""

    loop: _Loop
    pacer: Pacer
    handled: list[tuple[float, int]] = field(default_factory=list)

    async def call(self, chat_id: int, there: float = 0.0, back: float = 0.0, priority: int = 0) -> float:
        """Make a call that takes so many seconds on its way there and back; return when it was let go."""
        async with self.pacer.permission(chat_id, priority):
            let_go = self.loop.now - 1000.0
            self.handled.append((let_go + there, chat_id))
            await asyncio.sleep(there + back)
        return let_go

    def times(self, chat_id: int | None = None) -> list[float]:
        return sorted(moment for moment, chat in self.handled if chat_id in (None, chat))


def run(pace: Pace, story: Callable[[Server], Coroutine[Any, Any, None]]) -> None:
    with asyncio.Runner(loop_factory=_Loop) as runner:
        loop = runner.get_loop()
        assert isinstance(loop, _Loop)
        runner.run(story(Server(loop, Pacer(pace))))


def most_within(seconds: float, times: list[float]) -> int:
    """Return how many of these the fullest stretch of so many seconds holds."""
    return max(sum(first <= other < first + seconds - SLACK for other in times) for first in times)


seconds = st.floats(min_value=0, max_value=3)


@settings(deadline=None)
@given(
    most=st.integers(1, 8),
    calls=st.lists(st.tuples(st.sampled_from([-2, -1, 1, 2, 3, 4, 5, 6]), seconds, seconds, seconds), min_size=1),
    stalls=st.lists(st.tuples(seconds, seconds), max_size=5),
)
def test_no_second_of_telegrams_clock_holds_one_too_many_however_long_calls_take(
    most: int, calls: list[tuple[int, float, float, float]], stalls: list[tuple[float, float]]
) -> None:
    async def story(server: Server) -> None:
        async def call_later(chat_id: int, wait: float, there: float, back: float) -> None:
            await asyncio.sleep(wait)
            await server.call(chat_id, there, back)

        for wait, stall in stalls:
            server.loop.call_later(wait, server.loop.pass_time, stall)
        await asyncio.gather(*(call_later(*call) for call in calls))
        assert len(server.handled) == len(calls)
        assert most_within(1.0, server.times()) <= most
        for chat_id in {chat for _, chat in server.handled}:
            assert most_within(1.0, server.times(chat_id)) == 1
            assert chat_id > 0 or most_within(60.0, server.times(chat_id)) <= 4

    run(Pace(per_second=most, per_group_per_minute=4), story)


def test_thirty_go_each_time_a_second_and_one_journey_to_telegram_and_back_are_over() -> None:
    async def story(server: Server) -> None:
        let_go = await asyncio.gather(*(server.call(chat_id, 0.03, 0.02) for chat_id in range(1, 301)))
        assert let_go == pytest.approx([number // 30 * 1.05 for number in range(300)])

    run(Pace(), story)


def test_a_slow_call_holds_up_no_more_than_its_own_place() -> None:
    async def story(server: Server) -> None:
        slow = asyncio.create_task(server.call(1, 0.0, 100.0))
        await asyncio.sleep(0)
        let_go = await asyncio.gather(*(server.call(chat_id) for chat_id in range(2, 60)))
        assert let_go == pytest.approx([0.0] * 29 + [1.0] * 29)
        await slow

    run(Pace(), story)


def test_one_chat_hears_the_next_message_a_second_after_telegram_answered_the_one_before() -> None:
    async def story(server: Server) -> None:
        let_go = await asyncio.gather(*(server.call(7, 0.1, 0.1) for _ in range(3)), server.call(8))
        assert let_go == pytest.approx([0.0, 1.2, 2.4, 0.0])

    run(Pace(), story)


def test_a_chat_may_be_slower_than_a_message_a_second() -> None:
    async def story(server: Server) -> None:
        assert await asyncio.gather(server.call(7), server.call(7)) == pytest.approx([0.0, 2.0])

    run(Pace(per_chat_per_second=0.5), story)


def test_a_group_hears_twenty_times_a_minute_and_holds_nobody_else_up() -> None:
    async def story(server: Server) -> None:
        group = [asyncio.create_task(server.call(-5)) for _ in range(41)]
        await asyncio.sleep(1)
        assert await server.call(5) == pytest.approx(1.0)
        let_go = await asyncio.gather(*group)
        assert let_go[19] < 1
        assert let_go[20] >= 60
        assert let_go[40] >= 120

    run(QUICK, story)


def test_while_places_are_scarce_whoever_waits_for_an_answer_goes_before_reminders() -> None:
    async def story(server: Server) -> None:
        reminders = [asyncio.create_task(server.call(chat_id, priority=40)) for chat_id in (1, 2, 3)]
        await asyncio.sleep(0.5)
        assert await server.call(4, priority=0) == pytest.approx(1.0)
        assert await asyncio.gather(*reminders) == pytest.approx([0.0, 2.0, 3.0])

    run(Pace(per_second=1), story)


def test_a_pause_holds_everybody_those_too_who_wait_already() -> None:
    async def story(server: Server) -> None:
        waiting = [asyncio.create_task(server.call(chat_id)) for chat_id in range(1, 32)]
        await asyncio.sleep(0.5)
        server.pacer.pause(30)
        assert await server.call(50) == pytest.approx(30.5)
        assert await waiting[30] == pytest.approx(30.5)

    run(Pace(), story)


def test_of_two_pauses_the_one_that_ends_later_counts() -> None:
    async def story(server: Server) -> None:
        server.pacer.pause(30)
        server.pacer.pause(5)
        assert await server.call(1) == pytest.approx(30.0)

    run(Pace(), story)


def test_a_call_that_failed_gives_its_place_back_a_second_later() -> None:
    async def story(server: Server) -> None:
        with pytest.raises(TimeoutError):
            async with server.pacer.permission(1):
                await asyncio.sleep(20)
                raise TimeoutError
        assert await server.call(2) == pytest.approx(21.0)

    run(Pace(per_second=1), story)


def test_a_call_that_was_given_up_on_its_way_gives_its_place_back_a_second_later() -> None:
    async def story(server: Server) -> None:
        under_way = asyncio.create_task(server.call(1, 50.0))
        await asyncio.sleep(3)
        under_way.cancel()
        assert await server.call(2) == pytest.approx(4.0)

    run(Pace(per_second=1), story)


def test_one_that_was_given_up_while_it_waited_takes_no_place_and_its_chat_is_forgotten() -> None:
    async def story(server: Server) -> None:
        server.pacer.pause(1)
        waiting = asyncio.create_task(server.call(4711))
        await asyncio.sleep(0.5)
        waiting.cancel()
        assert await server.call(2) == pytest.approx(1.0)
        assert waiting.cancelled()
        assert "4711" not in str(vars(server.pacer))

    run(Pace(per_second=1), story)


def test_one_that_was_given_up_just_as_it_was_let_go_takes_no_place() -> None:
    async def story(server: Server) -> None:
        async def gives_up_the_other() -> None:
            async with server.pacer.permission(1):
                other.cancel()

        server.pacer.pause(1)
        first = asyncio.create_task(gives_up_the_other())
        other = asyncio.create_task(server.call(2))
        await first
        assert await asyncio.gather(server.call(2), server.call(3)) == pytest.approx([1.0, 2.0])
        assert other.cancelled()

    run(Pace(per_second=2), story)


@pytest.mark.parametrize(("chat_id", "quiet_after"), [(4711, 1.0), (-4711, 60.0)])
def test_the_number_of_a_chat_is_forgotten_as_soon_as_its_last_message_no_longer_counts(
    chat_id: int, quiet_after: float
) -> None:
    async def story(server: Server) -> None:
        await server.call(chat_id)
        await asyncio.sleep(quiet_after - 0.1)
        assert "4711" in str(vars(server.pacer))
        await asyncio.sleep(0.2)
        assert "4711" not in str(vars(server.pacer))

    run(Pace(), story)
