"""`python -m bench.intake_training`: makes what the intake's learner has learned from the labelled utterances.

The parts that are set aside are not learned from.
"""

import hashlib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.intake import EVERYDAY, FURTHER, UTTERANCES, Labelled, read
from bench.intake_examples import Example, examples
from bench.intake_thresholds import QUESTIONS, chosen
from services.intake.encoder import Numbers
from services.intake.learner import LEARNED_FROM, THRESHOLD_NAMES, THRESHOLDS, WEIGHTS, Model, shares, with_one

LEXICON = Path(__file__).parent.parent / "services" / "intake" / "lexicon"
LEARNED = (UTTERANCES, FURTHER, EVERYDAY)
_LEAST_TEXTS = 3  # in which a feature must stand
_STEPS, _RATE = 100, 0.1
_SHRINK = 3e-5  # how strongly weights are drawn to zero

Stored = dict[str, NDArray[np.generic]]


def main() -> None:
    """Learn, choose from which likelihood on an answer is believed, and write both."""
    lexical, further = read(UTTERANCES), [*read(FURTHER), *read(EVERYDAY)]
    thresholds = chosen(lexical, further, _models)
    for name, value in thresholds.items():
        print(f"{name:16} {value:.3f}")
    stored: Stored = {
        f"{name}.{part}": value
        for name, given in examples(lexical, further).items()
        for part, value in learned(given).items()
    }
    stored[THRESHOLD_NAMES] = _stored("\n".join(thresholds))
    stored[THRESHOLDS] = np.array([*thresholds.values()], np.float32)
    stored[LEARNED_FROM] = _stored(digest(LEARNED))
    np.savez_compressed(LEXICON / WEIGHTS, allow_pickle=False, **stored)


def digest(paths: Collection[Path]) -> str:
    """Return a digest of the labelled utterances, by which it is seen that the weights are out of date."""
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()


def _models(lexical: Sequence[Labelled], further: Sequence[Labelled]) -> Mapping[str, Model]:
    """Return the models of the questions for which a threshold is chosen."""
    given = examples(lexical, further)
    return {
        name: Model.of(name, {f"{name}.{part}": value for part, value in learned(given[name]).items()})
        for name in QUESTIONS
    }


def learned(given: Sequence[Example]) -> Stored:
    """Return a model that tells labels; a text with several labels speaks for each in part."""
    counts = Counter(feature for one in given for feature in one.seen.features)
    names = sorted(feature for feature, count in counts.items() if count >= _LEAST_TEXTS)
    column = {feature: number for number, feature in enumerate(names)}
    known = sorted({label for one in given for label in one.labels if label})
    right = np.zeros((len(given), len(known)), np.float32)
    for row, one in enumerate(given):
        for label in one.labels:
            right[row, known.index(label or "")] = 1 / len(one.labels)
    values = _Sparse(
        [
            (row, column[feature], value)
            for row, one in enumerate(given)
            for feature, value in one.seen.features.items()
            if feature in column
        ],
        (len(given), len(names)),
    )
    vectors = with_one(np.vstack([one.seen.vector for one in given]))
    weights, of_vector = _linear(values, vectors, right)
    return {
        "labels": _stored("\n".join(known)),
        "features": _stored("\n".join(name.replace("\n", "\\n") for name in names)),
        "weights": weights.astype(np.float16),
        "of_vector": of_vector.astype(np.float16),
    }


def _stored(text: str) -> NDArray[np.generic]:
    return np.frombuffer(text.encode(), np.uint8)


class _Sparse:
    """A matrix of which most values are zero."""

    def __init__(self, cells: Sequence[tuple[int, int, float]], shape: tuple[int, int]) -> None:
        rows, columns, values = (np.array(part) for part in zip(*cells, strict=True))
        self.width = shape[1]
        self._by_row = _Sums(rows, columns, values.astype(np.float32), shape[0])
        self._by_column = _Sums(columns, rows, values.astype(np.float32), shape[1])

    def times(self, other: Numbers) -> Numbers:
        """Return this matrix multiplied by another."""
        return self._by_row.of(other)

    def turned_times(self, other: Numbers) -> Numbers:
        """Return this matrix, with rows for columns, multiplied by another."""
        return self._by_column.of(other)


class _Sums:
    """Sums up rows of a matrix, each multiplied by a value."""

    def __init__(self, into: NDArray[np.int_], of: NDArray[np.int_], values: Numbers, size: int) -> None:
        order = np.argsort(into, kind="stable")
        self._into, self._starts = np.unique(into[order], return_index=True)
        self._of, self._values, self._size = of[order], values[order, None], size

    def of(self, matrix: Numbers) -> Numbers:
        """Return the sums."""
        sums = np.zeros((self._size, matrix.shape[1]), np.float32)
        sums[self._into] = np.add.reduceat(matrix[self._of] * self._values, self._starts, axis=0)
        return sums


def _linear(values: _Sparse, vectors: Numbers, right: Numbers) -> tuple[Numbers, Numbers]:
    """Return the weights of a softmax regression."""
    weights = np.zeros((values.width, right.shape[1]), np.float32)
    of_vector = np.zeros((vectors.shape[1], right.shape[1]), np.float32)
    descent = _Descent([weights, of_vector], _RATE)
    for _ in range(_STEPS):
        wrong = (shares(values.times(weights) + vectors @ of_vector) - right) / np.float32(len(right))
        descent.step([values.turned_times(wrong) + _SHRINK * weights, vectors.T @ wrong + _SHRINK * of_vector])
    return weights, of_vector


class _Descent:
    """Gradient descent with moments (Adam) that changes weights in place."""

    def __init__(self, weights: Sequence[Numbers], rate: float) -> None:
        self._weights, self._rate, self._steps = weights, rate, 0
        self._means, self._squares = ([np.zeros_like(one) for one in weights] for _ in range(2))

    def step(self, slopes: Sequence[Numbers]) -> None:
        """Go one step down these slopes."""
        self._steps += 1
        for number, slope in enumerate(slopes):
            mean, square = self._means[number], self._squares[number]
            np.add(mean, np.float32(0.1) * (slope - mean), out=mean)
            np.add(square, np.float32(0.001) * (slope**2 - square), out=square)
            spread = np.sqrt(square / (1 - 0.999**self._steps)) + 1e-8
            change = self._rate * mean / (1 - 0.9**self._steps) / spread
            np.subtract(self._weights[number], change.astype(np.float32), out=self._weights[number])


if __name__ == "__main__":
    main()
