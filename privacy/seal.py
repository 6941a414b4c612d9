"""Seals bytes as age files that name the record they belong to."""

import io
import json
from dataclasses import dataclass, field
from functools import reduce
from operator import xor
from typing import Any

import pyrage

# The first line inside every age file: the record's id, and how long the payload is without what it is padded with. age
# has no associated data, so the id travels inside; without it, whoever can write to the database could exchange the
# sealed texts of two records.
_HEADER = b"xunsheng-seal/2 %s %d\n"
_UNPADDED = b"xunsheng-seal/1 %s\n"  # how earlier versions sealed
# An age file is as long as what is in it, which would tell one text from another. So everything is padded to one of
# these sizes, or to a multiple of the last one.
_SIZES = (256, 1024, 4096, 16_384, 65_536)
_MOST_DIGITS = 15


class SealBroken(Exception):
    """A sealed payload that cannot be trusted: another key, damaged, cut short, or another record's."""


@dataclass(frozen=True)
class SealingKey:
    """An age key pair; its identity never shows in a repr."""

    public: str
    identity: pyrage.x25519.Identity = field(repr=False, compare=False)
    earlier: "SealingKey | None" = field(default=None, repr=False)  # opens what was sealed before there was this key

    @classmethod
    def generate(cls) -> "SealingKey":
        """Makes a new random key pair."""
        identity = pyrage.x25519.Identity.generate()
        return cls(public=str(identity.to_public()), identity=identity)

    @classmethod
    def from_identity(cls, text: str) -> "SealingKey":
        """Reads an `AGE-SECRET-KEY-1…` line; raises ValueError when it is not one."""
        try:
            identity = pyrage.x25519.Identity.from_str(text)
        except pyrage.IdentityError:
            raise ValueError("not an age identity") from None  # the cause could quote the secret
        return cls(public=str(identity.to_public()), identity=identity)

    @classmethod
    def derived(cls, secret: bytes, earlier: "SealingKey | None" = None) -> "SealingKey":
        """Return the key pair that follows from a secret of 32 bytes."""
        identity = pyrage.x25519.Identity.from_str(bech32("AGE-SECRET-KEY-", secret))
        return cls(str(identity.to_public()), identity, earlier)

    def seal(self, record_id: str, payload: bytes) -> bytes:
        """Seals a payload for this key alone; see `seal_to`."""
        return seal_to(self.public, record_id, payload)

    def open(self, record_id: str, sealed: bytes) -> bytes:
        """Gives back the payload that was sealed for this record; raises SealBroken for anything else."""
        # decrypt_io writes before it finds a truncation: the buffer counts only once it has returned.
        opened = io.BytesIO()
        try:
            pyrage.decrypt_io(io.BytesIO(sealed), opened, self._identities)
        except (pyrage.DecryptError, OSError) as error:
            raise SealBroken(f"The seal of record {record_id} does not open: {error}.") from None
        payload = _payload(record_id, opened.getvalue())
        if payload is None:
            raise SealBroken(f"The seal found at record {record_id} was made for another record.")
        return payload

    @property
    def _identities(self) -> list[pyrage.x25519.Identity]:
        return [self.identity, *(self.earlier._identities if self.earlier else ())]

    def seal_json(self, record_id: str, value: Any) -> bytes:
        """Seals a value as JSON in UTF-8 for this key alone."""
        return self.seal(record_id, json.dumps(value, ensure_ascii=False).encode())

    def open_json(self, record_id: str, sealed: bytes) -> Any:
        """Gives back the value that was sealed as JSON for this record; raises SealBroken for anything else."""
        return json.loads(self.open(record_id, sealed))


def seal_to(public: str, record_id: str, payload: bytes) -> bytes:
    """Seals a payload to an `age1…` public key; only the identity's holder can open it again.

    Always the stream form of age: it is as fast as the other and lets the rest of the process run meanwhile.
    """
    sealed = io.BytesIO()
    recipient = pyrage.x25519.Recipient.from_str(public)
    pyrage.encrypt_io(io.BytesIO(_padded(record_id, payload)), sealed, [recipient])
    return sealed.getvalue()


_BECH32 = "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L"
_GENERATORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
# What the five top bits of a checksum add to it, by these bits.
_ADDED = tuple(reduce(xor, (one for place, one in enumerate(_GENERATORS) if top >> place & 1), 0) for top in range(32))


def bech32(prefix: str, content: bytes) -> str:
    """Return bytes as age writes its keys: BIP 173's Bech32, in upper case."""
    number, bits = int.from_bytes(content), 8 * len(content)
    groups = -(-bits // 5)
    number <<= 5 * groups - bits
    values = [number >> 5 * (groups - 1 - place) & 31 for place in range(groups)]
    lower = prefix.lower().encode()
    checked = [*(sign >> 5 for sign in lower), 0, *(sign & 31 for sign in lower), *values, *[0] * 6]
    check = 1
    for value in checked:
        check = (check & 0x1FFFFFF) << 5 ^ value ^ _ADDED[check >> 25]
    check ^= 1
    return f"{prefix}1" + "".join(_BECH32[value] for value in [*values, *(check >> 5 * (5 - i) & 31 for i in range(6))])


def padded_size(size: int) -> int:
    """Return how long what is so long is made, in bytes, before it is sealed."""
    largest = _SIZES[-1]
    return next((one for one in _SIZES if size <= one), -(-size // largest) * largest)


def _padded(record_id: str, payload: bytes) -> bytes:
    if not record_id or not record_id.isprintable():
        raise ValueError("a record id is one line of text")
    header = _HEADER % (record_id.encode(), len(payload))
    size = len(header) + len(payload)
    return b"".join((header, payload, bytes(padded_size(size) - size)))


def _payload(record_id: str, content: bytes) -> bytes | None:
    """Return the payload of what was opened; None when it was not sealed for this record."""
    line, _, rest = content.partition(b"\n")
    if line + b"\n" == _UNPADDED % record_id.encode():
        return rest
    length = line.rpartition(b" ")[2]
    size = int(length) if length.isdigit() and len(length) <= _MOST_DIGITS else 0
    if line + b"\n" != _HEADER % (record_id.encode(), size):
        return None
    return rest[:size]
