"""Finds receipt codes within what somebody wrote: whoever reads one could come back in its writer's place.

What stands between the words of a code makes no difference: signs, ends of lines and of messages, another language.
Nor does their order, read from behind. That eight words in a row belong to codes and fit together by their check is
rare enough in what people write: no word that every sentence has belongs to codes.
"""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise
from typing import NamedTuple

from privacy.characters import visible
from privacy.receipt import (
    HAN,
    WORDS,
    MistypedCode,
    MistypeKind,
    Receipt,
    numbers_by_word,
    read_plain,
    read_receipt,
    receipt_of,
)

_HALF = WORDS // 2
_MOST_AROUND = 12  # words: 请帮我查一下回执码是 and the like
_BETWEEN_HALVES = 40  # words at most
_LATIN = re.compile(r"[A-Z]?[a-z]{1,16}|[A-Z]{1,16}(?![a-z])")  # one of ArchGatherDrum
_WORD_OF_TEXT = re.compile(rf"[{HAN}]|{_LATIN.pattern}")
# What counts the words of a code, as 第一个字是 does; 字, 词 and 位 may be the counted word themselves.
_COUNTED = "第[一二三四五六七八1-8]"
_ORDINAL = re.compile(
    rf"{_COUNTED}[个個]?(?:[字词詞位](?=[是为為:“ ]{{0,3}}[{HAN}A-Za-z])(?! ?{_COUNTED}))?[是为為]?"
    "|[一二三四五六七八][.、:)]"
)
# How the words of a code (x) may stand among what belongs to none (-), one at least, or to anything (.).
_TOGETHER = re.compile(f"(?={'(x)' * WORDS})")
_STANDING_APART = [
    *("(x)" + f"{'.' * gap}(x)" * (WORDS - 1) for gap in (1, 2)),
    "(x)" + "-{1,3}(x)" * (WORDS - 1),
    *("(x)(x)" + f"{'.' * gap}(x)(x)" * (_HALF - 1) for gap in (1, 2, 3)),
]
_ARRANGEMENTS = [_TOGETHER, *(re.compile(f"(?=x{{1,20}}-)(?={apart})") for apart in _STANDING_APART)]
_HALVES = re.compile(f"(?=x{{{_HALF}}})")
_MOST_TRIED = 100_000  # ways in which a code may be broken in two; in 8,000 words of people there are half as many
_MOST_OTHER_HALVES = 4  # with which a half is tried
_LETTERS = re.compile("[A-Za-z]")
_SIGNS = re.compile(f"[A-Za-z{HAN}]")
_LENGTHS = range(1, 9)  # of words, Chinese and English

# Called a code, it may have a word wrong or be one too short or too long.
_LATIN_WORD = "(?i:[a-z]{1,16})"  # longer than any on the list
_STANDALONE = r"(?<![^\W码碼號号是为為])(?<!-)"
_MISTYPED_ENGLISH = rf"{_LATIN_WORD}(?:-{_LATIN_WORD}){{6,8}}"
_MISTYPED_PRINTED = re.compile(rf"{_STANDALONE}(?=([{HAN}]{{4}}[ \t][{HAN}]{{4}}|{_MISTYPED_ENGLISH})(?![\w-]))")
_LABEL = r"(?:(?:回执|回執)(?:码|碼|号|號)?|(?i:receipt(?: code)?))\W{0,3}(?:是|为|為|(?i:is))?\W{0,3}(?![码碼是为為])"
_NINE_CHARACTERS = rf"[{HAN}]{{4}}[ \t]?[{HAN}]{{5}}|[{HAN}]{{5}}[ \t][{HAN}]{{4}}"
_SEVEN_CHARACTERS = rf"[{HAN}]{{4}}[ \t]?[{HAN}]{{3}}|[{HAN}]{{3}}[ \t][{HAN}]{{4}}"
_LABELLED_TOO_LONG = re.compile(rf"{_LABEL}({_MISTYPED_ENGLISH}|(?:{_NINE_CHARACTERS})(?![{HAN}]))")
_LABELLED_EIGHT = re.compile(rf"{_LABEL}([{HAN}]{{4}}[ \t]?[{HAN}]{{4}})")
_LABELLED_TOO_SHORT = re.compile(rf"{_LABEL}((?:{_SEVEN_CHARACTERS})(?![{HAN}]))")


class FoundCode(NamedTuple):
    """A receipt code in a text: where it begins and ends, and which it is."""

    start: int
    end: int
    receipt: Receipt


class _Word(NamedTuple):
    """A word of a text, and the numbers it may stand for in a code; none when it belongs to none."""

    start: int
    end: int
    numbers: tuple[int, ...]


def codes_in(plain: str) -> Iterator[FoundCode]:
    """Yield the codes in a text in plain form (NFKC, nothing that is not seen), those written in one piece first."""
    words = _words(plain)
    latin, han = _by_script(plain, words)
    streams = [words, latin, han] if latin and han else [words]
    for stream in streams:
        yield from _arranged(stream)
    if latin:
        yield from _spelt(plain, _LETTERS)
    if latin and han:
        yield from _spelt(plain, _SIGNS)
    for stream in streams:
        yield from _in_halves(plain, stream)


