"""One case or one item on a page: its card, and what of it somebody has opened or is to review."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from handlers.actions import SUBJECTS
from handlers.publication.forms import CHOOSE_ITEM
from models.complaints import Case, ComplaintMessage, MessageKind
from models.rectification import Evidence, RectificationItem
from services.access.transfers import is_known_to
from services.cases.notices import CaseFile
from services.delivery.opened import is_unopened
from services.outbox import OutgoingMessage
from services.publication.photos import photos_to_choose
from services.rectification.item_log import events_of
from services.rectification.notices import ItemReview
from services.rectification.requests import is_theirs
from texts.message import Message
from web.desk.addresses import HOME
from web.desk.desk import PageContext


@dataclass(frozen=True)
class ShownFile:
    """A file of the dialogue: what it is, and where the browser gets it."""

    kind: MessageKind
    address: str


@dataclass(frozen=True)
class Submission:
    """What a unit handed in, for those who review it."""

    text: Message
    photos: Sequence[str]  # where the browser gets them


async def card_of(context: PageContext, area: str, record_id: str) -> Message | None:
    """Return the card of a case or an item as they may see it now; None when it is not theirs."""
    show = SUBJECTS[area].card
    card = await show(context.handler, context.who, record_id) if show else None
    if await is_unopened(context.work, context.who.id, area, record_id) and await may_know_of(context, area, record_id):
        context.newly_opened.append((area, record_id))
    return card


async def may_know_of(context: PageContext, area: str, record_id: str) -> bool:
    """Whether a case, an item or a transfer is there, and somebody may know so now."""
    if area == "case":
        case = await context.work.session.get(Case, record_id)
        return case is not None and context.who.knows_of(case)
    if area == "transfer":
        return await is_known_to(context.work.session, context.who, record_id)
    if area == "request":
        return await is_theirs(context.work, context.who, record_id)
    item = await context.work.session.get(RectificationItem, record_id)
    return item is not None and bool(context.who.actors_at_item(item))


async def opened_of(context: PageContext, case_id: str) -> list[Message | ShownFile]:
    """Return what was opened of a case in this session, as they may read it now."""
    found: list[Message | ShownFile] = []
    for notice in context.flash.opened_of(case_id):
        if isinstance(notice, CaseFile):
            file = await _file(context, notice)
            found += [file] if file else []
        else:
            text = await context.rendered(OutgoingMessage(notice))
            found += [text] if text else []
    return found


async def submission_of(context: PageContext, item_id: str) -> Submission | None:
    """Return what was handed in last for an item; None when nothing was, or it is not theirs to review."""
    item = await context.work.session.get(RectificationItem, item_id)
    if item is None or not context.who.reviews(item):
        return None
    submitted = [event for event in await events_of(context.work, item) if event.event == "submit"]
    text = await context.rendered(OutgoingMessage(ItemReview(item.id))) if submitted else None
    if text is None:
        return None
    handed_in = select(Evidence.id).where(Evidence.item_id == item.id, Evidence.version == submitted[-1].version)
    photos = await context.work.session.scalars(handed_in.order_by(Evidence.id))
    return Submission(text, [f"{HOME}/photo/{photo}" for photo in photos])


async def photos_asked_for(context: PageContext, publication_id: str) -> list[str]:
    """Return the photos that were handed in for the item that somebody is choosing for a publication."""
    form = context.handler.form
    if form is None or form.name != CHOOSE_ITEM.name or form.subject_id != publication_id:
        return []
    item = await context.work.session.get(RectificationItem, form.answers.get("item", ""))
    return await photos_to_choose(context.work, item) if item is not None and context.who.actors_at_item(item) else []


async def is_reviewed_by(context: PageContext, evidence_id: str) -> bool:
    """Whether a photo was handed in to somebody for review."""
    evidence = await context.work.session.get(Evidence, evidence_id)
    item = await context.work.session.get(RectificationItem, evidence.item_id) if evidence else None
    return item is not None and context.who.reviews(item)


async def _file(context: PageContext, notice: CaseFile) -> ShownFile | None:
    message = await context.work.session.get(ComplaintMessage, notice.message_id)
    if message is None:  # erased since
        return None
    return ShownFile(message.kind, f"{HOME}/file/{notice.case_id}/{notice.message_id}")
