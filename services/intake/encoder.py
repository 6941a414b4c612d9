"""Turns a text into numbers that are close to one another for texts that mean nearly the same.

The weights are those of Google's Universal Sentence Encoder, multilingual, version 3 (Apache License 2.0), of which
`python -m bench.intake_encoder` keeps the words of simplified Chinese and English. It is a network over the pieces of a
text, and over every two, three and five of them in a row.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files

import numpy as np
from numpy.typing import NDArray

WEIGHTS = "encoder.npz"
UNKNOWN, BEGIN, END = 0, 1, 2  # pieces that stand for none that is known, and for the beginning and the end of a text
SIZE = 512  # numbers of a text
WORD_BEGINS = "▁"  # stands in pieces for a blank, and before the first sign of a text
_WIDTH = 256  # numbers of a piece and its neighbours
_ROWS = ((2, 0), (3, 1), (5, 2))  # how many pieces in a row are looked at together, and how many of them lie before
_BEFORE = max(before for _, before in _ROWS)
_AFTER = max(length - 1 - before for length, before in _ROWS)
_MOST_SIGNS = 320  # of a text that are read: a longer one is read at both ends
_SMALL = np.float32(1e-6)  # beside which nothing is divided by zero
_UNKNOWN_SCORE = -10.0  # of a sign that is no piece, beside the least likely piece

Numbers = NDArray[np.float32]


@dataclass(frozen=True)
class Pieces:
    """The pieces into which texts are cut, each with how likely it is."""

    scores: Mapping[str, tuple[int, float]]  # number and logarithm of the likelihood
    longest: int
    unknown_score: float

    @classmethod
    def of(cls, pieces: Sequence[str], scores: Sequence[float]) -> "Pieces":
        """Return pieces that are numbered in this order."""
        numbered = {piece: (number, score) for number, (piece, score) in enumerate(zip(pieces, scores, strict=True))}
        return cls(numbered, max(map(len, pieces)), min(scores) + _UNKNOWN_SCORE)

    def cut(self, text: str) -> list[int]:
        """Return the numbers of the pieces that together are likeliest, between those of the beginning and the end."""
        written = WORD_BEGINS + WORD_BEGINS.join(text.split())
        best = [0.0] + [-np.inf] * len(written)  # of all ways to cut the text up to a place
        last = [(0, UNKNOWN)] * (len(written) + 1)  # where the last piece of the best way begins, and its number
        for start in range(len(written)):
            for end in range(start + 1, min(start + self.longest, len(written)) + 1):
                number, score = self.scores.get(written[start:end], (UNKNOWN, None))
                if score is None:
                    if end > start + 1:
                        continue
                    score = self.unknown_score
                if best[start] + score > best[end]:
                    best[end] = best[start] + score
                    last[end] = (start, number)
        numbers = [END]
        place = len(written)
        while place:
            place, number = last[place]
            numbers.append(number)
        return [*numbers, BEGIN][::-1]


class Encoder:
    """The network, with its weights."""

    def __init__(self, weights: Mapping[str, NDArray[np.generic]]) -> None:
        """Take weights as they stand in the file."""
        written = bytes(weights["pieces"]).decode("utf-8").split("\n")
        self.pieces = Pieces.of(written, weights["scores"].astype(np.float64).tolist())
        self._table = weights["table"].astype(np.uint8)
        self._scale, self._lowest = (weights[name].astype(np.float32)[:, None] for name in ("scale", "lowest"))
        self._dense = {name: value.astype(np.float32) for name, value in weights.items() if value.dtype == np.float16}

    def vectors(self, texts: Sequence[str]) -> Numbers:
        """Return for each text its numbers, whose squares sum up to one."""
        cut = [self.pieces.cut(_shortened(text)) for text in texts]
        lengths = np.array([len(pieces) for pieces in cut])
        return self._encoded(np.concatenate(cut), lengths) if texts else np.empty((0, SIZE), np.float32)

    def _encoded(self, pieces: NDArray[np.int_], lengths: NDArray[np.int_]) -> Numbers:
        dense = self._dense
        starts = np.cumsum(lengths) - lengths
        embedded = numbers(self._table[pieces] * self._scale[pieces] + self._lowest[pieces])
        single = _normal(
            embedded @ dense["pieces_weight"] + dense["pieces_bias"], dense["pieces_gain"], dense["pieces_shift"]
        )
        around = _around(starts, lengths)
        together = [embedded]
        for number, (length, before) in enumerate(_ROWS):
            neighbours = around[:, _BEFORE - before : _BEFORE - before + length]
            row = single[:, number * _WIDTH : (number + 1) * _WIDTH]
            for layer in (1, 2):
                read = np.vstack([row, np.zeros((1, _WIDTH), np.float32)])[neighbours].reshape(len(row), -1)
                row = row + np.maximum(read @ dense[f"row{length}_{layer}"] + dense[f"row{length}_{layer}_bias"], 0)
            together.append(row)
        features = _normal(np.hstack(together), dense["gain"], dense["shift"])
        long = lengths[:, None].astype(np.float32)
        means = np.add.reduceat(features, starts, axis=0) @ dense["mean"] + long * dense["mean_bias"]
        return _of_length_one(self._deep(numbers(means / np.sqrt(long))))

    def _deep(self, means: Numbers) -> Numbers:
        dense = self._dense
        first = np.maximum(means @ dense["skip1"] + np.maximum(means @ dense["deep0"], 0) @ dense["deep1"], 0)
        return numbers(np.tanh(first @ dense["skip2"] + np.maximum(first @ dense["deep2"], 0) @ dense["deep3"]))


def _shortened(text: str) -> str:
    half = _MOST_SIGNS // 2
    return text if len(text) <= _MOST_SIGNS else f"{text[:half]} {text[-half:]}"


def _normal(values: Numbers, gain: Numbers, shift: Numbers) -> Numbers:
    apart = values - values.mean(axis=1, keepdims=True)
    return numbers(apart / np.sqrt((apart**2).mean(axis=1, keepdims=True) + _SMALL) * gain + shift)


def _of_length_one(values: Numbers) -> Numbers:
    return numbers(values / np.sqrt(np.maximum((values**2).sum(axis=1, keepdims=True), _SMALL)))


def numbers(values: NDArray[np.generic]) -> Numbers:
    """Return values in the precision in which all is reckoned here."""
    return values.astype(np.float32, copy=False)


def _around(starts: NDArray[np.int_], lengths: NDArray[np.int_]) -> NDArray[np.int_]:
    """Return for each piece where those before and after it stand; behind the last of all where its text has none."""
    whole = int(lengths.sum())
    places = np.arange(whole)[:, None] + np.arange(-_BEFORE, _AFTER + 1)
    first, end = np.repeat(starts, lengths)[:, None], np.repeat(starts + lengths, lengths)[:, None]
    return np.where((places >= first) & (places < end), places, whole)


@cache
def encoder() -> Encoder:
    """Return the encoder; its weights are read when it is first asked for."""
    with as_file(files("services.intake") / "lexicon" / WEIGHTS) as path, np.load(path) as weights:
        return Encoder(dict(weights))
