"""What a team writes down in the field, sealed to its round: once the round's key is destroyed it reads no more."""

from services.unit_of_work import UnitOfWork


def seal(work: UnitOfWork, round_id: str, record: str, text: str) -> bytes:
    """Return a text sealed to a round; `record` is what it is bound to."""
    return work.keyring.round(round_id).sealing.seal(record, text.encode())


def opened(work: UnitOfWork, round_id: str, record: str, sealed: bytes | None) -> str | None:
    """Return what was sealed; None when nothing was, or the round's key is destroyed."""
    if sealed is None or round_id not in work.keyring.round_ids():
        return None
    return work.keyring.round(round_id).sealing.open(record, sealed).decode()
