"""Who looks at a page: a browser with a cookie that dies with it, or one without; nothing else is known of them."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from aiohttp import web

from models.address import Address

CHANNEL = "web"
_COOKIE = re.compile(r"([A-Za-z0-9_-]{22})([0-9a-f]{32})")
_FORM = re.compile(r"([A-Za-z0-9_-]{16})([0-9a-f]{32})")
_DAYS = 3  # a cookie is good on the day on which it was given and the next ones: longer than a draft is kept


@dataclass(frozen=True)
class Visitor:
    """A browser, by what its cookie holds: 128 random bits, of which nothing is stored but keyed hashes."""

    id: str
    is_new: bool = False  # the cookie is not there yet

    @property
    def address(self) -> Address:
        """What their conversation belongs to."""
        return Address(CHANNEL, self.id)


NOBODY_YET = Visitor("", is_new=True)  # for whom a form is made that any browser without a cookie may send


class Visitors:
    """Gives browsers their cookies, and knows which are ours: nobody comes by a new one without being let in."""

    def __init__(self, secret: bytes, now: Callable[[], datetime], *, is_secure: bool) -> None:
        self._secret, self._now, self._is_secure = secret, now, is_secure
        # No other host of the domain can set a cookie of that name.
        self.cookie = "__Host-v" if is_secure else "v"

    def of(self, request: web.Request) -> Visitor:
        """Return who looks at a page; a new visitor when there is no cookie, or not one of ours."""
        found = _COOKIE.fullmatch(request.cookies.get(self.cookie, ""))
        today = self._now().date()
        days = [today - timedelta(days=days) for days in range(_DAYS)]
        if found is None or not any(hmac.compare_digest(found[2], self._given(found[1], day)) for day in days):
            return Visitor(secrets.token_urlsafe(16), is_new=True)
        return Visitor(found[1])

    def keep(self, response: web.StreamResponse, visitor: Visitor) -> None:
        """Give a browser its cookie; it is gone when the browser is closed."""
        value = visitor.id + self._given(visitor.id, self._now().date())
        response.set_cookie(self.cookie, value, httponly=True, samesite="Strict", secure=self._is_secure, path="/")

    def drop(self, response: web.StreamResponse) -> None:
        """Take the cookie back."""
        response.del_cookie(self.cookie, httponly=True, samesite="Strict", secure=self._is_secure, path="/")

    def new_form(self, visitor: Visitor) -> str:
        """Return what a form carries: a random name, which tells it from all others, and a proof that we made it."""
        name = secrets.token_urlsafe(12)
        return name + self._made(visitor, name)

    def form_name(self, visitor: Visitor, carried: str) -> str | None:
        """Return the name of a form; None when we never made it for this browser."""
        found = _FORM.fullmatch(carried)
        if found is None or not hmac.compare_digest(found[2], self._made(visitor, found[1])):
            return None
        return found[1]

    def _given(self, visitor_id: str, day: date) -> str:
        return self._proof("visitor", visitor_id, day.isoformat())

    def _made(self, visitor: Visitor, name: str) -> str:
        # A browser without a cookie has no name yet that the proof could hold.
        return self._proof("form", "" if visitor.is_new else visitor.id, name)

    def _proof(self, of: str, *parts: str) -> str:
        return hmac.digest(self._secret, "\0".join((f"xunsheng/{of}/1", *parts)).encode(), hashlib.sha256)[:16].hex()
