"""What the product says by itself: a class for each kind of notice, with what it is about.

Only these fields are kept, and a notice is rendered when it is sent, so that it tells the state of that moment.
"""

from dataclasses import dataclass, field
from typing import ClassVar


@dataclass(frozen=True)
class Notice:
    """Base of all notices; each is a frozen dataclass of fields that `services.packing` knows.

    `kind` is its name in the outbox, and stays the same while such rows may be there. A class without one is a base.
    On a channel that may carry no content, `brief.…` is said instead; None: nothing, for another notice says it. What
    is about the product itself, colleagues or a group, and stands on no page, may be said everywhere.
    """

    kind: ClassVar[str]
    brief: ClassVar[str | None] = "notice"
    is_said_everywhere: ClassVar[bool] = False  # in full, whatever the channel may carry
    keeps_working_hours: ClassVar[bool] = True  # goes out in these alone, when it is a reminder
    is_opening_kept: ClassVar[bool] = False  # whether it is kept who has opened what it is about

    @property
    def record(self) -> tuple[str, str] | None:
        """What it is about, by the area of its buttons and its id; None when that is no case and no item."""
        return None

    @property
    def told_records(self) -> tuple[tuple[str, str], ...]:
        """All that it tells of, whose opening is kept where that is kept at all."""
        return () if self.record is None else (self.record,)

    def __init_subclass__(cls, *, kind: str | None = None) -> None:
        """Register a notice under its kind; raise ValueError when there is one already."""
        if kind is None:
            return
        if kind in NOTICES:
            raise ValueError(f"Two notices are of the kind {kind}.")
        cls.kind = kind
        NOTICES[kind] = cls


NOTICES: dict[str, type[Notice]] = {}


@dataclass(frozen=True)
class CaseNotice(Notice):
    """A notice about one case, for those who may see it when it arrives."""

    brief: ClassVar[str | None] = "case"
    holds_words: ClassVar[bool] = False  # of what was said in the case

    case_id: str

    @property
    def record(self) -> tuple[str, str]:
        """The case."""
        return "case", self.case_id

    @property
    def shown_messages(self) -> tuple[str, ...]:
        """The ids of the messages of the dialogue whose words or files it shows."""
        return ()

    @property
    def is_masked_text(self) -> bool:
        """Whether what it shows of the case is text, in which what leads to a person is masked."""
        return False

    @property
    def shown_notes(self) -> tuple[str, ...]:
        """The ids of the notes of colleagues that it shows."""
        return ()


@dataclass(frozen=True)
class TransferNotice(Notice):
    """A notice about what was passed on to a department, for those who act for it and may see it when it arrives."""

    brief: ClassVar[str | None] = "transfer"

    transfer_id: str

    @property
    def record(self) -> tuple[str, str]:
        """The transfer."""
        return "transfer", self.transfer_id


@dataclass(frozen=True)
class CardNotice(CaseNotice):
    """The card of a case, which hangs at one place and is changed there. `case_version` is that of the case when the
    card was queued: is it another by the time the card has come to a new place, it is shown there once more.
    """

    case_version: int | None = field(default=None, kw_only=True)


@dataclass(frozen=True)
class ListNotice(Notice):
    """A notice of what its reader may see. `seen_by` is what decided that when it was laid out: `Member.visibility`."""

    brief: ClassVar[str | None] = "case"

    seen_by: tuple[str, ...]
