"""Each file is re-made in a process of its own, which it can end but not leave."""

import asyncio
import io
import os
import tracemalloc
import zipfile
from collections.abc import Awaitable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from media import process
from media.kinds import MAX_CLEANED_BYTES, CannotClean, FileKind, FileProblem
from media.process import Cleaner
from media.sniff import sniff
from tests.unit.media.test_cleaning_documents import docx
from texts.catalogue import LANGUAGES, Words

PROJECT = Path(process.__file__).parents[1]


def photo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), (220, 30, 30)).save(out, "PNG")
    return out.getvalue()


async def test_a_photo_comes_back_clean() -> None:
    clean = await Cleaner().clean(photo() + b"PLANTED-SECRET")
    assert (clean.kind, clean.suffix) == (FileKind.PHOTO, "jpg")
    assert b"PLANTED-SECRET" not in clean.data


OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def opendocument() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", "<a/>")
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", FileProblem.UNKNOWN_FORMAT),
        (b"hello", FileProblem.UNKNOWN_FORMAT),
        (b"MZ\x90\0", FileProblem.UNKNOWN_FORMAT),
        (b"GIF89a" + bytes(90), FileProblem.DAMAGED),
        (b"II*\0" + bytes(90), FileProblem.UNKNOWN_FORMAT),
        (b"PK\x03\x04" + bytes(90), FileProblem.UNKNOWN_FORMAT),
        (OLD + "WordDocument".encode("utf-16-le"), FileProblem.OLD_OFFICE),
        (OLD + "Workbook".encode("utf-16-le"), FileProblem.OLD_OFFICE),
        (OLD + "EncryptedPackage".encode("utf-16-le"), FileProblem.PROTECTED),
        (b"{\\rtf1 hello}", FileProblem.OLD_OFFICE),
        (opendocument(), FileProblem.OLD_OFFICE),
    ],
    ids=[
        *("nothing", "text", "a program", "a gif of nothing", "tiff", "a broken archive", "doc or wps", "xls or et"),
        *("docx with a password", "rtf", "ods"),
    ],
)
async def test_what_is_none_of_ours_is_refused_with_the_right_word(data: bytes, reason: FileProblem) -> None:
    assert await reason_for(Cleaner(), data) is reason


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reason", FileProblem)
def test_every_refusal_says_what_to_do(reason: FileProblem, language: str) -> None:
    words = Words(language)(f"resident.unfit_{reason}")
    assert any(photo in words for photo in ("拍照", "photo"))


async def test_whether_all_of_a_file_was_kept_comes_back_with_it() -> None:
    assert (await Cleaner().clean(docx())).is_whole is False
    assert (await Cleaner().clean(photo())).is_whole is True


async def test_a_damaged_file_is_refused_and_the_next_one_is_cleaned() -> None:
    cleaner = Cleaner(at_once=1)
    assert await reason_for(cleaner, photo()[:60]) in (FileProblem.DAMAGED, FileProblem.UNKNOWN_FORMAT)
    assert (await cleaner.clean(photo())).kind is FileKind.PHOTO


async def test_files_that_come_at_once_do_not_meet() -> None:
    cleaner = Cleaner(at_once=2)
    results = await asyncio.gather(*[cleaner.clean(photo()) for _ in range(3)], reason_for(cleaner, b"hello"))
    assert [getattr(one, "kind", one) for one in results] == [FileKind.PHOTO] * 3 + [FileProblem.UNKNOWN_FORMAT]


def worker(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, body: str) -> Cleaner:
    """A cleaner whose process does what a hostile file would make it do, under the limits of the real one."""
    folder = tmp_path / "media"
    folder.mkdir(parents=True)
    real = Path(process.__file__).parents[1]
    code = f"import sys; sys.path.insert(0, {str(real)!r}); sys.modules.pop('media', None)\n"
    (folder / "__init__.py").write_text("")
    (folder / "worker.py").write_text(
        f"{code}import runpy, os, json, socket\nfor name in [n for n in sys.modules if n.startswith('media')]:\n"
        f"    del sys.modules[name]\nfrom media.worker import limit\nlimit()\n{body}\n"
    )
    monkeypatch.setattr(process, "_ROOT", tmp_path)
    return Cleaner(time_limit=20)


