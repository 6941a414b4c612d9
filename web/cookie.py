"""A cookie as ours all are: gone when the browser is closed, and out of reach of scripts and other hosts."""

from typing import Literal

from aiohttp import web


class Cookie:
    """Gives browsers a cookie of a name, reads it and takes it back."""

    def __init__(self, name: str, same_site: Literal["Strict", "Lax"], *, is_secure: bool) -> None:
        # No other host of the domain can set a cookie of that name.
        self._name = f"__Host-{name}" if is_secure else name
        self._same_site = same_site
        self._is_secure = is_secure

    def value(self, request: web.Request) -> str:
        """Return what a browser's cookie holds; nothing where it has none."""
        return request.cookies.get(self._name, "")

    def keep(self, response: web.StreamResponse, value: str) -> None:
        """Give a browser its cookie."""
        response.set_cookie(
            self._name, value, httponly=True, samesite=self._same_site, secure=self._is_secure, path="/"
        )

    def drop(self, response: web.StreamResponse) -> None:
        """Take the cookie back."""
        response.del_cookie(self._name, httponly=True, samesite=self._same_site, secure=self._is_secure, path="/")
