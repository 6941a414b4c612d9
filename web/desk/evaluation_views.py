"""The files in which how a round is rectified can be had."""

from collections.abc import Sequence

from aiohttp import web

from handlers.documents import why_unprintable
from handlers.evaluation.files import made
from models.states import NotEntitled
from qr.typesetting import MissingGlyph
from services.evaluation.item_ledger import ItemLedgerTooLong
from services.evaluation.notices import RoundFileKind
from services.evaluation.report import take_file
from services.spreadsheet import MEDIA_TYPE as EXCEL
from texts.message import Message
from web.desk.addresses import HOME, address_of_record
from web.desk.frame import Frame
from web.rendering import file_to_keep

_CONTENT_TYPES = {
    RoundFileKind.SUMMARY: "application/pdf",
    RoundFileKind.SLIDE: "image/png",
    RoundFileKind.ITEMS: EXCEL,
}


class EvaluationViews:
    """Sends the browsers of the staff how a round is rectified."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    def routes(self) -> Sequence[web.RouteDef]:
        """Return the addresses with what answers them."""
        return [web.get(f"{HOME}/{{kind:{'|'.join(RoundFileKind)}}}-file/{{id}}", self.file)]

    async def file(self, request: web.Request) -> web.StreamResponse:
        """Send how a round is rectified as a file; that it was taken along is written down first."""
        round_id, kind = request.match_info["id"], RoundFileKind(request.match_info["kind"])
        try:
            async with self._frame.transaction(request) as context:
                words = context.words
                await take_file(context.work, context.who, round_id, kind)
            async with self._frame.context(request) as context:
                data = await made(context.work, context.who, words, round_id, kind)
        except NotEntitled:
            raise web.HTTPNotFound from None
        except ItemLedgerTooLong:
            return await self._say_why_not(request, round_id, words("grade.ledger_too_long"))
        except MissingGlyph as error:
            return await self._say_why_not(request, round_id, why_unprintable(words, error))
        return file_to_keep(data, _CONTENT_TYPES[kind], f"{kind}-{round_id}.{kind.suffix}")

    async def _say_why_not(self, request: web.Request, round_id: str, why: str) -> web.StreamResponse:
        return await self._frame.lead_to(request, address_of_record("report", round_id) or HOME, Message(why))
