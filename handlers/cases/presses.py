"""Presses on cases: who pressed is asked anew each time, and an old press is told how things are now."""

from collections.abc import Awaitable, Callable

from telegram import CallbackQuery, Update
from telegram.ext import CallbackQueryHandler

from handlers.cases.card import board_card, handed_on, private_card
from handlers.cases.labels import plain
from handlers.context import App, HandlerContext, in_private
from handlers.press import Press, pattern
from handlers.prompts import resident_first
from handlers.registry import Registry
from models.complaints import Case
from models.states import Impossible, NotEntitled
from services.access.member import Member
from services.cases.cards import hangs_at
from services.cases.claim import AlreadyClaimed
from services.people.boards import board_at
from services.people.prompts import SpeaksAsResident
from texts.catalogue import SOURCE, Words
from texts.message import Message

Doer = Callable[[HandlerContext, Member, CallbackQuery, Press], Awaitable[None]]

DOERS: Registry[Doer] = Registry()
on_case = DOERS.named  # a doer may raise Impossible, NotEntitled or AlreadyClaimed before it acts
ON_THE_BOARD = ("claim", "open")  # all else is for a member's own chat


async def take_press(update: Update, turn: HandlerContext) -> None:
    query = update.callback_query
    if query is None:
        return
    press, who = turn.press(query), turn.member
    if who is None:
        turn.toast(query, plain(turn.words("team.stranger_pressed")), alert=True)
        return
    doer = DOERS.get(press.action) if press else None
    if press is None or doer is None:
        turn.toast(query, plain(turn.words("team.press_unknown")), alert=True)
        return
    if press.action not in ON_THE_BOARD and turn.refused_in_group(query):
        return
    try:
        await doer(turn, who, query, press)
    except SpeaksAsResident:
        resident_first(turn, query)
    except AlreadyClaimed as first:
        turn.toast(query, plain(turn.words("team.claimed_by", name=first.owner)), alert=True)
        await renew(turn, who, query, press.subject)
    except Impossible as meanwhile:
        state = turn.words(f"team.state_{meanwhile.state}")
        turn.toast(query, plain(turn.words("team.moved_on", state=state)), alert=True)
        await renew(turn, who, query, press.subject)
    except NotEntitled:
        case = await turn.work.session.get(Case, press.subject)
        sees = case is not None and who.sees(case)
        turn.toast(query, plain(turn.words("team.not_entitled" if sees else "team.not_with_you")), alert=True)
        if sees or in_private(query):  # the same for a case that is not theirs and for a number that is nobody's
            await renew(turn, who, query, press.subject)


async def renew(turn: HandlerContext, who: Member, query: CallbackQuery, case_id: str) -> None:
    """Put the present card where a button was pressed; in a group only where this very card hangs.

    A doctored client can press any message of a group, and would write over the cards of others.
    """
    case = await turn.work.session.get(Case, case_id)
    if query.message is None:
        return
    if in_private(query):
        card = await private_card(turn.work, turn.words, who, case) if case else None
        await turn.edit(query, card or handed_on(turn.words))
        return
    if case is None:
        return
    team = await board_at(turn.work, query.message.chat.id)
    if team is not None and await hangs_at(turn.work, case, team.id, query.message.chat.id, query.message.message_id):
        words = Words(SOURCE)  # a board is read by several
        card = await board_card(turn.work, words, case, team.id)
        await turn.edit(query, card or handed_on(words))


async def show_menu(turn: HandlerContext, query: CallbackQuery, menu: Message) -> None:
    """Put a menu in place of the card; its last button brings the card back."""
    turn.toast(query)
    await turn.edit(query, menu)


def register(application: App) -> None:
    """Hear the presses on cases."""
    application.add_handler(CallbackQueryHandler(take_press, pattern=pattern("case")))
