"""`python -m bench.intake_training`: makes what the intake's learner has learned from the labelled utterances.

The part that is set aside is not learned from.
"""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.intake import FURTHER, UTTERANCES, Labelled, places_in, read, sample_county, shared
from models.urgency import Urgency
from services.intake.classify import Measured, clauses_seen, measured
from services.intake.encoder import Numbers
from services.intake.learner import LEARNED_FROM, WEIGHTS, Seen, scaled, shares
from services.intake.understanding import About, TextKind

LEXICON = Path(__file__).parent.parent / "services" / "intake" / "lexicon"
_OF_LEXICON = ("rule ", "concept ", "list ", "category ")  # how features begin that the lexicon gives
NONE = "none"  # the label of what is none of the others
TRACE = "trace"
_LEAST_TEXTS = 3  # in which a feature must stand
_JOINED = 4  # texts that make a longer one
_LONGER = 3  # of how many longer texts one is learned from
_STEPS, _RATE = 150, 0.1  # of the linear part
_SHRINK = 1e-4  # how strongly its weights are drawn to zero
_NETWORKS = 4  # small networks that answer together
_LAYER, _LAYER_STEPS, _LAYER_RATE, _LAYER_SHRINK, _LAYER_TEXTS, _DROPPED = 48, 500, 0.01, 1e-3, 192, 0.3

Labels = Collection[str | None]


@dataclass(frozen=True)
class Example:
    """What the learner sees of a text, or of a clause, and its right labels."""

    seen: Seen
    labels: Labels


def main() -> None:
    """Learn and write the weights, and from what they were learned."""
    stored = learned_from(read(UTTERANCES), read(FURTHER))
    stored[LEARNED_FROM] = _stored(digest((UTTERANCES, FURTHER)))
    np.savez_compressed(LEXICON / WEIGHTS, allow_pickle=False, **stored)


def digest(paths: Sequence[Path]) -> str:
    """Return a digest of the labelled utterances, by which it is seen that the weights are out of date."""
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()


def learned_from(lexical: Sequence[Labelled], further: Sequence[Labelled]) -> dict[str, NDArray[np.generic]]:
    """Return the models of all questions that the learner answers.

    By the lexical texts the lexicons were written, so that the rules know them better than any others: of these the
    learner doesn't see what the rules say.
    """
    county = sample_county()
    lines = [*lexical, *further]
    found = [measured([line.text], county) for line in lines]
    seen = [one.seen if number >= len(lexical) else _ruleless(one.seen) for number, one in enumerate(found)]
    longer = [
        (_ruleless(measured([text], county).seen), urgency)
        for part in (lexical, further)
        for text, urgency in [*_told_at_length(part)][::_LONGER]
    ]
    with_category = [_ruleless(one.seen, "category ") if n < len(lexical) else one.seen for n, one in enumerate(found)]
    examples: dict[str, list[Example]] = {
        "urgency": [
            *(Example(one, line.urgency) for one, line in zip(seen, lines, strict=True)),
            *(Example(one, line.urgency) for one, line in zip(seen[len(lexical) :], further, strict=True)),
            *(Example(one, urgency) for one, urgency in longer),
        ],
        "kind": [Example(one, line.kind) for one, line in zip(seen, lines, strict=True)],
        "category": [Example(one, line.category) for one, line in zip(with_category, lines, strict=True)],
        **{
            whom.value: [
                Example(one, {whom if whom in line.about else NONE})
                for one, line in zip(seen, lines, strict=True)
                if line.about <= {None} or None not in line.about
            ]
            for whom in (About.HEAD, About.TEAM)
        },
        "trace": [
            *(Example(_ruleless(one.seen), one.labels) for one in _of_clauses(lexical, found[: len(lexical)])),
            *_of_clauses(further, found[len(lexical) :]),
        ],
    }
    stored: dict[str, NDArray[np.generic]] = {}
    for name, given in examples.items():
        stored |= {f"{name}.{part}": value for part, value in learned(given).items()}
    return stored


def _ruleless(seen: Seen, *but: str) -> Seen:
    """Return what is seen of a text without what the lexicon says of it, but for features that begin so."""
    kept = {
        name: value for name, value in seen.features.items() if not name.startswith(_OF_LEXICON) or name.startswith(but)
    }
    return Seen(kept, seen.vector)


