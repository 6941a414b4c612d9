"""What a resident has begun: a draft that belongs to a tag, sealed, gone when sent and after a day of silence."""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any, NamedTuple

from sqlalchemy import bindparam, delete, func, insert, select, update

from media.kinds import Cleaned
from models.address import Address
from models.base import coarse, table_of
from models.complaints import FILES, Complaint, Conversation, DraftMessage, MessageKind
from models.database import execute
from models.rounds import PlaceKind
from models.urgency import Urgency
from privacy.tags import tag
from privacy.traces import Mention, Trace, TraceKind, find_mentions, traces_of, value_of
from services.attachments import id_for
from services.intake.place import Place, place_of
from services.intake.understanding import NOTHING, TEAM_CONDUCT, About, TraceFinding, TraceOf, Understanding
from services.intake.understood import Understood, understood, unpacked
from services.sealed_messages import kind_of, seal_message
from services.unit_of_work import ConversationRow, UnitOfWork

MOST_PIECES = 30
VISIT = timedelta(hours=1)
# What a resident turns on and off on the preview of a draft: the name on its button, and the field.
TOGGLES = {"head": "concerns_head", "team": "concerns_team", "tell": "tell_me", "voice": "own_voice"}


@dataclass(frozen=True)
class Piece:
    """One message of a draft. `source` is a keyed hash that tells which message of the chat it was."""

    source: str
    kind: MessageKind
    text: str  # of a file: its caption


@dataclass(frozen=True)
class Draft:
    """A complaint in the making. `draft_id` names it on its buttons, so that an old card cannot send a newer draft."""

    draft_id: str
    place: Place
    pieces: tuple[Piece, ...] = ()
    category: str | None = None  # nobody has chosen one yet: as guessed
    concerns_head: bool = False
    concerns_team: bool = False
    tell_me: bool = False
    own_voice: bool = False  # what is spoken from now on is kept as it sounds
    decided: frozenset[str] = frozenset()  # toggles that stand otherwise than the texts say, by the resident's will
    traces_kept: frozenset[str] = frozenset()  # what is to stay, by its value
    understood: Understood | None = None  # of its texts as they were when somebody last looked

    @property
    def texts(self) -> tuple[str, ...]:
        """What was written, captions among it."""
        return tuple(piece.text for piece in self.pieces if piece.text)

    @property
    def meaning(self) -> Understanding:
        """What its texts mean, as far as somebody has looked."""
        return self.understood.meaning if self.understood else NOTHING

    @property
    def chosen_or_likely_category(self) -> str:
        """The category that was chosen, else the likeliest."""
        return self.category or self.meaning.category

    @property
    def matters(self) -> tuple[str, ...]:
        """The categories of its matters, that of the whole first; one unless several were told."""
        told = self.meaning.topics if len(self.meaning.topics) > 1 else ()
        return tuple(dict.fromkeys((self.chosen_or_likely_category, *(topic.category for topic in told))))

    @cached_property
    def mentions(self) -> tuple[Mention, ...]:
        """What leads to a person, also from one text into the next."""
        return find_mentions(self.texts)

    @cached_property
    def told(self) -> tuple[Mention, ...]:
        """What leads to the writer by what it means: a nickname, or what they say of themselves."""
        return self._told(sure=True)

    @cached_property
    def hints(self) -> tuple[Mention, ...]:
        """What may lead to the writer by what it means."""
        return self._told(sure=False)

    def _told(self, *, sure: bool) -> tuple[Mention, ...]:
        known = traces_of(self.mentions, len(self.texts))
        found = (_mention(trace) for trace in self.meaning.traces if trace.sure is sure)
        return tuple(
            mention
            for mention in found
            if not any(trace.overlaps(other) for text, trace in mention.parts for other in known[text])
        )

    @property
    def traces(self) -> list[tuple[TraceKind, str, str]]:
        """What leads to a person: its kind, as it is written, and its value."""
        texts = self.texts
        return [(mention.kind, mention.written(texts), mention.value) for mention in self.mentions]

    @property
    def has_unsettled_traces(self) -> bool:
        """Whether something leads to a person, and nobody has said that it shall stay."""
        return any(mention.value not in self.traces_kept for mention in self.mentions)

    @property
    def must_settle_traces(self) -> bool:
        """Whether it cannot be sent before somebody has said what becomes of its traces; in a crisis it always can."""
        return self.has_unsettled_traces and self.meaning.urgency != Urgency.CRISIS

    @property
    def files(self) -> int:
        """How many photos, sounds, films and documents there are."""
        return sum(piece.kind in FILES for piece in self.pieces)

    @property
    def has_voice(self) -> bool:
        """Whether somebody may be heard in it."""
        return any(piece.kind in (MessageKind.VOICE, MessageKind.VIDEO) for piece in self.pieces)

    @property
    def is_full(self) -> bool:
        """Whether no further piece can be taken."""
        return len(self.pieces) >= MOST_PIECES

    @property
    def toggles(self) -> dict[str, bool]:
        """Whether each toggle that makes a difference to this draft is on, by its name."""
        return {name: getattr(self, field) for name, field in TOGGLES.items() if name != "voice" or self.has_voice}

    def toggled(self, name: str) -> "Draft":
        """Return the draft with one of its toggles turned; one turned against what the texts say stays so."""
        turned: dict[str, Any] = {TOGGLES[name]: not getattr(self, TOGGLES[name])}
        found = self._found()
        if name in found:
            against = turned[TOGGLES[name]] != found[name]
            turned["decided"] = self.decided | {name} if against else self.decided - {name}
        return replace(self, **turned)

    def as_understood(self, understood: Understood) -> "Draft":
        """Return the draft with what its texts mean: whom they are about is turned on, unless somebody decided."""
        draft = replace(self, understood=understood)
        noticed: dict[str, Any] = {
            TOGGLES[name]: found for name, found in draft._found().items() if name not in self.decided
        }
        return replace(draft, **noticed)

    def _found(self) -> dict[str, bool]:
        """Return whom the texts are about, sure or not, by the name of the toggle."""
        team = self.meaning.concerns(About.TEAM) or self.meaning.category == TEAM_CONDUCT
        return {"head": self.meaning.concerns(About.HEAD), "team": team}

    def holds(self, source: str) -> bool:
        """Whether a message of the chat is part of it."""
        return any(piece.source == source for piece in self.pieces)


