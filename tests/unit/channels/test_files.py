"""What is fetched, when, and with whose voice changed: the network and the cleaning played by the test."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import pytest
from telegram import Bot, Update
from telegram.error import NetworkError

from channels.files import FileFetcher
from channels.telegram.errors import is_transient
from channels.telegram.files import MAX_DOWNLOAD_BYTES, file_in
from handlers.incoming import TOO_LARGE, UnfitFile
from media.kinds import Cleaned, FileKind
from media.process import Cleaner


@dataclass
class FakeBot:
    """PhoneUser out files, and counts how many are held at once."""

    size: int | None = None  # what it says of a file's size when it is asked for it
    content: bytes = b"file"
    held: int = 0
    most: int = 0
    fetched: list[str] = field(default_factory=list)

    async def get_file(self, file_id: str) -> "FakeBot":
        self.fetched.append(file_id)
        return self

    @property
    def file_size(self) -> int | None:
        return self.size

    async def download_as_bytearray(self) -> bytearray:
        self.held += 1
        self.most = max(self.most, self.held)
        for _ in range(5):
            await asyncio.sleep(0)
        return bytearray(self.content)


class FakeCleaner(Cleaner):
    """Takes its time, and remembers what it was asked for."""

    def __init__(self, bot: FakeBot) -> None:
        super().__init__(at_once=3)
        self.disguised: list[bool] = []
        self._bot = bot

    async def clean(self, data: bytes, *, disguise: bool = False) -> Cleaned:
        for _ in range(5):
            await asyncio.sleep(0)
        self._bot.held -= 1
        self.disguised.append(disguise)
        return Cleaned(FileKind.VIDEO, data)


def update(bot: FakeBot, **content: Any) -> Update:
    message = {"message_id": 1, "date": 0, "chat": {"id": 7, "type": "private"}, **content}
    return Update.de_json({"update_id": 1, "message": message}, _as_bot(bot))


def _as_bot(bot: FakeBot) -> Bot:
    stand_in: Any = bot
    bot.defaults = None  # type: ignore[attr-defined]
    return stand_in  # type: ignore[no-any-return]


def document(size: int | None = 4) -> dict[str, Any]:
    return {"document": {"file_id": "document", "file_unique_id": "u", "file_size": size}}


PHOTO: dict[str, Any] = {"photo": [{"file_id": "photo", "file_unique_id": "u", "width": 9, "height": 9}]}
LIVE: dict[str, Any] = {
    "live_photo": {"file_id": "film", "file_unique_id": "u", "width": 9, "height": 9, "duration": 1}
}
VIDEO = {"video": {"file_id": "video", "file_unique_id": "u", "width": 9, "height": 9, "duration": 1}}
NOTE = {"video_note": {"file_id": "note", "file_unique_id": "u", "length": 9, "duration": 1}}
VOICE = {"voice": {"file_id": "voice", "file_unique_id": "u", "duration": 1}}


async def fetched(
    bot: FakeBot, cleaner: Cleaner | FileFetcher, *, own: bool = False, **content: Any
) -> Cleaned | UnfitFile:
    file = file_in(update(bot, **content), _as_bot(bot))
    assert file is not None
    fetcher = FileFetcher(cleaner) if isinstance(cleaner, Cleaner) else cleaner
    return await fetcher.fetch(file, disguise=not own)


async def test_of_forty_films_that_come_at_once_as_many_are_held_as_there_is_room_for() -> None:
    bot = FakeBot()
    cleaner = FakeCleaner(bot)
    fetcher = FileFetcher(cleaner, room=10)
    await asyncio.gather(*[fetched(bot, fetcher, **document(4)) for _ in range(40)])
    assert len(cleaner.disguised) == 40
    assert bot.most == 2


async def test_a_file_for_which_there_is_never_room_is_fetched_alone() -> None:
    bot = FakeBot()
    cleaner = FakeCleaner(bot)
    fetcher = FileFetcher(cleaner, room=3)
    await asyncio.gather(*[fetched(bot, fetcher, **document(4)) for _ in range(3)])
    assert len(cleaner.disguised) == 3
    assert bot.most == 1


async def test_files_that_hang_keep_no_other_from_coming() -> None:
    bot, hung = FakeBot(), FakeBot()
    cleaner = FakeCleaner(bot)
    fetcher = FileFetcher(cleaner, room=30)

    async def never() -> bytearray:
        await asyncio.Event().wait()
        raise AssertionError

    hung.download_as_bytearray = never  # type: ignore[method-assign]
    hanging = [asyncio.create_task(fetched(hung, fetcher, **document(4))) for _ in range(6)]
    while len(hung.fetched) < 6:
        await asyncio.sleep(0)
    assert isinstance(await fetched(bot, fetcher, **document(4)), Cleaned)
    for task in hanging:
        task.cancel()
    await asyncio.gather(*hanging, return_exceptions=True)
    assert isinstance(await fetched(FakeBot(content=bytes(30)), fetcher, **document(30)), Cleaned)


@pytest.mark.parametrize("content", [VOICE, VIDEO, NOTE, document()], ids=["voice", "video", "note", "document"])
@pytest.mark.parametrize("own", [False, True])
async def test_whatever_may_hold_a_voice_is_disguised_unless_its_owner_wants_their_own(
    content: dict[str, Any], own: bool
) -> None:
    bot = FakeBot()
    cleaner = FakeCleaner(bot)
    await fetched(bot, cleaner, own=own, **content)
    assert cleaner.disguised == [not own]


async def test_of_a_live_photo_the_picture_is_fetched_and_its_film_is_not() -> None:
    bot = FakeBot()
    await fetched(bot, FakeCleaner(bot), **PHOTO, **LIVE)
    assert bot.fetched == ["photo"]


async def test_twenty_megabytes_are_fetched_and_more_is_not() -> None:
    bot = FakeBot(content=bytes(MAX_DOWNLOAD_BYTES))
    assert isinstance(await fetched(bot, FakeCleaner(bot), **document(MAX_DOWNLOAD_BYTES)), Cleaned)
    assert await fetched(bot, FakeCleaner(bot), **document(MAX_DOWNLOAD_BYTES + 1)) == UnfitFile(TOO_LARGE)
    assert len(bot.fetched) == 1


async def test_a_file_that_turns_out_larger_than_was_said_is_not_downloaded() -> None:
    bot = FakeBot(size=MAX_DOWNLOAD_BYTES + 1)
    assert await fetched(bot, FakeCleaner(bot), **document(None)) == UnfitFile(TOO_LARGE)
    assert bot.most == 0


@pytest.mark.parametrize(
    ("in_message", "when_asked"), [(5, None), (None, 5), (4, 5)], ids=["the message", "the answer", "both"]
)
async def test_a_file_that_is_shorter_than_was_said_is_fetched_again_later(
    in_message: int | None, when_asked: int | None
) -> None:
    bot = FakeBot(size=when_asked)
    cleaner = FakeCleaner(bot)
    with pytest.raises(NetworkError) as trouble:
        await fetched(bot, cleaner, **document(in_message))
    assert is_transient(trouble.value)
    assert not cleaner.disguised, "half a file was kept"
