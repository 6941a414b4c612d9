"""The work that a text costs grows with its length, not faster."""

import pytest

from tests.intake.county import meaning
from tests.tracing import count_events

HOSTILE = {
    "a danger again and again": "桥塌了",
    "dangers and repairs": "桥塌了修好了又塌了",
    "despair": "不想活了",
    "gaps": "拿拿拿打打打",
    "the team": "巡察组收了",
    "who told it": "别说是老王讲的",
    "the writer": "我是村里的会计,",
    "questions": "谁举报的?",
    "a single sign": "我",
    "blanks": "刷 单 ",
    "lines": "桥\n断了\n",
    "matters": "低保不公和路烂。",
    "names": "周启程",
    "emoji": "😡❤",
    "Latin": "the wall is falling and ",
}


def steps(text: str) -> int:
    """Return how many instructions are carried out to understand a text."""
    meaning("")  # what is read once is read
    return count_events("opcode", meaning, text)


@pytest.mark.parametrize("unit", HOSTILE.values(), ids=HOSTILE)
def test_of_a_text_four_times_as_long_the_work_is_four_times_as_much(unit: str) -> None:
    short, long = (unit * (size // len(unit)) for size in (150, 600))
    assert steps(long) <= 4.6 * steps(short)
