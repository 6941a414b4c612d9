"""Each complaint of a round has a key of its own, which can be destroyed by itself."""

from pathlib import Path

import pytest

from privacy.key_sheet import SECRETS, same_slot, slot_of
from privacy.keyring import KeyDestroyed, Keyring, KeyringError
from privacy.seal import SealBroken, SealingKey, bech32

ONE, OTHER = "0a1b" + "00" * 14, "ffff" + "00" * 14


@pytest.fixture
def keyring(tmp_path: Path) -> Keyring:
    made = Keyring.create(tmp_path / "keyring")
    made.add_round("R6")
    return made


def test_a_key_is_written_as_age_writes_it() -> None:
    # The example of BIP 173 for its alphabet, and what the library itself accepts as a key.
    assert bech32("A", b"") == "A12UEL5L"
    key = SealingKey.derived(bytes(range(32)))
    assert SealingKey.from_identity(str(key.identity)) == key


def test_what_is_sealed_to_a_complaint_opens_with_its_key_alone(keyring: Keyring) -> None:
    key = keyring.complaint_key("R6", ONE)
    sealed = key.seal("message-1", b"text")
    assert Keyring.open(keyring.directory).complaint_key("R6", ONE).open("message-1", sealed) == b"text"
    for another in (keyring.complaint_key("R6", OTHER), keyring.round("R6").sealing, keyring.outbox):
        with pytest.raises(SealBroken):
            another.open("message-1", sealed)


def test_complaints_that_share_a_secret_have_keys_of_their_own(keyring: Keyring) -> None:
    neighbour = ONE[:-1] + "7"
    assert slot_of(ONE) == slot_of(neighbour)
    assert same_slot(ONE)[0] < neighbour < same_slot(ONE)[1]
    assert keyring.complaint_key("R6", ONE).public != keyring.complaint_key("R6", neighbour).public


def test_the_key_of_a_complaint_opens_what_was_sealed_to_its_round(keyring: Keyring) -> None:
    sealed = keyring.round("R6").sealing.seal("message-1", b"text")
    assert keyring.complaint_key("R6", ONE).open("message-1", sealed) == b"text"


def test_a_round_of_an_earlier_version_has_one_key_for_all(keyring: Keyring) -> None:
    (keyring.directory / "rounds" / "R6.sheet").unlink()
    assert keyring.complaint_key("R6", ONE) == keyring.round("R6").sealing
    assert keyring.add_round("R6").sealing == keyring.round("R6").sealing
    assert not keyring.sheet("R6").exists  # a backup of the keyring that was made before would lack it
    assert len(keyring.new_complaint_id("R6")) == 32


def test_a_destroyed_key_is_gone_for_every_process_and_no_other_is(keyring: Keyring) -> None:
    kept = keyring.complaint_key("R6", OTHER)
    sealed = keyring.complaint_key("R6", ONE).seal("message-1", b"text")
    keyring.sheet("R6").destroy(ONE)
    for holder in (keyring, Keyring.open(keyring.directory)):
        with pytest.raises(KeyDestroyed):
            holder.complaint_key("R6", ONE)
        assert holder.complaint_key("R6", OTHER) == kept
    with pytest.raises(SealBroken):
        keyring.round("R6").sealing.open("message-1", sealed)


def test_a_secret_is_overwritten_where_it_lies(keyring: Keyring) -> None:
    sheet = keyring.sheet("R6")
    path = keyring.directory / "rounds" / "R6.sheet"
    before, number = path.read_bytes(), path.stat().st_ino
    secret = sheet.secret_of(ONE)
    assert secret is not None
    sheet.destroy(ONE)
    after = path.read_bytes()
    assert (len(after), path.stat().st_ino) == (len(before), number)
    assert secret not in after
    assert sum(one != other for one, other in zip(before, after, strict=True)) <= len(secret)


def test_a_new_complaint_takes_no_secret_that_is_closed(keyring: Keyring, monkeypatch: pytest.MonkeyPatch) -> None:
    sheet = keyring.sheet("R6")
    sheet.close(ONE)
    assert sheet.is_closed(ONE)
    assert not sheet.is_closed(OTHER)
    ids = iter([ONE, OTHER])
    monkeypatch.setattr("privacy.keyring.secrets.token_hex", lambda _size: next(ids))
    assert keyring.new_complaint_id("R6") == OTHER


def test_a_sheet_that_is_used_up_takes_no_new_complaint(keyring: Keyring) -> None:
    path = keyring.directory / "rounds" / "R6.sheet"
    content = path.read_bytes()
    path.write_bytes(content[:-SECRETS] + b"\1" * SECRETS)
    with pytest.raises(KeyringError, match="used up"):
        keyring.new_complaint_id("R6")


def test_a_sheet_that_was_cut_short_is_named(keyring: Keyring) -> None:
    path = keyring.directory / "rounds" / "R6.sheet"
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(KeyringError, match=r"R6\.sheet"):
        keyring.complaint_key("R6", OTHER)


def test_a_sheet_is_made_once_and_goes_with_the_key_of_its_round(keyring: Keyring) -> None:
    path = keyring.directory / "rounds" / "R6.sheet"
    before = path.read_bytes()
    keyring.add_round("R6")
    assert path.read_bytes() == before
    assert path.stat().st_mode & 0o777 == 0o600
    keyring.destroy_round("R6")
    assert not path.exists()
    with pytest.raises(KeyDestroyed):
        keyring.complaint_key("R6", ONE)
