"""Talks with the head of a unit about an item: proposed, approved, arranged, held, and what was promised at them."""

from datetime import date
from enum import StrEnum
from functools import partial
from secrets import token_hex

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, enumeration
from models.rectification import WarningCard
from models.states import TalkState


class TalkKind(StrEnum):
    """How serious a talk is."""

    REMINDER = "reminder"  # 提醒谈话
    INTERVIEW = "interview"  # 约谈


class Talk(Base):
    """One talk. Its words are of what the unit owes, and may lead to no reporter."""

    __tablename__ = "talks"
    __nobody__ = (
        "id item_id kind card state state_since next_on proposed_by_id reason decided_by_id led_by_id meet_on meet_at "
        "place minutes promise promised_on"
    )
    __table_args__ = (Index("ix_talks_next", "next_on", "id"), Index("ix_talks_item", "item_id", "state_since", "id"))

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=partial(token_hex, 8))
    item_id: Mapped[str] = mapped_column(ForeignKey("rectification_items.id"))
    kind: Mapped[TalkKind] = mapped_column(enumeration(TalkKind, 10))
    card: Mapped[WarningCard | None] = mapped_column(enumeration(WarningCard, 10))  # after which; none: by hand
    state: Mapped[TalkState] = mapped_column(enumeration(TalkState, 20))
    state_since: Mapped[date]
    next_on: Mapped[date]  # the county day on which the clock looks at it; NEVER once it is over
    proposed_by_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))  # nobody: the clock
    reason: Mapped[str] = mapped_column(Text, default="")
    decided_by_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    led_by_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    meet_on: Mapped[date | None]
    meet_at: Mapped[str | None] = mapped_column(String(5))  # HH:MM of the county's clock
    place: Mapped[str | None] = mapped_column(String(100))
    minutes: Mapped[str] = mapped_column(Text, default="")
    promise: Mapped[str] = mapped_column(Text, default="")
    promised_on: Mapped[date | None]
