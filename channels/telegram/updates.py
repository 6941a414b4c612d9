"""One update of Telegram's: what is known of it before it is parsed, its file, and the answer to its press."""

import json
from collections.abc import Coroutine, Mapping
from functools import cached_property
from typing import Any

import telegram

from channels.base import Origin, ReceivedUpdate
from channels.telegram.address import address_of, is_private, number_in
from channels.telegram.files import TelegramFile, file_in
from channels.telegram.incoming import read_update
from handlers.context import Toast
from handlers.incoming import UnfitFile, Update
from media.kinds import Cleaned

KINDS = ("message", "edited_message", "callback_query", "my_chat_member")
_PEOPLE = ("from", "chat", "sender_chat", "forward_from", "sender_user", "via_bot")
_NAMES = ("first_name", "last_name", "username", "title")


class Unreadable(Exception):
    """The library cannot parse an update."""


class TelegramUpdate(ReceivedUpdate):
    """An update as Telegram delivered it, under its number."""

    def __init__(self, number: int, raw: Mapping[str, Any], bot: telegram.Bot) -> None:
        self.id = str(number)
        self.origin = origin_of(raw)
        self._raw = raw
        self._bot = bot

    @property
    def file(self) -> TelegramFile | None:
        return file_in(self._parsed, self._bot)

    def read(self, file: Cleaned | UnfitFile | None) -> Update | None:
        return read_update(self._parsed, self.origin, self._bot.username, file)

    def pack(self) -> bytes:
        return json.dumps(_without_names(self._raw), ensure_ascii=False).encode()

    def answer_press(self, toast: Toast) -> Coroutine[Any, Any, None]:
        return _answer_press(self._bot, self._raw["callback_query"]["id"], toast)

    @cached_property
    def _parsed(self) -> telegram.Update:
        try:
            return telegram.Update.de_json(dict(self._raw), self._bot)
        except Exception as error:  # whatever it stumbles over, it will stumble over again
            raise Unreadable from error


async def _answer_press(bot: telegram.Bot, query_id: str, toast: Toast) -> None:
    await bot.answer_callback_query(query_id, toast.text or None, show_alert=toast.alert)


def _without_names(value: Any, of: str = "") -> Any:
    """Return a part of an update without what people are called: nobody needs it who reads the update later."""
    if isinstance(value, list):
        return [_without_names(part) for part in value]
    if not isinstance(value, dict):
        return value
    kept = {name: _without_names(part, name) for name, part in value.items()}
    if of in _PEOPLE:
        kept = {name: part for name, part in kept.items() if name not in _NAMES}
        kept |= {"first_name": ""} if of != "chat" else {}  # the library asks for it
    return kept


def number_of(raw: Any) -> int | None:
    """Return the number of a raw update; None for what is no update."""
    number = number_in(_object(raw).get("update_id"))
    return number if number is not None and number >= 0 else None


def origin_of(raw: Mapping[str, Any]) -> Origin:
    """Return where a raw update came from, also of one that cannot be parsed."""
    kind = next((kind for kind in KINDS if isinstance(raw.get(kind), dict)), "")
    part = _object(raw.get(kind))
    sender = _object(part.get("from"))
    message = _object(part.get("message")) if kind == "callback_query" else part
    sender_id = number_in(sender.get("id"))
    chat_id = number_in(_object(message.get("chat")).get("id")) if "chat" in message else sender_id
    code, message_id = sender.get("language_code"), number_in(message.get("message_id"))
    is_theirs = kind in ("message", "edited_message") and message_id is not None and message_id > 0
    return Origin(
        chat=None if chat_id is None else address_of(chat_id),
        sender=None if sender_id is None else address_of(sender_id),
        is_private=chat_id is not None and is_private(address_of(chat_id)),
        language_code=code if isinstance(code, str) else None,
        message_id=message_id if is_theirs else None,
    )


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
