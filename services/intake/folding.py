"""Characters in their plain form: of one width, simplified, small, without what is not seen."""

import unicodedata
from functools import cache

from privacy.simplified import simplified_signs

_INVISIBLE = ("Cf", "Mn", "Me", "Cc")
_PUNCTUATION = {ord("’"): "'"} | {ord(bracket): "," for bracket in "()[]【】「」『』"}


def plain_character(character: str) -> str:
    """Return a character in its plain, simplified, small form; nothing for one that is not seen."""
    signs = (
        sign.lower()[:1]
        for sign in unicodedata.normalize("NFKC", character)
        if sign == "\n" or unicodedata.category(sign) not in _INVISIBLE
    )
    return "".join(signs).translate(_one_for_many())


def plain(text: str) -> str:
    """Return a text in its plain, simplified, small form."""
    return "".join(map(plain_character, text))


@cache
def _one_for_many() -> dict[int, str]:
    return _PUNCTUATION | simplified_signs()


def is_han(sign: str) -> bool:
    """Whether a sign is a Chinese character."""
    return "\u3400" <= sign <= "\u9fff" or sign >= "\U00020000"
