import io
import re
from collections.abc import Callable
from xml.etree import ElementTree

import pypdfium2
import pytest
import zxingcpp
from fpdf import FPDF
from PIL import Image, ImageDraw, ImageFilter, ImageOps

from qr.code import QUIET_ZONE, bars, modules, png, svg, terminal

LINK = "https://t.me/qinghe_xuncha_bot?start=pk7Qm2xP924DITSrpw3RH"
PAGE = "https://xuncha.qinghe.example.gov.cn/r/pk7Qm2xP924DITSrpw3RH"
LONG_PAGE = "https://xuncha-gongkai.shuangjiang.example.gov.cn/r/pk7Qm2xP924DITSrpw3RH"


def scanned(picture: Image.Image) -> list[str]:
    return [code.text for code in zxingcpp.read_barcodes(picture)]


def opened(picture: bytes) -> Image.Image:
    return Image.open(io.BytesIO(picture)).convert("L")


@pytest.mark.parametrize("box", [2, 3, 10, 40])
def test_a_phone_reads_the_link_from_the_picture(box: int) -> None:
    assert scanned(opened(png(LINK, box))) == [LINK]


@pytest.mark.parametrize("length", [1, 60, 400])
def test_links_of_any_length_are_read(length: int) -> None:
    link = "https://t.me/" + "x" * length
    assert scanned(opened(png(link))) == [link]


def test_the_picture_has_four_light_modules_around_it() -> None:
    picture = opened(png(LINK, box=5))
    left, top, right, bottom = ImageOps.invert(picture).getbbox() or (0, 0, 0, 0)
    assert (left, top, picture.width - right, picture.height - bottom) == (QUIET_ZONE * 5,) * 4


def stained(picture: Image.Image) -> Image.Image:
    width, height = picture.size
    ImageDraw.Draw(picture).ellipse((width * 0.45, height * 0.5, width * 0.63, height * 0.68), fill=40)
    return picture


def torn_at_the_corner(picture: Image.Image) -> Image.Image:
    width, height = picture.size
    ImageDraw.Draw(picture).polygon(((width, height * 0.8), (width, height), (width * 0.8, height)), fill=255)
    return picture


def hung_askew(picture: Image.Image) -> Image.Image:
    return picture.rotate(17, fillcolor=255, expand=True)


def out_of_focus(picture: Image.Image) -> Image.Image:
    return picture.filter(ImageFilter.GaussianBlur(4))


def faded(picture: Image.Image) -> Image.Image:
    return picture.point([150 + value // 4 for value in range(256)])


def seen_from_the_side(picture: Image.Image) -> Image.Image:
    width, height = picture.size
    corners = (-0.05 * width, -0.2 * height, 0, height, width, height, 1.05 * width, -0.1 * height)
    return picture.transform(picture.size, Image.Transform.QUAD, corners, Image.Resampling.BICUBIC, fillcolor=255)


@pytest.mark.parametrize("link", [LINK, PAGE, LONG_PAGE], ids=["bot", "page", "long page"])
@pytest.mark.parametrize("damage", [stained, torn_at_the_corner, hung_askew, out_of_focus, faded, seen_from_the_side])
def test_a_damaged_code_is_still_read(damage: Callable[[Image.Image], Image.Image], link: str) -> None:
    assert scanned(damage(opened(png(link)))) == [link]


def test_the_bars_cover_exactly_the_dark_modules() -> None:
    rows = modules(LINK)
    covered = {(column, y) for x, y, width in bars(rows) for column in range(x, x + width)}
    assert covered == {(x, y) for y, row in enumerate(rows) for x, dark in enumerate(row) if dark}


def test_a_phone_reads_the_link_from_the_svg() -> None:
    page = FPDF(unit="mm", format=(60, 60))
    page.add_page()
    page.image(io.BytesIO(svg(LINK)), 5, 5, 50, 50)
    document = pypdfium2.PdfDocument(bytes(page.output()))
    assert scanned(document[0].render(scale=4).to_pil()) == [LINK]
    document.close()


def test_the_svg_brings_its_own_light_ground() -> None:
    ground = ElementTree.fromstring(svg(LINK))[0]
    assert ground.get("fill") == "#fff"


def drawn(text: str) -> Image.Image:
    """Paints what a terminal shows, two pixels a character cell, and checks that no default colour shows."""
    lines = text.splitlines()
    shown = []
    for line in lines:
        cells = re.fullmatch("\x1b\\[38;5;16;48;5;231m([ ▀▄█]+)\x1b\\[0m", line)
        assert cells is not None
        shown.append(cells[1])
    picture = Image.new("L", (len(shown[0]), 2 * len(shown)), 255)
    for y, cells_of_line in enumerate(shown):
        for x, cell in enumerate(cells_of_line):
            picture.putpixel((x, 2 * y), 0 if cell in "▀█" else 255)
            picture.putpixel((x, 2 * y + 1), 0 if cell in "▄█" else 255)
    return picture.resize((picture.width * 6, picture.height * 6), Image.Resampling.NEAREST)


def test_a_phone_reads_the_link_from_any_terminal() -> None:
    assert scanned(drawn(terminal(LINK))) == [LINK]
