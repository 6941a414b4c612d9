"""The web application: its routes, and what is common to all of them."""

import logging
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from aiohttp import web

from texts.catalogue import Words
from web.desk.pages import DeskPages
from web.desk.sign_in import lead_to_sign_in
from web.language import language_wanted
from web.polls.views import PollViews
from web.posted import MAX_BODY_BYTES
from web.protection import Handler, add_headers, pass_over_nul, refuse_other_sites
from web.rendering import STATIC, asset_address, compressed, page, set_up
from web.resident.views import ResidentViews
from web.results.views import ResultsViews

log = logging.getLogger(__name__)

_KEPT_FOR_GOOD = "public, max-age=31536000, immutable"
TOO_LARGE = "/too-large"  # what a web server in front of us shows when it refuses what is too large
# Refusals that say more than that what came could not be read.
_SAID = {403: "elsewhere", 404: "not_found", 408: "slow", 413: "too_large"}


def make_app(resident: ResidentViews, desk: DeskPages, results: ResultsViews, polls: PollViews) -> web.Application:
    """Return the application."""
    app = web.Application(middlewares=[say_what_went_wrong, refuse_other_sites, pass_over_nul, lead_to_sign_in])
    set_up(app)
    app.on_response_prepare.append(add_headers)
    app.add_routes(resident.routes())
    app.add_routes(desk.routes())
    app.add_routes(results.routes())
    app.add_routes(polls.routes())
    app.on_cleanup.append(desk.finish)
    app.router.add_get("/static/{version}/{name}", _static)
    app.router.add_get(TOO_LARGE, _too_large)
    return app


@web.middleware
async def say_what_went_wrong(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer with a page in plain words where something is refused or fails."""
    try:
        return await handler(request)
    except web.HTTPException as refusal:
        if refusal.status < 400:
            raise
        return _problem(request, refusal.status)
    except ConnectionError:
        raise  # nobody is there any more
    except Exception as error:
        log.error("a page failed: %s", type(error).__name__, exc_info=error)
        return _problem(request, 500)


def _problem(request: web.Request, status: int) -> web.Response:
    words = Words(language_wanted(request))
    response = page(
        request, "problem.html", words, {"problem": "failed" if status >= 500 else _SAID.get(status, "bad")}, status
    )
    if status in {408, 413}:
        response.force_close()  # what still comes in is not read
    return response


async def _too_large(_request: web.Request) -> web.StreamResponse:
    raise web.HTTPRequestEntityTooLarge(MAX_BODY_BYTES, MAX_BODY_BYTES)


async def _static(request: web.Request) -> web.StreamResponse:
    found = _assets().get(request.path)
    if found is None:
        raise web.HTTPNotFound
    response = web.Response(body=found.content, content_type=found.content_type, charset="utf-8")
    response.headers["Cache-Control"] = _KEPT_FOR_GOOD
    return compressed(response)


@dataclass(frozen=True)
class _Asset:
    """A file that pages load."""

    content: bytes
    content_type: str


@cache
def _assets() -> Mapping[str, _Asset]:
    """Return the files that pages load, by their addresses."""
    return {
        asset_address(file.name): _Asset(file.read_bytes(), mimetypes.guess_type(file)[0] or "application/octet-stream")
        for file in STATIC.iterdir()
    }
