"""The file of an item: what was handed in last, in figures and in files; what is signed, and what clearing asks for."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select

from models.deadlines import Audience, signature_is_asked_for
from models.rectification import Evidence, ItemEvent, RectificationItem
from services.rectification.audiences import audiences
from services.rectification.item_log import events_of, ladder_of
from services.unit_of_work import UnitOfWork

_SHORT = 16  # characters of a digest: what a button carries and a person compares


class Missing(StrEnum):
    """What an item lacks before it can be cleared."""

    EVIDENCE = "evidence"  # nothing but words
    SYSTEM = "system"  # neither what was set up, nor why nothing has to be
    SIGNATURE = "signature"  # of the county leader in charge, under the file as it is


@dataclass(frozen=True)
class Signature:
    """Who signed for a file, and when. It holds as long as the file is what was signed."""

    by_id: str | None
    at: datetime
    digest: str | None  # None: it was signed before what was signed was kept
    holds: bool

    @property
    def short_digest(self) -> str:
        """The beginning of the digest of what was signed."""
        return (self.digest or "")[:_SHORT]


@dataclass(frozen=True)
class ItemFile:
    """What was handed in last for an item. `digest` stands for all of it, down to the bytes of its files.

    `signature`: the last one under it, None when nobody has signed.
    """

    submission: ItemEvent | None
    evidence: Sequence[Evidence]
    digest: str
    signature: Signature | None

    @property
    def short_digest(self) -> str:
        """The beginning of the digest."""
        return self.digest[:_SHORT]

    @property
    def is_signed(self) -> bool:
        """Whether it is signed, and has not changed since."""
        return self.signature is not None and self.signature.holds


async def item_file(work: UnitOfWork, item: RectificationItem, events: Sequence[ItemEvent] | None = None) -> ItemFile:
    """Return the file of an item as it is now. `events`: what happened to it, where that was read already."""
    events = await events_of(work, item) if events is None else events
    submission = _last(events, "submit")
    evidence: list[Evidence] = []
    if submission is not None:
        query = select(Evidence).where(Evidence.item_id == item.id, Evidence.version == submission.version)
        evidence = list(await work.session.scalars(query.order_by(Evidence.kind, Evidence.id)))
    content = {
        "item": item.id,
        "problem": item.problem,
        "requirement": item.requirement,
        "text": submission.note if submission else "",
        "result": item.public_result,
        "evidence": [[one.id, one.kind, one.digest] for one in evidence],
        "numbers": [item.households_done, item.households_total, item.money_recovered, item.people_dealt_with],
        "system": [item.system_built, item.system_not_needed],
    }
    written = json.dumps(content, ensure_ascii=False, sort_keys=True).encode()
    digest = hashlib.sha256(written).hexdigest()
    return ItemFile(submission, evidence, digest, _signature(events, submission, digest))


async def missing(work: UnitOfWork, item: RectificationItem, file: ItemFile) -> list[Missing]:
    """Return what an item with its file lacks before it can be cleared, as its county has set it."""
    found = []
    if not file.evidence and not has_numbers(item):
        found.append(Missing.EVIDENCE)
    if not item.system_built and not item.system_not_needed:
        found.append(Missing.SYSTEM)
    if not file.is_signed and item.id in await to_be_signed(work, [item]):
        found.append(Missing.SIGNATURE)
    return found


def has_numbers(item: RectificationItem) -> bool:
    """Whether the unit has said in figures what came of an item."""
    numbers = (item.households_done, item.money_recovered, item.people_dealt_with)
    return any(number is not None for number in numbers)


async def to_be_signed(work: UnitOfWork, items: Sequence[RectificationItem]) -> frozenset[str]:
    """Return which of some items the county wants signed for before they are cleared, where a leader can do so here."""
    asked = [item for item in items if signature_is_asked_for(item, await ladder_of(work, item))]
    reached = await audiences(work, of=[item.id for item in asked]) if asked else None
    return frozenset(item.id for item in asked if reached and reached.told(item, [Audience.COUNTY_LEADER]))


def _signature(events: Sequence[ItemEvent], submission: ItemEvent | None, digest: str) -> Signature | None:
    """Return the last signature under what was handed in last."""
    signed = _last(events, "countersign")
    if signed is None or submission is None or signed.version < submission.version:
        return None
    signed_for = signed.detail.get("file")
    return Signature(signed.by_id, signed.at, signed_for, holds=signed_for == digest)


def _last(events: Sequence[ItemEvent], name: str) -> ItemEvent | None:
    return next((event for event in reversed(events) if event.event == name), None)
