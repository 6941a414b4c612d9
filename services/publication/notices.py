"""What is told of publications, and of objections to them."""

from dataclasses import dataclass

from models.states import PublicationState
from services.notice import Notice


@dataclass(frozen=True)
class ApprovalAsked(Notice, kind="approval_asked"):
    """To those who may approve: what is to be made public of a round waits for them."""

    publication_id: str


@dataclass(frozen=True)
class PublicationDecided(Notice, kind="publication_decided"):
    """To the office and those who may approve: a publication is public now, was sent back, or withdrawn."""

    publication_id: str
    state: PublicationState
    by_id: str


@dataclass(frozen=True)
class PublicationPhoto(Notice, kind="publication_photo"):
    """To whoever looks at a publication: one photo of it."""

    brief = None

    publication_id: str
    photo_id: str
    number: int  # of its item
    is_before: bool


@dataclass(frozen=True)
class ObjectionsWait(Notice, kind="objections_wait"):
    """To the reviewers of an item: somebody says that its result is not so."""

    brief = "item"

    item_id: str
