"""A receipt code is found however it was written, and hardly ever where there is none."""

import json
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from opencc import OpenCC

from privacy import receipt_search
from privacy.receipt import (
    WORDS,
    MistypedCode,
    Receipt,
    Script,
    new_receipt,
    numbers_by_word,
    read_receipt,
    receipt_of,
    word_list,
)
from privacy.receipt_search import FoundCode, codes_in, is_nearly_alone, meant_as_code, receipt_within
from privacy.traces import find_codes
from services.cases.masking import hidden, without_receipts
from tests.journey import SAID
from tests.tracing import count_events

RECEIPTS = st.binary(min_size=10, max_size=10).map(lambda drawn: new_receipt(lambda _: drawn))
SCRIPTS = st.sampled_from(Script)
SEPARATORS = st.sampled_from(
    [
        *(
            "",
            " ",
            "\u3000",
            ".",
            "。",
            ",",
            "，",
            "、",
            "-",
            "·",
            "/",
            "\n",
            "\t",
            "…",
            "*",
            "+",
            "1",
            " 2. ",
            "\u200b",
        ),
        *("\u202e", "\u2800", "\u3164", "🙂", "👨\u200d👩", "¥", "%", "ㄅ", "あ", "⃝", " | ", "（", "\r\n\r\n", ">>"),
    ]
)
AROUND = st.sampled_from(
    ["", "我的", "怎么还没答复", "桥裂了，", "。请看", "my code is", "thanks", " 2026年", "回执码：", "谢谢"]
)
CONVERTERS = {name: OpenCC(name) for name in ("s2t", "s2tw", "s2hk", "t2s", "tw2s", "hk2s", "t2tw", "t2hk")}
OTHER_TEXT = st.sampled_from(["的", "了是", "和", "x", "呢，", "我的", "一二"])
INTAKE = Path(__file__).parents[2] / "intake"


def assert_hidden(receipt: Receipt, texts: Sequence[str]) -> None:
    """See that a code is found in texts that go on from one another, and gone from what staff are shown."""
    assert receipt in [found for found, _ in find_codes(texts)], texts
    assert meant_as_code("\n".join(texts)) is not None  # so that it answers no question of the staff's work
    for shown in (hidden(texts, "zh_Hans"), without_receipts(texts, "zh_Hans")):
        assert any("▇回执码▇" in text for text in shown), texts
        assert receipt not in [found for found, _ in find_codes(shown)], shown


def in_messages(data: st.DataObject, text: str) -> list[str]:
    """Return a text as it is, or broken into two messages or a message for each line."""
    broken = data.draw(st.integers(0, len(text)))
    return data.draw(st.sampled_from([[text], [text[:broken], text[broken:]], text.split("\n")]))


def between_words(data: st.DataObject, text: str) -> list[str]:
    """Return a text as it is, or broken into two messages where it has a comma."""
    return data.draw(st.sampled_from([[text], text.split("，", 1)]))


@given(st.data(), RECEIPTS, SCRIPTS, AROUND, AROUND)
def test_a_code_with_anything_between_its_words_is_hidden(
    data: st.DataObject, receipt: Receipt, script: Script, before: str, behind: str
) -> None:
    text = before + "".join(word + data.draw(SEPARATORS) for word in receipt.words(script)) + behind
    assert_hidden(receipt, in_messages(data, text))


@given(st.data(), RECEIPTS, AROUND)
def test_a_code_in_mixed_scripts_is_hidden(data: st.DataObject, receipt: Receipt, around: str) -> None:
    written = [data.draw(st.sampled_from(forms)) for forms in zip(*map(receipt.words, Script), strict=True)]
    separator = data.draw(st.sampled_from([" ", "-", ", ", "\n"]))
    assert_hidden(receipt, in_messages(data, around + " " + separator.join(written) + " "))


@given(RECEIPTS, SCRIPTS, st.sampled_from(["", "\u202e", "请看"]))
def test_a_code_written_from_behind_is_hidden(receipt: Receipt, script: Script, before: str) -> None:
    assert_hidden(receipt, [before + receipt.text(script)[::-1]])
    assert_hidden(receipt, [before + " ".join(receipt.words(script)[::-1])])


@given(RECEIPTS, SCRIPTS, st.integers(1, 3), OTHER_TEXT)
def test_a_code_with_other_words_between_its_own_is_hidden(
    receipt: Receipt, script: Script, count: int, other: str
) -> None:
    words = receipt.words(script)
    if script is Script.ENGLISH and other.isascii():
        other = f" {other} "
    assume(len(other) * count <= 3)
    assert_hidden(receipt, [(other * count).join(words)])


def test_a_code_in_which_a_counting_word_is_one_of_its_own_is_hidden() -> None:
    first = word_list(Script.SIMPLIFIED).index("词") << 69  # the first eleven of eighty bits
    receipt = new_receipt(lambda count: first.to_bytes(count, "big"))
    assert receipt.words(Script.SIMPLIFIED)[0] == "词"
    for counted in ("第{}个{}", "第{}个字是{}，", "第{}个字：{}。"):
        words = zip("一二三四五六七八", receipt.words(Script.SIMPLIFIED), strict=True)
        assert_hidden(receipt, ["".join(counted.format(*word) for word in words)])


