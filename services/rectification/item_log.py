"""The one way an item changes: a step of its state machine, and an event."""

from collections.abc import Collection, Iterable
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from models.rectification import ItemEvent, RectificationItem
from models.settings import RectificationSettings
from models.states import ITEM, Actor, ItemState, NotEntitled
from services.access.member import Member
from services.unit_of_work import UnitOfWork


async def item_to_change(
    work: UnitOfWork, who: Member, item_id: str, *, by: Collection[Actor] = frozenset(Actor)
) -> RectificationItem:
    """Return an item locked for somebody's action; raise NotEntitled when there is none or it is not theirs to see.

    `by`: as one of what they must be at it. Asked first, so that no refusal tells anybody else that the item exists, or
    in which state it is.
    """
    query = select(RectificationItem).where(RectificationItem.id == item_id)
    item = await work.session.scalar(query.with_for_update().execution_options(populate_existing=True))
    if item is None or who.actors_at_item(item).isdisjoint(by):
        raise NotEntitled
    return item


async def item_seen(work: UnitOfWork, who: Member, item_id: str) -> RectificationItem:
    """Return an item to look at; raise NotEntitled when there is none or it is not theirs to see."""
    item = await work.session.get(RectificationItem, item_id)
    if item is None or not who.actors_at_item(item):
        raise NotEntitled
    return item


async def ladder_of(work: UnitOfWork, item: RectificationItem) -> RectificationSettings:
    """Return the numbers that an item's round began under."""
    return (await work.directory()).rectification_settings_of(item.round_id)


async def step(
    work: UnitOfWork,
    item: RectificationItem,
    action: str,
    actors: Collection[Actor],
    *,
    by: Member | None,
    note: str = "",
    **detail: Any,
) -> ItemEvent:
    """Do an action that changes the state. Raises Impossible, or NotEntitled when none of the actors may."""
    before = item.state
    item.state = ITEM.step(before, action, actors)
    item.state_since = work.today
    item.is_open = item.state != ItemState.CLEARED
    return await log_event(work, item, action, by=by, before=before, note=note, **detail)


async def log_event(
    work: UnitOfWork,
    item: RectificationItem,
    event: str,
    *,
    by: Member | None,
    before: ItemState | None = None,
    note: str = "",
    **detail: Any,
) -> ItemEvent:
    """Add an event; without `before` the state is as it was."""
    item.version += 1
    entry = ItemEvent(
        item_id=item.id,
        version=item.version,
        at=work.now,
        by_id=by.id if by else None,
        event=event,
        from_state=before or item.state,
        to_state=item.state,
        note=note,
        detail=detail,
    )
    work.session.add(entry)
    await work.session.flush()
    return entry


async def events_of(work: UnitOfWork, item: RectificationItem) -> list[ItemEvent]:
    """Return what happened to an item, oldest first."""
    query = select(ItemEvent).where(ItemEvent.item_id == item.id).order_by(ItemEvent.version)
    return list(await work.session.scalars(query))


def recall(item: RectificationItem, events: Iterable[ItemEvent], zone: ZoneInfo) -> None:
    """Set what the ladder of reminders must know of an item's past from its events, oldest first."""
    returns = 0
    for event in events:
        day = event.at.astimezone(zone).date()
        if event.to_state != event.from_state:
            item.state_since = day
        match event.event:
            case "submit":
                item.submitted_on = day
            case "return":
                returns += 1
            case "midterm_reminder":
                item.midterm_on = day
            case "yellow_card" | "red_card":
                item.card_on, item.card_returns = day, returns
