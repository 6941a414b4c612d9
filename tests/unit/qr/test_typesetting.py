import pytest
from hypothesis import given
from hypothesis import strategies as st

from qr import fonts
from qr.typesetting import (
    MM_PER_POINT,
    MissingGlyph,
    TextBox,
    TextLayout,
    TextTooLong,
    break_lines,
    em_width,
    fit,
    full_width_marks,
)

FONT = fonts.REGULAR


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("不问姓名,不存号码", "不问姓名\uff0c不存号码"),
        ("一轮一系统:民生保障", "一轮一系统\uff1a民生保障"),
        ("村“两委”;群众", "村“两委”\uff1b群众"),
        ("信箱(示例)", "信箱\uff08示例\uff09"),
        ("0000-0000000(示例)", "0000-0000000\uff08示例\uff09"),
        ("工作日8:00-12:00,14:30-17:30", "工作日8:00-12:00,14:30-17:30"),
        ("8:00-12:00,周末休息", "8:00-12:00\uff0c周末休息"),
        ("https://t.me/bot?start=p", "https://t.me/bot?start=p"),
        ("English (and more), too: yes", "English (and more), too: yes"),
        ("已是\uff0c全角", "已是\uff0c全角"),
    ],
)
def test_marks_between_chinese_characters_are_full_width(typed: str, printed: str) -> None:
    assert full_width_marks(typed) == printed


@given(st.text("村委会,:()a1 。“”"))
def test_marks_are_widened_once_and_for_all(text: str) -> None:
    assert full_width_marks(full_width_marks(text)) == full_width_marks(text)


def test_a_line_ends_before_a_character_that_does_not_fit() -> None:
    assert break_lines("上竹坞村的乡亲们", FONT, 5) == ("上竹坞村的", "乡亲们")


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("上竹坞村民\uff0c大家好", 5, ("上竹坞村", "民\uff0c大家好")),  # no line begins with a comma
        ("上竹坞村“两委”好", 5, ("上竹坞村", "“两委”好")),  # nor ends with an opening mark
        ("请发到 Telegram 里", 5, ("请发到", "Telegram", "里")),  # a word stays whole
        ("上午8:00-12:00", 6, ("上午", "8:00-12:00")),  # and so do hours
        ("电话00000000000", 3, ("电话0", "00000", "00000")),  # unless no line could hold them
    ],
)
def test_lines_break_where_a_reader_expects_it(text: str, width: float, lines: tuple[str, ...]) -> None:
    assert break_lines(text, FONT, width) == lines


def test_a_line_feed_always_ends_a_line() -> None:
    assert break_lines("怎样做到\n不留名", FONT, 20) == ("怎样做到", "不留名")


@given(st.text("上竹坞村委会ab8:- \uff0c。“”\uff08\uff09", max_size=60), st.floats(1, 20))
def test_breaking_loses_nothing_and_never_exceeds_the_width(text: str, width: float) -> None:
    lines = break_lines(text, FONT, width)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(em_width(line, FONT) <= width + 1e-9 for line in lines)


def test_a_text_is_set_as_large_as_its_room_allows() -> None:
    box = TextBox(100, (TextLayout(1, 30, 10),))
    fitted = fit("十四届清禾县委第六轮巡察", FONT, box)
    assert fitted.lines == ("十四届清禾县委第六轮巡察",)
    assert 12 * fitted.size * MM_PER_POINT <= 100 < 12 * (fitted.size + 0.5) * MM_PER_POINT


def test_two_lines_come_only_when_one_would_be_too_small() -> None:
    box = TextBox(100, (TextLayout(1, 30, 20), TextLayout(2, 18, 10)))
    assert len(fit("十四届清禾县委第六轮巡察", FONT, box).lines) == 1
    assert len(fit("十四届清禾县委第六轮巡察工作动员大会", FONT, box).lines) == 2


def test_no_line_is_left_with_a_single_character() -> None:
    lines = fit("一二三四五六七八九十一", FONT, TextBox(10 * 10 * MM_PER_POINT, (TextLayout(2, 10, 10),))).lines
    assert lines == ("一二三四五六", "七八九十一")


def test_a_text_that_does_not_fit_is_named() -> None:
    with pytest.raises(TextTooLong, match="shorten it: “十四届”"):
        fit("十四届", FONT, TextBox(5, (TextLayout(1, 30, 10),)))


def test_a_character_without_a_glyph_is_named() -> None:
    with pytest.raises(MissingGlyph, match=r"“😀” \(U\+1F600\) in “好😀”") as refusal:
        em_width("好😀", FONT)
    assert refusal.value.character == "😀"
