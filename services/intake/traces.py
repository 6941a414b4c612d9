"""What leads to the writer in words: nicknames, and what they say of themselves that is true of few."""

from collections.abc import Iterable, Iterator, Mapping

from privacy.traces.names import name_at
from services.intake.folding import is_han
from services.intake.lexicon import lexicon
from services.intake.reading import Reading
from services.intake.understanding import TraceFinding, TraceOf
from services.intake.words import Hit, longest, near, outside

_LONGEST_NAME = 6  # signs of a nickname
_LONGEST_TOLD = 8  # signs of who is said to have told it
_LATIN_NAME = 24
_BETWEEN = 14  # signs between 'don't say' and 'told it'
_LONGEST_CLAUSE = 28  # signs of a self-description that are marked
_LATIN_CLAUSE = 70
_NEARLY_FIRST = 3  # signs from the beginning of a clause
_RARELY_SURNAMES = frozenset("都有从向和能时常应相全于通解包管经连终别安在当被让说要去来没")  # and often other words
_NO_NAMES = ("高血", "高烧", "高考", "高中", "高一", "高二", "高三", "高龄", "那", "白血", "白内", "黄疸")
_NAME_ENDS = frozenset(",.;:。!?、\n\"'“”()")
_AFTER_NAMES = ("的就是我", "就是我", "你们", "的", "这个", "住", "在", "是", ",")


def traces(reading: Reading) -> list[TraceFinding]:
    """Return what leads to the writer, in the order of the text."""
    nicknames = list(_nicknames(reading))
    spans = {*nicknames, *_not_to_be_said(reading), *_names(reading), *_described(reading, nicknames)}
    found: list[tuple[int, int, TraceOf, bool]] = []
    for start, end, trace, sure in sorted(spans):
        if not found or start >= found[-1][1]:
            found.append((start, end, trace, sure))
    return [TraceFinding(trace, reading.words(start, end), sure) for start, end, trace, sure in found]


Span = tuple[int, int, TraceOf, bool]


def _nicknames(reading: Reading) -> Iterator[Span]:
    words = lexicon().traces["nickname"]
    called = longest(reading.find(words["called"]))
    perhaps = set(outside(reading.find(words["called_perhaps"]), called, len(reading.text)))
    for cue in outside([*called, *perhaps], reading.find(words["not_called"]), len(reading.text)):
        start = cue.end
        while start < len(reading.text) and (
            reading.text[start] in " ,:\"“'「" or reading.text.startswith(("做", "是"), start)
        ):
            start += 1
        end = _end_of_name(reading, start)
        name = reading.text[start:end]
        if _is_nobody(name) or (cue in perhaps and lexicon().of_nicknames.isdisjoint(name)):
            continue
        yield start, end, TraceOf.NICKNAME, True


def _end_of_name(reading: Reading, start: int) -> int:
    text = reading.text
    if start < len(text) and not is_han(text[start]):
        end = start
        while end < len(text) and end - start < _LATIN_NAME and text[end] not in _NAME_ENDS:
            end += 1
        return end
    end = start
    while (
        end < len(text) and end - start < _LONGEST_NAME and is_han(text[end]) and not text.startswith(_AFTER_NAMES, end)
    ):
        end += 1
    return end


def _is_nobody(name: str) -> bool:
    nobody = lexicon().nobody
    return name in nobody or len(name) < 2


def _not_to_be_said(reading: Reading) -> Iterator[Span]:
    """Yield who is named between 'don't say it was' and 'who told it'."""
    words = lexicon().traces["nickname"]
    for cue, told in near(reading.find(words["do_not_say"]), reading.find(words["told_it"]), _BETWEEN):
        if cue.end > told.start or reading.sentence(cue.start) != reading.sentence(told.start):
            continue
        start = cue.end
        while start < told.start and reading.text.startswith(
            ("是", "系", "给", "他们", "出去", "让", "村里", "知道", "人", ",", " "), start
        ):
            start += 1
        name = reading.text[start : told.start]
        if len(name) <= _LONGEST_TOLD and not _is_nobody(name) and not name.startswith(("我", "谁", "他", "你")):
            yield start, told.start, TraceOf.NICKNAME, True


