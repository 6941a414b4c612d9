"""The addresses of the resident's pages."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from handlers.resident.messages import ResidentCommand, Sentence
from handlers.resident.notices import draw_receipt
from handlers.resident.rendering import renderer_for
from privacy.receipt import Receipt, read_receipt
from privacy.receipt_search import receipt_within
from qr.link import BotAddress
from services.intake.place import Place, look_up
from services.resources import Resources
from texts.catalogue import LANGUAGES, Words
from web.admission import Admission
from web.language import language_wanted
from web.once import sent_id
from web.posted import Field, PostedFile, read_form
from web.rendering import page, see_other
from web.resident.door import MOST_CHARACTERS, PAGE, Door, Sending
from web.resident.notice import notice_of
from web.visitor import Visitor, Visitors

PAGE_ADDRESS = "/page"


@dataclass(frozen=True)
class PageLinks:
    """Where pages lead besides one another."""

    leave: str  # where somebody is who left quickly
    is_secure: bool  # reached by https alone
    bot: Callable[[], BotAddress | None]  # whom 'in Telegram' opens; its name is known once it has started


class ResidentViews:
    """Answers what browsers ask for."""

    def __init__(self, resources: Resources, door: Door, links: PageLinks) -> None:
        self._resources = resources
        self._door = door
        self._links = links
        self._secret = resources.keyring.lane_secret
        self._visitors = Visitors(self._secret, resources.now, is_secure=links.is_secure)
        self._admission = Admission(self._secret)

    def routes(self) -> Sequence[web.RouteDef]:
        """Return the addresses with what answers them."""
        return [
            web.get("/", self.start),
            web.get("/r/{token}", self.notice),
            web.get(PAGE_ADDRESS, self.show),
            web.post(PAGE_ADDRESS, self.take),
            web.get("/leave", self.leave),
        ]

    async def start(self, request: web.Request) -> web.Response:
        """Show the way in without a printed code: with a receipt code."""
        visitor, words = self._visitors.of(request), Words(language_wanted(request), PAGE.lacking)
        return page(request, "start.html", words, self._form(visitor) | self._challenge())

    async def notice(self, request: web.Request) -> web.Response:
        """Show the notice of the round that a printed code belongs to."""
        token, language = request.match_info["token"], language_wanted(request)
        visitor, words = self._visitors.of(request), Words(language, PAGE.lacking)
        async with self._resources.database.reading() as session:
            work = self._resources.work(session)
            found = await look_up(work, token)
            if isinstance(found, Place):
                shown = {"notice": await notice_of(work, found, words), "token": token, "bot": self._links.bot()}
                return page(request, "notice.html", words, shown | self._form(visitor) | self._challenge())
            values = (("day", found.opens_on),) if found.opens_on else ()
            said = Sentence(f"shut_{found.because}", values, contacts=found.contacts)
            [message] = (await renderer_for(work, language, PAGE)).messages(said)
        return page(request, "shut.html", words, {"message": message, **self._form(visitor)}, 404)

    async def show(self, request: web.Request) -> web.StreamResponse:
        """Show what was said last, and what can be said now."""
        visitor = self._visitors.of(request)
        if visitor.is_new:
            return see_other("/")
        shown = await self._door.shown(visitor.address, language_wanted(request))
        if shown.state.is_over and not shown.messages:
            return see_other("/")
        words = Words(shown.language, PAGE.lacking)
        return page(
            request, "page.html", words, {"state": shown.state, "messages": shown.messages, **self._form(visitor)}
        )

    async def take(self, request: web.Request) -> web.StreamResponse:
        """Take what a form sends, and lead to what is said to it."""
        visitor, language = self._visitors.of(request), language_wanted(request)
        sending = self._door.begin(visitor.address, language)
        try:
            response = await self._take(request, visitor, sending)
        except NotLetIn as refused:
            return await self._not_let_in(request, refused.text, language)
        if visitor.is_new:
            self._visitors.keep(response, visitor)
        return response

    async def leave(self, _request: web.Request) -> web.StreamResponse:
        """Lead away from here, and leave nothing in the browser that would lead back."""
        response = see_other(self._links.leave)
        self._visitors.drop(response)
        response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
        return response

    async def _take(self, request: web.Request, visitor: Visitor, sending: Sending) -> web.StreamResponse:
        entrance = _Entrance(self._visitors, self._admission, visitor, self._resources.now())
        texts: dict[str, str] = {}
        brought = False
        async for part in read_form(request):
            if isinstance(part, Field):
                texts[part.name] = part.text
                continue
            form = entrance.enter(texts)
            brought |= await self._take_text(sending, form, texts)
            await sending.file(part, _FileId(self._secret, form, part))
            brought = True
        form = entrance.enter(texts)
        brought |= await self._take_text(sending, form, texts)
        if token := texts.get("token"):
            await sending.scan(sent_id(self._secret, form, b"scan", token.encode()), token)
        elif press := texts.get("press"):
            if not (brought and _sends(press)):  # what has just come in is looked at first
                await sending.press(sent_id(self._secret, form, b"press", press.encode()), press)
        elif command := texts.get("command"):
            await sending.command(sent_id(self._secret, form, b"command"), _command(command))
        if sending.picture is not None:
            return await _picture(*sending.picture)
        return see_other(PAGE_ADDRESS)

    async def _take_text(self, sending: Sending, form: str, texts: dict[str, str]) -> bool:
        text = texts.pop("text", "").strip()
        if not text:
            return False
        if _has_code(text) and not self._admission.looks_up(self._resources.now()):
            raise NotLetIn(text)
        await sending.text(sent_id(self._secret, form, b"text", text.encode()), text)
        return True

    async def _not_let_in(self, request: web.Request, text: str, language: str) -> web.Response:
        """Say that there are too many just now, and first of all whom to call, where the words are of a crisis."""
        messages = await self._door.crisis_help(text[:MOST_CHARACTERS], language) if not _has_code(text) else []
        words = Words(language, PAGE.lacking)
        return page(request, "busy.html", words, {"messages": messages}, 503)

    def _form(self, visitor: Visitor) -> dict[str, object]:
        return {"form": self._visitors.new_form(visitor), "languages": LANGUAGES}

    def _challenge(self) -> dict[str, object]:
        return {"challenge": self._admission.challenge(self._resources.now())}


class NotLetIn(Exception):
    """There are too many just now; `text` is what somebody wrote who was not let in."""

    def __init__(self, text: str) -> None:
        super().__init__("too many just now")
        self.text = text


@dataclass
class _Entrance:
    """Lets somebody in before anything of what their form sends is taken.

    Whoever has no cookie yet must be let in, and whoever begins to write.
    """

    visitors: Visitors
    admission: Admission
    visitor: Visitor
    now: datetime
    was_let_in: bool = False

    def enter(self, texts: Mapping[str, str]) -> str:
        """Return the name of the form. Raises HTTPForbidden when we did not make it for this browser, and NotLetIn."""
        form = self.visitors.form_name(self.visitor, texts.get("form", ""))
        if form is None:
            raise web.HTTPForbidden
        if not self.was_let_in and (self.visitor.is_new or texts.get("token")):
            if not self.admission.lets_in(texts.get("proof", ""), self.now):
                raise NotLetIn(texts.get("text", ""))
            self.was_let_in = True
        return form


@dataclass(frozen=True)
class _FileId:
    """Names a file that a form sends, by its content."""

    secret: bytes
    form: str
    file: PostedFile

    def __call__(self, content: bytes) -> str:
        return sent_id(self.secret, self.form, b"file", content)


def _has_code(text: str) -> bool:
    return isinstance(read_receipt(text), Receipt) or receipt_within(text) is not None


def _sends(press: str) -> bool:
    return press.startswith(("1.r.send.", "1.r.put_in."))


def _command(name: str) -> ResidentCommand:
    try:
        return ResidentCommand(name)
    except ValueError:
        raise web.HTTPBadRequest from None


async def _picture(receipt: Receipt, language: str) -> web.Response:
    drawn = await draw_receipt(receipt, Words(language, PAGE.lacking))
    response = web.Response(body=drawn, content_type="image/png")
    response.headers["Content-Disposition"] = 'attachment; filename="1.png"'
    return response
