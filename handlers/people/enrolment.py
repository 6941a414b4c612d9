"""The way in: a staff member opens the one-time link the office gave them."""

import re

from telegram import Update
from telegram.ext import CommandHandler, filters

from handlers.context import App, HandlerContext
from handlers.people.about import duties_of, roles_of
from models.rounds import County
from qr.token import TokenKind
from services.people.enrol import InvitationProblem, accept_invitation
from texts.catalogue import Words
from texts.message import Message

# All that claims to be an invitation comes here, so that a damaged one is told what to do.
_CLAIMS = re.compile(rf"^/start(@\w+)?\s+{TokenKind.INVITATION}")


async def command_start(update: Update, turn: HandlerContext) -> None:
    user = update.effective_user
    if user is None or not turn.args:
        return
    accepted = await accept_invitation(turn.work, turn.args[0], user.id)
    if isinstance(accepted, InvitationProblem):
        await turn.say(Message(turn.words(f"staff.invitation_{accepted}")))
        return
    words = Words(accepted.language)
    county = await turn.work.session.get_one(County, 1)
    roles, duties = await roles_of(turn.work, words, accepted), duties_of(words, accepted)
    await turn.say(
        Message(words("staff.welcome", name=accepted.name, office=county.office, roles=roles, duties=duties))
    )


def register(application: App) -> None:
    """Hear /start with an invitation, in private."""
    in_private = filters.UpdateType.MESSAGE & filters.ChatType.PRIVATE & filters.Regex(_CLAIMS)
    application.add_handler(CommandHandler("start", command_start, filters=in_private))
