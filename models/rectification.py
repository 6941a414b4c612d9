"""What a unit must fix, and who has been told about it."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    ColumnElement,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    event,
    inspect,
    or_,
)
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Serial, UtcDateTime, enumeration, random_id
from models.desk import Desk, DeskColumn
from models.states import ItemState, PaperKind, PaperState


class ItemSource(StrEnum):
    """Where an item comes from."""

    FEEDBACK = "feedback"  # the findings of a round, told to the unit
    FIX_ON_SPOT = "fix_on_spot"  # ordered while the team is there
    OFFICE = "office"  # from the office or a team leader, outside of both
    HAND_DOWN = "hand_down"  # from a higher level, that inspected the county itself
    SELF_REPORT = "self_report"  # the unit has opened it itself
    CAMPAIGN = "campaign"  # one topic, over many units


class ItemKind(StrEnum):
    """Whether a problem is one unit's own, or the same in several."""

    INDIVIDUAL = "individual"
    COMMON = "common"


class CopyTo(StrEnum):
    """To whom an item is copied: 三级抄报."""

    LEADER = "leader"  # a county leader: somebody on the staff
    DEPARTMENT = "department"
    UNIT = "unit"


FIX_ON_SPOT = ItemSource.FIX_ON_SPOT
OFFICE = "office"  # in place of a department, where the office itself supervises
AT_ONCE = date.min
NEVER = date.max


class WarningCard(StrEnum):
    """A warning that hangs over an item."""

    YELLOW = "yellow"
    RED = "red"


