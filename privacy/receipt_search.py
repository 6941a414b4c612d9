"""Finds receipt codes within what somebody wrote: whoever reads one could come back in its writer's place.

What stands between the words of a code makes no difference: signs, ends of lines and of messages, another language.
Nor does their order, read from behind. That eight words in a row belong to codes and fit together by their check is
rare enough in what people write: no word that every sentence has belongs to codes.
"""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from functools import cache
from itertools import chain, islice, pairwise
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
# Ways in which a code may be broken in two, in all the rows of words of a text. In 8,000 words of people there are a
# third as many in a row, and two rows at most that are long.
_MOST_TRIED = 150_000
_MOST_OTHER_HALVES = 4  # with which a half is tried
_LETTERS = re.compile("[A-Za-z]")
_SIGNS = re.compile(f"[A-Za-z{HAN}]")
_HAN_SIGN = re.compile(f"[{HAN}]")
_TELLING = (1, 3, 4)  # signs by which words are told from one another: Chinese ones, English of three letters, others
_MOST_TELLING = max(_TELLING)
_MOST_LETTERS = 64  # of a code in English, 8 of each word

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
    streams = list(_streams(plain))
    for stream in streams:
        yield from _arranged(stream)
    yield from _spelt(plain, _LETTERS)
    yield from _spelt(plain, _SIGNS, _HAN_SIGN, _LETTERS)
    for stream in streams:
        yield from _in_halves(plain, stream)


def perhaps_codes_in(plain: str) -> Iterator[FoundCode]:
    """Yield what may be codes with other words of a text between their own: for whoever can tell whether they are.

    In a sentence of a few dozen words there are several that only fit the check by chance.
    """
    for parts in islice(chain.from_iterable(map(_in_any_parts, _streams(plain))), _MOST_TRIED):
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


def without_codes(text: str) -> str:
    """Return a text in plain form with blanks for the codes in it; as it is where there is none."""
    plain = "".join(map(visible, text))
    without = plain
    for start, end in receipts_in(plain):
        without = without[:start] + " " * (end - start) + without[end:]
    return text if without == plain else without


def _first_code_in(text: str) -> Receipt | None:
    return next((found.receipt for found in codes_in("".join(map(visible, text)))), None)


def _first_as_written(plain: str) -> FoundCode | None:
    for words in (stream for row in _rows(plain) for stream in _by_script(plain, row)):
        for found in _TOGETHER.finditer(_pattern(words)):
            code = words[found.start() : found.start() + WORDS]
            receipt = receipt_of([word.numbers for word in code])
            if receipt is not None:
                return FoundCode(code[0].start, code[-1].end, receipt)
    return None


def _streams(plain: str) -> Iterator[list[_Word]]:
    """Yield the words of a text, and those of each script by themselves: a code stands in one of these rows."""
    for row in _rows(plain):
        yield row
        latin, han = _by_script(plain, row)
        if latin and han:
            yield from (latin, han)


def _rows(plain: str) -> Iterator[list[_Word]]:
    """Yield the words of a text without those that count others, and all of them where that is not the same."""
    words = [
        _Word(*found.span(), numbers_by_word().get(found[0].lower(), ())) for found in _WORD_OF_TEXT.finditer(plain)
    ]
    counting = {place for found in _ORDINAL.finditer(plain) for place in range(*found.span())}
    others = [word for word in words if word.start not in counting]
    yield others
    if len(others) < len(words):  # what seems to count may be of the code
        yield words


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


def _spelt(plain: str, signs: re.Pattern[str], *kinds: re.Pattern[str]) -> Iterator[FoundCode]:
    """Yield the codes that these signs of a text spell, whatever stands between them.

    `kinds`: only codes that have a sign of each.
    """
    places = [found.start() for found in signs.finditer(plain)]
    letters = "".join(plain[place] for place in places).lower()
    stretches = list(_stretches(letters, kinds))
    for start, end in stretches:
        yield from _spelt_in(letters[start:end], places[start:end], kinds)
    for start, end in reversed(stretches):
        yield from _spelt_in(letters[start:end][::-1], places[start:end][::-1], kinds)


def _stretches(letters: str, kinds: Collection[re.Pattern[str]]) -> Iterator[tuple[int, int]]:
    """Yield the stretches of letters whose every code could have a sign of each kind."""
    near = [bytearray(len(letters)) for _ in kinds]
    for kind, places in zip(kinds, near, strict=True):
        for found in kind.finditer(letters):
            start, end = max(0, found.start() - _MOST_LETTERS), min(found.end() + _MOST_LETTERS, len(letters))
            places[start:end] = bytes([1]) * (end - start)
    all_near = bytes(map(all, zip(*near, strict=True))) if near else bytes([1]) * len(letters)
    yield from (found.span() for found in re.finditer(rb"\x01+", all_near))


def _spelt_in(letters: str, places: Sequence[int], kinds: Collection[re.Pattern[str]]) -> Iterator[FoundCode]:
    """Yield the codes spelt by letters that stand at these places, which fall where they are read from behind."""
    ends = [_ends_of_words(letters, start) for start in range(len(letters))]
    most = [0] * (len(letters) + 1)  # words in a row that can be read from each letter on
    for start in range(len(letters) - 1, -1, -1):
        if ends[start]:
            most[start] = max([most[end] + 1 for end in ends[start]])
    for start, count in enumerate(most):
        if count < WORDS:
            continue
        for bounds in _readings(start, ends, most):
            end = bounds[-1]
            if not all(kind.search(letters, start, end) for kind in kinds):
                continue
            numbers = [numbers_by_word()[letters[first:last]] for first, last in pairwise(bounds)]
            span = sorted((places[start], places[end - 1]))
            yield from (FoundCode(span[0], span[1] + 1, receipt) for receipt in _receipts_of(numbers))


@cache
def _words_by_beginning() -> dict[str, str]:
    """Return the words by what they are told from one another by: a sign of Chinese, three or four letters."""
    return {word[:_MOST_TELLING]: word for word in numbers_by_word()}


def _ends_of_words(letters: str, start: int) -> list[int]:
    """Return where the words may end that begin at a letter, shorter ones first."""
    ends = []
    for size in _TELLING:
        word = _words_by_beginning().get(letters[start : start + size])
        if word is not None and letters.startswith(word, start):
            ends.append(start + len(word))
    return ends


def _readings(start: int, ends: Sequence[Sequence[int]], most: Sequence[int]) -> list[tuple[int, ...]]:
    """Return the ways in which the words of a code can be read from a letter on: where each begins, and the end."""
    readings: list[tuple[int, ...]] = [(start,)]
    for left in range(WORDS - 1, -1, -1):
        readings = [(*reading, end) for reading in readings for end in ends[reading[-1]] if most[end] >= left]
    return readings


def _pattern(words: Sequence[_Word]) -> str:
    return "".join("x" if word.numbers else "-" for word in words)


def _read_both_ways(words: Sequence[_Word]) -> Iterator[FoundCode]:
    for receipt in _receipts_of([word.numbers for word in words]):
        yield FoundCode(min(word.start for word in words), max(word.end for word in words), receipt)


def _receipts_of(numbers: Sequence[tuple[int, ...]]) -> list[Receipt]:
    """Return the codes of eight words, read from the first on and from the last."""
    return [receipt for receipt in (receipt_of(numbers), receipt_of(numbers[::-1])) if receipt is not None]


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
