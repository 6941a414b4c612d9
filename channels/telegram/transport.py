"""Messages become calls of the Bot API, and its answers those of any channel."""

import json
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram import Message as TelegramMessage
from telegram.constants import ParseMode
from telegram.error import BadRequest, InvalidToken, TelegramError

from channels.telegram.address import chat_of
from channels.telegram.errors import answer_to
from channels.telegram.pacing import Pacer
from channels.telegram.request import text_parameters
from models.address import Address
from services.delivery.transport import Capabilities, ChannelAnswer, Deleted, Later, Sent
from texts.message import Message, Rows, Upload, UploadKind

log = logging.getLogger(__name__)

DELETED_AT_ONCE = 100  # messages in one call, Telegram's limit
NO_PREVIEW = '{"is_disabled":true}'
EDIT_REFUSALS = (
    "message to edit not found",
    "message can't be edited",
    "there is no text in the message to edit",
)
GONE, TOO_OLD = "message to delete not found", "message can't be deleted"


class TelegramTransport:
    """Says, changes and deletes messages at Telegram's pace."""

    capabilities = Capabilities()

    def __init__(self, bot: Bot, pacer: Pacer) -> None:
        self._bot = bot
        self._pacer = pacer

    async def send(
        self, address: Address, message: Message, *, replaces: int | None = None, priority: int = 0
    ) -> ChannelAnswer:
        """Say a message, or change the one it replaces; said anew when that is gone, too old or has a file."""
        chat_id = chat_of(address)
        try:
            if (
                replaces is not None
                and message.upload is None
                and await self._change(chat_id, replaces, message, priority)
            ):
                return Sent(replaces)
            return Sent(await self._say(chat_id, message, priority))
        except TelegramError as error:
            return self._answer(error)

    async def delete(self, address: Address, message_ids: Sequence[int], *, priority: int = 0) -> ChannelAnswer:
        """Delete messages of a chat; those gone already, or too old, are left as they are."""
        left = 0
        try:
            for start in range(0, len(message_ids), DELETED_AT_ONCE):
                left += await self._delete(chat_of(address), message_ids[start : start + DELETED_AT_ONCE], priority)
        except TelegramError as error:
            return self._answer(error)
        return Deleted(left)

    def _answer(self, error: TelegramError) -> ChannelAnswer:
        answer = answer_to(error)
        if isinstance(error, InvalidToken):
            log.error("Telegram does not know this token; check telegram.token. Messages wait.")
        elif isinstance(answer, Later):
            log.warning("a message waits: %s", type(error).__name__)
        if isinstance(answer, Later) and answer.seconds is not None:  # no other message would be taken either
            self._pacer.pause(answer.seconds)
        return answer

    async def _say(self, chat_id: int, message: Message, priority: int) -> int:
        async with self._pacer.permission(chat_id, priority):
            if message.upload is not None:
                return (await self._upload(chat_id, message, message.upload)).message_id
            how = {"protect_content": message.protect, "disable_notification": message.silent}
            asked = {name: "true" for name, is_wanted in how.items() if is_wanted}
            sent = await self._call("sendMessage", chat_id, {**_parameters(message), **asked})
            return int(sent["message_id"])

    async def _change(self, chat_id: int, message_id: int, message: Message, priority: int) -> bool:
        """Change a message where it stands; return whether it could be."""
        parameters = {"message_id": str(message_id), **_parameters(message)}
        async with self._pacer.permission(chat_id, priority):
            try:
                await self._call("editMessageText", chat_id, parameters)
            except BadRequest as error:
                reason = str(error).lower()
                if "message is not modified" in reason:
                    return True
                if any(refusal in reason for refusal in EDIT_REFUSALS):
                    return False
                raise
        return True

    async def _delete(self, chat_id: int, message_ids: Sequence[int], priority: int) -> int:
        """Delete messages; return how many stay because they are too old."""
        try:
            async with self._pacer.permission(chat_id, priority):
                if len(message_ids) == 1:
                    await self._call("deleteMessage", chat_id, {"message_id": str(message_ids[0])})
                else:
                    await self._call("deleteMessages", chat_id, {"message_ids": json.dumps(list(message_ids))})
        except BadRequest as error:
            reason = str(error).lower()
            if GONE not in reason and TOO_OLD not in reason:
                raise
            if len(message_ids) == 1:
                return int(TOO_OLD in reason)
            half = len(message_ids) // 2  # one that is too old keeps all of them
            return sum(
                [await self._delete(chat_id, part, priority) for part in (message_ids[:half], message_ids[half:])]
            )
        return 0

    async def _call(self, method: str, chat_id: int, parameters: dict[str, str]) -> Any:
        """Call a method without files, past the library's objects, which cost more than the call; return its result.

        What is refused is read by the library, and raised as its errors.
        """
        data = text_parameters({"chat_id": str(chat_id), **parameters})
        return await self._bot.request.post(f"{self._bot.base_url}/{method}", data)

    async def _upload(self, chat_id: int, message: Message, upload: Upload) -> TelegramMessage:
        """Send a file anew, under a name that says nothing."""
        senders: dict[UploadKind, Callable[..., Awaitable[TelegramMessage]]] = {
            UploadKind.PHOTO: self._bot.send_photo,
            UploadKind.VOICE: self._bot.send_voice,
            UploadKind.VIDEO: self._bot.send_video,
            UploadKind.DOCUMENT: self._bot.send_document,
        }
        return await senders[upload.kind](
            chat_id,
            upload.data,
            caption=message.text or None,
            parse_mode=ParseMode.HTML,
            reply_markup=_keyboard(message.buttons),
            protect_content=message.protect,
            disable_notification=message.silent,
            filename=f"attachment.{upload.suffix}",
        )


def _parameters(message: Message) -> dict[str, str]:
    """Return what sending and editing a text have in common."""
    parameters = {"text": message.text, "parse_mode": ParseMode.HTML.value, "link_preview_options": NO_PREVIEW}
    if message.buttons:
        rows = [[_button(button.label, button.data, button.url) for button in row] for row in message.buttons]
        parameters["reply_markup"] = json.dumps({"inline_keyboard": rows}, ensure_ascii=False)
    return parameters


def _button(label: str, data: str | None, url: str | None) -> dict[str, str]:
    return {"text": label, "url": url} if url is not None else {"text": label, "callback_data": data or ""}


def _keyboard(rows: Rows) -> InlineKeyboardMarkup | None:
    if not rows:
        return None
    return InlineKeyboardMarkup(
        [
            [InlineKeyboardButton(button.label, callback_data=button.data, url=button.url) for button in row]
            for row in rows
        ]
    )
