"""Files are fetched and re-made before the transaction of their update opens: none waits for the network in there."""

from collections.abc import Awaitable, Callable
from typing import Final, Protocol

from telegram import Bot, Message, Update
from telegram.error import BadRequest

from handlers.turn import TOO_LARGE, Unfit
from privacy.cleaning.kinds import CannotClean, Cleaned, Reason
from privacy.cleaning.process import Cleaner

# An animation is a document as well, and a live photo is a photo as well: the film of it stays behind.
KINDS: Final = ("voice", "audio", "video", "video_note", "animation", "document")
DOWNLOAD: Final = 20 * 2**20  # bytes: what phones show as 20 MB, and what Telegram hands a bot at most


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
    if (file.file_size or 0) > DOWNLOAD:
        return Unfit(TOO_LARGE)
    # Fetched only when it is its turn: forty files that come at once don't lie in memory together.
    async with cleaner.turn(quick=bool(message.photo)):
        content = await _download(bot, file)
        if isinstance(content, Unfit):
            return content
        # A sound may also come as a document: only what is a picture for certain needs no answer.
        disguise = not message.photo and not await own_voice(message.chat.id)
        try:
            return await cleaner.clean(content, disguise=disguise)
        except CannotClean as refusal:
            return Unfit(refusal.reason)


async def _download(bot: Bot, file: _File) -> bytes | Unfit:
    try:
        remote = await bot.get_file(file.file_id)
        if (remote.file_size or 0) > DOWNLOAD:
            return Unfit(TOO_LARGE)
        return bytes(await remote.download_as_bytearray())
    except BadRequest as error:
        # Larger than was said; or gone, or not there yet: sent once more, it may come through.
        return Unfit(TOO_LARGE if "too big" in str(error).lower() else Reason.DAMAGED)


def _file_of(message: Message) -> _File | None:
    if message.photo:
        return message.photo[-1]  # the largest
    found = (getattr(message, kind) for kind in KINDS)
    return next((file for file in found if file is not None), None)
