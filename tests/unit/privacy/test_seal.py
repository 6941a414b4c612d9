import pyrage
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from privacy.seal import SealBroken, SealingKey, padded_size, seal_to

KEY = SealingKey.generate()


@settings(max_examples=30)
@given(st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=40), st.binary(max_size=500))
def test_what_was_sealed_for_a_record_opens_for_it(record_id: str, payload: bytes) -> None:
    assert KEY.open(record_id, KEY.seal(record_id, payload)) == payload


def test_a_large_payload_comes_back_whole() -> None:
    payload = bytes(range(256)) * 12_000  # 3 MB: many of age's chunks
    assert KEY.open("attachment-1", KEY.seal("attachment-1", payload)) == payload


def test_the_public_half_is_enough_to_seal() -> None:
    assert KEY.open("draft-1", seal_to(KEY.public, "draft-1", b"text")) == b"text"


def test_the_ordinary_age_tool_can_open_it() -> None:
    sealed = KEY.seal("message-1", "路灯坏了".encode())
    assert sealed.startswith(b"age-encryption.org/v1\n")
    opened = pyrage.decrypt(sealed, [KEY.identity])
    assert opened == "xunsheng-seal/2 message-1 12\n路灯坏了".encode().ljust(256, b"\0")


def test_what_an_earlier_version_sealed_without_padding_opens() -> None:
    recipient = pyrage.x25519.Recipient.from_str(KEY.public)
    sealed = pyrage.encrypt("xunsheng-seal/1 message-1\n路灯坏了".encode(), [recipient])
    assert KEY.open("message-1", sealed) == "路灯坏了".encode()
    with pytest.raises(SealBroken, match="another record"):
        KEY.open("message-11", sealed)


@settings(max_examples=30)
@given(st.binary(max_size=3000))
def test_what_is_sealed_has_one_of_a_few_lengths(payload: bytes) -> None:
    assert len(pyrage.decrypt(KEY.seal("message-1", payload), [KEY.identity])) in {256, 1024, 4096}


@pytest.mark.parametrize(
    ("size", "padded"),
    [(0, 256), (256, 256), (257, 1024), (4097, 16_384), (65_536, 65_536), (65_537, 131_072), (700_000, 720_896)],
)
def test_a_size_is_rounded_up(size: int, padded: int) -> None:
    assert padded_size(size) == padded


@pytest.mark.parametrize("line", [b"xunsheng-seal/2 message-1 x", b"xunsheng-seal/2 message-1 04", b"9" * 5000, b""])
def test_a_first_line_that_is_none_is_refused(line: bytes) -> None:
    sealed = pyrage.encrypt(line + b"\ntext", [pyrage.x25519.Recipient.from_str(KEY.public)])
    with pytest.raises(SealBroken, match="another record"):
        KEY.open("message-1", sealed)


def test_a_seal_moved_to_another_record_is_refused() -> None:
    sealed = KEY.seal("message-1", b"text")
    for other in ("message-2", "message-", "message-11", "m"):
        with pytest.raises(SealBroken, match="another record"):
            KEY.open(other, sealed)


def test_a_payload_cannot_pretend_to_be_another_record() -> None:
    # The id ends at the line's end: neither a longer id nor text that starts like a header shifts it.
    sealed = KEY.seal("message-1", b"1\nxunsheng-seal/1 message-2\ntext")
    with pytest.raises(SealBroken):
        KEY.open("message-11", sealed)
    with pytest.raises(SealBroken):
        KEY.open("message-2", sealed)


@pytest.mark.parametrize("record_id", ["", "two\nlines", "tab\there"])
def test_a_record_id_is_one_line(record_id: str) -> None:
    with pytest.raises(ValueError, match="one line"):
        KEY.seal(record_id, b"text")


def test_another_key_does_not_open_it() -> None:
    with pytest.raises(SealBroken):
        SealingKey.generate().open("message-1", KEY.seal("message-1", b"text"))


@pytest.mark.parametrize("size", [10, 200_000])
def test_a_truncated_seal_gives_nothing(size: int) -> None:
    sealed = KEY.seal("message-1", bytes(size))
    for kept in (0, 1, 30, 100, 200, len(sealed) // 2, len(sealed) - 17, len(sealed) - 1):
        with pytest.raises(SealBroken):
            KEY.open("message-1", sealed[:kept])


def test_a_changed_byte_is_noticed_wherever_it_is() -> None:
    sealed = KEY.seal("message-1", b"a complaint")
    for position in range(0, len(sealed), 7):
        changed = bytearray(sealed)
        changed[position] ^= 1
        with pytest.raises(SealBroken):
            KEY.open("message-1", bytes(changed))


def test_the_same_text_never_looks_the_same_twice() -> None:
    assert KEY.seal("message-1", b"text") != KEY.seal("message-1", b"text")


def test_neither_the_repr_nor_an_error_shows_the_identity() -> None:
    assert "AGE-SECRET-KEY" in str(KEY.identity)
    assert "AGE-SECRET-KEY" not in repr(KEY)
    assert repr(KEY) == f"SealingKey(public='{KEY.public}')"
    with pytest.raises(ValueError) as error:
        SealingKey.from_identity("AGE-SECRET-KEY-1WRONG")
    assert "WRONG" not in str(error.value)
    assert error.value.__cause__ is None
