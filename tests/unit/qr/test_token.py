import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qr.token import Token, TokenKind, new_serial, read, write

SECRET = b"a secret of the keyring, 32 bytes"
ALPHABET = string.ascii_letters + string.digits + "_-"

serials = st.text(string.ascii_letters + string.digits, min_size=8, max_size=8)
tokens = st.builds(Token, st.sampled_from(TokenKind), serials)


@given(st.binary(min_size=1), tokens)
def test_what_was_written_is_read_back(secret: bytes, token: Token) -> None:
    assert read(secret, write(secret, token)) == token


@given(tokens)
def test_a_token_fits_a_deep_link(token: Token) -> None:
    text = write(SECRET, token)
    assert len(text) == 21
    assert set(text) <= set(ALPHABET)


@given(tokens, st.data())
def test_any_changed_character_is_refused(token: Token, data: st.DataObject) -> None:
    text = write(SECRET, token)
    place = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.sampled_from(ALPHABET).filter(lambda character: character != text[place]))
    assert read(SECRET, text[:place] + other + text[place + 1 :]) is None


@given(tokens, st.data())
def test_a_token_cut_short_or_lengthened_is_refused(token: Token, data: st.DataObject) -> None:
    text = write(SECRET, token)
    assert read(SECRET, text[: data.draw(st.integers(0, len(text) - 1))]) is None
    assert read(SECRET, text + data.draw(st.text(min_size=1))) is None
    assert read(SECRET, data.draw(st.text(min_size=1)) + text) is None


@given(tokens, st.binary(), st.binary())
def test_a_token_of_another_secret_is_refused(token: Token, ours: bytes, theirs: bytes) -> None:
    # HMAC pads a key with zeros, so keys that differ in trailing zeros alone are one key.
    if ours.rstrip(b"\0") != theirs.rstrip(b"\0"):
        assert read(ours, write(theirs, token)) is None


@given(serials)
def test_a_poster_code_does_not_pass_for_an_invitation(serial: str) -> None:
    poster = write(SECRET, Token(TokenKind.POSTER, serial))
    assert read(SECRET, TokenKind.INVITATION + poster[1:]) is None


@given(st.text())
def test_no_text_raises(text: str) -> None:
    assert read(SECRET, text) is None


@pytest.mark.parametrize(
    "text",
    ["", "\n", "p", "pk7Qm2xP9", "\ud800", "px" + "é" * 19, "z" + "k7Qm2xP9" + "A" * 12, "p" * 4096],
)
def test_malformed_text_is_refused(text: str) -> None:
    assert read(SECRET, text) is None


def test_a_trailing_newline_is_refused() -> None:
    assert read(SECRET, write(SECRET, Token(TokenKind.POSTER, "k7Qm2xP9")) + "\n") is None


def test_printed_codes_stay_readable_for_ever() -> None:
    """Posters hang for months: a new format needs a new first character."""
    assert write(b"secret", Token(TokenKind.POSTER, "k7Qm2xP9")) == "pk7Qm2xP924DITSrpw3RH"
    assert write(b"secret", Token(TokenKind.INVITATION, "k7Qm2xP9")) == "ik7Qm2xP9tGPQaDfxWh5S"


@pytest.mark.parametrize("serial", ["", "k7Qm2xP", "k7Qm2xP99", "k7Qm-xP9", "k7Qm2xP9\n", "k7Qm2xPé"])
def test_a_serial_is_eight_letters_or_digits(serial: str) -> None:
    with pytest.raises(ValueError, match="8 letters or digits"):
        Token(TokenKind.POSTER, serial)


@given(st.binary(min_size=16, max_size=16))
def test_a_drawn_serial_is_valid_and_has_no_mistakable_character(drawn: bytes) -> None:
    serial = new_serial(lambda count: drawn[:count])
    Token(TokenKind.POSTER, serial)
    assert not set(serial) & set("0O1Il")


def test_serials_differ_from_one_another() -> None:
    assert len({new_serial() for _ in range(1000)}) == 1000