@pytest.mark.parametrize(
    "body",
    [
        "os.abort()",
        "import os\nos.kill(os.getpid(), 9)",
        "x = []\nwhile True: x.append(bytearray(2**26))",
        "print('no json')",
        "print('5')",
        'print(\'{"kind": "secret", "whole": "yes"}\')',
        'print(\'{"kind": "photo"}\')',
        "print('{\"kind\": [1]}')",
        "print('{\"reason\": null}')",
        "print('[' * 10**6)",
        "os.write(1, bytes(range(256)) * 9)",
        "while True: os.write(1, b'x' * 2**20)",
        "os.close(1)\nwhile True: pass",
        "os.close(0)",
        "raise SystemExit(3)",
        "import ctypes\nctypes.string_at(0)",
    ],
    ids=[
        *(
            "crashes",
            "is killed",
            "eats memory",
            "babbles",
            "says a number",
            "names no kind we know",
            "does not say if all",
            "names a list",
        ),
        *("has no reason", "is deep", "says bytes", "says more than fits", "falls silent", "hears nothing", "gives up"),
        "touches what is not there",
    ],
)
async def test_a_file_that_ends_its_process_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, body: str
) -> None:
    assert await reason_for(worker(monkeypatch, tmp_path, body), photo()) is FileProblem.TOO_SLOW


