"""What people see on their phones, and waiting for it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from simulator.errors import Json
from simulator.people import Message, Person
from simulator.world import ApiCall, Delivery, Press, World, file_ids

T = TypeVar("T")


@dataclass(frozen=True)
class Button:
    """A button under a message; data is the callback data, url the link, one of them empty."""

    text: str
    data: str = ""
    url: str = ""


@dataclass(frozen=True)
class SeenMessage:
    """A message as a person sees it; text is the caption where there is a file."""

    message_id: int
    chat_id: int
    sender_id: int
    sender_name: str
    from_bot: bool
    date: datetime
    kind: str
    text: str
    entities: tuple[Json, ...]
    buttons: tuple[tuple[Button, ...], ...]
    files: tuple[bytes, ...]
    file_name: str
    media_group_id: str | None
    reply_to: int | None
    edited: bool
    deleted: bool
    protected: bool
    silent: bool

    @property
    def button_texts(self) -> list[str]:
        return [button.text for row in self.buttons for button in row]


_KINDS = (
    "text",
    "photo",
    "document",
    "voice",
    "audio",
    "video",
    "video_note",
    "animation",
    "sticker",
    "poll",
    "location",
    "contact",
)


def kind_of(message: Message) -> str:
    """What a message is: text, photo, document …, or service for what Telegram itself says."""
    return next((kind for kind in _KINDS if kind in message.content), "service")


class ChatReader:
    """Reads chats and the log; waits for what shall appear.

    at_rest: whoever knows when the bot has nothing left to do may set what waits for that; a wait ends then.
    """

    at_rest: Callable[[], Awaitable[None]] | None = None

    def __init__(self, world: World) -> None:
        self._world = world

    def messages(self, chat_id: int, *, deleted: bool = False) -> list[SeenMessage]:
        """The messages of a private chat (by person id) or group, oldest first."""
        chat = self._world.chat(chat_id)
        shown = list(chat.messages.values()) if deleted else chat.visible()
        return [self._seen(message) for message in shown]

    def last(self, chat_id: int) -> SeenMessage:
        """The newest message from the bot; raises LookupError when there is none."""
        for message in reversed(self.messages(chat_id)):
            if message.from_bot:
                return message
        raise LookupError(f"The bot has said nothing in chat {chat_id}.")

    def _seen(self, message: Message) -> SeenMessage:
        stored = [self._world.files.get(file_id) for file_id in file_ids(message.content)]
        return SeenMessage(
            message_id=message.message_id,
            chat_id=message.chat_id,
            sender_id=message.sender.id,
            sender_name=message.sender.name,
            from_bot=message.sender is self._world.bot,
            date=message.date,
            kind=kind_of(message),
            text=message.text,
            entities=tuple(message.entities),
            buttons=tuple(
                tuple(Button(one["text"], one.get("callback_data", ""), one.get("url", "")) for one in row)
                for row in message.buttons
            ),
            files=tuple(one.data for one in stored if one),
            file_name=str(message.content.get("document", {}).get("file_name", "")),
            media_group_id=message.media_group_id,
            reply_to=message.reply_to,
            edited=message.edit_date is not None,
            deleted=message.deleted,
            protected=message.protected,
            silent=message.silent,
        )

    def answers(self, person_id: int) -> list[Press]:
        """The presses of a person that the bot answered, oldest first."""
        return [one for one in self._world.presses.values() if one.person_id == person_id and one.answered]

    def people(self) -> list[Person]:
        """Everybody with a phone, in the order in which they were added."""
        return list(self._world.people.values())

    def received(self, recipient_id: int) -> list[Delivery]:
        """Everything that ever reached a person's phone or a group: messages as JSON, edits, files, answers.

        For a person that is the private chat and every group they are in, now or before it was upgraded.
        """
        chats = {recipient_id}
        person = self._world.people.get(recipient_id)
        if person:
            chats |= {chat.id for chat in self._world.chats.values() if person in chat.members}
        return [
            one
            for one in self._world.deliveries
            if one.chat_id in chats and (one.only_for is None or not person or one.only_for == person.id)
        ]

    def calls(self, method: str | None = None, chat_id: int | None = None) -> list[ApiCall]:
        """The calls of the Bot API so far, oldest first."""
        return [
            call
            for call in self._world.calls
            if (method is None or call.method.lower() == method.lower())
            and (chat_id is None or call.chat_id == chat_id)
        ]

    async def wait_for(self, chat_id: int, predicate: Callable[[list[SeenMessage]], T | None]) -> T:
        """Waits until the predicate finds something in a chat's messages and returns it.

        TimeoutError tells what the chat showed last.
        """
        try:
            return await self.wait_until(lambda: predicate(self.messages(chat_id)))
        except TimeoutError:
            shown = [f"{one.sender_name}: {one.text[:80]!r} {one.button_texts}" for one in self.messages(chat_id)]
            raise TimeoutError(f"Not seen in chat {chat_id}; it shows {shown[-6:]}") from None

    async def wait_for_text(self, chat_id: int, part: str) -> SeenMessage:
        """Waits for a message of the bot that contains the part."""

        def found(messages: list[SeenMessage]) -> SeenMessage | None:
            return next((one for one in reversed(messages) if one.from_bot and part in one.text), None)

        return await self.wait_for(chat_id, found)

    async def wait_for_answer(self, query_id: str) -> Press:
        """Waits until the bot answered a press."""
        press = self._world.presses[query_id]
        return await self.wait_until(lambda: press if press.answered else None)

    async def wait_until(self, look: Callable[[], T | None]) -> T:
        """Waits until look() returns something true; it is asked again after every change."""
        return await self._world.changes.until(look, self.at_rest)

    async def wait_taken(self) -> None:
        """Waits until the bot has confirmed every update."""
        await self._world.changes.until(lambda: not self._world.updates.pending() or None)
