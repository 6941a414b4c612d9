"""Of a number that leads to a person nothing is left to read, however it was written and in how many texts."""

from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from privacy.traces.numbers import identity_check, luhn
from services.cases.masking import hidden, traces_in, without, without_receipts

FILLERS = ["\u3164", "\u2800", "\u115f", "\uffa0", "\u202e", "\u200b"]  # what is not seen
GAPS = st.sampled_from(
    [
        "",
        " ",
        "\u3000",
        "\t",
        "\n",
        "-",
        "\u2013",
        "·",
        ".",
        "_",
        "/",
        "，",
        ",",
        "、",
        "*",
        "#",
        " - ",
        ", ",
        ") (",
        ")-",
        "。",
        ":",
        "：",
        "+",
        "=",
        "|",
        " | ",
        "和",
        "!",
        ">",
        "&",
        "…",
        "🙂",
        "👨\u200d👩\u200d👧",
        "→",
        "★",
        "~",
        "“",
        *FILLERS,
    ]
)
WAYS = {
    "0": "0Oo零〇０⓪🄌",
    "1": "1lI一幺壹１①〡➊𝟏١",
    "2": "2二贰２②〢❷",
    "3": "3三叁３③〣㊂",
    "8": "8八捌８⑧〨٨",
}
MOBILES = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
LANDLINES = st.from_regex(r"0(10|2[0-9]|[3-9][0-9]{2})[2-8][0-9]{7}", fullmatch=True)
BANK_CARDS = st.from_regex(r"62[0-9]{14}|62[0-9]{17}", fullmatch=True).filter(luhn)
IDENTITY_CARDS = st.builds(
    lambda region, born, serial: (seventeen := f"{region}{born:%Y%m%d}{serial:03d}") + identity_check(seventeen),
    st.sampled_from(["110105", "410526", "510104", "650102"]),
    st.dates(min_value=date(1900, 1, 1), max_value=date(2099, 12, 31)),
    st.integers(0, 999),
)
ACCOUNTS = st.from_regex(r"[1-9][0-9]{8,22}", fullmatch=True)
ABROAD = st.from_regex(r"\+(852|853|886|65|44|1)[2-9][0-9]{7,9}", fullmatch=True)
QQS = st.from_regex(r"[1-9][0-9]{4,11}", fullmatch=True)
LOCALS = st.from_regex(r"[2-8][0-9]{6,7}", fullmatch=True)
CUED = st.one_of(
    st.tuples(st.sampled_from(["电话", "我的手机号是", "打", "联系电话:"]), MOBILES | LANDLINES),
    st.tuples(st.sampled_from(["身份证", "身份证号：", ""]), IDENTITY_CARDS),
    st.tuples(st.sampled_from(["卡号", "账号是", "银行卡号码:", "账户"]), BANK_CARDS | ACCOUNTS),
    st.tuples(st.sampled_from(["", "打"]), BANK_CARDS | ABROAD),
    st.tuples(st.sampled_from(["QQ:", "qq号:", "扣扣是"]), QQS),
)


def written(data: st.DataObject, groups: Sequence[str]) -> str:
    """Return groups of figures with gaps between them, some figures by what they are said or mistaken for."""
    text = groups[0]
    for group in groups[1:]:
        text += data.draw(GAPS) + group
    return "".join(data.draw(st.sampled_from(WAYS.get(sign, sign))) for sign in text)


def in_texts(data: st.DataObject, before: str, text: str, behind: str) -> list[str]:
    """Return a text whole, or broken in two."""
    broken = data.draw(st.integers(0, len(text)))
    if data.draw(st.booleans()):
        return [before + text + behind]
    return [before + text[:broken], text[broken:] + behind]


def figures_left(shown: Sequence[str]) -> str:
    known = {sign: figure for figure, signs in WAYS.items() for sign in signs}
    seen = (sign for text in shown for sign in text if sign not in FILLERS)
    return "".join(known.get(sign, sign) for sign in seen if sign.isalnum() or sign == "▇")


def assert_nothing_is_left(number: str, texts: Sequence[str]) -> None:
    number = number.removeprefix("+")
    left = figures_left(hidden(texts, "zh_Hans"))
    pieces = {number[start : start + 5] for start in range(len(number) - 4)}
    assert not [piece for piece in pieces if piece in left], (texts, left)


