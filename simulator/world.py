"""Everything the simulated Telegram knows, in memory."""

import json
import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from simulator.changes import Changes
from simulator.clock import OffsetClock
from simulator.entities import FormattedText, with_found
from simulator.errors import ControlError, Json
from simulator.files import FileStore
from simulator.people import BotStatus, Chat, Message, Person
from simulator.updates import UpdateQueue

FIRST_PERSON_ID = 5_300_000_017
FIRST_GROUP_ID = -4_100_000_003
FIRST_SUPERGROUP_ID = -1_002_200_000_009


@dataclass(frozen=True)
class Delivery:
    """Bytes that reached a phone: a message as JSON, a file, an answer to a press."""

    chat_id: int
    at: datetime
    what: Literal["message", "edit", "file", "answer"]
    from_bot: bool
    data: bytes
    only_for: int | None = None  # a person, where not everyone in the chat sees it


@dataclass
class Press:
    """A press of an inline button, and what the bot answered to it."""

    query_id: str
    person_id: int
    chat_id: int
    message_id: int
    data: str
    at: datetime
    update_id: int | None = None
    answered: bool = False
    text: str = ""
    show_alert: bool = False
    url: str = ""


@dataclass
class ApiCall:
    """One call of the Bot API and how it ended; status is 0 while it runs or when it was cut off."""

    method: str
    chat_id: int | None
    parameters: Json
    at: datetime
    status: int = 0


@dataclass
class Settings:
    """Switches that can be changed while the simulator runs.

    retry_second is how long a second of the webhook's waiting lasts, so that tests needn't wait for real.
    """

    limits: bool = False
    privacy_mode: bool = True
    retry_second: float = 1.0


@dataclass
class BotProfile:
    """What the bot said about itself."""

    commands: list[Json] = field(default_factory=list)
    description: str = ""
    short_description: str = ""
    menu_button: Json = field(default_factory=lambda: {"type": "default"})


