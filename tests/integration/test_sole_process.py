"""One bot on one SQLite file; commands, and more processes on PostgreSQL, work beside it."""

import re
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.cli.database import NoDatabase, database_file, sole_process
from bot.config import Config, DatabaseSettings, variable_of
from simulator.server import Simulator
from tests.office import Office


@asynccontextmanager
async def running(office: Office, simulator: Simulator, *, end: signal.Signals) -> AsyncIterator[int]:
    """Let a bot run, in which somebody is answered, and end it by a signal."""
    before = len(simulator.calls("getUpdates"))
    process = await office.start("run")
    try:
        await simulator.wait_until(lambda: len(simulator.calls("getUpdates")) > before or None)
        yield process.pid
    finally:
        process.send_signal(end)
        await process.communicate()


async def test_a_second_bot_on_one_file_says_which_runs_and_ends(on_sqlite: Office, simulator: Simulator) -> None:
    await on_sqlite.must("init")
    async with running(on_sqlite, simulator, end=signal.SIGKILL) as number:
        sentence = await on_sqlite.refused("run")
        assert f"one.sqlite3 is in use by another bot (process {number} on " in sentence
    async with running(on_sqlite, simulator, end=signal.SIGTERM):
        pass  # a killed process holds nothing


async def test_a_second_bot_finds_the_first_by_another_way_to_the_file(
    on_sqlite: Office, simulator: Simulator, tmp_path: Path
) -> None:
    await on_sqlite.must("init")
    (tmp_path / "other").symlink_to(tmp_path / "one.sqlite3")
    async with running(on_sqlite, simulator, end=signal.SIGTERM):
        on_sqlite.set("database.url", f"sqlite:///{tmp_path / 'other'}")
        assert "is in use by another bot" in await on_sqlite.refused("run")


async def test_commands_work_beside_a_running_bot(on_sqlite: Office, simulator: Simulator, tmp_path: Path) -> None:
    await on_sqlite.must("init")
    [recipient] = re.findall("age1[a-z0-9]+", await on_sqlite.must("recovery-key", str(tmp_path / "recovery.key")))
    on_sqlite.set("backup.recipient", recipient)
    async with running(on_sqlite, simulator, end=signal.SIGTERM):
        await on_sqlite.must("init")
        await on_sqlite.must("migrate")
        await on_sqlite.must("import", "sample")
        await on_sqlite.must("invite", "P05")
        await on_sqlite.must("staff", "list")
        await on_sqlite.must("round", "R6")
        await on_sqlite.must("audit", "verify")
        await on_sqlite.must("backup", str(tmp_path / "backup.age"))
        await on_sqlite.must("backup-keyring", str(tmp_path / "keyring.age"))
        assert "in use" not in (await on_sqlite.run("doctor")).out


async def test_nothing_is_migrated_or_restored_under_a_running_bot(
    on_sqlite: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await on_sqlite.must("init")
    config = Config(database=DatabaseSettings(url=on_sqlite.environment[variable_of("database.url")]))
    for name in ("backup.age", "recovery.key"):
        (tmp_path / name).write_text("any")
    with sole_process(config):
        restoring = ("restore", str(tmp_path / "backup.age"), "--identity", str(tmp_path / "recovery.key"))
        assert "is in use by another bot" in await on_sqlite.refused(*restoring)
        monkeypatch.setattr("migrations.schema.head", lambda: "9999")
        assert "is in use by another bot" in await on_sqlite.refused("migrate")


def test_the_lock_of_a_bot_that_is_just_starting_is_a_lock(tmp_path: Path) -> None:
    config = Config(database=DatabaseSettings(url=f"sqlite:///{tmp_path / 'one.sqlite3'}"))
    with sole_process(config):
        (tmp_path / "one.sqlite3.lock").write_text("")
        with pytest.raises(NoDatabase, match="a process that is just starting"), sole_process(config):
            pass


def test_several_processes_serve_one_postgresql() -> None:
    config = Config(database=DatabaseSettings(url="postgresql://user@host/xunsheng"))
    with sole_process(config), sole_process(config):
        assert database_file(config) is None
