"""The cookie of somebody on the staff: 128 random bits, good for these pages alone, gone with the browser."""

import re

from aiohttp import web

from web.desk.addresses import HOME
from web.visitor import Visitor

COOKIE = "d"
_ID = re.compile(r"[A-Za-z0-9_-]{22}")


def session_id_of(request: web.Request) -> str | None:
    """Return what the cookie holds; None where there is none, or not one of ours."""
    found = request.cookies.get(COOKIE, "")
    return found if _ID.fullmatch(found) else None


def whose_form(session_id: str | None) -> Visitor:
    """Return for whom a form is made, or by whom it is sent."""
    return Visitor(session_id) if session_id else Visitor("", is_new=True)


def keep_session(response: web.StreamResponse, session_id: str, *, secure: bool) -> None:
    """Give a browser its cookie. It is sent along when a link in a mail is followed, but never with another's form."""
    response.set_cookie(COOKIE, session_id, httponly=True, samesite="Lax", secure=secure, path=HOME)


def drop_session(response: web.StreamResponse) -> None:
    """Take the cookie back."""
    response.del_cookie(COOKIE, path=HOME)
