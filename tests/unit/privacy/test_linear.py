"""What residents write is searched in work that grows with its length and no faster, however hostile it is."""

import re
import sys

import pytest

from privacy import contact_details, receipt, receipt_search
from privacy.traces import find_mentions, repeated
from services.intake import abuse
from tests.tracing import count_events
from tests.unit.privacy.steps import longest, matched, signs_of

# The modules by their names: what the package calls `names` and `numbers` are functions.
SEARCHED = ("plain", "runs", "numbers", "documents", "accounts", "houses", "names", "signatures")
MODULES = [
    receipt,
    receipt_search,
    contact_details,
    abuse,
    *(sys.modules[f"privacy.traces.{name}"] for name in SEARCHED),
]
# These two read no more than a receipt code could be long.
READ_SHORT_TEXTS = {"_LEAD_IN", "_TOKEN"}
PATTERNS = {
    f"{module.__name__}.{name}.{number}": pattern
    for module in MODULES
    for name, value in vars(module).items()
    if name not in READ_SHORT_TEXTS
    for number, pattern in enumerate(value if isinstance(value, list) else [value])
    if isinstance(pattern, re.Pattern)
}
HOSTILE = [
    "十百",
    "1",
    "1 ",
    "4 ",
    "1,",
    "6-1\n",
    "1.5 ",
    "十",
    "O",
    "O-",
    "a-",
    "receipt",
    "我叫甲·",
    "我叫李 ",
    "住十",
    "门牌十",
    "三组",
    "三组12",
    "我住在三",
    "138 ",
    "13800138000 ",
    "QQ1",
    "卡号6 ",
    "身份证1",
    "my name ",
    "my  ",
    "a@a.",
    "举报人",
    "给我",
    "三组第五家",
    "洞",
    "洞 1",
    "1:",
    "1和",
    "1。",
    "23:59 ",
    "联系人",
    "回执码四四四四 ",
    "抖音号a",
    "t.me/a",
    "@aaaa",
    "护照A1",
    "车架号A",
    "我丈夫王",
    "村民 李",
    "——李",
    "都叫我王",
    "+852 ",
    "〡🙂",
    "依攻",
    "四四四四 ",
]


@pytest.mark.parametrize("name", PATTERNS)
def test_a_pattern_ends_after_so_many_signs_wherever_it_begins(name: str) -> None:
    assert longest(PATTERNS[name]) < 1000


@pytest.mark.parametrize("name", PATTERNS)
def test_of_a_text_four_times_as_long_a_pattern_takes_four_times_the_steps(name: str) -> None:
    pattern = PATTERNS[name]
    for unit in (*HOSTILE, "".join(signs_of(pattern))):
        short, long = (unit * (size // len(unit) + 1) for size in (200, 800))
        _, few = matched(pattern, short)
        if few <= 30 * len(short):  # one that read on to the end from each place would take a hundred a sign
            continue
        found, many = matched(pattern, long)
        assert many <= 4.5 * few + 1000, unit
        assert found == [one.span() for one in pattern.finditer(long)], unit


@pytest.mark.parametrize("unit", HOSTILE)
def test_of_a_text_four_times_as_long_the_search_takes_four_times_the_lines(unit: str) -> None:
    def lines(size: int) -> int:
        return count_events("line", find_mentions, [unit * (size // len(unit))] * 2)

    find_mentions(["我"])  # what is read once is read
    assert lines(1600) <= 4.5 * lines(400)


def test_all_that_is_known_is_looked_for_at_once() -> None:
    def search(count: int) -> object:
        text = ";".join(str(13800138000 + number) for number in range(count))
        return repeated([text], {(mention.value, mention.kind) for mention in find_mentions([text])})

    few, many = (count_events("line", search, count) for count in (50, 200))
    assert many <= 4.5 * few