@given(st.data(), CUED)
def test_a_number_that_is_called_one_is_hidden_with_any_gaps_in_one_text_or_two(
    data: st.DataObject, said: tuple[str, str]
) -> None:
    cue, number = said
    groups: list[str] = []
    rest = number
    while rest:
        size = data.draw(st.integers(1, len(rest)))
        groups, rest = [*groups, rest[:size]], rest[size:]
    assert_nothing_is_left(number, in_texts(data, "桥裂了。" + cue, written(data, groups), "。请快来"))


@given(st.data(), MOBILES, st.sampled_from([(3, 4, 4), (4, 3, 4), (4, 4, 3), (3, 8), (7, 4), (3, 3, 5), (5, 6), (11,)]))
def test_a_mobile_is_hidden_by_its_groups_alone_with_any_gaps(
    data: st.DataObject, number: str, sizes: tuple[int, ...]
) -> None:
    ends = [sum(sizes[: count + 1]) for count in range(len(sizes))]
    groups = [number[end - size : end] for size, end in zip(sizes, ends, strict=True)]
    assume(not all(group.endswith("0") for group in groups))  # those may be amounts
    assert_nothing_is_left(number, in_texts(data, "", written(data, groups), ""))


@given(st.data(), MOBILES, st.sampled_from([(3, 4, 4), (3, 8), (7, 4)]))
def test_what_was_hidden_once_is_hidden_in_every_other_form(
    data: st.DataObject, number: str, sizes: tuple[int, ...]
) -> None:
    groups = [number[: sizes[0]], number[sizes[0] :]]
    repeats = in_texts(data, "桥还没修,", written(data, groups), "上找我")
    assert_nothing_is_left(number, [f"电话{number}", *repeats])


@pytest.mark.parametrize(
    ("texts", "shown"),
    [
        (["我叫", "李秀英", "李 秀英说的"], ["我叫", "▇姓名▇", "▇姓名▇说的"]),
        (["我叫李", "秀英", "找李", "秀英就行"], ["我叫▇姓名▇", "▇姓名▇", "找▇姓名▇", "▇姓名▇就行"]),
        (["卡号10222", "95717075779145"], ["卡号▇银行卡号▇", "▇银行卡号▇"]),
        (["1380013", "", "8000"], ["▇手机号▇", "", "▇手机号▇"]),
        (["138", "0013", "8000"], ["▇手机号▇"] * 3),
        (["电话1380013", "8000,桥裂了"], ["电话▇手机号▇", "▇手机号▇,桥裂了"]),
        (["打+852 9123 4567或00853 6612 3456"], ["打▇手机号▇或▇手机号▇"]),
        (["+1 (212) 555-0199"], ["▇手机号▇"]),
        (["手机852-91234567"], ["手机▇电话号码▇"]),
        (["补了1380013", "元,还差8000元"], ["补了1380013", "元,还差8000元"]),
        (["3月15号停水", "4月16号又停"], ["3月15号停水", "4月16号又停"]),
    ],
)
def test_what_one_person_says_goes_on_from_one_text_into_the_next(texts: list[str], shown: list[str]) -> None:
    assert hidden(texts, "zh_Hans") == shown


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("打\u202e00083100831\u202c谢谢", "打▇手机号▇谢谢"),
        ("\u202e00083100831\n桥裂了", "▇手机号▇\n桥裂了"),
        ("\u2067桥\u2069裂\u200f了\u202a", "桥裂了"),
    ],
)
def test_what_turns_the_direction_of_a_text_hides_nothing_and_is_not_shown(written: str, shown: str) -> None:
    assert hidden([written], "zh_Hans") == [shown]
    assert not set(without_receipts([written], "zh_Hans")[0]) & set("\u202e\u202c\u2067\u2069\u200f\u202a")


def test_what_different_people_say_does_not_go_on() -> None:
    assert hidden(["1380013", "8000"], "zh_Hans", ["a", "b"]) == ["1380013", "8000"]
    assert hidden(["1380013", "几点?", "8000"], "zh_Hans", ["a", "b", "a"]) == ["▇手机号▇", "几点?", "▇手机号▇"]


def test_a_number_told_with_its_country_is_known_without_it() -> None:
    known = traces_in(["电话+86 138 0013", "8000"])
    assert without("打l38OO138OOO核实", known, "zh_Hans") == "打▇手机号▇核实"
