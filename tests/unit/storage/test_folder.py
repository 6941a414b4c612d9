import os
import secrets
import stat
import time
from pathlib import Path

import pytest

from storage.folder import FolderStore

ID = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def attachment_store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "attachments")


def test_it_is_there_for_another_process_too(attachment_store: FolderStore, tmp_path: Path) -> None:
    attachment_store.put(ID, b"sealed")
    assert FolderStore(tmp_path / "attachments").get(ID) == b"sealed"


def test_all_ids_are_found(attachment_store: FolderStore) -> None:
    ids = {secrets.token_hex(16) for _ in range(30)}
    for attachment_id in ids:
        attachment_store.put(attachment_id, b"sealed")
    assert set(attachment_store.ids()) == ids


@pytest.mark.parametrize("attachment_id", ["", "ab", "../../etc/passwd", "ABCDEF0123", "0123456g", ID + "\n"])
def test_an_id_that_is_not_hex_is_refused(attachment_store: FolderStore, attachment_id: str) -> None:
    for action in (attachment_store.get, attachment_store.delete, lambda wrong: attachment_store.put(wrong, b"")):
        with pytest.raises(ValueError, match="hex"):
            action(attachment_id)


def test_times_of_files_and_folders_tell_nothing(attachment_store: FolderStore, tmp_path: Path) -> None:
    for _ in range(5):
        attachment_store.put(secrets.token_hex(16), b"sealed")
    attachment_store.put(ID, b"sealed")
    attachment_store.delete(ID)
    stats = [path.stat() for path in [tmp_path / "attachments", *(tmp_path / "attachments").rglob("*")]]
    assert {seen.st_mtime_ns for seen in stats} == {946_684_800 * 10**9}


def test_no_folder_is_made_for_a_file_that_would_tell_when_it_came(
    attachment_store: FolderStore, tmp_path: Path
) -> None:
    for _ in range(5):
        attachment_store.put(secrets.token_hex(16), b"sealed")
    assert [path for path in (tmp_path / "attachments").rglob("*") if path.is_dir()] == []


def test_files_of_an_earlier_version_are_taken_out_of_their_folders(tmp_path: Path) -> None:
    folder = tmp_path / "attachments" / ID[:2] / ID[2:4]
    folder.mkdir(parents=True)
    (folder / f"{ID}.age").write_bytes(b"sealed")
    attachment_store = FolderStore(tmp_path / "attachments")
    assert attachment_store.get(ID) == b"sealed"
    assert [path.name for path in (tmp_path / "attachments").rglob("*")] == [f"{ID}.age"]


def test_a_file_that_is_deleted_is_not_written_anew(attachment_store: FolderStore) -> None:
    attachment_store.put(ID, b"sealed")
    attachment_store.renew(ID)
    assert attachment_store.get(ID) == b"sealed"
    attachment_store.delete(ID)
    attachment_store.renew(ID)
    assert list(attachment_store.ids()) == []


def test_what_a_killed_process_had_half_written_is_deleted_after_an_hour(
    attachment_store: FolderStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    attachment_store.put(ID, b"sealed")
    half = tmp_path / "attachments" / f".{ID}.age.0011223344556677"
    half.write_bytes(b"seal")
    attachment_store.drop_unfinished()
    assert half.exists()  # somebody may be writing it
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 3601)
    attachment_store.drop_unfinished()
    assert not half.exists()
    assert attachment_store.get(ID) == b"sealed"


def test_nobody_else_can_read_it(attachment_store: FolderStore, tmp_path: Path) -> None:
    previous = os.umask(0)
    try:
        attachment_store.put(ID, b"sealed")
    finally:
        os.umask(previous)
    for path in [tmp_path / "attachments", *(tmp_path / "attachments").rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600)


def test_an_interrupted_write_leaves_the_earlier_one(
    attachment_store: FolderStore, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    attachment_store.put(ID, b"first")

    def fail(descriptor: int) -> None:
        raise OSError("no space left")

    with monkeypatch.context() as patch, pytest.raises(OSError, match="no space"):
        patch.setattr(os, "fsync", fail)
        attachment_store.put(ID, b"second")
    assert attachment_store.get(ID) == b"first"
    assert [path.name for path in (tmp_path / "attachments").rglob("*") if path.is_file()] == [f"{ID}.age"]
