"""Words that go to a reporter: before they are taken, their writer is told what cannot go there."""

from handlers.context import HandlerContext
from services.cases.dialogue import ContainsContact, refuse_contact_details
from texts.message import Message


async def fit_for_reporters(turn: HandlerContext, text: str, most: int) -> bool:
    """Whether words can go to a reporter; otherwise their writer is told what to do. `most` is in characters."""
    if not text or len(text) > most:
        await turn.say(Message(turn.words("team.text_please", most=most)))
        return False
    try:
        await refuse_contact_details(turn.work, text)
    except ContainsContact:
        await turn.say(Message(turn.words("team.leads_away")))
        return False
    return True
