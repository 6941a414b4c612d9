"""The team decides: takes a case on, puts it away, closes it; each is one press, some after a second look."""

from collections.abc import Awaitable, Callable

from telegram import CallbackQuery

from handlers.cases.labels import button, number, plain
from handlers.cases.presses import on_case, renew, show_menu
from handlers.context import HandlerContext
from handlers.press import Press
from models.complaints import Case
from services.access.member import Member
from services.cases.case_log import case_seen_by
from services.cases.decide import accept, close, dismiss, reopen, verify
from services.unit_of_work import UnitOfWork
from texts.message import Message

Action = Callable[[UnitOfWork, Member, str], Awaitable[Case]]

_AT_ONCE: dict[str, Action] = {
    "accept": accept,
    "verify": verify,
    "close": close,
    "reopen": reopen,
    "dismiss": dismiss,
}


async def press_action(turn: HandlerContext, who: Member, query: CallbackQuery, press: Press) -> None:
    await _AT_ONCE[press.action](turn.work, who, press.subject)
    turn.toast(query, plain(turn.words(f"team.done_{press.action}")))
    await renew(turn, who, query, press.subject)


for _action in _AT_ONCE:
    on_case(_action)(press_action)


@on_case("sure")
async def press_dismiss(turn: HandlerContext, who: Member, query: CallbackQuery, press: Press) -> None:
    """Ask once more before a case is put away."""
    case = await case_seen_by(turn.work, who, press.subject)
    buttons = (
        button(turn.words, "team.yes_dismiss", Press("case", "dismiss", case.id).pack()),
        button(turn.words, "team.back", Press("case", "card", case.id).pack()),
    )
    await show_menu(turn, query, Message(turn.words("team.sure_dismiss", number=number(case)), (buttons,)))


@on_case("card")
async def press_card(turn: HandlerContext, who: Member, query: CallbackQuery, press: Press) -> None:
    """Go back from a menu to the card."""
    turn.toast(query)
    await renew(turn, who, query, press.subject)
