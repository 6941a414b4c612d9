"""/publish: the rounds, and what is made public of each; the card of a publication, and how refusals are told."""

from handlers.actions import Action, Subject, back_to_card, open_card, register, too_late_or_not_entitled
from handlers.commands import command
from handlers.context import HandlerContext
from handlers.press import Press
from handlers.publication.actions import ACTIONS, begin_for_round
from handlers.publication.card import AREA, begin_button, publication_card
from models.publication import Publication
from models.states import PublicationState
from services.access.member import Member
from services.publication.publications import actors_of, may_prepare, rounds_to_publish
from texts.catalogue import Html
from texts.message import Button, Message

_IN_HAND_OR_PUBLIC = frozenset({PublicationState.DRAFT, PublicationState.AWAITING_APPROVAL, PublicationState.PUBLISHED})


@command("publish")
async def show_rounds(context: HandlerContext, who: Member) -> None:
    """Show the rounds, with what is made public of each."""
    words = context.words
    if not actors_of(who):
        await context.say(Message(words("publication.office_only")))
        return
    lines, rows = [words("publication.rounds")], []
    for one in await rounds_to_publish(context.work, who):
        state = words(f"publication.state_{one.last.state}") if one.last else words("publication.state_none")
        lines.append(words("publication.round_line", round=one.name, state=state))
        if one.last is not None and (one.last.state in _IN_HAND_OR_PUBLIC or not may_prepare(who)):
            rows.append((Button(one.name, Press(AREA, "open", one.last.id).pack()),))
        elif may_prepare(who):
            rows.append((begin_button(words, one.id, "publication.button_begin", round=one.name),))
    await context.say(Message(Html("\n".join(lines)), tuple(rows)))


async def card(context: HandlerContext, who: Member, publication_id: str) -> Message | None:
    """Return the present card, if the publication is theirs to see."""
    found = await context.work.session.get(Publication, publication_id)
    if found is None or not actors_of(who):
        return None
    return await publication_card(context.work, context.words, who, found, ACTIONS)


SUBJECT = register(
    Subject(
        AREA,
        (*ACTIONS, Action("open", open_card), Action("card", back_to_card), Action("begin", begin_for_round)),
        too_late_or_not_entitled("publication.too_late", "publication.not_entitled"),
        card,
        stranger_key="item.press_stranger",
        unknown_key="item.press_unknown",
        entitled=lambda who: bool(actors_of(who)),
        not_entitled_key="publication.office_only",
    )
)
