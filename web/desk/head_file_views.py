"""The file on the head of a unit, sent to the browser of the leader who presses for it."""

from collections.abc import Sequence

from aiohttp import web

from handlers.cases.head_file import printed_head_file
from handlers.documents import pdf_of, why_unprintable
from handlers.press import unpack
from models.states import NotEntitled
from qr.typesetting import MissingGlyph
from services.cases.head_file import compile_head_file
from texts.message import Message
from web.desk.addresses import HEAD_FILE, HOME
from web.desk.frame import Frame
from web.rendering import file_to_keep


class HeadFileViews:
    """Answers the press that prints the file."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    def routes(self) -> Sequence[web.RouteDef]:
        """Return the addresses with what answers them."""
        return [web.post(HEAD_FILE, self.print)]

    async def print(self, request: web.Request) -> web.StreamResponse:
        """Send the file; that it was compiled is in the audit log before it goes."""
        _, fields = await self._frame.posted(request)
        press = unpack(fields.get("press", ""))
        if press is None:
            raise web.HTTPBadRequest
        try:
            async with self._frame.transaction(request) as context:
                found, words = await compile_head_file(context.work, context.who, press.subject), context.words
        except NotEntitled:
            raise web.HTTPNotFound from None
        try:
            drawn = await pdf_of(printed_head_file(found, words))
        except MissingGlyph as error:
            why = Message(why_unprintable(words, error))
            return await self._frame.lead_to(request, f"{HOME}/case/{press.subject}", why)
        return file_to_keep(drawn, "application/pdf", "1.pdf")
