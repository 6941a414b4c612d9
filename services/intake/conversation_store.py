"""The rows of a resident's conversation: sealed, under a tag of the chat, gone when sent and after a day of silence."""

import hashlib
import hmac
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import bindparam, delete, func, insert, select, update

from media.kinds import Cleaned
from models.address import Address
from models.base import coarse, table_of
from models.complaints import FILES, Complaint, Conversation, DraftMessage, MessageKind
from models.database import execute, insert_later
from models.rounds import PlaceKind
from privacy.tags import tag
from services.attachments import id_for
from services.intake.drafts import MOST_PIECES, TOGGLES, Addition, ConversationState, Draft, Piece
from services.intake.place import place_of
from services.intake.understanding import StoredUnderstanding
from services.packing import pack, unpack
from services.sealed_messages import kind_of, seal_message
from services.unit_of_work import ConversationRow, UnitOfWork

log = logging.getLogger(__name__)

VISIT_LIFETIME = timedelta(hours=1)


class PieceRow(NamedTuple):
    """A message of a draft as it is stored."""

    id: str
    kind: MessageKind
    source: str
    sealed: bytes


@dataclass(frozen=True)
class ExpectedFile:
    """What a file from a chat is for, as far as that is known before its transaction."""

    round_id: str
    own_voice: bool = False  # what is spoken in it stays as it sounds


_CONVERSATIONS, _PIECES = table_of(Conversation), table_of(DraftMessage)
_OWN = _CONVERSATIONS.c.tag == bindparam("own_tag")
_STORED = (
    select(
        _CONVERSATIONS.c.tag,
        _CONVERSATIONS.c.round_id,
        _CONVERSATIONS.c.sealed,
        _CONVERSATIONS.c.expires_at,
        _PIECES.c.id,
        _PIECES.c.kind,
        _PIECES.c.source,
        _PIECES.c.sealed,
    )
    .outerjoin_from(_CONVERSATIONS, _PIECES, _PIECES.c.tag == _CONVERSATIONS.c.tag)
    .where(_CONVERSATIONS.c.tag.in_(bindparam("tags", expanding=True)))
    .order_by(_CONVERSATIONS.c.tag, _PIECES.c.position)
)
_GO_ON = update(_CONVERSATIONS).where(_OWN)
_END = delete(_CONVERSATIONS).where(_OWN)  # and with it, in the database, the rows of its draft
_ADD_PIECE = insert(_PIECES)


async def load_conversation(work: UnitOfWork, address: Address) -> ConversationState:
    """Return where a chat is; nothing when it never was, or was silent for too long.

    What an earlier version kept otherwise is lost: it is deleted, and the state says so.
    """
    row, pieces = await _stored(work, address)
    if row is None:
        return ConversationState()
    if row.expires_at <= work.now:
        await _drop(work, address, row)
        return ConversationState()
    kept = work.keyring.round(row.round_id).sealing.open_json(row.tag, row.sealed)
    try:
        return await _state(work, row, pieces, kept)
    except (KeyError, TypeError, ValueError) as error:  # an earlier version kept it otherwise
        log.warning("a conversation that cannot be read is dropped: %s", type(error).__name__)
        await _drop(work, address, row)
        return ConversationState(is_lost=True)


async def _state(
    work: UnitOfWork, row: ConversationRow, pieces: Iterable[PieceRow], kept: Mapping[str, Any]
) -> ConversationState:
    visits_until = datetime.fromisoformat(kept["visit_until"]) if kept["visit_until"] else work.now
    is_visiting = visits_until > work.now
    return ConversationState(
        language=kept["language"],
        draft=await _draft(work, row, pieces, kept["draft"]) if kept["draft"] else None,
        visit=kept["visit"] if is_visiting else None,
        just_sent=kept.get("just_sent", False),
        addition=_addition(kept.get("addition")) if is_visiting else None,
        album=kept["album"],
        offered=tuple(kept["offered"]) if kept["offered"] else None,
        added=tuple(kept["added"]),
        crises_said=tuple(kept.get("crises_said", ())),
        half=kept.get("half", ""),
        trail=kept.get("trail", ""),
        below=kept.get("below"),
        below_addition=kept.get("below_addition"),
    )


