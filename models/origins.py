"""Where items come from beside a round of the county's own: what a higher level hands down, and special campaigns."""

from datetime import date
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class HandDown(Base):
    """What a higher level that inspected the county itself has handed down to it: 巡视移交.

    `aspects` are its findings as a tree: each a name, and the names of its parts. `kinds` say of each kind of matter
    how many were handed down, and how many are done that are no items here, as letters are.
    """

    __tablename__ = "hand_downs"
    __nobody__ = "id name origin number receiving_body came_on due_on aspects kinds"
    __table_args__ = (Index("ix_hand_downs_newest", "came_on", "id"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    origin: Mapped[str] = mapped_column(String(100))  # who handed it down
    number: Mapped[str] = mapped_column(String(100), default="")  # of the paper: 文号
    receiving_body: Mapped[str] = mapped_column(String(100))  # who answers for all of it here
    came_on: Mapped[date]
    due_on: Mapped[date]
    aspects: Mapped[list[dict[str, Any]]] = mapped_column(JSON)  # {"name": …, "parts": […]}
    kinds: Mapped[list[dict[str, Any]]] = mapped_column(JSON)  # {"name": …, "total": …, "done": …, "items": whether}


class Campaign(Base):
    """A special campaign (专项整治): items of one topic over many units."""

    __tablename__ = "campaigns"
    __nobody__ = "id name category begins_on ends_on closed_on"
    __table_args__ = (Index("ix_campaigns_newest", "begins_on", "id"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    category: Mapped[str] = mapped_column(ForeignKey("categories.code"))
    begins_on: Mapped[date]
    ends_on: Mapped[date]
    closed_on: Mapped[date | None]  # by the office: no item is chosen to be of it any more
