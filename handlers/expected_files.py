"""Which files somebody waits for: no other is fetched."""

from services.intake import drafts
from services.intake.drafts import ExpectedFile
from services.rectification.unit_actions import round_of_proof
from services.unit_of_work import UnitOfWork


async def expected_file(work: UnitOfWork, chat_id: int) -> ExpectedFile | None:
    """Return what a file from a chat would be for: proof that something is fixed, or a complaint; None: for nothing."""
    proof = await round_of_proof(work, chat_id)
    return ExpectedFile(proof) if proof else await drafts.expected_file(work, chat_id)
