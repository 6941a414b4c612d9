"""'Not so': what a reader of the public page says of a result, for its reviewers alone."""

import hmac
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate

from sqlalchemy import ColumnElement, and_, delete, func, select

from models.audit import Audited
from models.base import coarse, random_id
from models.deadlines import Audience
from models.publication import Objection, ObjectionState
from models.rectification import RectificationItem
from models.states import ITEM, Impossible, ItemState, NotEntitled
from privacy.keyring import KeyDestroyed
from services.access.member import Member
from services.audit.log import record
from services.cases.masking import hidden
from services.outbox import OutgoingMessage
from services.publication.notices import ObjectionsWait
from services.publication.public_page import item_of_result
from services.rectification import item_log
from services.rectification.audiences import audiences
from services.rectification.reopen import open_again
from services.unit_of_work import UnitOfWork

LONGEST = 1000  # characters
MOST_AN_HOUR = range(20, 60)  # of one result, drawn by the hour: more would only bury what was said
SHOWN = 5  # on one card, at most
SHOWN_UNITS = 3000  # of UTF-16, together: a chat takes no longer message
KEPT_HOURS = 24  # on a phone of the staff


class TooManyObjections(Exception):
    """So many say the same of one result within the hour that no more are taken."""


class NoSuchResult(Exception):
    """Nothing is public under this number any more."""


@dataclass(frozen=True)
class WaitingObjection:
    """An objection, opened, as staff may read it: what leads to a person is masked."""

    id: str
    text: str


async def object_to(work: UnitOfWork, round_id: str, number: int, text: str) -> None:
    """Keep that a result is said not to be so, sealed to its round; its reviewers are told at the full hour.

    Raises NoSuchResult and TooManyObjections.
    """
    item_id = await item_of_result(work, round_id, number)
    if item_id is None:
        raise NoSuchResult
    hour = coarse(work.now)
    counted = select(func.count()).where(Objection.item_id == item_id, Objection.received_at == hour)
    if (await work.session.scalar(counted) or 0) >= _most_in(work, item_id, hour):
        raise TooManyObjections
    objection_id = random_id()
    try:
        sealing = work.keyring.round(round_id).sealing
    except KeyDestroyed:
        raise NoSuchResult from None
    work.session.add(
        Objection(
            id=objection_id,
            round_id=round_id,
            item_id=item_id,
            received_at=hour,
            sealed=sealing.seal_json(objection_id, {"text": text[:LONGEST]}),
            state=ObjectionState.WAITING,
        )
    )
    await work.session.flush()
    item = await work.session.get_one(RectificationItem, item_id)
    reviewers = (await audiences(work, of=[item_id])).told(item, [Audience.REVIEWERS])
    outgoing = OutgoingMessage(ObjectionsWait(item_id), delete_after_hours=KEPT_HOURS)
    once = f"objections:{item_id}:{hour:%Y%m%d%H}"
    # Not in the moment: whoever sees a reviewer's phone light up would know who has just written.
    await work.outbox.to_each(reviewers, outgoing, once=once, not_before=hour + timedelta(hours=1))


