"""The card of an item that is being entered: how its head will read it, what is missing, and a button for each part."""

from datetime import date

from handlers.actions import button
from handlers.items.order import order_text
from handlers.press import Press
from services.access.member import Member
from services.rectification.item_drafts import Draft, read_draft
from services.rectification.order import Part
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html, Words
from texts.dates import day_in_full
from texts.message import Button, Message, in_rows

AREA = "draft"
_IN_A_ROW = 3


async def draft_card(work: UnitOfWork, words: Words, who: Member, draft_id: str) -> Message:
    """Return the card of a draft. Raises NotEntitled."""
    draft = await read_draft(work, who, draft_id)
    author = (await work.directory()).names[draft.row.by_id]
    parts = [words("item.draft_title"), await order_text(work, words, draft.item, contact=author)]
    if draft.order.due_on is not None:
        parts.append(due_in_full(words, draft.order.due_on))
    parts.append(lacking(words, draft.missing) if draft.missing else words("item.draft_complete"))
    issue = button(words, "item.button_issue", Press(AREA, "issue", draft_id, str(draft.row.version)).pack())
    drop = button(words, "item.draft_drop", Press(AREA, "drop", draft_id).pack())
    buttons = in_rows([_part_button(words, draft, part) for part in Part], _IN_A_ROW)
    return Message(Html("\n\n".join(parts)), (*buttons, (issue, drop)))


def lacking(words: Words, missing: tuple[Part, ...]) -> Html:
    """Return the sentence that names what an item lacks."""
    named = words.plain("staff.list_comma").join(words.plain(f"item.part_{part}") for part in missing)
    return words("item.draft_lacks", parts=named)


def due_in_full(words: Words, due_on: date) -> Html:
    """Say which day it is, with its weekday and year."""
    return words("item.preview_due", day=day_in_full(words, due_on))


def _part_button(words: Words, draft: Draft, part: Part) -> Button:
    mark = "❗" if part in draft.missing else "✎"
    return Button(f"{mark} {words.plain(f'item.part_{part}')}", Press(AREA, part, draft.row.id).pack())
