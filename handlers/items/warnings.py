"""Yellow and red cards as the office director meets them: asked once more, given, taken back, or declined."""

from handlers.actions import Done, Replaced, Result, back, button
from handlers.context import HandlerContext
from handlers.items.labels import number, one_line, unit_name
from handlers.press import Press
from models.deadlines import days_overdue
from models.rectification import RectificationItem, WarningCard
from models.states import NotEntitled
from services.access.member import Member
from services.talks.cards import ProposedCard, card_to_give, decline_card, give_card, take_back_card
from texts.catalogue import Html
from texts.message import Message


async def ask_to_give(context: HandlerContext, who: Member, press: Press) -> Result:
    """Ask once more before a card is given: what it is for, on which grounds, and who will be told."""
    card = _card(press)
    proposed = await card_to_give(context.work, who, press.subject, card)
    item, words = proposed.item, context.words
    lines = [
        words(f"item.sure_{card}", number=number(item)),
        words("item.sure_unit", unit=await unit_name(context.work, item)),
        words("item.line_problem", text=one_line(item.problem, 200)),
        words("item.sure_grounds", grounds=_grounds(context, item, proposed)),
    ]
    if proposed.is_passed_on:
        lines.append(words("item.sure_passed_on"))
    else:
        lines += [*await _who_is_told(context, proposed), words("item.sure_take_back")]
    yes_key = "item.yes_pass_on_red" if proposed.is_passed_on else f"item.yes_{card}"
    yes = button(words, yes_key, Press("item", "confirm_card", item.id, card).pack())
    return Replaced(Message(Html("\n".join(lines)), ((yes, back(words, "item", "card", item.id)),)))


async def give(context: HandlerContext, who: Member, press: Press) -> Result:
    """Give the card that is proposed, or put it before the leading group."""
    card = _card(press)
    item = await give_card(context.work, who, press.subject, card)
    return Done(context.words("office.card_given" if item.card is card else "office.card_passed_on"))


async def take_back(context: HandlerContext, who: Member, press: Press) -> Result:
    """Take back a card that was given within the last day."""
    await take_back_card(context.work, who, press.subject, _card(press))
    return Done(context.words("office.card_taken_back"))


async def decline(context: HandlerContext, who: Member, press: Press) -> Result:
    """Let the proposal of a card be."""
    await decline_card(context.work, who, press.subject, _card(press))
    note = Message(context.words("office.card_declined_note", number=press.subject))
    return Replaced(note, context.words("office.card_declined"))


def _card(press: Press) -> WarningCard:
    if press.arg not in list(WarningCard):
        raise NotEntitled
    return WarningCard(press.arg)


def _grounds(context: HandlerContext, item: RectificationItem, proposed: ProposedCard) -> Html:
    facts = {"days": days_overdue(item, context.work.today), "returns": item.returns}
    said = [context.words(f"item.ground_{ground}", **facts) for ground in proposed.proposal.grounds]
    return Html(context.words("item.and").join(said))


async def _who_is_told(context: HandlerContext, proposed: ProposedCard) -> list[Html]:
    known = await context.work.directory()
    lines = [context.words("item.sure_told")]
    for audience, staff_ids in proposed.told.items():
        if staff_ids:
            names = context.words.plain("item.and").join(known.names[staff_id] for staff_id in staff_ids)
            lines.append(context.words(f"item.told_{audience}", names=names))
    return lines if len(lines) > 1 else [context.words("item.sure_nobody_told")]