async def test_a_good_file_is_cleaned_after_one_that_says_more_than_fits(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    flooding = worker(monkeypatch, tmp_path, "while True: os.write(1, b'x' * 2**20)")
    held = await held_by(reason_for(flooding, photo()))
    assert held < 2 * MAX_CLEANED_BYTES, "an answer that never ends was held in memory"
    monkeypatch.undo()
    assert (await Cleaner().clean(photo())).kind is FileKind.PHOTO


async def held_by(work: Awaitable[object]) -> int:
    """How many bytes were held at most while something was done."""
    tracemalloc.start()
    try:
        await work
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


TRIED = {
    "write a file": "open({there!r}, 'wb')",
    "empty a file": "os.truncate({secret!r}, 0)",
    "delete a file": "os.unlink({secret!r})",
    "rename a file": "os.rename({secret!r}, {there!r})",
    "read the keyring": "open({secret!r})",
    "read the settings": "open({project!r} + '/pyproject.toml')",
    "look into the bot": "open(f'/proc/{{os.getppid()}}/environ')",
    "signal the bot": "os.kill(os.getppid(), 0)",
    "open a connection": "socket.socket()",
    "send a datagram": "socket.socket(type=socket.SOCK_DGRAM)",
    "talk within the machine": "socket.socket(socket.AF_UNIX)",
    "start a program": "os.execv(sys.executable, [sys.executable])",
    "have a child": "os.fork()",
    "open many files": "[os.dup(1) for _ in range(40)]",
}


@pytest.mark.parametrize("action", TRIED)
async def test_whoever_takes_the_process_over_cannot(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, action: str
) -> None:
    (tmp_path / "keyring").mkdir()
    secret = tmp_path / "keyring" / "secret"
    secret.write_text("KEY")
    act = TRIED[action].format(there=str(tmp_path / "leak"), secret=str(secret), project=str(PROJECT))
    # Protected: it was refused; damaged: it could.
    body = (
        f"try:\n    {act}\nexcept OSError:\n    print(json.dumps({{'reason': 'protected'}}))\n"
        "else:\n    print(json.dumps({'reason': 'damaged'}))"
    )
    assert await reason_for(worker(monkeypatch, tmp_path, body), photo()) is FileProblem.PROTECTED
    assert secret.read_text() == "KEY"
    assert not (tmp_path / "leak").exists()


async def test_the_process_inherits_no_open_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with Path(__file__).open() as held:
        os.set_inheritable(held.fileno(), True)
        body = (
            f"try:\n    os.fstat({held.fileno()})\nexcept OSError:\n    print(json.dumps({{'reason': 'protected'}}))\n"
            "else:\n    print(json.dumps({'reason': 'damaged'}))"
        )
        assert await reason_for(worker(monkeypatch, tmp_path, body), photo()) is FileProblem.PROTECTED


@pytest.mark.parametrize("kind", ["RLIMIT_AS", "RLIMIT_CPU", "RLIMIT_NOFILE", "RLIMIT_FSIZE", "RLIMIT_CORE"])
async def test_no_limit_can_be_lifted_from_within(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, kind: str) -> None:
    body = (
        "import resource\n"
        f"soft, hard = resource.getrlimit(resource.{kind})\n"
        "print(json.dumps({'reason': 'protected' if soft == hard != resource.RLIM_INFINITY else 'damaged'}))"
    )
    assert await reason_for(worker(monkeypatch, tmp_path, body), photo()) is FileProblem.PROTECTED


async def test_no_other_process_can_look_into_the_one_that_holds_a_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    body = (
        "import ctypes\n"
        "seen = ctypes.CDLL(None).prctl(3, 0, 0, 0, 0)\n"
        "print(json.dumps({'reason': 'damaged' if seen else 'protected'}))"
    )
    assert await reason_for(worker(monkeypatch, tmp_path, body), photo()) is FileProblem.PROTECTED


async def test_a_file_that_keeps_the_processor_busy_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    body = "import resource\nresource.setrlimit(resource.RLIMIT_CPU, (1, 1))\nwhile True: pass"
    assert await reason_for(worker(monkeypatch, tmp_path, body), photo()) is FileProblem.TOO_SLOW


async def test_what_would_be_too_large_to_send_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    body = (
        "import media.worker as real\n"
        "real.remake = lambda data, disguise: real.Cleaned(real.FileKind.PDF, bytes(real.MAX_CLEANED_BYTES + 1))\n"
        "real.limit = lambda: None\nreal.main()"
    )
    assert await reason_for(worker(monkeypatch, tmp_path, body), photo()) is FileProblem.TOO_BIG


async def test_no_secret_of_the_environment_is_handed_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XUNSHENG_TELEGRAM__TOKEN", "4242:AAsecret")
    body = "print(json.dumps({'reason': 'damaged' if 'XUNSHENG_TELEGRAM__TOKEN' not in os.environ else 'protected'}))"
    assert await reason_for(worker(monkeypatch, tmp_path, body), photo()) is FileProblem.DAMAGED


async def test_one_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    cleaner = worker(monkeypatch, tmp_path, "import time\ntime.sleep(3600)")
    cleaner._time_limit = 0.5
    assert await reason_for(cleaner, photo()) is FileProblem.TOO_SLOW


async def test_forty_files_at_once_are_not_held_at_once() -> None:
    cleaner = Cleaner(at_once=3)
    held = most = done = 0

    async def fetch_and_clean() -> None:
        nonlocal held, most, done
        async with cleaner.slot(quick=False):
            held += 1
            most = max(most, held)
            await asyncio.sleep(0)
            held -= 1
            done += 1

    await asyncio.gather(*[fetch_and_clean() for _ in range(40)])
    assert (most, done) == (2, 40)


async def test_a_photo_does_not_wait_until_films_are_done() -> None:
    cleaner = Cleaner(at_once=3)
    async with cleaner.slot(quick=False), cleaner.slot(quick=False):
        film = asyncio.create_task(cleaner.slot(quick=False).__aenter__())
        async with cleaner.slot(quick=True):
            assert not film.done()
        film.cancel()


async def test_an_update_that_is_called_off_leaves_no_process_behind(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    started: list[asyncio.subprocess.Process] = []
    real = asyncio.create_subprocess_exec

    async def watched(*command: Any, **how: Any) -> asyncio.subprocess.Process:
        started.append(await real(*command, **how))
        return started[0]

    monkeypatch.setattr(asyncio, "create_subprocess_exec", watched)
    cleaning = asyncio.create_task(worker(monkeypatch, tmp_path, "while True: pass").clean(photo()))
    while not started:
        await asyncio.sleep(0)
    cleaning.cancel()
    with pytest.raises(asyncio.CancelledError):
        await cleaning
    assert started[0].returncode == -9


async def reason_for(cleaner: Cleaner, data: bytes) -> FileProblem:
    with pytest.raises(CannotClean) as refusal:
        await cleaner.clean(data)
    return refusal.value.reason


@pytest.mark.parametrize("name", ["photo", "nothing"])
def test_a_file_is_known_by_its_bytes_and_not_by_its_name(name: str) -> None:
    assert sniff({"photo": photo(), "nothing": b"photo.png"}[name]) is (
        FileKind.PHOTO if name == "photo" else FileProblem.UNKNOWN_FORMAT
    )
