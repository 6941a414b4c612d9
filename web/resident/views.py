"""The addresses of the resident's pages."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from aiohttp import web

from handlers.press import unpack
from handlers.resident.messages import ResidentCommand, Sentence
from handlers.resident.notices import draw_receipt
from handlers.resident.rendering import renderer_for
from models.complaints import FILES
from privacy.receipt import Receipt, read_receipt
from privacy.receipt_search import receipt_within
from qr.link import NOTICE_PATH, BotAddress
from services.intake.drafts import ConversationState
from services.intake.place import Place, look_up
from services.resources import Resources
from texts.catalogue import LANGUAGES, Words
from web.admission import Admission
from web.forms import Forms
from web.language import language_wanted
from web.once import sent_id
from web.posted import PostedForm
from web.rendering import compressed, file_to_keep, page, see_other
from web.resident.cards import AREA, conversation_page, message_card
from web.resident.conversations import MOST_CHARACTERS, RESIDENT_PAGE, Conversations, Taking
from web.resident.notice import links_to_results, notice_of
from web.visitor import Visitor, Visitors

CONVERSATION_PATH = "/page"
_NUMBER = re.compile(r"[1-9][0-9]?")
_SETTLING = frozenset({"send", "put_in", "traces_stay"})
_BEGINS = frozenset({"form", "proof", "token", "l"})  # what the form of a notice sends, and nothing besides


@dataclass(frozen=True)
class PageLinks:
    """Where pages lead besides one another."""

    leave: str  # where somebody is who left quickly
    is_secure: bool  # reached by https alone
    bot: Callable[[], BotAddress | None]  # whom 'in Telegram' opens; its name is known once it has started


@dataclass(frozen=True)
class PieceToChange:
    """A piece of a draft whose words are to be changed."""

    source: str
    text: str
    is_file: bool


class ResidentViews:
    """Answers what browsers ask for."""

    def __init__(self, resources: Resources, conversations: Conversations, links: PageLinks) -> None:
        self._resources = resources
        self._conversations = conversations
        self._links = links
        self._secret = resources.keyring.lane_secret
        self._visitors = Visitors(self._secret, resources.now, is_secure=links.is_secure)
        self._forms = Forms(self._secret)
        self._admission = Admission(self._secret)

    def routes(self) -> Sequence[web.RouteDef]:
        """Return the addresses with what answers them."""
        return [
            web.get("/", self.start),
            web.get(NOTICE_PATH + "{token}", self.notice),
            web.get(CONVERSATION_PATH, self.show),
            web.post(CONVERSATION_PATH, self.take),
            web.get(CONVERSATION_PATH + r"/picture/{number:[1-9][0-9]?}", self.picture),
            web.get("/leave", self.leave),
        ]

    async def start(self, request: web.Request) -> web.Response:
        """Show the way in without a printed code: with a receipt code."""
        visitor, words = self._visitors.of(request), Words(language_wanted(request), RESIDENT_PAGE.lacking)
        values = self._form(request, visitor) | self._challenge()
        return self._first_page(visitor, page(request, "start.html", words, values))

    async def notice(self, request: web.Request) -> web.Response:
        """Show the notice of the round that a printed code belongs to."""
        token, language = request.match_info["token"], language_wanted(request)
        visitor, words = self._visitors.of(request), Words(language, RESIDENT_PAGE.lacking)
        async with self._resources.database.reading() as session:
            work = self._resources.work(session)
            found, public_rounds = await look_up(work, token), await links_to_results(work, words)
            if isinstance(found, Place):
                shown = {"notice": await notice_of(work, found, words), "token": token, "bot": self._links.bot()}
                values = shown | {"public_rounds": public_rounds} | self._form(request, visitor) | self._challenge()
                return self._first_page(visitor, page(request, "notice.html", words, values))
            day = (("day", found.opens_on),) if found.opens_on else ()
            said = Sentence(f"shut_{found.because}", day, contacts=found.contacts)
            [message] = (await renderer_for(work, language, RESIDENT_PAGE)).messages(said)
        shut = {"card": message_card(message, words), "public_rounds": public_rounds} | self._form(request, visitor)
        return self._first_page(visitor, page(request, "shut.html", words, shut, 404))

    async def show(self, request: web.Request) -> web.StreamResponse:
        """Show what was said last, and what can be said now."""
        visitor = self._visitors.of(request)
        if visitor.is_new:
            return see_other("/")
        shown = await self._conversations.shown(visitor.address, language_wanted(request))
        state, words = shown.state, Words(shown.language, RESIDENT_PAGE.lacking)
        if state.is_over and not shown.messages:
            return see_other("/")
        if (piece := _to_change(request, state)) is not None:
            return page(request, "change.html", words, {"piece": piece, **self._form(request, visitor)})
        values = {"state": state, "page": conversation_page(shown.messages, state, words)}
        return page(request, "page.html", words, values | self._form(request, visitor))

    async def picture(self, request: web.Request) -> web.StreamResponse:
        """Show a photo of the draft, small, to whoever is writing it."""
        visitor = self._visitors.of(request)
        found = await self._conversations.picture(visitor.address, int(request.match_info["number"]))
        if found is None:
            raise web.HTTPNotFound
        return web.Response(body=found, content_type="image/jpeg")

    async def take(self, request: web.Request) -> web.StreamResponse:
        """Take what a form sends, and lead to what is said to it."""
        visitor, language = self._visitors.of(request), language_wanted(request)
        taking = self._conversations.begin(visitor.address, language)
        try:
            response = await self._take(request, visitor, taking)
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

    async def _take(self, request: web.Request, visitor: Visitor, taking: Taking) -> web.StreamResponse:
        entrance = _Entrance(self._forms, self._admission, visitor, self._resources.now())
        posted, brought = PostedForm(request), False
        texts = posted.fields
        async for file in posted.files():
            form = entrance.enter(texts)
            brought |= await self._take_texts(taking, entrance, form, texts)
            await taking.file(file, partial(sent_id, self._secret, form, b"file"))
            brought = True
        form = entrance.enter(texts, is_all=not brought)
        brought |= await self._take_texts(taking, entrance, form, texts)
        await self._take_rest(taking, form, texts, brought=brought)
        if taking.picture is not None:
            return await _picture(*taking.picture)
        if request.headers.get("X-Piece"):  # a script sends piece by piece, and shows the page when all are there
            return web.Response(status=204)
        number = texts.get("change", "")
        return see_other(f"{CONVERSATION_PATH}?change={number}" if _NUMBER.fullmatch(number) else CONVERSATION_PATH)

    async def _take_texts(self, taking: Taking, entrance: "_Entrance", form: str, texts: dict[str, str]) -> bool:
        """Take what stands before the files; return whether something was brought, now or by a form before this one."""
        if (language := texts.pop("l", "")) in LANGUAGES:
            taking.speak(language)
        goes_on = bool(texts.pop("goes_on", ""))
        if goes_on:
            taking.go_on()
        text = texts.pop("text", "").strip()
        if text:
            sent = sent_id(self._secret, form, b"text", text.encode())
            if _has_code(text) and not entrance.looks_up(texts, sent):
                raise NotLetIn(text)
            await taking.text(sent, text)
        return bool(text) or goes_on

    async def _take_rest(self, taking: Taking, form: str, texts: dict[str, str], *, brought: bool) -> None:
        if token := texts.get("token"):
            await taking.scan(sent_id(self._secret, form, b"scan", token.encode()), token)
        elif press := texts.get("press"):
            if not (brought and _settles(press)):  # what has just come in is looked at first
                await taking.press(sent_id(self._secret, form, b"press", press.encode()), press)
        elif command := texts.get("command"):
            await taking.command(sent_id(self._secret, form, b"command"), _command(command))
        elif (source := texts.get("piece")) and (changed := texts.get("changed", "").strip()):
            await taking.change(
                sent_id(self._secret, form, b"change", source.encode(), changed.encode()), source, changed
            )

    async def _not_let_in(self, request: web.Request, text: str, language: str) -> web.Response:
        """Say that there are too many just now, and first of all whom to call, where the words are of a crisis."""
        messages = (
            await self._conversations.crisis_help(text[:MOST_CHARACTERS], language) if not _has_code(text) else []
        )
        words = Words(language, RESIDENT_PAGE.lacking)
        return page(request, "busy.html", words, {"cards": [message_card(one, words) for one in messages]}, 503)

    def _first_page(self, visitor: Visitor, response: web.Response) -> web.Response:
        """Return a page that may be the first of its visitor's."""
        self._visitors.keep_pre_session(response, visitor)
        return compressed(response)

    def _form(self, request: web.Request, visitor: Visitor) -> dict[str, object]:
        asked = request.query.get("l", "")
        return {
            "form": self._forms.new(visitor.owner),
            "languages": LANGUAGES,
            "language_asked": asked if asked in LANGUAGES else "",
        }

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

    forms: Forms
    admission: Admission
    visitor: Visitor
    now: datetime
    was_let_in: bool = False
    has_worked: bool = False  # for one receipt code, too

    def enter(self, texts: Mapping[str, str], *, is_all: bool = False) -> str:
        """Return by which name what the form sends counts once; `is_all`: it brings nothing but these texts.

        It is that of the form and of its visitor: whoever did not get our answer, and so no cookie, sends it anew.

        Raises HTTPForbidden when we did not make it for this browser, and NotLetIn.
        """
        form = self.forms.name(self.visitor.owner, texts.get("form", ""))
        if form is None and is_all and texts.keys() <= _BEGINS:
            # From a page that stood open before there was a cookie, or that a link from elsewhere opened without it.
            form = self.forms.name(self.visitor.pre_session, texts.get("form", ""))
        if form is None:
            raise web.HTTPForbidden
        if not self.was_let_in and (self.visitor.is_new or texts.get("token")):
            self.has_worked = self.admission.takes(texts.get("proof", ""), self.now, form)
            if not self.has_worked and not self.admission.lets_in_without_proof(self.now):
                raise NotLetIn(texts.get("text", ""))
            self.was_let_in = True
        return f"{self.visitor.id}.{form}"

    def looks_up(self, texts: Mapping[str, str], sent: str) -> bool:
        """Whether one more receipt code may be looked up: whoever was let in by a proof has worked for one."""
        has_worked, self.has_worked = self.has_worked, False
        return has_worked or self.admission.looks_up(texts.get("proof", ""), self.now, sent)


def _has_code(text: str) -> bool:
    return isinstance(read_receipt(text), Receipt) or receipt_within(text) is not None


def _settles(press: str) -> bool:
    """Whether a button sends, or says that all is well as it is."""
    found = unpack(press)
    return found is not None and found.area == AREA and found.action in _SETTLING


def _to_change(request: web.Request, state: ConversationState) -> PieceToChange | None:
    """Return the piece that is asked for, where there is such a piece."""
    number, draft = request.query.get("change", ""), state.draft
    if draft is None or state.visit is not None or not _NUMBER.fullmatch(number) or int(number) > len(draft.pieces):
        return None
    piece = draft.pieces[int(number) - 1]
    return PieceToChange(piece.source, piece.text, piece.kind in FILES)


def _command(name: str) -> ResidentCommand:
    try:
        return ResidentCommand(name)
    except ValueError:
        raise web.HTTPBadRequest from None


async def _picture(receipt: Receipt, language: str) -> web.Response:
    drawn = await draw_receipt(receipt, Words(language, RESIDENT_PAGE.lacking))
    return file_to_keep(drawn, "image/png", "1.png")
