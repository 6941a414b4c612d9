"""Answers what nothing else takes: what staff write while no form is open, and what is said to the bot in a group."""

from handlers.context import HandlerContext
from handlers.incoming import Text
from services.intake.understanding import TextKind
from services.intake.understood import meaning_of
from services.people.forms import WORDS_LIFETIME, keep_words
from texts.message import Message

LONGEST_KEPT = 800  # characters


async def answer_staff(context: HandlerContext) -> None:
    """Say that no answer was expected. Of whoever works on cases it is kept for a while: it may be a reason."""
    content, who = context.update.content, context.member
    if not isinstance(content, Text):
        await context.say(Message(context.words("staff.not_asked")))
    elif (await meaning_of(context.work, [content.text])).kind == TextKind.ASKS_FOR_REPORTER:
        await context.say(Message(context.words("resident.nobody_knows_who")))
    elif who is not None and who.desks and len(content.text) <= LONGEST_KEPT:
        await keep_words(context.work, who.id, content.text)
        await context.say(Message(context.words("staff.kept_for_now", minutes=WORDS_LIFETIME.seconds // 60)))
    else:
        await context.say(Message(context.words("staff.not_asked")))


async def answer_group(context: HandlerContext) -> None:
    """Say where to go instead: lists are private, and strangers complain elsewhere.

    Messages of a group that are not meant for the bot never come here.
    """
    await context.say(Message(context.words("team.only_in_private" if context.member else "team.stranger_wrote")))
