"""Answers what nothing else takes: what staff write while no form is open, and what is said to the bot in a group."""

from handlers.context import HandlerContext
from handlers.incoming import Text
from services.intake.understanding import TextKind
from services.intake.understood import meaning_of
from texts.message import Message


async def answer_staff(context: HandlerContext) -> None:
    """Say that no answer was expected."""
    content = context.update.content
    asks = False
    if isinstance(content, Text):
        asks = (await meaning_of(context.work, [content.text])).kind == TextKind.ASKS_FOR_REPORTER
    await context.say(Message(context.words("resident.nobody_knows_who" if asks else "staff.not_asked")))


async def answer_group(context: HandlerContext) -> None:
    """Say where to go instead: lists are private, and strangers complain elsewhere.

    Messages of a group that are not meant for the bot never come here.
    """
    await context.say(Message(context.words("team.only_in_private" if context.member else "team.stranger_wrote")))
