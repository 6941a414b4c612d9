"""A linear learner beside the rules: what it has seen in labelled texts speaks for or against each label.

It answers how urgent a text is, what it is, and of which category. Its features are single signs, pairs of signs and
the concepts of the lexicon. The weights are made by `python -m bench.intake_training`; here they are only added up.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import exp, sqrt

from services.intake.reading import Reading
from services.intake.words import Hit

_OF_CONCEPT = 0.4  # value of a concept's feature, beside a text's signs, whose squares sum up to one
_SHOWN = 3  # pieces of a text that are shown as having led to a label

Features = Mapping[str, float]


@dataclass(frozen=True)
class Model:
    """The labels of one question, and how much each feature speaks for each."""

    labels: tuple[str, ...]
    bias: tuple[float, ...]
    weights: Mapping[str, tuple[float, ...]]

    def likelihoods(self, features: Features) -> dict[str, float]:
        """Return how likely each label is; they sum up to one."""
        sums = list(self.bias)
        for feature, value in features.items():
            for number, weight in enumerate(self.weights.get(feature, ())):
                sums[number] += weight * value
        highest = max(sums)
        shares = [exp(one - highest) for one in sums]
        whole = sum(shares)
        return {label: share / whole for label, share in zip(self.labels, shares, strict=True)}

    def hits(self, reading: Reading, label: str) -> list[Hit]:
        """Return the pieces of a text that speak most for a label."""
        number = self.labels.index(label)
        pairs = {reading.text[place : place + 2]: place for place in range(len(reading.text) - 1)}
        weighed = sorted(pairs, key=lambda pair: self.weights[pair][number] if pair in self.weights else 0.0)
        return [Hit(pairs[pair], pairs[pair] + 2, pair) for pair in weighed[-_SHOWN:]]


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
    """Return the learned models by the name of their question; they are read when first asked for."""
    written = json.loads((files("services.intake") / "lexicon" / "weights.json").read_text(encoding="utf-8"))
    return {name: _model(**model) for name, model in written["models"].items()}


def _model(labels: Iterable[str], bias: Iterable[float], weights: Mapping[str, Iterable[float]]) -> Model:
    return Model(tuple(labels), tuple(bias), {feature: tuple(values) for feature, values in weights.items()})
