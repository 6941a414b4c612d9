"""Enrolment: a staff member opens the one-time link the office gave them."""

from collections.abc import Sequence

from handlers.context import HandlerContext
from handlers.people.about import duties_of, roles_of
from models.rounds import County
from qr.token import TokenKind
from services.people.enrol import InvitationProblem, accept_invitation
from texts.catalogue import Words
from texts.message import Message


def claims_invitation(args: Sequence[str]) -> bool:
    """Whether /start comes with what claims to be an invitation: a damaged one is to be told what to do."""
    return bool(args) and args[0].startswith(TokenKind.INVITATION)


async def take_invitation(context: HandlerContext, token: str) -> None:
    """Tie the account to the staff record the invitation was made for, and say what they get here."""
    if context.update.sender is None:
        return
    accepted = await accept_invitation(context.work, token, context.update.sender)
    if isinstance(accepted, InvitationProblem):
        await context.say(Message(context.words(f"staff.invitation_{accepted}")))
        return
    words = Words(accepted.language)
    county = await context.work.session.get_one(County, 1)
    roles, duties = await roles_of(context.work, words, accepted), duties_of(words, accepted)
    await context.say(
        Message(words("staff.welcome", name=accepted.name, office=county.office, roles=roles, duties=duties))
    )
