"""One row of the outbox becomes one call of the Bot API."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions
from telegram import Message as TelegramMessage
from telegram.constants import ParseMode
from telegram.error import BadRequest

from texts.message import Message, Rows, Shown, Upload

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)

NOT_TO_BE_CHANGED = (
    "message to edit not found",
    "message can't be edited",
    "there is no text in the message to edit",
)


@dataclass(frozen=True)
class Place:
    """Where a message stands."""

    chat_id: int
    message_id: int


class Telegram:
    """Says, changes and takes back messages."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def say(self, chat_id: int, message: Message) -> Place:
        """Send a message and return where it stands."""
        if message.upload is not None:
            sent = await self._upload(chat_id, message, message.upload)
        else:
            sent = await self._bot.send_message(
                chat_id,
                message.text,
                parse_mode=ParseMode.HTML,
                reply_markup=_keyboard(message.buttons),
                protect_content=message.protect,
                disable_notification=message.silent,
                link_preview_options=NO_PREVIEW,
            )
        return Place(sent.chat.id, sent.message_id)

    async def _upload(self, chat_id: int, message: Message, upload: Upload) -> TelegramMessage:
        """Send a file anew, under a name that says nothing."""
        ways: dict[Shown, Callable[..., Awaitable[TelegramMessage]]] = {
            Shown.PHOTO: self._bot.send_photo,
            Shown.VOICE: self._bot.send_voice,
            Shown.VIDEO: self._bot.send_video,
            Shown.DOCUMENT: self._bot.send_document,
        }
        return await ways[upload.shown](
            chat_id,
            upload.data,
            caption=message.text or None,
            parse_mode=ParseMode.HTML,
            reply_markup=_keyboard(message.buttons),
            protect_content=message.protect,
            disable_notification=message.silent,
            filename=f"attachment.{upload.suffix}",
        )

    async def change(self, place: Place, message: Message) -> Place:
        """Change a message where it stands; say it anew when it is gone, too old to be changed, or has a file."""
        if message.upload is not None:
            return await self.say(place.chat_id, message)
        try:
            await self._edit(place, message)
        except BadRequest as error:
            reason = str(error).lower()
            if "message is not modified" in reason:
                return place
            if any(refusal in reason for refusal in NOT_TO_BE_CHANGED):
                return await self.say(place.chat_id, message)
            raise
        return place

    async def take_back(self, chat_id: int, message_ids: Sequence[int]) -> None:
        """Delete up to 100 messages of a chat; those gone already, or too old, are left as they are."""
        try:
            if len(message_ids) == 1:
                await self._bot.delete_message(chat_id, message_ids[0])
            else:
                await self._bot.delete_messages(chat_id, message_ids)
        except BadRequest as error:
            reason = str(error).lower()
            if "message to delete not found" not in reason and "message can't be deleted" not in reason:
                raise
            if len(message_ids) > 1:  # one that is too old keeps all of them
                half = len(message_ids) // 2
                await self.take_back(chat_id, message_ids[:half])
                await self.take_back(chat_id, message_ids[half:])

    async def _edit(self, place: Place, message: Message) -> None:
        await self._bot.edit_message_text(
            message.text,
            place.chat_id,
            place.message_id,
            parse_mode=ParseMode.HTML,
            reply_markup=_keyboard(message.buttons),
            link_preview_options=NO_PREVIEW,
        )


def _keyboard(rows: Rows) -> InlineKeyboardMarkup | None:
    if not rows:
        return None
    return InlineKeyboardMarkup(
        [
            [InlineKeyboardButton(button.label, callback_data=button.data, url=button.url) for button in row]
            for row in rows
        ]
    )
