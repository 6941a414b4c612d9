"""Staff at a browser: what they look at is shown as it is now, and what a form sends goes the way of any update.

Whose session it is is asked of the tables at each look and each press.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from copy import deepcopy
from dataclasses import dataclass
from functools import partial

from handlers.context import HandlerContext
from handlers.expected_files import stored_file
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
from privacy.tags import lane, lock_key
from qr.link import Links
from services.access.member import Member
from services.ahead import Results, with_results
from services.delivery.reader import Reader
from services.delivery.transport import Capabilities
from services.intake.conversation_store import ExpectedFile
from services.notice import Notice
from services.outbox import OutgoingMessage, SayMessage
from services.people.forms import open_form_of, open_form_to_change
from services.people.sessions import Session, close_session, is_open, keep_said, open_session, send_link, session_of
from services.rectification.unit_actions import round_collected_for
from services.resources import Resources
from services.unit_of_work import UnitOfWork
from texts.message import Message
from web.desk.said import Said, private_chat
from web.once import is_first
from web.posted import PostedFile
from web.resident.conversations import FetchFile
from web.visitor import CHANNEL

# Nothing of what is shown stays there, as if it were deleted at once.
STAFF_PAGE = Capabilities(files=True, deletion=True, editing=False, push=False)
# What can be begun from a page without a button on a card.
COMMANDS = frozenset({"newitem"})
_NOT_HERE = frozenset({RESIDENTS_AREA, LINKS_AREA})


class SessionOver(Exception):
    """Nobody is signed in in this browser, or not any more."""


@dataclass(frozen=True)
class Look:
    """What a page is made with: who looks, what was said to them last, and whether they are filling in a form."""

    context: HandlerContext
    who: Member
    said: Said
    answers: list[OutgoingMessage]  # what a command that is run for the page says

    @property
    def work(self) -> UnitOfWork:
        return self.context.work

    async def rendered(self, outgoing: OutgoingMessage) -> Message | None:
        """Return something that was said, as they may read it now."""
        if isinstance(outgoing.content, SayMessage):
            return outgoing.content.message
        if not isinstance(outgoing.content, Notice):
            return None
        reader = Reader(Recipient.staff(self.who.id), self.context.words, None, STAFF_PAGE)
        return await render(self.work, reader, outgoing.content)


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

    async def ask_for_link(self, update_id: str, written: str) -> None:
        """Send a link to whoever is meant by a name or an address, if there is anybody."""
        async with self._resources.database.transaction() as session:
            work = self._resources.work(session)
            if await is_first(session, update_id, work.now):
                await send_link(work, written, asked_on=CHANNEL)
        self._committed()

    async def opens(self, token: str) -> bool:
        """Whether a link opens something."""
        async with self._resources.database.reading() as session:
            return await is_open(self._resources.work(session), token)

    async def open(self, token: str) -> str | None:
        """Use a link up and return the id of the session that it opens; None when it opens nothing."""
        async with self._resources.database.transaction() as session:
            return await open_session(self._resources.work(session), token, hours=self._hours)

    async def close(self, session_id: str) -> None:
        """End a session."""
        async with self._resources.database.transaction() as session:
            await close_session(self._resources.work(session), session_id)

    @asynccontextmanager
    async def looking(self, session_id: str, command: Command | None = None) -> AsyncIterator[Look]:
        """Open a look at how things are. Raises SessionOver."""
        async with self._resources.database.reading() as session:
            work = self._resources.work(session)
            context, found, answers = await self._enter(work, session_id, command or Command(""))
            yield Look(context, found.who, Said.unpack(found.said), answers)

    def begin(self, session_id: str, at: str) -> "Taking":
        """Begin to take what one form sends that stands at an address of ours."""
        return Taking(self, session_id, at)

    async def take(
        self, session_id: str, update_id: str, content: UpdateContent, at: str, earlier: Said, answers: str
    ) -> Said | None:
        """Do an update in one transaction and return what is said to it; None when it was done before.

        `earlier` is what was said to what the same form sent before; `answers`: the state of the open form whose
        question the page showed, or nothing. Raises SessionOver.
        """
        said = await with_results(partial(self._attempt, session_id, update_id, content, at, earlier, answers))
        if said is not None:
            self._committed()
        return said

    async def store_file(self, session_id: str, file: PostedFile) -> Cleaned | UnfitFile:
        """Fetch a file, make it anew and store it, if whoever sends it collects any. Raises SessionOver."""
        async with self._resources.database.reading() as session:
            work = self._resources.work(session)
            round_id = await round_collected_for(work, (await _session(work, session_id)).who.id)
        expected = ExpectedFile(round_id, own_key=False) if round_id is not None else None
        return await stored_file(self._resources, expected, partial(self._fetch, file))

    async def _attempt(
        self,
        session_id: str,
        update_id: str,
        content: UpdateContent,
        at: str,
        earlier: Said,
        answers: str,
        results: Results,
    ) -> Said | None:
        key = lock_key(lane(self._resources.keyring.lane_secret, private_chat(session_id)))
        async with self._resources.database.transaction(key=key) as session:
            work = self._resources.work(session, results)
            if not await is_first(session, update_id, work.now):
                return None
            context, found, said_to_it = await self._enter(work, session_id, content, changes=True)
            asked = deepcopy(context.form)
            is_refused = _refused_here(context, content) or await _is_overtaken(context, content, answers)
            if not is_refused:
                await route(context)
            context.form = await open_form_of(work, found.who.id)
            is_left = not is_refused and isinstance(content, Text) and asked is not None and context.form == asked
            before = earlier if earlier.at else Said.unpack(found.said).kept
            typed = content.text if is_left and isinstance(content, Text) else ""
            said = before.after(context, said_to_it, typed=typed, at=at)
            await keep_said(work, found, said.pack())
            return said

    async def _enter(
        self, work: UnitOfWork, session_id: str, content: UpdateContent, *, changes: bool = False
    ) -> tuple[HandlerContext, Session, list[OutgoingMessage]]:
        found = await _session(work, session_id)
        update = Update(private_chat(session_id), is_private=True, content=content)
        form = await (open_form_to_change if changes else open_form_of)(work, found.who.id)
        work.outbox = gathering = work.outbox.gathering(update.address, found.who.id)
        return HandlerContext(work, update, found.who, form, self._links(), STAFF_PAGE), found, gathering.answers


class Taking:
    """What one form sends, piece by piece: each thing in a transaction of its own, and each once."""

    def __init__(self, desk: Desk, session_id: str, at: str) -> None:
        self._desk = desk
        self._session_id = session_id
        self._at = at
        self._answers = ""
        self._said = Said()

    @property
    def leads_to(self) -> str:
        """The address of the page that follows."""
        return self._said.at or self._at

    def answer(self, state: str) -> None:
        """Take what comes first as the answer to a question that was asked in a state of the open form."""
        self._answers = state

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
        answers, self._answers = self._answers, ""
        said = await self._desk.take(self._session_id, update_id, content, self._at, self._said, answers)
        self._said = said or self._said


async def _session(work: UnitOfWork, session_id: str) -> Session:
    """Return the session of a browser. Raises SessionOver."""
    found = await session_of(work, session_id)
    if found is None:
        raise SessionOver
    return found


async def _is_overtaken(context: HandlerContext, content: UpdateContent, answers: str) -> bool:
    """Whether words or a file answer a question that is open no more: they have gone on elsewhere, as in a chat.

    They are told so, and shown their words.
    """
    if not answers or answers == (state_of(context.form) if context.form else ""):
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
