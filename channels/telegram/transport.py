"""Messages become calls of the Bot API, and its answers those of any channel."""

import json
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

from telegram import Bot
from telegram.constants import ParseMode
from telegram.error import BadRequest, InvalidToken, NetworkError, TelegramError

from channels.telegram.address import chat_of
from channels.telegram.errors import answer_to, is_refusal, meaning_of, reason_of
from channels.telegram.pacing import Pacer
from channels.telegram.refusals import Means
from channels.telegram.request import parameters_with_file, text_parameters
from models.address import Address
from services.delivery.transport import Capabilities, ChannelAnswer, Deleted, Later, MaySend, Sent, always
from texts.message import Message, Upload, UploadKind

log = logging.getLogger(__name__)

DELETED_AT_ONCE = 100  # messages in one call, Telegram's limit
NO_PREVIEW = '{"is_disabled":true}'
# A message that cannot be changed for any other reason is said anew.
CHANGED_NOWHERE = (Means.GONE, Means.MAY_NOT_WRITE, Means.FAULTY)
_UPLOADS = {
    UploadKind.PHOTO: ("sendPhoto", "photo"),
    UploadKind.VOICE: ("sendVoice", "voice"),
    UploadKind.VIDEO: ("sendVideo", "video"),
    UploadKind.DOCUMENT: ("sendDocument", "document"),
}


class _MayNotSend(Exception):
    """Another process sends by now."""


@dataclass(frozen=True)
class _How:
    """How urgent a message is, and whether it may still go."""

    priority: int
    may_send: MaySend


