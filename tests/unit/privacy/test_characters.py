"""The one form in which characters are compared: the table of simplified ones, and what is not seen."""

from importlib.resources import files

import pytest

from privacy.characters import simplified, visible
from privacy.make_simplified import table


def test_the_table_of_simplified_characters_is_the_librarys() -> None:
    assert (files("privacy") / "words" / "simplified.txt").read_text(encoding="utf-8") == table()


def test_a_character_is_simplified_whatever_stands_beside_it() -> None:
    assert simplified("乾隆、乾燥、頭髮") == "干隆、干燥、头发"
    assert simplified("already simplified: 干") == "already simplified: 干"


@pytest.mark.parametrize(
    ("character", "seen"),
    [("a", "a"), ("Ａ", "A"), ("㎏", "kg"), ("\u200b", ""), ("\u202e", ""), ("\x00", ""), ("\t", "\t"), ("\n", "\n")],
)
def test_of_a_character_what_is_seen_is_left(character: str, seen: str) -> None:
    assert visible(character) == seen
