"""Fetches and re-makes a file before the transaction of its update opens, so that it never waits for the network."""

from channels.base import RemoteFile
from handlers.incoming import TOO_LARGE, UnfitFile
from media.kinds import CannotClean, Cleaned
from media.process import Cleaner


async def fetch_file(cleaner: Cleaner, file: RemoteFile, *, disguise: bool) -> Cleaned | UnfitFile:
    """Return a file with nothing but its content, or why it cannot be taken; `disguise` changes the voices in it."""
    if file.is_too_large:
        return UnfitFile(TOO_LARGE)
    # Fetched only when a slot is free: forty files that come at once don't lie in memory together.
    async with cleaner.slot(quick=file.is_photo):
        content = await file.download()
        if isinstance(content, UnfitFile):
            return content
        try:
            return await cleaner.clean(content, disguise=disguise)
        except CannotClean as refusal:
            return UnfitFile(refusal.reason)
