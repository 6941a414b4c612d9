"""What leads to a person."""

from dataclasses import dataclass
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
    RECEIPT = "receipt"  # not to a person, but to what only its writer may do


@dataclass(frozen=True)
class Trace:
    """A piece of a text, from `start` up to `end`, that leads to a person."""

    start: int
    end: int
    kind: TraceKind
