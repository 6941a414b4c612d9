"""Receipt codes: eight words by which a reporter comes back, and by which nobody else can find them.

A code is 88 bits, 80 of them random and 8 a check, cut into eight numbers of 11 bits. Each number has one
word in each script, so one code is the same code in all three.
"""

import hashlib
import hmac
import re
import secrets
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from importlib import resources

_WORDS = 8
_BITS_PER_WORD = 11
_RANDOM_BYTES = 10
_LONGEST = 300  # characters; ten English words with blanks and the words in front stay well below


class Script(StrEnum):
    """The scripts in which a receipt code can be written."""

    SIMPLIFIED = "zh_Hans"
    TRADITIONAL = "zh_Hant"
    ENGLISH = "en"


@dataclass(frozen=True)
class Receipt:
    """A receipt code whose check holds; its words are shown to the reporter and to nobody else."""

    _code: bytes = field(repr=False)

    @classmethod
    def unpack(cls, packed: str) -> "Receipt | None":
        """Reads what a button carries; None when it is no receipt code."""
        try:
            code = bytes.fromhex(packed)
        except ValueError:
            return None
        whole = len(code) == _RANDOM_BYTES + 1 and _check(code[:_RANDOM_BYTES]) == code[_RANDOM_BYTES:]
        return cls(code) if whole else None

    def pack(self) -> str:
        """Gives the code as a button carries it: 22 hexadecimal digits."""
        return self._code.hex()

    def words(self, script: Script) -> list[str]:
        """Gives the eight words in one script."""
        number = int.from_bytes(self._code, "big")
        shifts = range(_BITS_PER_WORD * (_WORDS - 1), -1, -_BITS_PER_WORD)
        return [word_list(script)[number >> shift & (1 << _BITS_PER_WORD) - 1] for shift in shifts]

    def text(self, script: Script) -> str:
        """Gives the code as one line: two groups of four characters, or eight words joined by hyphens."""
        words = self.words(script)
        if script is Script.ENGLISH:
            return "-".join(words)
        return "".join(words[:4]) + " " + "".join(words[4:])


class SlipKind(StrEnum):
    """What is wrong with something that was meant as a receipt code."""

    CHECK_FAILS = "check_fails"  # every word exists, but not together: one of them is another one's
    UNKNOWN_WORD = "unknown_word"
    TOO_FEW = "too_few"
    TOO_MANY = "too_many"


@dataclass(frozen=True)
class Slip:
    """Something that was meant as a receipt code and is not one; never says what would be right."""

    kind: SlipKind
    position: int | None = None
    """The first word that exists in no script, counted from 1."""


def new_receipt(randbytes: Callable[[int], bytes] = secrets.token_bytes) -> Receipt:
    """Draws a new receipt code."""
    drawn = randbytes(_RANDOM_BYTES)
    return Receipt(drawn + _check(drawn))


def digest(receipt: Receipt, secret: bytes) -> str:
    """Gives the keyed digest of a code, in hex: all that is ever stored of it.

    With 80 random bits and a secret key a slow hash would add load and nothing else.
    """
    return hmac.digest(secret, b"xunsheng/receipt/1\0" + receipt._code, hashlib.sha256).hex()


# A code can come with the words that stood above it, and with its owner's.
_LEAD_IN = re.compile(
    r"^\W*(?:(?:这是|這是)?(?:我|你|您)?的?(?:回执|回執)(?:码|碼|号|號)?(?:是|为|為)?"
    r"|(?:this is )?(?:my |your |the )?receipt(?: code)?\b(?: is\b)?)\W*"
)
_LATIN_WORD = "[a-z]{1,16}"  # longer than any on the list
_HAN = "\u3400-\u9fff\U00020000-\U000323af"
_CODE = rf"[{_HAN}]{{4}}[ \t]?[{_HAN}]{{4}}|{_LATIN_WORD}(?:-{_LATIN_WORD}){{7}}"
# As it is printed, with no other word joined to it but one such as 回执码是.
_PRINTED = re.compile(
    rf"(?<![^\W码碼號号是为為])(?<!-)(?=({_CODE})(?![\w-]))",
    re.IGNORECASE,
)
# Wherever it stands behind what it is called.
_CALLED = re.compile(
    rf"(?:(?:回执|回執)(?:码|碼|号|號)?|receipt(?: code)?)\W{{0,3}}(?:是|为|為|is)?\W{{0,3}}"
    rf"({_CODE})",
    re.IGNORECASE,
)
_TOKEN = re.compile(rf"[{_HAN}]|[^\W_{_HAN}]+")


