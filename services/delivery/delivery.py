"""One row of the outbox is delivered: where to, what it says at this moment, and what the channel answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypedDict

from sqlalchemy.ext.asyncio import AsyncSession

from models.address import Address
from models.complaints import ReplyAddress
from models.delivery import SentMessage
from models.recipient import RecipientKind
from privacy.keyring import KeyDestroyed
from privacy.seal import SealBroken
from privacy.trail import Trail
from services.delivery.notices import ChatCleared
from services.delivery.opened import link_token
from services.delivery.own_addresses import choose
from services.delivery.queue import ClaimedRow
from services.delivery.reader import Reader, RenderNotice
from services.delivery.trail import messages_of, previews_of
from services.delivery.transport import (
    Capabilities,
    ChannelAnswer,
    Deleted,
    Later,
    MaySend,
    Refused,
    Sent,
    Transport,
)
from services.directory import directory
from services.outbox import (
    DeleteMessage,
    DeletePreview,
    OutgoingMessage,
    PreviewPlace,
    SayMessage,
    SayPreview,
    outgoing_message,
    sealing_of,
)
from services.resources import Resources
from services.sealed_address import ReplyTo, read_address
from texts.catalogue import SOURCE, Words
from texts.message import Message


@dataclass(frozen=True, eq=False)
class Outcome:
    """What became of a row. Without an answer there was nobody to tell, or nothing to say any more."""

    row: ClaimedRow
    answer: ChannelAnswer | None
    outgoing: OutgoingMessage | None = None  # None: it could not be read
    address: Address | None = None  # where it was sent to
    is_back: bool = False  # whether it was known not to work
    also: tuple[Address, ...] = ()  # where the recipient is to be told it besides
    by_link: bool = False  # whether no more was said than that something waits, and where

    @property
    def is_rare(self) -> bool:
        """Whether it is marked in a transaction of its own, because more is locked for it than rows and their cases."""
        usual = isinstance(self.answer, (Sent, Deleted, Later, type(None)))
        return not usual or self.left_of_case is not None or self.is_back or bool(self.also)

    @property
    def left_of_case(self) -> str | None:
        """The case of which something stays on a phone for good, because it cannot be deleted there."""
        return self.deletes_of_case if isinstance(self.answer, Deleted) and self.answer.left > 0 else None

    @property
    def deletes_of_case(self) -> str | None:
        """The case of which the row deletes something from a phone."""
        content = self.outgoing.content if self.outgoing else None
        return content.case_id if isinstance(content, DeleteMessage) else None


@dataclass(frozen=True)
class _Prepared:
    """A row with all that was looked up for it. `replaces` is the number of the message it is said in place of."""

    address: Address
    message: Message | None
    deletes: Sequence[int] = ()
    replaces: int | None = None
    is_rendered: bool = False  # for this channel, and so says no more than may be said there
    works: bool = True  # the address, as far as is known
    also: tuple[Address, ...] = ()  # where the recipient is told it besides


@dataclass(frozen=True)
class _Addressee:
    """Where a recipient is reached, and in which language."""

    address: Address
    language: str = SOURCE
    works: bool = True
    also: tuple[Address, ...] = ()


class _How(TypedDict):
    priority: int
    may_send: MaySend


class Delivery:
    """Delivers rows over the channels, by the name of each; `render` makes the messages of notices."""

    def __init__(self, resources: Resources, transports: Mapping[str, Transport], render: RenderNotice) -> None:
        self._resources = resources
        self._transports = transports
        self._render = render

    async def deliver(self, row: ClaimedRow, may_send: MaySend) -> Outcome:
        """Deliver a row, as long as it may go; raise what the database or a rendering raises."""
        outgoing = outgoing_message(self._resources.keyring, row)
        prepared = self._as_it_stands(row, outgoing) or await self._looked_up(row, outgoing)
        if prepared is None:
            return Outcome(row, None, outgoing)
        # No connection is held from here on: the channel's permission to send may be minutes away.
        answer = await self._send(row, prepared, may_send)
        is_back = isinstance(answer, Sent) and not prepared.works and prepared.replaces is None
        by_link = not self._capabilities(prepared.address).content
        return Outcome(row, answer, outgoing, prepared.address, is_back, prepared.also, by_link)

    def address_of(self, row: ClaimedRow) -> Address | None:
        """Return the address that a row names by itself; None when it names none, or cannot be opened."""
        if row.address is None:
            return None
        try:
            return self._sealed_address(row, row.address)
        except (SealBroken, KeyDestroyed, ValueError):
            return None

    async def _send(self, row: ClaimedRow, prepared: _Prepared, may_send: MaySend) -> ChannelAnswer | None:
        transport = self._transports.get(prepared.address.channel)
        if transport is None:
            return Refused(f"no channel {prepared.address.channel}")
        how: _How = {"priority": row.priority, "may_send": may_send}
        capable = transport.capabilities
        answer: ChannelAnswer | None = None
        if prepared.deletes and not capable.content:
            answer = Deleted()  # nothing of what was to be deleted was ever said there
        elif prepared.deletes and not capable.deletion:
            answer = Deleted(left=len(prepared.deletes))
        elif prepared.deletes:
            answer = await transport.delete(prepared.address, prepared.deletes, **how)
            if not isinstance(answer, Deleted):
                return answer
        message = prepared.message
        if message is None:
            return answer
        if not capable.content and not prepared.is_rendered:
            return Refused(f"no content may be said on {prepared.address.channel}")
        if not capable.files:
            message = message.without_upload
        return await transport.send(prepared.address, message, replaces=prepared.replaces, **how)

    def _as_it_stands(self, row: ClaimedRow, outgoing: OutgoingMessage) -> _Prepared | None:
        """Return a row for which nothing needs to be looked up; None for any other."""
        if row.address is None or outgoing.key is not None:
            return None
        address = self._sealed_address(row, row.address)
        if isinstance(outgoing.content, SayPreview) and outgoing.content.place is not PreviewPlace.FIRST:
            return None
        if isinstance(outgoing.content, DeleteMessage):
            return _Prepared(address, None, deletes=[outgoing.content.message_id])
        if isinstance(outgoing.content, SayMessage) and row.recipient.kind != RecipientKind.STAFF:
            return _Prepared(address, outgoing.content.message, replaces=outgoing.edit)
        return None

    async def _looked_up(self, row: ClaimedRow, outgoing: OutgoingMessage) -> _Prepared | None:
        async with self._resources.database.reading() as session:
            standing = await session.get(SentMessage, outgoing.key) if outgoing.key else None
            found = await self._addressee(session, row, standing)
            if found is None:
                return None
            address = found.address
            work, content = self._resources.work(session), outgoing.content
            if isinstance(content, DeleteMessage):
                return _Prepared(address, None, deletes=[content.message_id])
            if isinstance(content, DeletePreview):
                previews = await previews_of(work, outgoing.trail, content.draft_id) if outgoing.trail else []
                return _Prepared(address, None, deletes=[one for one in previews if one != content.but])
            if isinstance(content, SayMessage):
                message: Message | None = content.message
            else:
                capabilities = self._capabilities(address)
                words = Words(found.language, capabilities.lacking)
                link = link_token(self._resources.keyring, row)
                reader = Reader(row.recipient, words, outgoing.trail, capabilities, link)
                message = await self._render(work, reader, content)
            deletes: Sequence[int] = ()
            if isinstance(content, ChatCleared) and (trail := Trail.read(content.trail)):
                deletes = await messages_of(work, trail)
            replaces = outgoing.edit or _number_at(address, standing)
            if isinstance(content, SayPreview) and outgoing.trail is not None:
                previews = await previews_of(work, outgoing.trail, content.draft_id)
                if content.place is PreviewPlace.AT_END:
                    deletes = previews
                else:
                    replaces = max(previews, default=None)
            is_rendered = not isinstance(content, SayMessage)
            also = found.also if replaces is None else ()
            return _Prepared(address, message, deletes, replaces, is_rendered, found.works, also)

    async def _addressee(
        self, session: AsyncSession, row: ClaimedRow, standing: SentMessage | None
    ) -> _Addressee | None:
        """Return where a recipient is reached; None when there is nowhere to tell them.

        `standing`: the message of the same key that was said last.
        """
        recipient = row.recipient
        if recipient.kind == RecipientKind.STAFF:
            known = await directory(session)
            person, own = known.people.get(recipient.id), known.addresses.get(recipient.id, ())
            if row.address is not None:  # where a message stands that is to be deleted, or where they are told besides
                address = self._sealed_address(row, row.address)
                is_told_no_more = row.kind != DeleteMessage.kind and all(one.address != address for one in own)
                return None if is_told_no_more else _Addressee(address, person.language if person else SOURCE)
            chosen = choose(row, own, standing, self._transports) if person is not None else None
            if person is None or chosen is None:
                return None
            return _Addressee(chosen.address, person.language, chosen.works, chosen.also)
        if row.address is not None:  # a resident's chat
            return _Addressee(self._sealed_address(row, row.address))
        if recipient.kind == RecipientKind.BOARD:
            team = (await directory(session)).teams.get(recipient.id)
            return None if team is None or team.board_address is None else _Addressee(team.board_address)
        if recipient.kind == RecipientKind.REPORTER:
            kept = await session.get(ReplyAddress, recipient.id)
            if kept is None:
                return None
            reply_to = ReplyTo.unpack(self._resources.keyring.reply.open(recipient.id, kept.sealed))
            return _Addressee(reply_to.address, reply_to.language)
        return None

    def _capabilities(self, address: Address) -> Capabilities:
        transport = self._transports.get(address.channel)
        return transport.capabilities if transport is not None else Capabilities()

    def _sealed_address(self, row: ClaimedRow, sealed: bytes) -> Address:
        return read_address(sealing_of(self._resources.keyring, row.day).open(row.record_id, sealed))


def _number_at(address: Address, standing: SentMessage | None) -> int | None:
    """Return the number of a message that stands, if it is in this chat."""
    return standing.message_id if standing is not None and standing.address == address else None
