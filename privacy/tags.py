"""Pseudonyms of addresses: names that tell two chats apart and lead back to neither without the secret."""

import hashlib
import hmac

from models.address import Address


def tag(secret: bytes, address: Address) -> str:
    """Return the tag of an address under a round's secret, 128 bits in hex: a draft belongs to it."""
    return _pseudonym(secret, b"tag", address)


def lane(secret: bytes, address: Address) -> str:
    """Return the lane of an address, 128 bits in hex: it keeps queued rows in order and dies with them."""
    return _pseudonym(secret, b"lane", address)


def _pseudonym(secret: bytes, purpose: bytes, address: Address) -> str:
    # The purpose goes in, so that one secret used for both by mistake would still join nothing.
    return hmac.digest(secret, b"xunsheng/%s/2\0%s" % (purpose, str(address).encode()), hashlib.sha256)[:16].hex()
