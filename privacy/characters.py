"""Characters as they are compared: what is not seen is left out, and there is one width and one script."""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

_INVISIBLE = ("Cf", "Mn", "Me", "Cc")
_FILLERS = "\u115f\u1160\u2800\u3164"  # signs by their category, blanks to the eye
REVERSES = "\u202e"  # what stands behind it is displayed from right to left, up to the end of the line
_REVERSED = re.compile("(?<=\u202e)[^\u202c\n]+")
_DIRECTIONS = dict.fromkeys(map(ord, "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))
COMMON_HAN = "\u3400-\u9fff"  # within a set of a pattern: Chinese signs, without the rare ones beyond
_COMMON = 0xC67E  # the last of the common signs in Big5


def visible(character: str) -> str:
    """Return a character in its compatible form (NFKC) without what is not seen; blanks, tabs and line ends stay."""
    if " " <= character <= "~" or "\u4e00" <= character <= "\u9fff":  # nearly all there is
        return character
    signs = unicodedata.normalize("NFKC", character)
    return "".join(sign for sign in signs if sign in "\n\t" or not _is_invisible(sign))


def _is_invisible(sign: str) -> bool:
    return sign in _FILLERS or unicodedata.category(sign) in _INVISIBLE


def places_as_displayed(text: str) -> Sequence[int]:
    """Return the places of a text's characters in the order in which they are displayed."""
    places = list(range(len(text)))
    for found in _REVERSED.finditer(text):
        places[slice(*found.span())] = reversed(range(*found.span()))
    return places


def without_directions(text: str) -> str:
    """Return a text without the controls that change the order in which it is displayed."""
    return text.translate(_DIRECTIONS)


def simplified(text: str) -> str:
    """Return a text in simplified script, sign by sign.

    Within a word a converter leaves some signs as they are, and a name would not be the same everywhere.
    """
    return text.translate(_simplified_for())


def variants() -> dict[str, str]:
    """Return the simplified sign for each traditional one and each variant of one."""
    return {chr(code): chr(other) for code, other in _simplified_for().items()}


@cache
def _simplified_for() -> dict[int, int]:
    """Return the simplified sign for each traditional one: a table for all, so that nothing is kept of what is said."""
    lines = (files("privacy") / "words" / "simplified.txt").read_text(encoding="utf-8").split()
    return {ord(pair[0]): ord(pair[1]) for pair in lines}


def traditional(name: str) -> str:
    """Return a name in traditional script, sign by sign.

    A sign that is common there as well stays: 里, 后 and 云 are right in most names.
    """
    return name.translate(_traditional_for())


def in_script_of(language: str, name: str) -> str:
    """Return a name of the county's in the script that is read in a language of the catalogues."""
    return traditional(name) if language == "zh_Hant" else name


@cache
def _traditional_for() -> dict[int, int]:
    candidates: dict[int, list[str]] = {}
    for code, other in _simplified_for().items():
        candidates.setdefault(other, []).append(chr(code))
    return {
        code: ord(min(signs, key=_rareness)) for code, signs in candidates.items() if _rareness(chr(code)) > _COMMON
    }


def _rareness(sign: str) -> int:
    """Return where a sign stands in Big5, the common ones first; one that is not in it comes last."""
    return int.from_bytes(sign.encode("big5", errors="replace").rjust(2, b"\xff"), "big")
