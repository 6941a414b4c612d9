"""Files that people and the bot sent, kept in memory."""

import hashlib
import secrets
import struct
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from simulator.errors import Json, bad_request

DOWNLOAD_LIMIT = 20 * 1024 * 1024
PHOTO_LIMIT = 10 * 1024 * 1024
UPLOAD_LIMIT = 50 * 1024 * 1024
LINK_LIFETIME = timedelta(hours=1)  # the least that the Bot API promises


@dataclass
class StoredFile:
    """One file; file_id is for this bot, unique_id is the same for the same content."""

    file_id: str
    unique_id: str
    path: str
    data: bytes
    name: str = ""
    mime_type: str = ""
    linked_at: datetime | None = field(default=None, repr=False)

    def as_json(self) -> Json:
        return {"file_id": self.file_id, "file_unique_id": self.unique_id, "file_size": len(self.data)}


class FileStore:
    """All files by their file_id and by the path of their download link."""

    def __init__(self) -> None:
        self._by_id: dict[str, StoredFile] = {}
        self._by_path: dict[str, StoredFile] = {}

    def put(self, data: bytes, folder: str, *, name: str = "", mime_type: str = "") -> StoredFile:
        suffix = name.rpartition(".")[2].lower() if "." in name else _suffix_of(data)
        stored = StoredFile(
            file_id=f"AgACAgUAAx{secrets.token_urlsafe(42)}",
            unique_id=f"AQAD{hashlib.sha256(data).hexdigest()[:12]}",
            path=f"{folder}/file_{len(self._by_id)}.{suffix}",
            data=data,
            name=name,
            mime_type=mime_type,
        )
        self._by_id[stored.file_id] = stored
        self._by_path[stored.path] = stored
        return stored

    def get(self, file_id: str) -> StoredFile | None:
        return self._by_id.get(file_id)

    def link(self, file_id: str, now: datetime) -> StoredFile:
        """Opens the download link for an hour; raises ApiError for unknown and for large files."""
        stored = self._by_id.get(file_id)
        if stored is None:
            raise bad_request("invalid file_id")
        if len(stored.data) > DOWNLOAD_LIMIT:
            raise bad_request("file is too big")
        stored.linked_at = now
        return stored

    def download(self, path: str, now: datetime) -> bytes | None:
        stored = self._by_path.get(path)
        if stored is None or stored.linked_at is None or now - stored.linked_at > LINK_LIFETIME:
            return None
        return stored.data


def _suffix_of(data: bytes) -> str:
    kind = image_type(data)
    return {"image/jpeg": "jpg", "image/png": "png", "image/gif": "gif", "image/webp": "webp"}.get(kind, "bin")


def image_type(data: bytes) -> str:
    """The MIME type of a picture by its first bytes, or nothing."""
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return ""


def image_size(data: bytes) -> tuple[int, int] | None:
    """Width and height of a JPEG, PNG, GIF or WebP picture in pixels; None when it is none."""
    try:
        match image_type(data):
            case "image/png":
                width, height = struct.unpack(">II", data[16:24])
            case "image/gif":
                width, height = struct.unpack("<HH", data[6:10])
            case "image/jpeg":
                return _jpeg_size(data)
            case "image/webp":
                return _webp_size(data)
            case _:
                return None
    except (struct.error, IndexError):
        return None
    return int(width), int(height)


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 <= len(data):
        if data[at] != 0xFF:
            return None
        marker = data[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return int(width), int(height)
        at += 2 + int.from_bytes(data[at + 2 : at + 4])
    return None


def _webp_size(data: bytes) -> tuple[int, int] | None:
    chunk = data[12:16]
    if chunk == b"VP8X":
        return int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1
    if chunk == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if chunk == b"VP8 ":
        return int.from_bytes(data[26:28], "little") & 0x3FFF, int.from_bytes(data[28:30], "little") & 0x3FFF
    return None
