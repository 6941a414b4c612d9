"""Who of a team is on call (值班), from which day to which."""

from datetime import date

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import UNORDERED, Base, random_id


class OnCallPeriod(Base):
    """That somebody is on call for their team: urgent cases are told them at any hour, as they are the leaders."""

    __tablename__ = "on_call_periods"
    __nobody__ = "id team_id staff_id first_on last_on"
    __table_args__ = (Index("ix_on_call_periods_team", "team_id", "last_on"), UNORDERED)

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=random_id)
    team_id: Mapped[str] = mapped_column(ForeignKey("teams.id"))
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), index=True)
    first_on: Mapped[date]
    last_on: Mapped[date] = mapped_column(index=True)
