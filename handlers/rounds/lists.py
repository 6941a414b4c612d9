"""/rounds: the rounds that somebody knows of, the newest first."""

from handlers.commands import command
from handlers.context import HandlerContext
from handlers.press import Press
from handlers.rounds.card import AREA
from services.access.member import Member
from services.rounds.entitled import rounds_known_to
from texts.catalogue import Html
from texts.message import Button, Message


@command("rounds")
async def show_rounds(context: HandlerContext, who: Member) -> None:
    """List the rounds, each with a button that opens its card."""
    words = context.words
    found = rounds_known_to(await context.work.directory(), who)
    if not found:
        await context.say(Message(words("round.list_empty")))
        return
    lines = [words("round.list_title")]
    lines += [words("round.list_line", name=one.name, state=words(f"round.state_{one.state}")) for one in found]
    rows = tuple((Button(one.name, Press(AREA, "card", one.id).pack()),) for one in found)
    await context.say(Message(Html("\n".join(lines)), rows))
