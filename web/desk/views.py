"""The addresses of the staff's pages."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any

from aiohttp import web

from handlers.cases.special_briefs import printed_of
from handlers.commands import COMMANDS
from handlers.documents import pdf_of, why_unprintable
from handlers.incoming import Command
from handlers.items.printout import printed_for
from handlers.letters.letters import as_file
from handlers.revisits.draw_list import draw_list_for_excel
from media.kinds import SUFFIXES, Cleaned, FileKind
from models.states import NotEntitled
from qr.typesetting import MissingGlyph
from services.cases.digest import digest_since
from services.cases.notices import CaseDigest, CaseFile, LateCases
from services.cases.read_case import read_file
from services.cases.special_briefs import note_printed
from services.letters.letters import note_taken
from services.notice import ListNotice
from services.outbox import OutgoingMessage
from services.rectification.printout import note_printed as note_unit_printed
from services.rectification.printout import unit_to_print_for
from services.rectification.unit_actions import read_evidence
from services.rectification.working_papers import read_working_paper, working_paper_with_file
from services.resources import Resources
from services.revisits.draw_list import note_draw_list_taken
from services.spreadsheet import MEDIA_TYPE as EXCEL
from services.word import MEDIA_TYPE as WORD
from storage.folder import AttachmentGone
from texts.message import Message
from web.desk.addresses import HOME, address_of_record, own_address
from web.desk.desk import Desk, PageContext, SessionOver, Taking
from web.desk.frame import Frame
from web.desk.lists import CASE_LISTS, case_table, item_choices, item_table, one_press_words, words_to_narrow_by
from web.desk.records import card_of, files_of_paper, is_looked_at_by, opened_of, submission_of
from web.desk.sign_in import SignIn
from web.once import sent_id
from web.posted import PostedForm
from web.rendering import file_to_keep, see_other
from web.resident.conversations import MOST_CHARACTERS

# What a chat has a command for that only shows something.
SHOWING = frozenset(
    {
        "briefs",
        "clusters",
        "grants",
        "instructions",
        "load",
        "oncall",
        "staff",
        "audit",
        "publish",
        "polls",
        "recuse",
        "village",
    }
    | {
        "compare",
        "departments",
        "leads",
        "today",
        "transfers",
        "visits",
        "whoami",
        "lang",
        "grades",
        "rates",
        "weekly",
        "alarms",
        "report",
        "clearance",
    }
    | {
        "revisits",
        "checks",
        "patterns",
        "letters",
        "drafts",
        "comments",
        "selfreports",
        "feedback",
        "sources",
        "copies",
        "fielditems",
        "campaigns",
        "handdowns",
    }
    | {"talks", "bulletins", "docket", "tasks", "matters", "opinions", "accountability"}
)
_LIST_OF = {
    "cluster": "clusters",
    "brief": "briefs",
    "transfer": "transfers",
    "request": "transfers",
    "reportcard": "grades",
    "revisit": "revisits",
    "visit": "revisits",
    "check": "checks",
    "comment": "comments",
    "selfreport": "selfreports",
    "feedback": "feedback",
    "pattern": "patterns",
    "letter": "letters",
    "paper": "items",
    "talk": "talks",
    "bulletin": "bulletins",
    "docket": "docket",
    "task": "tasks",
    "account": "accountability",
    "copy": "copies",
    "campaign": "campaigns",
    "handdown": "handdowns",
    "draft": "drafts",
    "finding": "items",
    "grade": "grades",
    "report": "report",
}  # by the area of the record
# They are about items, rounds and what stands in the county file, whose ids people write.
_OF_WRITTEN_IDS = ("copy", "grade", "report", "campaign", "handdown", "finding")
_SEARCHED = frozenset({"staff", "audit", "recuse", "village", "clearance"})  # with words that narrow it
_CONTENT_TYPES = {
    FileKind.PHOTO: "image/jpeg",
    FileKind.VOICE: "audio/ogg",
    FileKind.VIDEO: "video/mp4",
    FileKind.PDF: "application/pdf",
}
_SHOWN_IN_PLACE = {FileKind.PHOTO, FileKind.VOICE, FileKind.VIDEO}


class DeskViews:
    """Answers what the browsers of the staff ask for: their cases and items, and what commands of the chat show."""

    def __init__(self, resources: Resources, desk: Desk, frame: Frame, sign_in: SignIn) -> None:
        self._desk = desk
        self._frame = frame
        self._sign_in = sign_in
        self._secret = resources.keyring.lane_secret

    def routes(self) -> Sequence[web.RouteDef]:
        """Return the addresses with what answers them."""
        return [
            web.get(HOME, self.home),
            web.post(HOME, self.take),
            web.get(f"{HOME}/case/{{id}}", self.case),
            web.get(f"{HOME}/item/{{id}}", self.item),
            web.get(f"{HOME}/{{area:{'|'.join(_LIST_OF)}}}/{{id:[0-9a-f]{{8,16}}}}", self.record),
            web.get(f"{HOME}/{{area:{'|'.join(_OF_WRITTEN_IDS)}}}/{{id}}", self.record),
            web.get(f"{HOME}/file/{{case}}/{{message}}", self.file),
            web.get(f"{HOME}/brief-file/{{id:[0-9a-f]{{8}}}}", self.brief_file),
            web.get(f"{HOME}/letter-file/{{id:[0-9a-f]{{16}}}}", self.letter_file),
            web.get(f"{HOME}/draw-file/{{id:[0-9a-f]{{8}}}}", self.draw_file),
            web.get(f"{HOME}/printout/{{id}}", self.printout),
            web.get(f"{HOME}/photo/{{id}}", self.photo),
            web.get(f"{HOME}/working-paper/{{id:[0-9a-f]{{32}}}}", self.working_paper),
            web.get(f"{HOME}/items", self.items),
            web.get(f"{HOME}/late", self.late),
            web.get(f"{HOME}/digest", self.digest),
            web.get(f"{HOME}/{{name:{'|'.join(CASE_LISTS)}}}", self.cases),
            web.get(f"{HOME}/{{name:{'|'.join(sorted(SHOWING))}}}", self.command),
        ]

    # ---- to look

    async def home(self, request: web.Request) -> web.StreamResponse:
        """Show what waits for somebody: their cases, their desks', their items."""

        async def values(context: PageContext) -> dict[str, Any]:
            names = list(reversed(CASE_LISTS)) if context.who.desks else ["queue"] if context.who.grants else []
            return {
                "tables_of_cases": [await case_table(context, name, {}) for name in names],
                "items": await item_table(context, {}),
            }

        try:
            return await self._frame.show(request, "desk/home.html", values)
        except SessionOver:
            return self._sign_in.page(request, "ask")

    async def cases(self, request: web.Request) -> web.StreamResponse:
        """Show a list of cases."""
        name = request.match_info["name"]

        async def values(context: PageContext) -> dict[str, Any]:
            table = await case_table(context, name, request.query)
            known = await words_to_narrow_by(context)
            return {"table": table, "known": known, "words_of_one_press": one_press_words(context)}

        return await self._frame.show(request, "desk/cases.html", values, here=name)

    async def case(self, request: web.Request) -> web.StreamResponse:
        """Show a case beside the list that it was found in."""
        case_id, beside = request.match_info["id"], request.query.get("in", "queue")

        async def values(context: PageContext) -> dict[str, Any]:
            is_listed = context.who.is_shown_cases and beside in CASE_LISTS
            table = await case_table(context, beside, request.query) if is_listed else None
            return {
                "card_shown": await card_of(context, "case", case_id),
                "opened": await opened_of(context, case_id),
                "table": table,
                "open_id": case_id,
            }

        return await self._frame.show(request, "desk/case.html", values, here=beside)

    async def items(self, request: web.Request) -> web.StreamResponse:
        """Show the open items."""

        async def values(context: PageContext) -> dict[str, Any]:
            return {"items": await item_table(context, request.query), "choices": await item_choices(context)}

        return await self._frame.show(request, "desk/items.html", values, here="items")

    async def item(self, request: web.Request) -> web.StreamResponse:
        """Show an item, with what was handed in for those who review it."""
        item_id = request.match_info["id"]

        async def values(context: PageContext) -> dict[str, Any]:
            return {
                "card_shown": await card_of(context, "item", item_id),
                "submission": await submission_of(context, item_id),
                "items": await item_table(context, request.query),
                "open_id": item_id,
            }

        return await self._frame.show(request, "desk/item.html", values, here="items")

    async def record(self, request: web.Request) -> web.StreamResponse:
        """Show the card of a record by itself: a cluster, a brief, what a unit wrote about an item, the grades."""
        area, record_id = request.match_info["area"], request.match_info["id"]

        async def values(context: PageContext) -> dict[str, Any]:
            photos = await files_of_paper(context, record_id) if area == "paper" else []
            return {"card_shown": await card_of(context, area, record_id), "page_address": None, "photos": photos}

        return await self._frame.show(request, "desk/publication.html", values, here=_LIST_OF[area])

    async def late(self, request: web.Request) -> web.StreamResponse:
        """Show what is late and for somebody to see to."""

        return await self._show_notice(request, "late", _late_cases)

    async def digest(self, request: web.Request) -> web.StreamResponse:
        """Show how somebody's cases stand."""
        return await self._show_notice(request, "digest", _case_digest)

    async def _show_notice(
        self, request: web.Request, name: str, notice_for: Callable[[PageContext], Awaitable[ListNotice]]
    ) -> web.StreamResponse:
        async def values(context: PageContext) -> dict[str, Any]:
            found = await context.rendered(OutgoingMessage(await notice_for(context)))
            return {"messages": [found] if found else [], "search": None}

        return await self._frame.show(request, "desk/messages.html", values, here=name)

    async def command(self, request: web.Request) -> web.StreamResponse:
        """Show what a command of the chat shows."""
        name, asked = request.match_info["name"], request.query.get("q", "")

        async def values(context: PageContext) -> dict[str, Any]:
            await COMMANDS[name](context.handler, context.who)
            rendered = [await context.rendered(answer) for answer in context.answers]
            return {
                "messages": [one for one in rendered if one],
                "search": name if name in _SEARCHED else None,
            }

        return await self._frame.show(
            request, "desk/messages.html", values, here=name, command=Command(name, tuple(asked.split()))
        )

    async def file(self, request: web.Request) -> web.StreamResponse:
        """Send a file of a case that was opened in this session, and is theirs to read now."""
        case_id, message_id = request.match_info["case"], request.match_info["message"]
        async with self._frame.context(request) as context:
            if CaseFile(case_id, message_id) not in context.flash.opened_of(case_id):
                raise web.HTTPNotFound
            try:
                _, found = await read_file(context.work, context.who, case_id, message_id)
            except (NotEntitled, AttachmentGone):
                raise web.HTTPNotFound from None
        return sent_file(found)

    async def brief_file(self, request: web.Request) -> web.StreamResponse:
        """Send a special brief, to be printed."""
        brief_id = request.match_info["id"]
        async with self._frame.transaction(request) as context:
            words = context.words
            try:
                await note_printed(context.work, context.who, brief_id)
                found = await printed_of(context.work, words, context.who, brief_id)
            except NotEntitled:
                raise web.HTTPNotFound from None
        try:
            return sent_file(Cleaned(FileKind.PDF, await pdf_of(found)))
        except MissingGlyph as error:
            why = Message(why_unprintable(words, error))
            return await self._frame.lead_to(request, address_of_record("brief", brief_id) or HOME, why)

    async def letter_file(self, request: web.Request) -> web.StreamResponse:
        """Send a suggestion letter, for Word."""
        async with self._frame.transaction(request) as context:
            try:
                await note_taken(context.work, context.who, request.match_info["id"])
                _, document = await as_file(context.work, context.words, context.who, request.match_info["id"])
            except NotEntitled:
                raise web.HTTPNotFound from None
        return file_to_keep(document, WORD, "1.docx")

    async def draw_file(self, request: web.Request) -> web.StreamResponse:
        """Send the list that a sample was drawn from, for Excel."""
        async with self._frame.transaction(request) as context:
            try:
                await note_draw_list_taken(context.work, context.who, request.match_info["id"])
                data = await draw_list_for_excel(context.work, context.words, context.who, request.match_info["id"])
            except NotEntitled:
                raise web.HTTPNotFound from None
        return file_to_keep(data, EXCEL, f"draw-{request.match_info['id']}.xlsx")

    async def printout(self, request: web.Request) -> web.StreamResponse:
        """Send what a messenger takes to the unit of an item, to be printed."""
        item_id = request.match_info["id"]
        async with self._frame.transaction(request) as context:
            words = context.words
            try:
                unit_id = await unit_to_print_for(context.work, context.who, item_id)
                await note_unit_printed(context.work, unit_id, by=context.who)
                found = await printed_for(context.work, words, context.who, item_id)
            except NotEntitled:
                raise web.HTTPNotFound from None
        try:
            return sent_file(Cleaned(FileKind.PDF, await pdf_of(found)))
        except MissingGlyph as error:
            why = Message(why_unprintable(words, error))
            return await self._frame.lead_to(request, address_of_record("item", item_id) or HOME, why)

    async def photo(self, request: web.Request) -> web.StreamResponse:
        """Send a file that was handed in to those who review it or sign for it; one that is prepared, to its unit."""
        async with self._frame.context(request) as context:
            try:
                if not await is_looked_at_by(context, request.match_info["id"]):
                    raise web.HTTPNotFound
                _, evidence, found = await read_evidence(context.work, context.who, request.match_info["id"])
            except (NotEntitled, AttachmentGone):
                raise web.HTTPNotFound from None
        return sent_file(Cleaned(FileKind(evidence.file_kind), found))

    async def working_paper(self, request: web.Request) -> web.StreamResponse:
        """Send the file of a working paper to those who work on its finding, or review what was done about it."""
        async with self._frame.transaction(request) as context:
            try:
                paper = await read_working_paper(context.work, context.who, request.match_info["id"])
                _, found = await working_paper_with_file(context.work, context.who, paper.id)
            except (NotEntitled, AttachmentGone):
                raise web.HTTPNotFound from None
            if found is None:  # a record, which the list of papers opens
                raise web.HTTPNotFound
        return sent_file(found)

    # ---- to do

    async def take(self, request: web.Request) -> web.StreamResponse:
        """Take what a form sends, and lead to the page that shows what came of it."""
        posted, taking = PostedForm(request), self._desk.begin(self._frame.session_id(request))
        async for file in posted.files():
            form = self._frame.name_of_form(request, posted.fields)
            await self._take_text(taking, form, posted.fields)
            await taking.file(file, partial(sent_id, self._secret, form, b"file"))
        fields, form = posted.fields, self._frame.name_of_form(request, posted.fields)
        await self._take_text(taking, form, fields)
        if press := fields.get("press"):
            await taking.press(sent_id(self._secret, form, b"press", press.encode()), press)
        elif command := fields.get("command"):
            await taking.command(sent_id(self._secret, form, b"command", command.encode()), command)
        return see_other(taking.leads_to)

    async def _take_text(self, taking: Taking, form: str, fields: dict[str, str]) -> None:
        """Take what stands before a file: at which page the form stands, and the text."""
        taking.at = own_address(fields.get("at", ""))
        taking.asked_in = fields.pop("asked_in", "")
        if text := fields.pop("text", "").strip():
            if len(text) > MOST_CHARACTERS:  # longer than its field takes
                raise web.HTTPRequestEntityTooLarge(MOST_CHARACTERS, len(text))
            await taking.text(sent_id(self._secret, form, b"text", text.encode()), text)


async def _late_cases(context: PageContext) -> ListNotice:
    return LateCases(tuple(context.who.visibility))


async def _case_digest(context: PageContext) -> ListNotice:
    return CaseDigest(tuple(context.who.visibility), (await digest_since(context.work)).isoformat())


def sent_file(file: Cleaned) -> web.Response:
    """Return a file as the browser gets it: shown at its place, or put aside under a name that says nothing."""
    response = web.Response(body=file.data, content_type=_CONTENT_TYPES.get(file.kind, "application/octet-stream"))
    if file.kind not in _SHOWN_IN_PLACE:
        response.headers["Content-Disposition"] = f'attachment; filename="1.{SUFFIXES[file.kind]}"'
    return response