@pytest.mark.parametrize(
    ("word", "place", "text"),
    [
        ("词", 0, "第一个{}"),
        ("字", 0, "请看第三{}"),
        ("位", 0, "第2{} 怎么样了"),
        ("第", 7, "{}一个月了，没有答复"),
        ("第", 7, "码是{}1天了，怎么样"),
    ],
)
def test_a_code_that_has_a_counting_word_next_to_what_seems_to_count_is_hidden(
    word: str, place: int, text: str
) -> None:
    drawn = (number << 64 | number % 8 for number in range(2**16))
    receipts = (new_receipt(partial(int.to_bytes, of, byteorder="big")) for of in drawn)
    receipt = next(one for one in receipts if one.words(Script.SIMPLIFIED)[place] == word)
    assert_hidden(receipt, [text.format("".join(receipt.words(Script.SIMPLIFIED)))])


@given(RECEIPTS, SCRIPTS, st.sampled_from(["第{}个字是{}，", "第{}个{}", "第{}個字{}\n"]))
def test_a_code_whose_words_are_counted_is_hidden(receipt: Receipt, script: Script, counted: str) -> None:
    words = zip("一二三四五六七八", receipt.words(script), strict=True)
    assert_hidden(receipt, ["".join(counted.format(*word) for word in words)])


@given(st.data(), RECEIPTS, SCRIPTS, st.booleans())
def test_a_code_in_two_halves_within_a_sentence_is_hidden(
    data: st.DataObject, receipt: Receipt, script: Script, last_first: bool
) -> None:
    words = receipt.words(script)
    between = "" if script is not Script.ENGLISH else "-"
    halves = [between.join(words[:4]), between.join(words[4:])]
    if last_first:
        halves.reverse()
    sentence = data.draw(
        st.sampled_from(
            [
                "前面是{}，后面的是{}，怎么还没答复",
                "我的{} 是我的码，还有 {} 呢",
                "一半：{}。在我家里的人那里是另一半：{}。",
            ]
        )
    )
    assert_hidden(receipt, between_words(data, sentence.format(*halves)))


@given(RECEIPTS, st.sampled_from(["title", "lower", "letters", "upper"]), st.sampled_from(["", "这是", "code"]))
def test_a_code_in_english_without_joints_is_hidden(receipt: Receipt, manner: str, before: str) -> None:
    words = receipt.words(Script.ENGLISH)
    text = {
        "title": "".join(word.title() for word in words),
        "lower": "".join(words),
        "letters": " ".join("".join(words)),
        "upper": "".join(words).upper(),
    }[manner]
    assert_hidden(receipt, [f"{before} {text}"])


@given(RECEIPTS)
def test_a_code_that_a_converter_took_into_the_other_script_by_its_phrases_is_read(receipt: Receipt) -> None:
    for name, converter in CONVERTERS.items():
        script = Script.SIMPLIFIED if name.startswith("s") else Script.TRADITIONAL
        assert read_receipt(converter.convert(receipt.text(script))) == receipt


@pytest.mark.parametrize("pair", ["布景", "全彩", "借助", "坐标", "家具", "想象", "项链", "背带", "宁浩", "穗帐"])
def test_a_pair_that_a_converter_takes_for_a_phrase_is_read(pair: str) -> None:
    converted = CONVERTERS["s2t"].convert(pair)
    assert all(
        set(numbers_by_word()[sign]) <= set(numbers_by_word()[other])
        for sign, other in zip(pair, converted, strict=True)
    )


@pytest.mark.parametrize(
    "sentence",
    [
        "我的回执码是：{}，谢谢",
        "回执码：{} 谢谢",
        "{}怎么还没答复",
        "my code is{}",
        "我的 {} 怎么没答复",
        "查一下{}",
        "回执码{}办得怎样了",
    ],
)
@given(RECEIPTS, SCRIPTS)
def test_a_code_with_a_few_words_around_it_is_read(sentence: str, receipt: Receipt, script: Script) -> None:
    text = sentence.format(receipt.text(script) if script is Script.ENGLISH else "".join(receipt.words(script)))
    if script is Script.ENGLISH:
        text = sentence.format(f" {receipt.text(script)} ")
    assert receipt_within(text) == receipt
    assert meant_as_code(text) == receipt
    assert is_nearly_alone(text)


def test_a_long_complaint_with_a_code_in_it_is_more_than_the_code() -> None:
    receipt = new_receipt(lambda count: bytes(range(count)))
    assert not is_nearly_alone(f"村口的路灯坏了三个月，一直没有人来修。{receipt.text(Script.SIMPLIFIED)}")
    assert not is_nearly_alone("村口的路灯坏了三个月")