class RectificationItem(Base):
    """One finding a unit must fix by a day. It may come from a case; nothing in it leads back to a resident.

    `deadline_version` grows when the due date changes, so that a changed deadline is reminded of anew.

    The unit leads; `others` are the units that answer along with it. With an owner it is a county leader's own, and the
    unit's people help.
    """

    __tablename__ = "rectification_items"
    __nobody__ = (
        "id round_id unit_id team_id category aspect kind known_problem source list_number listed_due_on "
        "hand_down_id campaign_id village_id "
        "problem requirement head is_for_head owner_id task_force county_leader_id hazard issued_on "
        "due_on held_days deadline_version state state_since is_open card card_on card_returns card_held_days returns "
        "submitted_on midterm_on midterm_answered_on plan_due_on plan_state plan_since extension_state "
        "extension_since extension_days prepared_since public_result system_built systems_built system_not_needed "
        "households_total households_done money_recovered people_dealt_with long_term_since supervisor "
        "promised_on listed_on desk next_look_on version"
    )
    __table_args__ = (
        Index("ix_items_unit", "unit_id", "is_open", "due_on", "id"),
        Index("ix_items_team", "team_id", "is_open", "due_on", "id"),
        Index("ix_items_due", "is_open", "due_on", "id"),
        Index("ix_items_next_look", "is_open", "next_look_on", "id"),
        UniqueConstraint("round_id", "unit_id", "list_number"),
        Index("ix_items_round", "round_id", "unit_id", "state"),
        Index("ix_items_issued", "is_open", "issued_on", "id"),
        Index("ix_items_since", "state", "state_since"),
        Index("ix_items_supervisor", "is_open", "supervisor", "round_id", "id"),
        Index("ix_items_common", "round_id", "category", "unit_id", "id"),
    )

    id: Mapped[str] = mapped_column(String(20), primary_key=True)
    round_id: Mapped[str] = mapped_column(ForeignKey("rounds.id"))
    unit_id: Mapped[str] = mapped_column(ForeignKey("units.id"))
    team_id: Mapped[str | None] = mapped_column(ForeignKey("teams.id"))  # who reviews; nobody: the office
    category: Mapped[str] = mapped_column(ForeignKey("categories.code"))
    aspect: Mapped[str] = mapped_column(String(100), default="")  # 方面: one of the county's, or of the hand-down
    kind: Mapped[ItemKind] = mapped_column(enumeration(ItemKind, 20), default=ItemKind.INDIVIDUAL)
    known_problem: Mapped[str | None] = mapped_column(String(40))  # its code in the library
    source: Mapped[str] = mapped_column(String(30))  # an ItemSource; what else a county file says stays as it is
    list_number: Mapped[str | None] = mapped_column(String(40))  # in the round's feedback list to the unit
    listed_due_on: Mapped[date | None]  # what that list said last; another one moves the due day
    hand_down_id: Mapped[str | None] = mapped_column(ForeignKey("hand_downs.id"), index=True)
    campaign_id: Mapped[str | None] = mapped_column(ForeignKey("campaigns.id"), index=True)
    # where it is, as team and office know it; its unit is not shown it
    village_id: Mapped[str | None] = mapped_column(ForeignKey("villages.id"))
    problem: Mapped[str] = mapped_column(Text)
    requirement: Mapped[str] = mapped_column(Text)
    head: Mapped[str] = mapped_column(String(100), default="")  # who answers for it, as it was ordered
    is_for_head: Mapped[bool] = mapped_column(default=True)  # that is the unit's own head: 直接交办
    owner_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"), index=True)  # a county leader's own item
    task_force: Mapped[str] = mapped_column(String(200), default="")
    county_leader_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    hazard: Mapped[bool] = mapped_column(default=False)
    issued_on: Mapped[date]
    due_on: Mapped[date]  # the day that was ordered, and the days held and given
    held_days: Mapped[int] = mapped_column(default=0)  # while its papers lay with the reviewers the clock stood
    deadline_version: Mapped[int] = mapped_column(default=1)
    state: Mapped[ItemState] = mapped_column(enumeration(ItemState, 20))
    state_since: Mapped[date]
    is_open: Mapped[bool]
    card: Mapped[WarningCard | None] = mapped_column(enumeration(WarningCard, 10))
    # when the card was given, with how many returns and days held: what it was for is spent
    card_on: Mapped[date | None]
    card_returns: Mapped[int] = mapped_column(default=0)
    card_held_days: Mapped[int] = mapped_column(default=0)
    returns: Mapped[int] = mapped_column(default=0)
    submitted_on: Mapped[date | None]  # the last time
    midterm_on: Mapped[date | None]  # when half time was told before the item was entered here
    midterm_answered_on: Mapped[date | None]
    # how the unit's papers about it stand (see ItemPaper); no plan is asked for where none is due
    plan_due_on: Mapped[date | None]
    plan_state: Mapped[PaperState | None] = mapped_column(enumeration(PaperState, 20))
    plan_since: Mapped[date | None]
    extension_state: Mapped[PaperState | None] = mapped_column(enumeration(PaperState, 20))
    extension_since: Mapped[date | None]
    extension_days: Mapped[int] = mapped_column(default=0)  # that the director gave
    prepared_since: Mapped[date | None]  # since when something waits for the head to confirm it
    public_result: Mapped[str | None] = mapped_column(Text)  # one sentence reporters may be told
    # what the unit has set up so that it stays so: 建章立制
    system_built: Mapped[str | None] = mapped_column(Text)  # one a line
    systems_built: Mapped[int] = mapped_column(default=0)  # how many
    system_not_needed: Mapped[str | None] = mapped_column(Text)  # why none has to be
    # what the unit says came of it, in figures; of people no more than how many
    households_total: Mapped[int | None]
    households_done: Mapped[int | None]
    money_recovered: Mapped[int | None] = mapped_column(BigInteger)  # yuan
    people_dealt_with: Mapped[int | None]
    long_term_since: Mapped[date | None]  # since then its clock stands, also while what came of it is reviewed
    # who sees to it once the team has gone: a department, or OFFICE; nobody yet: the team is there
    supervisor: Mapped[str | None] = mapped_column(String(100))
    promised_on: Mapped[date | None]  # by when the head has promised it, at the last talk
    listed_on: Mapped[date | None]  # since when it is under listed supervision: 挂牌督办
    # whose alone it is, beside the unit: that of a restricted case
    desk: Mapped[Desk | None] = mapped_column(DeskColumn)
    # the county day on which something may come of the ladder of reminders
    next_look_on: Mapped[date] = mapped_column(default=AT_ONCE)
    version: Mapped[int] = mapped_column(default=0)
    others: Mapped[list["ItemUnit"]] = relationship(lazy="selectin", order_by="ItemUnit.unit_id")

    def __init__(self, **values: Any) -> None:
        """Make an item; what is not said of the other units is that there are none, without asking the database."""
        super().__init__(**{"others": [], **values})

    @property
    def unit_ids(self) -> tuple[str, ...]:
        """All units that answer for it, the one that leads first."""
        return (self.unit_id, *(other.unit_id for other in self.others))

    @property
    def unacknowledged_by(self) -> frozenset[str]:
        """The units that answer along and have not acknowledged it."""
        return frozenset(other.unit_id for other in self.others if other.acknowledged_on is None)