def _described(reading: Reading, nicknames: Iterable[Span]) -> Iterator[Span]:
    """Yield the clauses in which the writer says of themselves what is true of few."""
    about_writer = {reading.clause(start) for start, *_ in nicknames}
    by_clause = {name: _by_clause(reading, reading.find(words)) for name, words in lexicon().traces["self"].items()}
    for clause, begins in by_clause["begins"].items():
        first = begins[0]
        if not first.pattern.isascii() and clause not in by_clause["sure"] and not _begins_clause(reading, first):
            continue
        if any(hit.start <= first.start < hit.end for hit in by_clause["generic"].get(clause, ())):
            continue
        sure = clause in by_clause["sure"] or clause in by_clause["only"]
        told = [hit for name in _TELLING for hit in by_clause[name].get(clause, ()) if hit.start >= first.end]
        if told or sure:
            yield (*_clause_span(reading, first, [first, *told]), TraceOf.SELF_DESCRIPTION, sure)
            about_writer.add(clause)
    for clause in sorted(about_writer):
        further = by_clause["goes_on"].get(clause + 1)
        if further and _begins_clause(reading, further[0]) and clause + 1 in by_clause["work"]:
            yield (*_clause_span(reading, further[0], further), TraceOf.SELF_DESCRIPTION, False)
    for clause, onlies in by_clause["only"].items():
        if clause in by_clause["me"]:
            both = [*onlies, *by_clause["me"][clause]]
            yield (*_clause_span(reading, min(both, key=lambda hit: hit.start), both), TraceOf.SELF_DESCRIPTION, True)


def lists_by_clause(reading: Reading) -> Mapping[int, set[str]]:
    """Return for each clause the names of the lists of which words stand in it."""
    found: dict[int, set[str]] = {}
    for name, words in lexicon().traces["self"].items():
        for hit in reading.find(words):
            found.setdefault(reading.clause(hit.start), set()).add(name)
    return found


_TELLING = ("work", "rare", "spot", "only")


def _begins_clause(reading: Reading, hit: Hit) -> bool:
    """Whether a word stands at the beginning of its clause, or nearly."""
    before = hit.start - _NEARLY_FIRST
    return before < 0 or reading.clause(before) != reading.clause(hit.start)


def _names(reading: Reading) -> Iterator[Span]:
    """Yield names of the writer or of their kin, where no word introduces them as names."""
    words = lexicon().traces["name"]
    text = reading.text
    for cue in (*longest(reading.find(words["kin"])), *longest(reading.find(words["signature"]))):
        start = cue.end + (text[cue.end : cue.end + 1] in {" ", ",", ":"})
        end = name_at(text, start, is_certain=False)
        if end and text[start] not in _RARELY_SURNAMES and not text.startswith(_NO_NAMES, start):
            yield start, end, TraceOf.NAME, True
    for cue in longest(reading.find(words["asked_me"])):
        start = cue.start
        while start and reading.clause(start - 1) == reading.clause(cue.start) and cue.start - start < _BETWEEN:
            start -= 1
        if cue.start - start > 1:
            yield start, cue.start, TraceOf.NAME, False


def _by_clause(reading: Reading, hits: list[Hit]) -> Mapping[int, list[Hit]]:
    found: dict[int, list[Hit]] = {}
    for hit in hits:
        found.setdefault(reading.clause(hit.start), []).append(hit)
    return found


def _clause_span(reading: Reading, first: Hit, told: list[Hit]) -> tuple[int, int]:
    """Return where a clause is marked: from its first word to its end, as far as that is not too far."""
    clause = reading.clause(first.start)
    end = max(hit.end for hit in told)
    most = _LATIN_CLAUSE if first.pattern.isascii() else _LONGEST_CLAUSE
    while end < len(reading.text) and reading.clause(end) == clause and end - first.start < most:
        end += 1
    while end > first.start and not reading.text[end - 1].isalnum():
        end -= 1
    return first.start, end
