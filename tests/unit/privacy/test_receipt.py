import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacy.receipt import (
    MistypedCode,
    MistypeKind,
    Receipt,
    Script,
    digest,
    new_receipt,
    read_receipt,
    word_list,
)
from privacy.receipt_search import meant_as_code, receipt_within

drawn = st.binary(min_size=10, max_size=10)
scripts = st.sampled_from(Script)


def receipt_from(drawn_bytes: bytes) -> Receipt:
    return new_receipt(lambda size: drawn_bytes[:size])


def some_receipts(count: int) -> list[Receipt]:
    draw = random.Random(20261012)
    return [new_receipt(draw.randbytes) for _ in range(count)]


@given(drawn, scripts)
def test_what_is_shown_can_be_read(drawn_bytes: bytes, script: Script) -> None:
    receipt = receipt_from(drawn_bytes)
    assert read_receipt(receipt.text(script)) == receipt


@given(drawn, st.data())
def test_it_may_be_typed_with_any_spaces_and_punctuation(drawn_bytes: bytes, data: st.DataObject) -> None:
    receipt = receipt_from(drawn_bytes)
    gaps = st.sampled_from(["", " ", "\n", " ", ",", "。", "-", "·", "\t", "、", "“", "”", "\r\n"])
    typed = "".join(word + data.draw(gaps) for word in receipt.words(Script.SIMPLIFIED))
    assert read_receipt(typed) == receipt


@given(drawn, st.lists(st.booleans(), min_size=8, max_size=8))
def test_simplified_and_traditional_may_be_mixed(drawn_bytes: bytes, which: list[bool]) -> None:
    receipt = receipt_from(drawn_bytes)
    pairs = zip(receipt.words(Script.SIMPLIFIED), receipt.words(Script.TRADITIONAL), which, strict=True)
    assert read_receipt("".join(pair[chosen] for *pair, chosen in pairs)) == receipt


@given(drawn)
def test_english_may_be_typed_in_any_case_width_and_with_any_joints(drawn_bytes: bytes) -> None:
    receipt = receipt_from(drawn_bytes)
    words = receipt.words(Script.ENGLISH)
    full_width = "".join(chr(ord(letter) + 0xFEE0) for letter in words[0])
    for typed in (
        " ".join(words).upper(),
        ", ".join(words) + ".",
        "\n".join(word.title() for word in words),
        "-".join([full_width, *words[1:]]),
    ):
        assert read_receipt(typed) == receipt


@pytest.mark.parametrize(
    "typed",
    [
        "回执码:{hans}",
        "我的回执码是“{hans}”。",
        "您的回执码:\n{hans}",
        "回執碼:{hant}",
        "这是我的回执码 {hant}",
        "Receipt code: {en}",
        "my receipt code is {en}",
        "RECEIPT {en}",
        "「{hant}」",
        "'{en}'",
    ],
)
def test_words_in_front_and_quotes_do_not_matter(typed: str) -> None:
    for receipt in some_receipts(20):
        texts = {
            "hans": receipt.text(Script.SIMPLIFIED),
            "hant": receipt.text(Script.TRADITIONAL),
            "en": receipt.text(Script.ENGLISH),
        }
        assert read_receipt(typed.format(**texts)) == receipt


def test_a_whole_message_that_was_copied_is_read_by_its_line() -> None:
    [receipt] = some_receipts(1)
    copied = f"已收到您反映的问题。\n您的回执码是:\n{receipt.text(Script.SIMPLIFIED)}\n请抄在纸上,不要给别人看。"
    assert read_receipt(copied) == receipt


@pytest.mark.parametrize(
    "sentence",
    [
        "你好，我的码是 {hans} ，请问办得怎么样了",
        "上次给我的回执码是{hant}，帮我查一下",
        "请看（{hans}）谢谢",
        "Hello, my code is {en}, any news?",
    ],
)
def test_a_code_as_it_is_printed_is_found_within_a_sentence(sentence: str) -> None:
    for receipt in some_receipts(20):
        texts = {
            "hans": receipt.text(Script.SIMPLIFIED),
            "hant": receipt.text(Script.TRADITIONAL),
            "en": receipt.text(Script.ENGLISH),
        }
        assert receipt_within(sentence.format(**texts)) == receipt
        unspaced = {name: text.replace(" ", "") for name, text in texts.items()}
        assert receipt_within(sentence.format(**unspaced)) == receipt