class ItemUnit(Base):
    """A unit that answers for an item along with the one that leads; each acknowledges it for itself."""

    __tablename__ = "item_units"
    __nobody__ = "item_id unit_id acknowledged_on acknowledged_by_id"

    item_id: Mapped[str] = mapped_column(ForeignKey("rectification_items.id"), primary_key=True)
    unit_id: Mapped[str] = mapped_column(ForeignKey("units.id"), primary_key=True, index=True)
    acknowledged_on: Mapped[date | None]
    acknowledged_by_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))


class ItemCopy(Base):
    """Who else gets an item: a county leader, a department, or a unit, by their ids."""

    __tablename__ = "item_copies"
    __nobody__ = "item_id copy_to recipient_id"
    __table_args__ = (Index("ix_item_copies_recipient", "copy_to", "recipient_id", "item_id"),)

    item_id: Mapped[str] = mapped_column(ForeignKey("rectification_items.id"), primary_key=True)
    copy_to: Mapped[CopyTo] = mapped_column(enumeration(CopyTo, 20), primary_key=True)
    recipient_id: Mapped[str] = mapped_column(String(100), primary_key=True)


class CopyReceipt(Base):
    """That somebody has confirmed that they have read a copy, and for whom: themselves, a department or a unit."""

    __tablename__ = "copy_receipts"
    __nobody__ = "item_id copy_to recipient_id staff_id read_at"

    item_id: Mapped[str] = mapped_column(ForeignKey("rectification_items.id"), primary_key=True)
    copy_to: Mapped[CopyTo] = mapped_column(enumeration(CopyTo, 20), primary_key=True)
    recipient_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    read_at: Mapped[datetime] = mapped_column(UtcDateTime)


@event.listens_for(RectificationItem, "before_update")
def _look_again(_mapper: object, _connection: object, item: RectificationItem) -> None:
    """Let the clock look at an item that was changed, in whatever: it may be another's to be reminded of now."""
    state = inspect(item)
    assigned = state.committed_state.keys() - {"next_look_on"}  # else each item's every column would be weighed
    if any(state.attrs[name].history.has_changes() for name in assigned):
        item.next_look_on = AT_ONCE


class ReminderRound(Base):
    """How far the clock has come with looking at every open item, because people or settings have changed; one row.

    `basis` is a hash of all that decides who is told what, beside the items themselves. `looked_on` is the last day on
    which the clock looked: should it be one that is still to come, the clock was set back.
    """

    __tablename__ = "reminder_rounds"
    __nobody__ = "id basis looked_to looked_on"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # always 1
    basis: Mapped[str] = mapped_column(String(64))
    looked_to: Mapped[str | None] = mapped_column(String(20))  # the last item looked at; none: all were
    looked_on: Mapped[date | None]


class ReminderBasis(Base):
    """The same hash of one unit, team or county leader, so that only the items that concern them are looked at anew."""

    __tablename__ = "reminder_bases"
    __nobody__ = "part basis"

    part: Mapped[str] = mapped_column(String(120), primary_key=True)
    basis: Mapped[str] = mapped_column(String(64))


class CaseItem(Base):
    """Which items were ordered because of a case; seen by the team alone."""

    __tablename__ = "case_items"
    __nobody__ = "case_id item_id"

    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"), primary_key=True)
    item_id: Mapped[str] = mapped_column(ForeignKey("rectification_items.id"), primary_key=True, index=True)


class ItemEvent(Base):
    """Something that happened to an item; rows are only ever added."""

    __tablename__ = "item_events"
    __nobody__ = "item_id version at by_id event from_state to_state note detail"
    __table_args__ = (Index("ix_item_events_event", "event", "at"),)

    item_id: Mapped[str] = mapped_column(ForeignKey("rectification_items.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))  # nobody: the clock, or a past import
    event: Mapped[str] = mapped_column(String(30))
    from_state: Mapped[ItemState | None] = mapped_column(enumeration(ItemState, 20))
    to_state: Mapped[ItemState] = mapped_column(enumeration(ItemState, 20))
    note: Mapped[str] = mapped_column(Text, default="")
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class ItemPaper(Base):
    """What a unit writes about an item of its own. The liaison prepares it, and the head confirms exactly this.

    `content` are the answers of the form it was written in. `words` are those of whoever gave it back or decided.
    """

    __tablename__ = "item_papers"
    __nobody__ = "id item_id kind state content by_id at confirmed_by_id decided_by_id words"
    __table_args__ = (Index("ix_item_papers_item", "item_id", "kind", "state"),)

    id: Mapped[str] = mapped_column(String(16), primary_key=True, default=lambda: random_id()[:16])
    item_id: Mapped[str] = mapped_column(ForeignKey("rectification_items.id"))
    kind: Mapped[PaperKind] = mapped_column(enumeration(PaperKind, 20))
    state: Mapped[PaperState] = mapped_column(enumeration(PaperState, 20))
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    by_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_by_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    decided_by_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))
    words: Mapped[str] = mapped_column(Text, default="")


