"""What the slips of a poll say: the words on each, and the codes."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Slip:
    """One slip: the code as people type it, and the link that its picture says."""

    code: str
    link: str


@dataclass(frozen=True)
class SlipSheet:
    """All slips of one print, with what stands on each."""

    title: str
    unit: str
    how: str  # to answer
    once: str  # that nobody is named, and that a slip is used once
    slips: Sequence[Slip]
