"""Which files somebody waits for: no other is fetched."""

from services.intake import drafts
from services.intake.drafts import FileAwaited
from services.rectification.unit_actions import round_of_proof
from services.unit_of_work import Work


async def file_awaited(work: Work, chat_id: int) -> FileAwaited | None:
    """Return what a file from a chat would be for: proof that something is fixed, or a complaint; None: for nothing."""
    proof = await round_of_proof(work, chat_id)
    return FileAwaited(proof) if proof else await drafts.file_awaited(work, chat_id)
