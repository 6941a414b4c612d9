"""Cuts Noto Sans SC down to the characters that a county's names and texts can need.

    python -m qr.fonts.make_subset UNIHAN FONTS

UNIHAN is a folder with Unihan_OtherMappings.txt and Unihan_Variants.txt, as they are or packed as .bz2: the
Unicode Character Database's own archive has them, and so has Debian's package unicode-data (15.0.0-1 is used
here). FONTS is the unpacked npm package @expo-google-fonts/noto-sans-sc (0.4.3 is used here, which is Google
Fonts' v40): it has TrueType outlines, which every reader of PDF, every browser and Pillow take.

Beside the product's dependencies it needs opencc (1.4.2 is used here) and, for fontTools to join overlapping
strokes, skia-pathops (0.9.2).

What goes in:

- every character of 通用规范汉字表, the 8,105 of State Council notice 2013/23: Unihan's kTGH with the source
  2013. It has the rare characters of place names and family names that GB 2312 lacks;
- their traditional forms: Unihan's kTraditionalVariant of each of them, and what OpenCC writes for them in
  general, in Taiwan and in Hong Kong (群 has 羣, 里 has 裏);
- Latin with the accents of European languages and of Pinyin, the punctuation of both scripts, full-width
  forms, and signs such as № ℃ ① →.

What Noto Sans SC has no glyph for, seven rare traditional forms such as 𨭎 (𬭳), is left out. characters.txt
lists what the files have, a line each for the three kinds.
"""

import bz2
import sys
from collections.abc import Iterator
from pathlib import Path

import opencc
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.ttLib.removeOverlaps import removeOverlaps

from qr import fonts

SOURCES = {
    fonts.REGULAR: "400Regular/NotoSansSC_400Regular.ttf",
    fonts.BOLD: "700Bold/NotoSansSC_700Bold.ttf",
}

LICENCE, LICENCE_URL = 13, 14  # entries of a font's name table
SIMPLIFIED_CHINESE = 1 << 18  # of a font's code pages; readers of PDF look for a font by them

SIGNS = (
    *range(0x0020, 0x007F),  # ASCII
    *range(0x00A0, 0x0180),  # Latin-1 and Latin Extended-A
    *range(0x01CD, 0x01DD),  # Pinyin vowels
    *range(0x2010, 0x2028),  # dashes, quotation marks, ellipsis
    *range(0x2030, 0x203C),  # ‰ ′ ″ ※
    *range(0x20A0, 0x20C0),  # currencies
    *range(0x2103, 0x2123),  # ℃ № ™
    *range(0x2150, 0x2180),  # fractions, Roman numerals
    *range(0x2190, 0x219A),  # arrows
    *range(0x2200, 0x2270),  # mathematics
    *range(0x2460, 0x2500),  # enclosed numbers
    *range(0x25A0, 0x2600),  # squares, triangles, circles
    *range(0x2605, 0x2607),  # ★ ☆
    *range(0x2713, 0x2718),  # ✓ ✗
    *range(0x3000, 0x3020),  # Chinese punctuation, 〇
    *range(0xFF00, 0xFF61),  # full-width forms
    *range(0xFFE0, 0xFFE7),  # full-width ¥ £ ¬
)


def main(unihan: Path, source: Path) -> None:
    """Writes characters.txt, the two fonts and their licence beside this module."""
    standard = set(general_standard_characters(unihan))
    traditional = {*traditional_forms(unihan, standard), *regional_forms(standard)} - standard
    available = set(TTFont(source / SOURCES[fonts.REGULAR]).getBestCmap())
    kept = (standard & available, traditional & available, set(SIGNS) & available)
    fonts.CHARACTERS.write_text("".join("".join(map(chr, sorted(part))) + "\n" for part in kept), encoding="utf-8")
    for target, name in SOURCES.items():
        cut(source / name, target, sorted(set().union(*kept)))
    (fonts.REGULAR.parent / "OFL.txt").write_bytes((source / "LICENSE_FONT").read_bytes())


def general_standard_characters(unihan: Path) -> Iterator[int]:
    """Yields the code points of 通用规范汉字表."""
    for character, field, value in entries(unihan, "Unihan_OtherMappings.txt"):
        if field == "kTGH" and value.startswith("2013:"):
            yield character


def traditional_forms(unihan: Path, simplified: set[int]) -> Iterator[int]:
    """Yields the code points of the traditional forms of those given."""
    for character, field, value in entries(unihan, "Unihan_Variants.txt"):
        if field == "kTraditionalVariant" and character in simplified:
            yield from (int(form.removeprefix("U+"), 16) for form in value.split())


def regional_forms(simplified: set[int]) -> Iterator[int]:
    """Yields the code points of the traditional forms that OpenCC writes, region by region."""
    for region in ("s2t", "s2tw", "s2hk"):
        convert = opencc.OpenCC(region).convert
        yield from (ord(form) for character in simplified for form in convert(chr(character)))


def entries(unihan: Path, name: str) -> Iterator[tuple[int, str, str]]:
    """Yields (code point, field, value) of one file of the Unihan database."""
    packed = unihan / f"{name}.bz2"
    text = bz2.decompress(packed.read_bytes()) if packed.exists() else (unihan / name).read_bytes()
    for line in text.decode().splitlines():
        if line.startswith("U+"):
            character, field, value = line.split("\t")
            yield int(character.removeprefix("U+"), 16), field, value


def cut(source: Path, target: Path, characters: list[int]) -> None:
    """Writes the font with these characters alone, without hints and with the same bytes on every run.

    Strokes that overlap are joined: where two edges coincide, many renderers draw them darker.
    """
    options = Options(hinting=False, layout_features=["kern", "liga", "locl", "palt", "halt"])
    options.notdef_outline = True
    options.name_IDs = [*options.name_IDs, LICENCE, LICENCE_URL]
    font = TTFont(source, recalcTimestamp=False)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=characters)
    subsetter.subset(font)
    removeOverlaps(font)
    if target == fonts.REGULAR:
        font["OS/2"].ulCodePageRange1 |= SIMPLIFIED_CHINESE
    font.save(target)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:3]))
