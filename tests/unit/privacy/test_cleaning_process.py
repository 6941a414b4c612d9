"""Each file is re-made in a process of its own, which it can end but not leave."""

import asyncio
import io
from pathlib import Path

import pytest
from PIL import Image

from privacy.cleaning import process
from privacy.cleaning.kinds import CannotClean, Kind, Reason
from privacy.cleaning.process import Cleaner
from privacy.cleaning.sniff import sniff


def photo() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), (220, 30, 30)).save(out, "PNG")
    return out.getvalue()


async def test_a_photo_comes_back_clean() -> None:
    clean = await Cleaner().clean(photo() + b"PLANTED-SECRET")
    assert (clean.kind, clean.suffix) == (Kind.PHOTO, "jpg")
    assert b"PLANTED-SECRET" not in clean.data


@pytest.mark.parametrize("data", [b"", b"hello", b"\xd0\xcf\x11\xe0 an old .doc", b"MZ\x90\0"])
async def test_what_nobody_knows_is_refused(data: bytes) -> None:
    assert await reason_for(Cleaner(), data) is Reason.UNKNOWN_FORMAT


async def test_a_damaged_file_is_refused_and_the_next_one_is_cleaned() -> None:
    cleaner = Cleaner(at_once=1)
    assert await reason_for(cleaner, photo()[:60]) in (Reason.DAMAGED, Reason.UNKNOWN_FORMAT)
    assert (await cleaner.clean(photo())).kind is Kind.PHOTO


async def test_files_that_come_at_once_do_not_meet() -> None:
    cleaner = Cleaner(at_once=2)
    results = await asyncio.gather(*[cleaner.clean(photo()) for _ in range(3)], reason_for(cleaner, b"hello"))
    assert [getattr(one, "kind", one) for one in results] == [Kind.PHOTO] * 3 + [Reason.UNKNOWN_FORMAT]


def worker(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, body: str) -> Cleaner:
    """A cleaner whose process does what a hostile file would make it do, under the limits of the real one."""
    folder = tmp_path / "privacy" / "cleaning"
    folder.mkdir(parents=True)
    real = Path(process.__file__).parents[2]
    code = f"import sys; sys.path.insert(0, {str(real)!r}); sys.modules.pop('privacy', None)\n"
    (tmp_path / "privacy" / "__init__.py").write_text("")
    (folder / "__init__.py").write_text("")
    (folder / "worker.py").write_text(
        f"{code}import runpy, os, json, socket\nfor name in [n for n in sys.modules if n.startswith('privacy')]:\n"
        f"    del sys.modules[name]\nfrom privacy.cleaning.worker import limit\nlimit()\n{body}\n"
    )
    monkeypatch.setattr(process, "_HERE", tmp_path)
    return Cleaner(patience=20)


@pytest.mark.parametrize(
    "body",
    [
        "os.abort()",
        "import os\nos.kill(os.getpid(), 9)",
        "x = []\nwhile True: x.append(bytearray(2**26))",
        "print('no json')",
        "raise SystemExit(3)",
    ],
    ids=["crashes", "is killed", "eats memory", "babbles", "gives up"],
)
async def test_a_file_that_ends_its_process_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, body: str
) -> None:
    assert await reason_for(worker(monkeypatch, tmp_path, body), photo()) is Reason.TOO_SLOW


async def test_nothing_can_be_written_from_within(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    leak = tmp_path / "leak"
    body = (
        "import signal\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        f"try:\n    open({str(leak)!r}, 'wb', 0).write(sys.stdin.buffer.read())\nexcept OSError:\n    pass\n"
        "print(json.dumps({'reason': 'damaged'}))"
    )
    assert await reason_for(worker(monkeypatch, tmp_path, body), photo()) is Reason.DAMAGED
    assert not leak.exists() or leak.read_bytes() == b""


async def test_no_secret_of_the_environment_is_handed_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XUNSHENG_TELEGRAM__TOKEN", "4242:AAsecret")
    body = "print(json.dumps({'reason': 'damaged' if 'XUNSHENG_TELEGRAM__TOKEN' not in os.environ else 'protected'}))"
    assert await reason_for(worker(monkeypatch, tmp_path, body), photo()) is Reason.DAMAGED


async def test_one_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    cleaner = worker(monkeypatch, tmp_path, "import time\ntime.sleep(3600)")
    cleaner._patience = 0.5
    assert await reason_for(cleaner, photo()) is Reason.TOO_SLOW


async def reason_for(cleaner: Cleaner, data: bytes) -> Reason:
    with pytest.raises(CannotClean) as refusal:
        await cleaner.clean(data)
    return refusal.value.reason


@pytest.mark.parametrize("name", ["photo", "nothing"])
def test_a_file_is_known_by_its_bytes_and_not_by_its_name(name: str) -> None:
    assert sniff({"photo": photo(), "nothing": b"photo.png"}[name]) is (
        Kind.PHOTO if name == "photo" else Reason.UNKNOWN_FORMAT
    )
