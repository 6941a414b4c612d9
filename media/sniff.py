"""Guesses what a file is by its first bytes. The re-making decides, and refuses what is something else."""

import io
import re
import zipfile
from typing import Final

from media.kinds import Kind, Reason

_HEIC: Final = (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1")
# Ogg; FLAC; MP3 with and without a tag; ADTS; AMR.
_SOUND: Final = (b"OggS", b"fLaC", b"ID3", b"#!AMR", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2", b"\xff\xf1", b"\xff\xf9")
_OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # .doc, .xls, .ppt, .wps, .et: all in one kind of container
_WORD: Final = re.compile(r"word/document\d*\.xml")
_ODF: Final = b"mimetypeapplication/vnd.oasis.opendocument"


def sniff(data: bytes) -> Kind | Reason:
    """Return what a file seems to be, or why it is none of ours.

    A sound and a film are told apart later, by what streams they have.
    """
    if data[:3] == b"\xff\xd8\xff" or data[:8] == b"\x89PNG\r\n\x1a\n" or (data[:4], data[8:12]) == (b"RIFF", b"WEBP"):
        return Kind.PHOTO
    if data[4:8] == b"ftyp":
        return Kind.PHOTO if data[8:12] in _HEIC else Kind.VIDEO
    if b"%PDF-" in data[:1024]:
        return Kind.PDF
    if data[:4] == b"PK\x03\x04":
        return _office(data)
    if data[:8] == _OLD_OFFICE:
        # A new Word or Excel file with a password is wrapped in a container of the old kind.
        return Reason.PROTECTED if "EncryptedPackage".encode("utf-16-le") in data else Reason.OLD_OFFICE
    if data[:5] == b"{\\rtf":
        return Reason.OLD_OFFICE
    if data[:4] in (b"RIFF", b"\x1aE\xdf\xa3"):  # WAVE and AVI; Matroska and WebM
        return Kind.VIDEO
    return Kind.VOICE if data.startswith(_SOUND) else Reason.UNKNOWN_FORMAT


def _office(data: bytes) -> Kind | Reason:
    if _ODF in data[:200]:
        return Reason.OLD_OFFICE
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        # Its list stands at its end: one that lacks it was cut short.
        return Reason.DAMAGED if b"word/" in data or b"xl/" in data else Reason.UNKNOWN_FORMAT
    if any(_WORD.fullmatch(name) for name in names):
        return Kind.WORD
    return Kind.EXCEL if "xl/workbook.xml" in names else Reason.UNKNOWN_FORMAT
