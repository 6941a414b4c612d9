"""Who looks at a page: a browser with a cookie that dies with it, or one without; nothing else is known of them."""

import hmac
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from aiohttp import web

from models.address import Address
from web.cookie import Cookie
from web.forms import signature

CHANNEL = "web"
_COOKIE = re.compile(r"([A-Za-z0-9_-]{22})([0-9a-f]{32})")
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

    @property
    def owner(self) -> str:
        """Whose their forms are; a browser without a cookie has no name yet that a form could be made for."""
        return "" if self.is_new else self.id


class Visitors:
    """Gives browsers their cookies, and knows which are ours: nobody comes by a new one without being let in."""

    def __init__(self, secret: bytes, now: Callable[[], datetime], *, is_secure: bool) -> None:
        self._secret, self._now = secret, now
        self._cookie = Cookie("v", "Strict", is_secure=is_secure)

    def of(self, request: web.Request) -> Visitor:
        """Return who looks at a page; a new visitor when there is no cookie, or not one of ours."""
        found = _COOKIE.fullmatch(self._cookie.value(request))
        today = self._now().date()
        days = [today - timedelta(days=days) for days in range(_DAYS)]
        if found is None or not any(hmac.compare_digest(found[2], self._given(found[1], day)) for day in days):
            return Visitor(secrets.token_urlsafe(16), is_new=True)
        return Visitor(found[1])

    def keep(self, response: web.StreamResponse, visitor: Visitor) -> None:
        """Give a browser its cookie; it is gone when the browser is closed."""
        self._cookie.keep(response, visitor.id + self._given(visitor.id, self._now().date()))

    def drop(self, response: web.StreamResponse) -> None:
        """Take the cookie back."""
        self._cookie.drop(response)

    def _given(self, visitor_id: str, day: date) -> str:
        return signature(self._secret, "visitor", visitor_id, day.isoformat())
