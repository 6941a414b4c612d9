"""Telling people what happened to an item, at once and each of them once."""

from sqlalchemy import func, select

from models.deadlines import Audience
from models.message_key import MessageKey, Shows
from models.recipient import Recipient
from models.rectification import ItemEvent, RectificationItem
from services.outbox import OutgoingMessage, Priority
from services.rectification.audiences import audiences
from services.rectification.notices import ItemChanged, ItemEvidence, ItemReview, ItemsIssued
from services.unit_of_work import UnitOfWork


async def tell(
    work: UnitOfWork,
    item: RectificationItem,
    event: ItemEvent,
    *audience: Audience,
    together: "NoticesTogether | None" = None,
) -> list[str]:
    """Queue a notice of an event for everybody concerned, and return who is; whoever did it knows already.

    `together`: what is told with others at the end; a hazard is told by itself all the same.
    """
    concerned = (await audiences(work, of=[item.id])).told(item, audience)
    for staff_id in concerned:
        if staff_id == event.by_id:
            continue
        if together is not None and not item.hazard:
            together.add(staff_id, item, event)
        else:
            await _tell_one(work, staff_id, item, event)
    return concerned


class NoticesTogether:
    """What is issued at one go: whoever is told of several items is told of them in one message."""

    def __init__(self) -> None:
        self._told: dict[str, list[tuple[RectificationItem, ItemEvent]]] = {}

    def add(self, staff_id: str, item: RectificationItem, event: ItemEvent) -> None:
        """Let somebody be told of an item with the others."""
        self._told.setdefault(staff_id, []).append((item, event))

    async def tell(self, work: UnitOfWork) -> None:
        """Queue a notice for each."""
        for staff_id, issued in sorted(self._told.items()):
            if len(issued) == 1:
                await _tell_one(work, staff_id, *issued[0])
                continue
            outgoing = OutgoingMessage(ItemsIssued(tuple(item.id for item, _ in issued)))
            key = f"issued:{work.now.isoformat()}:{staff_id}"
            await work.outbox.to_staff(staff_id, outgoing, priority=Priority.NOTICE, dedupe_key=key)


async def _tell_one(work: UnitOfWork, staff_id: str, item: RectificationItem, event: ItemEvent) -> None:
    await work.outbox.to_staff(
        staff_id,
        OutgoingMessage(ItemChanged(item.id, event.version)),
        priority=Priority.HAZARD if item.hazard else Priority.NOTICE,
        dedupe_key=f"item:{item.id}:{event.version}:{staff_id}",
    )


async def show_review(work: UnitOfWork, item: RectificationItem) -> None:
    """Queue the card of what a unit handed in, as it is now, for the reviewers; it is edited where it hangs already."""
    query = select(func.max(ItemEvent.version)).where(ItemEvent.item_id == item.id, ItemEvent.event == "submit")
    submission = await work.session.scalar(query)
    for staff_id in (await audiences(work, of=[item.id])).told(item, [Audience.REVIEWERS]):
        key = MessageKey(Shows.REVIEW, f"{item.id}:{submission}", Recipient.staff(staff_id))
        outgoing = OutgoingMessage(ItemReview(item.id), key=key)
        await work.outbox.to_staff(staff_id, outgoing, dedupe_key=f"review:{item.id}:{item.version}:{staff_id}")


async def show_evidence_to(work: UnitOfWork, staff_id: str, evidence_ids: list[str]) -> None:
    """Queue the files of a submission for one person who has asked for them."""
    for evidence_id in evidence_ids:
        key = f"evidence:{evidence_id}:{staff_id}:{work.now:%Y%m%d%H%M%S}"
        await work.outbox.to_staff(staff_id, OutgoingMessage(ItemEvidence(evidence_id)), dedupe_key=key)


async def show_evidence(
    work: UnitOfWork, item: RectificationItem, evidence_ids: list[str], to: Audience = Audience.REVIEWERS
) -> None:
    """Queue the files of a submission for the reviewers, or for the head who has yet to confirm it, a message each."""
    for staff_id in (await audiences(work, of=[item.id])).told(item, [to]):
        for evidence_id in evidence_ids:
            outgoing = OutgoingMessage(ItemEvidence(evidence_id))
            await work.outbox.to_staff(staff_id, outgoing, dedupe_key=f"evidence:{evidence_id}:{staff_id}")