def _told_at_length(lines: Sequence[Labelled]) -> Iterator[tuple[str, Labels]]:
    """Yield longer texts, made of several: in a long one many words stand that are of no consequence.

    Every third of those that are urgent is told between two that are not.
    """
    harmless = [line for line in lines if line.urgency == {Urgency.NORMAL} and TextKind.COMPLAINT in line.kind]
    for first in range(0, len(harmless) - _JOINED, _JOINED):
        yield "。".join(line.text for line in harmless[first : first + _JOINED]), harmless[first].urgency
    urgent = [line for line in lines if Urgency.NORMAL not in line.urgency]
    for number, line in enumerate(urgent[::3]):
        before, after = (harmless[(2 * number + beside) % len(harmless)] for beside in (0, 1))
        yield f"{before.text}。{line.text}。{after.text}", line.urgency


def _of_clauses(lines: Sequence[Labelled], found: Sequence[Measured]) -> Iterator[Example]:
    """Yield the clauses of texts that report something, with whether they lead to the writer."""
    for line, measured_line in zip(lines, found, strict=True):
        if not line.kind & {TextKind.COMPLAINT, TextKind.ADD_TO_EARLIER}:
            continue
        leads, may = (list(places_in(line.text, pieces)) for pieces in (line.traces, line.traces_ok))
        reading = measured_line.reading
        for clause, seen in clauses_seen(reading):
            spans = [(words.start, words.end) for words in reading.words(*clause)]
            long = sum(end - start for start, end in spans)
            common = max((shared(span, place) for span in spans for place in leads), default=0)
            if 2 * common >= long:
                yield Example(seen, {TRACE})
            elif common <= 1 and all(shared(span, place) <= 1 for span in spans for place in may):
                yield Example(seen, {NONE})


def learned(examples: Sequence[Example]) -> dict[str, NDArray[np.generic]]:
    """Return a model that tells labels; a text with several labels speaks for each in part."""
    counts = Counter(feature for one in examples for feature in one.seen.features)
    names = sorted(feature for feature, count in counts.items() if count >= _LEAST_TEXTS)
    column = {feature: number for number, feature in enumerate(names)}
    known = sorted({label for one in examples for label in one.labels if label})
    right = np.zeros((len(examples), len(known)), np.float32)
    for row, one in enumerate(examples):
        for label in one.labels:
            right[row, known.index(label or "")] = 1 / len(one.labels)
    values = _Sparse(
        [
            (row, column[feature], value)
            for row, one in enumerate(examples)
            for feature, value in one.seen.features.items()
            if feature in column
        ],
        (len(examples), len(names)),
    )
    vectors = scaled(np.vstack([one.seen.vector for one in examples]))
    weights, of_vector = _linear(values, vectors, right)
    into, out = _layered(vectors, right)
    return {
        "labels": _stored("\n".join(known)),
        "features": _stored("\n".join(name.replace("\n", "\\n") for name in names)),
        "weights": weights.astype(np.float16),
        "of_vector": of_vector.astype(np.float16),
        "into_layer": into.astype(np.float16),
        "out_of_layer": out.astype(np.float16),
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


def _layered(vectors: Numbers, right: Numbers) -> tuple[Numbers, Numbers]:
    """Return the weights into and out of the layer of a network: of several small ones whose sums are averaged."""
    several = [_small(vectors, right, np.random.default_rng(seed)) for seed in range(_NETWORKS)]
    shift = np.mean([out[-1] for _, out in several], axis=0, keepdims=True)
    out = np.vstack([out[:-1] / _NETWORKS for _, out in several] + [shift])
    return np.hstack([into for into, _ in several]), out.astype(np.float32)


def _small(vectors: Numbers, right: Numbers, chance: np.random.Generator) -> tuple[Numbers, Numbers]:
    """Return the weights into and out of the layer of a small network; parts of it are dropped in training."""
    into = chance.normal(0, 3 / np.sqrt(vectors.shape[1]), (vectors.shape[1], _LAYER)).astype(np.float32)
    out = chance.normal(0, 1 / np.sqrt(_LAYER), (_LAYER + 1, right.shape[1])).astype(np.float32)
    descent = _Descent([into, out], _LAYER_RATE)
    for _ in range(_LAYER_STEPS):
        chosen = chance.integers(0, len(vectors), _LAYER_TEXTS)
        given, sums = vectors[chosen], vectors[chosen] @ into
        kept = ((chance.random(sums.shape) > _DROPPED) & (sums > 0)).astype(np.float32) / np.float32(1 - _DROPPED)
        layer = np.hstack([sums * kept, np.ones((len(chosen), 1), np.float32)])
        wrong = (shares(layer @ out) - right[chosen]) / np.float32(len(chosen))
        back = wrong @ out[:-1].T * kept
        descent.step([given.T @ back + _LAYER_SHRINK * into, layer.T @ wrong + _LAYER_SHRINK * out])
    return into, out


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
