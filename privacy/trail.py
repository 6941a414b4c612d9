"""Trails: which messages lie in a resident's chat, kept so that nobody but the phone can say in whose.

A trail is a random secret. It stands in the buttons under the messages of one conversation and, while that goes on, in
its sealed state; afterwards nowhere but on the phone. What is stored of a message is named and masked under it.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from dataclasses import dataclass, field

_SECRET_BYTES = 16
_NUMBER_BYTES = 8


@dataclass(frozen=True)
class Trail:
    """The secret of one conversation's messages."""

    _secret: bytes = field(repr=False)

    @classmethod
    def fresh(cls) -> "Trail":
        """Return a new trail."""
        return cls(secrets.token_bytes(_SECRET_BYTES))

    @classmethod
    def read(cls, text: str) -> "Trail | None":
        """Return the trail that a button carries; None when it is none."""
        try:
            secret = base64.urlsafe_b64decode(f"{text}==")
        except (binascii.Error, ValueError):
            return None
        return cls(secret) if len(secret) == _SECRET_BYTES else None

    def __str__(self) -> str:
        """Return what a button carries: 22 characters of A-Z a-z 0-9 _ -."""
        return base64.urlsafe_b64encode(self._secret).decode().rstrip("=")

    @property
    def name(self) -> str:
        """What the messages of this trail are found by, 128 bits in hex; it leads back to nothing."""
        return self._keyed(b"name")[:16].hex()

    def record_of(self, message_id: int, draft_id: str = "") -> str:
        """Return the name of the record of one message, 128 bits in hex; that of a draft's preview tells so with it."""
        return self._keyed(b"record\0%d\0%s" % (message_id, draft_id.encode()))[:16].hex()

    def mask(self, record: str, message_id: int) -> bytes:
        """Return a message's number as it is stored, 8 bytes: the order of numbers would tell who wrote when."""
        return self._padded(record, message_id).to_bytes(_NUMBER_BYTES, "big")

    def unmask(self, record: str, masked: bytes) -> int:
        """Return the number of a message."""
        return self._padded(record, int.from_bytes(masked, "big"))

    def _padded(self, record: str, number: int) -> int:
        # No record is ever masked twice with different numbers: its name is made of its number.
        return number ^ int.from_bytes(self._keyed(b"mask\0" + record.encode())[:_NUMBER_BYTES], "big")

    def _keyed(self, purpose: bytes) -> bytes:
        return hmac.digest(self._secret, b"xunsheng/trail/1\0" + purpose, hashlib.sha256)
