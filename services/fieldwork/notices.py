"""What is told of the work in the field."""

from dataclasses import dataclass
from typing import ClassVar

from services.notice import Notice


@dataclass(frozen=True)
class EntryReceipt(Notice, kind="entry_receipt"):
    """To whoever entered a case, once: its receipt, to be handed over.

    `link` is where whoever holds it comes back; the code is no part of it, for addresses are kept on the way.
    """

    brief: ClassVar[str | None] = None

    receipt: str
    language: str
    link: str