def test_a_sentence_without_a_code_holds_none() -> None:
    assert receipt_within("村口的路灯坏了三个月，一直没有人来修，请你们来看一看。") is None


def test_a_line_counts_only_when_its_check_holds() -> None:
    [receipt] = some_receipts(1)
    words = receipt.words(Script.SIMPLIFIED)
    changed = "".join([words[1], words[0], *words[2:]])
    assert read_receipt(f"村口的路灯坏了三个月,一直没有人来修。\n{changed}\n请你们来看一看。") is None


def test_a_long_complaint_around_a_code_is_read_by_its_line_too() -> None:
    [receipt] = some_receipts(1)
    told = "村口的路灯坏了三个月,一直没有人来修。" * 100
    assert read_receipt(f"{told}\n{receipt.text(Script.TRADITIONAL)}\n{told}") == receipt


def test_the_text_is_two_groups_of_four_characters_or_eight_joined_words() -> None:
    [receipt] = some_receipts(1)
    assert re.fullmatch(r"[一-鿿]{4} [一-鿿]{4}", receipt.text(Script.SIMPLIFIED))
    assert re.fullmatch(r"[一-鿿]{4} [一-鿿]{4}", receipt.text(Script.TRADITIONAL))
    assert re.fullmatch(r"[a-z]+(-[a-z]+){7}", receipt.text(Script.ENGLISH))


@pytest.mark.parametrize(
    "sentence",
    [
        "",
        "  ",
        "你好",
        "回执码",
        "我的回执码丢了怎么办",
        "回执码在哪里可以看到",
        "路灯坏了三个月没有人修",
        "我们村的路灯不亮",
        "村会计的小舅子吃低保",
        "13800000000",
        "The street lamp has been dark for three weeks",
        "I lost my receipt code, what can I do?",
        "receipt",
        "👍👍👍👍👍👍👍👍",
    ],
)
def test_an_ordinary_message_is_no_receipt_code(sentence: str) -> None:
    assert read_receipt(sentence) is None


@given(st.text(max_size=60))
def test_any_text_is_read_without_an_error(text: str) -> None:
    assert read_receipt(text) is None or isinstance(read_receipt(text), (Receipt, MistypedCode))


def test_one_wrong_word_is_noticed_nearly_always() -> None:
    slips = wrong = 0
    draw = random.Random(7)
    for receipt in some_receipts(3000):
        script = draw.choice(list(Script))
        words = receipt.words(script)
        position = draw.randrange(8)
        replacement = draw.choice(word_list(script))
        if replacement != words[position]:
            wrong += 1
            words[position] = replacement
            slips += read_receipt(" ".join(words)) == MistypedCode(MistypeKind.CHECK_FAILS)
    # 8 check bits miss one in 256: about 12 of 3,000, and 30 would be five standard deviations too many.
    assert wrong - slips < 30


def test_two_words_that_changed_places_are_noticed_nearly_always() -> None:
    draw = random.Random(8)
    missed = 0
    for receipt in some_receipts(3000):
        words = receipt.words(Script.SIMPLIFIED)
        first, second = draw.sample(range(8), 2)
        words[first], words[second] = words[second], words[first]
        missed += words != receipt.words(Script.SIMPLIFIED) and isinstance(read_receipt("".join(words)), Receipt)
    assert missed < 30


def test_a_slip_says_which_word_does_not_exist_and_suggests_none() -> None:
    [receipt] = some_receipts(1)
    words = receipt.words(Script.SIMPLIFIED)
    assert read_receipt("".join([*words[:4], "鬼", *words[5:]])) == MistypedCode(MistypeKind.UNKNOWN_WORD, position=5)
    english = receipt.words(Script.ENGLISH)
    assert read_receipt("-".join(["xyzzy", *english[1:]])) == MistypedCode(MistypeKind.UNKNOWN_WORD, position=1)


