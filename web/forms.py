"""What a form carries, so that it is taken only from the browser for which it was made, and told from all others."""

import hashlib
import hmac
import re
import secrets

_FORM = re.compile(r"([A-Za-z0-9_-]{16})([0-9a-f]{32})")


class Forms:
    """Marks forms. `owner` is what a browser's cookie holds; nothing, where it has none yet."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def new(self, owner: str) -> str:
        """Return what a form carries: a random name, which tells it from all others, and a signature of ours."""
        name = secrets.token_urlsafe(12)
        return name + self._made(owner, name)

    def name(self, owner: str, carried: str) -> str | None:
        """Return the name of a form; None when we never made it for this browser."""
        found = _FORM.fullmatch(carried)
        if found is None or not hmac.compare_digest(found[2], self._made(owner, found[1])):
            return None
        return found[1]

    def _made(self, owner: str, name: str) -> str:
        return signature(self._secret, "form", owner, name)


def signature(secret: bytes, of: str, *parts: str) -> str:
    """Return what shows that we made something of these parts: 128 bits in hex."""
    return hmac.digest(secret, "\0".join((f"xunsheng/{of}/1", *parts)).encode(), hashlib.sha256)[:16].hex()
