"""The card of an item that is being entered: how its head will read it, what is missing, and a button for each part."""

from collections.abc import Sequence
from datetime import date

from handlers.actions import button
from handlers.items.labels import staff_name, truncated
from handlers.items.order import order_text
from handlers.items.working_papers import AREA as FINDING
from handlers.items.working_papers import working_papers_line
from handlers.press import Press
from models.draft_comments import DraftComment
from models.states import DraftCommentState
from services.access.member import Member
from services.rectification.draft_comments import comments_on
from services.rectification.hear_heads import may_be_heard_on
from services.rectification.item_drafts import Draft, read_draft
from services.rectification.order import Part
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html, Words
from texts.dates import day_in_full
from texts.message import Button, Message, Rows, in_rows

AREA = "draft"
COMMENT = "comment"  # the area of what heads say of drafts
_IN_A_ROW = 3
_SHOWN_OF_COMMENT = 200  # characters


async def draft_card(work: UnitOfWork, words: Words, who: Member, draft_id: str) -> Message:
    """Return the card of a draft. Raises NotEntitled."""
    draft = await read_draft(work, who, draft_id)
    known = await work.directory()
    author = known.names[draft.row.by_id]
    parts = [words("item.draft_title"), await order_text(work, words, draft.item, contact=author)]
    if draft.order.due_on is not None:
        parts.append(due_in_full(words, draft.order.due_on))
    parts.append(lacking(words, draft.missing) if draft.missing else words("item.draft_complete"))
    parts.append(await working_papers_line(work, words, draft.row))
    comments = await comments_on(work, draft_id)
    parts += [await _comments(work, words, comments)] if comments else []
    issue = button(words, "item.button_issue", Press(AREA, "issue", draft_id, str(draft.row.version)).pack())
    drop = button(words, "item.draft_drop", Press(AREA, "drop", draft_id).pack())
    if (village := known.villages.get(draft.order.village_id or "")) is not None:
        parts.append(words("item.draft_village", village=village.name))
    has_villages = any(one.unit_id == draft.order.unit_id for one in known.villages.values())
    asked = [part for part in Part if part is not Part.VILLAGE or has_villages]
    buttons = in_rows([_part_button(words, draft, part) for part in asked], _IN_A_ROW)
    papers = ((button(words, "finding.button_of_draft", Press(FINDING, "open", draft_id).pack()),),)
    hear: Rows = ()
    if await may_be_heard_on(work, draft):
        hear = ((button(words, "comment.action_ask", Press(AREA, "ask_heads", draft_id).pack()),),)
    settle = tuple(
        [
            (_settle_button(words, await staff_name(work, one.staff_id) or "", one),)
            for one in comments
            if one.state is DraftCommentState.COMMENTED
        ]
    )
    return Message(Html("\n\n".join(parts)), (*buttons, *papers, *hear, *settle, (issue, drop)))


def comment_state(words: Words, comment: DraftComment) -> str:
    """Return whether a head has answered, and what has become of it."""
    return words.plain(f"comment.state_{comment.settlement or comment.state}")


async def _comments(work: UnitOfWork, words: Words, comments: Sequence[DraftComment]) -> Html:
    """Return what the heads say, as far as it fits beside the draft; each has a card that shows it whole."""
    lines = [words("comment.beside_title")]
    for one in comments:
        name, state = await staff_name(work, one.staff_id) or "", comment_state(words, one)
        lines.append(words("comment.says", name=name, state=state))
        lines += [words("team.quote", text=truncated(one.reply, _SHOWN_OF_COMMENT))] if one.reply else []
    return Html("\n".join(lines))


def _settle_button(words: Words, name: str, comment: DraftComment) -> Button:
    label = words.plain("comment.button_settle", name=name)
    return Button(label, Press(COMMENT, "open", comment.id).pack())


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