async def save_conversation(
    work: UnitOfWork, address: Address, state: ConversationState, *, sent: Draft | None = None
) -> None:
    """Keep where a chat is, for a day from now; forget it when there is nothing to remember.

    `sent` is the draft that has just become the complaint that is visited.
    """
    row = await _row(work, address)
    if state.is_over and not (state.half and work.keyring.round_ids()):
        if row is not None:
            await _drop(work, address, row)
        return
    round_id = sent.place.round_id if sent is not None else await _round_of(work, state, row)
    if row is not None and row.round_id != round_id:
        await _drop(work, address, row)
        row = None
    keys = work.keyring.round(round_id)
    own_tag = tag(keys.tag_secret, address)
    settings = await work.settings()
    lasts = timedelta(hours=settings.privacy.draft_ttl_hours) if state.draft else VISIT_LIFETIME
    sealed = keys.sealing.seal_json(own_tag, _packed(state, work.now))
    ends = _hour_after(work.now + lasts)
    values = {"own_tag": own_tag, "round_id": round_id, "sealed": sealed, "expires_at": ends}
    if row is None:
        insert_later(work.session, Conversation, tag=own_tag, round_id=round_id, sealed=sealed, expires_at=ends)
    else:
        await execute(work.session, _GO_ON, values)
    work.conversations[address] = ConversationRow(own_tag, round_id, sealed, ends)


async def store_piece(
    work: UnitOfWork, address: Address, draft: Draft, source: str, text: str, attachment: Cleaned | None = None
) -> None:
    """Keep a piece that is new in a draft, sealed; a file's bytes go to the attachment store under the message's id."""
    keys = work.keyring.round(draft.place.round_id)
    own_tag = tag(keys.tag_secret, address)
    message_id = id_for(attachment, draft.place.round_id)
    values = {
        "id": message_id,
        "tag": own_tag,
        "position": next(place for place, piece in enumerate(draft.pieces) if piece.source == source),
        "kind": kind_of(attachment),
        "source": source,
        "sealed": await seal_message(work, keys, message_id, text, attachment),
    }
    await execute(work.session, _ADD_PIECE, values)


async def replace_piece(
    work: UnitOfWork, address: Address, draft: Draft, source: str, text: str, attachment: Cleaned | None = None
) -> None:
    """Put the text of an edited message in place of what it said before; and its file, if there is another now."""
    if attachment is not None:
        await drop_piece(work, address, draft, source)
        await store_piece(work, address, draft, source, text, attachment)
        return
    keys = work.keyring.round(draft.place.round_id)
    row = await work.session.scalar(
        select(DraftMessage).where(DraftMessage.tag == tag(keys.tag_secret, address), DraftMessage.source == source)
    )
    if row is not None:
        kept = keys.sealing.open_json(row.id, row.sealed)
        row.sealed = keys.sealing.seal_json(row.id, kept | {"text": text})
        await work.session.flush()


async def drop_piece(work: UnitOfWork, address: Address, draft: Draft, source: str) -> None:
    """Delete a message of a draft, and its file."""
    own_tag = tag(work.keyring.round(draft.place.round_id).tag_secret, address)
    dropped = delete(DraftMessage).where(DraftMessage.tag == own_tag, DraftMessage.source == source)
    gone = (await work.session.execute(dropped.returning(DraftMessage.id, DraftMessage.kind))).all()
    work.delete_files(row.id for row in gone if row.kind in FILES)


async def discard(work: UnitOfWork, address: Address, draft: Draft) -> None:
    """Delete all that a draft holds, files included."""
    own_tag = tag(work.keyring.round(draft.place.round_id).tag_secret, address)
    await _drop_messages(work, [own_tag])


async def purge_conversations(work: UnitOfWork) -> int:
    """Delete the conversations that have been silent for too long, and the files of their drafts."""
    tags = list(await work.session.scalars(select(Conversation.tag).where(Conversation.expires_at <= work.now)))
    await _drop_messages(work, tags)
    await work.session.execute(delete(Conversation).where(Conversation.tag.in_(tags)))
    return len(tags)


async def forget_sent(work: UnitOfWork, address: Address, draft: Draft) -> None:
    """Delete a conversation with the rows of its draft, whose messages have been moved; their files stay."""
    own_tag = tag(work.keyring.round(draft.place.round_id).tag_secret, address)
    await execute(work.session, _END, {"own_tag": own_tag})
    work.conversations[address] = None


async def expected_file(work: UnitOfWork, address: Address) -> ExpectedFile | None:
    """Return what a file from a chat would be for; None when nobody waits for one, or there is no room for it."""
    row = await _row(work, address)
    if row is None or row.expires_at <= work.now:
        return None
    kept = work.keyring.round(row.round_id).sealing.open_json(row.tag, row.sealed)
    visited = await work.session.get(Complaint, kept["visit"]) if kept.get("visit") else None
    if visited is not None:
        return ExpectedFile(visited.round_id)
    pieces = select(func.count()).select_from(DraftMessage).where(DraftMessage.tag == row.tag)
    if not kept.get("draft") or (await work.session.scalar(pieces) or 0) >= MOST_PIECES:
        return None
    return ExpectedFile(row.round_id, kept["draft"].get("own_voice", False))


def source_of(secret: bytes, address: Address, message_id: int) -> str:
    """Return the keyed hash of one message of a chat, 128 bits in hex; it dies with the draft."""
    return hmac.new(
        secret, b"xunsheng/source/2\0%s\0%d" % (str(address).encode(), message_id), hashlib.sha256
    ).hexdigest()[:32]


