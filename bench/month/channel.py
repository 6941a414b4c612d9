"""A channel within this process: everything a messenger can do, and no network between."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count

from channels.base import Channel, Origin, Process, ReceivedUpdate
from handlers.context import Toast
from handlers.incoming import ButtonPress, Command, Text, UnfitFile, Update, UpdateContent
from media.kinds import Cleaned
from models.address import Address
from services.delivery.transport import Capabilities, ChannelAnswer, Deleted, MaySend, Sent, always
from texts.message import Message

NAME = "month"


@dataclass
class Chat:
    """What stands in a chat, by the numbers of its messages, and where a case can be claimed."""

    messages: dict[int, Message] = field(default_factory=dict)
    claimable: dict[int, str] = field(default_factory=dict)  # by number: the id of the case
    cards: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))  # by case: what can be pressed of it
    sent: int = 0  # how many messages ever came, and changes of them

    def put(self, number: int, message: Message) -> None:
        """Put a message, or what is in its place now."""
        self.sent += 1
        self._forget_presses(number)
        self.messages[number] = message
        for data in presses_of(message):
            if data.startswith("1.case."):
                self.cards[data.split(".")[3]].add(number)
            if data.startswith("1.case.claim.") or data.startswith("1.case.respond."):
                self.claimable[number] = data.split(".")[3]

    def take_away(self, number: int) -> None:
        """Delete a message."""
        self._forget_presses(number)
        self.messages.pop(number, None)

    def card(self, case_id: str) -> tuple[int, Message]:
        """Return the newest message with what can be done with a case. Raises LookupError when there is none."""
        if not self.cards.get(case_id):
            raise LookupError("no such card")
        number = max(self.cards[case_id])
        return number, self.messages[number]

    def _forget_presses(self, number: int) -> None:
        self.claimable.pop(number, None)
        for data in presses_of(self.messages[number]) if number in self.messages else ():
            if data.startswith("1.case."):
                self.cards[data.split(".")[3]].discard(number)

    def newest(self, fits: Callable[[Message], bool]) -> tuple[int, Message]:
        """Return the newest message that fits, with its number. Raises LookupError when there is none."""
        for number in reversed(self.messages):
            if fits(self.messages[number]):
                return number, self.messages[number]
        raise LookupError("no such message")


def presses_of(message: Message) -> list[str]:
    """Return what the buttons of a message press."""
    return [button.data for row in message.buttons for button in row if button.data]


class InProcessTransport:
    """Puts messages where those they are for see them."""

    capabilities = Capabilities()

    def __init__(self, chats: dict[Address, Chat]) -> None:
        self._chats = chats
        self._numbers = count(1)

    async def send(
        self,
        address: Address,
        message: Message,
        *,
        replaces: int | None = None,
        priority: int = 0,
        may_send: MaySend = always,
    ) -> ChannelAnswer:
        chat = self._chats.setdefault(address, Chat())
        number = replaces if replaces in chat.messages else next(self._numbers)
        assert number is not None
        chat.put(number, message)
        return Sent(number)

    async def delete(
        self, address: Address, message_ids: Sequence[int], *, priority: int = 0, may_send: MaySend = always
    ) -> ChannelAnswer:
        for number in message_ids:
            self._chats.setdefault(address, Chat()).take_away(number)
        return Deleted()


class InProcessUpdate(ReceivedUpdate):
    """Something that somebody wrote or pressed."""

    def __init__(self, number: int, chat: Address, sender: Address, content: UpdateContent, message_id: int) -> None:
        self.id = str(number)
        is_private = chat == sender
        self.origin = Origin(chat, sender, is_private, "zh-CN", message_id)
        self._update = Update(chat, is_private, content, sender, "zh-CN", message_id)
        self.toast = Toast()

    def read(self, file: Cleaned | UnfitFile | None) -> Update:
        return self._update

    async def answer_press(self, toast: Toast) -> None:
        """Keep the short line that the press is answered with."""
        self.toast = toast


class InProcessChannel(Channel):
    """Hands what people do straight to the product."""

    name = NAME

    def __init__(self) -> None:
        self.chats: dict[Address, Chat] = {}
        self.transport = InProcessTransport(self.chats)
        self._numbers = count(1)
        self._process: Process | None = None

    async def start(self, process: Process) -> None:
        self._process = process

    async def close(self) -> None:
        self._process = None

    async def take(self, chat: Address, sender: Address, content: UpdateContent, message_id: int) -> InProcessUpdate:
        """Process what somebody did, and return it once it is committed."""
        assert self._process is not None, "the channel is not started"
        update = InProcessUpdate(next(self._numbers), chat, sender, content, message_id)
        await self._process(update)
        return update

    def chat(self, address: Address) -> Chat:
        """Return what stands in a chat."""
        return self.chats.setdefault(address, Chat())


def written(line: str) -> UpdateContent:
    """Return a line as it comes in: a command or a text."""
    if line.startswith("/"):
        name, *args = line.removeprefix("/").split()
        return Command(name.lower(), tuple(args))
    return Text(line)


def pressed(data: str) -> UpdateContent:
    """Return a press as it comes in."""
    return ButtonPress(data)
