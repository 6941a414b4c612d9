"""An instruction (批示) of the head of the leading group, as it is kept with its case: asked for, and given."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Self


class Order(StrEnum):
    """What is instructed; each with a number of days."""

    FINISH = "finish"  # see to it at once
    CHECK = "check"  # find out the facts, and deal with it by the rules
    SUPERVISE = "supervise"  # the office is to supervise it


DAYS = {Order.FINISH: 7, Order.CHECK: 15, Order.SUPERVISE: 30}


@dataclass(frozen=True)
class Instruction:
    """Who asked for it and when, and once it is given: what, by whom and when. Days are ISO, the county's.

    `words` are what the head of the leading group is told of the case, sealed, in hexadecimal digits.
    """

    asked_by: str
    asked_on: str
    words: str | None
    order: Order | None = None
    given_by: str | None = None
    given_on: str | None = None

    @classmethod
    def read(cls, kept: Mapping[str, Any] | None) -> Self | None:
        """Return the instruction that is kept with a case; None when there is none."""
        if kept is None:
            return None
        order = Order(kept["order"]) if kept["order"] else None
        return cls(kept["asked_by"], kept["asked_on"], kept["words"], order, kept["given_by"], kept["given_on"])

    def record(self) -> dict[str, Any]:
        """Return it as it is kept."""
        return asdict(self)

    @property
    def waits(self) -> bool:
        """Whether it is asked for, and not given yet."""
        return self.order is None

    def due_on(self) -> date:
        """Return until which day it is to be done; as long as it waits, the day on which it was asked for."""
        if self.order is None or self.given_on is None:
            return date.fromisoformat(self.asked_on)
        return date.fromisoformat(self.given_on) + timedelta(days=DAYS[self.order])
