"""A number typed into the chat opens that case or item, for whoever may know of it."""

import re
import unicodedata

from handlers.actions import SUBJECTS
from handlers.context import HandlerContext
from handlers.incoming import Text
from models.states import NotEntitled
from services.access.member import Member
from services.cases.cards import bring_card
from services.cases.case_log import case_known_to
from texts.message import Message

_CASE = re.compile(r"(?:NO\.?|#|编号|編號|第)?[:\s]*(\d{4})[\s-]?(\d{4})(?:号|號|件)?")
_ITEM = re.compile(r"(?:#|编号|編號)?[:\s]*(?:RI[\s-]?(\d{2,6})|(\d{6}))(?:号|號)?")


def is_number(context: HandlerContext) -> bool:
    """Whether nothing but the number of a case or an item was written."""
    return _case_number(context) is not None or _item_number(context) is not None


async def open_by_number(context: HandlerContext, who: Member) -> None:
    """Bring the card of a case or an item; what is not theirs is answered like what does not exist."""
    item_number, case_number = _item_number(context), _case_number(context)
    if item_number is not None:
        show = SUBJECTS["item"].card
        card = await show(context, who, item_number) if show else None
        if card is not None:
            await context.show_card("item", item_number, card)
        else:
            await context.say(Message(context.words("staff.no_such_number")))
        return
    try:
        case = await case_known_to(context.work, who, case_number or "")
    except NotEntitled:
        await context.say(Message(context.words("staff.no_such_number")))
        return
    await bring_card(context.work, case, who)


def case_number_in(written: str) -> str | None:
    """Return the number of a case; None when something else is written, or more."""
    found = _CASE.fullmatch(_folded(written))
    return f"{found[1]}{found[2]}" if found else None


def _case_number(context: HandlerContext) -> str | None:
    return case_number_in(_written(context))


def _item_number(context: HandlerContext) -> str | None:
    found = _ITEM.fullmatch(_written(context))
    return f"RI{found[1] or found[2]}" if found else None


def _written(context: HandlerContext) -> str:
    content = context.update.content
    return _folded(content.text) if isinstance(content, Text) else ""


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().upper()
