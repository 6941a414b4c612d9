"""The cookie of somebody on the staff: 128 random bits, by which their session is found, gone with the browser."""

import re

from aiohttp import web

from web.visitor import NOBODY_YET, Visitor

_ID = re.compile(r"[A-Za-z0-9_-]{22}")


class SessionCookie:
    """Gives a browser the cookie of its session, and reads it."""

    def __init__(self, *, is_secure: bool) -> None:
        self._is_secure = is_secure
        # No other host of the domain can set a cookie of that name.
        self.name = "__Host-d" if is_secure else "d"

    def of(self, request: web.Request) -> str | None:
        """Return the id of the session that a browser claims; None where it claims none."""
        found = request.cookies.get(self.name, "")
        return found if _ID.fullmatch(found) else None

    def keep(self, response: web.StreamResponse, session_id: str) -> None:
        """Give a browser its cookie. It comes along when a link in a mail is followed, but not with another's form."""
        response.set_cookie(self.name, session_id, httponly=True, samesite="Lax", secure=self._is_secure, path="/")

    def drop(self, response: web.StreamResponse) -> None:
        """Take the cookie back."""
        response.del_cookie(self.name, httponly=True, samesite="Lax", secure=self._is_secure, path="/")


def whose_form(session_id: str | None) -> Visitor:
    """Return for whom a form is made, or by whom it is sent."""
    return Visitor(session_id) if session_id else NOBODY_YET
