"""What kinds of attachments there are, what a cleaned one is, and why one could not be cleaned."""

from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What a phone sends besides text."""

    PHOTO = "photo"
    VOICE = "voice"  # a voice message
    AUDIO = "audio"  # a sound file
    VIDEO = "video"
    VIDEO_NOTE = "video_note"  # a round one
    PDF = "pdf"
    WORD = "word"
    EXCEL = "excel"


class Reason(StrEnum):
    """Why an attachment could not be cleaned; each has its word for the sender."""

    UNKNOWN_FORMAT = "unknown_format"  # none that we know how to re-make
    OLD_FORMAT = "old_format"  # Word or Excel as before 2007, which cannot be taken apart
    BROKEN = "broken"  # cut short, or not what it says it is
    TOO_LARGE = "too_large"  # too many bytes, pixels, pages, minutes or parts
    PROTECTED = "protected"  # opens only with a password
    ACTIVE_CONTENT = "active_content"  # carries macros or programs
    TOO_SLOW = "too_slow"  # took more time or memory than one attachment may


class CannotClean(Exception):
    """An attachment that could not be re-made clean, and so must not be kept."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(f"The attachment cannot be cleaned: {reason.value.replace('_', ' ')}.")
        self.reason = reason


@dataclass(frozen=True)
class Cleaned:
    """An attachment made anew: what a person sees or hears in it, and nothing else that the original carried."""

    kind: Kind
    data: bytes = field(repr=False)
    suffix: str  # of the name it is sent under: ".jpg", ".ogg", ".mp4", ".pdf", ".docx", ".xlsx"
