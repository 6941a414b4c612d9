"""Guesses what a file is by its first bytes. The re-making decides, and refuses what is something else."""

import io
import re
import struct
import zipfile
from typing import Final

from media.kinds import FileKind, FileProblem

_PICTURES: Final = frozenset(b"heic heix hevc hevx heim heis mif1 msf1 avif avis".split())
_BMP: Final = frozenset(struct.pack("<I", size) for size in (12, 40, 52, 56, 64, 108, 124))  # of its header
# What a QuickTime film begins with that has no word about itself.
_FILM: Final = (b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")
_SOUND: Final = (b"OggS", b"fLaC", b"ID3", b"#!AMR", b"caff")
_OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # .doc, .xls, .ppt, .wps, .et: all in one kind of container
_WORD: Final = re.compile(r"word/document\d*\.xml")
_EXCEL: Final = re.compile(r"xl/workbook\d*\.xml")
_ODF: Final = b"mimetypeapplication/vnd.oasis.opendocument"


def sniff(data: bytes) -> FileKind | FileProblem:
    """Return what a file seems to be, or why it is none of ours.

    A sound and a film are told apart later, by what streams they have.
    """
    if data[:3] == b"\xff\xd8\xff" or data[:8] == b"\x89PNG\r\n\x1a\n" or (data[:4], data[8:12]) == (b"RIFF", b"WEBP"):
        return FileKind.PHOTO
    if data[:6] in (b"GIF87a", b"GIF89a") or (data[:2] == b"BM" and data[14:18] in _BMP):
        return FileKind.PHOTO
    if data[4:8] == b"ftyp":
        return FileKind.VIDEO if _PICTURES.isdisjoint(_brands(data)) else FileKind.PHOTO
    if data[4:8] in _FILM:
        return FileKind.VIDEO
    if b"%PDF-" in data[:1024]:
        return FileKind.PDF
    if data[:4] == b"PK\x03\x04":
        return _office(data)
    if data[:8] == _OLD_OFFICE:
        # A new Word or Excel file with a password is wrapped in a container of the old kind.
        return FileProblem.PROTECTED if "EncryptedPackage".encode("utf-16-le") in data else FileProblem.OLD_OFFICE
    if data[:5] == b"{\\rtf":
        return FileProblem.OLD_OFFICE
    if data[:4] in (b"RIFF", b"\x1aE\xdf\xa3"):  # WAVE and AVI; Matroska and WebM
        return FileKind.VIDEO
    return FileKind.VOICE if data.startswith(_SOUND) or _is_mpeg_sound(data) else FileProblem.UNKNOWN_FORMAT


def _brands(data: bytes) -> set[bytes]:
    """Return what a file in boxes says that it is, first and among others."""
    end = min(struct.unpack_from(">I", data)[0], len(data), 256)
    return {data[8:12], *(data[at : at + 4] for at in range(16, end, 4))}


def _is_mpeg_sound(data: bytes) -> bool:
    """Whether a file begins with a frame of MP3, at any rate, or of AAC."""
    if len(data) < 4 or data[0] != 0xFF or data[1] & 0xE0 != 0xE0:
        return False
    if data[1] & 0xF6 == 0xF0:
        return True
    version, layer, bits, rate = data[1] >> 3 & 3, data[1] >> 1 & 3, data[2] >> 4, data[2] >> 2 & 3
    return version != 1 and layer != 0 and bits != 15 and rate != 3


def _office(data: bytes) -> FileKind | FileProblem:
    if _ODF in data[:200]:
        return FileProblem.OLD_OFFICE
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = [part_name(name) for name in archive.namelist()]
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        # Its list stands at its end: one that lacks it was cut short.
        return FileProblem.DAMAGED if b"word/" in data or b"xl/" in data else FileProblem.UNKNOWN_FORMAT
    if any(_WORD.fullmatch(name) for name in names):
        return FileKind.WORD
    if "xl/workbook.bin" in names:
        return FileProblem.OLD_OFFICE
    return FileKind.EXCEL if any(_EXCEL.fullmatch(name) for name in names) else FileProblem.UNKNOWN_FORMAT


def part_name(name: str) -> str:
    """Return the name of a part in a Word or Excel file as such names are compared: without case."""
    return name.replace("\\", "/").removeprefix("/").lower()