def perhaps_codes_in(plain: str) -> Iterator[FoundCode]:
    """Yield what may be codes with other words of a text between their own: for whoever can tell whether they are.

    In a sentence of a few dozen words there are several that only fit the check by chance.
    """
    words = _words(plain)
    latin, han = _by_script(plain, words)
    for stream in [words, latin, han] if latin and han else [words]:
        for parts in islice(_in_any_parts(stream), _MOST_TRIED):
            yield from _read_in_parts(parts)


def receipt_within(text: str) -> Receipt | None:
    """Find a code that stands within a text as one would write it: one word behind the other, in one language."""
    plain = "".join(map(visible, text))
    found = _first_as_written(plain)
    return found.receipt if found else None


def is_nearly_alone(text: str) -> bool:
    """Whether a text is a code, as one would write it, with no more than a few words around it."""
    plain = "".join(map(visible, text))
    found = _first_as_written(plain)
    around = found and len(_WORD_OF_TEXT.findall(plain, 0, found.start)) + len(_WORD_OF_TEXT.findall(plain, found.end))
    return around is not None and around <= _MOST_AROUND


def meant_as_code(text: str) -> Receipt | MistypedCode | None:
    """Find a code, or what looks like one with something wrong in it, alone or within a sentence.

    Of a code with one word wrong, whoever reads it could guess the right one: some 70 pass its check.
    """
    read = read_receipt(text)
    if isinstance(read, Receipt):
        return read
    return receipt_within(text) or read or _mistyped_within(text) or _first_code_in(text)


def receipts_in(plain: str) -> Iterator[tuple[int, int]]:
    """Yield where in a text in plain form codes stand, and what is nearly as good: one with a word wrong.

    Four and four characters that nobody calls a code count only if each is on the list: with one that is not, they
    may just as well be an ordinary sentence's.
    """
    yield from ((found.start, found.end) for found in codes_in(plain))
    yield from (
        span
        for span, mistyped, is_certain in _mistyped_in(plain)
        if is_certain or mistyped.kind is not MistypeKind.UNKNOWN_WORD
    )


def _first_code_in(text: str) -> Receipt | None:
    return next((found.receipt for found in codes_in("".join(map(visible, text)))), None)


def _first_as_written(plain: str) -> FoundCode | None:
    for words in _by_script(plain, _words(plain)):
        for found in _TOGETHER.finditer(_pattern(words)):
            code = words[found.start() : found.start() + WORDS]
            receipt = receipt_of([word.numbers for word in code])
            if receipt is not None:
                return FoundCode(code[0].start, code[-1].end, receipt)
    return None


def _words(plain: str) -> list[_Word]:
    counted = {place for found in _ORDINAL.finditer(plain) for place in range(*found.span())}
    return [
        _Word(*found.span(), numbers_by_word().get(found[0].lower(), ()))
        for found in _WORD_OF_TEXT.finditer(plain)
        if found.start() not in counted
    ]


def _by_script(plain: str, words: Sequence[_Word]) -> tuple[list[_Word], list[_Word]]:
    """Return the English words and the Chinese ones."""
    latin = [word for word in words if plain[word.start].isascii()]
    return latin, [word for word in words if not plain[word.start].isascii()] if latin else list(words)


def _arranged(words: Sequence[_Word]) -> Iterator[FoundCode]:
    """Yield the codes whose words stand together, or apart in one manner."""
    pattern = _pattern(words)
    for arrangement in _ARRANGEMENTS:
        for found in arrangement.finditer(pattern):
            yield from _read_both_ways([words[found.start(word)] for word in range(1, WORDS + 1)])


def _in_halves(plain: str, words: Sequence[_Word]) -> Iterator[FoundCode]:
    """Yield both halves of the codes of which four words stand in one place and four in another, in either order."""
    starts = [found.start() for found in _HALVES.finditer(_pattern(words))]
    halves = [start for start in starts if _is_half(plain, words, start)]
    for place, start in enumerate(halves):
        first = words[start : start + _HALF]
        nearest = bisect_left(halves, start + _HALF, place)
        for other in halves[nearest : nearest + _MOST_OTHER_HALVES]:
            if other > start + _HALF + _BETWEEN_HALVES:
                break
            yield from _read_in_parts([first, words[other : other + _HALF]])


def _is_half(plain: str, words: Sequence[_Word], start: int) -> bool:
    """Whether four words stand apart, between signs or words that no code has, and are joined in one manner."""
    end = start + _HALF
    joints = {plain[word.end : other.start] for word, other in pairwise(words[start:end])}
    return (
        len(joints) == 1
        and (start == 0 or not words[start - 1].numbers or _has_sign(plain, words[start - 1], words[start]))
        and (end == len(words) or not words[end].numbers or _has_sign(plain, words[end - 1], words[end]))
    )


