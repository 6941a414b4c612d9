"""Telling people what happened to an item, at once and each of them once."""

from sqlalchemy import func, select

from models.deadlines import Audience
from models.message_key import MessageKey, Shows
from models.recipient import Recipient
from models.rectification import ItemEvent, RectificationItem
from services.outbox import OutgoingMessage, Priority
from services.rectification.audiences import audiences
from services.rectification.notices import ItemChanged, ItemEvidence, ItemReview
from services.unit_of_work import UnitOfWork


async def tell(work: UnitOfWork, item: RectificationItem, event: ItemEvent, *audience: Audience) -> list[str]:
    """Queue a notice of an event for everybody concerned, and return who is; whoever did it knows already."""
    outgoing = OutgoingMessage(ItemChanged(item.id, event.version))
    concerned = (await audiences(work, of=[item.id])).told(item, audience)
    for staff_id in concerned:
        if staff_id != event.by_id:
            await work.outbox.to_staff(
                staff_id,
                outgoing,
                priority=Priority.HAZARD if item.hazard else Priority.NOTICE,
                dedupe_key=f"item:{item.id}:{event.version}:{staff_id}",
            )
    return concerned


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
