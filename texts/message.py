"""What is said, free of any messenger: HTML text, buttons under it, a file with it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from html import escape


@dataclass(frozen=True)
class Button:
    """One press: a label and either callback data (at most 64 bytes) or an address."""

    label: str
    data: str | None = None
    url: str | None = None
    is_on: bool | None = None  # of a box that is ticked or not, whose sign begins the label; None: it is no box


Rows = tuple[tuple[Button, ...], ...]


def in_rows(buttons: Sequence[Button], per_row: int) -> Rows:
    """Lay buttons out, so many in a row."""
    return tuple(tuple(buttons[start : start + per_row]) for start in range(0, len(buttons), per_row))


def escaped_length(text: str) -> int:
    """Return how much room a text takes in a message once it is escaped, in the units Telegram counts (UTF-16)."""
    return len(escape(text, quote=False).encode("utf-16-le")) // 2


class UploadKind(StrEnum):
    """How a file is shown in a chat."""

    PHOTO = "photo"
    VOICE = "voice"
    VIDEO = "video"
    DOCUMENT = "document"


@dataclass(frozen=True)
class Upload:
    """A file that goes with a message. `suffix` is how its name ends; the rest of the name says nothing.

    `otherwise` is said, as HTML, where the file cannot be shown: that it is there, and how to get it.
    """

    kind: UploadKind
    data: bytes = field(repr=False)
    suffix: str
    otherwise: str


class WrittenFor(StrEnum):
    """Whom words of the staff are for, where the two must never be mistaken for each other."""

    REPORTER = "reporter"
    COLLEAGUES = "colleagues"


@dataclass(frozen=True)
class Fold:
    """Where the buttons begin that are seldom needed: out of sight until `more` is pressed."""

    row: int
    more: Button


@dataclass(frozen=True)
class Message:
    """One message. `text` is HTML in Telegram's small tag set; whatever people wrote in it is escaped.

    `written_for` marks what is written for somebody, and asks for it, so that a page can set it apart by its colour.
    """

    text: str
    buttons: Rows = field(default=())
    protect: bool = False  # no forwarding, no saving
    upload: Upload | None = None  # the text is its caption then
    silent: bool = False  # no sound, no buzzing
    written_for: WrittenFor | None = None
    fold: Fold | None = None
    # For where a message is laid out, which a chat does not:
    has_heading: bool = False  # the text begins with it, in bold
    urgent: str = ""  # the part of the text that says whom to call in a crisis; it begins with a heading
    quote: str = ""  # the part of the text that repeats what its reader wrote

    def below(self, heading: str) -> "Message":
        """The message with a paragraph of HTML above its text."""
        return replace(self, text=f"{heading}\n\n{self.text}")

    @property
    def folded(self) -> "Message":
        """The message as a chat shows it: with one button in place of those that are seldom needed."""
        if self.fold is None:
            return self
        return replace(self, buttons=(*self.buttons[: self.fold.row], (self.fold.more,)), fold=None)

    @property
    def without_upload(self) -> "Message":
        """The message as it is said where its file cannot be shown."""
        return self if self.upload is None else replace(self, text=self.upload.otherwise, upload=None)
