"""A resident's texts as they are searched: one text in plain, simplified, standard words, each sign mapped back."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence

from services.cases.masking import blanked
from services.intake.folding import is_han, plain_character
from services.intake.lexicon import lexicon
from services.intake.understanding import WordSpan
from services.intake.words import Hit

_STREWN = frozenset(" .·•*_~-—|/\\")  # signs strewn between single characters, to hide a word or by habit
_SHORT_LINE = 16  # signs of a line that is a piece of a sentence
_SENTENCE_ENDS = frozenset("。!?;…\n")
_CLAUSE_ENDS = _SENTENCE_ENDS | frozenset(',、:《》"“”')

Places = list[tuple[int, int]]  # from where to where each sign stood in the texts


class Reading:
    """The texts of one resident as one text, a line each."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = texts
        self._starts: list[int] = []
        signs: list[str] = []
        origins: list[tuple[int, int]] = []
        place = 0
        for text in texts:
            self._starts.append(place)
            for at, character in enumerate(blanked(text), start=place):
                for sign in plain_character(character):
                    if sign == " " and signs and signs[-1] == " ":
                        continue  # several blanks part words as one does
                    signs.append(sign)
                    origins.append((at, at + 1))
            place += len(text) + 1
            signs.append("\n")
            origins.append((place - 1, place))
        signs, origins = _closed_up(signs[:-1], origins[:-1])
        self.text, self._origins = _in_standard_words(*_in_characters("".join(signs), origins))
        self.sounds = lexicon().sound(self.text)
        self.in_short_lines = "\n" in self.text and max(map(len, self.text.split("\n"))) <= _SHORT_LINE
        self._found: dict[str, list[Hit]] = {}  # all words of the lexicon that stand in the text, by their pattern
        self.joined, joined_places = _joined(self.text)  # a sentence that is written in several short lines as one
        for hit in lexicon().everything.find(self.text):
            self._found.setdefault(hit.pattern, []).append(hit)
        for hit in lexicon().everything.find(self.joined) if self.joined != self.text else ():
            start, end = joined_places[hit.start], joined_places[hit.end - 1] + 1
            if end - start > hit.end - hit.start:  # it goes on in the next line
                self._found.setdefault(hit.pattern, []).append(Hit(start, end, hit.pattern))
        self._clauses, self._sentences = _numbered(self.text, in_short_lines=self.in_short_lines)

    def words(self, start: int, end: int) -> tuple[WordSpan, ...]:
        """Return where a piece stands in the texts; a piece that goes on into the next text is several."""
        if start >= end:
            return ()
        begin, stop = self._origins[start][0], self._origins[end - 1][1]
        first = bisect_right(self._starts, begin) - 1
        found = []
        for number in range(first, len(self.texts)):
            offset = self._starts[number]
            if offset >= stop:
                break
            a, b = max(begin - offset, 0), min(stop - offset, len(self.texts[number]))
            if a < b:
                found.append(WordSpan(number, a, b, self.texts[number][a:b]))
        return tuple(found)

    def of(self, *hits: Hit) -> tuple[WordSpan, ...]:
        """Return where some hits stand in the texts, in their order and each once."""
        found = {words: None for hit in sorted(hits, key=lambda hit: hit.start) for words in self.words(*hit.span)}
        return tuple(found)

    def clause(self, place: int) -> int:
        """Return the number of the clause in which a sign stands."""
        return self._clauses[place]

    @property
    def clauses(self) -> list[tuple[int, int]]:
        """Where the clauses begin and end, without the signs at either end that are no letters."""
        spans = []
        start = 0
        for place in range(1, len(self.text) + 1):
            if place == len(self.text) or self._clauses[place] != self._clauses[start]:
                spans.append(_trimmed(self.text, start, place))
                start = place
        return [(start, end) for start, end in spans if start < end]

    def sentence(self, place: int) -> int:
        """Return the number of the sentence in which a sign stands."""
        return self._sentences[place]

    def find(self, words: frozenset[str]) -> list[Hit]:
        """Return the words of a list that stand in the text, in the order of where they begin."""
        found = [hit for pattern, hits in self._found.items() if pattern in words for hit in hits]
        return sorted(found, key=lambda hit: hit.start)


def _joined(text: str) -> tuple[str, list[int]]:
    """Return a text without the breaks after short lines that no sign ends, and where each of its signs stood."""
    kept = []
    line = 0  # where it begins
    for place, sign in enumerate(text):
        if sign == "\n":
            is_piece = 0 < place - line <= _SHORT_LINE and text[place - 1] not in _CLAUSE_ENDS
            line = place + 1
            if is_piece and is_han(text[place - 1]):
                continue
        kept.append(place)
    return "".join(text[place] for place in kept), kept


def _numbered(text: str, *, in_short_lines: bool) -> tuple[list[int], list[int]]:
    """Return for each sign the numbers of its clause and of its sentence; a short line is no sentence of its own."""
    clause, sentence = 0, 0
    clauses, sentences = [], []
    for sign in text:
        clauses.append(clause)
        sentences.append(sentence)
        clause += sign in _CLAUSE_ENDS
        sentence += sign in _SENTENCE_ENDS and not (sign == "\n" and in_short_lines)
    return clauses, sentences


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and not text[start].isalnum():
        start += 1
    while start < end and not text[end - 1].isalnum():
        end -= 1
    return start, end


def _closed_up(signs: list[str], origins: list[tuple[int, int]]) -> tuple[list[str], list[tuple[int, int]]]:
    """Leave out what is strewn between single characters; make a comma of a blank that parts Chinese words."""
    kept: list[str] = []
    kept_origins: list[tuple[int, int]] = []
    for place, sign in enumerate(signs):
        if sign in _STREWN and 0 < place < len(signs) - 1:
            before, after = signs[place - 1], signs[place + 1]
            if is_han(before) and is_han(after):
                if _stands_alone(signs, place - 1) or _stands_alone(signs, place + 1):
                    continue
                if sign == " ":
                    sign = ","  # noqa: PLW2901  # a blank where others write a comma
            elif sign == " " and (is_han(before) or is_han(after)):
                continue
        kept.append(sign)
        kept_origins.append(origins[place])
    return kept, kept_origins


def _stands_alone(signs: list[str], place: int) -> bool:
    before = signs[place - 1] if place else " "
    after = signs[place + 1] if place + 1 < len(signs) else " "
    return not is_han(before) and not is_han(after)


def _in_characters(text: str, origins: Places) -> tuple[str, Places]:
    """Put what is spelt in Latin letters as it sounds in characters."""
    return _replaced(text, origins, ((one.start, one.end, one.characters) for one in lexicon().pinyin.spelt(text)))


def _in_standard_words(text: str, origins: Places) -> tuple[str, Places]:
    """Put what is said in dialect in standard words."""
    dialect = lexicon().dialect
    said = ((hit.start, hit.end, dialect.standard_for[hit.pattern]) for hit in dialect.said(text))
    return _replaced(text, origins, said)


def _replaced(text: str, origins: Places, by: Iterable[tuple[int, int, str]]) -> tuple[str, Places]:
    """Replace pieces of a text, in its order, by words that come from where these stood."""
    parts: list[str] = []
    kept: Places = []
    place = 0
    for start, end, words in by:
        parts += [text[place:start], words]
        kept += origins[place:start]
        kept += [(origins[start][0], origins[end - 1][1])] * len(words)
        place = end
    return "".join([*parts, text[place:]]), kept + origins[place:]
