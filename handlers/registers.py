"""Records that have a card each, and their register in pages: numbered lines, a button of its number for each that
opens it, and one that turns the page.
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import TypeAlias

from handlers.actions import (
    Action,
    Replaced,
    Result,
    Subject,
    back_to_card,
    button,
    open_card,
    register,
    too_late_or_not_entitled,
)
from handlers.context import HandlerContext
from handlers.press import Press
from models.states import NotEntitled
from services.access.member import Member
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html, Words
from texts.message import Button, Message, Rows, in_rows

Line: TypeAlias = tuple[Html, str]  # what stands there, and the id of the record
# Return a page from behind a record on; None where there is nothing for somebody.
PageOf: TypeAlias = Callable[[HandlerContext, Member, str | None], Awaitable[Message | None]]
# Returns the card of a record as somebody may see it now; raises NotEntitled.
CardOf: TypeAlias = Callable[[UnitOfWork, Words, Member, str], Awaitable[Message]]
_BUTTONS_PER_ROW = 4


def register_records(
    area: str, actions: Iterable[Action], card_of: CardOf, *page_turners: Action, too_late: str, not_yours: str
) -> Subject:
    """Make records known by the area of their buttons: each has a card, which a button opens and a menu leads back to.

    `too_late` and `not_yours` are the keys of sentences.
    """

    async def card(context: HandlerContext, who: Member, record_id: str) -> Message | None:
        try:
            return await card_of(context.work, context.words, who, record_id)
        except NotEntitled:
            return None

    return register(
        Subject(
            area,
            (*actions, Action("open", open_card), Action("card", back_to_card), *page_turners),
            too_late_or_not_entitled(too_late, not_yours),
            card,
            stranger_key="item.press_stranger",
            unknown_key="item.press_unknown",
        )
    )


def register_page(
    words: Words,
    area: str,
    heading: Html,
    lines: Sequence[Line],
    more_after: str | None,
    *others: Button,
    protect: bool = False,
    turn: str = "list",
) -> Message:
    """Return a page of a register. `others`: the buttons under it that begin something; `protect`: it stays there.

    `turn`: the name of the action that shows the next page, where an area has several registers.
    """
    text, rows = _numbered(area, heading, lines)
    if more_after is not None:
        rows = (*rows, (button(words, "item.button_more", Press(area, turn, more_after).pack()),))
    if others:
        rows = (*rows, *in_rows(list(others), 2))
    return Message(text, rows, protect)


def list_page(
    words: Words, area: str, heading: Html, lines: Sequence[Line], *, is_first: bool, following: str | None
) -> Message:
    """Return a page of a list that a cursor leads through: to the first page, and to the one after `following`."""
    text, rows = _numbered(area, heading, lines)
    turns = [] if is_first else [button(words, "team.first_page", Press(area, "page", "first").pack())]
    turns += [button(words, "team.next_page", Press(area, "page", following).pack())] if following else []
    return Message(text, (*rows, *((tuple(turns),) if turns else ())), protect=True)


def _numbered(area: str, heading: Html, lines: Sequence[Line]) -> tuple[Html, Rows]:
    """Return the text of a page, and the buttons that open its records."""
    numbered = [Html(f"{at}. {line}") for at, (line, _) in enumerate(lines, start=1)]
    opening = [Button(str(at), Press(area, "open", one).pack()) for at, (_, one) in enumerate(lines, start=1)]
    return Html("\n\n".join([heading, *numbered])), in_rows(opening, _BUTTONS_PER_ROW)


def page_turner(page: PageOf, name: str = "list") -> Action:
    """Return the action that shows the next page of a register in place of the one before."""

    async def run(context: HandlerContext, who: Member, press: Press) -> Result:
        found = await page(context, who, press.subject)
        if found is None:
            raise NotEntitled
        return Replaced(found)

    return Action(name, run)
