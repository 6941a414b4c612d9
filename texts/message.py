"""What is said, free of any messenger: HTML text, buttons under it, photos with it."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Button:
    """One press: a label and either callback data (at most 64 bytes) or an address."""

    label: str
    data: str | None = None
    url: str | None = None


Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True)
class Message:
    """One message. `text` is HTML in Telegram's small tag set; whatever people wrote in it is escaped."""

    text: str
    buttons: Rows = field(default=())
    protect: bool = False  # no forwarding, no saving
    photo: bytes | None = None  # a JPEG; the text is its caption then