class World:
    """People, chats, files, updates and the log of all that went on."""

    def __init__(self, bot: Person, clock: OffsetClock, changes: Changes, settings: Settings) -> None:
        self.bot = bot
        self.clock = clock
        self.changes = changes
        self.settings = settings
        self.updates = UpdateQueue(clock, changes)
        self.clear()

    def clear(self) -> None:
        """Forgets everyone and everything; the clock keeps its time."""
        self.files = FileStore()
        # Ids go on: the bot may remember those it has seen.
        self.updates = UpdateQueue(self.clock, self.changes, self.updates.next_id)
        self.people: dict[int, Person] = {}
        self.chats: dict[int, Chat] = {}
        self.presses: dict[str, Press] = {}
        self.deliveries: list[Delivery] = []
        self.calls: list[ApiCall] = []
        self.profile = BotProfile()
        self.next_message_id = 1

    # People and chats

    def add_person(self, person: Person) -> Person:
        self.people[person.id] = person
        self.chats[person.id] = Chat(person.id, "private", person=person, bot_status="member")
        self.changes.notify(person.id)
        return person

    def next_person_id(self) -> int:
        return FIRST_PERSON_ID + 104_729 * len(self.people)

    def add_group(self, title: str, members: list[Person], *, supergroup: bool) -> Chat:
        first = FIRST_SUPERGROUP_ID if supergroup else FIRST_GROUP_ID
        chat_id = first - 7_919 * sum(chat.person is None for chat in self.chats.values())
        chat = Chat(chat_id, "supergroup" if supergroup else "group", title, members=list(members))
        self.chats[chat_id] = chat
        self.changes.notify(chat_id)
        return chat

    def person(self, person_id: int) -> Person:
        if person_id not in self.people:
            raise ControlError(f"There is no person {person_id}; add one first.")
        return self.people[person_id]

    def chat(self, chat_id: int) -> Chat:
        if chat_id not in self.chats:
            raise ControlError(f"There is no chat {chat_id}; add the person or the group first.")
        return self.chats[chat_id]

    def group(self, group_id: int) -> Chat:
        chat = self.chat(group_id)
        if chat.person:
            raise ControlError(f"{group_id} is a private chat, not a group.")
        return chat

    def shares_group(self, person: Person) -> bool:
        """Whether the bot knows the person from a group, though they never wrote to it."""
        return any(person in chat.members and chat.bot_status != "left" for chat in self.chats.values())

    # Messages

    def post(
        self,
        chat: Chat,
        sender: Person,
        content: Json,
        *,
        reply_markup: Json | None = None,
        reply_to: int | None = None,
        media_group_id: str | None = None,
        protected: bool = False,
        silent: bool = False,
    ) -> Message:
        """Puts a message into a chat, where its phones see it at once."""
        message = Message(
            message_id=self._next_message_id(chat),
            chat_id=chat.id,
            sender=sender,
            date=self.clock.now(),
            content=content,
            reply_markup=reply_markup,
            reply_to=reply_to,
            media_group_id=media_group_id,
            protected=protected,
            silent=silent,
        )
        if reply_markup:
            message.keyboards.append(reply_markup)
        chat.messages[message.message_id] = message
        if sender.is_bot:
            chat.action = ""
        self._deliver_message(message, "message")
        self.changes.notify(chat.id)
        return message

    def _next_message_id(self, chat: Chat) -> int:
        """Number a message: a supergroup has numbers of its own, all other chats of an account share theirs."""
        holder = chat if chat.kind == "supergroup" else self
        number, holder.next_message_id = holder.next_message_id, holder.next_message_id + 1
        return number

    def edited(self, message: Message) -> None:
        """Marks a message as edited now and shows its new content."""
        message.edit_date = self.clock.now()
        if message.reply_markup and message.reply_markup not in message.keyboards:
            message.keyboards.append(message.reply_markup)
        self._deliver_message(message, "edit")
        self.changes.notify(message.chat_id)

    def delete(self, message: Message) -> None:
        message.deleted = True
        self.changes.notify(message.chat_id)

    def _deliver_message(self, message: Message, what: Literal["message", "edit"]) -> None:
        from_bot = message.sender is self.bot
        self.deliver(message.chat_id, what, from_bot, dumped(self.message_json(message)))
        if what == "message":
            for file_id in file_ids(message.content):
                if stored := self.files.get(file_id):
                    self.deliver(message.chat_id, "file", from_bot, stored.data)

    def deliver(
        self,
        chat_id: int,
        what: Literal["message", "edit", "file", "answer"],
        from_bot: bool,
        data: bytes,
        only_for: int | None = None,
    ) -> None:
        self.deliveries.append(Delivery(chat_id, self.clock.now(), what, from_bot, data, only_for))

    def message_json(self, message: Message, *, with_reply: bool = True) -> Json:
        """The message as the Bot API writes it."""
        chat = self.chats[message.chat_id]
        result: Json = {
            "message_id": message.message_id,
            "from": message.sender.as_json(),
            "chat": chat.as_json(),
            "date": unix(message.date),
        }
        if message.edit_date:
            result["edit_date"] = unix(message.edit_date)
        replied = chat.messages.get(message.reply_to or 0)
        if with_reply and replied and not replied.deleted:
            result["reply_to_message"] = self.message_json(replied, with_reply=False)
        if message.media_group_id:
            result["media_group_id"] = message.media_group_id
        if message.protected:
            result["has_protected_content"] = True
        result.update(message.content)
        if message.buttons:
            result["reply_markup"] = message.reply_markup
        return result

    # Updates

    def tell_message(self, message: Message, kind: str = "message") -> None:
        """Queues the update about a message, if the bot may see it."""
        chat = self.chats[message.chat_id]
        if chat.bot_status in {"left", "kicked"} or not self._bot_sees(chat, message):
            return
        update_id = self.updates.add(kind, self.message_json(message), f"chat {chat.id}")
        message.update_id = update_id or message.update_id

    def _bot_sees(self, chat: Chat, message: Message) -> bool:
        """In groups a bot with privacy mode sees commands, mentions and replies to it, unless it is admin."""
        if chat.person or chat.bot_status == "administrator" or not self.settings.privacy_mode:
            return True
        if not message.content.keys() & _CONTENT_OF_PEOPLE:
            return True
        if (replied := chat.messages.get(message.reply_to or 0)) and replied.sender is self.bot:
            return True
        name = f"@{self.bot.username}".lower()
        for entity in message.entities:
            part = cut(message.text, entity).lower()
            if entity["type"] == "bot_command" and ("@" not in part or part.endswith(name)):
                return True
            if entity["type"] == "mention" and part == name:
                return True
        return False

    def set_bot_status(self, chat: Chat, status: BotStatus, by: Person) -> None:
        """Changes what the bot is in a chat and queues my_chat_member."""
        before, chat.bot_status = chat.bot_status, status
        if before == status:
            return
        payload = {
            "chat": chat.as_json(),
            "from": by.as_json(),
            "date": unix(self.clock.now()),
            "old_chat_member": self.member_json(before),
            "new_chat_member": self.member_json(status),
        }
        self.updates.add("my_chat_member", payload, f"chat {chat.id}")
        self.changes.notify(chat.id)

    def member_json(self, status: str, user: Person | None = None) -> Json:
        member: Json = {"user": (user or self.bot).as_json(), "status": status}
        if status == "kicked":
            member["until_date"] = 0
        if status == "restricted":
            member.update(dict.fromkeys(_MEMBER_RIGHTS, False))
            member.update(is_member=True, until_date=0)
        if status == "administrator":
            member["can_be_edited"] = False
            member.update(dict.fromkeys(_ADMIN_RIGHTS, True))
            member["is_anonymous"] = False
        return member

    def new_press(self, person: Person, message: Message, data: str) -> Press:
        """Queues callback_query for a press of a button."""
        press = Press(
            query_id=str(secrets.randbelow(9 * 10**18) + 10**18),
            person_id=person.id,
            chat_id=message.chat_id,
            message_id=message.message_id,
            data=data,
            at=self.clock.now(),
        )
        self.presses[press.query_id] = press
        payload = {
            "id": press.query_id,
            "from": person.as_json(),
            "message": self.message_json(message),
            "chat_instance": str(-(10**18) - message.chat_id),
            "data": data,
        }
        press.update_id = self.updates.add("callback_query", payload, f"presses of {person.id}")
        self.changes.notify(message.chat_id)
        return press

    def formatted_by_person(self, text: str) -> FormattedText:
        return with_found(FormattedText(text))


_FILES = ("document", "voice", "audio", "video", "video_note", "animation", "sticker")
_CONTENT_OF_PEOPLE = frozenset({"text", "photo", *_FILES, "poll", "location", "contact"})
_MEMBER_RIGHTS = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_react_to_messages",
    "can_change_info",
    "can_edit_tag",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
)
_ADMIN_RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_pin_messages",
)


def unix(moment: datetime) -> int:
    return int(moment.timestamp())


def cut(text: str, entity: Json) -> str:
    """The part of a text that an entity marks."""
    units = text.encode("utf-16-le")
    start = 2 * int(entity["offset"])
    return units[start : start + 2 * int(entity["length"])].decode("utf-16-le", "replace")


def file_ids(content: Json) -> list[str]:
    """The file_id of each file of a message: of a photo the largest size."""
    result = [content["photo"][-1]["file_id"]] if content.get("photo") else []
    others = [name for name in _FILES if name in content]
    return result + [content[name]["file_id"] for name in others]


def dumped(value: Json) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
