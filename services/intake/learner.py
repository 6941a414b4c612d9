"""A learner beside the rules: what it has seen in labelled texts speaks for or against each label.

It sees of a text its single signs and pairs of signs, the concepts of the lexicon, the rules that apply, what its words
weigh for each category, and the numbers that the encoder gives it. What is learned is made by
`python -m bench.intake_training`, together with the likelihoods from which on it is believed; here it is only added up.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from math import log2, sqrt

import numpy as np
from numpy.typing import NDArray

from services.intake.encoder import Numbers
from services.intake.reading import Reading
from services.intake.words import Hit

WEIGHTS = "learner.npz"
# Names in the file: of the digest of what the weights were learned from, and of the likelihoods from which on an answer
# is believed, by what they are of.
LEARNED_FROM = "learned_from"
THRESHOLDS, THRESHOLD_NAMES = "thresholds", "threshold_names"
_OF_CONCEPT = 0.4  # value of a concept's feature, beside a text's signs, whose squares sum up to one
_OF_RULE = 1.0
_OF_LIST = 0.4  # value of the feature that a word of a list stands in a clause
_OF_LENGTH = 0.4
_LONGEST = 8  # length of a text, as a power of two, from which on it is long
_MOST_WEIGHT = 9.0  # of a category that counts
_SHOWN = 3  # pieces of a text that are shown as having led to a label

Features = Mapping[str, float]


@dataclass(frozen=True)
class Seen:
    """What the learner sees of a text: its features by name, and the numbers of the encoder."""

    features: Features
    vector: Numbers


@dataclass(frozen=True)
class Model:
    """What was learned of one question."""

    labels: tuple[str, ...]
    rows: Mapping[str, int]  # of the weights, by feature
    weights: Numbers  # a row for each feature, a column for each label
    of_vector: Numbers  # the same for the numbers of the encoder, and one row more that is added always

    @classmethod
    def of(cls, name: str, stored: Mapping[str, NDArray[np.generic]]) -> "Model":
        """Return the model of this name from what is stored."""
        weights, of_vector = (stored[f"{name}.{part}"].astype(np.float32) for part in ("weights", "of_vector"))
        features = text_of(stored[f"{name}.features"]).split("\n")
        rows = {feature.replace("\\n", "\n"): row for row, feature in enumerate(features)}
        return cls(tuple(text_of(stored[f"{name}.labels"]).split("\n")), rows, weights, of_vector)

    def likelihoods(self, seen: Seen) -> dict[str, float]:
        """Return how likely each label is; they sum up to one."""
        rows, values = [], []
        for feature, value in seen.features.items():
            row = self.rows.get(feature)
            if row is not None:
                rows.append(row)
                values.append(value)
        sums = np.array(values, np.float32) @ self.weights[rows] + with_one(seen.vector) @ self.of_vector
        return dict(zip(self.labels, map(float, shares(sums)), strict=True))

    def hits(self, reading: Reading, label: str) -> list[Hit]:
        """Return the pieces of a text that speak most for a label."""
        number = self.labels.index(label)
        pairs = {reading.text[place : place + 2]: place for place in range(len(reading.text) - 1)}
        weighed = sorted(pairs, key=lambda pair: self.weights[self.rows[pair], number] if pair in self.rows else 0.0)
        return [Hit(pairs[pair], pairs[pair] + 2, pair) for pair in weighed[-_SHOWN:]]


def features(
    text: str, concepts: Collection[str], rules: Collection[str], weights: Mapping[str, float]
) -> dict[str, float]:
    """Return the features of a text in which words of these concepts stand, and to which these rules apply.

    Its words weigh so much for each category.
    """
    return {
        **signs_and_pairs(text),
        f"length {min(int(log2(len(text) + 1)), _LONGEST)}": _OF_LENGTH,
        **{f"concept {name}": _OF_CONCEPT for name in concepts},
        **{f"rule {name}": _OF_RULE for name in rules},
        **{f"category {code}": min(weight, _MOST_WEIGHT) / 3 for code, weight in weights.items()},
    }


def clause_features(text: str, lists: Collection[str]) -> dict[str, float]:
    """Return the features of a clause in which words of these lists stand."""
    return signs_and_pairs(f"^{text}") | {f"list {name}": _OF_LIST for name in lists}


def signs_and_pairs(text: str) -> dict[str, float]:
    """Return the single signs and the pairs of signs of a text, as features whose squares sum up to one."""
    grams = {*text, *(text[place : place + 2] for place in range(len(text) - 1))}
    return dict.fromkeys(grams, 1 / sqrt(len(grams))) if grams else {}


def with_one(vectors: Numbers) -> Numbers:
    """Return the numbers of the encoder with a one behind those of each text."""
    ones = np.ones((*vectors.shape[:-1], 1), np.float32)
    return np.concatenate([vectors, ones], axis=-1)


def text_of(stored: NDArray[np.generic]) -> str:
    """Return a text that is stored as bytes."""
    return bytes(stored).decode("utf-8")


def models() -> Mapping[str, Model]:
    """Return the learned models by the name of their question; they are read when first asked for."""
    return _learned()[0]


def thresholds() -> Mapping[str, float]:
    """Return the likelihoods from which on an answer is believed, by what they are of."""
    return _learned()[1]


@cache
def _learned() -> tuple[Mapping[str, Model], Mapping[str, float]]:
    with as_file(files("services.intake") / "lexicon" / WEIGHTS) as path, np.load(path) as stored:
        names: Sequence[str] = sorted({name.partition(".")[0] for name in stored.files if "." in name})
        of_names = text_of(stored[THRESHOLD_NAMES]).split("\n")
        return (
            {name: Model.of(name, stored) for name in names},
            dict(zip(of_names, map(float, stored[THRESHOLDS]), strict=True)),
        )


def shares(sums: Numbers) -> Numbers:
    """Return for what speaks for each label how likely it is (softmax); of several texts, a row each."""
    exponents = np.exp(sums - sums.max(axis=-1, keepdims=True))
    return np.asarray(exponents / exponents.sum(axis=-1, keepdims=True), np.float32)
