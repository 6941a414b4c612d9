"""The addresses of what is public of a round, and of 'not so' under its results.

Nobody is given a cookie here, and nothing is asked of whoever has one.
"""

import hashlib
from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import Protocol

from aiohttp import ETag, web

from handlers.publication.results import results_of
from qr.link import RESULTS_PATH
from services.publication.content import PublicRound
from services.publication.objections import LONGEST, NoSuchResult, TooManyObjections, object_to
from services.publication.public_page import PublicPage, public_page, public_photo
from services.resources import Resources
from texts.catalogue import LANGUAGES, Words
from texts.message import Message
from web.admission import Admission
from web.forms import Forms
from web.language import language_wanted
from web.once import is_first, sent_id
from web.posted import PostedForm
from web.rendering import FOLDER, STATIC, compressed, page
from web.resident.cards import Card, message_card
from web.resident.conversations import RESIDENT_PAGE
from web.results.exports import as_json, items_as_csv, units_as_csv

# Anybody may keep it, and asks each time whether it still stands: what is withdrawn is gone at once.
_PUBLIC = "public, no-cache"
# Another version of the program may show the same otherwise.
_RENDERED_BY = hashlib.sha256(
    b"".join(file.read_bytes() for file in (FOLDER / "templates" / "results.html", STATIC / "style.css"))
).hexdigest()[:8]
_NOBODY = ""  # whose the forms are: they are made for no browser in particular


class CrisisHelp(Protocol):
    """Knows words of a crisis."""

    async def __call__(self, text: str, language: str) -> Sequence[Message]:
        """Return what is said at once to words of a crisis; nothing to any other."""


