import json
import os
import re
import stat
import subprocess
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pyrage
import pytest

from privacy.keyring import KeyDestroyed, Keyring, KeyringError
from privacy.seal import SealBroken

DAY = date(2026, 11, 22)


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "keyring"


@pytest.fixture
def keyring(directory: Path) -> Keyring:
    return Keyring.create(directory)


def plain_secrets(keyring: Keyring) -> list[bytes]:
    return [keyring.receipt_secret, keyring.qr_secret, keyring.lane_secret, keyring.callback_secret]


def do_before_it_is_made(monkeypatch: pytest.MonkeyPatch, name: str, overtake: Callable[[], object]) -> None:
    """Let another process overtake this one right after it saw that there is no file of this name yet."""
    exists = Path.exists

    def overtaken(path: Path) -> bool:
        answer = exists(path)
        if path.name == name and not answer:
            monkeypatch.undo()
            overtake()
        return answer

    monkeypatch.setattr(Path, "exists", overtaken)


def test_a_new_keyring_holds_different_secrets_of_32_bytes(keyring: Keyring) -> None:
    assert [len(secret) for secret in plain_secrets(keyring)] == [32] * 4
    assert len(set(plain_secrets(keyring))) == 4
    assert keyring.outbox.public != keyring.reply.public


def test_two_keyrings_share_nothing(tmp_path: Path) -> None:
    one, other = Keyring.create(tmp_path / "one"), Keyring.create(tmp_path / "other")
    assert not set(plain_secrets(one)) & set(plain_secrets(other))
    assert one.outbox.public != other.outbox.public


def test_an_opened_keyring_is_the_one_that_was_made(keyring: Keyring, directory: Path) -> None:
    again = Keyring.open(directory)
    assert plain_secrets(again) == plain_secrets(keyring)
    assert again.outbox.open("row-1", keyring.outbox.seal("row-1", b"payload")) == b"payload"
    assert again.reply.open("row-1", keyring.reply.seal("row-1", b"address")) == b"address"


def test_nothing_in_it_can_be_read_by_others(keyring: Keyring, directory: Path) -> None:
    previous = os.umask(0)
    try:
        keyring.add_round("R5")
        keyring.add_round("R6")
        keyring.destroy_round("R5")
    finally:
        os.umask(previous)
    for path in [directory, *directory.rglob("*")]:
        expected = 0o700 if path.is_dir() else 0o600
        assert stat.S_IMODE(path.stat().st_mode) == expected, path


def test_writing_leaves_no_temporary_files(keyring: Keyring, directory: Path) -> None:
    keyring.add_round("R5")
    keyring.add_round("R6")
    keyring.destroy_round("R5")
    found = {str(path.relative_to(directory)) for path in directory.rglob("*") if path.is_file()}
    assert found == {
        "keyring.json",
        "outbox.agekey",
        "reply.agekey",
        "rounds/R6.agekey",
        "rounds/R6.sheet",
        "rounds/R5.destroyed",
    }


def test_the_age_tool_can_use_the_key_files(keyring: Keyring, directory: Path) -> None:
    keyring.add_round("R6")
    lines = (directory / "rounds" / "R6.agekey").read_text().splitlines()
    [identity] = [line for line in lines if not line.startswith("#")]
    sealed = keyring.round("R6").sealing.seal("message-1", b"text")
    opened = pyrage.decrypt(sealed, [pyrage.x25519.Identity.from_str(identity)])
    assert opened.rstrip(b"\0").endswith(b"\ntext")
    assert f"# public key: {keyring.round('R6').sealing.public}" in lines


def test_a_repr_shows_no_secret(keyring: Keyring) -> None:
    keys, day = keyring.add_round("R6"), keyring.day(DAY)
    shown = repr(keyring) + repr(keys) + repr(day)
    for secret in [*plain_secrets(keyring), day.tag_secret]:
        assert repr(secret) not in shown
        assert secret.hex() not in shown
    assert "AGE-SECRET-KEY" not in shown


# Making and opening


def test_a_second_keyring_in_the_same_place_is_refused(keyring: Keyring, directory: Path) -> None:
    with pytest.raises(KeyringError, match="already"):
        Keyring.create(directory)
    assert Keyring.open(directory) == keyring


def test_a_directory_with_something_else_in_it_is_refused(directory: Path) -> None:
    directory.mkdir()
    (directory / "letter.txt").write_text("dear")
    with pytest.raises(KeyringError, match="already"):
        Keyring.create(directory)


def test_an_empty_directory_will_do_and_is_closed_to_others(directory: Path) -> None:
    directory.mkdir(mode=0o755)
    Keyring.create(directory)
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(KeyringError, match=r"cannot be written .*keyring\.path"):
        Keyring.create(tmp_path / "file" / "keyring")


def test_a_missing_keyring_says_how_to_make_one(directory: Path) -> None:
    with pytest.raises(KeyringError, match="run `xunsheng init`"):
        Keyring.open(directory)


