"""What the process does about its own memory and files, in processes of their own: it cannot be undone."""

import subprocess
import sys
from pathlib import Path

import pytest

from bot.hardening import with_overwriting

ROOT = Path(__file__).parents[2]
ON_LINUX = pytest.mark.skipif(sys.platform != "linux", reason="Linux alone knows this")


def said_by(code: str, **environment: str) -> str:
    """Return what a new interpreter prints that runs some code."""
    variables = {"PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8", **environment}
    done = subprocess.run((sys.executable, "-c", code), env=variables, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@ON_LINUX
def test_the_process_leaves_no_core_file_and_cannot_be_looked_into_by_others() -> None:
    code = (
        "import ctypes, os, resource; from bot.hardening import harden; harden();"
        "print(resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3, 0, 0, 0, 0), oct(os.umask(0)))"
    )
    assert said_by(code) == "(0, 0) 0 0o77"


def test_every_command_begins_with_that() -> None:
    code = (
        "import bot.__main__ as program;"
        "program.harden = lambda: print('hardened'); program.main = lambda **_: print('then the command');"
        "program.start()"
    )
    assert said_by(code) == "hardened\nthen the command"


@ON_LINUX
def test_a_dump_that_goes_to_a_program_is_not_made_either(tmp_path: Path) -> None:
    code = f"import os; from bot.hardening import harden; os.chdir({str(tmp_path)!r}); harden(); os.abort()"
    done = subprocess.run((sys.executable, "-c", code), env={"PYTHONPATH": str(ROOT)}, capture_output=True, check=False)
    assert done.returncode == -6
    assert list(tmp_path.iterdir()) == []


STARTED = (
    "import os, sys; from bot.hardening import overwrite_freed_memory; overwrite_freed_memory();"
    "print(os.environ.get('PYTHONMALLOC'), os.environ.get('GLIBC_TUNABLES'), os.getpid() == int(os.environ['FIRST'])"
    " if 'FIRST' in os.environ else '')"
)


@ON_LINUX
def test_the_bot_starts_itself_anew_once_so_that_freed_memory_is_overwritten() -> None:
    code = f"import os; os.environ.setdefault('FIRST', str(os.getpid())); {STARTED}"
    assert said_by(code) == "malloc glibc.malloc.perturb=165:glibc.malloc.tcache_count=0 True"


@ON_LINUX
def test_whoever_asks_for_another_allocator_gets_it() -> None:
    assert said_by(STARTED, PYTHONMALLOC="debug") == "debug None"


def test_what_is_tuned_otherwise_stays_tuned() -> None:
    environment = with_overwriting({"GLIBC_TUNABLES": "glibc.malloc.arena_max=2", "HOME": "/home/bot"})
    assert environment == {
        "HOME": "/home/bot",
        "PYTHONMALLOC": "malloc",
        "GLIBC_TUNABLES": "glibc.malloc.arena_max=2:glibc.malloc.perturb=165:glibc.malloc.tcache_count=0",
    }
