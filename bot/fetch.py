"""Photos are fetched and re-made before the transaction of their update opens: none waits for the network in there."""

import asyncio

from telegram import Bot, Message, PhotoSize, Update
from telegram.constants import FileSizeLimit
from telegram.error import BadRequest

from handlers.turn import Unfit
from privacy.photo import CannotClean, RemadePhoto, remake_photo

IMAGE_TYPES = frozenset({"image/jpeg", "image/png", "image/webp", "image/heic", "image/heif"})


async def fetch_photo(bot: Bot, update: Update) -> RemadePhoto | Unfit | None:
    """Return the photo of a private message without anything but the picture; None when it holds none."""
    message = update.message
    if message is None or message.chat.type != "private":
        return None
    file_id, size = _picture(message)
    if file_id is None:
        return None
    if size > FileSizeLimit.FILESIZE_DOWNLOAD:
        return Unfit("too_large")
    try:
        file = await bot.get_file(file_id)
        content = bytes(await file.download_as_bytearray())
    except BadRequest:  # gone, or larger than was said
        return Unfit("too_large")
    try:
        return await asyncio.to_thread(remake_photo, content)
    except CannotClean:
        return Unfit("cannot_clean")


def _picture(message: Message) -> tuple[str | None, int]:
    if message.photo:
        largest: PhotoSize = message.photo[-1]
        return largest.file_id, largest.file_size or 0
    document = message.document
    if document and document.mime_type in IMAGE_TYPES:
        return document.file_id, document.file_size or 0
    return None, 0
