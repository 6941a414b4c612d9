"""What becomes of a file that comes in: fetched and made anew if anybody waits for it, and stored before its update."""

from typing import Protocol

from handlers.incoming import NOT_EXPECTED, UnfitFile
from media.kinds import Cleaned
from services.attachments import store
from services.intake.conversation_store import ExpectedFile
from services.resources import Resources


class Fetch(Protocol):
    """Fetches one file and makes it anew; `disguise`: voices are changed."""

    async def __call__(self, *, disguise: bool) -> Cleaned | UnfitFile:
        """Return the file with nothing but its content, or why it cannot be taken."""


async def stored_file(resources: Resources, expected: ExpectedFile | None, fetch: Fetch) -> Cleaned | UnfitFile:
    """Return a file that lies in the store, or why it cannot be taken; one that nobody waits for is not fetched.

    No transaction is open meanwhile.
    """
    if expected is None:
        return UnfitFile(NOT_EXPECTED)
    file = await fetch(disguise=not expected.own_voice)
    if not isinstance(file, Cleaned):
        return file
    keyring, attachment_store = resources.keyring, resources.attachment_store
    return await store(keyring, attachment_store, expected.round_id, file, own_key=expected.own_key)
