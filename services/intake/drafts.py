"""The state of a resident's conversation: a complaint in the making, a visit to one that was sent, both or neither."""

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, NamedTuple, Self

from models.complaints import FILES, MessageKind
from privacy.traces import BLOCK, Mention, Trace, TraceKind, find_mentions, traces_of, value_of
from services.intake.place import Place
from services.intake.understanding import (
    NOTHING,
    TEAM_CONDUCT,
    About,
    StoredUnderstanding,
    TraceFinding,
    TraceOf,
    Understanding,
)
from texts.message import Message

MOST_PIECES = 30
# What a resident turns on and off on the preview of a draft: the name on its button, and the field.
TOGGLES = {"head": "concerns_head", "team": "concerns_team", "tell": "tell_me", "voice": "own_voice"}


@dataclass(frozen=True)
class Piece:
    """One message of a draft. `source` is a keyed hash that tells which message of the chat it was."""

    source: str
    kind: MessageKind
    text: str  # of a file: its caption
    file_id: str | None = None  # under which its file lies in the store; that of its message, once it is sent
    file_key: str | None = field(default=None, repr=False)  # what opens it; None: the round's


class Searched(NamedTuple):
    """Texts in which somebody has looked for what leads to a person, and what they have found."""

    texts: tuple[str, ...]
    mentions: tuple[Mention, ...]


@dataclass(frozen=True, kw_only=True)
class UnsentText:
    """What somebody has written and not sent yet: what it means, and whom it is said to concern."""

    concerns_head: bool = False
    concerns_team: bool = False
    decided: frozenset[str] = frozenset()  # toggles that stand otherwise than the texts say, by the resident's will
    understood: StoredUnderstanding | None = None  # of its texts as they were when somebody last looked
    searched: Searched | None = field(default=None, repr=False, compare=False)  # where somebody has looked; never kept

    @property
    def texts(self) -> tuple[str, ...]:
        """What was written."""
        raise NotImplementedError

    @property
    def meaning(self) -> Understanding:
        """What its texts mean, as far as somebody has looked."""
        return self.understood.meaning if self.understood else NOTHING

    @cached_property
    def mentions(self) -> tuple[Mention, ...]:
        """What leads to a person, also from one text into the next."""
        if self.searched is not None and self.searched.texts == self.texts:
            return self.searched.mentions
        return find_mentions(self.texts)

    def toggled(self, name: str) -> Self:
        """Return it with one of its toggles turned; one turned against what the texts say stays so."""
        turned: dict[str, Any] = {TOGGLES[name]: not getattr(self, TOGGLES[name])}
        found = self._found()
        if name in found:
            against = turned[TOGGLES[name]] != found[name]
            turned["decided"] = self.decided | {name} if against else self.decided - {name}
        return replace(self, **turned)

    def as_understood(self, understood: StoredUnderstanding) -> Self:
        """Return it with what its texts mean: whom they are about is turned on, unless somebody decided."""
        known = replace(self, understood=understood)
        noticed: dict[str, Any] = {
            TOGGLES[name]: found for name, found in known._found().items() if name not in self.decided
        }
        return replace(known, **noticed)

    def _found(self) -> dict[str, bool]:
        """Return whom the texts are about, sure or not, by the name of the toggle."""
        team = self.meaning.concerns(About.TEAM) or self.meaning.category == TEAM_CONDUCT
        return {"head": self.meaning.concerns(About.HEAD, self._unit_id), "team": team}

    @property
    def _unit_id(self) -> str | None:
        """The unit at whose place it is written, where that is known."""
        return None


@dataclass(frozen=True)
class Addition(UnsentText):
    """What is written to a complaint that was sent, until its writer adds it by a press."""

    lines: tuple[tuple[str, str], ...]  # the source of each, and what it says

    @property
    def addition_id(self) -> str:
        """What tells it from what was added before."""
        return self.lines[0][0]

    @property
    def texts(self) -> tuple[str, ...]:
        """What was written, line by line."""
        return tuple(text for _, text in self.lines if text)

    @property
    def text(self) -> str:
        """What was written, as one message."""
        return "\n".join(self.texts)

    @property
    def is_full(self) -> bool:
        """Whether no further line can be taken."""
        return len(self.lines) >= MOST_PIECES

    def holds(self, source: str) -> bool:
        """Whether a message of the chat is part of it."""
        return any(one == source for one, _ in self.lines)

    def edited(self, source: str, text: str) -> Self:
        """Return it with what one message says replaced."""
        return replace(self, lines=tuple((one, text if one == source else said) for one, said in self.lines))


