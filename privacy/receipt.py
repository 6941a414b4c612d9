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
        shifts = range(_BITS_PER_WORD * (_WORDS - 1), -1, -_BITS_PER_WORD)
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
# Only the Latin parts are free of case: over the thousands of Han characters that would take long to compile.
_LATIN_WORD = "(?i:[a-z]{1,16})"  # longer than any on the list
_HAN = "\u3400-\u9fff\U00020000-\U000323af"
_CODE = rf"[{_HAN}]{{4}}[ \t]?[{_HAN}]{{4}}|{_LATIN_WORD}(?:-{_LATIN_WORD}){{7}}"
# As it is printed, with no other word joined to it but one such as 回执码是.
_STANDALONE = r"(?<![^\W码碼號号是为為])(?<!-)"
_PRINTED = re.compile(rf"{_STANDALONE}(?=({_CODE})(?![\w-]))")
# Wherever it stands behind what it is called.
_LABEL = r"(?:(?:回执|回執)(?:码|碼|号|號)?|(?i:receipt(?: code)?))\W{0,3}(?:是|为|為|(?i:is))?\W{0,3}"
_LABELLED = re.compile(rf"{_LABEL}({_CODE})")
# With something wrong in it, only in two groups or called one; then it may be a word too short or too long as well.
_MISTYPED_ENGLISH = rf"{_LATIN_WORD}(?:-{_LATIN_WORD}){{6,8}}"
_MISTYPED_PRINTED = re.compile(rf"{_STANDALONE}(?=([{_HAN}]{{4}}[ \t][{_HAN}]{{4}}|{_MISTYPED_ENGLISH})(?![\w-]))")
_LABEL_OF_MISTYPED = rf"{_LABEL}(?![码碼是为為])"
_NINE_CHARACTERS = rf"[{_HAN}]{{4}}[ \t]?[{_HAN}]{{5}}|[{_HAN}]{{5}}[ \t][{_HAN}]{{4}}"
_SEVEN_CHARACTERS = rf"[{_HAN}]{{4}}[ \t]?[{_HAN}]{{3}}|[{_HAN}]{{3}}[ \t][{_HAN}]{{4}}"
_LABELLED_TOO_LONG = re.compile(rf"{_LABEL_OF_MISTYPED}({_MISTYPED_ENGLISH}|(?:{_NINE_CHARACTERS})(?![{_HAN}]))")
_LABELLED_EIGHT = re.compile(rf"{_LABEL_OF_MISTYPED}([{_HAN}]{{4}}[ \t]?[{_HAN}]{{4}})")
_LABELLED_TOO_SHORT = re.compile(rf"{_LABEL_OF_MISTYPED}((?:{_SEVEN_CHARACTERS})(?![{_HAN}]))")
_TOKEN = re.compile(rf"[{_HAN}]|[^\W_{_HAN}]+")


def read_receipt(text: str) -> Receipt | MistypedCode | None:
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


def is_half(text: str) -> bool:
    """Tells whether a text is four words of receipt codes and nothing else: half a code, as it is printed."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    if len(plain) > _MAX_TEXT_LENGTH:
        return False
    tokens = _TOKEN.findall(plain)
    return len(tokens) == _WORDS // 2 and all(token in _numbers_by_word() for token in tokens)


def receipt_within(text: str) -> Receipt | None:
    """Find a code that stands within a sentence as it was printed, or behind what it is called."""
    return next((code for _, code in _receipts_in(unicodedata.normalize("NFKC", text))), None)


def meant_as_code(text: str) -> Receipt | MistypedCode | None:
    """Find a code, or what looks like one with something wrong in it, alone or within a sentence.

    Of a code with one word wrong, whoever reads it could guess the right one: some 70 pass its check.
    """
    read = read_receipt(text)
    if isinstance(read, Receipt):
        return read
    return receipt_within(text) or read or _mistyped_within(text)


def receipts_in(plain: str) -> Iterator[tuple[int, int]]:
    """Yield where in a text in its plain form (NFKC) codes stand: whoever reads them could come back as its writer.

    Nearly as good is one with a word wrong. Four and four characters that nobody calls a code count only if each is
    on the list: with one that is not, they may just as well be an ordinary sentence's.
    """
    yield from (span for span, _ in _receipts_in(plain))
    yield from (
        span
        for span, mistyped, is_certain in _mistyped_in(plain)
        if is_certain or mistyped.kind is not MistypeKind.UNKNOWN_WORD
    )


def _receipts_in(plain: str) -> Iterator[tuple[tuple[int, int], Receipt]]:
    for pattern in (_PRINTED, _LABELLED):
        for match in pattern.finditer(plain):
            code = _read(match[1].casefold())
            if isinstance(code, Receipt):
                yield match.span(1), code


def _mistyped_within(text: str) -> MistypedCode | None:
    return next((mistyped for _, mistyped, _ in _mistyped_in(unicodedata.normalize("NFKC", text))), None)


def _mistyped_in(plain: str) -> Iterator[tuple[tuple[int, int], MistypedCode, bool]]:
    """Yield where something stands that looks meant as a code, what is wrong in it, and whether it surely was."""
    for pattern in (_LABELLED_TOO_LONG, _LABELLED_EIGHT, _LABELLED_TOO_SHORT, _MISTYPED_PRINTED):
        for match in pattern.finditer(plain):
            mistyped = _read(match[1].casefold())
            if isinstance(mistyped, MistypedCode):
                yield match.span(1), mistyped, pattern is not _MISTYPED_PRINTED or "-" in match[1]


def _read(plain: str) -> Receipt | MistypedCode | None:
    if len(plain) > _MAX_TEXT_LENGTH:
        return None
    lead_in = _LEAD_IN.match(plain)
    announced = lead_in is not None
    tokens = _TOKEN.findall(plain, lead_in.end() if lead_in else 0)
    numbers = [_numbers_by_word().get(token) for token in tokens]
    unknown = numbers.count(None)

    # An ordinary sentence of about eight characters nearly always has some that no code has (的, 了, 是 …);
    # a slip of the pen makes one. Someone who says that it is a code may have made two.
    if abs(len(tokens) - _WORDS) > 1 + announced or unknown > 1 + announced:
        return None
    if len(tokens) != _WORDS:
        if unknown and not announced:
            return None
        return MistypedCode(MistypeKind.TOO_FEW if len(tokens) < _WORDS else MistypeKind.TOO_MANY)
    code = 0
    for position, number in enumerate(numbers, start=1):
        if number is None:
            return MistypedCode(MistypeKind.UNKNOWN_WORD, position)
        code = code << _BITS_PER_WORD | number
    whole = code.to_bytes(_RANDOM_BYTES + 1, "big")
    if _check(whole[:_RANDOM_BYTES]) != whole[_RANDOM_BYTES:]:
        return MistypedCode(MistypeKind.CHECK_FAILS)
    return Receipt(whole)


@cache
def word_list(script: Script) -> tuple[str, ...]:
    """Gives the 2,048 words of a script in the order of their numbers."""
    path = resources.files("privacy") / "words" / f"{script}.txt"
    return tuple(path.read_text(encoding="utf-8").split())


@cache
def _numbers_by_word() -> dict[str, int]:
    return {word: number for script in Script for number, word in enumerate(word_list(script))}


def _check(drawn: bytes) -> bytes:
    return hashlib.sha256(b"xunsheng/receipt-check/1\0" + drawn).digest()[:1]
