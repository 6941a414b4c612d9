"""What the liaison of a unit has prepared for its head to report: 主动报告."""

from datetime import date
from functools import partial
from secrets import token_hex
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, enumeration
from models.states import SelfReportState


class SelfReport(Base):
    """A problem of their own unit as the liaison wrote it down. It is no item before the head confirms it."""

    __tablename__ = "self_reports"
    __nobody__ = "id unit_id state content by_id prepared_on due_on is_late_told words decided_by decided_on item_id"
    __table_args__ = (
        Index("ix_self_reports_unit", "unit_id", "prepared_on", "id"),
        Index("ix_self_reports_due", "state", "is_late_told", "due_on", "id"),
        Index("ix_self_reports_newest", "prepared_on", "id"),
    )

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=partial(token_hex, 8))
    unit_id: Mapped[str] = mapped_column(ForeignKey("units.id"))
    state: Mapped[SelfReportState] = mapped_column(enumeration(SelfReportState, 20))
    content: Mapped[dict[str, Any]] = mapped_column(JSON)  # services.rectification.order.NewItem
    by_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    prepared_on: Mapped[date]
    due_on: Mapped[date]  # until when the head is to look at it
    is_late_told: Mapped[bool] = mapped_column(default=False)
    words: Mapped[str] = mapped_column(Text, default="")  # of the head who gave it back
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    decided_on: Mapped[date | None]
    item_id: Mapped[str | None] = mapped_column(ForeignKey("rectification_items.id"))  # that came of it
