"""What a sent message is found by when it is to be edited or deleted."""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import String

from models.recipient import Recipient, RecipientKind
from models.value_column import ValueColumn


class Shows(StrEnum):
    """What a message shows that stands only once at a place."""

    CARD = "card"  # of a case
    REVIEW = "review"  # of what a unit handed in
    LIST = "list"  # of cases
    NEWS = "news"  # that a reporter has written
    QUESTION = "question"  # what a form asks
    DISMISSAL = "dismissal"  # that one is proposed, and why
    EXTENSION = "extension"  # that more time is asked for, and why
    TRANSFER = "transfer"  # what was passed on to a department


@dataclass(frozen=True)
class MessageKey:
    """Names the one message at a recipient's that shows something.

    Written as `card:12345678:board:T1`, and with a staff member's bare id, `card:12345678:P05`.
    """

    shows: Shows
    subject: str  # the case, the list, the form, the item and which of its submissions
    at: Recipient

    @classmethod
    def parse(cls, written: str) -> "MessageKey":
        """Read a key as it is written; raise ValueError when it is none."""
        named, _, place = written.rpartition(":")
        on_board = f":{RecipientKind.BOARD}"
        at = Recipient.board(place) if named.endswith(on_board) else Recipient.staff(place)
        shows, _, subject = named.removesuffix(on_board).partition(":")
        return cls(Shows(shows), subject, at)

    def __str__(self) -> str:
        return f"{self.shows}:{self.subject}:{self.at.staff_id or self.at}"


class MessageKeyColumn(ValueColumn[MessageKey]):
    """A message key in one column, as it is written."""

    impl = String(120)
    cache_ok = True

    def parse(self, written: str) -> MessageKey:
        return MessageKey.parse(written)
