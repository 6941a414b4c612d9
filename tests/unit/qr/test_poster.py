import io
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date

import pypdfium2
import pytest
import zxingcpp
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from PIL import Image

from qr import poster as layout
from qr.code import modules
from qr.link import site
from qr.pages import Colour
from qr.poster import CODE, MissingGlyph, Poster, TextTooLong, poster_png, posters_pdf
from qr.poster_words import ZH_HANS

A4 = (210 * 72 / 25.4, 297 * 72 / 25.4)

POSTER = Poster(
    county="清禾县",
    round_title="十四届清禾县委第六轮巡察",
    theme="一轮一系统:城乡基础设施和自然资源",
    village="上竹坞村",
    team="县委第一巡察组",
    accepts="反映被巡察党组织领导班子及其成员、村“两委”成员和重要岗位人员违反六项纪律的问题;"
    "群众身边的不正之风和急难愁盼问题",
    not_accepted="涉法涉诉、已进入司法或仲裁程序的事项,个人民事纠纷:告知渠道并转有关部门",
    phone="0000-0000000(示例)",
    phone_hours="工作日8:00-12:00,14:30-17:30",
    mailbox="清禾县000信箱(示例)",
    intake_from=date(2026, 10, 12),
    intake_until=date(2026, 12, 4),
    link="https://t.me/qinghe_xuncha_bot?start=pk7Qm2xP924DITSrpw3RH",
    serial="k7Qm2xP9",
    office="中共清禾县委巡察工作领导小组办公室",
)

LONG = replace(
    POSTER,
    county="双江拉祜族佤族布朗族傣族自治县",
    round_title="中共十四届双江拉祜族佤族布朗族傣族自治县委第十二轮巡察",
    theme="一轮一系统:乡村振兴、农村集体“三资”管理与惠民惠农财政补贴资金",
    village="勐勐镇大保管区毛栈新村民委员会加章村民小组",
    team="双江自治县委第十二交叉巡察组",
    accepts=POSTER.accepts + POSTER.accepts,
    not_accepted=POSTER.not_accepted * 3,
    phone="0000-00000000、00000000000",
    phone_hours="周一至周五8:00-12:00,14:30-17:30,周末及节假日9:00-17:00",
    mailbox="双江拉祜族佤族布朗族傣族自治县勐勐镇公园路000号信箱",
    intake_until=date(2027, 1, 15),
    link="https://t.me/shuangjiang_xuncha_gongkai_2_bot?start=pk7Qm2xP924DITSrpw3RH",
    office="中共双江拉祜族佤族布朗族傣族自治县委巡察工作领导小组办公室",
)

SHORT = replace(POSTER, village="塘村", team="一组", round_title="第六轮", theme="", accepts="问题", office="办")

TOKEN = POSTER.link.rpartition("=")[2]
ON_PAGE = replace(POSTER, link=f"https://xuncha.qinghe.example.org/r/{TOKEN}")
ON_BOTH = replace(ON_PAGE, bot="qinghe_xuncha_bot")
LONG_ON_BOTH = replace(
    LONG,
    link=f"https://xuncha-gongkai.shuangjiang.example.gov.cn/r/{TOKEN}",
    bot="shuangjiang_xuncha_gongkai_2_bot",
)

any_length = pytest.mark.parametrize(
    "poster",
    [POSTER, LONG, SHORT, ON_PAGE, ON_BOTH, LONG_ON_BOTH],
    ids=["usual", "long", "short", "page", "page and bot", "long page and bot"],
)


@contextmanager
def opened(pdf: bytes) -> Iterator[pypdfium2.PdfDocument]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        yield document
    finally:
        document.close()


def printed_text(poster: Poster) -> str:
    with opened(posters_pdf([poster])) as document:
        return str(document[0].get_textpage().get_text_range())


def pictured(poster: Poster, dpi: int) -> Image.Image:
    return Image.open(io.BytesIO(poster_png(poster, dpi=dpi))).convert("RGB")


@any_length
def test_a_phone_reads_the_code_from_the_page_at_100_dpi(poster: Poster) -> None:
    assert [code.text for code in zxingcpp.read_barcodes(pictured(poster, 100))] == [poster.link]


