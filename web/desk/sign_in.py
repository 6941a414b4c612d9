"""How staff come in and go out: a link is asked for, looked at and used up, a session is ended."""

import asyncio
import hmac
from collections.abc import Sequence

from aiohttp import web

from handlers.notices import WAITING
from handlers.people.sign_in import PATH
from qr.link import INVITATION_PATH
from services.delivery.opened import link_of
from services.people.enrol import InvitationProblem
from services.people.sessions import LINK_LIFETIME
from services.resources import Resources
from texts.catalogue import LANGUAGES, Words
from web.admission import Admission, PerMinute
from web.desk.addresses import HOME, address_of_record, own_address
from web.desk.cookie import new_id
from web.desk.desk import STAFF_PAGE, Desk, SessionOver
from web.desk.frame import Frame
from web.desk.records import may_know_of
from web.language import language_wanted
from web.once import sent_id
from web.protection import Handler
from web.rendering import page, see_other

LINKS_A_MINUTE = 60  # that are asked for without a proof of work, whoever does: for the load alone


@web.middleware
async def lead_to_sign_in(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Lead to the page to sign in where a page needs somebody who is signed in, and nobody is."""
    try:
        return await handler(request)
    except SessionOver:
        return see_other(HOME)


class SignIn:
    """Answers whoever wants to sign in, and signs out."""

    def __init__(self, resources: Resources, desk: Desk, frame: Frame) -> None:
        self._resources = resources
        self._desk = desk
        self._frame = frame
        self._secret = resources.keyring.lane_secret
        self._admission = Admission(hmac.digest(self._secret, b"xunsheng/door/1", "sha256"))
        self._links_asked = PerMinute()
        self._asking: set[asyncio.Task[None]] = set()  # for links, under way

    def routes(self) -> Sequence[web.RouteDef]:
        """Return the addresses with what answers them."""
        return [
            web.post(f"{HOME}/link", self.ask_for_link),
            web.get(PATH + "{token}", self.look_at_link),
            web.get(WAITING + "{waiting}", self.follow),
            web.post(f"{HOME}/open", self.open),
            web.get(INVITATION_PATH + "{token}", self.look_at_invitation),
            web.post(INVITATION_PATH.rstrip("/"), self.join),
            web.post(f"{HOME}/out", self.close),
        ]

    async def finish(self, _app: web.Application) -> None:
        """Wait until the links are sent that were asked for."""
        await asyncio.gather(*self._asking, return_exceptions=True)

    async def ask_for_link(self, request: web.Request) -> web.StreamResponse:
        """Say that the link is on its way, whoever was named: it is looked up after that."""
        form, fields = await self._frame.posted(request)
        now = self._resources.now()
        who, waiting = fields.get("who", ""), fields.get("waiting", "")
        update_id = sent_id(self._secret, form, b"link", f"{who}\0{waiting}".encode())
        has_worked = self._admission.takes(fields.get("proof", ""), now, update_id)
        if not has_worked and not self._links_asked.takes(now, LINKS_A_MINUTE):
            return self.page(request, "busy", status=503)
        asking = asyncio.create_task(self._desk.ask_for_link(update_id, who, waiting))
        self._asking.add(asking)
        self._resources.activity.begin(asking)
        asking.add_done_callback(self._asking.discard)
        asking.add_done_callback(self._resources.activity.end)
        return self.page(request, "asked")

    async def look_at_link(self, request: web.Request) -> web.StreamResponse:
        """Show the button that uses a link up: whatever else follows links, such as a mail server, does not."""
        token = request.match_info["token"]
        if not await self._desk.opens(token):
            return self.page(request, "link_over")
        return self.page(request, "enter", token=token, waiting=request.query.get("to", ""))

    async def follow(self, request: web.Request) -> web.StreamResponse:
        """Lead from the link of a mail to what waits; whoever is not signed in is first sent the link that opens.

        That it was fetched says nothing: only what is shown to them then counts as opened.
        """
        waiting = request.match_info["waiting"]
        try:
            async with self._frame.context(request) as context:
                found = await link_of(context.work, waiting)
                record = found.record if found and found.staff_id == context.who.id else None
                leads = address_of_record(*record) if record and await may_know_of(context, *record) else None
        except SessionOver:
            is_known = await self._desk.leads_somewhere(waiting)
            return self.page(request, "waits" if is_known else "ask", waiting=waiting)
        return see_other(leads or HOME)

    async def open(self, request: web.Request) -> web.StreamResponse:
        """Open a session."""
        _, fields = await self._frame.posted(request)
        session_id = await self._desk.open(fields.get("token", ""))
        if session_id is None:
            return self.page(request, "link_over")
        waiting = fields.get("waiting", "")
        response = see_other(own_address(WAITING + waiting) if waiting else HOME)
        self._frame.cookie.keep(response, session_id)
        return response

    async def look_at_invitation(self, request: web.Request) -> web.StreamResponse:
        """Ask whether it is they for whom an invitation was made: the press uses it up, looking does not."""
        token = request.match_info["token"]
        found = await self._desk.invited(token)
        if isinstance(found, InvitationProblem):
            return self.page(request, "not_invited", problem=found)
        return self.page(request, "invited", token=token, invited=found)

    async def join(self, request: web.Request) -> web.StreamResponse:
        """Open the session of whoever was invited, at the page where they enter how they are reached."""
        _, fields = await self._frame.posted(request)
        opened = await self._desk.join(fields.get("token", ""))
        if isinstance(opened, InvitationProblem):
            return self.page(request, "not_invited", problem=opened)
        response = see_other(f"{HOME}/whoami")
        self._frame.cookie.keep(response, opened)
        return response

    async def close(self, request: web.Request) -> web.StreamResponse:
        """End the session."""
        await self._frame.posted(request)
        if session_id := self._frame.cookie.of(request):
            await self._desk.close(session_id)
        response = see_other(HOME)
        self._frame.cookie.drop(response)
        return response

    def page(self, request: web.Request, what: str, *, status: int = 200, **more: object) -> web.Response:
        """Return the page to sign in: where a link is asked for, and where a link or an invitation is used."""
        words = Words(language_wanted(request), STAFF_PAGE.lacking)
        minutes = LINK_LIFETIME.seconds // 60
        challenge = self._admission.challenge(self._resources.now())
        values = {"what": what, "minutes": minutes, "languages": LANGUAGES, "challenge": challenge} | more
        held = self._frame.cookie.of(request)
        browser = held or new_id()
        form = {"form": self._frame.new_form(browser)}
        response = page(request, "desk/sign_in.html", words, values | form, status)
        if held is None:
            self._frame.cookie.keep(response, browser)
        return response
