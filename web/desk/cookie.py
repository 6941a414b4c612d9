"""The cookie of somebody on the staff: 128 random bits, by which their session is found, gone with the browser.

Who has not signed in yet has one, too, of which no session is: the forms of the page to sign in are made for it.
"""

import re
import secrets

from aiohttp import web

from web.cookie import Cookie

_ID = re.compile(r"[A-Za-z0-9_-]{22}")


class SessionCookie(Cookie):
    """Holds the id of a session. It comes along when a link in a mail is followed, but not with another's form."""

    def __init__(self, *, is_secure: bool) -> None:
        super().__init__("d", "Lax", is_secure=is_secure)

    def of(self, request: web.Request) -> str | None:
        """Return the id of the session that a browser claims; None where it claims none."""
        found = self.value(request)
        return found if _ID.fullmatch(found) else None


def new_id() -> str:
    """Return what the cookie of a browser holds in which nobody has signed in yet."""
    return secrets.token_urlsafe(16)


def whose_form(session_id: str | None) -> str:
    """Return for which browser a form is made, or by which it is sent."""
    return session_id or ""
