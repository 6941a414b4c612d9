"""The addresses of the resident's pages."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from aiohttp import web

from handlers.resident.messages import ResidentCommand, Sentence
from handlers.resident.notices import draw_receipt
from handlers.resident.rendering import renderer_for
from privacy.receipt import Receipt
from qr.link import BotAddress
from services.intake.place import Place, look_up
from services.resources import Resources
from texts.catalogue import LANGUAGES, Words
from web.language import language_wanted
from web.once import sent_id
from web.posted import Field, PostedFile, read_form
from web.rendering import page, see_other
from web.resident.door import PAGE, Door, Sending
from web.resident.notice import notice_of
from web.visitor import Visitor, drop_cookie, form_name, keep_cookie, new_form, visitor_of

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
        visitor, words = visitor_of(request), Words(language_wanted(request), PAGE.lacking)
        return page(request, "start.html", words, self._form(visitor))

    async def notice(self, request: web.Request) -> web.Response:
        """Show the notice of the round that a printed code belongs to."""
        token, language = request.match_info["token"], language_wanted(request)
        visitor, words = visitor_of(request), Words(language, PAGE.lacking)
        async with self._resources.database.reading() as session:
            work = self._resources.work(session)
            found = await look_up(work, token)
            if isinstance(found, Place):
                shown = {"notice": await notice_of(work, found, words), "token": token, "bot": self._links.bot()}
                return page(request, "notice.html", words, shown | self._form(visitor))
            values = (("day", found.opens_on),) if found.opens_on else ()
            said = Sentence(f"shut_{found.because}", values, contacts=found.contacts)
            [message] = (await renderer_for(work, language, PAGE)).messages(said)
        return page(request, "shut.html", words, {"message": message, **self._form(visitor)}, 404)

    async def show(self, request: web.Request) -> web.StreamResponse:
        """Show what was said last, and what can be said now."""
        visitor = visitor_of(request)
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
        visitor = visitor_of(request)
        sending = self._door.begin(visitor.address, language_wanted(request))
        response = await self._take(request, visitor, sending)
        if visitor.is_new:
            keep_cookie(response, visitor, secure=self._links.is_secure)
        return response

    async def leave(self, _request: web.Request) -> web.StreamResponse:
        """Lead away from here, and leave nothing in the browser that would lead back."""
        response = see_other(self._links.leave)
        drop_cookie(response)
        response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
        return response

    async def _take(self, request: web.Request, visitor: Visitor, sending: Sending) -> web.StreamResponse:
        form: str | None = None
        texts: dict[str, str] = {}
        brought = False
        async for part in read_form(request):
            if isinstance(part, Field):
                if part.name == "form":
                    form = form_name(self._secret, visitor, part.text)
                texts[part.name] = part.text
                continue
            if form is None:
                raise web.HTTPForbidden
            brought |= await self._take_text(sending, form, texts)
            await sending.file(part, _FileId(self._secret, form, part))
            brought = True
        if form is None:
            raise web.HTTPForbidden
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
        if text:
            await sending.text(sent_id(self._secret, form, b"text", text.encode()), text)
        return bool(text)

    def _form(self, visitor: Visitor) -> dict[str, object]:
        return {"form": new_form(self._secret, visitor), "languages": LANGUAGES}


@dataclass(frozen=True)
class _FileId:
    """Names a file that a form sends, by its content."""

    secret: bytes
    form: str
    file: PostedFile

    def __call__(self, content: bytes) -> str:
        return sent_id(self.secret, self.form, b"file", content)


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
