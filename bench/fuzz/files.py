"""Broken files through the real cleaning process: each ends clean or refused, and the next one is cleaned."""

import asyncio
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from media.kinds import CannotClean, Cleaned, FileKind, FileProblem
from media.process import Cleaner
from tests.unit.media.corpus import NEXT, WHOLE, tells_a_secret
from tests.unit.media.mutations import mutated, retold

AT_ONCE = 2
_NEXT_EVERY = 25  # files


@dataclass
class FileCounts:
    """What came of broken files."""

    broken: int = 0
    clean: int = 0
    refused: Counter[FileProblem] = field(default_factory=Counter)
    unstable: int = 0  # cleaned once more, it was refused or of another kind
    told: int = 0  # something that was hidden is in the clean file
    crashed: int = 0  # what came was neither; or the next file was not cleaned

    @property
    def is_well(self) -> bool:
        """Whether nothing of it must not be."""
        return not self.unstable + self.told + self.crashed

    def __str__(self) -> str:
        reasons = ", ".join(f"{reason} {count}" for reason, count in sorted(self.refused.items()))
        return (
            f"{self.broken} broken, {self.clean} clean, {self.refused.total()} refused ({reasons}), "
            f"{self.unstable} unstable, {self.told} told a secret, {self.crashed} crashed"
        )


async def fuzz_files(seed: str, goes_on: Callable[[int], bool], report: Callable[[str], object]) -> FileCounts:
    """Clean broken files while it goes on; `report` is told which file went wrong, by the seed that makes it."""
    counts, cleaner, draw = FileCounts(), Cleaner(at_once=AT_ONCE), random.Random(seed)
    kinds = sorted(WHOLE)
    while goes_on(counts.broken):
        batch = [(draw.choice(kinds), f"{seed}/{counts.broken + one}") for one in range(AT_ONCE)]
        await asyncio.gather(*[_one(cleaner, kind, own_seed, counts, report) for kind, own_seed in batch])
        if counts.broken % _NEXT_EVERY < AT_ONCE:
            await _next(cleaner, counts, report)
    return counts


def _broken(whole: bytes, seed: str) -> bytes:
    """Break a file; of a document, half the times what its parts say alone."""
    is_document = whole.startswith(b"PK\x03\x04")
    return retold(whole, seed) if is_document and random.Random(seed).random() < 0.5 else mutated(whole, seed)


async def _one(cleaner: Cleaner, kind: str, seed: str, counts: FileCounts, report: Callable[[str], object]) -> None:
    counts.broken += 1
    try:
        clean = await cleaner.clean(_broken(WHOLE[kind], seed), disguise=True)
    except CannotClean as refusal:
        counts.refused[refusal.reason] += 1
        return
    except Exception as error:
        counts.crashed += 1
        report(f"crashed: {type(error).__name__}, {kind!r}, {seed!r}")
        return
    counts.clean += 1
    if tells_a_secret(clean):
        counts.told += 1
        report(f"told a secret: {kind!r}, {seed!r}")
    try:
        again: Cleaned | None = await cleaner.clean(clean.data)
    except CannotClean:
        again = None
    if again is None or again.kind is not clean.kind:
        counts.unstable += 1
        report(f"unstable: {kind!r}, {seed!r}")


async def _next(cleaner: Cleaner, counts: FileCounts, report: Callable[[str], object]) -> None:
    try:
        is_cleaned = (await cleaner.clean(NEXT)).kind is FileKind.PHOTO
    except CannotClean:
        is_cleaned = False
    if not is_cleaned:
        counts.crashed += 1
        report("crashed: a good file was refused")
