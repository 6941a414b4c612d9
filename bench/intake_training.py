"""`python -m bench.intake_training`: learns the weights of the intake's linear learner from the labelled utterances.

The part that is set aside is not learned from.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.intake import UTTERANCES, Labelled, read, sample_county
from models.urgency import Urgency
from services.intake.classify import measured
from services.intake.learner import Features
from services.intake.understanding import TextKind

_ROOT = Path(__file__).parent.parent
WEIGHTS = _ROOT / "services" / "intake" / "lexicon" / "weights.jsonl"
_LEAST_TEXTS = 2  # in which a feature must stand
_JOINED = 4  # texts that make a longer one
_STEPS = 300
_RATE = 0.1
_SHRINK = {"urgency": 0.0002, "kind": 0.0002, "category": 0.0003}  # how strongly weights are drawn to zero

Numbers = NDArray[np.float64]


def main() -> None:
    """Learn and write the weights in hundredths, a feature a line, and from what they were learned."""
    lines: list[object] = [{"learned_from": digest(UTTERANCES)}]
    for name, model in learned_from(read(UTTERANCES)).items():
        lines.append({"model": name, "labels": model.labels, "bias": model.bias})
        lines += [[feature, *weights] for feature, weights in model.weights.items()]
    written = (json.dumps(line, ensure_ascii=False, separators=(",", ":")) for line in lines)
    WEIGHTS.write_text("\n".join(written) + "\n", encoding="utf-8")


@dataclass(frozen=True)
class Learned:
    """What was learned to answer one question, in hundredths."""

    labels: list[str]
    bias: list[int]
    weights: dict[str, list[int]]  # by feature, one for each label


def digest(path: Path) -> str:
    """Return a digest of the labelled utterances, by which it is seen that the weights are out of date."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def learned_from(lines: Sequence[Labelled]) -> dict[str, Learned]:
    """Return the models of all questions that the learner answers."""
    county = sample_county()
    found = [measured([line.text], county) for line in lines]
    longer = list(_told_at_length(lines))
    return {
        "urgency": learned(
            [one.features for one in found] + [measured([text], county).features for text, _ in longer],
            [line.urgency for line in lines] + [urgency for _, urgency in longer],
            _SHRINK["urgency"],
        ),
        "kind": learned([one.features for one in found], [line.kind for line in lines], _SHRINK["kind"]),
        "category": learned(
            [one.features_with_weights for one in found], [line.category for line in lines], _SHRINK["category"]
        ),
    }


def _told_at_length(lines: Sequence[Labelled]) -> Iterator[tuple[str, frozenset[str | None]]]:
    """Yield longer texts, made of several: in a long one many words stand that are of no consequence.

    Every third of those that are urgent is told between two that are not.
    """
    harmless = [line for line in lines if line.urgency == {Urgency.NORMAL} and TextKind.COMPLAINT in line.kind]
    for first in range(0, len(harmless) - _JOINED, 2):
        yield "。".join(line.text for line in harmless[first : first + _JOINED]), harmless[first].urgency
    urgent = [line for line in lines if Urgency.NORMAL not in line.urgency]
    for number, line in enumerate(urgent[::3]):
        before, after = (harmless[(2 * number + beside) % len(harmless)] for beside in (0, 1))
        yield f"{before.text}。{line.text}。{after.text}", line.urgency


def learned(texts: Sequence[Features], labels: Sequence[frozenset[str | None]], shrink: float) -> Learned:
    """Return a model that tells labels by features; a text with several labels speaks for each in part."""
    counts = Counter(feature for features in texts for feature in features)
    names = sorted(feature for feature, count in counts.items() if count >= _LEAST_TEXTS)
    column = {feature: number for number, feature in enumerate(names)}
    known = sorted({label for several in labels for label in several if label})
    values = np.zeros((len(texts), len(names) + 1))
    values[:, -1] = 1  # the bias
    right = np.zeros((len(texts), len(known)))
    for row, (features, several) in enumerate(zip(texts, labels, strict=True)):
        for feature, value in features.items():
            if feature in column:
                values[row, column[feature]] = value
        for label in several:
            right[row, known.index(label or "")] = 1 / len(several)
    weights = _descend(values, right, shrink)
    hundredths = np.rint(weights * 100).astype(int)
    return Learned(known, hundredths[-1].tolist(), {feature: hundredths[column[feature]].tolist() for feature in names})


def _descend(values: Numbers, right: Numbers, shrink: float) -> Numbers:
    """Return the weights of a softmax regression, by gradient descent with moments (Adam)."""
    weights = np.zeros((values.shape[1], right.shape[1]))
    mean, square = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, _STEPS + 1):
        sums = values @ weights
        shares = np.exp(sums - sums.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        slope = values.T @ (shares - right) / len(values) + shrink * weights
        mean = 0.9 * mean + 0.1 * slope
        square = 0.999 * square + 0.001 * slope**2
        weights -= _RATE * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
    return weights


if __name__ == "__main__":
    main()
