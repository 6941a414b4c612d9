"""Words that go to a reporter: before they are taken, their writer is told what cannot go there."""

from handlers.context import Turn
from services.cases.dialogue import LeadsAway, refuse_leading_away
from texts.message import Message


async def fit_for_reporters(turn: Turn, text: str, most: int) -> bool:
    """Whether words can go to a reporter; otherwise their writer is told what to do. `most` is in characters."""
    if not text or len(text) > most:
        await turn.say(Message(turn.words("team.text_please", most=most)))
        return False
    try:
        await refuse_leading_away(turn.work, text)
    except LeadsAway:
        await turn.say(Message(turn.words("team.leads_away")))
        return False
    return True
