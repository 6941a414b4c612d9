"""The results of cleaning: a clean file of a kind, or the reason why there is none."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

MAX_CLEANED_BYTES: Final = 49 * 2**20  # bytes of a file once it is re-made: a bot can send no more than 50 MB


class FileKind(StrEnum):
    """What an attachment is, once it is clean."""

    PHOTO = "photo"
    VOICE = "voice"
    VIDEO = "video"
    PDF = "pdf"
    WORD = "word"
    EXCEL = "excel"


SUFFIXES = {
    FileKind.PHOTO: "jpg",
    FileKind.VOICE: "ogg",
    FileKind.VIDEO: "mp4",
    FileKind.PDF: "pdf",
    FileKind.WORD: "docx",
    FileKind.EXCEL: "xlsx",
}


class FileProblem(StrEnum):
    """Why a file could not be re-made."""

    UNKNOWN_FORMAT = "unknown_format"
    OLD_OFFICE = "old_office"  # .doc, .xls, .wps, .rtf, .ods: what an office program can save anew
    DAMAGED = "damaged"  # cut short, or not what it says it is
    TOO_BIG = "too_big"  # too many pixels, pages or minutes; not bytes
    PROTECTED = "protected"  # by a password
    TOO_SLOW = "too_slow"  # the cleaning took longer, or more memory, than it is given


class CannotClean(Exception):
    """A file that could not be re-made, and so must not be kept. Its text never quotes the file."""

    def __init__(self, reason: FileProblem) -> None:
        super().__init__(f"The file cannot be re-made: {reason.value.replace('_', ' ')}.")
        self.reason = reason


@dataclass(frozen=True)
class Cleaned:
    """A file that carries its content and nothing else."""

    kind: FileKind
    data: bytes = field(repr=False)
    is_whole: bool = field(default=True, kw_only=True)  # nothing that shows in it had to be left out

    @property
    def suffix(self) -> str:
        """How the file's name ends, without the dot."""
        return SUFFIXES[self.kind]
