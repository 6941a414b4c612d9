"""The words that intake goes by: data files beside this module, which a clerk can read and extend."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from services.intake.folding import plain
from services.intake.pinyin import Pinyin
from services.intake.words import GAP, Hit, Vocabulary, expanded

_FOLDER = "lexicon"
_SETS = ("harmless", "resolved", "recovered", "again", "past", "now")
_WEIGHTS = {"strong": 3.0, "plain": 1.0, "weak": 0.4}
_SHORT = 2  # signs of a word so short that another may well sound like it
_LONG = 5
# Readings that are one in the mouths of many, so that either is typed for the other.
_SAME_INITIALS = (("zh", "z"), ("ch", "c"), ("sh", "s"))
_SAME_FINALS = (("ing", "in"), ("eng", "en"))


@dataclass(frozen=True)
class Rule:
    """What makes a crisis or a danger: a word of each concept, no further apart than so many signs."""

    level: str
    category: str  # of a text that says nothing else of its matter
    needs: tuple[str, ...]
    within: int
    in_order: bool
    unless_past: bool
    crisis: str | None  # whose help is needed first; None: anybody's


class Lexicon:
    """All data files, read once."""

    def __init__(self) -> None:
        self.dialect = Dialect(_read("dialect.toml"))
        self._patterns: dict[str, str] = {}  # of all word lists, each once
        self._readings = _readings()
        self._sounds = _sounds(self._readings)
        self.urgency = Concepts(_read("urgency.toml"), self)
        characters = {character: reading for reading, all_so in self._readings for character in all_so}
        self.pinyin = Pinyin(characters, (phrase for word in self.urgency.of for phrase in expanded(word)))
        self.categories = Categories(_read("categories.toml"), self)
        self.kinds = self._word_lists(_read("kinds.toml"))
        about = _read("about.toml")
        self.heads_by_surname: tuple[str, ...] = tuple(about["head"].pop("by_surname"))
        self.team_by_surname: tuple[str, ...] = tuple(about["team"].pop("by_surname"))
        self.about = self._word_lists(about)
        traces = _read("traces.toml")
        self.of_nicknames = frozenset("".join(traces["nickname"].pop("signs")))
        self.nobody = frozenset(map(self.standard, traces["nickname"].pop("nobody")))
        self.traces = self._word_lists(traces)
        self.topics = self._word_lists(_read("topics.toml"))
        self.everything = self.vocabulary(self._patterns)
        self._patterns = {}  # what was gathered is not needed again

    def standard(self, text: str) -> str:
        """Return a text in plain form and standard words."""
        return self.dialect.standard(plain(text))

    def sound(self, text: str) -> str:
        """Return a text of which each sign stands for all that sound like it."""
        return text.translate(self._sounds)

    def reading_of(self, character: str) -> str:
        """Return how a character is read, in Latin letters; itself when that is not known."""
        return next((reading for reading, characters in self._readings if character in characters), character)

    def vocabulary(self, patterns: Iterable[str]) -> Vocabulary:
        """Return patterns as they are looked for in texts that are in standard words."""
        return Vocabulary(patterns, self.standard)

    def word_list(self, patterns: Iterable[str]) -> frozenset[str]:
        """Return a list of patterns that is looked for together with all others, in one pass."""
        return frozenset(self._patterns.setdefault(pattern, pattern) for pattern in sorted(frozenset(patterns)))

    def _word_lists(self, data: Mapping[str, Mapping[str, list[str]]]) -> dict[str, dict[str, frozenset[str]]]:
        return {part: {name: self.word_list(words) for name, words in lists.items()} for part, lists in data.items()}


class Dialect:
    """What is said in dialect, and the standard words for it."""

    def __init__(self, data: Mapping[str, list[str]]) -> None:
        self.standard_for = {word: standard for standard, words in data.items() for word in words}
        self._vocabulary = Vocabulary(self.standard_for, plain)

    def said(self, text: str) -> list[Hit]:
        """Return what is said in dialect in a plain text; none overlaps another."""
        return self._vocabulary.longest(text)

    def standard(self, text: str) -> str:
        """Return a plain text in standard words."""
        parts, place = [], 0
        for hit in self.said(text):
            parts += [text[place : hit.start], self.standard_for[hit.pattern]]
            place = hit.end
        return "".join([*parts, text[place:]])


class Concepts:
    """Words by what they mean, and the rules that join them."""

    def __init__(self, data: Mapping[str, Any], lexicon: Lexicon) -> None:
        concepts: dict[str, list[str]] = data["concepts"]
        each_once: dict[tuple[str, ...], tuple[str, ...]] = {}  # many words are of the same concepts
        self.of: dict[str, tuple[str, ...]] = {}  # the concepts of each word
        for concept, words in concepts.items():
            for word in words:
                meant = (*self.of.get(word, ()), concept)
                self.of[word] = each_once.setdefault(meant, meant)
        self.words = lexicon.word_list(self.of)
        self.of_phrase: dict[str, tuple[str, ...]] = {}  # of each phrase that is known by its sound, too
        short_by_sound = set(data["short_by_sound"])
        for word in self.of:
            for phrase in map(lexicon.standard, expanded(word)):
                meant = tuple(name for name in self.of[word] if len(phrase) > _SHORT or name in short_by_sound)
                if meant and _may_be_misspelt(phrase):
                    self.of_phrase[word if word == phrase else phrase] = each_once.setdefault(meant, meant)
        self.sound_vocabulary = Vocabulary(self.of_phrase, lexicon.sound)
        self.rules = tuple(
            Rule(
                rule["level"],
                rule["category"],
                tuple(rule["needs"]),
                rule.get("within", 14),
                rule.get("in_order", False),
                rule.get("unless_past", False),
                rule.get("crisis"),
            )
            for rule in data["rules"]
        )
        self.negated: tuple[str, ...] = tuple(map(lexicon.standard, data["negated"]))
        self.nearly: tuple[str, ...] = tuple(map(lexicon.standard, data["nearly"]))
        self.unresolved: tuple[str, ...] = tuple(map(lexicon.standard, data["unresolved"]))
        self.sets = {name: lexicon.word_list(data[name]) for name in _SETS}


Weights = tuple[tuple[str, float], ...]  # by category


class Categories:
    """The words of each category, and how much each weighs."""

    def __init__(self, data: Mapping[str, Mapping[str, list[str]]], lexicon: Lexicon) -> None:
        self.codes = tuple(data)
        weights: dict[str, dict[str, float]] = {}
        for code, words in data.items():
            for strength, weight in _WEIGHTS.items():
                for word in words[strength]:
                    weights.setdefault(word, {}).setdefault(code, weight)
        each_once: dict[Weights, Weights] = {}  # many words weigh the same
        self.weights: dict[str, Weights] = {}
        for word, found in weights.items():
            pairs = tuple(found.items())
            self.weights[word] = each_once.setdefault(pairs, pairs)
        self.words = lexicon.word_list(self.weights)


def _may_be_misspelt(phrase: str) -> bool:
    """Whether a phrase is known by its sound, too; 死 sounds like many a common word."""
    return GAP not in phrase and len(phrase) >= (_SHORT if "死" not in phrase else _LONG) and not phrase.isascii()


@cache
def lexicon() -> Lexicon:
    """Return the lexicon; it is read when first asked for."""
    return Lexicon()


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((files("services.intake") / _FOLDER / name).read_text(encoding="utf-8"))


def _readings() -> tuple[tuple[str, str], ...]:
    """Return the readings, each with the characters of which it is the commonest."""
    lines = (files("services.intake") / _FOLDER / "sounds.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.split() for line in lines if not line.startswith("#"))
    return tuple((reading, characters) for reading, characters in pairs)


def _sounds(readings: Iterable[tuple[str, str]]) -> dict[int, int]:
    """Return for each character one that stands for all that sound like it, as `str.translate` takes it."""
    first_of: dict[str, int] = {}
    return {
        ord(character): first_of.setdefault(_spoken(reading), ord(character))
        for reading, characters in readings
        for character in characters
    }


def _spoken(reading: str) -> str:
    for written, spoken in _SAME_INITIALS:
        if reading.startswith(written):
            reading = spoken + reading.removeprefix(written)
    for written, spoken in _SAME_FINALS:
        if reading.endswith(written):
            reading = reading.removesuffix(written) + spoken
    return reading
