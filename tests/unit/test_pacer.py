"""When messages may go."""

import asyncio

from hypothesis import given, settings
from hypothesis import strategies as st

from channels.telegram.pacing import Pace, Pacer


class Moment:
    """A clock moved by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@settings(max_examples=50)
@given(st.lists(st.floats(min_value=0, max_value=0.2), min_size=40, max_size=200))
def test_no_second_ever_holds_more_than_thirty(pauses: list[float]) -> None:
    moment = Moment()
    pacer = Pacer(Pace(), moment)
    sent = []
    for pause in pauses:
        moment.now += pause
        sent.append(pacer.moment())
    for index, first in enumerate(sent[:-30]):
        assert sent[index + 30] - first >= 1.0


def test_one_chat_hears_once_a_second() -> None:
    pacer = Pacer(Pace(), Moment())
    assert [pacer.chat_moment(7) for _ in range(3)] == [100.0, 101.0, 102.0]
    assert pacer.chat_moment(8) == 100.0


def test_a_group_hears_twenty_times_a_minute() -> None:
    pacer = Pacer(Pace(per_chat_per_second=1000), Moment())
    moments = [pacer.chat_moment(-5) for _ in range(41)]
    assert moments[20] - moments[0] >= 60
    assert moments[40] - moments[20] >= 60
    assert moments[19] - moments[0] < 1


def test_a_pause_holds_everybody() -> None:
    pacer = Pacer(Pace(), Moment())
    pacer.pause(30)
    assert pacer.moment() >= 130


async def test_a_pause_that_comes_while_one_waits_holds_that_one_too() -> None:
    loop = asyncio.get_running_loop()
    pacer = Pacer(Pace(per_second=1000, per_chat_per_second=1000), loop.time)
    began = loop.time()
    pacer.pause(0.01)
    waiting = asyncio.create_task(pacer.turn(1))
    await asyncio.sleep(0)
    pacer.pause(0.05)
    await waiting
    assert loop.time() - began >= 0.05