@pytest.mark.parametrize("name", ["keyring.json", "outbox.agekey", "reply.agekey", "rounds", "."])
def test_a_keyring_that_others_can_read_is_refused_with_the_remedy(
    keyring: Keyring, directory: Path, name: str
) -> None:
    path = directory / name
    path.chmod(path.stat().st_mode | 0o040)
    with pytest.raises(KeyringError, match=rf"read by others; run `chmod 0[67]00 {re.escape(str(path))}`"):
        Keyring.open(directory)


@pytest.mark.parametrize("name", ["keyring.json", "outbox.agekey", "reply.agekey"])
@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"{}", b"[]", b"AGE-SECRET-KEY-1WRONG\n"])
def test_a_damaged_file_is_named_and_its_content_is_not(
    keyring: Keyring, directory: Path, name: str, content: bytes
) -> None:
    (directory / name).write_bytes(content)
    with pytest.raises(KeyringError, match=rf"{re.escape(name)} is damaged .*backup") as error:
        Keyring.open(directory)
    assert "WRONG" not in str(error.value)
    assert error.value.__suppress_context__


@pytest.mark.parametrize("name", ["outbox.agekey", "reply.agekey"])
def test_a_missing_part_is_named(keyring: Keyring, directory: Path, name: str) -> None:
    (directory / name).unlink()
    with pytest.raises(KeyringError, match=rf"{re.escape(name)} is damaged or missing"):
        Keyring.open(directory)


def test_a_secret_of_the_wrong_length_is_damage(keyring: Keyring, directory: Path) -> None:
    path = directory / "keyring.json"
    content = json.loads(path.read_text())
    path.write_text(json.dumps(content | {"qr_secret": "00"}))
    with pytest.raises(KeyringError, match="damaged"):
        Keyring.open(directory)


def test_a_keyring_of_a_later_version_is_refused(keyring: Keyring, directory: Path) -> None:
    path = directory / "keyring.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"version": 2}))
    with pytest.raises(KeyringError, match="version"):
        Keyring.open(directory)


# Rounds


def test_adding_a_round_twice_gives_the_same_keys(keyring: Keyring) -> None:
    first = keyring.add_round("R6")
    assert keyring.add_round("R6") == first
    assert keyring.round("R6") == first


def test_rounds_share_no_keys(keyring: Keyring) -> None:
    five, six = keyring.add_round("R5"), keyring.add_round("R6")
    assert five.sealing.public != six.sealing.public


def test_a_round_keeps_its_keys_when_the_keyring_is_opened_again(keyring: Keyring, directory: Path) -> None:
    keys = keyring.add_round("R6")
    assert Keyring.open(directory).round("R6") == keys


def test_a_round_added_by_another_process_is_found(keyring: Keyring, directory: Path) -> None:
    program = f"from pathlib import Path; from privacy.keyring import Keyring; \
Keyring.open(Path({str(directory)!r})).add_round('R7')"
    subprocess.run([sys.executable, "-c", program], check=True)
    assert keyring.round("R7") == Keyring.open(directory).round("R7")
    assert keyring.round_ids() == ["R7"]


