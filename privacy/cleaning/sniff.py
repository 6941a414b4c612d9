"""What a file is, by its first bytes. Only a guess: the re-making decides, and refuses what is something else."""

import io
import zipfile

from privacy.cleaning.kinds import Kind

_HEIC = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif")
# Matroska and WebM; Ogg; RIFF's WAVE and AVI; FLAC; MP3 with and without a tag; ADTS; AMR.
_SOUND = (b"OggS", b"fLaC", b"ID3", b"#!AMR", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2", b"\xff\xf1", b"\xff\xf9")


def sniff(data: bytes) -> Kind | None:
    """Return what a file seems to be; a sound and a film are told apart later, by what streams they have."""
    if data[:3] == b"\xff\xd8\xff" or data[:8] == b"\x89PNG\r\n\x1a\n" or (data[:4], data[8:12]) == (b"RIFF", b"WEBP"):
        return Kind.PHOTO
    if data[4:8] == b"ftyp":
        return Kind.PHOTO if data[8:12] in _HEIC else Kind.VIDEO
    if b"%PDF-" in data[:1024]:
        return Kind.PDF
    if data[:4] == b"PK\x03\x04":
        return _office(data)
    if data[:4] in (b"RIFF", b"\x1aE\xdf\xa3"):
        return Kind.VIDEO
    if data.startswith(_SOUND):
        return Kind.VOICE
    return None


def _office(data: bytes) -> Kind | None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return None
    if "word/document.xml" in names:
        return Kind.WORD
    return Kind.EXCEL if "xl/workbook.xml" in names else None
