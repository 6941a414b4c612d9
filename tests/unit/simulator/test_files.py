"""Files and pictures."""

import io
from datetime import UTC, datetime, timedelta

import pytest
from PIL import Image

from simulator.errors import ApiError
from simulator.files import DOWNLOAD_LIMIT, FileStore, image_size
from simulator.media import check_photo, sample, sample_names

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def picture(kind: str, width: int = 30, height: int = 20) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (width, height)).save(buffer, kind)
    return buffer.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP"])
def test_the_size_of_a_picture_is_read_from_its_bytes(kind: str) -> None:
    assert image_size(picture(kind)) == (30, 20)


@pytest.mark.parametrize("data", [b"", b"hello", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF0000WEBP"])
def test_what_is_no_picture_has_no_size(data: bytes) -> None:
    assert image_size(data) is None


def test_a_photo_must_be_a_picture_of_sensible_shape() -> None:
    check_photo(picture("PNG", 20, 400))
    with pytest.raises(ApiError, match="PHOTO_INVALID_DIMENSIONS"):
        check_photo(picture("PNG", 20, 401))
    with pytest.raises(ApiError, match="IMAGE_PROCESS_FAILED"):
        check_photo(b"%PDF-1.7")


def test_a_file_of_20_mb_can_be_fetched_and_a_larger_one_cannot() -> None:
    files = FileStore()
    small = files.put(bytes(DOWNLOAD_LIMIT), "documents")
    large = files.put(bytes(DOWNLOAD_LIMIT + 1), "documents")
    assert files.link(small.file_id, START) is small
    with pytest.raises(ApiError, match=r"^Bad Request: file is too big$"):
        files.link(large.file_id, START)


def test_a_download_link_lives_for_an_hour() -> None:
    files = FileStore()
    stored = files.put(b"x", "documents")
    assert files.download(stored.path, START) is None
    files.link(stored.file_id, START)
    assert files.download(stored.path, START + timedelta(hours=1)) == b"x"
    assert files.download(stored.path, START + timedelta(hours=1, seconds=1)) is None


def test_the_same_content_has_one_unique_id_and_many_file_ids() -> None:
    files = FileStore()
    first, second = files.put(b"x", "documents"), files.put(b"x", "documents")
    assert first.unique_id == second.unique_id
    assert first.file_id != second.file_id


def test_the_bundled_pictures_are_photos() -> None:
    assert sample_names() == ["1-bridge", "2-streetlamp", "3-riverside"]
    for name in sample_names():
        check_photo(sample(name))
