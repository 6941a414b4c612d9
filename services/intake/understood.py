"""What was understood of a resident's texts: worked out once for each change, where nobody has to wait for it."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from services.directory import Directory
from services.intake.classify import is_ready, understand
from services.intake.county import county_at
from services.intake.understanding import NOTHING, Understanding
from services.packing import pack, unpack
from services.unit_of_work import UnitOfWork

_AT_ONCE = 300  # signs that are understood within a transaction: in a few milliseconds


@dataclass(frozen=True)
class Understood:
    """What the texts of a draft mean, as they were, in the county as it was known then. It is sealed with the draft."""

    texts: str  # a digest of them
    version: int  # of the directory
    meaning: Understanding

    def holds_for(self, texts: Sequence[str], known: Directory) -> bool:
        """Whether texts are still what they were, and nobody has come to the county or left it since."""
        return self.version == known.version and self.texts == _digest(texts)

    def packed(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return pack(self)


def unpacked(packed: Mapping[str, Any]) -> Understood | None:
    """Return what was packed; None when it was packed by another version of the product."""
    try:
        return unpack(Understood, packed)
    except (TypeError, ValueError):
        return None


async def meaning_of(work: UnitOfWork, texts: Sequence[str], round_id: str | None = None) -> Understanding:
    """Return what texts mean that one resident wrote one after the other.

    Long ones raise NotWorkedOut (services.ahead), and so does what comes before the lexicons are read.
    """
    texts = tuple(texts)
    if not any(map(str.strip, texts)):
        return NOTHING
    known = await work.directory()
    takes_long = not is_ready() or sum(map(len, texts)) > _AT_ONCE
    county = county_at(known, round_id)
    name = (known.version, round_id, texts)
    return work.results.get(name, partial(understand, texts, county=county), takes_long=takes_long)


async def understood(work: UnitOfWork, texts: Sequence[str], round_id: str, before: Understood | None) -> Understood:
    """Return what the texts of a draft mean: what was understood before, if it still holds."""
    known = await work.directory()
    if before is not None and before.holds_for(texts, known):
        return before
    return Understood(_digest(texts), known.version, await meaning_of(work, texts, round_id))


def _digest(texts: Sequence[str]) -> str:
    whole = hashlib.sha256()
    for text in texts:
        whole.update(b"%d\0" % len(text) + text.encode("utf-8", "surrogatepass"))
    return whole.hexdigest()[:32]
