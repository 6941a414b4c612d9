"""One case or one item on a page: its card, and what of it somebody has opened or is to review."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from handlers.actions import SUBJECTS
from models.complaints import Case, ComplaintMessage, MessageKind
from models.rectification import Evidence, RectificationItem
from models.states import Actor
from services.cases.notices import CaseFile, CaseText
from services.delivery.opened import is_unopened
from services.outbox import OutgoingMessage
from services.rectification.item_log import events_of
from services.rectification.notices import ItemReview
from texts.message import Message
from web.desk.addresses import HOME
from web.desk.desk import Look


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


async def card_of(look: Look, area: str, record_id: str) -> Message | None:
    """Return the card of a case or an item as they may see it now; None when it is not theirs."""
    show = SUBJECTS[area].card
    card = await show(look.context, look.who, record_id) if show else None
    if await is_unopened(look.work, look.who.id, area, record_id) and await may_know_of(look, area, record_id):
        look.newly_opened.append((area, record_id))
    return card


async def may_know_of(look: Look, area: str, record_id: str) -> bool:
    """Whether a case or an item is there, and somebody may know so now."""
    if area == "case":
        case = await look.work.session.get(Case, record_id)
        return case is not None and look.who.knows_of(case)
    item = await look.work.session.get(RectificationItem, record_id)
    return item is not None and bool(look.who.actors_at_item(item))


async def opened_of(look: Look, case_id: str) -> list[Message | ShownFile]:
    """Return what was opened of a case in this session, as they may read it now."""
    found: list[Message | ShownFile] = []
    for notice in look.said.opened_of(case_id):
        if isinstance(notice, CaseText):
            text = await look.rendered(OutgoingMessage(notice))
            found += [text] if text else []
        else:
            file = await _file(look, notice)
            found += [file] if file else []
    return found


async def submission_of(look: Look, item_id: str) -> Submission | None:
    """Return what was handed in last for an item; None when nothing was, or it is not theirs to review."""
    item = await look.work.session.get(RectificationItem, item_id)
    if item is None or Actor.TEAM_MEMBER not in look.who.actors_at_item(item):
        return None
    submitted = [event for event in await events_of(look.work, item) if event.event == "submit"]
    text = await look.rendered(OutgoingMessage(ItemReview(item.id))) if submitted else None
    if text is None:
        return None
    handed_in = select(Evidence.id).where(Evidence.item_id == item.id, Evidence.version == submitted[-1].version)
    photos = await look.work.session.scalars(handed_in.order_by(Evidence.id))
    return Submission(text, [f"{HOME}/photo/{photo}" for photo in photos])


async def is_reviewed_by(look: Look, evidence_id: str) -> bool:
    """Whether a photo was handed in to somebody for review."""
    evidence = await look.work.session.get(Evidence, evidence_id)
    item = await look.work.session.get(RectificationItem, evidence.item_id) if evidence else None
    return item is not None and Actor.TEAM_MEMBER in look.who.actors_at_item(item)


async def _file(look: Look, notice: CaseFile) -> ShownFile | None:
    message = await look.work.session.get(ComplaintMessage, notice.message_id)
    if message is None:  # erased since
        return None
    return ShownFile(message.kind, f"{HOME}/file/{notice.case_id}/{notice.message_id}")