@dataclass(frozen=True)
class Draft(UnsentText):
    """A complaint in the making. `draft_id` names it on its buttons, so that an old card cannot send a newer draft."""

    draft_id: str
    place: Place
    pieces: tuple[Piece, ...] = ()
    category: str | None = None  # nobody has chosen one yet: as guessed
    tell_me: bool = False
    own_voice: bool = False  # what is spoken from now on is kept as it sounds
    traces_kept: frozenset[str] = frozenset()  # what is to stay, by its value

    @property
    def texts(self) -> tuple[str, ...]:
        """What was written, captions among it."""
        return tuple(piece.text for piece in self.pieces if piece.text)

    @property
    def _unit_id(self) -> str | None:
        return self.place.unit_id

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
    def self_descriptions(self) -> tuple[Mention, ...]:
        """What leads to the writer by what it means: a nickname, or what they say of themselves."""
        return self._by_meaning(sure=True)

    @cached_property
    def hints(self) -> tuple[Mention, ...]:
        """What may lead to the writer by what it means."""
        return self._by_meaning(sure=False)

    def _by_meaning(self, *, sure: bool) -> tuple[Mention, ...]:
        known = traces_of(self.mentions, len(self.texts))
        found = (_mention(trace) for trace in self.meaning.traces if trace.sure is sure)
        return tuple(
            mention
            for mention in found
            if BLOCK not in mention.written(self.texts)  # it was taken out
            and not any(trace.overlaps(other) for text, trace in mention.parts for other in known[text])
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
        """Whether it cannot be sent before somebody has said what becomes of its traces.

        In a crisis it always can, unless it is unsure that it is one.
        """
        return self.has_unsettled_traces and not self.meaning.crisis_is_sure

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

    def edited(self, source: str, text: str, *, kind: MessageKind | None = None) -> "Draft":
        """Return the draft with the text of one message replaced, and what it is when another file came with it."""
        pieces = tuple(
            replace(piece, text=text, kind=kind or piece.kind) if piece.source == source else piece
            for piece in self.pieces
        )
        return replace(self, pieces=pieces)

    def with_file(self, source: str, file_id: str, file_key: str | None) -> "Draft":
        """Return the draft with what is known of where the file of one message lies, and of what opens it."""
        pieces = tuple(
            replace(piece, file_id=file_id, file_key=file_key) if piece.source == source else piece
            for piece in self.pieces
        )
        return replace(self, pieces=pieces)

    def piece(self, source: str) -> Piece | None:
        """Return the piece that one message became, if it is part of the draft."""
        return next((piece for piece in self.pieces if piece.source == source), None)

    def text_of(self, source: str) -> str:
        """Return the text of one message; nothing when it has none, or is no part of the draft."""
        found = self.piece(source)
        return found.text if found is not None else ""

    def holds(self, source: str) -> bool:
        """Whether a message of the chat is part of it."""
        return self.piece(source) is not None


@dataclass(frozen=True)
class ConversationState:
    """Where a chat is with us: a draft, a visit to a complaint sent earlier, both or neither."""

    language: str | None = None  # as chosen here; otherwise the client's
    draft: Draft | None = None
    visit: str | None = None  # a complaint
    just_sent: bool = False  # the visit began by sending: what somebody on the staff writes may be no resident's
    addition: Addition | None = None  # what is written to the complaint that is visited, and not added yet
    album: str | None = None  # the pieces that are answered together, and were
    offered: tuple[str, str] | None = None  # what is taken only when they say so: its source, and what it says
    added: tuple[str, ...] = ()  # messages added in this visit in which something leads to a person
    crises_said: tuple[str, ...] = ()  # what was said already, of which draft or complaint (handlers.resident.crisis)
    half: str = ""  # the first four words of a receipt code whose others are to come
    trail: str = ""  # by which what lies in the chat can be cleared (privacy.trail)
    below: int | None = None  # lines that came after the preview of the draft; None: the chat shows no preview
    below_addition: int | None = None  # after that of what is to be added
    shown: tuple[Message, ...] = ()  # what a page shows that keeps nothing by itself; a chat does
    is_lost: bool = False  # there was something, and it could not be read; its writer is to be told

    @property
    def is_over(self) -> bool:
        """Whether neither a draft nor a visit is open."""
        return self.draft is None and self.visit is None

    @property
    def without_visit(self) -> "ConversationState":
        """The state once a visit is over."""
        return replace(self, visit=None, just_sent=False, addition=None, album=None, added=())

    @property
    def takes_all(self) -> bool:
        """Whether whatever is written goes into a draft, or into the complaint that a code was entered for."""
        return self.draft is not None or (self.visit is not None and not self.just_sent)


_KINDS = {
    TraceOf.NAME: TraceKind.NAME,
    TraceOf.NICKNAME: TraceKind.NICKNAME,
    TraceOf.SELF_DESCRIPTION: TraceKind.SELF_DESCRIPTION,
}


def _mention(trace: TraceFinding) -> Mention:
    kind = _KINDS[trace.trace]
    value = value_of("".join(words.written for words in trace.words), kind)
    return Mention(kind, value, tuple((words.text, Trace(words.start, words.end, kind)) for words in trace.words))
