"""Answers what staff write while no form is open."""

from handlers.context import HandlerContext
from handlers.incoming import Text
from services.intake.understanding import Kind
from services.intake.understood import meaning_of
from texts.message import Message


async def answer(context: HandlerContext) -> None:
    """Say that no answer was expected."""
    content = context.update.content
    asks = False
    if isinstance(content, Text):
        asks = (await meaning_of(context.work, [content.text])).kind == Kind.ASKS_FOR_REPORTER
    await context.say(Message(context.words("resident.nobody_knows_who" if asks else "staff.not_asked")))
