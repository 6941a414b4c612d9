"""Characters as they are compared: what is not seen is left out, and there is one width and one script."""

import unicodedata
from functools import cache
from importlib.resources import files

_INVISIBLE = ("Cf", "Mn", "Me", "Cc")


def visible(character: str) -> str:
    """Return a character in its compatible form (NFKC) without what is not seen; blanks, tabs and line ends stay."""
    if " " <= character <= "~" or "\u4e00" <= character <= "\u9fff":  # nearly all there is
        return character
    signs = unicodedata.normalize("NFKC", character)
    return "".join(sign for sign in signs if sign in "\n\t" or unicodedata.category(sign) not in _INVISIBLE)


def simplified(text: str) -> str:
    """Return a text in simplified script, sign by sign.

    Within a word a converter leaves some signs as they are, and a name would not be the same everywhere.
    """
    return text.translate(_simplified_for())


@cache
def _simplified_for() -> dict[int, int]:
    """Return the simplified sign for each traditional one: a table for all, so that nothing is kept of what is said."""
    lines = (files("privacy") / "words" / "simplified.txt").read_text(encoding="utf-8").split()
    return {ord(line[0]): ord(line[1]) for line in lines}
