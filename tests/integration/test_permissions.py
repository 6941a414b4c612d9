"""What lies on the disk is for the program's own account, whoever made it and with whatever mode."""

import os
import signal
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from bot.cli.permissions import exposed_folder, narrow
from bot.config import Config, DatabaseSettings, FilesSettings
from simulator.server import Simulator
from tests.integration.test_sole_process import running
from tests.office import Office


def modes(paths: Iterable[Path]) -> dict[str, str]:
    return {path.name: f"{stat.S_IMODE(path.stat().st_mode):o}" for path in paths}


@pytest.fixture
def at_home(on_sqlite: Office, tmp_path: Path) -> Iterator[Office]:
    """An office with a folder of its own for all that is made, on a machine where files are readable for all."""
    on_sqlite.set("database.url", f"sqlite:///{tmp_path / 'data' / 'one.sqlite3'}")
    on_sqlite.set("files.path", str(tmp_path / "data" / "files"))
    before = os.umask(0o022)
    yield on_sqlite
    os.umask(before)


async def test_whatever_is_made_is_for_its_own_account(at_home: Office, tmp_path: Path) -> None:
    made = await at_home.run_process("init")
    assert made.code == 0, made
    await at_home.run_process("recovery-key", str(tmp_path / "recovery.key"))
    others = [path for path in tmp_path.rglob("*") if path != at_home.folder and path.stat().st_mode & 0o077]
    assert others == []
    assert modes([tmp_path / "data", tmp_path / "data" / "files"]) == {"data": "700", "files": "700"}


async def test_a_running_bot_narrows_what_others_could_open(
    at_home: Office, simulator: Simulator, tmp_path: Path
) -> None:
    await at_home.must("init")
    data = tmp_path / "data"
    (data / "one.sqlite3").chmod(0o644)
    (data / "files").chmod(0o755)
    async with running(at_home, simulator, end=signal.SIGTERM):
        assert modes(data.iterdir()) == {
            "files": "700",
            **{f"one.sqlite3{suffix}": "600" for suffix in ("", "-wal", "-shm", ".lock")},
        }


async def test_the_doctor_tells_what_others_can_open_and_how_to_narrow_it(at_home: Office, tmp_path: Path) -> None:
    await at_home.must("init")
    data = tmp_path / "data"
    assert "Other accounts" not in (await at_home.run("doctor")).out
    (data / "one.sqlite3").chmod(0o640)
    (data / "files").chmod(0o711)
    data.chmod(0o755)
    said = (await at_home.run("doctor")).out
    assert f"can open {data / 'one.sqlite3'}; run `chmod 600 {data / 'one.sqlite3'}`" in said
    assert f"can open {data / 'files'}; run `chmod 700 {data / 'files'}`" in said
    assert f"can look into {data} and see when" in said


def test_what_lies_beside_a_database_is_looked_for_where_a_link_to_it_leads(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir(mode=0o755)
    (tmp_path / "link").symlink_to(data / "one.sqlite3")
    for suffix in ("", "-wal", "-shm", ".lock"):
        (data / f"one.sqlite3{suffix}").touch(0o644)
    config = Config(
        database=DatabaseSettings(url=f"sqlite:///{tmp_path / 'link'}"), files=FilesSettings(path=tmp_path / "files")
    )
    narrow(config)
    assert set(modes(data.iterdir()).values()) == {"600"}
    assert exposed_folder(config) == data
