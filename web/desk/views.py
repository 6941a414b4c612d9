"""The addresses of the staff's pages."""

import asyncio
import hmac
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any
from unicodedata import normalize

from aiohttp import web

from handlers.commands import COMMANDS
from handlers.incoming import Command
from handlers.notices import WAITING
from handlers.people.sign_in import PATH
from media.kinds import SUFFIXES, Cleaned, FileKind
from models.states import NotEntitled
from qr.link import INVITATION_PATH
from services.cases.notices import CaseFile, LateCases
from services.cases.read_case import read_file
from services.delivery.opened import link_of
from services.outbox import OutgoingMessage
from services.people.enrol import InvitationProblem
from services.people.sessions import LINK_LIFETIME
from services.rectification.unit_actions import read_evidence, round_collected_for
from services.resources import Resources
from storage.folder import AttachmentGone
from texts.catalogue import LANGUAGES, Words
from web.admission import Admission, PerMinute
from web.desk.addresses import HOME, address_of_button, address_of_record, form_address_of_button, own_address
from web.desk.cookie import SessionCookie, whose_form
from web.desk.desk import STAFF_PAGE, Desk, Look, SessionOver, Taking
from web.desk.lists import CASE_LISTS, begins, case_table, item_table, ways, words_to_narrow_by
from web.desk.question import question_of
from web.desk.records import card_of, is_reviewed_by, may_know_of, opened_of, submission_of
from web.forms import Forms
from web.language import language_wanted
from web.once import sent_id
from web.posted import Field, read_form
from web.rendering import page, see_other

LINKS_A_MINUTE = 60  # that are asked for without a proof of work, whoever does: for the load alone
# What a chat has a command for that only shows something.
SHOWING = frozenset({"staff", "audit", "recuse", "whoami", "lang"})
_SEARCHED = frozenset({"staff", "audit", "recuse"})  # with words that narrow it
_CASE, _ITEM = re.compile(r"\d{8}"), re.compile(r"RI\d{2,6}")
_CONTENT_TYPES = {
    FileKind.PHOTO: "image/jpeg",
    FileKind.VOICE: "audio/ogg",
    FileKind.VIDEO: "video/mp4",
    FileKind.PDF: "application/pdf",
}
_SHOWN_IN_PLACE = {FileKind.PHOTO, FileKind.VOICE, FileKind.VIDEO}


