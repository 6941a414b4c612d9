"""What becomes of a file that comes in: fetched and made anew if anybody waits for it, and stored before its update."""

from typing import Protocol

from handlers.incoming import NOT_EXPECTED, UnfitFile
from media.kinds import Cleaned
from services.attachments import store
from services.fieldwork.enter import photo_to_enter_expected
from services.intake.conversation_store import ExpectedFile
from services.rectification.unit_actions import round_collected_for
from services.rectification.working_papers import round_of_working_file
from services.resources import Resources
from services.unit_of_work import UnitOfWork


class Fetch(Protocol):
    """Fetches one file and makes it anew; `disguise`: voices are changed."""

    async def __call__(self, *, disguise: bool) -> Cleaned | UnfitFile:
        """Return the file with nothing but its content, or why it cannot be taken."""


async def expected_of_staff(work: UnitOfWork, staff_id: str) -> ExpectedFile | None:
    """Return what a file from somebody on the staff is for: an item, a finding, or what they are just entering."""
    round_id = await round_of_documents(work, staff_id)
    return ExpectedFile(round_id, own_key=False) if round_id else await photo_to_enter_expected(work, staff_id)


async def round_of_documents(work: UnitOfWork, staff_id: str) -> str | None:
    """Return the round for which somebody on the staff collects photos and documents; None when they collect none.

    These are what a unit hands in, or what a team adds to a finding.
    """
    return await round_collected_for(work, staff_id) or await round_of_working_file(work, staff_id)


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
