"""The file of a message of Telegram's: which it is, and its download."""

from typing import Final, Protocol

from telegram import Bot, Update
from telegram.error import BadRequest, NetworkError

from channels.base import RemoteFile
from handlers.incoming import TOO_LARGE, UnfitFile
from media.kinds import FileProblem

# An animation is a document as well, and a live photo is a photo as well: the film of it stays behind.
KINDS: Final = ("voice", "audio", "video", "video_note", "animation", "document")
MAX_DOWNLOAD_BYTES: Final = 20 * 2**20  # bytes: what phones show as 20 MB, and what Telegram hands a bot at most


class FileOfMessage(Protocol):
    """What all kinds of files have in common as a message names them."""

    @property
    def file_id(self) -> str: ...

    @property
    def file_size(self) -> int | None: ...


class TelegramFile(RemoteFile):
    """A file of at most 20 MB that lies with Telegram."""

    def __init__(self, bot: Bot, file: FileOfMessage, *, is_photo: bool) -> None:
        self.is_photo = is_photo
        self.size = file.file_size or MAX_DOWNLOAD_BYTES
        self.is_too_large = (file.file_size or 0) > MAX_DOWNLOAD_BYTES
        self._bot = bot
        self._file = file

    async def download(self) -> bytes | UnfitFile:
        """Return the content. Raises telegram.error.NetworkError when it did not come whole."""
        try:
            remote = await self._bot.get_file(self._file.file_id)
            if (remote.file_size or 0) > MAX_DOWNLOAD_BYTES:
                return UnfitFile(TOO_LARGE)
            content = bytes(await remote.download_as_bytearray())
        except BadRequest as error:
            # Larger than was said; or gone, or not there yet: sent once more, it may come through.
            return UnfitFile(TOO_LARGE if "too big" in str(error).lower() else FileProblem.DAMAGED)
        # A download that ends early looks like one that is done, and half a sound plays as well as a whole one; and a
        # gateway's page is no file.
        said = remote.file_size or self._file.file_size
        if said is not None and len(content) != said:
            raise NetworkError("a file did not come whole")
        return content


def file_in(update: Update, bot: Bot) -> TelegramFile | None:
    """Return the file of a private message as it is now; None when it holds none."""
    message = update.message or update.edited_message
    if message is None or message.chat.type != "private":
        return None
    if message.photo:
        return TelegramFile(bot, message.photo[-1], is_photo=True)  # the largest
    found = (getattr(message, kind) for kind in KINDS)
    return next((TelegramFile(bot, file, is_photo=False) for file in found if file is not None), None)
