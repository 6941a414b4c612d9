"""The token inside a code: which kind it is, which serial it bears, and a proof that we issued it.

A token is one character for the kind, eight of serial and twelve of MAC: 21 characters of A-Za-z0-9_-, well
inside the 64 that a Telegram deep link can carry. What a serial stands for, and whether it is revoked, is
known to the database alone; a token tells nothing to who photographs it.
"""

import hmac
import re
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

SERIAL_LENGTH = 8
# Serials are read from a poster and typed by the office: none of 0 O 1 I l is ever drawn.
_UNMISTAKABLE = "23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"

_MAC_BYTES = 9  # 72 bits, and a whole number of base64 characters: no spare bit can be changed unnoticed
_DOMAIN = b"xunsheng.qr.token"

_SERIAL = re.compile(rf"[A-Za-z0-9]{{{SERIAL_LENGTH}}}")
_TEXT = re.compile(rf"([a-z])([A-Za-z0-9]{{{SERIAL_LENGTH}}})([A-Za-z0-9_-]{{12}})")


class TokenKind(StrEnum):
    """What a token opens. The value is its first character; a new format takes a new character."""

    POSTER = "p"  # a village's printed code, scanned by residents
    INVITATION = "i"  # a staff member's one-time link


@dataclass(frozen=True)
class Token:
    """Names one issued code.

    Raises ValueError when the serial is not eight characters of A-Z a-z 0-9.
    """

    kind: TokenKind
    serial: str

    def __post_init__(self) -> None:
        if not _SERIAL.fullmatch(self.serial):
            raise ValueError(f"a serial is {SERIAL_LENGTH} letters or digits, not {self.serial!r}")


def new_serial(randbytes: Callable[[int], bytes] = secrets.token_bytes) -> str:
    """Draws a serial of 46 random bits from characters that are not taken for one another."""
    number = int.from_bytes(randbytes(16))  # 128 bits, so that the remainders below have no bias to speak of
    serial = ""
    for _ in range(SERIAL_LENGTH):
        number, index = divmod(number, len(_UNMISTAKABLE))
        serial += _UNMISTAKABLE[index]
    return serial


def write(secret: bytes, token: Token) -> str:
    """Writes a token as the text that goes into a link."""
    return f"{token.kind}{token.serial}{_mac(secret, token)}"


def read(secret: bytes, text: str) -> Token | None:
    """Reads a token back, or returns None for anything that was not written with this secret."""
    parts = _TEXT.fullmatch(text)
    if parts is None:
        return None
    kind, serial, mac = parts.groups()
    try:
        token = Token(TokenKind(kind), serial)
    except ValueError:
        return None
    return token if hmac.compare_digest(mac, _mac(secret, token)) else None


def _mac(secret: bytes, token: Token) -> str:
    message = b"\0".join((_DOMAIN, token.kind.encode(), token.serial.encode()))
    return urlsafe_b64encode(hmac.digest(secret, message, "sha256")[:_MAC_BYTES]).decode()
