"""What every page of the staff has: whose session it is, where else they can go, what was said last, the open form."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

from aiohttp import web

from handlers.expected_files import expected_of_staff, round_of_documents
from handlers.incoming import Command, UnfitFile
from services.ahead import Results
from services.resources import Resources
from texts.message import Message
from web.desk.addresses import address_of_button, form_address_of_button
from web.desk.cookie import SessionCookie, whose_form
from web.desk.desk import Desk, PageContext, SessionOver
from web.desk.navigation import begins, navigation_of
from web.desk.question import question_of
from web.forms import Forms
from web.posted import PostedForm
from web.rendering import page, see_other


class Frame:
    """Makes pages for whoever is signed in, and says whose form it is that was sent."""

    def __init__(self, resources: Resources, desk: Desk, *, is_secure: bool) -> None:
        self.cookie = SessionCookie(is_secure=is_secure)
        self._desk = desk
        self._forms = Forms(resources.keyring.lane_secret)

    def new_form(self, session_id: str) -> str:
        """Return what a form carries that is made for a browser."""
        return self._forms.new(whose_form(session_id))

    def name_of_form(self, request: web.Request, fields: dict[str, str]) -> str:
        """Return the name of a form that was sent. Raises HTTPForbidden when we never made it for this browser.

        Whoever looks at the page to sign in has a cookie. Without one, any form of ours would do that somebody else has
        fetched, and another site could sign people in as somebody whom they are not.
        """
        session_id = self.cookie.of(request)
        form = self._forms.name(whose_form(session_id), fields.get("form", ""))
        if form is None or session_id is None:
            raise web.HTTPForbidden
        return form

    async def posted(self, request: web.Request) -> tuple[str, dict[str, str]]:
        """Return the name of a form and its texts. Raises HTTPForbidden for one that is not ours."""
        fields = await PostedForm(request).read()
        return self.name_of_form(request, fields), fields

    async def posted_file(
        self, request: web.Request, *, most_text_bytes: int
    ) -> tuple[str, dict[str, str], bytes | UnfitFile]:
        """Return the name of a form, its texts, and the file that it sends: nothing of it when it sends none.

        Raises HTTPForbidden for a form that is not ours, before its file is read. `most_text_bytes`: of one text.
        """
        posted = PostedForm(request, most_text_bytes=most_text_bytes)
        content: bytes | UnfitFile = b""
        async for file in posted.files():
            self.name_of_form(request, posted.fields)
            content = await file.download()
        return self.name_of_form(request, posted.fields), posted.fields, content

    def session_id(self, request: web.Request) -> str:
        """Return the id of the session that a browser claims. Raises SessionOver where it claims none."""
        session_id = self.cookie.of(request)
        if session_id is None:
            raise SessionOver
        return session_id

    def context(self, request: web.Request, command: Command | None = None) -> AbstractAsyncContextManager[PageContext]:
        """Open what a page is made with, for whoever is signed in. Raises SessionOver."""
        return self._desk.page_context(self.session_id(request), command)

    def transaction(
        self, request: web.Request, results: Results | None = None
    ) -> AbstractAsyncContextManager[PageContext]:
        """Open a transaction for whoever is signed in, which is committed at the end. Raises SessionOver.

        `results` of an earlier attempt are used.
        """
        return self._desk.transaction(self.session_id(request), results)

    async def lead_to(self, request: web.Request, at: str, message: Message) -> web.StreamResponse:
        """Lead to a page of ours that says something. Raises SessionOver."""
        await self._desk.tell(self.session_id(request), at, message)
        return see_other(at)

    async def show(
        self,
        request: web.Request,
        template: str,
        values: Callable[[PageContext], Awaitable[dict[str, Any]]],
        *,
        here: str = "",
        command: Command | None = None,
    ) -> web.StreamResponse:
        """Show a page. Raises SessionOver where nobody is signed in."""
        async with self.context(request, command) as context:
            shown = await self._common(context, request, here) | await values(context)
            # A list that a press has replaced is on its own page anyway.
            shown["flashed"] = [one for one in shown["flashed"] if one not in shown.get("messages", ())]
            words = context.words
        await self._desk.note_opened(context)
        return page(request, template, words, shown)

    async def _common(self, context: PageContext, request: web.Request, here: str) -> dict[str, Any]:
        is_here = context.flash.is_of(request.path_qs, context.work.now)
        flashed = [await context.rendered(one) for one in context.flash.messages] if is_here else []
        work, who = context.work, context.who
        takes_files = bool(context.handler.form and await expected_of_staff(work, who.id))
        return {
            "form": self.new_form(self.session_id(request)),
            "at": request.path_qs,
            "here": here,
            "name": context.who.name,
            "navigation": await navigation_of(context, here),
            "begins": begins(context),
            "toast": context.flash.toast if is_here else "",
            "typed": context.flash.typed if is_here else "",
            "flashed": [one for one in flashed if one is not None],
            "question": await question_of(context),
            "takes_files": takes_files,
            "takes_documents": takes_files and bool(await round_of_documents(work, who.id)),
            "address_of": address_of_button,
            "form_address_of": form_address_of_button,
        }
