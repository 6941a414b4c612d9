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
from web.protection import tells_origin

CHANNEL = "web"
_COOKIE = re.compile(r"([A-Za-z0-9_-]{22})([0-9a-f]{32})")
_PRE_SESSION = re.compile(r"[A-Za-z0-9_-]{22}")
_DAYS = 3  # a cookie is good on the day on which it was given and the next ones: longer than a draft is kept


@dataclass(frozen=True)
class Visitor:
    """A browser, by what its cookie holds: 128 random bits, of which nothing is stored but keyed hashes."""

    id: str
    is_new: bool = False  # the cookie is not there yet
    pre_session: str = ""  # what the forms of pages are made for that are shown before there is the cookie

    @property
    def address(self) -> Address:
        """What their conversation belongs to."""
        return Address(CHANNEL, self.id)

    @property
    def owner(self) -> str:
        """Whose their forms are."""
        return self.pre_session if self.is_new else self.id


class Visitors:
    """Gives browsers their cookies, and knows which are ours: nobody comes by a new one without being let in.

    An old browser does not say which site sends a form. It gets a pre-session cookie with its first page, for which the
    forms of that page are made: another site could otherwise send a form of ours that it had fetched itself, and have
    somebody write to a complaint that is not theirs. Any other browser needs none.
    """

    def __init__(self, secret: bytes, now: Callable[[], datetime], *, is_secure: bool) -> None:
        self._secret, self._now = secret, now
        self._cookie = Cookie("v", "Strict", is_secure=is_secure)
        self._pre_session = Cookie("p", "Strict", is_secure=is_secure)

    def of(self, request: web.Request) -> Visitor:
        """Return who looks at a page; a new visitor when there is no cookie, or not one of ours."""
        found = _COOKIE.fullmatch(self._cookie.value(request))
        today = self._now().date()
        days = [today - timedelta(days=days) for days in range(_DAYS)]
        pre_session = self._pre_session_of(request)
        if found is None or not any(hmac.compare_digest(found[2], self._given(found[1], day)) for day in days):
            return Visitor(secrets.token_urlsafe(16), is_new=True, pre_session=pre_session)
        return Visitor(found[1], pre_session=pre_session)

    def keep(self, response: web.StreamResponse, visitor: Visitor) -> None:
        """Give a browser its cookie; it is gone when the browser is closed."""
        self._cookie.keep(response, visitor.id + self._given(visitor.id, self._now().date()))

    def keep_pre_session(self, response: web.StreamResponse, visitor: Visitor) -> None:
        """Give a browser the pre-session cookie for which the forms of its first page are made, if it needs one."""
        if visitor.is_new and visitor.pre_session:
            self._pre_session.keep(response, visitor.pre_session)

    def drop(self, response: web.StreamResponse) -> None:
        """Take the cookies back."""
        self._cookie.drop(response)
        self._pre_session.drop(response)

    def _pre_session_of(self, request: web.Request) -> str:
        """Return what the pre-session cookie of a browser holds; a new value where it has none, and needs one."""
        held = self._pre_session.value(request)
        if _PRE_SESSION.fullmatch(held):
            return held
        return "" if tells_origin(request) else secrets.token_urlsafe(16)

    def _given(self, visitor_id: str, day: date) -> str:
        return signature(self._secret, "visitor", visitor_id, day.isoformat())
