"""Presses on cases: how the card is renewed where one was pressed, and how refusals are told."""

from handlers.actions import Subject, register, renew
from handlers.cases.actions import ACTIONS
from handlers.cases.card import board_card, handed_on_notice, private_card_or_notice
from handlers.context import HandlerContext
from handlers.press import Press
from models.complaints import Case
from models.staff import Staff
from models.states import Impossible
from services.access.member import Member
from services.cases.actions import is_anothers
from services.cases.cards import hangs_at, put_card
from services.cases.claim import AlreadyClaimed
from services.people.boards import board_at
from texts.catalogue import SOURCE, Words
from texts.message import Message


async def card(context: HandlerContext, who: Member, case_id: str) -> Message:
    """Return the card a member works with, or what is left of one."""
    return await private_card_or_notice(context.work, context.words, who, case_id)


async def renew_in_private(context: HandlerContext, who: Member, case_id: str) -> None:
    """Put a member's card, or what is left of one, where they pressed in their own chat."""
    case = await context.work.session.get(Case, case_id)
    if case is not None and who.knows_of(case):
        await put_card(context.work, case, who, context.update.address, context.update.message_id)
    else:
        await context.edit(handed_on_notice(context.words))


async def renew_on_board(context: HandlerContext, case_id: str) -> None:
    """Put the present card in a group, only where this very card hangs.

    A doctored client can press any message of a group, and would write over the cards of others.
    """
    update = context.update
    case = await context.work.session.get(Case, case_id)
    team = await board_at(context.work, update.address)
    if case is None or team is None or update.message_id is None:
        return
    if await hangs_at(context.work, case, team.id, update.address, update.message_id):
        words = Words(SOURCE)  # a board is read by several
        await context.edit(await board_card(context.work, words, case, team.id) or handed_on_notice(words))


async def refused(context: HandlerContext, who: Member, press: Press, refusal: Exception) -> None:
    """Tell how things are now, and show the present card."""
    case = await context.work.session.get(Case, press.subject)
    knows = case is not None and who.knows_of(case)
    if isinstance(refusal, AlreadyClaimed):
        context.alert("team.claimed_by", name=refusal.owner)
    elif isinstance(refusal, Impossible):
        context.alert("team.moved_on", state=context.words(f"team.state_{refusal.state}"))
    elif case is not None and who.sees(case) and is_anothers(who, case):
        owner = await context.work.session.get_one(Staff, case.owner_id)
        context.alert("team.claimed_by", name=owner.name)
    else:
        context.alert("team.not_entitled" if knows else "team.not_with_you")
        if not knows and not context.update.is_private:
            return  # in private the same for a case that is not theirs and for a number that is nobody's
    await renew(context, who, SUBJECT, press.subject)


SUBJECT = register(Subject("case", ACTIONS, refused, card, renew_in_private, renew_on_board))
