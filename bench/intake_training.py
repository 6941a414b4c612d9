"""`python -m bench.intake_training`: makes what the intake's learner has learned from the labelled utterances.

The parts that are set aside are not learned from.
"""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.intake import EVERYDAY, FURTHER, UTTERANCES, Labelled, places_in, read, sample_county, shared
from models.urgency import Urgency
from services.intake.decisions import TRACE
from services.intake.encoder import Numbers
from services.intake.evidence import Evidence, evidence_of
from services.intake.learner import LEARNED_FROM, THRESHOLD_NAMES, THRESHOLDS, WEIGHTS, Model, Seen, shares, with_one
from services.intake.understanding import About, TextKind

LEXICON = Path(__file__).parent.parent / "services" / "intake" / "lexicon"
LEARNED = (UTTERANCES, FURTHER, EVERYDAY)
_OF_LEXICON = ("rule ", "concept ", "list ", "category ")  # how features begin that the lexicon gives
NONE = "none"  # the label of what is none of the others
_LEAST_TEXTS = 3  # in which a feature must stand
_JOINED = 4  # texts that make a longer one
_LONGER = 3  # of how many longer texts one is learned from
_STEPS, _RATE = 100, 0.1
_SHRINK = 3e-5  # how strongly weights are drawn to zero

Labels = Collection[str | None]
Stored = dict[str, NDArray[np.generic]]


@dataclass(frozen=True)
class Example:
    """What the learner sees of a text, or of a clause, and its right labels."""

    seen: Seen
    labels: Labels


def main() -> None:
    """Learn, choose from which likelihood on an answer is believed, and write both."""
    from bench.intake_thresholds import chosen

    lexical, further = read(UTTERANCES), [*read(FURTHER), *read(EVERYDAY)]
    stored = learned_from(lexical, further)
    thresholds = chosen(lexical, further)
    for name, value in thresholds.items():
        print(f"{name:16} {value:.3f}")
    stored[THRESHOLD_NAMES] = _stored("\n".join(thresholds))
    stored[THRESHOLDS] = np.array([*thresholds.values()], np.float32)
    stored[LEARNED_FROM] = _stored(digest(LEARNED))
    np.savez_compressed(LEXICON / WEIGHTS, allow_pickle=False, **stored)


def digest(paths: Sequence[Path]) -> str:
    """Return a digest of the labelled utterances, by which it is seen that the weights are out of date."""
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()


@cache
def evidence(text: str) -> Evidence:
    """Return what is read off a text in the sample county."""
    return evidence_of([text], sample_county())


def models_of(lexical: Sequence[Labelled], further: Sequence[Labelled]) -> dict[str, Model]:
    """Return the models of all questions that the learner answers."""
    stored = learned_from(lexical, further)
    return {name: Model.of(name, stored) for name in sorted({part.partition(".")[0] for part in stored})}


def learned_from(lexical: Sequence[Labelled], further: Sequence[Labelled]) -> Stored:
    """Return the models of all questions that the learner answers, as they are stored.

    By the lexical texts the lexicons were written, so that the rules know them better than any others: of these the
    learner doesn't see what the rules say.
    """
    parts = {name: learned(given) for name, given in examples(lexical, further).items()}
    return {f"{name}.{part}": value for name, model in parts.items() for part, value in model.items()}


def examples(lexical: Sequence[Labelled], further: Sequence[Labelled]) -> Mapping[str, Sequence[Example]]:
    """Return by question what is learned from."""
    lines = [*lexical, *further]
    told = [evidence(line.text).seen for line in further]
    seen = [*(ruleless(evidence(line.text).seen) for line in lexical), *told]
    longer = [
        Example(ruleless(evidence(text).seen), urgency)
        for part in (lexical, further)
        for text, urgency in [*_told_at_length(part)][::_LONGER]
    ]
    with_category = [*(ruleless(evidence(line.text).seen, "category ") for line in lexical), *told]
    return {
        "urgency": [
            *(Example(one, line.urgency) for one, line in zip(seen, lines, strict=True)),
            *(Example(one, line.urgency) for one, line in zip(told, further, strict=True)),
            *longer,
        ],
        "kind": [Example(one, _kinds(line)) for one, line in zip(seen, lines, strict=True)],
        "category": [Example(one, line.category) for one, line in zip(with_category, lines, strict=True)],
        **{
            whom.value: [
                Example(one, {whom if whom in line.about else NONE})
                for one, line in zip(seen, lines, strict=True)
                if line.about <= {None} or None not in line.about
            ]
            for whom in (About.HEAD, About.TEAM)
        },
        TRACE: [
            *(Example(ruleless(one.seen), one.labels) for line in lexical for one in of_clauses(line)),
            *(one for line in further for one in of_clauses(line)),
        ],
    }


def _kinds(line: Labelled) -> Labels:
    """Return what a text is: what may be a complaint, too, is taken for one."""
    return {TextKind.COMPLAINT} if TextKind.COMPLAINT in line.kind else line.kind


def ruleless(seen: Seen, *but: str) -> Seen:
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


def of_clauses(line: Labelled) -> Iterator[Example]:
    """Yield the clauses of a text that reports something, with whether they lead to the writer."""
    for clause, leads in clauses_that_lead(line):
        yield Example(evidence(line.text).clauses[clause].seen, {TRACE if leads else NONE})


def clauses_that_lead(line: Labelled) -> Iterator[tuple[int, bool]]:
    """Yield the numbers of the clauses of a text that reports something, and whether they lead to the writer.

    Those that do so in part are left out.
    """
    if not line.kind & {TextKind.COMPLAINT, TextKind.ADD_TO_EARLIER}:
        return
    leads, may = (list(places_in(line.text, pieces)) for pieces in (line.traces, line.traces_ok))
    for number, clause in enumerate(evidence(line.text).clauses):
        words = evidence(line.text).reading.words(clause.start, clause.end)
        spans = [(one.start, one.end) for one in words]
        long = sum(end - start for start, end in spans)
        common = max((shared(span, place) for span in spans for place in leads), default=0)
        if 2 * common >= long:
            yield number, True
        elif common <= 1 and all(shared(span, place) <= 1 for span in spans for place in may):
            yield number, False


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
