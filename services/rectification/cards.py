"""Yellow and red cards: proposed by the ladder, given, declined or taken back by the office director."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from models.deadlines import Audience, Proposal, proposal
from models.rectification import ItemEvent, RectificationItem, WarningCard
from models.states import Actor, Impossible, NotEntitled
from services.access.member import Member
from services.rectification import item_log
from services.rectification.audiences import audiences
from services.rectification.item_log import ladder_of
from services.rectification.notify import tell
from services.unit_of_work import UnitOfWork

TAKEN_BACK_WITHIN = timedelta(days=1)
_TOLD_OF_CARDS = (Audience.UNIT_HEAD, Audience.LIAISON, Audience.COUNTY_LEADER)


@dataclass(frozen=True)
class ProposedCard:
    """A card before it is given: for what, on which grounds, and the staff who will be told, by what they are."""

    item: RectificationItem
    proposal: Proposal
    told: Mapping[Audience, list[str]]


async def card_to_give(work: UnitOfWork, who: Member, item_id: str, card: WarningCard) -> ProposedCard:
    """Return what giving a card would do, to be looked at first. Raises as `give_card` does."""
    item, proposed = await _proposed(work, who, item_id, card)
    people = await audiences(work, of=[item.id])
    return ProposedCard(item, proposed, {audience: people.told(item, [audience]) for audience in _TOLD_OF_CARDS})


async def give_card(work: UnitOfWork, who: Member, item_id: str, card: WarningCard) -> RectificationItem:
    """Give a card that is proposed; head, liaison and county leader are told. Raises Impossible or NotEntitled."""
    item, _ = await _proposed(work, who, item_id, card)
    before = {
        "card": item.card,
        "card_on": item.card_on.isoformat() if item.card_on else None,
        "card_returns": item.card_returns,
        "card_held_days": item.card_held_days,
    }
    item.card, item.card_on = card, work.today
    item.card_returns, item.card_held_days = item.returns, item.held_days
    event = await item_log.log_event(work, item, f"{card}_card", by=who, before_it=before)
    await tell(work, item, event, *_TOLD_OF_CARDS)
    return item


async def take_back_card(work: UnitOfWork, who: Member, item_id: str, card: WarningCard) -> RectificationItem:
    """Take back the card an item got within the last day, and tell those who were told of it.

    The card before it, if there was one, counts again. Raises Impossible or NotEntitled.
    """
    item = await _directors_item(work, who, item_id)
    given = await _given_lately(work, item)
    if given is None or item.card is not card:
        raise Impossible(f"take_back_{card}_card", item.state)
    before: dict[str, Any] = given.detail["before_it"]
    item.card = WarningCard(before["card"]) if before["card"] else None
    item.card_on = date.fromisoformat(before["card_on"]) if before["card_on"] else None
    item.card_returns, item.card_held_days = before["card_returns"], before["card_held_days"]
    event = await item_log.log_event(work, item, f"{card}_card_taken_back", by=who)
    await tell(work, item, event, *_TOLD_OF_CARDS)
    return item


async def card_to_take_back(work: UnitOfWork, item: RectificationItem) -> WarningCard | None:
    """Return the card of an item that can still be taken back."""
    return item.card if await _given_lately(work, item) else None


async def decline_card(work: UnitOfWork, who: Member, item_id: str, card: WarningCard) -> RectificationItem:
    """Let a proposal be; the same grounds do not bring it up again. Raises Impossible or NotEntitled."""
    item, _ = await _proposed(work, who, item_id, card)
    await item_log.log_event(work, item, f"no_{card}_card", by=who)
    return item


async def _directors_item(work: UnitOfWork, who: Member, item_id: str) -> RectificationItem:
    """Return an item to change whose cards are theirs to decide on; raise NotEntitled otherwise."""
    item = await item_log.item_to_change(work, who, item_id)
    if Actor.OFFICE_DIRECTOR not in who.actors_at_item(item):
        raise NotEntitled
    return item


async def _given_lately(work: UnitOfWork, item: RectificationItem) -> ItemEvent | None:
    """Return the event with which an item got the card it has, if that was here and less than a day ago."""
    if item.card is None:
        return None
    names = [f"{item.card}_card", f"{item.card}_card_taken_back"]
    query = select(ItemEvent).where(ItemEvent.item_id == item.id, ItemEvent.event.in_(names))
    last = await work.session.scalar(query.order_by(ItemEvent.version.desc()).limit(1))
    if last is None or "before_it" not in last.detail or work.now - last.at >= TAKEN_BACK_WITHIN:
        return None
    return last


async def _proposed(
    work: UnitOfWork, who: Member, item_id: str, card: WarningCard
) -> tuple[RectificationItem, Proposal]:
    item = await _directors_item(work, who, item_id)
    proposed = proposal(item, work.today, await ladder_of(work, item))
    if proposed is None or proposed.card is not card:
        raise Impossible(f"{card}_card", item.state)
    return item, proposed