class EvidenceKind(StrEnum):
    """What a file is to show."""

    BEFORE = "before"  # a photo of how it was
    AFTER = "after"  # a photo of how it is now
    DOCUMENT = "document"
    NOTICE = "notice"  # what was posted for everybody to read


class Evidence(Base):
    """A file a unit handed in with an event; its bytes lie in the attachment store under this id, sealed to the round.

    While a submission is being collected there is no event yet, and the file is thrown away at `keep_until`.
    """

    __tablename__ = "evidence"
    __nobody__ = "id item_id version keep_until kind file_kind digest look used_before"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=random_id)
    item_id: Mapped[str] = mapped_column(ForeignKey("rectification_items.id"), index=True)
    version: Mapped[int | None]  # of the event it came with
    keep_until: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    kind: Mapped[EvidenceKind] = mapped_column(enumeration(EvidenceKind, 10))
    file_kind: Mapped[str] = mapped_column(String(10))  # photo, pdf, word, excel
    digest: Mapped[str | None] = mapped_column(String(64))  # SHA-256 of its bytes; not known of earlier ones
    look: Mapped[bytes | None] = mapped_column(LargeBinary)  # of a photo: by what it is known again (media.look)
    # the file that this one was before, which may be another item's; none: not that anybody knows
    used_before: Mapped[str | None] = mapped_column(String(32))


class SupervisingBody(Base):
    """A department, or the office, that supervises open items, and when it hears of them next."""

    __tablename__ = "supervising_bodies"
    __nobody__ = "id hears_next_on heard_on"

    id: Mapped[str] = mapped_column(String(100), primary_key=True)
    hears_next_on: Mapped[date] = mapped_column(index=True)
    heard_on: Mapped[date | None]


# The digest key of what waits for working hours, to be told in a message of its own.
ALONE_IN_WORKING_HOURS = "alone_in_working_hours"
ALONE = "alone"  # the digest key of what is told at once, in a message of its own
OVERTAKEN = "overtaken"  # and of what a newer stage has overtaken, so that it is not told any more
WHATEVER_DEADLINE = 0  # the version under which is noted what is told once, however often the due day moves


class Reminder(Base):
    """That a person is to be told, or was told, about one stage of one deadline of an item, or need not be any more.

    The unique key makes the clock safe to run twice, late, or on two machines.
    """

    __tablename__ = "reminders"
    __nobody__ = "id item_id stage deadline_version staff_id digest_key"
    __table_args__ = (
        UniqueConstraint("item_id", "stage", "deadline_version", "staff_id"),
        Index("ix_reminders_waiting", "digest_key", "staff_id"),
    )

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    item_id: Mapped[str] = mapped_column(ForeignKey("rectification_items.id"))
    stage: Mapped[str] = mapped_column(String(40))
    deadline_version: Mapped[int]
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    digest_key: Mapped[str | None] = mapped_column(String(60))  # the digest that carries it; none yet: waiting

    @hybrid_property
    def waits(self) -> bool:
        """Whether it is still to be told: with the next digest, or once working hours begin."""
        return self.digest_key in (None, ALONE_IN_WORKING_HOURS)

    @waits.inplace.expression
    @classmethod
    def _waits(cls) -> ColumnElement[bool]:
        return or_(cls.digest_key.is_(None), cls.digest_key == ALONE_IN_WORKING_HOURS)


class Digest(Base):
    """That a person got their one digest of a county day. Its row is the right to send it: only one tick gets it."""

    __tablename__ = "digests"
    __nobody__ = "key staff_id day"

    key: Mapped[str] = mapped_column(String(60), primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    day: Mapped[date]

    @staticmethod
    def key_of(staff_id: str, day: date) -> str:
        """Return the key of somebody's digest of a day."""
        return f"digest:{staff_id}:{day}"
