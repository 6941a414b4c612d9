"""The rows of a resident's conversation: sealed, under a tag of the chat, gone when sent and after a day of silence.

A row holds all of a conversation in one sealed piece, what a draft says as well. For each draft and on each day it gets
another tag, so that two copies of the database join nothing of what was one person's; the keys of a day are destroyed.
"""

import asyncio
import hashlib
import hmac
import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, bindparam, delete, select, update

from media.kinds import Cleaned
from models.address import Address
from models.base import coarse, table_of
from models.complaints import Complaint, Conversation, MessageKind
from models.database import execute, insert_later
from models.rounds import PlaceKind
from privacy.keyring import Keyring
from privacy.seal import SealBroken
from privacy.tags import TAGS, tags
from services.attachments import ensure_stored_by_itself, id_for, open_stored
from services.intake.drafts import MOST_PIECES, TOGGLES, Addition, ConversationState, Draft, Piece
from services.intake.place import place_of
from services.intake.understanding import StoredUnderstanding
from services.packing import pack, unpack
from services.unit_of_work import ConversationRow, UnitOfWork
from storage.folder import AttachmentGone
from texts.message import Message

log = logging.getLogger(__name__)

VISIT_LIFETIME = timedelta(hours=1)


@dataclass(frozen=True)
class ExpectedFile:
    """What a file from a chat is for, as far as that is known before its transaction."""

    round_id: str
    own_voice: bool = False  # what is spoken in it stays as it sounds
    own_key: bool = True  # it is a resident's


_CONVERSATIONS = table_of(Conversation)
_OWN = _CONVERSATIONS.c.tag == bindparam("own_tag")
_STORED = select(_CONVERSATIONS).where(_CONVERSATIONS.c.tag.in_(bindparam("tags", expanding=True)))
_GO_ON = update(_CONVERSATIONS).where(_OWN)
_END = delete(_CONVERSATIONS).where(_OWN)


async def load_conversation(work: UnitOfWork, address: Address) -> ConversationState:
    """Return where a chat is; nothing when it never was, or was silent for too long.

    What an earlier version kept otherwise is lost: it is deleted, and the state says so.
    """
    row = await _row(work, address)
    if row is None:
        return ConversationState()
    kept = _opened(work.keyring, row)
    if row.expires_at <= work.now:
        work.delete_files(_files_in(kept))
        await _drop(work, address, row)
        return ConversationState()
    try:
        return await _state(work, kept)
    except (KeyError, TypeError, ValueError) as error:  # an earlier version kept it otherwise
        log.warning("a conversation that cannot be read is dropped: %s", type(error).__name__)
        work.delete_files(_files_in(kept))
        await _drop(work, address, row)
        return ConversationState(is_lost=True)


async def _state(work: UnitOfWork, kept: Mapping[str, Any]) -> ConversationState:
    visits_until = datetime.fromisoformat(kept["visit_until"]) if kept["visit_until"] else work.now
    is_visiting = visits_until > work.now
    is_visit_over = kept["visit"] is not None and not is_visiting  # a draft goes on for longer
    return ConversationState(
        language=kept["language"],
        draft=await _draft(work, kept["draft"]) if kept["draft"] else None,
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
        shown=() if is_visit_over else tuple(unpack(Message, message) for message in kept.get("shown", ())),
    )


async def save_conversation(
    work: UnitOfWork, address: Address, state: ConversationState, *, before: ConversationState
) -> None:
    """Keep where a chat is, for a day from now; forget it when there is nothing to remember.

    `before` is where it was when it was loaded.
    """
    row = await _row(work, address)
    if state.is_over and not state.half and not state.shown:
        if row is not None:
            await _drop(work, address, row)
        return
    if _draft_id(before) == _draft_id(state):
        work.delete_files(_files_of(before.draft) - _files_of(state.draft))  # of messages that were replaced
    keys, settings = work.keyring.day(work.today), await work.settings()
    goes_on = row is not None and row.day == keys.day and _draft_id(before) == _draft_id(state)
    own_tag = row.tag if row is not None and goes_on else _next_tag(work, address, row)
    lasts = timedelta(hours=settings.privacy.draft_ttl_hours) if state.draft else VISIT_LIFETIME
    sealed = keys.sealing.seal_json(own_tag, _packed(state, work.now))
    saved = ConversationRow(own_tag, keys.day, sealed, _hour_after(work.now + lasts))
    if row is None:
        insert_later(work.session, Conversation, **saved._asdict())
    else:
        await execute(work.session, _GO_ON, {"own_tag": row.tag, **saved._asdict()})
    work.conversations[address] = saved


async def store_file(work: UnitOfWork, draft: Draft, source: str, file: Cleaned) -> Draft:
    """Store the file of one message of a draft, sealed to a key of its own; return the draft that knows both."""
    file_id = id_for(file, draft.place.round_id)
    return draft.with_file(source, file_id, await ensure_stored_by_itself(work, file_id, file))


async def open_file(work: UnitOfWork, draft: Draft, piece: Piece) -> bytes | None:
    """Return the file of a piece of a draft, as it was made anew; None when it has none, or it is gone."""
    if piece.file_id is None:
        return None
    try:
        return await open_stored(work, piece.file_id, draft.place.round_id, piece.file_key)
    except AttachmentGone:
        return None


async def discard(work: UnitOfWork, draft: Draft) -> None:
    """Delete the files of a draft; what it says goes with the state of its conversation."""
    work.delete_files(_files_of(draft))


