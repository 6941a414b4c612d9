"""Words of a PDF that names a font and doesn't carry it are seen on every machine."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from media.confinement import OWN_FONTS

ROOT = Path(__file__).parents[3]
COUNT_DARK = """
import io, sys
import numpy as np, pypdfium2
from media.pdf import remake_pdf
from media.pdf_fonts import use_fonts
use_fonts(tuple(sys.argv[1:]))
clean = pypdfium2.PdfDocument(remake_pdf(sys.stdin.buffer.read()))
print((np.asarray(clean[0].render(scale=2).to_pil().convert("L")) < 128).sum())
"""


def without_its_font(words: str, font: str) -> bytes:
    """Return a PDF of words in a font that it doesn't carry."""
    shown = words.encode("utf-16-be").hex()
    content = f"BT /F 24 Tf 20 40 Td <{shown}> Tj ET"
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 100]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        f"<</Length {len(content)}>>stream\n{content}\nendstream",
        f"<</Type/Font/Subtype/Type0/BaseFont/{font}/Encoding/UniGB-UCS2-H/DescendantFonts[6 0 R]>>",
        f"<</Type/Font/Subtype/CIDFontType2/BaseFont/{font}/FontDescriptor 7 0 R"
        "/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>>>",
        f"<</Type/FontDescriptor/FontName/{font}/Flags 4/ItalicAngle 0/Ascent 800/Descent -200/CapHeight 700/StemV 80"
        "/FontBBox[0 -200 1000 800]>>",
    ]
    body = "".join(f"{number} 0 obj\n{one}\nendobj\n" for number, one in enumerate(objects, 1))
    return f"%PDF-1.4\n{body}trailer<</Root 1 0 R>>\n".encode()


def dark_dots(pdf: bytes, *folders: str) -> int:
    """Return how many dots of a PDF's first page are dark when there are no fonts but those of some folders."""
    environment = {"PYTHONPATH": str(ROOT), "PATH": os.defpath}
    ran = subprocess.run(
        [sys.executable, "-c", COUNT_DARK, *folders], input=pdf, capture_output=True, check=True, env=environment
    )
    return int(ran.stdout)


@pytest.mark.parametrize("font", ["SimSun", "STSong-Light", "KaiTi_GB2312", "AnyOther"])
def test_chinese_words_are_drawn_on_a_machine_without_chinese_fonts(font: str, tmp_path: Path) -> None:
    words = without_its_font("李秀英村里的路", font)
    assert dark_dots(words, str(tmp_path)) == 0, "or this test shows nothing"
    assert dark_dots(words, str(tmp_path), str(OWN_FONTS)) > 1000
