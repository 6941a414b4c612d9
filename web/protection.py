"""What every answer bears: nothing is kept, nothing is loaded from elsewhere, nobody frames a page."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from web.rendering import see_other

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; "
        "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), camera=(self), microphone=(self)",
    "X-Robots-Tag": "noindex, nofollow",
    "Server": "web",  # the library's own would name its version
    "Cache-Control": "no-store",
}
_NO_FRAMES = "frame-ancestors 'none'"
# The one site that may show the pages inside its own. The demo's wall of phones alone is; no setting makes another so,
# for whoever frames a page can lay their own over it, and have people press what they do not see.
FRAMED_BY: web.AppKey[str] = web.AppKey("framed_by", str)


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Add the headers that each answer bears; what says nothing about it is not kept by the browser."""
    kept = response.headers.get("Cache-Control", HEADERS["Cache-Control"])
    response.headers.update(HEADERS | {"Cache-Control": kept})
    if (site := request.app.get(FRAMED_BY)) is not None:
        policy = HEADERS["Content-Security-Policy"].replace(_NO_FRAMES, f"frame-ancestors {site}")
        response.headers["Content-Security-Policy"] = policy
        del response.headers["X-Frame-Options"]


def tells_origin(request: web.Request) -> bool:
    """Whether a browser says by itself from which site something is sent, as all do that are not old."""
    return "Sec-Fetch-Site" in request.headers or request.headers.get("Origin", "null") != "null"


@web.middleware
async def refuse_other_sites(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse a form that another site sent, as far as the browser says so (`tells_origin`).

    In one that does not, what proves a form ours is that it was made for the browser's cookie (`web/forms.py`).
    """
    if request.method not in ("GET", "HEAD"):
        site = request.headers.get("Sec-Fetch-Site", "none")
        origin = request.headers.get("Origin", "null")  # "null" is what our own pages send, for they send no referrer
        if site not in ("same-origin", "none") or (origin != "null" and origin.partition("://")[2] != request.host):
            raise web.HTTPForbidden
    return await handler(request)


@web.middleware
async def pass_over_nul(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer an address that holds a NUL, which no database looks up: what it asks for is left out, or not there."""
    if "\0" in request.path:
        raise web.HTTPNotFound
    if "\0" in request.query_string:
        return see_other(request.rel_url.raw_path)
    return await handler(request)
