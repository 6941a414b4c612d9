"""Files are fetched and re-made before the transaction of their update opens: none waits for the network in there."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from telegram import Bot, Message, Update
from telegram.constants import FileSizeLimit
from telegram.error import BadRequest

from handlers.turn import TOO_LARGE, Unfit
from privacy.cleaning.kinds import CannotClean, Cleaned
from privacy.cleaning.process import Cleaner

KINDS = ("voice", "audio", "video", "video_note", "animation", "document")  # an animation is a document as well


class _File(Protocol):
    @property
    def file_id(self) -> str: ...

    @property
    def file_size(self) -> int | None: ...


async def fetch_attachment(
    bot: Bot, cleaner: Cleaner, update: Update, own_voice: Callable[[int], Awaitable[bool]]
) -> Cleaned | Unfit | None:
    """Return the file of a private message with nothing but its content; None when it holds none.

    `own_voice` says of a chat whether voices are to be kept as they sound; else they are disguised.
    """
    message = update.message
    if message is None or message.chat.type != "private":
        return None
    file = _file_of(message)
    if file is None:
        return None
    if (file.file_size or 0) > FileSizeLimit.FILESIZE_DOWNLOAD:
        return Unfit(TOO_LARGE)
    try:
        remote = await bot.get_file(file.file_id)
        content = bytes(await remote.download_as_bytearray())
    except BadRequest:  # gone, or larger than was said
        return Unfit(TOO_LARGE)
    try:
        # A sound may also come as a document: only what is a picture for certain needs no answer.
        disguise = not message.photo and not await own_voice(message.chat.id)
        return await cleaner.clean(content, disguise=disguise)
    except CannotClean as refusal:
        return Unfit(refusal.reason)


def _file_of(message: Message) -> _File | None:
    if message.photo:
        return message.photo[-1]  # the largest
    found = (getattr(message, kind) for kind in KINDS)
    return next((file for file in found if file is not None), None)
