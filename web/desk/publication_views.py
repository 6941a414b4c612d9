"""The pages of what is made public of a round, and of what is said against it."""

from collections.abc import Sequence
from typing import Any

from aiohttp import web

from media.kinds import Cleaned, FileKind
from models.states import NotEntitled
from services.publication.photos import prepared_photo
from services.publication.public_page import looked_at_again
from services.publication.publications import ItemNotDone, publication_seen, shown_content
from services.rectification.unit_actions import read_evidence
from storage.folder import AttachmentGone
from texts.catalogue import LANGUAGES, Words
from web.desk.addresses import HOME
from web.desk.desk import PageContext
from web.desk.frame import Frame
from web.desk.records import card_of, photos_asked_for
from web.desk.views import sent_file
from web.rendering import page
from web.results.views import results_values

_ONE = f"{HOME}/publication/{{id:[0-9a-f]{{16}}}}"


class PublicationViews:
    """Answers what the browsers of the staff ask for about publications."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    def routes(self) -> Sequence[web.RouteDef]:
        """Return the addresses with what answers them."""
        return [
            web.get(_ONE, self.publication),
            web.get(f"{_ONE}/page", self.publication_page),
            web.get(f"{_ONE}/photo/{{photo:[0-9a-f]{{64}}}}", self.publication_photo),
            web.get(f"{_ONE}/evidence/{{photo:[0-9a-f]{{32}}}}", self.evidence),
            web.get(f"{HOME}/objection/{{id:RI[0-9]{{2,6}}}}", self.objection),
        ]

    async def publication(self, request: web.Request) -> web.StreamResponse:
        """Show what is made public of a round, with the photos that can be chosen while that is asked."""
        publication_id = request.match_info["id"]

        async def values(context: PageContext) -> dict[str, Any]:
            return {
                "card_shown": await card_of(context, "publication", publication_id),
                "page_address": f"{request.path}/page",
                "photos": [f"{request.path}/evidence/{one}" for one in await photos_asked_for(context, publication_id)],
            }

        return await self._frame.show(request, "desk/publication.html", values, here="publish")

    async def publication_page(self, request: web.Request) -> web.StreamResponse:
        """Show the public page as it is, or would be, before it is public and after."""
        async with self._frame.context(request) as context:
            try:
                publication = await publication_seen(context.work, context.who, request.match_info["id"])
                content = await shown_content(context.work, publication)
                again = await looked_at_again(context.work, publication)
            except (NotEntitled, ItemNotDone):
                raise web.HTTPNotFound from None
            asked = request.query.get("l", "")
            words = Words(asked if asked in LANGUAGES else context.words.language)
        photos = request.path.removesuffix("page") + "photo/"
        values = results_values(content, words, again) | {"photo_address": photos.__add__}
        return page(request, "results.html", words, values)

    async def publication_photo(self, request: web.Request) -> web.StreamResponse:
        """Send a photo of a publication to whoever may look at that."""
        async with self._frame.context(request) as context:
            try:
                publication = await publication_seen(context.work, context.who, request.match_info["id"])
            except NotEntitled:
                raise web.HTTPNotFound from None
            photo = await prepared_photo(context.work, publication, request.match_info["photo"])
        if photo is None:
            raise web.HTTPNotFound
        return sent_file(Cleaned(FileKind.PHOTO, photo))

    async def evidence(self, request: web.Request) -> web.StreamResponse:
        """Send a photo that a unit handed in to whoever is asked whether it is to be public."""
        async with self._frame.context(request) as context:
            photo = request.match_info["photo"]
            if photo not in await photos_asked_for(context, request.match_info["id"]):
                raise web.HTTPNotFound
            try:
                _, _, found = await read_evidence(context.work, context.who, photo)
            except (NotEntitled, AttachmentGone):
                raise web.HTTPNotFound from None
        return sent_file(Cleaned(FileKind.PHOTO, found))

    async def objection(self, request: web.Request) -> web.StreamResponse:
        """Show what is said against the result of an item."""
        item_id = request.match_info["id"]

        async def values(context: PageContext) -> dict[str, Any]:
            return {"card_shown": await card_of(context, "objection", item_id), "page_address": None, "photos": []}

        return await self._frame.show(request, "desk/publication.html", values, here="items")
