"""Staff at a browser: what they look at is shown as it is now, and what a form sends goes the way of any update.

Whose session it is is asked of the tables at each look and each press.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from functools import partial

from handlers.context import HandlerContext
from handlers.expected_files import expected_of_staff, stored_file
from handlers.forms import state_of
from handlers.incoming import ButtonPress, Command, File, Text, UnfitFile, Update, UpdateContent
from handlers.notices import render
from handlers.people.sign_in import AREA as LINKS_AREA
from handlers.press import unpack
from handlers.resident import AREA as RESIDENTS_AREA
from handlers.router import route
from media.kinds import Cleaned
from models.recipient import Recipient
from privacy.receipt_search import meant_as_code
from qr.link import Links
from services.access.member import Member
from services.ahead import Results
from services.delivery.opened import link_of, note_opened
from services.delivery.reader import Reader
from services.delivery.transport import Capabilities
from services.notice import Notice
from services.outbox import OutgoingMessage, SayMessage
from services.people.enrol import InvitationProblem, accept_on_page, look_at_invitation
from services.people.forms import open_form_of, open_form_to_change
from services.people.sessions import (
    Session,
    close_session,
    is_open,
    keep_flash,
    open_session,
    send_link,
    send_link_to_reader,
    session_of,
)
from services.resources import Resources
from services.unit_of_work import UnitOfWork
from texts.catalogue import Words
from texts.message import Message
from web.desk.addresses import HOME
from web.desk.flash import Flash, private_chat
from web.once import is_first, take_once
from web.posted import PostedFile
from web.resident.conversations import FetchFile
from web.visitor import CHANNEL

# Nothing of what is shown stays there, as if it were deleted at once.
STAFF_PAGE = Capabilities(files=True, deletion=True, editing=False, push=False, commands=False)
# What can be begun from a page without a button on a card.
COMMANDS = frozenset({"newitem", "selfreport", "brief", "triage", "enter"})
_NOT_HERE = frozenset({RESIDENTS_AREA, LINKS_AREA})


class SessionOver(Exception):
    """Nobody is signed in in this browser, or not any more."""


@dataclass(frozen=True)
class PageContext:
    """What a page is made with: who looks at it, what was said to them last, and what their handlers work with."""

    handler: HandlerContext
    who: Member
    flash: Flash
    answers: list[OutgoingMessage]  # what a command that is run for the page says
    newly_opened: list[tuple[str, str]] = field(default_factory=list)  # records, by area and id

    @property
    def work(self) -> UnitOfWork:
        return self.handler.work

    @property
    def words(self) -> Words:
        return self.handler.words

    async def rendered(self, outgoing: OutgoingMessage) -> Message | None:
        """Return something that was said, as they may read it now."""
        if isinstance(outgoing.content, SayMessage):
            return outgoing.content.message
        if not isinstance(outgoing.content, Notice):
            return None
        reader = Reader(Recipient.staff(self.who.id), self.words, None, STAFF_PAGE)
        return await render(self.work, reader, outgoing.content)


@dataclass(frozen=True)
class Invited:
    """Whom an invitation is for, and where they can use it in a chat instead, if there is a bot."""

    name: str
    title: str
    in_chat: str | None


class Desk:
    """Lets staff in, shows and takes.

    `committed` is called after every commit, `links` for where links lead; a session lasts so many hours.
    """

    def __init__(
        self,
        resources: Resources,
        fetch: FetchFile,
        committed: Callable[[], None],
        links: Callable[[], Links],
        hours: int,
    ) -> None:
        self._resources = resources
        self._fetch = fetch
        self._committed = committed
        self._links = links
        self._hours = hours

    async def ask_for_link(self, update_id: str, written: str, waiting: str = "") -> None:
        """Send a link to whoever is meant by a name or an address, or by the link of a mail, if there is anybody."""
        async with self._resources.database.transaction() as session:
            work = self._resources.work(session)
            if not await is_first(session, update_id, work.now):
                return
            if waiting:
                await send_link_to_reader(work, waiting, asked_on=CHANNEL)
            else:
                await send_link(work, written, asked_on=CHANNEL)
        self._committed()

    async def leads_somewhere(self, waiting: str) -> bool:
        """Whether the link of a mail leads anywhere."""
        async with self._resources.database.reading() as session:
            return await link_of(self._resources.work(session), waiting) is not None

    async def note_opened(self, context: PageContext) -> None:
        """Note what was shown first of what somebody was told of; once their page is made."""
        for area, record_id in context.newly_opened:
            async with self._resources.database.transaction() as session:
                await note_opened(self._resources.work(session), context.who.id, area, record_id)

    async def opens(self, token: str) -> bool:
        """Whether a link opens something."""
        async with self._resources.database.reading() as session:
            return await is_open(self._resources.work(session), token)

    async def open(self, token: str) -> str | None:
        """Use a link up and return the id of the session that it opens; None when it opens nothing."""
        async with self._resources.database.transaction() as session:
            return await open_session(self._resources.work(session), token, hours=self._hours)

    async def invited(self, token: str) -> Invited | InvitationProblem:
        """Return whom an invitation is for, if it opens their pages."""
        async with self._resources.database.reading() as session:
            found = await look_at_invitation(self._resources.work(session), token)
            bot = self._links().bot
            if isinstance(found, InvitationProblem):
                return found
            return Invited(found.name, found.title or "", bot.link(token) if bot else None)

    async def join(self, token: str) -> str | InvitationProblem:
        """Use an invitation up and return the id of the session that it opens."""
        async with self._resources.database.transaction() as session:
            return await accept_on_page(self._resources.work(session), token, hours=self._hours)

    async def close(self, session_id: str) -> None:
        """End a session."""
        async with self._resources.database.transaction() as session:
            await close_session(self._resources.work(session), session_id)

    @asynccontextmanager
    async def page_context(self, session_id: str, command: Command | None = None) -> AsyncIterator[PageContext]:
        """Open what a page is made with, as things are now. Raises SessionOver."""
        async with self._resources.database.reading() as session:
            work = self._resources.work(session)
            context, found, answers = await self._enter(work, session_id, command or Command(""))
            yield PageContext(context, found.who, Flash.unpack(found.flash), answers)

    @asynccontextmanager
    async def transaction(self, session_id: str, results: Results | None = None) -> AsyncIterator[PageContext]:
        """Open a transaction for whoever is signed in, which is committed at the end. Raises SessionOver.

        `results` of an earlier attempt are used.
        """
        async with self._resources.database.transaction() as session:
            work = self._resources.work(session, results)
            context, found, answers = await self._enter(work, session_id, Command(""))
            yield PageContext(context, found.who, Flash.unpack(found.flash), answers)
        self._committed()

    async def tell(self, session_id: str, at: str, message: Message) -> None:
        """Have the page at an address of ours say something when it is shown next. Raises SessionOver."""
        async with self._resources.database.transaction() as session:
            work = self._resources.work(session)
            found = await _session(work, session_id)
            flash = Flash.unpack(found.flash).kept.saying(message, at=at, now=work.now)
            await keep_flash(work, found, flash.pack())

    def begin(self, session_id: str) -> "Taking":
        """Begin to take what one form sends."""
        return Taking(self, session_id)

    async def take(
        self, session_id: str, update_id: str, content: UpdateContent, at: str, earlier: Flash, asked_in: str
    ) -> Flash | None:
        """Do an update in one transaction and return what is said to it; None when it was done before.

        `earlier` is what was said to what the same form sent before; `asked_in`: the state of the open form whose
        question the page showed, or nothing. Raises SessionOver.
        """
        answer = partial(self._answer, session_id, content, at, earlier, asked_in)
        flash = await take_once(self._resources, private_chat(session_id), update_id, answer)
        if flash is not None:
            self._committed()
        return flash

    async def store_file(self, session_id: str, file: PostedFile) -> Cleaned | UnfitFile:
        """Fetch a file, make it anew and store it, if whoever sends it collects any. Raises SessionOver."""
        async with self._resources.database.reading() as session:
            work = self._resources.work(session)
            expected = await expected_of_staff(work, (await _session(work, session_id)).who.id)
        return await stored_file(self._resources, expected, partial(self._fetch, file))

    async def _answer(
        self, session_id: str, content: UpdateContent, at: str, earlier: Flash, asked_in: str, work: UnitOfWork
    ) -> Flash:
        """Let the handlers answer an update, and keep what is said for the page that follows."""
        context, found, answers = await self._enter(work, session_id, content, changes=True)
        asked = deepcopy(context.form)
        is_refused = _refused_here(context, content) or await _is_overtaken(context, content, asked_in)
        if not is_refused:
            await route(context)
        context.form = await open_form_of(work, found.who.id)
        is_left = not is_refused and asked is not None and context.form == asked
        before = earlier if earlier.at else Flash.unpack(found.flash).kept
        typed = content.text if is_left and isinstance(content, Text) else ""
        flash = before.after(context, answers, typed=typed, at=at)
        await keep_flash(work, found, flash.pack())
        return flash

    async def _enter(
        self, work: UnitOfWork, session_id: str, content: UpdateContent, *, changes: bool = False
    ) -> tuple[HandlerContext, Session, list[OutgoingMessage]]:
        found = await _session(work, session_id)
        update = Update(private_chat(session_id), is_private=True, content=content)
        form = await (open_form_to_change if changes else open_form_of)(work, found.who.id)
        work.outbox = gathering = work.outbox.gathering(update.address, found.who.id)
        return HandlerContext(work, update, found.who, form, self._links(), STAFF_PAGE), found, gathering.answers


class Taking:
    """What one form sends, which stands `at` a page of ours: each thing in a transaction of its own, and each once."""

    def __init__(self, desk: Desk, session_id: str) -> None:
        self.at = HOME
        self.asked_in = ""  # the state of the open form whose question is answered by what comes first
        self._desk = desk
        self._session_id = session_id
        self._flash = Flash()

    @property
    def leads_to(self) -> str:
        """The address of the page that follows."""
        return self._flash.at or self.at

    async def text(self, update_id: str, text: str) -> None:
        """Take a text."""
        await self._take(update_id, Text(text))

    async def file(self, file: PostedFile, id_of: Callable[[bytes], str]) -> None:
        """Take a file; `id_of` names it by its content."""
        taken = await self._desk.store_file(self._session_id, file)
        await self._take(id_of(file.content or b""), File(taken))

    async def press(self, update_id: str, data: str) -> None:
        """Take a press of a button."""
        await self._take(update_id, ButtonPress(data))

    async def command(self, update_id: str, name: str) -> None:
        """Take what a chat has a command for."""
        if name in COMMANDS:
            await self._take(update_id, Command(name))

    async def _take(self, update_id: str, content: UpdateContent) -> None:
        asked_in, self.asked_in = self.asked_in, ""
        flash = await self._desk.take(self._session_id, update_id, content, self.at, self._flash, asked_in)
        self._flash = flash or self._flash


async def _session(work: UnitOfWork, session_id: str) -> Session:
    """Return the session of a browser. Raises SessionOver."""
    found = await session_of(work, session_id)
    if found is None:
        raise SessionOver
    return found


async def _is_overtaken(context: HandlerContext, content: UpdateContent, asked_in: str) -> bool:
    """Whether words or a file answer a question that is open no more: they have gone on elsewhere, as in a chat.

    They are told so, and shown their words.
    """
    if not asked_in or asked_in == (state_of(context.form) if context.form else ""):
        return False
    match content:
        case Text(text):
            await context.say(Message(context.words("desk.overtaken_words", text=text)))
        case File():
            await context.say(Message(context.words("desk.overtaken")))
        case _:
            return False
    return True


def _refused_here(context: HandlerContext, content: UpdateContent) -> bool:
    """Whether something is not to be done here, whatever they send.

    Nobody is a resident at these pages, and no session makes a link that would open another one after its end.
    """
    match content:
        case Text(text) if meant_as_code(text) is not None:
            context.alert("staff.no_answer")
        case ButtonPress(data) if (press := unpack(data)) is not None and press.area in _NOT_HERE:
            context.alert("common.old_button")
        case _:
            return False
    return True
