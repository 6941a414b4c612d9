"""The resident's conversation for a browser: what a form sends goes in, and what is said stays until the next form."""

import asyncio
import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

from handlers.expected_files import stored_file
from handlers.incoming import UnfitFile
from handlers.press import Press, unpack
from handlers.resident.entry import file_sent
from handlers.resident.messages import (
    CrisisHelp,
    DeletePressed,
    Edited,
    Incoming,
    Pressed,
    Reply,
    ResidentCommand,
    Scanned,
    SendReceiptPicture,
    TextSent,
)
from handlers.resident.rendering import Renderer, renderer_for
from handlers.resident.service import Response, respond
from media.kinds import Cleaned
from media.thumbnail import thumbnail
from models.address import Address
from models.complaints import MessageKind
from privacy.receipt import Receipt
from privacy.traces import find_mentions
from services.ahead import Results, in_worker, with_results
from services.delivery.transport import Capabilities
from services.intake.conversation_store import (
    expected_file,
    load_conversation,
    open_file,
    save_conversation,
    source_of,
)
from services.intake.drafts import ConversationState, Searched
from services.intake.place import scan
from services.intake.understood import is_long, meaning_of
from services.resources import Resources
from services.unit_of_work import UnitOfWork
from texts.message import Message
from web.once import take_once
from web.posted import PostedFile
from web.resident.cards import AREA, asks, is_greeting, shows_unsent

RESIDENT_PAGE = Capabilities(files=True, deletion=False, editing=False, push=False, commands=False)
MOST_CHARACTERS = 4000  # of one piece, as in chat; what is longer becomes several
PICTURE_SIDE = 160  # pixels of a photo that is shown small


class FetchFile(Protocol):
    """Reads a file and makes it anew, while there is room for it."""

    async def __call__(self, file: PostedFile, *, disguise: bool) -> Cleaned | UnfitFile:
        """Return the file with nothing but its content, or why it cannot be taken."""


@dataclass(frozen=True)
class Shown:
    """What a page shows: where its visitor is, and what was said last."""

    state: ConversationState
    language: str

    @property
    def messages(self) -> Sequence[Message]:
        """What was said last."""
        return self.state.shown


class Conversations:
    """Takes what the forms of one browser send, each thing in a transaction of its own, and each once.

    `committed` is called after every commit.
    """

    def __init__(self, resources: Resources, fetch: FetchFile, committed: Callable[[], None]) -> None:
        self._resources = resources
        self._fetch = fetch
        self._committed = committed

    async def shown(self, address: Address, language: str) -> Shown:
        """Return what somebody is shown who comes back to the page."""
        async with self._resources.database.reading() as session:
            state = await load_conversation(self._resources.work(session), address)
        if state.draft is not None and is_long(state.draft.texts):
            found = await in_worker(partial(find_mentions, state.draft.texts))
            state = replace(state, draft=replace(state.draft, searched=Searched(state.draft.texts, found)))
        return Shown(state, state.language or language)

    async def picture(self, address: Address, number: int) -> bytes | None:
        """Return a photo of somebody's draft, small, as a JPEG; None where it has no such photo."""
        async with self._resources.database.reading() as session:
            work = self._resources.work(session)
            draft = (await load_conversation(work, address)).draft
            piece = draft.pieces[number - 1] if draft is not None and 0 < number <= len(draft.pieces) else None
            if draft is None or piece is None or piece.kind != MessageKind.PHOTO or piece.file_id is None:
                return None
            photo = await open_file(work, draft, piece)
        return None if photo is None else await asyncio.to_thread(thumbnail, photo, PICTURE_SIDE)

    async def crisis_help(self, text: str, language: str) -> Sequence[Message]:
        """Return what is said at once to words of a crisis, of which nothing is kept; nothing to any other."""

        async def attempt(results: Results) -> Sequence[Message]:
            async with self._resources.database.reading() as session:
                work = self._resources.work(session, results)
                crises = (await meaning_of(work, [text])).crises
                return (
                    (await renderer_for(work, language, RESIDENT_PAGE)).messages(CrisisHelp(crises)) if crises else []
                )

        return await with_results(attempt)

    def begin(self, address: Address, language: str) -> "Taking":
        """Begin to take what one form sends."""
        return Taking(self._resources, self._fetch, self._committed, address, language)


