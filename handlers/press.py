"""What a button carries: `1.area.action.subject.arg`, versioned, at most 64 bytes.

Nothing in it is trusted: every press is authorised again, by who pressed.
"""

from dataclasses import dataclass
from hashlib import sha256

VERSION = "1"
MAX_BYTES = 64  # bytes, Telegram's


@dataclass(frozen=True)
class Press:
    """A button's action: in which area (case, item, queue …), on what, with what."""

    area: str
    action: str
    subject: str = ""
    arg: str = ""

    def pack(self) -> str:
        """Return callback data; raise when it does not fit or a part holds the separator."""
        parts = (VERSION, self.area, self.action, self.subject, self.arg)
        if any("." in part for part in parts):
            raise ValueError(f"A part of {parts} holds a dot.")
        data = ".".join(parts).rstrip(".")
        if len(data.encode()) > MAX_BYTES:
            raise ValueError(f"{data} is longer than {MAX_BYTES} bytes.")
        return data


def short_digest(text: str, digits: int) -> str:
    """Return the first hexadecimal digits of a text's SHA-256: what is too long for a button is named by them."""
    return sha256(text.encode()).hexdigest()[:digits]


def unpack(data: str) -> Press | None:
    """Read callback data; None when it is of another version or not ours."""
    parts = data.split(".")
    if parts[0] != VERSION or not 3 <= len(parts) <= 5 or not data.isprintable():
        return None  # PostgreSQL chokes on a NUL, and only a doctored client sends one
    return Press(*parts[1:])


def named_in(data: str) -> tuple[str, str] | None:
    """Return the area and the subject that a button of another version names if it is built alike; None otherwise."""
    parts = data.split(".")
    return (parts[1], parts[3]) if len(parts) >= 4 and parts[3] and data.isprintable() else None