class TelegramTransport:
    """Says, changes and deletes messages at Telegram's pace."""

    capabilities = Capabilities()

    def __init__(self, bot: Bot, pacer: Pacer) -> None:
        self._bot = bot
        self._pacer = pacer

    async def send(
        self,
        address: Address,
        message: Message,
        *,
        replaces: int | None = None,
        priority: int = 0,
        may_send: MaySend = always,
    ) -> ChannelAnswer:
        """Say a message, or change the one it replaces; said anew when that is gone, too old or has a file."""
        chat_id, how = chat_of(address), _How(priority, may_send)
        try:
            if replaces is not None and message.upload is None and await self._change(chat_id, replaces, message, how):
                return Sent(replaces)
            return Sent(await self._say(chat_id, message, how))
        except _MayNotSend:
            return Later(0)
        except TelegramError as error:
            return self._answer(error)

    async def delete(
        self, address: Address, message_ids: Sequence[int], *, priority: int = 0, may_send: MaySend = always
    ) -> ChannelAnswer:
        """Delete messages of a chat; those gone already, or too old, are left as they are."""
        left, how = 0, _How(priority, may_send)
        try:
            for start in range(0, len(message_ids), DELETED_AT_ONCE):
                left += await self._delete(chat_of(address), message_ids[start : start + DELETED_AT_ONCE], how)
        except _MayNotSend:
            return Later(0)
        except TelegramError as error:
            return self._answer(error)
        return Deleted(left)

    @asynccontextmanager
    async def _permission(self, chat_id: int, how: _How) -> AsyncIterator[None]:
        async with self._pacer.permission(chat_id, how.priority):
            if not await how.may_send():
                raise _MayNotSend
            yield

    def _answer(self, error: TelegramError) -> ChannelAnswer:
        answer = answer_to(error)
        if isinstance(error, InvalidToken):
            log.error("Telegram does not know this token; check telegram.token. Messages wait.")
        elif isinstance(answer, Later):
            log.warning("a message waits: %s", type(error).__name__)
        if isinstance(answer, Later) and answer.seconds is not None:  # no other message would be taken either
            self._pacer.pause(answer.seconds)
        return answer

    async def _say(self, chat_id: int, message: Message, how: _How) -> int:
        if message.upload is not None:
            return await self._show(chat_id, message, message.upload, how)
        async with self._permission(chat_id, how):
            return _number_of(await self._call("sendMessage", chat_id, {**_parameters(message), **_asked(message)}))

    async def _show(self, chat_id: int, message: Message, upload: Upload, how: _How) -> int:
        """Send a file as what it is; as a document where it is not taken so, and failing that say that it is there."""
        for kind in dict.fromkeys((upload.kind, UploadKind.DOCUMENT)):
            try:
                async with self._permission(chat_id, how):
                    return await self._upload(chat_id, message, replace(upload, kind=kind))
            except TelegramError as error:
                if not is_refusal(error) or meaning_of(error) in (Means.GONE, Means.MAY_NOT_WRITE):
                    raise
                log.warning("a file is not taken as a %s: %s", kind, reason_of(error))
        return await self._say(chat_id, message.without_upload, how)

    async def _change(self, chat_id: int, message_id: int, message: Message, how: _How) -> bool:
        """Change a message where it stands; return whether it could be."""
        parameters = {"message_id": str(message_id), **_parameters(message)}
        async with self._permission(chat_id, how):
            try:
                await self._call("editMessageText", chat_id, parameters)
            except BadRequest as error:
                means = meaning_of(error)
                if means is Means.UNCHANGED:
                    return True
                if means in CHANGED_NOWHERE:
                    raise
                log.warning("a message is said anew: %s", reason_of(error))
                return False
        return True

    async def _delete(self, chat_id: int, message_ids: Sequence[int], how: _How) -> int:
        """Delete messages; return how many stay because they are too old."""
        try:
            async with self._permission(chat_id, how):
                if len(message_ids) == 1:
                    await self._call("deleteMessage", chat_id, {"message_id": str(message_ids[0])})
                else:
                    await self._call("deleteMessages", chat_id, {"message_ids": json.dumps(list(message_ids))})
        except BadRequest as error:
            means = meaning_of(error)
            if means not in (Means.NO_SUCH_MESSAGE, Means.FIXED):
                raise
            if len(message_ids) == 1:
                return int(means is Means.FIXED)
            half = len(message_ids) // 2  # one that is too old keeps all of them
            return sum([await self._delete(chat_id, part, how) for part in (message_ids[:half], message_ids[half:])])
        return 0

    async def _call(self, method: str, chat_id: int, parameters: dict[str, str]) -> Any:
        """Call a method without files, past the library's objects, which cost more than the call; return its result.

        What is refused is read by the library, and raised as its errors.
        """
        data = text_parameters({"chat_id": str(chat_id), **parameters})
        result: Any = await self._bot.request.post(f"{self._bot.base_url}/{method}", data)
        if result is not True and not isinstance(result, dict):  # that it was done, or the message
            raise NetworkError("no answer of the Bot API")
        return result

    async def _upload(self, chat_id: int, message: Message, upload: Upload) -> int:
        """Send a file anew, under a name that says nothing; return the message's number."""
        method, name = _UPLOADS[upload.kind]
        parameters = {"chat_id": str(chat_id), **_asked(message), **_keyboard(message)}
        if message.text:
            parameters |= {"caption": message.text, "parse_mode": ParseMode.HTML.value}
        if upload.kind is UploadKind.DOCUMENT:  # a sound sent as one would be taken for a voice message again
            parameters["disable_content_type_detection"] = "true"
        data = parameters_with_file(parameters, name, upload.data, f"attachment.{upload.suffix}")
        return _number_of(await self._bot.request.post(f"{self._bot.base_url}/{method}", data))


def _number_of(sent: Any) -> int:
    """Return the number of a message that was sent. Raises NetworkError when the answer does not name it."""
    number = sent.get("message_id") if isinstance(sent, dict) else None
    if type(number) is not int:
        raise NetworkError("no answer of the Bot API")
    return number


def _parameters(message: Message) -> dict[str, str]:
    """Return what sending and editing a text have in common."""
    parameters = {"text": message.text, "parse_mode": ParseMode.HTML.value, "link_preview_options": NO_PREVIEW}
    return parameters | _keyboard(message)


def _asked(message: Message) -> dict[str, str]:
    """Return what is asked of a message that is new."""
    how = {"protect_content": message.protect, "disable_notification": message.silent}
    return {name: "true" for name, is_wanted in how.items() if is_wanted}


def _keyboard(message: Message) -> dict[str, str]:
    if not message.buttons:
        return {}
    rows = [[_button(button.label, button.data, button.url) for button in row] for row in message.buttons]
    return {"reply_markup": json.dumps({"inline_keyboard": rows}, ensure_ascii=False)}


def _button(label: str, data: str | None, url: str | None) -> dict[str, str]:
    return {"text": label, "url": url} if url is not None else {"text": label, "callback_data": data or ""}
