"""Why somebody proposes something about a case, in their own words: sealed with the case until it is decided."""

from enum import StrEnum

from models.complaints import Case
from privacy.keyring import Keyring


class Proposed(StrEnum):
    """What somebody else is asked for."""

    REFUSAL = "refusal"
    DISMISSAL = "dismissal"
    INSTRUCTION = "instruction"
    EXTENSION = "extension"


def sealed_words(keyring: Keyring, case: Case, proposed: Proposed, words: str) -> str | None:
    """Return words as a case keeps them with a proposal, in hexadecimal digits; None for no words."""
    if not words:
        return None
    return keyring.round(case.round_id).sealing.seal(f"{proposed}:{case.id}", words.encode()).hex()


def opened_words(keyring: Keyring, case: Case, proposed: Proposed, sealed: str | None) -> str:
    """Return the words of a proposal; nothing where it has none."""
    if sealed is None:
        return ""
    return keyring.round(case.round_id).sealing.open(f"{proposed}:{case.id}", bytes.fromhex(sealed)).decode()
