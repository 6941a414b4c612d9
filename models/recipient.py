"""Who a message is for."""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import String

from models.value_column import ValueColumn


class RecipientKind(StrEnum):
    """What a recipient is."""

    STAFF = "staff"
    BOARD = "board"
    REPORTER = "reporter"
    CHAT = "chat"  # any chat, by its address alone
    RESIDENT = "resident"  # all that a closed row says of a reporter's or any chat


@dataclass(frozen=True)
class Recipient:
    """A staff member, a team's board or the reporter of a complaint, by their id; or a chat, which has none here.

    Written as `staff:P05`, `board:T1`, `reporter:<complaint>`, `chat`.
    """

    kind: RecipientKind
    id: str = ""

    @classmethod
    def staff(cls, staff_id: str) -> "Recipient":
        return cls(RecipientKind.STAFF, staff_id)

    @classmethod
    def board(cls, team_id: str) -> "Recipient":
        return cls(RecipientKind.BOARD, team_id)

    @classmethod
    def reporter(cls, complaint_id: str) -> "Recipient":
        return cls(RecipientKind.REPORTER, complaint_id)

    @classmethod
    def parse(cls, written: str) -> "Recipient":
        """Read a recipient; raise ValueError when it is none."""
        kind, _, name = written.partition(":")
        return cls(RecipientKind(kind), name)

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}" if self.id else str(self.kind)

    @property
    def staff_id(self) -> str | None:
        """The id of the staff member, when it is one."""
        return self.id if self.kind == RecipientKind.STAFF else None

    @property
    def team_id(self) -> str | None:
        """The id of the team, when it is a board."""
        return self.id if self.kind == RecipientKind.BOARD else None


CHAT = Recipient(RecipientKind.CHAT)
RESIDENT = Recipient(RecipientKind.RESIDENT)


class RecipientColumn(ValueColumn[Recipient]):
    """A recipient in one column, as it is written."""

    impl = String(60)
    cache_ok = True

    def parse(self, written: str) -> Recipient:
        return Recipient.parse(written)
