"""/newitem: the office, or the leader of a unit's team, issues an item."""

from handlers.actions import NothingDone
from handlers.commands import command
from handlers.context import HandlerContext
from handlers.forms import begin
from handlers.items.forms import ISSUE_ITEM
from services.access.member import Member
from services.people.forms import SpeaksAsResident
from texts.message import Message


@command("newitem")
async def issue(context: HandlerContext, who: Member) -> None:
    """Begin the form of a new item with its unit."""
    try:
        result = await begin(context, who, ISSUE_ITEM)
    except SpeaksAsResident:
        await context.say(Message(context.words("staff.resident_first")))
        return
    if isinstance(result, NothingDone):
        await context.say(Message(result.text))
