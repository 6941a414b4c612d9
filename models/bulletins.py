"""Bulletins (通报): what is said of an item openly, to the unit and its leader or to the heads of all units."""

from datetime import date
from enum import StrEnum
from functools import partial
from secrets import token_hex

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, enumeration
from models.states import BulletinState


class BulletinGround(StrEnum):
    """Why there is a bulletin."""

    YELLOW = "yellow"
    RED = "red"
    EMPTY = "empty"  # 敷衍塞责, 弄虚作假: what was handed in was paper alone, or an old photo
    AGAIN = "again"  # 边改边犯: it was cleared, and came again
    BY_HAND = "by_hand"


class Bulletin(Base):
    """A bulletin about one item, from its draft on. It says facts of unit and item alone."""

    __tablename__ = "bulletins"
    __nobody__ = "id item_id ground state made_on text is_for_all by_id decided_by_id decided_on"
    __table_args__ = (
        Index("ix_bulletins_state", "state", "made_on", "id"),
        Index("ix_bulletins_item", "item_id", "state"),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=partial(token_hex, 8))
    item_id: Mapped[str] = mapped_column(ForeignKey("rectification_items.id"))
    ground: Mapped[BulletinGround] = mapped_column(enumeration(BulletinGround, 10))
    state: Mapped[BulletinState] = mapped_column(enumeration(BulletinState, 10))
    made_on: Mapped[date]
    text: Mapped[str] = mapped_column(Text)
    is_for_all: Mapped[bool] = mapped_column(default=False)  # once it is sent: the heads of all units
    by_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))  # who wrote it last; nobody: it was drafted
    decided_by_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    decided_on: Mapped[date | None]
