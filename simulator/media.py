"""Photos, documents, voice and video as messages carry them."""

from pathlib import Path
from typing import Literal

from simulator.errors import ApiError, Json, bad_request
from simulator.files import PHOTO_LIMIT, UPLOAD_LIMIT, FileStore, StoredFile, image_size
from simulator.parameters import Parameters, Upload

InputKind = Literal["photo", "document", "voice", "video"]
PlayedKind = Literal["voice", "audio", "video", "video_note", "animation"]  # what a phone sends

SAMPLES = Path(__file__).parent / "static" / "samples"
_THUMBNAIL = (SAMPLES / "thumbnail.jpg").read_bytes()
_FOLDERS: dict[InputKind, str] = {
    "photo": "photos",
    "document": "documents",
    "voice": "voice",
    "video": "videos",
}


def sample_names() -> list[str]:
    """The names of the bundled pictures."""
    return sorted(path.stem for path in SAMPLES.glob("*.jpg") if path.stem != "thumbnail")


def sample(name: str) -> bytes:
    """A bundled picture; raises FileNotFoundError for an unknown name."""
    if name not in sample_names():
        raise FileNotFoundError(name)
    return (SAMPLES / f"{name}.jpg").read_bytes()


def stored_input(files: FileStore, parameters: Parameters, kind: InputKind, value: str, field_name: str) -> StoredFile:
    """The file that a call sends: uploaded, attached, or known by file_id; raises ApiError for others."""
    upload = parameters.uploads.get(field_name)
    if upload is None and value.startswith("attach://"):
        upload = parameters.uploads.get(value.removeprefix("attach://"))
    if upload is not None:
        return _stored_upload(files, kind, upload)
    if not value:
        raise bad_request(f"there is no {kind} in the request")
    if value.startswith(("http://", "https://")):
        raise bad_request("failed to get HTTP URL content")
    known = files.get(value)
    if known is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    known_kind = next((one for one, folder in _FOLDERS.items() if known.path.startswith(folder)), "file")
    if known_kind != kind:
        raise bad_request(f"can't use file of type {known_kind.title()} as {kind.title()}")
    return known


def _stored_upload(files: FileStore, kind: InputKind, upload: Upload) -> StoredFile:
    if not upload.data:
        raise bad_request("file must be non-empty")
    if len(upload.data) > UPLOAD_LIMIT:
        raise ApiError(413, "Request Entity Too Large")
    if kind == "photo":
        check_photo(upload.data)
    return files.put(upload.data, _FOLDERS[kind], name=upload.name, mime_type=upload.mime_type)


def check_photo(data: bytes) -> None:
    """Refuses what Telegram doesn't take as a photo; raises ApiError."""
    if len(data) > PHOTO_LIMIT:
        raise bad_request(
            f"file of size {len(data)} bytes is too big for a photo; the maximum size is {PHOTO_LIMIT} bytes"
        )
    size = image_size(data)
    if size is None or 0 in size:
        raise bad_request("IMAGE_PROCESS_FAILED")
    if sum(size) > 10_000 or max(size) > 20 * min(size):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")


def photo_content(files: FileStore, stored: StoredFile) -> Json:
    """Two sizes of a photo; the small one is grey, so that who takes it by mistake sees it."""
    width, height = image_size(stored.data) or (0, 0)
    thumbnail = files.put(_THUMBNAIL, "thumbnails")
    small = {**thumbnail.as_json(), "width": 90, "height": 60}
    return {"photo": [small, {**stored.as_json(), "width": width, "height": height}]}


def document_content(stored: StoredFile) -> Json:
    document = stored.as_json()
    if stored.name:
        document["file_name"] = stored.name
    if stored.mime_type:
        document["mime_type"] = stored.mime_type
    return {"document": document}


def voice_content(stored: StoredFile, kind: PlayedKind, duration: int) -> Json:
    """What can be played; duration is in seconds."""
    content = {**stored.as_json(), "duration": duration}
    if kind in {"video", "animation"}:
        content |= {"width": 640, "height": 360}
    if kind == "video_note":
        content["length"] = 240
    elif stored.mime_type:
        content["mime_type"] = stored.mime_type
    return {kind: content}
