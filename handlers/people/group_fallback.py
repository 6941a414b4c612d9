"""What is said to the bot in a group: a list is private, and whoever is not on the staff is shown the right door."""

from handlers.context import HandlerContext
from texts.message import Message


async def answer(context: HandlerContext) -> None:
    """Say where to go; a team's own talk is its own and not answered."""
    await context.say(Message(context.words("team.only_in_private" if context.member else "team.stranger_wrote")))
