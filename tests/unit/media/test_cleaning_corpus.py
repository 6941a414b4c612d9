"""A fuzzer's corpus through the real cleaning process: each file ends clean or refused, and nothing else ends."""

import asyncio

import pytest

from media.kinds import CannotClean, Cleaned, FileKind, FileProblem
from media.process import Cleaner
from tests.unit.media.corpus import NEXT, SECRET, WHOLE
from tests.unit.media.mutations import mutated

OF_EACH = 4


async def outcome(cleaner: Cleaner, data: bytes) -> Cleaned | FileProblem:
    try:
        return await cleaner.clean(data, disguise=True)
    except CannotClean as refusal:
        return refusal.reason


@pytest.mark.parametrize("kind", WHOLE)
async def test_a_broken_file_ends_clean_or_refused_and_the_next_one_is_cleaned(kind: str) -> None:
    cleaner = Cleaner()
    files = [mutated(WHOLE[kind], f"{kind}/{number}") for number in range(OF_EACH)]
    ended = await asyncio.gather(*[outcome(cleaner, data) for data in files])
    for number, end in enumerate(ended):
        assert not isinstance(end, Cleaned) or SECRET not in end.data, number
    assert (await cleaner.clean(NEXT)).kind is FileKind.PHOTO


# Found by longer runs, and kept: what ended a process, or let something through.
FOUND = [
    ("photo heic", "campaign/photo heic/335"),  # libheif falls over
    ("photo heic", "campaign/photo heic/349"),
    ("photo heic", "campaign/photo heic/532"),
    ("m4a", "campaign/m4a/21"),  # a length for which no memory is enough
    ("silent film", "campaign/silent film/203"),
    ("strict docx", "campaign/strict docx/189"),  # a part in a namespace of its own
]


@pytest.mark.parametrize(("kind", "seed"), FOUND)
async def test_what_was_found_once_costs_nothing_but_itself(kind: str, seed: str) -> None:
    cleaner = Cleaner()
    end = await outcome(cleaner, mutated(WHOLE[kind], seed))
    assert end in set(FileProblem) or (isinstance(end, Cleaned) and SECRET not in end.data)
    assert (await cleaner.clean(NEXT)).kind is FileKind.PHOTO


def test_the_corpus_is_the_same_every_time_and_breaks_every_file_in_its_own_way() -> None:
    corpora = [[mutated(data, f"{kind}/{number}") for kind, data in WHOLE.items() for number in range(9)] for _ in "ab"]
    assert corpora[0] == corpora[1]
    assert len(set(corpora[0])) == len(corpora[0])
    assert not set(corpora[0]) & set(WHOLE.values())
