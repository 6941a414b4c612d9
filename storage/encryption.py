"""Tells whether a place lies on an encrypted disk, as far as Linux shows it."""

import os
import stat
from contextlib import suppress
from pathlib import Path

_DEVICES = Path("/sys/dev/block")
_MOUNTS = Path("/proc/self/mountinfo")
_IN_MEMORY = frozenset({"tmpfs", "ramfs"})


def is_encrypted(path: Path, devices: Path = _DEVICES, mounts: Path = _MOUNTS) -> bool:
    """Whether what lies at a path reaches its disk encrypted, or no disk at all; False where that is not to be seen.

    Seen are volumes of dm-crypt (LUKS), also below LVM or RAID.
    """
    try:
        number = path.stat().st_dev
        if _is_encrypted(_device(devices, number)):
            return True
        kind, source = _mounted(mounts, number)
    except OSError:
        return False
    if kind in _IN_MEMORY:
        return True
    with suppress(OSError):  # a file system that shows a number of its own, such as btrfs
        shown = source.stat()
        return stat.S_ISBLK(shown.st_mode) and _is_encrypted(_device(devices, shown.st_rdev))
    return False


def _device(devices: Path, number: int) -> Path:
    return devices / f"{os.major(number)}:{os.minor(number)}"


def _is_encrypted(device: Path) -> bool:
    """Whether a device is encrypted, or everything that it is made of."""
    with suppress(OSError):
        if (device / "dm" / "uuid").read_text(encoding="ascii").startswith("CRYPT-"):
            return True
    with suppress(OSError):
        parts = list((device / "slaves").iterdir())
        return bool(parts) and all(_is_encrypted(part) for part in parts)
    return False


def _mounted(mounts: Path, number: int) -> tuple[str, Path]:
    """Return the kind of file system with a device number, and what it was mounted from."""
    wanted = f"{os.major(number)}:{os.minor(number)}"
    for line in mounts.read_text(encoding="utf-8").splitlines():
        place, _, source = line.partition(" - ")
        if place.split()[2] == wanted:
            kind, device, *_ = source.split()
            return kind, Path(device)
    return "", Path()
