"""Whatever is wrong with files, settings and servers is told in one sentence that says what to do."""

import asyncio
import sqlite3
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pyrage
import pytest

from bot.config import variable_of
from tests.office import Office, heed_modes, write_at_most


@pytest.fixture
def begun(begun: Office, tmp_path: Path) -> Office:
    """An office with the sample county, whose processes heed the modes of files."""
    begun.set("files.path", str(tmp_path / "files"))
    (tmp_path / "files").mkdir(0o700)
    begun.prepared = heed_modes
    return begun


async def backed_up(office: Office, folder: Path) -> Path:
    """Make a recovery key and backups of both kinds; return the key."""
    key = folder / "recovery.key"
    office.set("backup.recipient", (await office.must("recovery-key", str(key))).split('"')[1])
    await office.must("backup", str(folder / "county.age"))
    await office.must("backup-keyring", str(folder / "keys.age"))
    return key


def cut(content: bytes) -> bytes:
    return content[: len(content) // 2]


def altered(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


@pytest.mark.parametrize("spoil", [cut, altered, lambda _content: b"", lambda _content: b"a letter"])
async def test_a_backup_that_is_cut_or_altered_is_refused_and_leaves_the_place_free(
    begun: Office, tmp_path: Path, spoil: Callable[[bytes], bytes]
) -> None:
    key = await backed_up(begun, tmp_path)
    begun.set("keyring.path", str(tmp_path / "after" / "keyring"))
    begun.set("files.path", str(tmp_path / "after" / "files"))
    whole = {name: (tmp_path / name).read_bytes() for name in ("keys.age", "county.age")}
    for name, content in whole.items():
        (tmp_path / f"spoilt-{name}").write_bytes(spoil(content))
    refused = await begun.refused("restore-keyring", str(tmp_path / "spoilt-keys.age"), "--identity", str(key))
    assert "restore" in refused or "backup" in refused
    await begun.must("restore-keyring", str(tmp_path / "keys.age"), "--identity", str(key))
    begun.set("database.url", f"sqlite:///{tmp_path / 'after' / 'one.sqlite3'}")
    await begun.must("init")
    await begun.refused("restore", str(tmp_path / "spoilt-county.age"), "--identity", str(key))
    await begun.must("restore", str(tmp_path / "county.age"), "--identity", str(key))


async def test_a_backup_of_something_else_is_no_keyring(begun: Office, tmp_path: Path) -> None:
    key = await backed_up(begun, tmp_path)
    begun.set("keyring.path", str(tmp_path / "new"))
    public = pyrage.x25519.Recipient.from_str(begun.environment[variable_of("backup.recipient")])
    (tmp_path / "other.age").write_bytes(pyrage.encrypt(b"a letter" * 99, [public]))
    for other in ("other.age", "county.age"):
        await begun.refused("restore-keyring", str(tmp_path / other), "--identity", str(key))
    assert not any((tmp_path / "new").glob("*"))


@pytest.mark.parametrize("content", [b"", b"# nothing but a remark\n", b"AGE-SECRET-KEY-1nonsense\n", b"\xff\xfe\x00k"])
async def test_a_recovery_key_that_is_none_is_refused(begun: Office, tmp_path: Path, content: bytes) -> None:
    await backed_up(begun, tmp_path)
    begun.set("keyring.path", str(tmp_path / "new"))
    wrong = tmp_path / "wrong.key"
    wrong.write_bytes(content)
    for command, file in (("restore-keyring", "keys.age"), ("restore", "county.age")):
        assert "key" in await begun.refused(command, str(tmp_path / file), "--identity", str(wrong))
        begun.set("keyring.path", str(tmp_path / "secrets"))
        begun.set("database.url", f"sqlite:///{tmp_path / 'new.sqlite3'}")
        await begun.must("init")


@pytest.mark.parametrize("what", ["secrets", "secrets/rounds", "secrets/keyring.json"])
async def test_a_keyring_without_rights_is_told(begun: Office, tmp_path: Path, what: str) -> None:
    (tmp_path / what).chmod(0)
    refused = await begun.refused_in_process("run")
    assert "Permission denied" in refused
    assert str(tmp_path / "secrets") in refused
    assert "Permission denied" in (await begun.run_process("doctor")).out
    (tmp_path / what).chmod(0o700)


async def test_attachments_without_rights_are_told(begun: Office, tmp_path: Path) -> None:
    (tmp_path / "files").chmod(0)
    assert f"{tmp_path / 'files'}" in (await begun.run_process("doctor")).out
    (tmp_path / "files").chmod(0o700)


async def test_a_database_that_may_not_be_written_is_told(begun: Office, tmp_path: Path) -> None:
    file = tmp_path / "one.sqlite3"
    file.chmod(0o444)
    refused = await begun.refused_in_process("run")
    assert "belong" in refused
    assert str(file) in refused
    assert "readonly" in await begun.refused_in_process("staff", "leave", "P06", "--yes")
    assert "古石生" in (await begun.run_process("staff", "list")).out
    said = await begun.run_process("doctor")
    assert said.code == 1
    assert str(file) in said.out
    assert "Traceback" not in said.err


async def test_files_beside_the_database_that_may_not_be_written_are_told(begun: Office, tmp_path: Path) -> None:
    keeping = sqlite3.connect(tmp_path / "one.sqlite3")  # so that they stay
    keeping.execute("SELECT count(*) FROM staff").fetchall()
    for suffix in ("-wal", "-shm"):
        (tmp_path / f"one.sqlite3{suffix}").chmod(0o444)
    assert "belong" in await begun.refused_in_process("run")
    said = await begun.run_process("doctor")
    assert "belong" in said.out
    assert "Traceback" not in said.err
    keeping.close()


@pytest.mark.parametrize("address", ["sqlite://", "sqlite:///", "sqlite:///:memory:", "sqlite:///file:x?uri=true"])
async def test_an_address_without_a_file_is_told(begun: Office, address: str) -> None:
    begun.set("database.url", address)
    for command in ("init", "migrate"):
        assert "database.url" in await begun.refused(command)


@pytest.mark.parametrize("command", [["run"], ["init"], ["backup", "x.age"]])
async def test_a_folder_is_no_database(begun: Office, tmp_path: Path, command: list[str]) -> None:
    begun.set("database.url", f"sqlite:///{tmp_path}")
    begun.set("backup.recipient", str(pyrage.x25519.Identity.generate().to_public()))
    said = await begun.run_process(*command)
    assert said.code == 1
    assert "Traceback" not in said.err
    assert str(tmp_path) in said.err


def damage(file: Path) -> None:
    """Spoil the pages of a database behind its first ones."""
    content = bytearray(file.read_bytes())
    content[8192:] = b"\x55" * (len(content) - 8192)
    file.write_bytes(content)


async def test_damaged_pages_are_told_by_the_doctor_and_refused_by_the_bot(begun: Office, tmp_path: Path) -> None:
    for suffix in ("-wal", "-shm"):
        (tmp_path / f"one.sqlite3{suffix}").unlink(missing_ok=True)
    damage(tmp_path / "one.sqlite3")
    assert "restore" in await begun.refused_in_process("run")
    said = await begun.run_process("doctor")
    assert "restore" in said.out
    assert "Traceback" not in said.err
    assert "Traceback" not in (await begun.run_process("staff", "list")).err


async def test_a_damaged_page_that_is_not_read_at_first_is_found_by_the_quick_check(
    begun: Office, tmp_path: Path
) -> None:
    file = tmp_path / "one.sqlite3"
    with sqlite3.connect(file) as looking:
        looking.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        [page] = looking.execute("SELECT rootpage FROM sqlite_master WHERE name = 'trail_messages'").fetchone()
    looking.close()
    content = bytearray(file.read_bytes())
    content[(page - 1) * 4096 : page * 4096] = b"\x55" * 4096
    file.write_bytes(content)
    assert "is damaged" in await begun.refused_in_process("run")
    assert "is damaged" in (await begun.run_process("doctor")).out


async def test_a_full_disk_is_told(begun: Office, tmp_path: Path) -> None:
    begun.set("backup.recipient", str(pyrage.x25519.Identity.generate().to_public()))
    begun.prepared = partial(write_at_most, 4096)
    for command in (["backup", str(tmp_path / "x.age")], ["backup-keyring", str(tmp_path / "y.age")], ["round", "R6"]):
        said = await begun.run_process(*command)
        assert "Traceback" not in said.err, command
    on_new = tmp_path / "new.sqlite3"
    begun.set("database.url", f"sqlite:///{on_new}")
    said = await begun.run_process("init")
    assert said.code == 1
    assert "Traceback" not in said.err
    assert str(on_new) in said.err


@pytest.mark.parametrize("command", [["recovery-key"], ["backup"], ["backup-keyring"], ["posters", "R6"]])
async def test_a_place_that_is_not_there_is_told(begun: Office, tmp_path: Path, command: list[str]) -> None:
    begun.set("backup.recipient", str(pyrage.x25519.Identity.generate().to_public()))
    assert str(tmp_path / "nowhere") in await begun.refused(*command, str(tmp_path / "nowhere" / "file"))


async def test_settings_that_cannot_be_read_are_told(begun: Office, tmp_path: Path) -> None:
    settings = begun.folder / "config.toml"
    settings.write_bytes(b"\xff\xfe[telegram]")
    assert "config.toml" in await begun.refused("run")
    settings.unlink()
    settings.mkdir()
    assert "config.toml" in await begun.refused_in_process("run")
    settings.rmdir()
    settings.write_text("")
    settings.chmod(0)
    assert "Permission denied" in await begun.refused_in_process("run")
    assert "Is a directory" in await begun.refused("import", str(tmp_path))


async def test_a_port_that_is_taken_is_told(begun: Office) -> None:
    taken = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    begun.set("telegram.webhook_url", "https://example.org/hook")
    begun.set("telegram.webhook_port", str(taken.sockets[0].getsockname()[1]))
    said = await begun.run_process("run")
    assert said.code == 1
    assert "Traceback" not in said.err
    assert "Address already in use" in said.err
    taken.close()


async def test_a_postgresql_that_is_too_old_is_told(
    office: Office, monkeypatch: pytest.MonkeyPatch, dialect: str
) -> None:
    if dialect == "postgresql":
        await office.must("init")
        monkeypatch.setattr("bot.cli.database.OLDEST_POSTGRESQL", (99, 0))
        assert "install PostgreSQL 99" in await office.refused("migrate")
