"""Rectification items that are still being entered."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, UtcDateTime


class ItemDraft(Base):
    """An item as far as it has been entered. It is no item yet: nothing counts it, reminds of it or shows it to a unit.

    `case_id` is the case that it was made from, which the team alone knows; nothing of what was said in it is here.
    """

    __tablename__ = "item_drafts"
    __nobody__ = "id round_id unit_id team_id case_id by_id changed_at version content"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    round_id: Mapped[str] = mapped_column(ForeignKey("rounds.id"))
    unit_id: Mapped[str] = mapped_column(ForeignKey("units.id"), index=True)
    team_id: Mapped[str | None] = mapped_column(ForeignKey("teams.id"), index=True)
    case_id: Mapped[str | None] = mapped_column(ForeignKey("cases.id"), index=True)
    by_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)  # a button under an earlier one issues nothing
    content: Mapped[dict[str, Any]] = mapped_column(JSON)  # services.rectification.order.NewItem