@pytest.mark.parametrize("script", list(Script))
def test_seven_or_nine_words_are_a_slip(script: Script) -> None:
    [receipt] = some_receipts(1)
    words = receipt.words(script)
    assert read_receipt(" ".join(words[:7])) == MistypedCode(MistypeKind.TOO_FEW)
    assert read_receipt(" ".join([*words, words[0]])) == MistypedCode(MistypeKind.TOO_MANY)
    assert read_receipt(" ".join(words[:6])) is None
    assert read_receipt(" ".join([*words, *words[:2]])) is None


def test_who_says_that_it_is_a_code_is_believed_with_more_slips() -> None:
    [receipt] = some_receipts(1)
    words = receipt.words(Script.SIMPLIFIED)
    assert read_receipt("回执码:" + "".join(words[:6])) == MistypedCode(MistypeKind.TOO_FEW)
    assert read_receipt("回执码:鬼鬼" + "".join(words[2:])) == MistypedCode(MistypeKind.UNKNOWN_WORD, position=1)
    assert read_receipt("鬼鬼" + "".join(words[2:])) is None


@pytest.mark.parametrize("script", list(Script))
@pytest.mark.parametrize("sentence", ["{}", "我的回执码是{},麻烦快点", "请看 {} ,谢谢", "路坏了\n{}\n快点"])
def test_what_was_meant_as_a_code_is_found_whole_or_with_a_word_gone_wrong(script: Script, sentence: str) -> None:
    [receipt] = some_receipts(1)
    code = receipt.text(script)
    first, *others = receipt.words(script)
    unknown = "鬼" if script is not Script.ENGLISH else "xyzzy"
    assert meant_as_code(sentence.format(code)) == receipt
    assert meant_as_code(f"我的回执码是{code}麻烦快点") == receipt
    assert isinstance(meant_as_code(sentence.format(code.replace(first, unknown, 1))), MistypedCode)
    assert isinstance(meant_as_code(sentence.format(code.replace(others[0], others[1], 1))), MistypedCode)


@pytest.mark.parametrize("text", ["桥头岭村的路坏了", "桥面开裂 无人修理", "我的回执码丢了怎么办", "路灯不亮 没人来管"])
def test_what_was_not_meant_as_a_code_is_none(text: str) -> None:
    assert meant_as_code(text) is None


@given(drawn)
def test_neither_repr_nor_str_shows_the_words(drawn_bytes: bytes) -> None:
    receipt = receipt_from(drawn_bytes)
    assert repr(receipt) == str(receipt) == "Receipt()"


def test_the_random_source_gives_eighty_bits() -> None:
    asked: list[int] = []

    def source(size: int) -> bytes:
        asked.append(size)
        return bytes(size)

    new_receipt(source)
    assert asked == [10]
    assert len({tuple(new_receipt().words(Script.ENGLISH)) for _ in range(50)}) == 50


def test_the_digest_depends_on_the_code_and_on_the_secret() -> None:
    one, other = some_receipts(2)
    assert digest(one, b"s" * 32) == digest(one, b"s" * 32)
    assert len({digest(one, b"s" * 32), digest(other, b"s" * 32), digest(one, b"t" * 32)}) == 3
    assert re.fullmatch(r"[0-9a-f]{64}", digest(one, b"s" * 32))


def test_codes_that_were_handed_out_stay_readable() -> None:
    # Changing a list, its order or the check would take every reporter's way back: these must not move.
    receipt = receipt_from(bytes(range(11, 21)))
    assert digest(receipt, b"k" * 32) == "6649e5d2f0fc0d87d328830dd3d547b0d24136548fe8e11200d873a18b26df3b"
    assert [receipt.text(script) for script in Script] == [
        "依攻巴即 业烘徐用",
        "依攻巴即 業烘徐用",
        "arch-gather-drum-bullet-absurd-math-era-neutral",
    ]
