"""Whoever takes part, with a chat of their own: they press what stands there and write what is asked for."""

from dataclasses import dataclass
from typing import Protocol

from bench.month.channel import Chat, InProcessChannel, pressed, presses_of, written
from models.address import Address
from texts.message import Message


class Settles(Protocol):
    """Waits until the product has done all that follows."""

    async def __call__(self) -> None: ...


@dataclass
class Person:
    """Somebody at their phone."""

    channel: InProcessChannel
    address: Address
    settle: Settles

    @property
    def chat(self) -> Chat:
        """Their own chat with the bot."""
        return self.channel.chat(self.address)

    async def say(self, line: str) -> None:
        """Write a line in their own chat."""
        chat = self.chat
        await self.channel.take(self.address, self.address, written(line), max(chat.messages, default=0) + 1_000_000)
        await self.settle()

    async def press(self, data: str, number: int, *, on: Address | None = None) -> str:
        """Press a button of a message, in their own chat or in a group, and return the short line that answers it."""
        update = await self.channel.take(on or self.address, self.address, pressed(data), number)
        await self.settle()
        return update.toast.text

    async def press_newest(self, prefix: str) -> str:
        """Press the newest button that does this. Raises LookupError, with what stands there, when there is none."""
        try:
            number, message = self.chat.newest(lambda one: _first(one, prefix) is not None)
        except LookupError:
            newest = self.chat.messages.get(max(self.chat.messages, default=0))
            raise LookupError(f"no button {prefix}, but: {newest.text if newest else 'nothing'}") from None
        return await self.press(_first(message, prefix) or "", number)

    async def card(self, case_id: str) -> tuple[int, str, list[str]]:
        """Look at the card of a case in their chat, or have it brought where none stands on which they can do anything.

        Return its number, what it says, and the names of what can be done.
        """
        standing = self._card(case_id)
        if "note" in standing[2]:
            return standing
        await self.press(f"1.queue.case.{case_id}", max(self.chat.messages, default=1))
        return self._card(case_id)

    def _card(self, case_id: str) -> tuple[int, str, list[str]]:
        try:
            number, message = self.chat.card(case_id)
        except LookupError:
            return 0, "", []
        return number, message.text, [data.split(".")[2] for data in presses_of(message)]


def _first(message: Message, prefix: str) -> str | None:
    return next((data for data in presses_of(message) if data.startswith(prefix)), None)
