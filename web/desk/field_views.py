"""The pages of the work in the field: the card of a village or unit, and that of an evening talk."""

from collections.abc import Sequence
from typing import Any

from aiohttp import web

from web.desk.addresses import HOME
from web.desk.desk import PageContext
from web.desk.frame import Frame
from web.desk.records import card_of


class FieldViews:
    """Answers what the browsers of the staff ask for about the work in the field."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    def routes(self) -> Sequence[web.RouteDef]:
        """Return the addresses with what answers them."""
        return [
            web.get(f"{HOME}/{{area:place}}/{{id:[0-9a-f]{{16}}}}", self.card),
            web.get(f"{HOME}/{{area:evening}}/{{id:[A-Za-z0-9_-]{{1,20}}}}", self.card),
        ]

    async def card(self, request: web.Request) -> web.StreamResponse:
        """Show a card."""
        area, record_id = request.match_info["area"], request.match_info["id"]

        async def values(context: PageContext) -> dict[str, Any]:
            card = await card_of(context, area, record_id)
            if card is None:
                raise web.HTTPNotFound
            return {"card_shown": card}

        return await self._frame.show(request, "desk/place.html", values, here="village")
