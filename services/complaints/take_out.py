"""What leads to a person is taken out of what they wrote, where they want it so."""

import json
from collections.abc import Collection

from sqlalchemy import select

from models.complaints import Author, Complaint, ComplaintMessage
from services.complaints.drafts import Draft, replace_piece
from services.complaints.masking import hidden
from services.work import Work


async def take_out_of_draft(work: Work, chat_id: int, draft: Draft, language: str) -> tuple[tuple[str, str], ...]:
    """Replace what leads to a person in all of a draft by the name of its kind; return the new texts by source."""
    shown = hidden([piece.text for piece in draft.pieces], language)
    changed = tuple((piece.source, text) for piece, text in zip(draft.pieces, shown, strict=True) if piece.text != text)
    for source, text in changed:
        await replace_piece(work, chat_id, draft, source, text)
    return changed


async def take_out_of_added(work: Work, complaint_id: str, message_ids: Collection[str], language: str) -> None:
    """Replace what leads to a person in messages a reporter has added to their complaint."""
    complaint = await work.session.get(Complaint, complaint_id)
    if complaint is None:
        return
    query = select(ComplaintMessage).where(
        ComplaintMessage.complaint_id == complaint.id,
        ComplaintMessage.id.in_(message_ids),
        ComplaintMessage.author == Author.REPORTER,
    )
    sealing = work.keyring.round(complaint.round_id).sealing
    for row in await work.session.scalars(query):
        kept = json.loads(sealing.open(row.id, row.sealed))
        [text] = hidden([kept.get("text") or ""], language)
        row.sealed = sealing.seal(row.id, json.dumps(kept | {"text": text}, ensure_ascii=False).encode())
    await work.session.flush()
