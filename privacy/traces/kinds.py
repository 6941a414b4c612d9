"""The kinds of traces, which lead to a person, and where they stand."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class TraceKind(StrEnum):
    """What a trace is."""

    IDENTITY_CARD = "identity_card"
    MOBILE = "mobile"
    LANDLINE = "landline"
    BANK_CARD = "bank_card"
    PLATE = "plate"
    NAME = "name"
    HOUSE = "house"
    EMAIL = "email"
    WECHAT = "wechat"
    QQ = "qq"
    ACCOUNT = "account"  # on any other net
    DOCUMENT = "document"
    VEHICLE = "vehicle"
    NICKNAME = "nickname"  # found where it is asked what words mean, as is what somebody says of themselves
    SELF_DESCRIPTION = "self_description"
    RECEIPT = "receipt"  # not to a person, but to what only its writer may do


@dataclass(frozen=True)
class Trace:
    """A piece of a text, from `start` up to `end`, that leads to a person or is part of what does."""

    start: int
    end: int
    kind: TraceKind

    def overlaps(self, other: "Trace") -> bool:
        """Whether both have a sign in common."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True)
class Mention:
    """What leads to a person, once, in texts that go on from one another; its parts by the number of their text."""

    kind: TraceKind
    value: str = field(repr=False)  # what it says, however it was written: to tell whether it is the same again
    parts: tuple[tuple[int, Trace], ...]

    def written(self, texts: Sequence[str]) -> str:
        """Return it as it stands in the texts in which it was found."""
        return " ".join(texts[number][trace.start : trace.end] for number, trace in self.parts)