def read_receipt(text: str) -> Receipt | Slip | None:
    """Reads a receipt code however it was typed; None when the text is something else.

    Spaces, punctuation, line breaks, letter case, full width, either Chinese script and words such as
    "回执码:" in front make no difference. Of a longer text, such as a whole copied message, a line that
    is a code by itself counts.
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    found = _read(plain)
    if found is None:
        lines = (_read(line) for line in plain.splitlines())
        return next((line for line in lines if isinstance(line, Receipt)), None)
    return found


def is_alone(text: str) -> bool:
    """Tells whether a text is a code and nothing else but the words in front of it."""
    return isinstance(_read(unicodedata.normalize("NFKC", text).casefold()), Receipt)


def receipt_within(text: str) -> Receipt | None:
    """Finds a code that stands within a sentence as it was printed: four and four characters, or eight joined words."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    found = (_read(match[1]) for match in _PRINTED.finditer(plain))
    return next((code for code in found if isinstance(code, Receipt)), None)


def receipts_in(plain: str) -> Iterator[tuple[int, int]]:
    """Yield where in a text in its plain form (NFKC) codes stand: whoever reads them could come back as its writer."""
    for pattern in (_PRINTED, _CALLED):
        for match in pattern.finditer(plain):
            if isinstance(_read(match[1].casefold()), Receipt):
                yield match.span(1)


def _read(plain: str) -> Receipt | Slip | None:
    if len(plain) > _LONGEST:
        return None
    lead_in = _LEAD_IN.match(plain)
    announced = lead_in is not None
    tokens = _TOKEN.findall(plain, lead_in.end() if lead_in else 0)
    numbers = [_number_of().get(token) for token in tokens]
    unknown = numbers.count(None)

    # An ordinary sentence of about eight characters nearly always has some that no code has (的, 了, 是 …);
    # a slip of the pen makes one. Someone who says that it is a code may have made two.
    if abs(len(tokens) - _WORDS) > 1 + announced or unknown > 1 + announced:
        return None
    if len(tokens) != _WORDS:
        if unknown and not announced:
            return None
        return Slip(SlipKind.TOO_FEW if len(tokens) < _WORDS else SlipKind.TOO_MANY)
    code = 0
    for position, number in enumerate(numbers, start=1):
        if number is None:
            return Slip(SlipKind.UNKNOWN_WORD, position)
        code = code << _BITS_PER_WORD | number
    whole = code.to_bytes(_RANDOM_BYTES + 1, "big")
    if _check(whole[:_RANDOM_BYTES]) != whole[_RANDOM_BYTES:]:
        return Slip(SlipKind.CHECK_FAILS)
    return Receipt(whole)


@cache
def word_list(script: Script) -> tuple[str, ...]:
    """Gives the 2,048 words of a script in the order of their numbers."""
    path = resources.files("privacy") / "words" / f"{script}.txt"
    return tuple(path.read_text(encoding="utf-8").split())


@cache
def _number_of() -> dict[str, int]:
    return {word: number for script in Script for number, word in enumerate(word_list(script))}


def _check(drawn: bytes) -> bytes:
    return hashlib.sha256(b"xunsheng/receipt-check/1\0" + drawn).digest()[:1]
