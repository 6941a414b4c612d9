"""Receipt codes: eight words by which a reporter comes back, and by which nobody else can find them.

A code is 88 bits, 80 of them random and 8 a check, cut into eight numbers of 11 bits. Each number has one
word in each script, so one code is the same code in all three.
"""

import hashlib
import hmac
import re
import secrets
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from importlib import resources
from itertools import product

from privacy.characters import variants

WORDS = 8
_BITS_PER_WORD = 11
_RANDOM_BYTES = 10
_MOST_AMBIGUOUS = 3  # words of a code for each of which another may have been meant
_MAX_TEXT_LENGTH = 300  # characters; ten English words with blanks and the words in front stay well below


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
        shifts = range(_BITS_PER_WORD * (WORDS - 1), -1, -_BITS_PER_WORD)
        return [word_list(script)[number >> shift & (1 << _BITS_PER_WORD) - 1] for shift in shifts]

    def text(self, script: Script) -> str:
        """Gives the code as one line: two groups of four characters, or eight words joined by hyphens."""
        words = self.words(script)
        if script is Script.ENGLISH:
            return "-".join(words)
        return "".join(words[:4]) + " " + "".join(words[4:])


class MistypeKind(StrEnum):
    """What is wrong with a mistyped receipt code."""

    CHECK_FAILS = "check_fails"  # every word exists, but not together: one of them is another one's
    UNKNOWN_WORD = "unknown_word"
    TOO_FEW = "too_few"
    TOO_MANY = "too_many"


@dataclass(frozen=True)
class MistypedCode:
    """Something that was meant as a receipt code and is not one. Never says what would be right."""

    kind: MistypeKind
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
HAN = "\u3400-\u9fff\U00020000-\U000323af"
_TOKEN = re.compile(rf"[{HAN}]|[^\W_{HAN}]+")


def read_receipt(text: str) -> Receipt | MistypedCode | None:
    """Reads a receipt code however it was typed; None when the text is something else.

    Spaces, punctuation, line breaks, letter case, full width, either Chinese script and words such as
    "回执码:" in front make no difference. Of a longer text, such as a whole copied message, a line that
    is a code by itself counts.
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    found = read_plain(plain)
    if found is None:
        lines = (read_plain(line) for line in plain.splitlines())
        return next((line for line in lines if isinstance(line, Receipt)), None)
    return found


def is_alone(text: str) -> bool:
    """Tells whether a text is a code and nothing else but the words in front of it."""
    return isinstance(read_plain(unicodedata.normalize("NFKC", text).casefold()), Receipt)


def is_half(text: str) -> bool:
    """Tells whether a text is four words of receipt codes and nothing else: half a code, as it is printed."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    if len(plain) > _MAX_TEXT_LENGTH:
        return False
    tokens = _TOKEN.findall(plain)
    return len(tokens) == WORDS // 2 and all(token in numbers_by_word() for token in tokens)


def read_plain(plain: str) -> Receipt | MistypedCode | None:
    """Read a text in plain form and lower case that is a code by itself; None when it is something else."""
    if len(plain) > _MAX_TEXT_LENGTH:
        return None
    lead_in = _LEAD_IN.match(plain)
    announced = lead_in is not None
    tokens = _TOKEN.findall(plain, lead_in.end() if lead_in else 0)
    numbers = [numbers_by_word().get(token) for token in tokens]
    unknown = numbers.count(None)

    # An ordinary sentence of about eight characters nearly always has some that no code has (的, 了, 是 …);
    # a slip of the pen makes one. Someone who says that it is a code may have made two.
    if abs(len(tokens) - WORDS) > 1 + announced or unknown > 1 + announced:
        return None
    if len(tokens) != WORDS:
        if unknown and not announced:
            return None
        return MistypedCode(MistypeKind.TOO_FEW if len(tokens) < WORDS else MistypeKind.TOO_MANY)
    if unknown:
        return MistypedCode(MistypeKind.UNKNOWN_WORD, numbers.index(None) + 1)
    return receipt_of([number for number in numbers if number]) or MistypedCode(MistypeKind.CHECK_FAILS)


def receipt_of(numbers: Sequence[tuple[int, ...]]) -> Receipt | None:
    """Return the code of eight words, each given by the numbers it may stand for; None when none of them checks."""
    ambiguous = sum(map(len, numbers)) - WORDS
    if ambiguous == 0 or ambiguous > _MOST_AMBIGUOUS:  # nearly always
        return _receipt_of(one[0] for one in numbers)
    return next(filter(None, map(_receipt_of, product(*numbers))), None)


def _receipt_of(numbers: Iterable[int]) -> Receipt | None:
    code = 0
    for number in numbers:
        code = code << _BITS_PER_WORD | number
    whole = code.to_bytes(_RANDOM_BYTES + 1, "big")
    return Receipt(whole) if _check(whole[:_RANDOM_BYTES]) == whole[_RANDOM_BYTES:] else None


@cache
def word_list(script: Script) -> tuple[str, ...]:
    """Gives the 2,048 words of a script in the order of their numbers."""
    path = resources.files("privacy") / "words" / f"{script}.txt"
    return tuple(path.read_text(encoding="utf-8").split())


# What a converter between the scripts puts within certain words (藉助 for 借助), beside the one sign of each.
_WITHIN_WORDS = dict(zip("藉座甯俱傢像鍊揹繐复划", "借坐宁具家象链背穗覆畫", strict=True))


@cache
def numbers_by_word() -> dict[str, tuple[int, ...]]:
    """Return the numbers for which each word may stand, in whichever script and form; its own first."""
    numbers: dict[str, tuple[int, ...]] = {
        word: (number,) for script in Script for number, word in enumerate(word_list(script))
    }
    for sign, other in variants().items():
        if other in numbers:
            numbers.setdefault(sign, numbers[other])
    for sign, other in _WITHIN_WORDS.items():
        numbers[sign] = tuple(dict.fromkeys((*numbers.get(sign, ()), *numbers[other])))
    return numbers


def _check(drawn: bytes) -> bytes:
    return hashlib.sha256(b"xunsheng/receipt-check/1\0" + drawn).digest()[:1]
