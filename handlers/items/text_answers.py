"""Answers in words: a message that finishes an action on an item."""

from collections.abc import Awaitable, Callable

from telegram import Message as TelegramMessage

from handlers.context import HandlerContext
from models.rectification import RectificationItem
from models.states import Impossible, NotEntitled
from services.access.member import Member
from services.people.prompts import close_prompt
from texts.message import Message


async def answered_in_words(
    turn: HandlerContext,
    who: Member,
    message: TelegramMessage,
    most: int,
    action: Callable[[str], Awaitable[RectificationItem]],
) -> RectificationItem | None:
    """Do an action with the text of a message and return its item; otherwise say why not.

    `most` is in characters. A message that will not do leaves the question open.
    """
    text = (message.text or "").strip()
    if not text or len(text) > most:
        await turn.say(Message(turn.words("item.text_please", most=most)))
        return None
    await close_prompt(turn.work, who.id)
    try:
        return await action(text)
    except (Impossible, NotEntitled):
        await turn.say(Message(turn.words("item.press_too_late")))
        return None