class DeskViews:
    """Answers what the browsers of the staff ask for."""

    def __init__(self, resources: Resources, desk: Desk, *, is_secure: bool) -> None:
        self._resources = resources
        self._desk = desk
        self._secret = resources.keyring.lane_secret
        self._forms = Forms(self._secret)
        self._cookie = SessionCookie(is_secure=is_secure)
        self._admission = Admission(hmac.digest(self._secret, b"xunsheng/door/1", "sha256"))
        self._links_asked = PerMinute()
        self._asking: set[asyncio.Task[None]] = set()  # for links, under way

    def routes(self) -> Sequence[web.RouteDef]:
        """Return the addresses with what answers them."""
        return [
            web.get(HOME, self.home),
            web.post(HOME, self.take),
            web.post(f"{HOME}/link", self.ask_for_link),
            web.get(PATH + "{token}", self.look_at_link),
            web.get(WAITING + "{waiting}", self.follow),
            web.post(f"{HOME}/open", self.open),
            web.get(INVITATION_PATH + "{token}", self.look_at_invitation),
            web.post(INVITATION_PATH.rstrip("/"), self.join),
            web.post(f"{HOME}/out", self.close),
            web.get(f"{HOME}/find", self.find),
            web.get(f"{HOME}/case/{{id}}", self.case),
            web.get(f"{HOME}/item/{{id}}", self.item),
            web.get(f"{HOME}/file/{{case}}/{{message}}", self.file),
            web.get(f"{HOME}/photo/{{id}}", self.photo),
            web.get(f"{HOME}/items", self.items),
            web.get(f"{HOME}/late", self.late),
            web.get(f"{HOME}/{{name:{'|'.join(CASE_LISTS)}}}", self.cases),
            web.get(f"{HOME}/{{name:{'|'.join(sorted(SHOWING))}}}", self.command),
        ]

    async def finish(self, _app: web.Application) -> None:
        """Wait until the links are sent that were asked for."""
        await asyncio.gather(*self._asking, return_exceptions=True)

    # ---- in and out

    async def ask_for_link(self, request: web.Request) -> web.StreamResponse:
        """Say that the link is on its way, whoever was named: it is looked up after that."""
        form, fields = await self._posted(request)
        now = self._resources.now()
        if not self._admission.takes(fields.get("proof", ""), now) and not self._links_asked.takes(now, LINKS_A_MINUTE):
            return self._sign_in_page(request, "busy", status=503)
        who, waiting = fields.get("who", ""), fields.get("waiting", "")
        update_id = sent_id(self._secret, form, b"link", f"{who}\0{waiting}".encode())
        asking = asyncio.create_task(self._desk.ask_for_link(update_id, who, waiting))
        self._asking.add(asking)
        self._resources.activity.begin(asking)
        asking.add_done_callback(self._asking.discard)
        asking.add_done_callback(self._resources.activity.end)
        return self._sign_in_page(request, "asked")

    async def look_at_link(self, request: web.Request) -> web.StreamResponse:
        """Show the button that uses a link up: whatever else follows links, such as a mail server, does not."""
        token = request.match_info["token"]
        if not await self._desk.opens(token):
            return self._sign_in_page(request, "link_over")
        return self._sign_in_page(request, "enter", token=token, waiting=request.query.get("to", ""))

    async def follow(self, request: web.Request) -> web.StreamResponse:
        """Lead from the link of a mail to what waits; whoever is not signed in is first sent the link that opens.

        That it was fetched says nothing: only what is shown to them then counts as opened.
        """
        waiting = request.match_info["waiting"]
        try:
            async with self._desk.looking(self._cookie.of(request) or "") as look:
                found = await link_of(look.work, waiting)
                record = found.record if found and found.staff_id == look.who.id else None
                leads = address_of_record(*record) if record and await may_know_of(look, *record) else None
        except SessionOver:
            is_known = await self._desk.leads_somewhere(waiting)
            return self._sign_in_page(request, "waits" if is_known else "ask", waiting=waiting)
        return see_other(leads or HOME)

    async def open(self, request: web.Request) -> web.StreamResponse:
        """Open a session."""
        _, fields = await self._posted(request)
        session_id = await self._desk.open(fields.get("token", ""))
        if session_id is None:
            return self._sign_in_page(request, "link_over")
        waiting = fields.get("waiting", "")
        response = see_other(own_address(WAITING + waiting) if waiting else HOME)
        self._cookie.keep(response, session_id)
        return response

    async def look_at_invitation(self, request: web.Request) -> web.StreamResponse:
        """Ask whether it is they for whom an invitation was made: the press uses it up, looking does not."""
        token = request.match_info["token"]
        found = await self._desk.invited(token)
        if isinstance(found, InvitationProblem):
            return self._sign_in_page(request, "not_invited", problem=found)
        return self._sign_in_page(request, "invited", token=token, invited=found)

    async def join(self, request: web.Request) -> web.StreamResponse:
        """Open the session of whoever was invited, at the page where they enter how they are reached."""
        _, fields = await self._posted(request)
        opened = await self._desk.join(fields.get("token", ""))
        if isinstance(opened, InvitationProblem):
            return self._sign_in_page(request, "not_invited", problem=opened)
        response = see_other(f"{HOME}/whoami")
        self._cookie.keep(response, opened)
        return response

    async def close(self, request: web.Request) -> web.StreamResponse:
        """End the session."""
        await self._posted(request)
        if session_id := self._cookie.of(request):
            await self._desk.close(session_id)
        response = see_other(HOME)
        self._cookie.drop(response)
        return response

    # ---- to look

    async def home(self, request: web.Request) -> web.StreamResponse:
        """Show what waits for somebody: their cases, their desks', their items."""

        async def values(look: Look) -> dict[str, Any]:
            names = list(reversed(CASE_LISTS)) if look.who.desks else []
            return {
                "tables_of_cases": [await case_table(look, name, {}) for name in names],
                "items": await item_table(look, {}),
            }

        return await self._show(request, "desk/home.html", values)

    async def cases(self, request: web.Request) -> web.StreamResponse:
        """Show a list of cases."""
        name = request.match_info["name"]

        async def values(look: Look) -> dict[str, Any]:
            table = await case_table(look, name, request.query)
            return {"table": table, "known": await words_to_narrow_by(look)}

        return await self._show(request, "desk/cases.html", values, here=name)

    async def case(self, request: web.Request) -> web.StreamResponse:
        """Show a case beside the list that it was found in."""
        case_id, beside = request.match_info["id"], request.query.get("in", "queue")

        async def values(look: Look) -> dict[str, Any]:
            table = await case_table(look, beside, request.query) if look.who.desks and beside in CASE_LISTS else None
            return {
                "card_shown": await card_of(look, "case", case_id),
                "opened": await opened_of(look, case_id),
                "table": table,
                "open_id": case_id,
            }

        return await self._show(request, "desk/case.html", values, here=beside)

    async def items(self, request: web.Request) -> web.StreamResponse:
        """Show the open items."""

        async def values(look: Look) -> dict[str, Any]:
            return {"items": await item_table(look, request.query)}

        return await self._show(request, "desk/items.html", values, here="items")

    async def item(self, request: web.Request) -> web.StreamResponse:
        """Show an item, with what was handed in for those who review it."""
        item_id = request.match_info["id"]

        async def values(look: Look) -> dict[str, Any]:
            return {
                "card_shown": await card_of(look, "item", item_id),
                "submission": await submission_of(look, item_id),
                "items": await item_table(look, request.query),
                "open_id": item_id,
            }

        return await self._show(request, "desk/item.html", values, here="items")

    async def late(self, request: web.Request) -> web.StreamResponse:
        """Show what is late and for somebody to see to."""

        async def values(look: Look) -> dict[str, Any]:
            found = await look.rendered(OutgoingMessage(LateCases(tuple(look.who.visibility))))
            return {"messages": [found] if found else [], "search": None}

        return await self._show(request, "desk/messages.html", values, here="late")

    async def command(self, request: web.Request) -> web.StreamResponse:
        """Show what a command of the chat shows."""
        name, asked = request.match_info["name"], request.query.get("q", "")

        async def values(look: Look) -> dict[str, Any]:
            await COMMANDS[name](look.context, look.who)
            rendered = [await look.rendered(answer) for answer in look.answers]
            return {
                "messages": [one for one in rendered if one],
                "search": name if name in _SEARCHED else None,
            }

        return await self._show(
            request, "desk/messages.html", values, here=name, command=Command(name, tuple(asked.split()))
        )

    async def find(self, request: web.Request) -> web.StreamResponse:
        """Lead to the case or item of a number."""
        typed = "".join(normalize("NFKC", request.query.get("number", "")).upper().split()).replace("-", "")
        if _ITEM.fullmatch(typed):
            return see_other(f"{HOME}/item/{typed}")
        if _CASE.fullmatch(typed):
            return see_other(f"{HOME}/case/{typed}")
        return see_other(HOME)

    async def file(self, request: web.Request) -> web.StreamResponse:
        """Send a file of a case that was opened in this session, and is theirs to read now."""
        case_id, message_id = request.match_info["case"], request.match_info["message"]
        async with self._looking(request) as look:
            if CaseFile(case_id, message_id) not in look.said.opened_of(case_id):
                raise web.HTTPNotFound
            try:
                _, found = await read_file(look.work, look.who, case_id, message_id)
            except (NotEntitled, AttachmentGone):
                raise web.HTTPNotFound from None
        return _sent(found)

    async def photo(self, request: web.Request) -> web.StreamResponse:
        """Send a photo that a unit handed in, to those who review it."""
        async with self._looking(request) as look:
            try:
                if not await is_reviewed_by(look, request.match_info["id"]):
                    raise web.HTTPNotFound
                _, found = await read_evidence(look.work, look.who, request.match_info["id"])
            except (NotEntitled, AttachmentGone):
                raise web.HTTPNotFound from None
        return _sent(Cleaned(FileKind.PHOTO, found))

    # ---- to do

    async def take(self, request: web.Request) -> web.StreamResponse:
        """Take what a form sends, and lead to the page that shows what came of it."""
        session_id = self._cookie.of(request)
        if session_id is None:
            return see_other(HOME)
        try:
            return await self._take(request, session_id)
        except SessionOver:
            return see_other(HOME)

    async def _take(self, request: web.Request, session_id: str) -> web.StreamResponse:
        form: str | None = None
        fields: dict[str, str] = {}
        taking = self._desk.begin(session_id, HOME)
        async for part in read_form(request):
            if isinstance(part, Field):
                fields[part.name] = part.text
                if part.name == "form":
                    form = self._forms.name(whose_form(session_id), part.text)
                elif part.name == "at":
                    taking = self._desk.begin(session_id, own_address(part.text))
                continue
            if form is None:
                raise web.HTTPForbidden
            await self._take_text(taking, form, fields)
            await taking.file(part, partial(sent_id, self._secret, form, b"file"))
        if form is None:
            raise web.HTTPForbidden
        await self._take_text(taking, form, fields)
        if press := fields.get("press"):
            await taking.press(sent_id(self._secret, form, b"press", press.encode()), press)
        elif command := fields.get("command"):
            await taking.command(sent_id(self._secret, form, b"command", command.encode()), command)
        return see_other(taking.leads_to)

    async def _take_text(self, taking: Taking, form: str, fields: dict[str, str]) -> None:
        if text := fields.pop("text", "").strip():
            await taking.text(sent_id(self._secret, form, b"text", text.encode()), text)

    async def _posted(self, request: web.Request) -> tuple[str, dict[str, str]]:
        """Return the name of a form of ours and its texts. Raises HTTPForbidden for another."""
        fields = {part.name: part.text async for part in read_form(request) if isinstance(part, Field)}
        form = self._forms.name(whose_form(self._cookie.of(request)), fields.get("form", ""))
        if form is None:
            raise web.HTTPForbidden
        return form, fields

    @asynccontextmanager
    async def _looking(self, request: web.Request, command: Command | None = None) -> AsyncIterator[Look]:
        """Open a look for whoever is signed in. Raises HTTPSeeOther to the page to sign in where nobody is."""
        try:
            async with self._desk.looking(self._cookie.of(request) or "", command) as look:
                yield look
        except SessionOver:
            raise web.HTTPSeeOther(HOME) from None

    async def _show(
        self,
        request: web.Request,
        template: str,
        values: Callable[[Look], Awaitable[dict[str, Any]]],
        *,
        here: str = "",
        command: Command | None = None,
    ) -> web.StreamResponse:
        """Show a page; at the first address of all, the one to sign in, where nobody is."""
        session_id = self._cookie.of(request)
        if session_id is None and request.path == HOME:
            return self._sign_in_page(request, "ask")
        try:
            async with self._desk.looking(session_id or "", command) as look:
                shown = await self._frame(look, request, here) | await values(look)
                words = look.context.words
            await self._desk.note_opened(look)
        except SessionOver:
            return self._sign_in_page(request, "ask") if request.path == HOME else see_other(HOME)
        return page(request, template, words, shown)

    async def _frame(self, look: Look, request: web.Request, here: str) -> dict[str, Any]:
        """Return what stands on every page: where to go, what was said last, and the form that is open."""
        is_here = look.said.is_of(request.path_qs, look.work.now)
        said = [await look.rendered(one) for one in look.said.messages] if is_here else []
        session_id = self._cookie.of(request)
        return {
            "form": self._forms.new(whose_form(session_id)),
            "at": request.path_qs,
            "here": here,
            "name": look.who.name,
            "ways": ways(look),
            "begins": begins(look),
            "toast": look.said.toast if is_here else "",
            "typed": look.said.typed if is_here else "",
            "said": [one for one in said if one is not None],
            "question": await question_of(look),
            "takes_files": bool(look.context.form and await round_collected_for(look.work, look.who.id)),
            "address_of": address_of_button,
            "form_address_of": form_address_of_button,
        }

    def _sign_in_page(self, request: web.Request, what: str, *, status: int = 200, **more: object) -> web.Response:
        """Show the page to sign in: where a link is asked for, and where it is used."""
        words = Words(language_wanted(request), STAFF_PAGE.lacking)
        form = self._forms.new(whose_form(self._cookie.of(request)))
        minutes = LINK_LIFETIME.seconds // 60
        challenge = self._admission.challenge(self._resources.now())
        values = {"what": what, "form": form, "minutes": minutes, "languages": LANGUAGES, "challenge": challenge}
        return page(request, "desk/sign_in.html", words, values | more, status)


def _sent(file: Cleaned) -> web.Response:
    """Return a file as the browser gets it: shown at its place, or put aside under a name that says nothing."""
    response = web.Response(body=file.data, content_type=_CONTENT_TYPES.get(file.kind, "application/octet-stream"))
    if file.kind not in _SHOWN_IN_PLACE:
        response.headers["Content-Disposition"] = f'attachment; filename="1.{SUFFIXES[file.kind]}"'
    return response
