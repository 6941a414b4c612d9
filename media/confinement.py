"""Shuts the cleaning process in, by what Linux offers to a process without rights.

Whoever breaks a decoder holds this process. Landlock leaves it nothing to read but the code and the system's fonts, and
nothing to write; a seccomp filter leaves it no network, no other program, no child and nobody to signal. Each is taken
where the kernel has it; the limits of the worker hold everywhere.
"""

import ctypes
import errno
import os
import platform
import struct
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

OWN_FONTS: Final = Path(__file__).parents[1] / "qr" / "fonts"

_PR_SET_DUMPABLE: Final = 4
_PR_SET_NO_NEW_PRIVS: Final = 38
_PR_SET_SECCOMP: Final = 22
_SECCOMP_MODE_FILTER: Final = 2

_LANDLOCK_CREATE, _LANDLOCK_ADD, _LANDLOCK_RESTRICT = 444, 445, 446  # the same on every architecture
_PATH_BENEATH: Final = 1
_READ: Final = 1 << 2 | 1 << 3  # files, and what a folder holds
_READ_FILE: Final = 1 << 2
# How many rights to files each version of Landlock knows; all that it knows are taken away.
_RIGHTS: Final = {1: 13, 2: 14, 3: 15, 4: 15}
_ALL_RIGHTS: Final = 16
_TCP: Final = 0b11  # bind and connect, from version 4
_SCOPES: Final = 0b11  # sockets without a path, and signals, from version 6


@dataclass(frozen=True)
class _Calls:
    """The numbers that an architecture gives to its system calls."""

    architecture: int
    forbidden: tuple[int, ...]
    clone: int
    clone3: int = 435


_ARCHITECTURES: Final = {
    # socket, socketpair, fork, vfork, execve, kill, ptrace, tkill, tgkill, unshare, execveat,
    # pidfd_send_signal, io_uring_setup (it opens sockets of its own).
    "x86_64": _Calls(0xC000003E, (41, 53, 57, 58, 59, 62, 101, 200, 234, 272, 322, 424, 425), clone=56),
    "aarch64": _Calls(0xC00000B7, (198, 199, 221, 129, 117, 130, 131, 97, 281, 424, 425), clone=220),
}
_CLONE_THREAD: Final = 0x10000
_X32: Final = 0x40000000  # a second set of numbers for the same calls

_LOAD, _JUMP_IF_EQUAL, _JUMP_IF_AT_LEAST, _JUMP_IF_ANY, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW: Final = 0x7FFF0000
_REFUSE: Final = 0x00050000


def confine() -> None:
    """Give up, for good, all that re-making a file doesn't need."""
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)  # another process of this user would read the file in our memory
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return
    _leave_only(libc, _readable())
    _refuse_calls(libc)


def _readable() -> Iterator[Path]:
    """Where code and fonts lie. Of the product only this package and its fonts: a keyring may lie beside it."""
    yield Path(__file__).parent
    yield OWN_FONTS
    yield from (Path(prefix) for prefix in {sys.prefix, sys.base_prefix})
    yield from (Path(entry) for entry in sys.path if "site-packages" in entry or "dist-packages" in entry)
    yield from map(Path, ("/usr", "/lib", "/lib64", "/etc/fonts", "/etc/ld.so.cache", "/dev/urandom", "/dev/null"))


def _leave_only(libc: ctypes.CDLL, places: Iterable[Path]) -> None:
    version = libc.syscall(_LANDLOCK_CREATE, None, 0, 1)
    if version < 1:  # an older kernel, or switched off
        return
    handled = (1 << _RIGHTS.get(version, _ALL_RIGHTS)) - 1
    rules = struct.pack("=QQQ", handled, _TCP, _SCOPES)[: 8 if version < 4 else 16 if version < 6 else 24]
    ruleset = libc.syscall(_LANDLOCK_CREATE, rules, len(rules), 0)
    if ruleset < 0:
        return
    for place in places:
        if not place.exists():
            continue
        opened = os.open(place, os.O_PATH | os.O_CLOEXEC)
        rights = _READ if place.is_dir() else _READ_FILE
        libc.syscall(_LANDLOCK_ADD, ruleset, _PATH_BENEATH, struct.pack("=Qi", rights, opened), 0)
        os.close(opened)
    libc.syscall(_LANDLOCK_RESTRICT, ruleset, 0)
    os.close(ruleset)


def _refuse_calls(libc: ctypes.CDLL) -> None:
    calls = _ARCHITECTURES.get(platform.machine())
    if calls is None:
        return
    steps = _filter(calls)
    program = ctypes.create_string_buffer(b"".join(steps))
    # struct sock_fprog: how many steps, and where they lie.
    head = struct.pack("@HP", len(steps), ctypes.addressof(program))
    libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, head, 0, 0)


def _filter(calls: _Calls) -> list[bytes]:
    """Return a program that the kernel runs before each call; it sees number, architecture and arguments."""
    number, architecture, flags = 0, 4, 16
    refused = [_step(_RETURN, _REFUSE | errno.EPERM)]
    steps = [
        _step(_LOAD, architecture),
        _step(_JUMP_IF_EQUAL, calls.architecture, 1, 0),
        *refused,
        _step(_LOAD, number),
        _step(_JUMP_IF_AT_LEAST, _X32, 0, 1),
        *refused,
    ]
    for forbidden in calls.forbidden:
        steps += [_step(_JUMP_IF_EQUAL, forbidden, 0, 1), *refused]
    # Its flags lie in memory, where a filter cannot look: whoever asks falls back to the older call.
    steps += [_step(_JUMP_IF_EQUAL, calls.clone3, 0, 1), _step(_RETURN, _REFUSE | errno.ENOSYS)]
    # A decoder may start threads, and no process.
    steps += [
        _step(_JUMP_IF_EQUAL, calls.clone, 0, 3),
        _step(_LOAD, flags),
        _step(_JUMP_IF_ANY, _CLONE_THREAD, 1, 0),
        *refused,
    ]
    return [*steps, _step(_RETURN, _ALLOW)]


def _step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("=HBBI", code, if_true, if_false, value)
