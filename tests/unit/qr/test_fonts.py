from pathlib import Path

import opencc
import pytest
from fontTools.ttLib import TTFont
from PIL import ImageFont

from qr import fonts

STANDARD, TRADITIONAL, SIGNS = fonts.CHARACTERS.read_text(encoding="utf-8").splitlines()

both_weights = pytest.mark.parametrize("font", [fonts.REGULAR, fonts.BOLD], ids=["regular", "bold"])


@both_weights
def test_the_font_has_what_its_list_says(font: Path) -> None:
    assert set(fonts.advances(font)) == set(STANDARD + TRADITIONAL + SIGNS)


def test_all_8105_characters_of_the_general_standard_list_are_there() -> None:
    assert len(set(STANDARD)) == 8105


@pytest.mark.parametrize("name", ["竹坞", "枫汊口", "板栗坳", "高垄", "塔㙍", "㠇屿", "㳇滩", "𬒈", "𫭟头", "䓖", "𨱏"])
def test_rare_characters_of_place_names_are_there(name: str) -> None:
    assert set(name) <= set(STANDARD)


@both_weights
@pytest.mark.parametrize("region", ["s2t", "s2tw", "s2hk"])
def test_the_traditional_form_of_every_standard_character_is_there(font: Path, region: str) -> None:
    missing = set(opencc.OpenCC(region).convert(STANDARD)) - set(fonts.advances(font))
    assert missing == set("𡑍𣈶𥗽𨧀𨨏𨭆𨭎")  # Noto Sans SC itself has no glyphs for these


@both_weights
def test_every_chinese_character_has_ink_of_its_own(font: Path) -> None:
    face = ImageFont.truetype(font, 24)
    no_glyph = bytes(face.getmask("\U0010fffd"))
    empty = {c for c in STANDARD + TRADITIONAL if bytes(face.getmask(c)) == no_glyph or not face.getbbox(c)[2]}
    assert empty == set()


@both_weights
def test_every_chinese_character_is_one_em_wide(font: Path) -> None:
    assert {fonts.advances(font)[character] for character in STANDARD + TRADITIONAL} == {1.0}


@both_weights
def test_the_font_may_be_embedded_and_names_its_licence(font: Path) -> None:
    with TTFont(font) as tables:
        assert tables["OS/2"].fsType == 0
        assert "Open Font License" in tables["name"].getDebugName(13)
    assert "SIL OPEN FONT LICENSE Version 1.1" in (font.parent / "OFL.txt").read_text(encoding="utf-8")
