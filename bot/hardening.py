"""What the process does about its own memory and files before anything else.

What it holds of residents it holds for moments only; nothing of it shall come onto a disk by a dump, be read by another
process, or lie about in memory that was given back.
"""

import ctypes
import os
import resource
import sys
from collections.abc import Mapping

_PR_SET_DUMPABLE = 4
_FREED = 0xA5  # what is written over freed memory

# Python keeps what it has freed as it was; the C library can be told to write over it, but for the small pieces that it
# keeps at hand for the next use, which it can be told not to do. Both read this as they start.
_ALLOCATOR = {
    "PYTHONMALLOC": "malloc",
    "GLIBC_TUNABLES": f"glibc.malloc.perturb={_FREED}:glibc.malloc.tcache_count=0",
}


def harden() -> None:
    """Let nobody else read the files that this process makes, nor its memory, and let nothing dump it to a disk."""
    os.umask(0o077)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        # A dump that is piped to a program heeds no limit; nor may another process of this user read our memory.
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def overwrite_freed_memory() -> None:
    """Start this program anew, in the same process, so that memory is overwritten when it is freed.

    Returns without doing so when it was started that way, where PYTHONMALLOC asks for something else, and on systems
    whose C library does not know how.
    """
    if "PYTHONMALLOC" not in os.environ and _is_glibc():
        os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], with_overwriting(os.environ))  # noqa: S606


def with_overwriting(environment: Mapping[str, str]) -> dict[str, str]:
    """Return an environment in which Python overwrites the memory it frees."""
    tunables = [environment["GLIBC_TUNABLES"]] if environment.get("GLIBC_TUNABLES") else []
    return {**environment, **_ALLOCATOR, "GLIBC_TUNABLES": ":".join([*tunables, _ALLOCATOR["GLIBC_TUNABLES"]])}


def _is_glibc() -> bool:
    try:
        return (os.confstr("CS_GNU_LIBC_VERSION") or "").startswith("glibc")
    except (AttributeError, ValueError, OSError):
        return False
