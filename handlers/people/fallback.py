"""Answers what staff write while no form is open."""

from handlers.context import HandlerContext
from handlers.incoming import Text
from services.intake.abuse import asks_who_reported
from texts.message import Message


async def answer(context: HandlerContext) -> None:
    """Say that no answer was expected."""
    content = context.update.content
    asks = isinstance(content, Text) and asks_who_reported(content.text)
    await context.say(Message(context.words("resident.nobody_knows_who" if asks else "staff.not_asked")))