async def _row(work: UnitOfWork, address: Address) -> ConversationRow | None:
    """Return the conversation of a chat as this transaction knows it."""
    if address not in work.conversations:
        await _stored(work, address)
    return work.conversations[address]


async def _stored(work: UnitOfWork, address: Address) -> tuple[ConversationRow | None, list[PieceRow]]:
    """Read the conversation of a chat with the messages of its draft, in their order."""
    tags = [tag(work.keyring.round(round_id).tag_secret, address) for round_id in work.keyring.round_ids()]
    rows = list(await execute(work.session, _STORED, {"tags": tags}))
    found = work.conversations[address] = ConversationRow(*tuple(rows[0])[:4]) if rows else None
    return found, [PieceRow(*tuple(row)[4:]) for row in rows if row.id is not None]


async def _draft(work: UnitOfWork, row: ConversationRow, rows: Iterable[PieceRow], kept: dict[str, Any]) -> Draft:
    sealing = work.keyring.round(row.round_id).sealing
    pieces = tuple(Piece(piece.source, piece.kind, sealing.open_json(piece.id, piece.sealed)["text"]) for piece in rows)
    return Draft(
        draft_id=kept["mark"],
        place=await place_of(work, row.round_id, PlaceKind(kept["place_kind"]), kept["place_id"]),
        pieces=pieces,
        category=kept["category"],
        decided=frozenset(kept.get("decided", ())),
        traces_kept=frozenset(kept["traces_kept"]),
        understood=_unpacked(kept.get("understood")),
        **{field: kept.get(field, False) for field in TOGGLES.values()},  # a draft may be of an earlier version
    )


def _unpacked(understood: Mapping[str, Any] | None) -> StoredUnderstanding | None:
    """Return what was understood; None when it was kept by another version of the product."""
    try:
        return None if understood is None else unpack(StoredUnderstanding, understood)
    except (TypeError, ValueError):
        return None


def _addition(kept: Mapping[str, Any] | None) -> Addition | None:
    if kept is None:
        return None
    return Addition(
        lines=tuple((source, text) for source, text in kept["lines"]),
        concerns_head=kept["concerns_head"],
        concerns_team=kept["concerns_team"],
        decided=frozenset(kept["decided"]),
        understood=_unpacked(kept["understood"]),
    )


def _packed_addition(addition: Addition) -> dict[str, Any]:
    return {
        "lines": addition.lines,
        "concerns_head": addition.concerns_head,
        "concerns_team": addition.concerns_team,
        "decided": sorted(addition.decided),
        "understood": addition.understood and pack(addition.understood),
    }


def _packed(state: ConversationState, now: datetime) -> dict[str, Any]:
    draft = state.draft
    return {
        "language": state.language,
        "visit": state.visit,
        "just_sent": state.just_sent,
        "addition": state.addition and _packed_addition(state.addition),
        "visit_until": _hour_after(now + VISIT_LIFETIME).isoformat() if state.visit else None,
        "album": state.album,
        "offered": state.offered,
        "added": state.added,
        "crises_said": state.crises_said,
        "half": state.half,
        "trail": state.trail,
        "below": state.below,
        "below_addition": state.below_addition,
        "draft": draft
        and {
            "mark": draft.draft_id,
            "place_kind": draft.place.kind,
            "place_id": draft.place.place_id,
            "category": draft.category,
            "decided": sorted(draft.decided),
            "traces_kept": sorted(draft.traces_kept),
            "understood": draft.understood and pack(draft.understood),
            **{field: getattr(draft, field) for field in TOGGLES.values()},
        },
    }


async def _round_of(work: UnitOfWork, state: ConversationState, row: ConversationRow | None) -> str:
    if state.draft is not None:
        return state.draft.place.round_id
    if row is not None:
        return row.round_id
    if state.visit is not None:
        return (await work.session.get_one(Complaint, state.visit)).round_id
    return max(work.keyring.round_ids())  # nothing is known yet of where half a receipt code leads


async def _drop(work: UnitOfWork, address: Address, row: ConversationRow) -> None:
    await _drop_messages(work, [row.tag])
    await execute(work.session, _END, {"own_tag": row.tag})
    work.conversations[address] = None


async def _drop_messages(work: UnitOfWork, tags: Iterable[str]) -> None:
    files = await work.session.scalars(
        select(DraftMessage.id).where(DraftMessage.tag.in_(list(tags)), DraftMessage.kind.in_(FILES))
    )
    work.delete_files(files)
    await work.session.execute(delete(DraftMessage).where(DraftMessage.tag.in_(list(tags))))


def _hour_after(moment: datetime) -> datetime:
    """Return the next full hour: when a resident wrote is nobody's business to the minute."""
    return coarse(moment.astimezone(UTC)) + timedelta(hours=1)
