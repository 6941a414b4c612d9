"""People, groups and the messages between them, as Telegram keeps them."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from simulator.errors import Json

BotStatus = Literal["member", "administrator", "restricted", "left", "kicked"]  # restricted: may not write
ChatKind = Literal["private", "group", "supergroup"]


@dataclass
class Person:
    """Someone with a phone. Ids lie above 2**32, as those of today's accounts do."""

    id: int
    first_name: str
    last_name: str = ""
    username: str = ""
    language_code: str = ""
    is_bot: bool = False
    deactivated: bool = False

    def as_json(self) -> Json:
        user: Json = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        for name in ("last_name", "username", "language_code"):
            if value := getattr(self, name):
                user[name] = value
        return user

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


@dataclass
class Message:
    """One message of one chat; content holds its Bot API fields (text, photo, caption …)."""

    message_id: int
    chat_id: int
    sender: Person
    date: datetime
    content: Json
    reply_markup: Json | None = None
    edit_date: datetime | None = None
    reply_to: int | None = None
    media_group_id: str | None = None
    protected: bool = False
    silent: bool = False
    deleted: bool = False
    update_id: int | None = None
    keyboards: list[Json] = field(default_factory=list)  # every keyboard that it ever had

    @property
    def text(self) -> str:
        return str(self.content.get("text") or self.content.get("caption") or "")

    @property
    def entities(self) -> list[Json]:
        return list(self.content.get("entities") or self.content.get("caption_entities") or [])

    @property
    def buttons(self) -> list[list[Json]]:
        return list((self.reply_markup or {}).get("inline_keyboard", []))


@dataclass
class Chat:
    """A private chat with the bot, or a group; bot_status tells what the bot is in it."""

    id: int
    kind: ChatKind
    title: str = ""
    person: Person | None = None
    members: list[Person] = field(default_factory=list)
    bot_status: BotStatus = "left"
    started: bool = False
    migrated_to: int | None = None
    migrated_from: int | None = None
    messages: dict[int, Message] = field(default_factory=dict)
    next_message_id: int = 1
    action: str = ""

    def as_json(self) -> Json:
        if self.person:
            user = self.person.as_json()
            names = ("first_name", "last_name", "username")
            return {"id": self.id, "type": "private", **{name: user[name] for name in names if name in user}}
        chat: Json = {"id": self.id, "type": self.kind, "title": self.title}
        if self.kind == "group":
            chat["all_members_are_administrators"] = False
        return chat

    def message(self, message_id: int | None) -> Message | None:
        """The message of that id, unless it was deleted."""
        found = self.messages.get(message_id or 0)
        return None if found is None or found.deleted else found

    def visible(self) -> list[Message]:
        return [message for message in self.messages.values() if not message.deleted]

    @property
    def blocked(self) -> bool:
        return self.kind == "private" and self.bot_status == "kicked"
