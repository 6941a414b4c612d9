"""Pseudonyms of addresses: names that tell two chats apart and lead back to neither without the secret."""

import hashlib
import hmac

from models.address import Address

TAGS = 32


def tag(secret: bytes, address: Address) -> str:
    """Return the tag of an address under a secret, 128 bits in hex: what is counted of a chat belongs to it."""
    return _pseudonym(secret, b"tag", address)


def tags(secret: bytes, address: Address) -> tuple[str, ...]:
    """Return the tags of an address under a day's secret, 128 bits in hex each: its conversation belongs to one.

    Without the secret no two of them can be joined.
    """
    stretched = hashlib.shake_256(_keyed(secret, b"tags", address)).digest(TAGS * 16)
    return tuple(stretched[place : place + 16].hex() for place in range(0, len(stretched), 16))


def lane(secret: bytes, address: Address) -> str:
    """Return the lane of an address, 128 bits in hex: it keeps queued rows in order and dies with them."""
    return _pseudonym(secret, b"lane", address)


def lock_key(lane_name: str) -> int:
    """Return what keeps apart what is done of a lane, across processes: a signed number of 64 bits.

    The database shows it to whoever looks.
    """
    return int.from_bytes(bytes.fromhex(lane_name)[:8], signed=True)


def _pseudonym(secret: bytes, purpose: bytes, address: Address) -> str:
    return _keyed(secret, purpose, address)[:16].hex()


def _keyed(secret: bytes, purpose: bytes, address: Address) -> bytes:
    # The purpose goes in, so that one secret used for both by mistake would still join nothing.
    return hmac.digest(secret, b"xunsheng/%s/2\0%s" % (purpose, str(address).encode()), hashlib.sha256)
