"""Lists that a team brings along to compare with what it is told: who gets an allowance, whose car, which contract."""

from datetime import date
from enum import StrEnum

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.annotations import Kept, Key, Until, touches
from models.base import Base, enumeration, random_id


class NameListKind(StrEnum):
    """What a list is of."""

    ALLOWANCES = "allowances"
    CADRES = "cadres"
    VEHICLES = "vehicles"
    CONTRACTS = "contracts"
    OTHER = "other"


class NameList(Base):
    """One list of one team in one round, sealed to the round: a JSON object with its name, its columns and its rows.

    `digest` is a keyed hash of its rows, by which the same list is not brought twice.
    """

    __tablename__ = "name_lists"
    __table_args__ = (UniqueConstraint("round_id", "team_id", "digest"),)
    __nobody__ = "id round_id team_id kind by_id imported_on row_count digest"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=random_id)
    round_id: Mapped[str] = mapped_column(ForeignKey("rounds.id"))
    team_id: Mapped[str] = mapped_column(ForeignKey("teams.id"))
    kind: Mapped[NameListKind] = mapped_column(enumeration(NameListKind, 20))
    by_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    imported_on: Mapped[date]
    row_count: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    # no word of a reporter is in it, but a reporter may well be among those it names
    sealed: Mapped[bytes] = mapped_column(
        LargeBinary,
        info=touches(
            Kept.WORDS, Key.ROUND, Until.ROUND_KEY, "a list that a team brought: whom it names, not who reported"
        ),
    )
