"""Several cases about one matter within days (a cluster), and the special brief (巡察专报) that a team makes of one."""

from datetime import date, datetime
from functools import partial
from secrets import token_hex

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from models.annotations import Kept, Key, Until, touches
from models.base import UNORDERED, Base, UtcDateTime, enumeration
from models.states import SpecialBriefState


class Cluster(Base):
    """That several cases of one unit and category seem to be about one matter; each of them names it."""

    __tablename__ = "clusters"
    __table_args__ = (Index("ix_clusters_of_team", "team_id", "raised_at"), UNORDERED)

    id: Mapped[str] = mapped_column(
        String(8),
        primary_key=True,
        default=partial(token_hex, 4),
        info=touches(Kept.MATTER, Key.CLEAR, Until.RETENTION, "a random number"),
    )
    round_id: Mapped[str] = mapped_column(
        ForeignKey("rounds.id"), info=touches(Kept.MATTER, Key.CLEAR, Until.RETENTION, "the round")
    )
    team_id: Mapped[str] = mapped_column(
        ForeignKey("teams.id"), info=touches(Kept.MATTER, Key.CLEAR, Until.RETENTION, "the team")
    )
    unit_id: Mapped[str] = mapped_column(
        ForeignKey("units.id"), info=touches(Kept.MATTER, Key.CLEAR, Until.RETENTION, "the unit")
    )
    category: Mapped[str] = mapped_column(
        ForeignKey("categories.code"), info=touches(Kept.MATTER, Key.CLEAR, Until.RETENTION, "what it is about")
    )
    # coarse
    raised_at: Mapped[datetime] = mapped_column(
        UtcDateTime, info=touches(Kept.MATTER, Key.CLEAR, Until.RETENTION, "the hour")
    )
    # how many complaints there were when the leader was told last: of twice as many they are told again
    told_of: Mapped[int] = mapped_column(
        info=touches(Kept.PROGRESS, Key.CLEAR, Until.RETENTION, "how many complaints the leader was told of")
    )


class SpecialBrief(Base):
    """A special brief: a team's words on a cluster, the instruction (批示) on it, how many households are helped.

    Nothing of what residents said is in it but what the team wrote, without what leads to one.
    """

    __tablename__ = "special_briefs"
    __nobody__ = (
        "id cluster_id round_id team_id unit_id state state_since households households_done written_by_id "
        "lead_id due_on tell_on instructed_by_id"
    )
    __table_args__ = (Index("ix_special_briefs_state", "state", "due_on"),)

    id: Mapped[str] = mapped_column(String(8), primary_key=True, default=partial(token_hex, 4))
    cluster_id: Mapped[str] = mapped_column(ForeignKey("clusters.id"), index=True)
    round_id: Mapped[str] = mapped_column(ForeignKey("rounds.id"))
    team_id: Mapped[str] = mapped_column(ForeignKey("teams.id"))
    unit_id: Mapped[str] = mapped_column(ForeignKey("units.id"))
    state: Mapped[SpecialBriefState] = mapped_column(enumeration(SpecialBriefState, 20))
    state_since: Mapped[datetime] = mapped_column(UtcDateTime)
    households: Mapped[int]  # that are concerned, as the team counts them
    households_done: Mapped[int] = mapped_column(default=0)
    written_by_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    # it may well repeat what was reported
    sealed: Mapped[bytes] = mapped_column(
        LargeBinary, info=touches(Kept.WORDS, Key.ROUND, Until.ROUND_KEY, "the team's words on a cluster")
    )
    lead_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))  # the county leader who sees to it
    due_on: Mapped[date | None]
    # on which day the clock tells somebody of it next: before its last day, on it, and once it is late
    tell_on: Mapped[date | None] = mapped_column(index=True)
    instruction: Mapped[bytes | None] = mapped_column(
        LargeBinary, info=touches(Kept.WORDS, Key.ROUND, Until.ROUND_KEY, "the instruction on a brief")
    )
    instructed_by_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