@dataclass(frozen=True)
class ConversationState:
    """Where a chat is with us: a draft, a visit to a complaint sent earlier, both or neither."""

    language: str | None = None  # as chosen here; otherwise the client's
    draft: Draft | None = None
    visit: str | None = None  # a complaint
    album: str | None = None  # the pieces that are answered together, and were
    offered: tuple[str, str] | None = None  # what is taken only when they say so: its source, and what it says
    added: tuple[str, ...] = ()  # messages added in this visit in which something leads to a person
    crises_said: tuple[str, ...] = ()  # what was said already, of which draft or complaint (handlers.resident.crisis)
    trail: str = ""  # by which what lies in the chat can be cleared (privacy.trail)

    @property
    def is_over(self) -> bool:
        """Whether there is nothing to remember."""
        return self.draft is None and self.visit is None


class PieceRow(NamedTuple):
    """A message of a draft as it is stored."""

    id: str
    kind: MessageKind
    source: str
    sealed: bytes


@dataclass(frozen=True)
class ExpectedFile:
    """What a file from a chat is for, as far as that is known before its transaction."""

    round_id: str | None  # None: not known yet
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
_BEGIN = insert(_CONVERSATIONS).values(tag=bindparam("own_tag"))
_GO_ON = update(_CONVERSATIONS).where(_OWN)
_END = delete(_CONVERSATIONS).where(_OWN)  # and with it, in the database, the rows of its draft
_ADD_PIECE = insert(_PIECES)


async def load_conversation(work: UnitOfWork, address: Address) -> ConversationState:
    """Return where a chat is; nothing when it never was, or was silent for too long."""
    row, pieces = await _stored(work, address)
    if row is None:
        return ConversationState()
    if row.expires_at <= work.now:
        await _drop(work, address, row)
        return ConversationState()
    kept = work.keyring.round(row.round_id).sealing.open_json(row.tag, row.sealed)
    visits_until = datetime.fromisoformat(kept["visit_until"]) if kept["visit_until"] else work.now
    return ConversationState(
        language=kept["language"],
        draft=await _draft(work, row, pieces, kept["draft"]) if kept["draft"] else None,
        visit=kept["visit"] if visits_until > work.now else None,
        album=kept["album"],
        offered=tuple(kept["offered"]) if kept["offered"] else None,
        added=tuple(kept["added"]),
        crises_said=tuple(kept.get("crises_said", ())),
        trail=kept.get("trail", ""),
    )


