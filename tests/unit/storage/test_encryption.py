"""An encrypted disk is told where Linux shows one, and nowhere else."""

import os
from pathlib import Path

import pytest

from storage.encryption import is_encrypted


@pytest.fixture
def devices(tmp_path: Path) -> Path:
    return tmp_path / "devices"


def device(devices: Path, name: str, *, uuid: str = "", parts: tuple[Path, ...] = ()) -> Path:
    """Make a device as /sys shows it."""
    made = devices / name
    (made / "slaves").mkdir(parents=True)
    if uuid:
        (made / "dm").mkdir()
        (made / "dm" / "uuid").write_text(uuid)
    for part in parts:
        (made / "slaves" / part.name).symlink_to(part)
    return made


def number_of(path: Path) -> str:
    number = path.stat().st_dev
    return f"{os.major(number)}:{os.minor(number)}"


def mounts_with(tmp_path: Path, rest: str) -> Path:
    file = tmp_path / "mountinfo"
    file.write_text(f"1 1 0:1 / / rw - proc proc rw\n22 27 {number_of(tmp_path)} / /srv rw,relatime - {rest} rw\n")
    return file


def test_a_volume_of_luks_is_encrypted(tmp_path: Path, devices: Path) -> None:
    device(devices, number_of(tmp_path), uuid="CRYPT-LUKS2-0123-disk\n")
    assert is_encrypted(tmp_path, devices, mounts_with(tmp_path, "ext4 /dev/mapper/disk"))


def test_so_is_a_volume_that_is_made_of_such_and_of_nothing_else(tmp_path: Path, devices: Path) -> None:
    locked, plain = device(devices, "one", uuid="CRYPT-LUKS2-1"), device(devices, "two")
    mounts = mounts_with(tmp_path, "ext4 /dev/mapper/volume")
    volume = device(devices, number_of(tmp_path), uuid="LVM-1", parts=(locked,))
    assert is_encrypted(tmp_path, devices, mounts)
    (volume / "slaves" / "two").symlink_to(plain)
    assert not is_encrypted(tmp_path, devices, mounts)


def test_what_lies_in_memory_reaches_no_disk(tmp_path: Path, devices: Path) -> None:
    assert is_encrypted(tmp_path, devices, mounts_with(tmp_path, "tmpfs tmpfs"))


@pytest.mark.parametrize("rest", ["ext4 /dev/nosuch", "overlay overlay", "zfs pool/data"])
def test_a_plain_disk_and_what_shows_none_are_not_called_encrypted(tmp_path: Path, devices: Path, rest: str) -> None:
    device(devices, number_of(tmp_path))
    assert not is_encrypted(tmp_path, devices, mounts_with(tmp_path, rest))


def test_where_nothing_can_be_seen_nothing_is_called_encrypted(tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere"
    assert not is_encrypted(tmp_path, nowhere, nowhere)
    assert not is_encrypted(nowhere)
