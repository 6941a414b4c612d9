"""Pseudonyms of chats: names that tell two chats apart and lead back to neither without the secret."""

import hashlib
import hmac


def tag(secret: bytes, chat_id: int) -> str:
    """Gives the tag of a chat under a round's secret, 128 bits in hex: a draft belongs to it."""
    return _pseudonym(secret, b"tag", chat_id)


def lane(secret: bytes, chat_id: int) -> str:
    """Gives the lane of a chat, 128 bits in hex: it keeps queued rows in order and dies with them."""
    return _pseudonym(secret, b"lane", chat_id)


def _pseudonym(secret: bytes, purpose: bytes, chat_id: int) -> str:
    # The purpose goes in, so that one secret used for both by mistake would still join nothing.
    return hmac.digest(secret, b"xunsheng/%s/1\0%d" % (purpose, chat_id), hashlib.sha256)[:16].hex()
