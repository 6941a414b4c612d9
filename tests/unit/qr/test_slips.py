"""The slips of a poll: each with its own code, in words and as a picture, at its place on a page that is cut."""

import io

import pypdfium2
import pytest
import zxingcpp

from qr.slip_words import Slip, SlipSheet
from qr.slips import COLUMNS, ROWS, slips_pdf
from qr.typesetting import MissingGlyph, TextTooLong
from services.polls.codes import as_printed, new_code

ADDRESS = "https://xuncha.qinghe.example.gov.cn/poll"
LONG_UNIT = "双江拉祜族佤族布朗族傣族自治县住房和城乡建设局党组"


def a_sheet(count: int, unit: str = "竹坞镇党委") -> SlipSheet:
    codes = [new_code() for _ in range(count)]
    return SlipSheet(
        title="民主测评票",
        unit=unit,
        how="扫一扫，或用手机浏览器打开 xuncha.qinghe.example.gov.cn/poll，输入：",
        once="不记名。只能填一次，填完作废。",
        slips=[Slip(as_printed(code), f"{ADDRESS}/{code}") for code in codes],
    )


@pytest.mark.parametrize("count", [1, COLUMNS * ROWS, COLUMNS * ROWS + 1])
def test_each_slip_can_be_scanned_and_typed_and_no_two_are_alike(count: int) -> None:
    sheet = a_sheet(count, LONG_UNIT)
    document = pypdfium2.PdfDocument(io.BytesIO(slips_pdf(sheet)))
    assert len(document) == -(-count // (COLUMNS * ROWS))
    scanned = [
        found.text for page in document for found in zxingcpp.read_barcodes(page.render(scale=200 / 72).to_pil())
    ]
    assert sorted(scanned) == sorted(slip.link for slip in sheet.slips)
    text = "\n".join(page.get_textpage().get_text_bounded() for page in document)
    assert all(text.count(slip.code) == 1 for slip in sheet.slips)
    assert text.count("不记名") == count


def test_what_cannot_be_printed_is_an_error() -> None:
    with pytest.raises(MissingGlyph):
        slips_pdf(a_sheet(1, "竹坞镇😀"))
    with pytest.raises(TextTooLong):
        slips_pdf(a_sheet(1, "竹" * 200))
    with pytest.raises(ValueError, match="no slip"):
        slips_pdf(a_sheet(0))
