"""Who looks at a page: a browser with a cookie that dies with it, or one without; nothing else is known of them."""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass

from aiohttp import web

from models.address import Address

CHANNEL = "web"
COOKIE = "v"
_ID = re.compile(r"[A-Za-z0-9_-]{22}")
_FORM = re.compile(r"([A-Za-z0-9_-]{16})([0-9a-f]{32})")


@dataclass(frozen=True)
class Visitor:
    """A browser, by what its cookie holds: 128 random bits, of which nothing is stored but keyed hashes."""

    id: str
    is_new: bool = False  # the cookie is not there yet

    @property
    def address(self) -> Address:
        """What their conversation belongs to."""
        return Address(CHANNEL, self.id)


def visitor_of(request: web.Request) -> Visitor:
    """Return who looks at a page; a new visitor when there is no cookie, or not one of ours."""
    found = request.cookies.get(COOKIE, "")
    return Visitor(found) if _ID.fullmatch(found) else Visitor(secrets.token_urlsafe(16), is_new=True)


def keep_cookie(response: web.StreamResponse, visitor: Visitor, *, secure: bool) -> None:
    """Give a browser its cookie; it is gone when the browser is closed."""
    response.set_cookie(COOKIE, visitor.id, httponly=True, samesite="Strict", secure=secure, path="/")


def drop_cookie(response: web.StreamResponse) -> None:
    """Take the cookie back."""
    response.del_cookie(COOKIE, path="/")


def new_form(secret: bytes, visitor: Visitor) -> str:
    """Return what a form carries: a random name, which tells it from all others, and a proof that we made it."""
    name = secrets.token_urlsafe(12)
    return name + _proof(secret, visitor, name)


def form_name(secret: bytes, visitor: Visitor, carried: str) -> str | None:
    """Return the name of a form; None when we never made it for this browser."""
    found = _FORM.fullmatch(carried)
    if found is None or not hmac.compare_digest(found[2], _proof(secret, visitor, found[1])):
        return None
    return found[1]


def _proof(secret: bytes, visitor: Visitor, name: str) -> str:
    # A browser without a cookie has no name yet that the proof could hold.
    whose = "" if visitor.is_new else visitor.id
    return hmac.digest(secret, f"xunsheng/form/1\0{whose}\0{name}".encode(), hashlib.sha256)[:16].hex()
