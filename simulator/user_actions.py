"""What people do on their phones, and what happens to their accounts and groups."""

import re
import secrets
from collections.abc import Sequence
from urllib.parse import parse_qs, urlsplit

from simulator.entities import CAPTION_LIMIT, TEXT_LIMIT, utf16_length
from simulator.errors import ControlError, Json
from simulator.media import PlayedKind, check_photo, document_content, photo_content, sample, voice_content
from simulator.people import BotStatus, Chat, Message, Person
from simulator.updates import LIFETIME
from simulator.world import World

START_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}\Z")
EDIT_TIME = 2 * LIFETIME
_PLAYED = {"voice": ("voice", "audio/ogg"), "audio": ("music", "audio/mpeg")}


class UserActions:
    """What people do; each method raises ControlError for what a real phone would not let them do.

    A chat_id of None means the person's private chat with the bot.
    """

    def __init__(self, world: World) -> None:
        self._world = world

    # Accounts and groups

    def add_person(
        self,
        first_name: str,
        *,
        last_name: str = "",
        username: str = "",
        language_code: str = "zh-hans",
        person_id: int | None = None,
        started: bool = False,
    ) -> int:
        """Creates a person with a phone; returns the id, which is also that of the private chat.

        started: they have pressed START before, so that the bot may write to them.
        """
        new_id = person_id or self._world.next_person_id()
        if new_id in self._world.people:
            raise ControlError(f"There is already a person {new_id}; choose another id.")
        self._world.add_person(Person(new_id, first_name, last_name, username, language_code))
        self._world.chat(new_id).started = started
        return new_id

    def deactivate(self, person_id: int) -> None:
        """Deletes a person's account."""
        self._world.person(person_id).deactivated = True
        self._world.changes.notify(person_id)

    def block(self, person_id: int) -> None:
        """The person stops the bot."""
        chat = self._world.chat(person_id)
        self._world.set_bot_status(chat, "kicked", by=self._world.person(person_id))

    def unblock(self, person_id: int) -> None:
        chat = self._world.chat(person_id)
        self._world.set_bot_status(chat, "member", by=self._world.person(person_id))

    def add_group(self, title: str, members: Sequence[int], *, supergroup: bool = False) -> int:
        """Creates a group of people, its first member being the owner; the bot is not in it yet."""
        if not members:
            raise ControlError("A group needs at least one member.")
        people = [self._world.person(one) for one in members]
        return self._world.add_group(title, people, supergroup=supergroup).id

    def add_member(self, group_id: int, person_id: int) -> None:
        group, person = self._world.group(group_id), self._world.person(person_id)
        if person not in group.members:
            group.members.append(person)
            self._service(group, person, {"new_chat_members": [person.as_json()]})

    def remove_member(self, group_id: int, person_id: int) -> None:
        group, person = self._world.group(group_id), self._world.person(person_id)
        if person in group.members:
            group.members.remove(person)
            self._service(group, person, {"left_chat_member": person.as_json()})

    def add_bot(self, group_id: int, *, by: int | None = None, admin: bool = False, start: str | None = None) -> None:
        """Puts the bot into a group; start is the payload of a startgroup link."""
        group = self._world.group(group_id)
        adder = self._member(group, by)
        self._world.set_bot_status(group, "member", by=adder)
        self._service(group, adder, {"new_chat_members": [self._world.bot.as_json()]})
        if admin:
            self._world.set_bot_status(group, "administrator", by=adder)
        if start is not None:
            text = f"/start@{self._world.bot.username} {_payload(start)}".strip()
            self.send_text(adder.id, text, chat_id=group_id)

    def set_bot_status(self, group_id: int, status: BotStatus, *, by: int | None = None) -> None:
        """Promotes, demotes or kicks the bot."""
        group = self._world.group(group_id)
        self._world.set_bot_status(group, status, by=self._member(group, by))

    def bot_is_away(self, group_id: int) -> bool:
        """Whether the bot is not in the group, so that it would have to be added."""
        return self._world.group(group_id).bot_status in {"left", "kicked"}

    def kick_bot(self, group_id: int, *, by: int | None = None) -> None:
        self.set_bot_status(group_id, "kicked", by=by)

    def migrate(self, group_id: int) -> int:
        """Upgrades a group to a supergroup, which has a new id; returns that."""
        group = self._world.group(group_id)
        if group.kind != "group" or group.migrated_to:
            raise ControlError(f"{group_id} is not a basic group; only those can be upgraded.")
        new = self._world.add_group(group.title, group.members, supergroup=True)
        new.bot_status = group.bot_status
        new.migrated_from = group_id
        owner = group.members[0]
        self._service(group, owner, {"migrate_to_chat_id": new.id})
        group.migrated_to = new.id
        self._service(new, owner, {"migrate_from_chat_id": group_id})
        return new.id

    # Opening and writing

    def scan(self, person_id: int, link: str) -> int:
        """Opens the bot by a deep link (or its payload) and presses START; returns the message's id."""
        payload = self._payload_of(link)
        self._world.person(person_id)
        if self._world.chat(person_id).blocked:
            self.unblock(person_id)
        return self.send_text(person_id, f"/start {payload}".strip())

    def open_bot(self, person_id: int) -> int:
        """Finds the bot by its name and presses START."""
        return self.scan(person_id, "")

    def _payload_of(self, link: str) -> str:
        if "://" not in link:
            return _payload(link)
        parts = urlsplit(link)
        query = parse_qs(parts.query, keep_blank_values=True)
        name = parts.path.rpartition("/")[2] if parts.scheme in {"http", "https"} else query.get("domain", [""])[0]
        if name.lower() != self._world.bot.username.lower():
            raise ControlError(f"The link leads to @{name}, not to @{self._world.bot.username}.")
        return _payload(query.get("start", [""])[0])

    def send_text(self, person_id: int, text: str, *, chat_id: int | None = None, reply_to: int | None = None) -> int:
        formatted = self._world.formatted_by_person(text.strip())
        if not formatted.text:
            raise ControlError("An empty message can't be sent; type something.")
        if utf16_length(formatted.text) > TEXT_LIMIT:
            raise ControlError("The phone splits texts of over 4,096 characters; send them one by one.")
        return self._say(person_id, formatted.as_json("text"), chat_id, reply_to).message_id

    def send_photo(self, person_id: int, picture: bytes | str, *, caption: str = "", chat_id: int | None = None) -> int:
        """Sends one photo: its bytes, or the name of a bundled sample."""
        return self.send_album(person_id, [picture], caption=caption, chat_id=chat_id)[0]

    def send_album(
        self,
        person_id: int,
        pictures: Sequence[bytes | str],
        *,
        caption: str = "",
        chat_id: int | None = None,
    ) -> list[int]:
        """Sends 1 to 10 photos; several arrive as an album, each as an update of its own."""
        if not 1 <= len(pictures) <= 10:
            raise ControlError("An album holds 1 to 10 photos.")
        datas = [_photo(one) for one in pictures]
        group_id = str(13_700_000_000_000_000 + secrets.randbelow(10**12)) if len(datas) > 1 else None
        result = []
        for number, data in enumerate(datas):
            content = photo_content(self._world.files, self._world.files.put(data, "photos"))
            if number == 0:
                content |= self._caption(caption)
            result.append(self._say(person_id, content, chat_id, album=group_id).message_id)
        return result

    def send_document(
        self,
        person_id: int,
        data: bytes,
        name: str,
        *,
        mime_type: str = "application/octet-stream",
        caption: str = "",
        chat_id: int | None = None,
    ) -> int:
        stored = self._world.files.put(data, "documents", name=name, mime_type=mime_type)
        content = document_content(stored) | self._caption(caption)
        return self._say(person_id, content, chat_id).message_id

    def send_voice(
        self,
        person_id: int,
        data: bytes,
        *,
        duration: int = 1,
        kind: PlayedKind = "voice",
        caption: str = "",
        chat_id: int | None = None,
    ) -> int:
        """Sends what can be played; duration is in seconds."""
        folder, mime_type = _PLAYED.get(kind, ("videos", "video/mp4"))
        stored = self._world.files.put(data, folder, mime_type=mime_type)
        content = voice_content(stored, kind, duration) | self._caption(caption)
        return self._say(person_id, content, chat_id).message_id

    def send_sticker(self, person_id: int, *, emoji: str = "👍", chat_id: int | None = None) -> int:
        stored = self._world.files.put(f"sticker {emoji}".encode(), "stickers", name="sticker.webp")
        sticker = {
            **stored.as_json(),
            "type": "regular",
            "width": 512,
            "height": 512,
            "is_animated": False,
            "is_video": False,
            "emoji": emoji,
        }
        return self._say(person_id, {"sticker": sticker}, chat_id).message_id

    def send_poll(self, person_id: int, question: str, options: Sequence[str], *, chat_id: int | None = None) -> int:
        poll = {
            "id": str(secrets.randbelow(10**18)),
            "question": question,
            "options": [
                {"persistent_id": str(number), "text": text, "voter_count": 0} for number, text in enumerate(options)
            ],
            "total_voter_count": 0,
            "is_closed": False,
            "is_anonymous": True,
            "type": "regular",
            "allows_multiple_answers": False,
            "allows_revoting": False,
            "members_only": False,
        }
        return self._say(person_id, {"poll": poll}, chat_id).message_id

    def send_location(self, person_id: int, latitude: float, longitude: float, *, chat_id: int | None = None) -> int:
        location = {"latitude": latitude, "longitude": longitude}
        return self._say(person_id, {"location": location}, chat_id).message_id

    def send_contact(self, person_id: int, phone_number: str, first_name: str, *, chat_id: int | None = None) -> int:
        contact = {"phone_number": phone_number, "first_name": first_name}
        return self._say(person_id, {"contact": contact}, chat_id).message_id

    def send_content(self, person_id: int, content: Json, *, chat_id: int | None = None) -> int:
        """Sends whatever else a phone can, as the fields of a message: a dice, a story, a text with links."""
        return self._say(person_id, content, chat_id).message_id

    def _caption(self, caption: str) -> Json:
        if utf16_length(caption) > CAPTION_LIMIT:
            raise ControlError("A caption holds 1,024 characters; send the rest as a message.")
        return self._world.formatted_by_person(caption.strip()).as_json("caption")

    def _say(
        self,
        person_id: int,
        content: Json,
        chat_id: int | None,
        reply_to: int | None = None,
        album: str | None = None,
    ) -> Message:
        person, chat = self._place(person_id, chat_id)
        if chat.blocked:
            raise ControlError("The person has blocked the bot; unblock it or scan again first.")
        if chat.person:
            chat.started = True
        message = self._world.post(chat, person, content, reply_to=reply_to, media_group_id=album)
        self._world.tell_message(message)
        return message

    # Touching what is there

    def edit_text(self, person_id: int, message_id: int, text: str, *, chat_id: int | None = None) -> None:
        """Changes the text or caption of one's own message."""
        message = self._own(person_id, message_id, chat_id)
        if self._world.clock.now() - message.date > EDIT_TIME:
            raise ControlError("A message can be edited for 48 hours only.")
        name = "text" if "text" in message.content else "caption"
        kept = {
            key: value
            for key, value in message.content.items()
            if key not in {"text", "entities", "caption", "caption_entities"}
        }
        self._edit(message, kept | self._world.formatted_by_person(text.strip()).as_json(name))

    def edit_photo(
        self, person_id: int, message_id: int, picture: bytes | str, *, caption: str = "", chat_id: int | None = None
    ) -> None:
        """Puts another photo in place of one's own, or under one's own text; its caption is replaced, too."""
        stored = self._world.files.put(_photo(picture), "photos")
        self.edit_content(
            person_id, message_id, photo_content(self._world.files, stored) | self._caption(caption), chat_id=chat_id
        )

    def edit_content(self, person_id: int, message_id: int, content: Json, *, chat_id: int | None = None) -> None:
        """Puts anything else in place of one's own message, as the fields of a message."""
        self._edit(self._own(person_id, message_id, chat_id), content)

    def _edit(self, message: Message, content: Json) -> None:
        message.content = content
        self._world.edited(message)
        self._world.tell_message(message, "edited_message")

    def delete(self, person_id: int, message_id: int, *, chat_id: int | None = None) -> None:
        """Deletes one's own message; Telegram tells the bot nothing of it."""
        self._world.delete(self._own(person_id, message_id, chat_id))

    def press(
        self,
        person_id: int,
        button: str,
        *,
        message_id: int | None = None,
        chat_id: int | None = None,
        old: bool = False,
    ) -> str:
        """Presses the button with that text or callback data; returns the id of the callback query.

        Without message_id it is the newest message that has the button. old also finds buttons that the
        message had before it was edited, as a phone that was offline may still show them.
        """
        person, chat = self._place(person_id, chat_id)
        messages = [message for message in reversed(chat.visible()) if message_id in {None, message.message_id}]
        for message in messages:
            keyboards = message.keyboards if old else [message.reply_markup or {}]
            for found in (one for keyboard in reversed(keyboards) for one in _buttons(keyboard)):
                if button in {found["text"], found.get("callback_data")} and "callback_data" in found:
                    return self._world.new_press(person, message, found["callback_data"]).query_id
        shown = [one["text"] for message in messages for row in message.buttons for one in row]
        raise ControlError(f"No button “{button}” to press; there are: {', '.join(shown) or 'none'}.")

    def press_data(self, person_id: int, message_id: int, data: str, *, chat_id: int | None = None) -> str:
        """Presses with any callback data, as a doctored phone can; returns the id of the callback query."""
        person, chat = self._place(person_id, chat_id)
        message = chat.message(message_id)
        if message is None:
            raise ControlError(f"There is no message {message_id} in chat {chat.id}.")
        return self._world.new_press(person, message, data).query_id

    # Places

    def _place(self, person_id: int, chat_id: int | None) -> tuple[Person, Chat]:
        person = self._world.person(person_id)
        if person.deactivated:
            raise ControlError("The account was deleted; nobody can use it.")
        chat = self._world.chat(person_id if chat_id is None else chat_id)
        if person is not chat.person and person not in chat.members:
            raise ControlError(f"{person.name} is not in chat {chat.id}.")
        if chat.migrated_to:
            raise ControlError(f"The group is now the supergroup {chat.migrated_to}; write there.")
        return person, chat

    def _own(self, person_id: int, message_id: int, chat_id: int | None) -> Message:
        person, chat = self._place(person_id, chat_id)
        message = chat.message(message_id)
        if message is None or message.sender is not person:
            raise ControlError(f"{person.name} has no message {message_id} in chat {chat.id}.")
        return message

    def _member(self, group: Chat, person_id: int | None) -> Person:
        return group.members[0] if person_id is None else self._world.person(person_id)

    def _service(self, group: Chat, by: Person, content: Json) -> None:
        self._world.tell_message(self._world.post(group, by, content))


def _payload(payload: str) -> str:
    if payload and not START_PAYLOAD.match(payload):
        raise ControlError("A start payload has 1 to 64 characters of A-Z a-z 0-9 _ -; a phone sends no other.")
    return payload


def _buttons(keyboard: Json) -> list[Json]:
    return [button for row in keyboard.get("inline_keyboard", []) for button in row]


def _photo(picture: bytes | str) -> bytes:
    """The bytes of a photo, or of the bundled sample of this name; raises ApiError for what Telegram does not take."""
    data = sample(picture) if isinstance(picture, str) else picture
    check_photo(data)
    return data
