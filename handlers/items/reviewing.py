"""Notices with what a unit submitted, for its reviewers in private: the text, then each photo."""

from html import escape

from handlers.actions import action_button
from handlers.items.actions import BY_NAME
from handlers.items.labels import event_text, number, one_line, open_button, unit_name
from handlers.notices import StaffReader, renders_for_staff
from models.rectification import RectificationItem
from models.states import ItemState
from services.rectification.item_log import events_of
from services.rectification.notices import ItemEvidence, ItemReview
from services.rectification.unit_actions import read_evidence
from services.unit_of_work import UnitOfWork
from storage.folder import AttachmentGone
from texts.catalogue import Html
from texts.message import Message, Upload, UploadKind


@renders_for_staff(ItemReview)
async def item_review(work: UnitOfWork, reader: StaffReader, notice: ItemReview) -> Message | None:
    """Show a reviewer what was handed in; once one of them has decided, the others see how."""
    item = await work.session.get(RectificationItem, notice.item_id)
    if item is None or not reader.who.actors_at_item(item):
        return None
    events = await events_of(work, item)
    submitted = next((event for event in reversed(events) if event.event == "submit"), None)
    if submitted is None:
        return None
    words = reader.words
    lines = [
        words("item.review_title", number=number(item), unit=await unit_name(work, item)),
        words("item.line_problem", text=one_line(item.problem, 300)),
        Html(f"<blockquote expandable>{escape(submitted.note, quote=False)}</blockquote>")
        if submitted.note
        else Html(),
    ]
    if item.state == ItemState.SUBMITTED:
        buttons = [action_button(words, "item", BY_NAME[name], item.id) for name in ("pass", "return")]
    else:
        later = [event for event in events if event.version > submitted.version and event.event in ("pass", "return")]
        lines += [event_text(words, event) for event in later[:1]]
        buttons = [open_button(words, item.id)]
    return Message(Html("\n".join(lines)), (tuple(buttons),), protect=True)


@renders_for_staff(ItemEvidence)
async def item_evidence(work: UnitOfWork, reader: StaffReader, notice: ItemEvidence) -> Message | None:
    """Show a reviewer one photo of a submission; it cannot be passed on."""
    try:
        item, photo = await read_evidence(work, reader.who, notice.evidence_id)
    except AttachmentGone:
        return None
    otherwise = reader.words("item.evidence_not_shown", number=number(item))
    upload = Upload(UploadKind.PHOTO, photo, "jpg", otherwise)
    return Message(reader.words("item.evidence", number=number(item)), protect=True, upload=upload)
