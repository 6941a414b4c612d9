"""A text as it is searched: without invisible characters, each sign in its plain form, every place mapped back."""

import re
import unicodedata
from dataclasses import dataclass

from privacy.characters import places_as_displayed, visible

# Digits as they are said and written; a run of them is a number, 百 and 十 between them make it an amount.
_SPOKEN = dict(zip("零〇○一二三四五六七八九幺么", "00012345678911", strict=True)) | dict(
    zip("壹贰貳叁參肆伍陆陸柒捌玖", "122334566789", strict=True)
)
_FIGURES = ("Nd", "Nl", "No")  # of any script, in circles, of Suzhou
# Said for figures on the telephone; anything else unless so many of them and of figures stand together.
_SAID_FOR_FIGURES = dict(zip("洞拐勾两兩", "07922", strict=True))
_OF_SAID_FIGURES = re.compile(r"(?<![\d洞拐勾两兩])[\d洞拐勾两兩](?:[ \-,、.·]?[\d洞拐勾两兩]){6,22}")
JOINING = "和与與跟加"  # words that stand between figures as a hyphen does
_JOINED = re.compile(rf"(?<=\d)\W{{0,2}}[{JOINING}]\W{{0,2}}(?=\d)")
# Letters that pass for figures, where no other letter stands with them but a word right before, such as QQ.
_LOOKALIKES = str.maketrans("OoIl", "0011")
_OF_LOOKALIKES = re.compile(r"(?:(?<![A-Za-z\d])|(?<=[A-Za-z])(?=\d))[\dOoIl]{1,23}(?=[Xx]?(?![A-Za-z\d]))")


@dataclass(frozen=True)
class Plain:
    """`text` is what was written in plain form; `digits` the same with figures for spoken digits, sign for sign."""

    text: str
    digits: str
    _origin: tuple[int, ...]
    _length: int
    _in_order: bool = True

    @classmethod
    def of(cls, written: str, *, as_displayed: bool = False) -> "Plain":
        """Return a text in plain form, in the order in which it was written or is displayed."""
        signs: list[str] = []
        origin: list[int] = []
        for place in places_as_displayed(written) if as_displayed else range(len(written)):
            for sign in visible(written[place]):
                signs.append(sign)
                origin.append(place)
        spoken = _OF_SAID_FIGURES.sub(_in_figures, "".join(_as_digit(sign) for sign in signs))
        digits = _OF_LOOKALIKES.sub(lambda found: found[0].translate(_LOOKALIKES), spoken)
        return cls("".join(signs), digits, tuple(origin), len(written), not as_displayed)

    def written(self, start: int, end: int) -> tuple[int, int]:
        """Return where a piece stands in what was written; what is invisible behind it belongs to it."""
        if not self._in_order:
            places = self._origin[start:end]
            return min(places), max(places) + 1
        return self._origin[start], self._origin[end] if end < len(self._origin) else self._length


def meaningful_places(digits: str) -> list[int]:
    """Return the places of letters and figures; a word that joins figures does not count."""
    joining = {place for found in _JOINED.finditer(digits) for place in range(*found.span())}
    return [place for place, sign in enumerate(digits) if sign.isalnum() and place not in joining]


def normalised_value(digits: str) -> str:
    """Return the letters and figures of a piece, in lower case: the same however it is punctuated."""
    return "".join(digits[place] for place in meaningful_places(digits)).lower()


def _in_figures(said: re.Match[str]) -> str:
    return "".join(_SAID_FOR_FIGURES.get(sign, sign) for sign in said[0])


def _as_digit(sign: str) -> str:
    spoken = _SPOKEN.get(sign)
    if spoken is not None:
        return spoken
    if sign.isascii() or unicodedata.category(sign) not in _FIGURES:
        return sign
    value = unicodedata.numeric(sign)
    return str(int(value)) if value in range(10) else sign