def test_a_phone_reads_the_code_from_a_black_and_white_photocopy() -> None:
    copy = pictured(POSTER, 100).convert("L").point([0 if value < 128 else 255 for value in range(256)])
    assert [code.text for code in zxingcpp.read_barcodes(copy)] == [POSTER.link]


@any_length
def test_the_code_is_at_least_85_mm_wide_with_light_paper_around_it(poster: Poster) -> None:
    picture = pictured(poster, 254)  # ten pixels a millimetre
    position = zxingcpp.read_barcodes(picture)[0].position
    left, top = position.top_left.x, position.top_left.y
    right, bottom = position.bottom_right.x, position.bottom_right.y
    assert min(right - left, bottom - top) >= 850
    quiet = 4 * (right - left) // len(modules(poster.link))
    grey = picture.convert("L")
    for strip in (
        (left - quiet, top - quiet, right + quiet, top - 3),
        (left - quiet, bottom + 4, right + quiet, bottom + quiet),
        (left - quiet, top, left - 3, bottom),
        (right + 4, top, right + quiet, bottom),
    ):
        assert sum(grey.crop(strip).histogram()[:240]) == 0


def test_the_page_tells_what_a_villager_needs() -> None:
    text = printed_text(POSTER).replace("\r\n", "")
    for told in (
        "十四届清禾县委第六轮巡察",
        "上竹坞村",
        "县委第一巡察组",
        "0000-0000000",
        "工作日8:00-12:00,14:30-17:30",
        "清禾县000信箱",
        "2026年10月12日至12月4日",
        "违反六项纪律的问题",
        "个人民事纠纷",
        "k7Qm2xP9",
        "@qinghe_xuncha_bot",
        "中共清禾县委巡察工作领导小组办公室",
        *(step.short for step in ZH_HANS.steps),
        *(promise.short for promise in ZH_HANS.promises),
    ):
        assert told in text


@pytest.mark.parametrize("poster", [ON_PAGE, ON_BOTH, LONG_ON_BOTH], ids=["page", "page and bot", "long"])
def test_where_the_code_leads_to_a_page_no_chat_is_needed_and_none_is_told_of(poster: Poster) -> None:
    text = printed_text(poster).replace("\r\n", "")
    assert "不用装软件" in text
    assert f"认准 {site(poster.link)}" in text
    assert "聊天" not in text
    assert "点“开始”" not in text
    if not poster.bot:
        assert "telegram" not in text.lower()
        assert "@" not in text


def test_a_bot_besides_the_page_is_told_by_its_name_in_one_small_line() -> None:
    text = printed_text(ON_BOTH)
    assert text.lower().count("telegram") == 1
    assert "用 Telegram 的，认准 @qinghe_xuncha_bot" in text


def test_a_longer_address_keeps_modules_of_two_millimetres() -> None:
    onion = "http://" + "a" * 56 + f".onion/r/{TOKEN}"
    assert CODE / len(modules(onion)) >= 2
    assert CODE / len(modules(ON_BOTH.link)) >= 2.6  # no denser than the bot's link was


def test_every_poster_has_an_a4_page_of_its_own() -> None:
    villages = ["上竹坞村", "桥头岭村", "麻石坑村"]
    with opened(posters_pdf(replace(POSTER, village=village) for village in villages)) as document:
        assert [document.get_page_size(number) for number in range(len(document))] == [pytest.approx(A4, abs=0.1)] * 3
        assert [
            v for v, p in zip(villages, document, strict=True) if v in p.get_textpage().get_text_range()
        ] == villages


def test_a_whole_county_stays_a_small_file() -> None:
    assert len(posters_pdf([POSTER] * 60)) < 600_000


def team_messages_of(poster: Poster) -> list[tuple[float, float, float, float]]:
    """Returns the ink of every line of text as (left, bottom, right, top) in millimetres."""
    with opened(posters_pdf([poster])) as document:
        text = document[0].get_textpage()
        rectangles = [text.get_rect(number) for number in range(text.count_rects())]
    return [tuple(side * 25.4 / 72 for side in rectangle) for rectangle in rectangles]


