"""A linear learner beside the rules: what it has seen in labelled texts speaks for or against each label.

It answers how urgent a text is, what it is, and of which category. Its features are single signs, pairs of signs and
the concepts of the lexicon. The weights are made by `python -m bench.intake_training`; here they are only added up.
"""

import json
from array import array
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import exp, sqrt

from services.intake.reading import Reading
from services.intake.words import Hit

_OF_CONCEPT = 0.4  # value of a concept's feature, beside a text's signs, whose squares sum up to one
_HUNDRED = 100
_SHOWN = 3  # pieces of a text that are shown as having led to a label

Features = Mapping[str, float]


@dataclass(frozen=True)
class Model:
    """The labels of one question, and how much each feature speaks for each. Weights are kept in hundredths."""

    labels: tuple[str, ...]
    bias: tuple[float, ...]
    numbers: Mapping[str, int]  # of all features that any model knows
    rows: "array[int]"  # by the number of a feature: where its weights begin; -1 where it says nothing
    weights: "array[int]"  # of all features, one after the other

    def likelihoods(self, features: Features) -> dict[str, float]:
        """Return how likely each label is; they sum up to one."""
        sums = list(self.bias)
        for feature, value in features.items():
            for number, weight in enumerate(self._weights_of(feature)):
                sums[number] += weight * value
        highest = max(sums)
        shares = [exp((one - highest) / _HUNDRED) for one in sums]
        whole = sum(shares)
        return {label: share / whole for label, share in zip(self.labels, shares, strict=True)}

    def hits(self, reading: Reading, label: str) -> list[Hit]:
        """Return the pieces of a text that speak most for a label."""
        number = self.labels.index(label)
        pairs = {reading.text[place : place + 2]: place for place in range(len(reading.text) - 1)}
        weighed = sorted(pairs, key=lambda pair: (self._weights_of(pair) or [0] * len(self.labels))[number])
        return [Hit(pairs[pair], pairs[pair] + 2, pair) for pair in weighed[-_SHOWN:]]

    def _weights_of(self, feature: str) -> Sequence[int]:
        number = self.numbers.get(feature, len(self.rows))
        row = self.rows[number] if number < len(self.rows) else -1
        return () if row < 0 else self.weights[row : row + len(self.labels)]


def features(reading: Reading, concepts: Collection[str]) -> dict[str, float]:
    """Return the features of a text in which words of these concepts stand."""
    text = reading.text
    grams = {*text, *(text[place : place + 2] for place in range(len(text) - 1))}
    value = 1 / sqrt(len(grams)) if grams else 0.0
    return dict.fromkeys(grams, value) | {f"concept {name}": _OF_CONCEPT for name in concepts}


def with_weights(found: Features, weights: Mapping[str, float]) -> dict[str, float]:
    """Return features of a text together with what its words weigh for each category."""
    return {**found, **{f"category {code}": min(weight, 9.0) / 3 for code, weight in weights.items()}}


@cache
def models() -> Mapping[str, Model]:
    """Return the learned models by the name of their question; they are read when first asked for.

    They are read a line at a time, and what several models know is kept once: as one object of JSON they would take
    ten times as much memory.
    """
    found: dict[str, Model] = {}
    numbers: dict[str, int] = {}
    with (files("services.intake") / "lexicon" / "weights.jsonl").open(encoding="utf-8") as lines:
        json.loads(next(lines))  # what they were learned from
        for line in lines:
            entry = json.loads(line)
            if isinstance(entry, dict):
                rows, weights = array("l"), array("h")
                found[entry["model"]] = Model(tuple(entry["labels"]), tuple(entry["bias"]), numbers, rows, weights)
            else:
                feature, *own = entry
                number = numbers.setdefault(feature, len(numbers))
                rows.extend([-1] * (number + 1 - len(rows)))
                rows[number] = len(weights)
                weights.extend(own)
    return found
