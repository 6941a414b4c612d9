"""A button of another version of the product, or of none: whoever presses it hears so, and sees how things are."""

from sqlalchemy import select

from handlers import resident
from handlers.actions import SUBJECTS, renew
from handlers.context import HandlerContext
from handlers.incoming import ButtonPress
from handlers.press import Press, named_in
from models.delivery import SentMessage
from models.message_key import Shows


async def answer_old_button(context: HandlerContext) -> None:
    """Say that a button is old, and show the present card in its place, or a resident their draft."""
    who, found = context.member, await _subject_of(context)
    if who is not None and found is not None:
        await renew(context, who, SUBJECTS[found[0]], found[1])
    elif context.update.is_private and await resident.has_open_conversation(context):
        await resident.take_press(context, Press(resident.AREA, "old"))
    context.alert("common.old_button")


async def _subject_of(context: HandlerContext) -> tuple[str, str] | None:
    """Return the area and the id of what the pressed message shows: as it is known, else as the button seems to say."""
    update = context.update
    at = (SentMessage.address == update.address, SentMessage.message_id == update.message_id)
    for key in await context.work.session.scalars(select(SentMessage.message_key).where(*at)):
        if key.shows == Shows.CARD:
            return "case", key.subject
    named = named_in(update.content.data) if isinstance(update.content, ButtonPress) else None
    if named is None or context.member is None or named[0] not in SUBJECTS or not update.is_private:
        return None
    shown_by = SUBJECTS[named[0]].card
    return named if shown_by is not None and await shown_by(context, context.member, named[1]) is not None else None