def test_whoever_is_second_in_adding_a_round_gets_the_keys_of_the_first(
    keyring: Keyring, directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Keyring.open(directory)
    do_before_it_is_made(monkeypatch, "R6.agekey", lambda: other.add_round("R6"))
    assert keyring.add_round("R6") == other.round("R6")


def test_an_unknown_round_says_what_to_do(keyring: Keyring) -> None:
    with pytest.raises(KeyringError, match=r"no key for round R9; restore .* or import"):
        keyring.round("R9")
    with pytest.raises(KeyringError, match="none to destroy"):
        keyring.destroy_round("R9")


@pytest.mark.parametrize("round_id", ["", "..", "a/b", "R 5", "R5.agekey", "轮", "x" * 65, "R5\n"])
def test_a_round_id_that_is_no_file_name_is_refused(keyring: Keyring, round_id: str) -> None:
    for action in (keyring.add_round, keyring.round, keyring.destroy_round):
        with pytest.raises(KeyringError, match="1 to 64 characters"):
            action(round_id)


def test_a_round_key_that_others_can_read_is_refused(keyring: Keyring, directory: Path) -> None:
    keyring.add_round("R6")
    (directory / "rounds" / "R6.agekey").chmod(0o644)
    with pytest.raises(KeyringError, match="chmod 0600"):
        Keyring.open(directory).round("R6")


def test_a_damaged_round_key_is_named(keyring: Keyring, directory: Path) -> None:
    keyring.add_round("R6")
    (directory / "rounds" / "R6.agekey").write_text("# only a comment\n")
    with pytest.raises(KeyringError, match=r"R6\.agekey is damaged"):
        Keyring.open(directory).round("R6")


def test_round_ids_follow_the_disk(keyring: Keyring, directory: Path) -> None:
    assert keyring.round_ids() == []
    for round_id in ("R6", "R10", "R5"):
        Keyring.open(directory).add_round(round_id)
    (directory / "rounds" / ".R8.agekey.0123").write_text("half written")
    assert keyring.round_ids() == ["R10", "R5", "R6"]
    keyring.destroy_round("R5")
    assert keyring.round_ids() == ["R10", "R6"]


# Destruction


def test_a_destroyed_key_leaves_only_a_marker_that_says_when(keyring: Keyring, directory: Path) -> None:
    keys = keyring.add_round("R5")
    secret = str(keys.sealing.identity).encode()
    assert any(secret in path.read_bytes() for path in directory.rglob("*") if path.is_file())
    keyring.destroy_round("R5")
    assert not any(secret in path.read_bytes() for path in directory.rglob("*") if path.is_file())
    assert not (directory / "rounds" / "R5.agekey").exists()
    marker = (directory / "rounds" / "R5.destroyed").read_text()
    assert re.fullmatch(r"destroyed \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00\n", marker)


def test_the_bytes_of_a_destroyed_key_are_overwritten_before_the_file_goes(keyring: Keyring, directory: Path) -> None:
    keyring.add_round("R5")
    path = directory / "rounds" / "R5.agekey"
    before = path.read_bytes()
    kept = directory.parent / "still-linked"
    kept.hardlink_to(path)  # the same blocks of the disk under a second name
    keyring.destroy_round("R5")
    after = kept.read_bytes()
    assert len(after) == len(before)
    assert b"AGE-SECRET-KEY" not in after


def test_every_process_forgets_a_destroyed_key_at_once(keyring: Keyring, directory: Path) -> None:
    other = Keyring.open(directory)
    keyring.add_round("R5")
    other.round("R5")
    keyring.destroy_round("R5")
    for holder in (keyring, other, Keyring.open(directory)):
        with pytest.raises(KeyDestroyed, match="R5 was destroyed"):
            holder.round("R5")


def test_a_destroyed_round_never_gets_new_keys(keyring: Keyring) -> None:
    keyring.add_round("R5")
    keyring.destroy_round("R5")
    with pytest.raises(KeyDestroyed):
        keyring.add_round("R5")


def test_an_interrupted_destruction_has_happened_and_can_be_finished(keyring: Keyring, directory: Path) -> None:
    keyring.add_round("R5")
    marker = directory / "rounds" / "R5.destroyed"
    marker.write_text("destroyed 2026-11-22T01:00:00+00:00\n")
    with pytest.raises(KeyDestroyed):
        keyring.round("R5")
    assert keyring.round_ids() == []
    keyring.destroy_round("R5")
    assert not (directory / "rounds" / "R5.agekey").exists()
    assert marker.read_text() == "destroyed 2026-11-22T01:00:00+00:00\n"


# Days


def test_a_day_has_the_same_keys_in_every_process_and_shares_none_with_another(
    keyring: Keyring, directory: Path
) -> None:
    keys = keyring.day(DAY)
    assert Keyring.open(directory).day(DAY) == keys
    assert len(keys.tag_secret) == 32
    other = keyring.day(DAY + timedelta(days=1))
    assert other.sealing.public != keys.sealing.public
    assert other.tag_secret != keys.tag_secret
    assert keyring.days() == [DAY, DAY + timedelta(days=1)]


def test_whoever_is_second_in_making_a_days_keys_gets_those_of_the_first(
    keyring: Keyring, directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Keyring.open(directory)
    do_before_it_is_made(monkeypatch, f"{DAY}.agekey", lambda: other.day(DAY))
    assert keyring.day(DAY) == other.day(DAY)


def test_what_was_sealed_on_a_day_is_noise_once_its_keys_are_destroyed(keyring: Keyring, directory: Path) -> None:
    sealed = keyring.day(DAY).sealing.seal("conversation", b"text")
    kept = directory.parent / "still-linked"
    kept.hardlink_to(directory / "days" / "2026-11-22.agekey")
    another = Keyring.open(directory)
    another.day(DAY)
    keyring.destroy_day(DAY)
    keyring.destroy_day(DAY)
    for holder in (keyring, another):
        assert holder.days() == []
        assert holder._days == {}  # not even in memory
    assert b"AGE-SECRET-KEY" not in kept.read_bytes()
    with pytest.raises(SealBroken):
        keyring.day(DAY).sealing.open("conversation", sealed)


def test_days_that_others_can_read_are_refused(keyring: Keyring, directory: Path) -> None:
    keyring.day(DAY)
    (directory / "days").chmod(0o755)
    with pytest.raises(KeyringError, match="chmod 0700"):
        Keyring.open(directory)


def test_a_keyring_that_cannot_be_written_to_says_so(keyring: Keyring, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_what: object, **_how: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", refused)
    with pytest.raises(KeyringError, match="days"):
        keyring.day(DAY)