async def waiting_objections(work: UnitOfWork, who: Member, item_id: str) -> list[WaitingObjection]:
    """Return what waits for the reviewers of an item, the earliest hour first, as much as a card holds.

    Raises NotEntitled.
    """
    item = await item_log.item_seen(work, who, item_id)
    _require_reviewer(who, item)
    query = select(Objection).where(Objection.item_id == item.id, _waiting(work))
    query = query.order_by(Objection.received_at, Objection.id).limit(SHOWN)
    found = list(await work.session.scalars(query))
    if not found:
        return []
    sealing = work.keyring.round(item.round_id).sealing
    texts = [str(sealing.open_json(one.id, one.sealed)["text"]) for one in found]
    masked = hidden(texts, who.language, speakers=[one.id for one in found])
    waiting = [WaitingObjection(one.id, text) for one, text in zip(found, masked, strict=True)]
    units = list(accumulate(len(one.text.encode("utf-16-le")) // 2 for one in waiting))
    return [one for one, so_far in zip(waiting, units, strict=True) if so_far <= max(SHOWN_UNITS, units[0])]


async def count_waiting(work: UnitOfWork, who: Member, item: RectificationItem) -> int:
    """Return how many objections to the result of an item wait for somebody; none where they do not review it."""
    if item.state != ItemState.CLEARED or not who.reviews(item):
        return 0
    return await work.session.scalar(select(func.count()).where(Objection.item_id == item.id, _waiting(work))) or 0


async def items_objected_to(work: UnitOfWork, who: Member) -> list[RectificationItem]:
    """Return the items with objections that wait for somebody."""
    waiting = select(Objection.item_id).where(_waiting(work))
    query = select(RectificationItem).where(RectificationItem.id.in_(waiting)).order_by(RectificationItem.id)
    return [item for item in await work.session.scalars(query) if who.reviews(item)]


async def reopen_item(work: UnitOfWork, who: Member, item_id: str) -> RectificationItem:
    """Reopen an item, because its result is said not to be so; all that waits is decided by it.

    The unit has as long for it as for a fix on the spot. Raises Impossible or NotEntitled.
    """
    item = await item_log.item_to_change(work, who, item_id)
    _require_reviewer(who, item)
    ITEM.step(item.state, "reopen", who.actors_at_item(item))
    if not await _decide(work, who, item, ObjectionState.REOPENED):
        raise Impossible("reopen", item.state)
    days = (await work.directory()).complaint_settings_of(item.round_id).fix_on_spot_days
    return await open_again(work, item, who.actors_at_item(item), days, by=who)


async def set_aside(
    work: UnitOfWork, who: Member, item_id: str, reason: str, shown: Collection[str]
) -> RectificationItem:
    """Leave an item cleared, with the reason why what was shown changes nothing; what was not waits on.

    `shown`: ids of objections. Raises Impossible or NotEntitled.
    """
    item = await item_log.item_to_change(work, who, item_id)
    _require_reviewer(who, item)
    if not await _decide(work, who, item, ObjectionState.SET_ASIDE, reason, Objection.id.in_(shown)):
        raise Impossible("set_aside", item.state)
    await item_log.log_event(work, item, "set_aside", by=who, note=reason)
    await record(work, Audited.OBJECTION_SET_ASIDE, by=who.id, subject=item.id)
    return item


async def forget_objections(work: UnitOfWork) -> None:
    """Delete objections as long after they were decided as refused complaints are kept."""
    days = timedelta(days=(await work.settings()).privacy.keep_not_accepted_days)
    await work.session.execute(delete(Objection).where(Objection.decided_at <= work.now - days))


def _most_in(work: UnitOfWork, item_id: str, hour: datetime) -> int:
    """Return how many are taken of one result in an hour: whoever fills it would else see whether others wrote too."""
    name = f"xunsheng/objections/1\0{item_id}\0{hour:%Y%m%d%H}"
    drawn = hmac.digest(work.keyring.lane_secret, name.encode(), "sha256")
    return MOST_AN_HOUR[int.from_bytes(drawn[:4]) % len(MOST_AN_HOUR)]


def _require_reviewer(who: Member, item: RectificationItem) -> None:
    if not who.reviews(item):
        raise NotEntitled


def _waiting(work: UnitOfWork) -> ColumnElement[bool]:
    """Return the condition for what waits: what came within this hour is told at its end, and not before."""
    return and_(Objection.state == ObjectionState.WAITING, Objection.received_at < coarse(work.now))


async def _decide(
    work: UnitOfWork,
    who: Member,
    item: RectificationItem,
    state: ObjectionState,
    reason: str = "",
    *of: ColumnElement[bool],
) -> bool:
    """Decide on what waits, all or that of which something is true; return whether anything does."""
    query = select(Objection).where(Objection.item_id == item.id, _waiting(work), *of)
    waiting = list(await work.session.scalars(query.with_for_update()))
    for objection in waiting:
        objection.state, objection.reason = state, reason
        objection.decided_by_id, objection.decided_at = who.id, coarse(work.now)
    await work.session.flush()
    return bool(waiting)