class ResultsViews:
    """Answers what is asked of the public page.

    `crisis_help` returns what is said at once to words of a crisis; `committed` is called after every commit.
    """

    def __init__(self, resources: Resources, crisis_help: CrisisHelp, committed: Callable[[], None]) -> None:
        self._resources = resources
        self._crisis_help = crisis_help
        self._committed = committed
        self._secret = resources.keyring.lane_secret
        self._forms = Forms(self._secret)
        self._admission = Admission(resources.keyring.callback_secret)

    def routes(self) -> Sequence[web.RouteDef]:
        """Return the addresses with what answers them."""
        one = RESULTS_PATH + "{round:[A-Za-z0-9_-]{1,64}}"
        return [
            web.get(one, self.results),
            web.get(f"{one}/all.json", self.all_as_json),
            web.get(f"{one}/results.csv", partial(self.csv, items_as_csv)),
            web.get(f"{one}/units.csv", partial(self.csv, units_as_csv)),
            web.get(f"{one}/photo/{{photo:[0-9a-f]{{64}}}}", self.photo),
            web.get(f"{one}/{{number:[1-9][0-9]{{0,3}}}}", self.objection),
            web.post(f"{one}/{{number:[1-9][0-9]{{0,3}}}}", self.object),
        ]

    async def results(self, request: web.Request) -> web.StreamResponse:
        """Show what is public of a round."""
        words = Words(language_wanted(request))

        def respond(found: PublicPage) -> web.Response:
            return page(request, "results.html", words, results_values(found.content, words, found.looked_at_again))

        return await self._answer(request, respond, words.language)

    async def all_as_json(self, request: web.Request) -> web.StreamResponse:
        """Send all of it as JSON."""
        base = self._resources.public_url or ""

        def respond(found: PublicPage) -> web.Response:
            text = as_json(found, lambda photo: base + photo_address(found.content.round_id, photo))
            return web.Response(text=text, content_type="application/json")

        return await self._answer(request, respond)

    async def csv(self, export: Callable[[PublicPage], str], request: web.Request) -> web.StreamResponse:
        """Send a part of it as CSV."""

        def respond(found: PublicPage) -> web.Response:
            response = web.Response(text=export(found), content_type="text/csv", charset="utf-8")
            response.headers["Content-Disposition"] = f'attachment; filename="{request.path.rpartition("/")[2]}"'
            return response

        return await self._answer(request, respond)

    async def photo(self, request: web.Request) -> web.StreamResponse:
        """Send a photo that the page shows."""
        round_id, photo_id = request.match_info["round"], request.match_info["photo"]
        async with self._resources.database.reading() as session:
            photo = await public_photo(self._resources.work(session), round_id, photo_id)
        if photo is None:
            raise web.HTTPNotFound
        tag = ETag(value=photo_id)
        if _has(request, tag):
            return _tagged(web.Response(status=304), tag)
        return _tagged(web.Response(body=photo, content_type="image/jpeg"), tag)

    async def objection(self, request: web.Request) -> web.StreamResponse:
        """Show the form in which one says that a result is not so."""
        return await self._objection_page(request)

    async def object(self, request: web.Request) -> web.StreamResponse:
        """Take what one says against a result."""
        fields = await PostedForm(request).read()
        form, text = self._forms.name(_NOBODY, fields.get("form", "")), fields.get("text", "").strip()
        if form is None:
            raise web.HTTPForbidden
        if not text:
            return await self._objection_page(request, "empty")
        sent = sent_id(self._secret, form, b"objection", text.encode())
        if not self._admission.lets_in(fields.get("proof", ""), self._resources.now(), sent):
            return await self._objection_page(request, "busy", text, status=503)
        round_id, number = request.match_info["round"], int(request.match_info["number"])
        try:
            async with self._resources.database.transaction() as session:
                work = self._resources.work(session)
                if await is_first(session, sent, work.now):
                    await object_to(work, round_id, number, text)
        except NoSuchResult:
            raise web.HTTPNotFound from None
        except TooManyObjections:
            return await self._objection_page(request, "many", text, status=503)
        self._committed()
        words = _objection_words(request)
        values = {
            "cards": await self._help_at_once(text, words),
            "address": RESULTS_PATH + round_id,
            "language_asked": words.language,
        }
        return page(request, "objection_taken.html", words, values)

    async def _objection_page(
        self, request: web.Request, what: str = "", text: str = "", *, status: int = 200
    ) -> web.Response:
        found, words = await self._found(request), _objection_words(request)
        number = int(request.match_info["number"])
        results = results_of(found.content, words, found.looked_at_again)
        result = next((one for one in results.items if one.number == number), None)
        if result is None:
            raise web.HTTPNotFound
        values = {
            "result": result,
            "address": RESULTS_PATH + found.content.round_id,
            "cards": await self._help_at_once(text, words),
            "what": what,
            "text": text,
            "longest": LONGEST,
            "form": self._forms.new(_NOBODY),
            "challenge": self._admission.challenge(self._resources.now()),
            "languages": LANGUAGES,
            "language_asked": words.language,
        }
        return page(request, "objection.html", words, values, status)

    async def _help_at_once(self, text: str, words: Words) -> list[Card]:
        """Return whom to call, where words are of a crisis: whatever becomes of them."""
        found = await self._crisis_help(text[:LONGEST], words.language) if text else ()
        return [message_card(one, words) for one in found]

    async def _answer(
        self, request: web.Request, respond: Callable[[PublicPage], web.Response], *of: str
    ) -> web.Response:
        """Answer with what is public of a round, or that a browser has it already; `of`: what else it depends on."""
        found = await self._found(request)
        # Weak: the same may go out compressed in one way or another.
        tag = ETag(value="-".join((found.tag, *of, _RENDERED_BY)), is_weak=True)
        if _has(request, tag):
            return _tagged(web.Response(status=304), tag)
        response = _tagged(respond(found), tag)
        response.headers["Vary"] = "Accept-Language, Accept-Encoding"
        return compressed(response)

    async def _found(self, request: web.Request) -> PublicPage:
        """Return what is public of the round that is asked for. Raises HTTPNotFound."""
        async with self._resources.database.reading() as session:
            found = await public_page(self._resources.work(session), request.match_info["round"])
        if found is None:
            raise web.HTTPNotFound
        return found


def results_values(content: PublicRound, words: Words, again: Collection[int]) -> dict[str, object]:
    """Return what the template of the public page is given: also for whoever looks at it before it is public.

    `again`: the numbers of what is being looked at again.
    """
    return {
        "results": results_of(content, words, again),
        "address": RESULTS_PATH + content.round_id,
        "photo_address": partial(photo_address, content.round_id),
        "languages": LANGUAGES,
    }


def photo_address(round_id: str, photo_id: str) -> str:
    """Return the address of a photo of the public page."""
    return f"{RESULTS_PATH}{round_id}/photo/{photo_id}"


def _objection_words(request: web.Request) -> Words:
    return Words(language_wanted(request), RESIDENT_PAGE.lacking)


def _has(request: web.Request, tag: ETag) -> bool:
    return any(one.value in (tag.value, "*") for one in request.if_none_match or ())


def _tagged(response: web.Response, tag: ETag) -> web.Response:
    response.etag = tag
    response.headers["Cache-Control"] = _PUBLIC
    return response