@given(RECEIPTS)
def test_numbered_english_words_are_read(receipt: Receipt) -> None:
    words = receipt.words(Script.ENGLISH)
    assert receipt_within(" ".join(f"{number}. {word}" for number, word in enumerate(words, start=1))) == receipt


def test_in_what_people_write_hardly_ever_a_code_is_found() -> None:
    texts = [
        json.loads(line)["text"]
        for name in ("utterances", "further", "set_aside")
        for line in (INTAKE / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    found = [text for text in texts if find_codes([text])]
    assert not find_codes([f"{SAID}。我叫尉迟鹮羽,电话173 0091 7364,身份证530325195709234710"])
    assert len(texts) > 4000
    assert len(found) <= len(texts) / 1000, found


@pytest.mark.parametrize(
    "unit", ["依攻巴即业烘徐用", "依攻巴即，", "act ", "依的", "car", "carcargo", "第一个字", "依x", "一."]
)
def test_of_a_text_four_times_as_long_the_search_takes_four_times_the_lines(unit: str) -> None:
    def lines(size: int) -> int:
        return count_events("line", lambda: list(codes_in(unit * (size // len(unit)))))

    assert lines(1600) <= 4.5 * lines(400)


@given(st.text(max_size=200))
def test_whatever_comes_what_is_found_lies_within_the_text(text: str) -> None:
    for found in codes_in(text):
        assert 0 <= found.start < found.end <= len(text)


def test_a_code_with_a_word_wrong_is_no_code_whatever_stands_around_it() -> None:
    receipt = new_receipt(lambda count: bytes(range(count)))
    first, second, *others = receipt.words(Script.SIMPLIFIED)
    slip = "".join([second, first, *others])
    assert isinstance(meant_as_code(f"回执码:{slip}"), MistypedCode)


def spelt_plainly(letters: str) -> set[FoundCode]:
    """Return the codes that letters spell, forwards or from behind, tried in every way and at every place."""
    found = set()
    for text, is_reversed in ((letters, False), (letters[::-1], True)):
        for bounds in (bounds for start in range(len(text)) for bounds in readings_plainly(text, start, WORDS)):
            start, end = bounds[0], bounds[-1]
            if is_reversed:
                start, end = len(text) - end, len(text) - start
            numbers = [numbers_by_word()[text[first:last]] for first, last in pairwise(bounds)]
            for receipt in (receipt_of(numbers), receipt_of(numbers[::-1])):
                if receipt is not None:
                    found.add(FoundCode(start, end, receipt))
    return found


def readings_plainly(letters: str, start: int, count: int) -> Iterator[tuple[int, ...]]:
    if count == 0:
        yield (start,)
        return
    for end in range(start + 1, min(start + 9, len(letters) + 1)):
        if letters[start:end] in numbers_by_word():
            yield from ((start, *others) for others in readings_plainly(letters, end, count - 1))


ENGLISH = word_list(Script.ENGLISH)
ALIKE = [word for word in ENGLISH if any(other != word and other.startswith(word) for other in ENGLISH)]
ALIKE += [word for word in ENGLISH if any(other != word and word.startswith(other) for other in ENGLISH)]


@given(st.lists(st.one_of(st.sampled_from(ALIKE), st.sampled_from("aeqx")), max_size=12), RECEIPTS, st.booleans())
def test_letters_are_read_in_every_way_in_which_they_can_be(around: list[str], receipt: Receipt, reverse: bool) -> None:
    half = len(around) // 2
    text = "".join([*around[:half], *receipt.words(Script.ENGLISH), *around[half:]])
    text = text[::-1] if reverse else text
    spelt = spelt_plainly(text)
    assert receipt in {found.receipt for found in spelt}
    assert spelt <= set(codes_in(text))


def shuffled(words: Sequence[str], joint: str = "") -> str:
    """Return 600 words of a list in some order."""
    return joint.join(words[step * 1021 % len(words)] for step in range(600))


CHINESE = word_list(Script.SIMPLIFIED)


@pytest.mark.parametrize(
    ("text", "most"),
    [
        (shuffled(CHINESE), 2),
        (shuffled(CHINESE) + "x", 4),
        (shuffled(ENGLISH, " "), 5),
        (shuffled(ENGLISH, " ") + "的", 7),
    ],
    ids=["Chinese", "Chinese and a letter", "English", "English and a sign"],
)
def test_of_a_text_of_nothing_but_words_of_codes_each_is_tried_a_few_times(
    text: str, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = 0

    def counted(numbers: Sequence[tuple[int, ...]]) -> Receipt | None:
        nonlocal tried
        tried += 1
        return receipt_of(numbers)

    monkeypatch.setattr(receipt_search, "receipt_of", counted)
    list(codes_in(text))
    assert 0 < tried <= most * 600 + 100


def test_a_letter_costs_few_steps_in_whatever_word_it_stands() -> None:
    text = shuffled(ENGLISH)
    list(codes_in(text))  # what is read once is read
    assert count_events("opcode", lambda: list(codes_in(text))) <= 650 * len(text)
