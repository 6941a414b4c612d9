"""A channel of plain text: choices are answered by number, and no message is edited or deleted, no file sent."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import unescape

from channels.base import Channel, Origin, Process, ReceivedUpdate
from handlers.context import Toast
from handlers.incoming import ButtonPress, Command, Text, UnfitFile, Update, UpdateContent
from media.kinds import Cleaned
from models.address import Address
from services.delivery.transport import Capabilities, ChannelAnswer, MaySend, Sent, Unreachable, always
from texts.message import Button, Message

NAME = "plain"


@dataclass
class Screen:
    """What somebody has read so far, and the choices under the last message that had any."""

    printed: list[str] = field(default_factory=list)
    choices: list[Button] = field(default_factory=list)
    under: int = 0  # the number of the message whose choices they are
    count: int = 0  # of messages, theirs and ours
    gone: bool = False  # nobody is there any more
    last: Message | None = None  # that was printed
    last_number: int = 0

    def print(self, message: Message) -> int:
        """Print a message with its choices numbered below, and return its number."""
        self.count += 1
        buttons = [button for row in message.buttons for button in row]
        lines = [unescape(re.sub(r"<[^>]+>", "", message.text))]
        lines += [f"{number}. {button.label}" for number, button in enumerate(buttons, start=1)]
        self.printed.append("\n".join(lines))
        self.last, self.last_number = message, self.count
        if buttons:
            self.choices, self.under = buttons, self.count
        return self.count


class PlainTransport:
    """Prints messages on the screens of those they are for."""

    capabilities = Capabilities(files=False, deletion=False, editing=False)

    def __init__(self, screens: defaultdict[str, Screen]) -> None:
        self._screens = screens

    async def send(
        self,
        address: Address,
        message: Message,
        *,
        replaces: int | None = None,
        priority: int = 0,
        may_send: MaySend = always,
    ) -> ChannelAnswer:
        assert address.channel == NAME
        assert message.upload is None, "no file can be shown here"
        screen = self._screens[address.id]
        if screen.gone:
            return Unreachable("nobody there")
        is_there = replaces is not None and screen.last == message
        return Sent(screen.last_number if is_there else screen.print(message))

    async def delete(
        self, address: Address, message_ids: Sequence[int], *, priority: int = 0, may_send: MaySend = always
    ) -> ChannelAnswer:
        raise AssertionError("nothing can be deleted here")


class PlainUpdate(ReceivedUpdate):
    """A line that somebody has typed."""

    def __init__(self, number: int, address: Address, screen: Screen, line: str) -> None:
        self.id = str(number)
        self.origin = Origin(address, sender=address)
        self._screen = screen
        screen.count += 1
        content = _content(screen, line)
        message_id = screen.under if isinstance(content, ButtonPress) else screen.count
        self._update = Update(address, True, content, sender=address, message_id=message_id)

    def read(self, file: Cleaned | UnfitFile | None) -> Update:
        return self._update

    def pack(self) -> bytes:
        return b"a line"

    async def answer_press(self, toast: Toast) -> None:
        """Print it as a line of its own."""
        if toast.text:
            self._screen.print(Message(toast.text))


class PlainChannel(Channel):
    """People who type lines and read lines."""

    name = NAME

    def __init__(self) -> None:
        self.screens: defaultdict[str, Screen] = defaultdict(Screen)
        self.transport = PlainTransport(self.screens)
        self.received: list[PlainUpdate] = []
        self._delivered: dict[str, ReceivedUpdate] = {}
        self._process: Process | None = None

    async def start(self, process: Process) -> None:
        self._process = process

    async def close(self) -> None:
        self._process = None

    async def type(self, person: str, line: str) -> None:
        """Take a line that somebody has typed. Raises NotDone when it must be delivered again."""
        update = PlainUpdate(len(self.received), Address(NAME, person), self.screens[person], line)
        self.received.append(update)
        await self.deliver(update)

    async def deliver(self, update: ReceivedUpdate) -> None:
        """Deliver an update, as often as one likes. Raises NotDone when it must be delivered again."""
        assert self._process is not None, "the channel is not started"
        self._delivered[update.id] = update
        await self._process(update)

    def restored(self, update_id: str, packed: bytes) -> ReceivedUpdate:
        update = self._delivered[update_id]
        assert packed == update.pack()
        return update


def _content(screen: Screen, line: str) -> UpdateContent:
    if line.startswith("/"):
        name, *args = line.removeprefix("/").split()
        return Command(name.lower(), tuple(args))
    if line.isdecimal() and 1 <= int(line) <= len(screen.choices):
        return ButtonPress(screen.choices[int(line) - 1].data or "")
    return Text(line)
