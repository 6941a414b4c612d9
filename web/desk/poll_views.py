"""The pages of polls: one with its card, and the slips that are printed for it."""

import asyncio
from collections.abc import Sequence
from typing import Any

from aiohttp import web

from handlers.documents import why_unprintable
from handlers.polls.forms import read_count
from handlers.polls.slips import drawn_slips, sheet_of
from models.states import Impossible, NotEntitled
from qr.link import POLL_PATH
from qr.typesetting import MissingGlyph, TextTooLong
from services.polls.entitled import holds
from services.polls.polls import MOST_CODES, TooManyCodes, poll_seen, print_codes
from texts.message import Message
from web.desk.addresses import HOME
from web.desk.desk import PageContext
from web.desk.frame import Frame
from web.desk.records import card_of
from web.rendering import file_to_keep

_ONE = f"{HOME}/poll/{{id:[0-9a-f]{{16}}}}"


class PollViews:
    """Answers what the browsers of the staff ask for about polls."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    def routes(self) -> Sequence[web.RouteDef]:
        """Return the addresses with what answers them."""
        return [web.get(_ONE, self.poll), web.post(f"{_ONE}/print", self.print)]

    async def poll(self, request: web.Request) -> web.StreamResponse:
        """Show a poll, with what is printed for it as long as it is open."""
        poll_id = request.match_info["id"]

        async def values(context: PageContext) -> dict[str, Any]:
            return {
                "card_shown": await card_of(context, "poll", poll_id),
                "most": await _most_codes(context, poll_id),
                "poll_id": poll_id,
            }

        return await self._frame.show(request, "desk/poll.html", values, here="polls")

    async def print(self, request: web.Request) -> web.StreamResponse:
        """Send slips of a poll, each with a code that stands nowhere else, or say why there are none."""
        _, fields = await self._frame.posted(request)
        poll_id, count = request.match_info["id"], read_count(fields.get("count", ""))
        try:
            async with self._frame.transaction(request) as context:
                work, words = context.work, context.words
                codes = await print_codes(work, context.who, poll_id, count or 0)
                sheet = await sheet_of(
                    work, await poll_seen(work, context.who, poll_id), codes, (work.public_url or "") + POLL_PATH
                )
        except NotEntitled:
            raise web.HTTPNotFound from None
        except Impossible:
            return await self._say(request, poll_id, words("poll.too_late"))
        except TooManyCodes as refused:
            return await self._say(request, poll_id, words("poll.how_many_please", most=refused.left))
        try:
            drawn = await asyncio.to_thread(drawn_slips, sheet)
        except (MissingGlyph, TextTooLong) as error:
            return await self._say(request, poll_id, why_unprintable(words, error))
        return file_to_keep(drawn, "application/pdf", "slips.pdf")

    async def _say(self, request: web.Request, poll_id: str, why: str) -> web.StreamResponse:
        return await self._frame.lead_to(request, f"{HOME}/poll/{poll_id}", Message(why))


async def _most_codes(context: PageContext, poll_id: str) -> int:
    """Return how many codes may still be printed for a poll; none where that is not theirs to do."""
    try:
        poll = await poll_seen(context.work, context.who, poll_id)
    except NotEntitled:
        return 0
    is_theirs = poll.closed_at is None and holds(await context.work.directory(), context.who, poll)
    return MOST_CODES - poll.printed if is_theirs else 0