async def purge_conversations(work: UnitOfWork) -> int:
    """Delete the conversations that have been silent for too long, and the files of their drafts."""
    silent = await _rows(work, _CONVERSATIONS.c.expires_at <= work.now)
    work.delete_files(file_id for kept in await _all_opened(work, silent) for file_id in _files_in(kept))
    await work.session.execute(delete(Conversation).where(Conversation.tag.in_([row.tag for row in silent])))
    return len(silent)


async def files_of_drafts(work: UnitOfWork, round_id: str | None = None) -> set[str]:
    """Return the ids of all files that are in drafts, of one round or of any."""
    states = await _all_opened(work, await _rows(work, _CONVERSATIONS.c.tag.is_not(None)))
    wanted = (kept for kept in states if round_id is None or (kept.get("draft") or {}).get("round") == round_id)
    return {file_id for kept in wanted for file_id in _files_in(kept)}


async def expected_file(work: UnitOfWork, address: Address) -> ExpectedFile | None:
    """Return what a file from a chat would be for; None when nobody waits for one, or there is no room for it."""
    row = await _row(work, address)
    if row is None or row.expires_at <= work.now:
        return None
    kept = _opened(work.keyring, row)
    visited = await work.session.get(Complaint, kept["visit"]) if kept.get("visit") else None
    if visited is not None:
        return ExpectedFile(visited.round_id)
    match kept.get("draft"):
        case {"round": str(round_id), "pieces": [*pieces], "own_voice": bool(own_voice)} if len(pieces) < MOST_PIECES:
            return ExpectedFile(round_id, own_voice)
        case _:
            return None


def source_of(secret: bytes, address: Address, message_id: int) -> str:
    """Return the keyed hash of one message of a chat, 128 bits in hex; it dies with the draft."""
    return hmac.new(
        secret, b"xunsheng/source/2\0%s\0%d" % (str(address).encode(), message_id), hashlib.sha256
    ).hexdigest()[:32]


async def _row(work: UnitOfWork, address: Address) -> ConversationRow | None:
    """Return the conversation of a chat as this transaction knows it."""
    if address not in work.conversations:
        days = (work.keyring.day(day) for day in work.keyring.days())
        known = [tag for keys in days for tag in tags(keys.tag_secret, address)]
        found = (await execute(work.session, _STORED, {"tags": known})).first()
        work.conversations[address] = None if found is None else ConversationRow(*tuple(found))
    return work.conversations[address]


def _next_tag(work: UnitOfWork, address: Address, row: ConversationRow | None) -> str:
    """Return a tag of today's that this chat has not had yet, as far as this process knows, and not just now."""
    own = tags(work.keyring.day(work.today).tag_secret, address)
    found = own[work.tally.turn(work.today, "conversation", address, TAGS)]
    return found if row is None or row.tag != found else _next_tag(work, address, row)


def _files_of(draft: Draft | None) -> set[str]:
    return {piece.file_id for piece in draft.pieces if piece.file_id} if draft else set()


def _draft_id(state: ConversationState) -> str | None:
    return state.draft.draft_id if state.draft else None


async def _rows(work: UnitOfWork, which: ColumnElement[bool]) -> list[ConversationRow]:
    return [ConversationRow(*tuple(row)) for row in await work.session.execute(select(_CONVERSATIONS).where(which))]


def _opened(keyring: Keyring, row: ConversationRow) -> dict[str, Any]:
    kept: dict[str, Any] = keyring.day(row.day).sealing.open_json(row.tag, row.sealed)
    return kept


async def _all_opened(work: UnitOfWork, rows: Sequence[ConversationRow]) -> list[dict[str, Any]]:
    """Return the states of conversations, opened in a thread; those whose key is lost are left out."""

    def opened() -> Iterator[dict[str, Any]]:
        days = set(work.keyring.days())
        for row in rows:
            with suppress(SealBroken):
                if row.day in days:
                    yield _opened(work.keyring, row)

    return await asyncio.to_thread(lambda: list(opened()))


def _files_in(kept: Mapping[str, Any]) -> list[str]:
    """Return the files of a draft, also of one that an earlier version kept otherwise, as far as it names them so."""
    match kept.get("draft"):
        case {"pieces": [*pieces]}:
            return [piece["file"] for piece in pieces if isinstance(piece, dict) and piece.get("file")]
        case _:
            return []


async def _draft(work: UnitOfWork, kept: Mapping[str, Any]) -> Draft:
    return Draft(
        draft_id=kept["mark"],
        place=await place_of(work, kept["round"], PlaceKind(kept["place_kind"]), kept["place_id"]),
        pieces=tuple(
            Piece(piece["source"], MessageKind(piece["kind"]), piece["text"], piece["file"], piece["file_key"])
            for piece in kept["pieces"]
        ),
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
        "shown": [pack(message) for message in state.shown],
        "draft": draft
        and {
            "mark": draft.draft_id,
            "round": draft.place.round_id,
            "place_kind": draft.place.kind,
            "place_id": draft.place.place_id,
            "pieces": [
                {
                    "source": piece.source,
                    "kind": piece.kind,
                    "text": piece.text,
                    "file": piece.file_id,
                    "file_key": piece.file_key,
                }
                for piece in draft.pieces
            ],
            "category": draft.category,
            "decided": sorted(draft.decided),
            "traces_kept": sorted(draft.traces_kept),
            "understood": draft.understood and pack(draft.understood),
            **{field: getattr(draft, field) for field in TOGGLES.values()},
        },
    }


async def _drop(work: UnitOfWork, address: Address, row: ConversationRow) -> None:
    await execute(work.session, _END, {"own_tag": row.tag})
    work.conversations[address] = None


def _hour_after(moment: datetime) -> datetime:
    """Return the next full hour: when a resident wrote is nobody's business to the minute."""
    return coarse(moment.astimezone(UTC)) + timedelta(hours=1)
