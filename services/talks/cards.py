"""Yellow and red cards: proposed by the ladder, confirmed by a person, and taken back within a day.

The office director gives a yellow card; a red one is put before the leading group, which gives it or does not. A card
brings a draft of a bulletin, and a talk that the clock proposes when its day has come.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from models.audit import Audited
from models.bulletins import BulletinGround
from models.deadlines import Audience, Proposal, proposal
from models.docket import DocketEntry, DocketKind
from models.rectification import ItemEvent, RectificationItem, WarningCard
from models.settings import LEADING_GROUP
from models.states import Actor, Impossible, NotEntitled
from services.access.member import Member
from services.audit.log import record
from services.docket.access import actors_at_item
from services.docket.entries import EntrySeen, put_item, waiting_entry
from services.docket.entries import end as end_entry
from services.docket.entries import may as may_at_entry
from services.rectification import item_log
from services.rectification.audiences import audiences
from services.rectification.notify import tell
from services.talks.bulletins import draft
from services.talks.talks import expect_talk, forget_expected
from services.unit_of_work import UnitOfWork

TAKEN_BACK_WITHIN = timedelta(days=1)
_TOLD_OF_CARDS = (Audience.UNIT_HEAD, Audience.LIAISON, Audience.COUNTY_LEADER)


@dataclass(frozen=True)
class ProposedCard:
    """A card before it is given: for what, on which grounds, and the staff who will be told, by what they are.

    `is_passed_on`: the leading group decides on it first.
    """

    item: RectificationItem
    proposal: Proposal
    told: Mapping[Audience, list[str]]
    is_passed_on: bool = False


async def card_to_give(work: UnitOfWork, who: Member, item_id: str, card: WarningCard) -> ProposedCard:
    """Return what a card would do, to be looked at first. Raises as `give_card` does.

    `is_passed_on`: it is put before the leading group, and nobody else is told before that has decided.
    """
    item, proposed = await _proposed(work, who, item_id, card)
    is_passed_on = await _is_for_group(work, item, card)
    if is_passed_on and await waiting_entry(work, DocketKind.RED_CARD, item=item) is not None:
        raise Impossible(f"{card}_card", item.state)
    people = await audiences(work, of=[item.id])
    told = {audience: people.told(item, [audience]) for audience in _TOLD_OF_CARDS}
    return ProposedCard(item, proposed, told, is_passed_on)


async def give_card(work: UnitOfWork, who: Member, item_id: str, card: WarningCard) -> RectificationItem:
    """Give a card that is proposed, as the director; head, liaison and county leader are told.

    A red one is put before the leading group instead, as the county has set it: `red_card_by`. What lies before one
    pair of eyes is put before nobody, and its holder gives the card. Raises Impossible or NotEntitled.
    """
    found = await card_to_give(work, who, item_id, card)
    if found.is_passed_on:
        await put_item(work, who, item_id, DocketKind.RED_CARD)
    else:
        await _give(work, who, found.item, card)
    return found.item


async def confirm_red_card(work: UnitOfWork, who: Member, entry_id: str) -> EntrySeen:
    """Give the red card that was put before the leading group, as one of it.

    Is it called for no more, because the item was handed in or got more time, the entry is taken back instead.
    Raises Impossible or NotEntitled.
    """
    seen = await may_at_entry(work, who, entry_id, "give_red_card")
    item = await _item_of(work, seen)
    proposed = proposal(item, work.today, await item_log.ladder_of(work, item))
    if proposed is None or proposed.card is not WarningCard.RED:
        await end_entry(work, None, seen, "take_back")
        return seen
    await _give(work, who, item, WarningCard.RED)
    await end_entry(work, who, seen, "give_red_card")
    return seen


async def decline_red_card(work: UnitOfWork, who: Member, entry_id: str) -> EntrySeen:
    """Let the red card be that was put before the leading group, as one of it; the same grounds do not bring it again.

    Raises Impossible or NotEntitled.
    """
    seen = await may_at_entry(work, who, entry_id, "decline_red_card")
    await item_log.log_event(work, await _item_of(work, seen), "no_red_card", by=who)
    await end_entry(work, who, seen, "decline_red_card")
    return seen


async def red_card_before_group(work: UnitOfWork, item: RectificationItem) -> DocketEntry | None:
    """Return the entry by which a red card for an item waits for the leading group, if one does."""
    return await waiting_entry(work, DocketKind.RED_CARD, item=item)


async def take_back_card(work: UnitOfWork, who: Member, item_id: str, card: WarningCard) -> RectificationItem:
    """Take back the card an item got within the last day, as who may give it, and tell those who were told of it.

    The card before it, if there was one, counts again. Raises Impossible or NotEntitled.
    """
    item = await _item_to_change(work, item_id)
    if not await _decides(work, who, item, item.card or card):
        raise NotEntitled
    given = await _given_lately(work, item)
    if given is None or item.card is not card:
        raise Impossible(f"take_back_{card}_card", item.state)
    before: dict[str, Any] = given.detail["before_it"]
    item.card = WarningCard(before["card"]) if before["card"] else None
    item.card_on = date.fromisoformat(before["card_on"]) if before["card_on"] else None
    item.card_returns, item.card_held_days = before["card_returns"], before["card_held_days"]
    event = await item_log.log_event(work, item, f"{card}_card_taken_back", by=who)
    await tell(work, item, event, *_TOLD_OF_CARDS)
    await forget_expected(work, item, card)
    await record(work, Audited.CARD_TAKEN_BACK, by=who.id, subject=item.id, card=card, unit=item.unit_id)
    return item


async def card_to_take_back(work: UnitOfWork, who: Member, item: RectificationItem) -> WarningCard | None:
    """Return the card of an item that somebody can still take back."""
    if item.card is None or await _given_lately(work, item) is None:
        return None
    return item.card if await _decides(work, who, item, item.card) else None


async def decline_card(work: UnitOfWork, who: Member, item_id: str, card: WarningCard) -> RectificationItem:
    """Let a proposal be; the same grounds do not bring it up again. Raises Impossible or NotEntitled."""
    item, _ = await _proposed(work, who, item_id, card)
    await item_log.log_event(work, item, f"no_{card}_card", by=who)
    return item


async def _give(work: UnitOfWork, who: Member, item: RectificationItem, card: WarningCard) -> None:
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
    expect_talk(work, item, await item_log.ladder_of(work, item))
    await draft(work, item, BulletinGround(card.value))
    await record(work, Audited.CARD_GIVEN, by=who.id, subject=item.id, card=card, unit=item.unit_id)


async def _item_to_change(work: UnitOfWork, item_id: str) -> RectificationItem:
    query = select(RectificationItem).where(RectificationItem.id == item_id)
    item = await work.session.scalar(query.with_for_update().execution_options(populate_existing=True))
    if item is None:
        raise NotEntitled
    return item


async def _item_of(work: UnitOfWork, seen: EntrySeen) -> RectificationItem:
    if seen.item is None:
        raise NotEntitled
    return await _item_to_change(work, seen.item.id)


async def _is_for_group(work: UnitOfWork, item: RectificationItem, card: WarningCard) -> bool:
    """Whether it is the leading group that gives a card."""
    by = (await item_log.ladder_of(work, item)).red_card_by
    return card is WarningCard.RED and by == LEADING_GROUP and item.desk is None


async def _decides(work: UnitOfWork, who: Member, item: RectificationItem, card: WarningCard) -> bool:
    """Whether somebody gives a card of a kind, and takes it back."""
    actor = Actor.LEADING_GROUP if await _is_for_group(work, item, card) else Actor.OFFICE_DIRECTOR
    return actor in actors_at_item(who, item)


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
    item = await item_log.item_to_change(work, who, item_id, by={Actor.OFFICE_DIRECTOR})
    proposed = proposal(item, work.today, await item_log.ladder_of(work, item))
    if proposed is None or proposed.card is not card:
        raise Impossible(f"{card}_card", item.state)
    return item, proposed
