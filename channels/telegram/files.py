"""Fetches and re-makes files before the transaction of their update opens, so that it never waits for the network."""

from typing import Final, Protocol

from telegram import Bot, Update
from telegram.error import BadRequest, NetworkError

from handlers.incoming import TOO_LARGE, UnfitFile
from media.kinds import CannotClean, Cleaned, FileProblem
from media.process import Cleaner

# An animation is a document as well, and a live photo is a photo as well: the film of it stays behind.
KINDS: Final = ("voice", "audio", "video", "video_note", "animation", "document")
MAX_DOWNLOAD_BYTES: Final = 20 * 2**20  # bytes: what phones show as 20 MB, and what Telegram hands a bot at most


class TelegramFile(Protocol):
    """A file that a message names."""

    @property
    def file_id(self) -> str: ...

    @property
    def file_size(self) -> int | None: ...


def file_in(update: Update) -> TelegramFile | None:
    """Return the file of a private message; None when it holds none."""
    message = update.message
    if message is None or message.chat.type != "private":
        return None
    if message.photo:
        return message.photo[-1]  # the largest
    found = (getattr(message, kind) for kind in KINDS)
    return next((file for file in found if file is not None), None)


async def fetch_attachment(bot: Bot, cleaner: Cleaner, update: Update, *, disguise: bool) -> Cleaned | UnfitFile | None:
    """Return the file of a private message with nothing but its content; None when it holds none.

    `disguise` changes the voices in it. Raises telegram.error.NetworkError for a file that did not come whole.
    """
    message, file = update.message, file_in(update)
    if message is None or file is None:
        return None
    if (file.file_size or 0) > MAX_DOWNLOAD_BYTES:
        return UnfitFile(TOO_LARGE)
    # Fetched only when a slot is free: forty files that come at once don't lie in memory together.
    async with cleaner.slot(quick=bool(message.photo)):
        content = await _download(bot, file)
        if isinstance(content, UnfitFile):
            return content
        try:
            return await cleaner.clean(content, disguise=disguise)
        except CannotClean as refusal:
            return UnfitFile(refusal.reason)


async def _download(bot: Bot, file: TelegramFile) -> bytes | UnfitFile:
    try:
        remote = await bot.get_file(file.file_id)
        if (remote.file_size or 0) > MAX_DOWNLOAD_BYTES:
            return UnfitFile(TOO_LARGE)
        content = bytes(await remote.download_as_bytearray())
    except BadRequest as error:
        # Larger than was said; or gone, or not there yet: sent once more, it may come through.
        return UnfitFile(TOO_LARGE if "too big" in str(error).lower() else FileProblem.DAMAGED)
    # A download that ends early looks like one that is done, and half a sound plays as well as a whole one.
    if len(content) < max(file.file_size or 0, remote.file_size or 0):
        raise NetworkError("a file did not come whole")
    return content
