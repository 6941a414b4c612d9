"""Answers what is said to the bot in a group: lists are private, and strangers are told where to complain."""

from handlers.context import HandlerContext
from texts.message import Message


async def answer(context: HandlerContext) -> None:
    """Say where to go instead. Messages of a group that are not meant for the bot never come here."""
    await context.say(Message(context.words("team.only_in_private" if context.member else "team.stranger_wrote")))
