"""Yellow and red cards: proposed by the ladder, given or declined by the office director."""

from models.deadlines import Audience, proposal
from models.rectification import RectificationItem, WarningCard
from models.states import Actor, Impossible, NotEntitled
from services.access.member import Member
from services.rectification import item_log
from services.rectification.notify import tell
from services.unit_of_work import UnitOfWork


async def give_card(work: UnitOfWork, who: Member, item_id: str, card: WarningCard) -> RectificationItem:
    """Give a card that is proposed; head, liaison and county leader are told. Raises Impossible or NotEntitled."""
    item = await _proposed(work, who, item_id, card)
    item.card, item.card_on, item.card_returns = card, work.today, item.returns
    event = await item_log.log_event(work, item, f"{card}_card", by=who)
    await tell(work, item, event, Audience.UNIT_HEAD, Audience.LIAISON, Audience.COUNTY_LEADER)
    return item


async def decline_card(work: UnitOfWork, who: Member, item_id: str, card: WarningCard) -> RectificationItem:
    """Let a proposal be; the same grounds do not bring it up again. Raises Impossible or NotEntitled."""
    item = await _proposed(work, who, item_id, card)
    await item_log.log_event(work, item, f"no_{card}_card", by=who)
    return item


async def _proposed(work: UnitOfWork, who: Member, item_id: str, card: WarningCard) -> RectificationItem:
    item = await item_log.item_to_change(work, who, item_id)
    if Actor.OFFICE_DIRECTOR not in who.actors_at_item(item):
        raise NotEntitled
    proposed = proposal(item, work.today, (await work.settings()).rectification)
    if proposed is None or proposed.card is not card:
        raise Impossible(f"{card}_card", item.state)
    return item