def _in_any_parts(words: Sequence[_Word]) -> Iterator[list[Sequence[_Word]]]:
    """Yield what may be codes, in their parts: broken in two anywhere, or with one or two words between all."""
    together = [0] * (len(words) + 1)  # words of codes that stand together from each on
    for place in range(len(words) - 1, -1, -1):
        together[place] = together[place + 1] + 1 if words[place].numbers else 0
    for start in range(len(words)):
        for count in range(1, min(WORDS - 1, together[start]) + 1):
            end = start + count
            for other in range(end + 1, min(end + _BETWEEN_HALVES, len(words))):
                if together[other] >= WORDS - count:
                    yield [words[start:end], words[other : other + WORDS - count]]
        yield from _spread_from(words, [start])


def _spread_from(words: Sequence[_Word], chosen: list[int]) -> Iterator[list[Sequence[_Word]]]:
    """Yield what goes on as a code from some words, with one or two others before each of those to come."""
    if not words[chosen[-1]].numbers:
        return
    if len(chosen) == WORDS:
        yield [[words[place]] for place in chosen]
        return
    for place in range(chosen[-1] + 2, min(chosen[-1] + 4, len(words))):
        yield from _spread_from(words, [*chosen, place])


def _has_sign(plain: str, word: _Word, other: _Word) -> bool:
    """Whether a sign stands between two words; what joins English ones is none."""
    between = plain[word.end : other.start]
    return bool(between.strip(" -") if plain[other.start].isascii() else between)


def _spelt(plain: str, signs: re.Pattern[str]) -> Iterator[FoundCode]:
    """Yield the codes that these signs of a text spell, whatever stands between them."""
    places = [found.start() for found in signs.finditer(plain)]
    letters = "".join(plain[place] for place in places).lower()
    yield from _spelt_in(letters, places)
    yield from _spelt_in(letters[::-1], places[::-1])


def _spelt_in(letters: str, places: Sequence[int]) -> Iterator[FoundCode]:
    """Yield the codes spelt by letters that stand at these places, which fall where they are read from behind."""
    ends = [_ends_of_words(letters, start) for start in range(len(letters))]
    most = [0] * (len(letters) + 1)  # words in a row that can be read from each letter on
    for start in range(len(letters) - 1, -1, -1):
        most[start] = max((most[end] + 1 for end in ends[start]), default=0)
    for start, count in enumerate(most[:-1]):
        if count >= WORDS:
            for spelt in _readings(start, ends, WORDS):
                spans = [sorted((places[begin], places[end - 1])) for begin, end in spelt]
                yield from _read_both_ways(
                    [
                        _Word(first, last + 1, numbers_by_word()[letters[begin:end]])
                        for (first, last), (begin, end) in zip(spans, spelt, strict=True)
                    ]
                )


def _ends_of_words(letters: str, start: int) -> list[int]:
    return [
        start + length
        for length in _LENGTHS
        if start + length <= len(letters) and letters[start : start + length] in numbers_by_word()
    ]


def _readings(start: int, ends: Sequence[Sequence[int]], count: int) -> Iterator[tuple[tuple[int, int], ...]]:
    """Yield the ways in which so many words can be read from a letter on."""
    if count == 0:
        yield ()
        return
    for end in ends[start]:
        for further in _readings(end, ends, count - 1) if end < len(ends) or count == 1 else ():
            yield (start, end), *further


def _pattern(words: Sequence[_Word]) -> str:
    return "".join("x" if word.numbers else "-" for word in words)


def _read_both_ways(words: Sequence[_Word]) -> Iterator[FoundCode]:
    numbers = [word.numbers for word in words]
    for receipt in (receipt_of(numbers), receipt_of(numbers[::-1])):
        if receipt is not None:
            yield FoundCode(min(word.start for word in words), max(word.end for word in words), receipt)


def _read_in_parts(parts: Sequence[Sequence[_Word]]) -> Iterator[FoundCode]:
    """Yield each part of a code of these parts, whichever comes first."""
    for order in (parts, parts[::-1]) if len(parts) == 2 else (parts,):
        for found in _read_both_ways([word for part in order for word in part]):
            yield from (FoundCode(part[0].start, part[-1].end, found.receipt) for part in parts)


def _mistyped_within(text: str) -> MistypedCode | None:
    return next((mistyped for _, mistyped, _ in _mistyped_in(unicodedata.normalize("NFKC", text))), None)


def _mistyped_in(plain: str) -> Iterator[tuple[tuple[int, int], MistypedCode, bool]]:
    """Yield where something stands that looks meant as a code, what is wrong in it, and whether it surely was."""
    for pattern in (_LABELLED_TOO_LONG, _LABELLED_EIGHT, _LABELLED_TOO_SHORT, _MISTYPED_PRINTED):
        for match in pattern.finditer(plain):
            mistyped = read_plain(match[1].casefold())
            if isinstance(mistyped, MistypedCode):
                yield match.span(1), mistyped, pattern is not _MISTYPED_PRINTED or "-" in match[1]
