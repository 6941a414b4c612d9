"""What is told of talks and bulletins."""

from dataclasses import dataclass

from models.states import TalkState
from services.notice import Notice


@dataclass(frozen=True)
class TalkNotice(Notice):
    """A notice about one talk, for those who may see it when it is sent."""

    brief = "item"

    talk_id: str


@dataclass(frozen=True)
class TalkMoved(TalkNotice, kind="talk_moved"):
    """A talk has come to a state; nothing once it has gone on."""

    state: TalkState


@dataclass(frozen=True)
class TalkWaits(TalkNotice, kind="talk_waits"):
    """To whoever has the next step of a talk: it still waits in this state, or its day is here."""

    state: TalkState


@dataclass(frozen=True)
class BulletinDrafted(Notice, kind="bulletin_drafted"):
    """To the directors: a bulletin was drafted, and waits for them."""

    brief = "item"

    bulletin_id: str


@dataclass(frozen=True)
class BulletinSent(Notice, kind="bulletin_sent"):
    """To the head of the unit and its leader, or to all heads: a bulletin."""

    brief = "item"

    bulletin_id: str
