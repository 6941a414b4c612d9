"""Noto Sans SC in two weights, cut to the characters that names and texts of a county can need.

Under the SIL Open Font License (OFL.txt); how the files are made is told in make_subset.py.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent

REGULAR = _FOLDER / "NotoSansSC-Regular.ttf"
BOLD = _FOLDER / "NotoSansSC-Bold.ttf"
CHARACTERS = _FOLDER / "characters.txt"


@cache
def advances(font: Path) -> Mapping[str, float]:
    """Returns the width in em of every character that the font has."""
    from fontTools.ttLib import TTFont

    with TTFont(font, lazy=True) as tables:
        metrics, em = tables["hmtx"], tables["head"].unitsPerEm
        return {chr(code): metrics[glyph][0] / em for code, glyph in tables.getBestCmap().items()}
