"""The pages of the rounds: a list, one round, and what is printed of it."""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from html import escape
from typing import Any

from aiohttp import web

from handlers.rounds.ledger import made
from models.states import NotEntitled
from qr.poster_words import Poster
from qr.typesetting import MissingGlyph, TextTooLong
from services.rounds.codes import PrintedPlace
from services.rounds.ledger import LedgerTooLong, ledger_of, ledgers_for, take_ledger
from services.rounds.notices import LedgerKind
from services.rounds.posters import NoPosters
from services.rounds.printing import NoCode, print_code, print_posters, unprintable
from services.spreadsheet import MEDIA_TYPE as EXCEL
from texts.message import Message
from texts.terminal import in_language
from web.desk.addresses import HOME, address_of_record
from web.desk.desk import PageContext
from web.desk.frame import Frame
from web.desk.records import card_of
from web.desk.rounds import place_chosen, round_places, round_table, team_table
from web.rendering import file_to_keep

_POSTERS = "posters"
# What a code alone is printed as, with the type of its content.
_PICTURES = {"png": "image/png", "svg": "image/svg+xml"}
_LEDGERS = {
    LedgerKind.EXCEL: EXCEL,
    LedgerKind.CSV: "text/csv",
}


class RoundViews:
    """Answers what the browsers of the staff ask for about rounds."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    def routes(self) -> Sequence[web.RouteDef]:
        """Return the addresses with what answers them."""
        return [
            web.get(f"{HOME}/rounds", self.rounds),
            web.get(f"{HOME}/round/{{id}}", self.round),
            web.post(f"{HOME}/print", self.print),
            web.post(f"{HOME}/ledger", self.ledger),
        ]

    async def rounds(self, request: web.Request) -> web.StreamResponse:
        """Show the rounds."""

        async def values(context: PageContext) -> dict[str, Any]:
            return {"rounds": await round_table(context)}

        return await self._frame.show(request, "desk/rounds.html", values, here="rounds")

    async def round(self, request: web.Request) -> web.StreamResponse:
        """Show a round: its card, its teams, and what can be printed."""
        round_id = request.match_info["id"]

        async def values(context: PageContext) -> dict[str, Any]:
            card = await card_of(context, "round", round_id)
            if card is None:
                raise web.HTTPNotFound
            return {
                "card_shown": card,
                "teams": await team_table(context, round_id),
                "places": await round_places(context, round_id),
                "round_id": round_id,
                "ledger_kinds": list(LedgerKind) if await _takes_ledger(context, round_id) else [],
            }

        return await self._frame.show(request, "desk/round.html", values, here="rounds")

    async def print(self, request: web.Request) -> web.StreamResponse:
        """Send what is to be printed, or lead back to the round and say why it cannot be."""
        _, fields = await self._frame.posted(request)
        round_id, what = fields.get("round", ""), fields.get("what", "")
        place = place_chosen(round_id, fields.get("place", ""))
        if place is None or what not in {_POSTERS, *_PICTURES}:
            raise web.HTTPBadRequest
        try:
            async with self._frame.transaction(request) as context:
                language = context.who.language
                with in_language(language):
                    draw = await _drawing(context, place, what)
        except NotEntitled:
            raise web.HTTPNotFound from None
        except (NoPosters, NoCode) as missing:
            return await self._say_why_not(request, round_id, str(missing))
        try:
            drawn = await asyncio.to_thread(draw)
        except (MissingGlyph, TextTooLong) as error:
            with in_language(language):
                return await self._say_why_not(request, round_id, unprintable(error))
        name = f"{what}-{round_id}.pdf" if what == _POSTERS else f"code-{round_id}.{what}"
        return file_to_keep(drawn, _PICTURES.get(what, "application/pdf"), name)

    async def ledger(self, request: web.Request) -> web.StreamResponse:
        """Send the ledger of a round as a file; that it was taken along is written down first."""
        _, fields = await self._frame.posted(request)
        round_id, asked = fields.get("round", ""), fields.get("what", "")
        if asked not in set(LedgerKind):
            raise web.HTTPBadRequest
        kind = LedgerKind(asked)
        try:
            async with self._frame.transaction(request) as context:
                await take_ledger(context.work, context.who, round_id, kind)
            async with self._frame.context(request) as context:
                words = context.words
                file = await made(await ledger_of(context.work, context.who, round_id), words, kind)
        except NotEntitled:
            raise web.HTTPNotFound from None
        except LedgerTooLong:
            return await self._say_why_not(request, round_id, words.plain("round.ledger_too_long"))
        return file_to_keep(file, _LEDGERS[kind], f"ledger-{round_id}.{kind.suffix}")

    async def _say_why_not(self, request: web.Request, round_id: str, why: str) -> web.StreamResponse:
        return await self._frame.lead_to(
            request, address_of_record("round", round_id) or HOME, Message(escape(why, quote=False))
        )


async def _takes_ledger(context: PageContext, round_id: str) -> bool:
    """Whether the ledger of a round is somebody's to take along."""
    return any(one.id == round_id for one in ledgers_for(await context.work.directory(), context.who))


async def _drawing(context: PageContext, place: PrintedPlace, what: str) -> Callable[[], bytes]:
    """Return what draws the thing to be printed: it takes long, and is done once this transaction is over."""
    links = context.handler.links
    if what == _POSTERS:
        return partial(_posters_pdf, await print_posters(context.work, context.who, place, links))
    return partial(_picture, await print_code(context.work, context.who, place, links), what)


# What draws takes 50 MB of libraries: they are imported when something is printed.
def _posters_pdf(posters: Sequence[Poster]) -> bytes:
    from qr.poster import posters_pdf

    return posters_pdf(posters)


def _picture(link: str, what: str) -> bytes:
    from qr import code

    return code.svg(link) if what == "svg" else code.png(link)