class Taking:
    """What one form sends, piece by piece; what is said to each piece is gathered for the page that follows."""

    def __init__(
        self,
        resources: Resources,
        fetch: FetchFile,
        committed: Callable[[], None],
        address: Address,
        language: str,
    ) -> None:
        self._resources = resources
        self._fetch = fetch
        self._committed = committed
        self._address = address
        self._language = language
        self._chosen: str | None = None
        self._goes_on = False
        self._said: tuple[Message, ...] = ()
        self.picture: tuple[Receipt, str] | None = None  # a receipt code that is to be drawn, and in which language

    def speak(self, language: str) -> None:
        """Speak a language from now on: it was chosen."""
        self._chosen = language

    def go_on(self) -> None:
        """Let what was said before stand: another form has brought the beginning of this one."""
        self._goes_on = True

    async def scan(self, update_id: str, token: str | None) -> None:
        """Take the token of a printed code."""
        draft_id = secrets.token_hex(4)

        async def incoming(work: UnitOfWork) -> Incoming:
            return Scanned(await scan(work, token, self._address), draft_id)

        await self._take(update_id, incoming)

    async def text(self, update_id: str, text: str) -> None:
        """Take a text; a long one as several pieces."""
        for number, piece in enumerate(_in_pieces(text)):
            source = self._source(update_id, number)
            await self._take(f"{update_id}{number or ''}", _always(TextSent(piece, source)))

    async def change(self, update_id: str, source: str, text: str) -> None:
        """Put other words in place of those of a piece; what is longer than one piece goes on in others."""
        first, *rest = _in_pieces(text)
        await self._take(update_id, _always(Edited(source, first)))
        for number, piece in enumerate(rest, 1):
            await self._take(f"{update_id}{number}", _always(TextSent(piece, self._source(update_id, number))))

    async def file(self, file: PostedFile, id_of: Callable[[bytes], str]) -> None:
        """Take a file, which is made anew and stored before its transaction; `id_of` names it by its content."""
        async with self._resources.database.reading() as session:
            expected = await expected_file(self._resources.work(session), self._address)
        taken = await stored_file(self._resources, expected, partial(self._fetch, file))
        update_id = id_of(file.content or b"")
        await self._take(update_id, _always(file_sent(taken, self._source(update_id, 0))))

    async def press(self, update_id: str, data: str) -> None:
        """Take a press of a button."""
        press = unpack(data)
        if press is None or press.area != AREA:
            press = Press(AREA, "")  # an old button, or a forged one: the conversation says so
        await self._take(update_id, _always(Pressed(press.action, press.subject, press.arg)))

    async def command(self, update_id: str, command: ResidentCommand) -> None:
        """Take what a chat has a command for."""
        await self._take(update_id, _always(command))

    async def _take(self, update_id: str, incoming: "_IncomingOf") -> None:
        response = await take_once(self._resources, self._address, update_id, partial(self._answer, incoming))
        if response is None:
            return
        self._said = tuple(response.state.shown)
        for reply in response.replies:
            if isinstance(reply, SendReceiptPicture):
                self.picture = (reply.receipt, response.language)
        self._committed()

    async def _answer(self, incoming: "_IncomingOf", work: UnitOfWork) -> Response:
        """Let the conversation answer what came in, and keep what is said for the page that follows."""
        state = await load_conversation(work, self._address)
        earlier = state.shown if self._goes_on else self._said
        state = replace(state, language=self._chosen or state.language)
        response = await respond(
            work,
            self._address,
            state,
            await incoming(work),
            client_language=self._language,
            capabilities=RESIDENT_PAGE,
        )
        renderer = await renderer_for(work, response.language, RESIDENT_PAGE)
        said = _last_of_each([*earlier, *_rendered(renderer, response.replies)])
        response = replace(response, state=replace(response.state, shown=said))
        await save_conversation(work, self._address, response.state, before=state)
        return response

    def _source(self, update_id: str, number: int) -> str:
        return source_of(self._resources.keyring.lane_secret, self._address, int(update_id[:15], 16) + number)


def _in_pieces(text: str) -> Iterator[str]:
    """Yield a text in pieces that end where a line or a sentence does, if one does near enough."""
    while len(text) > MOST_CHARACTERS:
        ends = (text.rfind(sign, MOST_CHARACTERS // 2, MOST_CHARACTERS) + 1 for sign in ("\n", "。", ". ", " "))
        end = next((end for end in ends if end), MOST_CHARACTERS)
        yield text[:end].strip()
        text = text[end:].strip()
    yield text


class _IncomingOf(Protocol):
    """Says what came in, in the transaction in which it is taken."""

    async def __call__(self, work: UnitOfWork) -> Incoming: ...


def _always(incoming: Incoming) -> _IncomingOf:
    async def same(work: UnitOfWork) -> Incoming:  # noqa: ARG001 (it is the same in any transaction)
        return incoming

    return same


def _rendered(renderer: Renderer, replies: Sequence[Reply]) -> Iterator[Message]:
    for reply in replies:
        if not isinstance(reply, DeletePressed | SendReceiptPicture):
            yield from renderer.messages(reply)


def _last_of_each(said: Sequence[Message]) -> tuple[Message, ...]:
    """Return what a page shows of what was said: each sentence once, and of previews and questions the last alone."""
    last = {message: number for number, message in enumerate(said)}
    newest = max((number for number, message in enumerate(said) if shows_unsent(message) or asks(message)), default=0)
    return tuple(
        message
        for message, number in sorted(last.items(), key=lambda one: one[1])
        if number >= newest or not (shows_unsent(message) or asks(message) or is_greeting(message))
    )
