"""The words that intake goes by: data files beside this module, which a clerk can read and extend."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from services.intake.words import GAP, Vocabulary, expanded

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


class Lexicon:
    """All data files, read once."""

    def __init__(self) -> None:
        dialect = _read("dialect.toml")
        self.standard_for = {word: standard for standard, words in dialect.items() for word in words}
        self.dialect = Vocabulary(self.standard_for)
        self.sounds = _sounds()
        self.urgency = Concepts(_read("urgency.toml"), self.sounds)
        self.categories = Categories(_read("categories.toml"))
        self.kinds = _vocabularies(_read("kinds.toml"))
        about = _read("about.toml")
        self.by_surname: tuple[str, ...] = tuple(about["head"].pop("by_surname"))
        self.about = _vocabularies(about)
        traces = _read("traces.toml")
        self.nobody = frozenset(traces["nickname"].pop("nobody"))
        self.traces = _vocabularies(traces)
        self.topics = _vocabularies(_read("topics.toml"))


class Concepts:
    """Words by what they mean, and the rules that join them."""

    def __init__(self, data: Mapping[str, Any], sounds: Mapping[str, str]) -> None:
        concepts: dict[str, list[str]] = data["concepts"]
        self.of: dict[str, tuple[str, ...]] = {}  # the concepts of each word
        for concept, words in concepts.items():
            for word in words:
                self.of[word] = (*self.of.get(word, ()), concept)
        self.vocabulary = Vocabulary(self.of)
        self.by_sound: dict[str, tuple[str, ...]] = {}  # phrases by how they sound
        self.of_phrase: dict[str, tuple[str, ...]] = {}  # the concepts of each such phrase
        short_by_sound = set(data["short_by_sound"])
        for word in self.of:
            for phrase in expanded(word):
                meant = tuple(name for name in self.of[word] if len(phrase) > _SHORT or name in short_by_sound)
                if meant and _may_be_misspelt(phrase):
                    sound = "".join(sounds.get(sign, sign) for sign in phrase)
                    self.by_sound[sound] = (*self.by_sound.get(sound, ()), phrase)
                    self.of_phrase[phrase] = meant
        self.sound_vocabulary = Vocabulary(self.by_sound)
        self.rules = tuple(
            Rule(
                rule["level"],
                rule["category"],
                tuple(rule["needs"]),
                rule.get("within", 14),
                rule.get("in_order", False),
                rule.get("unless_past", False),
            )
            for rule in data["rules"]
        )
        self.negated: tuple[str, ...] = tuple(data["negated"])
        self.nearly: tuple[str, ...] = tuple(data["nearly"])
        self.unresolved: tuple[str, ...] = tuple(data["unresolved"])
        self.sets = {name: Vocabulary(data[name]) for name in _SETS}


class Categories:
    """The words of each category, and how much each weighs."""

    def __init__(self, data: Mapping[str, Mapping[str, list[str]]]) -> None:
        self.codes = tuple(data)
        self.weights: dict[str, dict[str, float]] = {}
        for code, words in data.items():
            for strength, weight in _WEIGHTS.items():
                for word in words[strength]:
                    self.weights.setdefault(word.lower(), {}).setdefault(code, weight)
        self.vocabulary = Vocabulary(self.weights)


def _may_be_misspelt(phrase: str) -> bool:
    """Whether a phrase is known by its sound, too; 死 sounds like many a common word."""
    return GAP not in phrase and len(phrase) >= (_SHORT if "死" not in phrase else _LONG) and not phrase.isascii()


@cache
def lexicon() -> Lexicon:
    """Return the lexicon; it is read when first asked for."""
    return Lexicon()


def _vocabularies(data: Mapping[str, Mapping[str, list[str]]]) -> dict[str, dict[str, Vocabulary]]:
    return {part: {name: Vocabulary(words) for name, words in lists.items()} for part, lists in data.items()}


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((files("services.intake") / _FOLDER / name).read_text(encoding="utf-8"))


def _sounds() -> dict[str, str]:
    """Return for each character one that stands for all that sound like it."""
    first_of: dict[str, str] = {}
    sounds: dict[str, str] = {}
    for line in (files("services.intake") / _FOLDER / "sounds.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            reading, characters = line.split()
            for written, spoken in _SAME_INITIALS:
                reading = spoken + reading.removeprefix(written) if reading.startswith(written) else reading
            for written, spoken in _SAME_FINALS:
                reading = reading.removesuffix(written) + spoken if reading.endswith(written) else reading
            stands_for = first_of.setdefault(reading, characters[0])
            sounds |= dict.fromkeys(characters, stands_for)
    return sounds