def assert_nothing_collides(poster: Poster) -> None:
    lines = team_messages_of(poster)
    for left, bottom, right, top in lines:
        assert left >= 13
        assert right <= 197
        assert bottom >= 4.5
        assert top <= 292.5
    for number, (left, bottom, right, top) in enumerate(lines):
        for other_left, other_bottom, other_right, other_top in lines[number + 1 :]:
            beside = right <= other_left + 0.1 or other_right <= left + 0.1
            above = top <= other_bottom + 0.1 or other_top <= bottom + 0.1
            assert beside or above


@any_length
def test_no_text_leaves_the_margins_or_touches_another(poster: Poster) -> None:
    assert_nothing_collides(poster)


@settings(max_examples=12, phases=[Phase.explicit, Phase.generate])  # a page is too slow to shrink
@given(st.data())
def test_texts_of_any_length_collide_with_nothing_or_are_refused(data: st.DataObject) -> None:
    def text(most: int) -> str:
        return data.draw(st.text("巡察组上竹坞村\uff0c、“”8:-a ", min_size=1, max_size=most))

    poster = replace(
        POSTER,
        round_title=text(40),
        theme=text(60),
        village=text(40),
        team=text(20),
        accepts=text(180),
        not_accepted=text(180),
        phone=text(50),
        phone_hours=text(90),
        mailbox=text(80),
        office=text(45),
    )
    with suppress(TextTooLong):
        assert_nothing_collides(poster)


@pytest.mark.parametrize("village", ["𬒈石村", "塔㙍村", "㳇滩村", "臺頭營村"])
def test_villages_with_rare_or_traditional_characters_are_printed(village: str) -> None:
    assert village in printed_text(replace(POSTER, village=village))


@pytest.mark.parametrize("field", ["round_title", "village", "team", "accepts", "mailbox", "office", "serial"])
def test_a_character_that_cannot_be_printed_is_refused_by_name(field: str) -> None:
    fields = {field: "村\U00030edd"}
    with pytest.raises(MissingGlyph, match=r"“\U00030edd” \(U\+30EDD\) in “.*村"):
        posters_pdf([replace(POSTER, **fields)])  # type: ignore[arg-type]


def test_a_text_too_long_to_be_read_is_refused_by_name() -> None:
    with pytest.raises(TextTooLong, match="shorten it: “村村村"):
        posters_pdf([replace(POSTER, accepts="村" * 400)])


def test_an_empty_round_has_no_file() -> None:
    with pytest.raises(ValueError, match="no poster to print"):
        posters_pdf([])


def test_the_picture_shows_the_page_at_the_asked_resolution() -> None:
    picture = Image.open(io.BytesIO(poster_png(POSTER, dpi=72)))
    assert picture.format == "PNG"
    assert picture.size == (596, 842)


def luminance(colour: Colour) -> float:
    linear = [
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4
        for part in (colour.red / 255, colour.green / 255, colour.blue / 255)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        (layout.WHITE, layout.RED),
        (layout.PALE_GOLD, layout.RED),
        (layout.PALE_GOLD, layout.DEEP_RED),
        (layout.RED, layout.WHITE),
        (layout.RED, layout.PAPER),
        (layout.INK, layout.PAPER),
        (layout.GREY, layout.PAPER),
    ],
)
def test_text_stands_out_from_its_ground_for_weak_eyes(text: Colour, ground: Colour) -> None:
    darker, lighter = sorted((luminance(text), luminance(ground)))
    assert (lighter + 0.05) / (darker + 0.05) >= 6


def test_the_year_is_told_twice_only_when_it_changes() -> None:
    assert ZH_HANS.intake_dates(date(2026, 10, 12), date(2026, 12, 4)) == "2026年10月12日至12月4日"
    assert ZH_HANS.intake_dates(date(2026, 10, 12), date(2027, 1, 15)) == "2026年10月12日至2027年1月15日"


def test_a_poster_says_that_one_can_type_speak_and_take_pictures() -> None:
    printed = "".join(printed_text(POSTER).split())
    assert "打字、说话、拍照都行" in printed
