"""The page on which the feedback list of a round is brought along: it shows row by row what would be done, and does it.

The file is kept nowhere meanwhile: the preview holds it, and sends it once more.
"""

import asyncio
import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from handlers.incoming import UnfitFile
from models.rounds import Round
from models.states import NotEntitled
from services.rectification.feedback_list import (
    Column,
    ListChanged,
    ListPlan,
    NoColumns,
    Will,
    do_list,
    plan_list,
    rounds_to_bring_lists_of,
)
from services.resources import Resources
from services.spreadsheet import MEDIA_TYPE as EXCEL
from services.spreadsheet import Sheet, as_csv, as_excel
from services.table_file import MOST_BYTES, MOST_ROWS, TableFault, TableRow, UnreadableTable, read_table
from texts.message import Message
from web.desk.addresses import HOME
from web.desk.desk import PageContext
from web.desk.frame import Frame
from web.once import is_first, sent_id
from web.rendering import file_to_keep, see_other

ADDRESS = f"{HOME}/feedback-list"


@dataclass(frozen=True)
class ListPreview:
    """What would be done with a list, and the file itself, as the form sends it once more."""

    plan: ListPlan
    content: str

    def count(self, will: str) -> int:
        """Return of how many rows that would become."""
        return len(self.plan.of(Will(will)))


class FeedbackListViews:
    """Answers whoever brings the feedback list of a round."""

    def __init__(self, resources: Resources, frame: Frame) -> None:
        self._frame = frame
        self._secret = resources.keyring.lane_secret

    def routes(self) -> Sequence[web.RouteDef]:
        """Return the addresses with what answers them."""
        return [
            web.get(ADDRESS, self.choose),
            web.post(ADDRESS, self.take),
            web.get(f"{ADDRESS}/template.{{kind:csv|xlsx}}", self.template),
        ]

    async def choose(self, request: web.Request) -> web.StreamResponse:
        """Ask for the file."""
        return await self._page(request)

    async def template(self, request: web.Request) -> web.StreamResponse:
        """Send a table with the columns of a list, and one row that shows what belongs there."""
        async with self._frame.context(request) as context:
            await _rounds(context)
            words, today = context.words, context.work.today
        header = [words.plain(f"item.column_{column}") for column in Column]
        example = [words.plain(f"item.example_{column}") for column in Column]
        if request.match_info["kind"] == "csv":
            body, content_type = as_csv(header, [example]).encode(), "text/csv"
        else:
            sheet = Sheet(words.plain("item.list_sheet"), header, [example])
            body, content_type = await asyncio.to_thread(as_excel, [sheet], today), EXCEL
        return file_to_keep(body, content_type, f"feedback-list.{request.match_info['kind']}")

    async def take(self, request: web.Request) -> web.StreamResponse:
        """Show what would be done with a file, or do what was shown."""
        async with self._frame.context(request) as context:  # before anything is read: nobody else sends so much
            await _rounds(context)
        form, fields, content = await self._frame.posted_file(request, most_text_bytes=2 * MOST_BYTES)
        round_id, does = fields.get("round", ""), "do" in fields
        try:
            if isinstance(content, UnfitFile):
                raise UnreadableTable(TableFault.TOO_LARGE)
            if does:
                content = _unpacked(fields.get("rows", ""))
            table = await asyncio.to_thread(read_table, content)
            if does:
                return await self._do(request, form, round_id, table, content, fields.get("planned", ""))
            return await self._preview(request, round_id, table, content)
        except UnreadableTable as error:
            return await self._page(request, refusal=f"list_file_{error.fault}")
        except NoColumns as lacking:
            return await self._page(request, lacking=lacking.columns)
        except NotEntitled:
            raise web.HTTPNotFound from None

    async def _preview(
        self, request: web.Request, round_id: str, table: Sequence[TableRow], content: bytes, refusal: str = ""
    ) -> web.StreamResponse:
        async with self._frame.context(request) as context:
            plan = await plan_list(context.work, context.who, round_id, table)
        packed = base64.b64encode(content).decode()
        return await self._page(request, preview=ListPreview(plan, packed), refusal=refusal)

    async def _do(
        self, request: web.Request, form: str, round_id: str, table: Sequence[TableRow], content: bytes, planned: str
    ) -> web.StreamResponse:
        update_id = sent_id(self._secret, form, b"feedback-list", content)
        try:
            async with self._frame.transaction(request) as context:
                if not await is_first(context.work.session, update_id, context.work.now):
                    return see_other(ADDRESS)
                done = await do_list(context.work, context.who, round_id, table, planned)
                counts = {will: len(done.of(will)) for will in Will}
                said = context.words(
                    "desk.list_done",
                    issued=counts[Will.ISSUE],
                    moved=counts[Will.MOVE],
                    left=counts[Will.LEAVE],
                    wrong=counts[Will.NOTHING],
                )
        except ListChanged:
            return await self._preview(request, round_id, table, content, "list_changed_since")
        return await self._frame.lead_to(request, ADDRESS, Message(said))

    async def _page(
        self,
        request: web.Request,
        *,
        preview: ListPreview | None = None,
        lacking: Sequence[Column] = (),
        refusal: str = "",
    ) -> web.StreamResponse:
        async def values(context: PageContext) -> dict[str, Any]:
            return {
                "preview": preview,
                "lacking": [context.words.plain(f"item.column_{column}") for column in lacking],
                "refusal": refusal,
                "limits": {"rows": MOST_ROWS, "megabytes": MOST_BYTES // 2**20},
                "rounds": await _rounds(context),
            }

        return await self._frame.show(request, "desk/feedback_list.html", values, here="feedback-list")


async def _rounds(context: PageContext) -> list[Round]:
    rounds = await rounds_to_bring_lists_of(context.work, context.who)
    if not rounds:
        raise web.HTTPNotFound
    return rounds


def _unpacked(packed: str) -> bytes:
    try:
        return base64.b64decode(packed, validate=True)
    except ValueError:
        raise web.HTTPBadRequest from None
