"""Fetches and re-makes files before the transactions of their updates open, so that none waits for the network."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from channels.base import RemoteFile
from handlers.incoming import TOO_LARGE, UnfitFile
from media.kinds import CannotClean, Cleaned
from media.process import Cleaner

ROOM_BYTES: Final = 64 * 2**20  # for files in memory: three of the largest, or hundreds of photos


class FileFetcher:
    """Fetches files side by side, as many as there is room for in memory, and has a few re-made at a time.

    One that hangs holds no more than its own bytes, and so keeps no other from coming.
    """

    def __init__(self, cleaner: Cleaner, room: int = ROOM_BYTES) -> None:
        """`room`: bytes."""
        self._cleaner = cleaner
        self._room = self._left = room
        self._changed = asyncio.Condition()

    async def fetch(self, file: RemoteFile, *, disguise: bool) -> Cleaned | UnfitFile:
        """Return a file with nothing but its content, or why it cannot be taken; `disguise` changes its voices."""
        if file.is_too_large:
            return UnfitFile(TOO_LARGE)
        async with self._room_for(file.size):
            content = await file.download()
            if isinstance(content, UnfitFile):
                return content
            async with self._cleaner.slot(quick=file.is_photo):
                try:
                    return await self._cleaner.clean(content, disguise=disguise)
                except CannotClean as refusal:
                    return UnfitFile(refusal.reason)

    @asynccontextmanager
    async def _room_for(self, size: int) -> AsyncIterator[None]:
        taken = min(size, self._room)
        async with self._changed:
            await self._changed.wait_for(lambda: taken <= self._left)
            self._left -= taken
        try:
            yield
        finally:
            async with self._changed:
                self._left += taken
                self._changed.notify_all()