async def save_conversation(work: UnitOfWork, address: Address, talk: ConversationState) -> None:
    """Keep where a chat is, for a day from now; forget it when there is nothing to remember."""
    row = await _row(work, address)
    if talk.is_over:
        if row is not None:
            await _drop(work, address, row)
        return
    round_id = await _round_of(work, talk, row)
    if row is not None and row.round_id != round_id:
        await _drop(work, address, row)
        row = None
    keys = work.keyring.round(round_id)
    own_tag = tag(keys.tag_secret, address)
    settings = await work.settings()
    lasts = timedelta(hours=settings.privacy.draft_ttl_hours) if talk.draft else VISIT
    sealed = keys.sealing.seal_json(own_tag, _packed(talk, work.now))
    ends = _hour_after(work.now + lasts)
    values = {"own_tag": own_tag, "round_id": round_id, "sealed": sealed, "expires_at": ends}
    await execute(work.session, _BEGIN if row is None else _GO_ON, values)
    work.conversations[address] = ConversationRow(own_tag, round_id, sealed, ends)


async def store_piece(
    work: UnitOfWork, address: Address, draft: Draft, source: str, text: str, attachment: Cleaned | None = None
) -> None:
    """Keep a piece that is new in a draft, sealed; a file's bytes go to the vault under the message's id."""
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


async def replace_piece(work: UnitOfWork, address: Address, draft: Draft, source: str, text: str) -> None:
    """Put the text of an edited message in place of what it said before."""
    keys = work.keyring.round(draft.place.round_id)
    row = await work.session.scalar(
        select(DraftMessage).where(DraftMessage.tag == tag(keys.tag_secret, address), DraftMessage.source == source)
    )
    if row is not None:
        kept = keys.sealing.open_json(row.id, row.sealed)
        row.sealed = keys.sealing.seal_json(row.id, kept | {"text": text})
        await work.session.flush()


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
    visited = await work.session.get(Complaint, kept["visit"]) if kept["visit"] else None
    if visited is not None:
        return ExpectedFile(visited.round_id)
    pieces = select(func.count()).select_from(DraftMessage).where(DraftMessage.tag == row.tag)
    if not kept["draft"] or (await work.session.scalar(pieces) or 0) >= MOST_PIECES:
        return None
    return ExpectedFile(row.round_id, kept["draft"]["own_voice"])


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
        understood=unpacked(kept["understood"]) if kept.get("understood") else None,
        **{field: kept.get(field, False) for field in TOGGLES.values()},  # a draft may be of an earlier version
    )


def _packed(talk: ConversationState, now: datetime) -> dict[str, Any]:
    draft = talk.draft
    return {
        "language": talk.language,
        "visit": talk.visit,
        "visit_until": _hour_after(now + VISIT).isoformat() if talk.visit else None,
        "album": talk.album,
        "offered": talk.offered,
        "added": talk.added,
        "crises_said": talk.crises_said,
        "trail": talk.trail,
        "draft": draft
        and {
            "mark": draft.draft_id,
            "place_kind": draft.place.kind,
            "place_id": draft.place.place_id,
            "category": draft.category,
            "decided": sorted(draft.decided),
            "traces_kept": sorted(draft.traces_kept),
            "understood": draft.understood and draft.understood.packed(),
            **{field: getattr(draft, field) for field in TOGGLES.values()},
        },
    }


async def _round_of(work: UnitOfWork, talk: ConversationState, row: ConversationRow | None) -> str:
    if talk.draft is not None:
        return talk.draft.place.round_id
    if row is not None:
        return row.round_id
    return (await work.session.get_one(Complaint, talk.visit)).round_id


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


_KINDS = {
    TraceOf.NAME: TraceKind.NAME,
    TraceOf.NICKNAME: TraceKind.NICKNAME,
    TraceOf.SELF_DESCRIPTION: TraceKind.SELF_DESCRIPTION,
}


def _mention(trace: TraceFinding) -> Mention:
    kind = _KINDS[trace.trace]
    value = value_of("".join(words.written for words in trace.words), kind)
    return Mention(kind, value, tuple((words.text, Trace(words.start, words.end, kind)) for words in trace.words))


async def with_understanding(work: UnitOfWork, draft: Draft) -> Draft:
    """Return a draft with what its texts mean by now."""
    found = await understood(work, draft.texts, draft.place.round_id, draft.understood)
    return draft if found is draft.understood else draft.as_understood(found)


def edited(draft: Draft, source: str, text: str) -> Draft:
    """Return the draft with the text of one message replaced."""
    pieces = tuple(replace(piece, text=text) if piece.source == source else piece for piece in draft.pieces)
    return replace(draft, pieces=pieces)
