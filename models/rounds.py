"""The county as it is inspected: rounds, their teams, units, villages and printed codes."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.address import Address, AddressColumn
from models.base import Base, UtcDateTime, enumeration
from models.states import RoundState


class County(Base):
    """The one county this installation serves, with the periods it has set for itself."""

    __tablename__ = "county"
    __nobody__ = "id name office settings"

    id: Mapped[int] = mapped_column(primary_key=True)  # always 1
    name: Mapped[str] = mapped_column(String(100))
    office: Mapped[str] = mapped_column(String(200))
    settings: Mapped[dict[str, Any]] = mapped_column(JSON)


class ComplaintSettingsVersion(Base):
    """The clocks of cases, and the ladder of items, as the county's file set them at one time.

    A round keeps the version that it began under.
    """

    __tablename__ = "complaint_settings_versions"
    __nobody__ = "version settings rectification"

    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    settings: Mapped[dict[str, Any]] = mapped_column(JSON)
    rectification: Mapped[dict[str, Any]] = mapped_column(JSON)


class ChecklistsVersion(Base):
    """The checklists as the county's file set them at one time. A round keeps the version that it began under."""

    __tablename__ = "checklists_versions"
    __nobody__ = "version checklists"

    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    checklists: Mapped[list[dict[str, Any]]] = mapped_column(JSON)  # each a kind, a name and its points


class Category(Base):
    """What a complaint or an item is about."""

    __tablename__ = "categories"
    __nobody__ = "code zh_hans zh_hant position"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    zh_hans: Mapped[str] = mapped_column(String(100))
    zh_hant: Mapped[str] = mapped_column(String(100))
    position: Mapped[int]  # the order in which the county lists it


class DepartmentKind(StrEnum):
    """What is different about a department."""

    DISCIPLINE = "discipline"  # leads on discipline go there, sealed
    EMERGENCY = "emergency"  # it is called, and nothing is passed on to it
    ORGANISATION = "organisation"  # it may ask how far a unit has come before anybody there is promoted


class Department(Base):
    """A receiving department of the county."""

    __tablename__ = "departments"
    __nobody__ = "id name fields kind contact"

    id: Mapped[str] = mapped_column(String(100), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    fields: Mapped[list[str]] = mapped_column(JSON)  # category codes
    kind: Mapped[DepartmentKind | None] = mapped_column(enumeration(DepartmentKind, 20))
    contact: Mapped[str | None] = mapped_column(String(100))  # the duty desk, its telephone and hours; no person's


class Round(Base):
    """An inspection round: one campaign with dates, units and teams. Dates are the county's calendar days."""

    __tablename__ = "rounds"
    __nobody__ = (
        "id name theme state stay_from stay_until intake_until feedback_on rectification_due notice public_key "
        "settings_version checklists_version is_handed_over score_sheet settings"
    )

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    theme: Mapped[str] = mapped_column(String(200))
    state: Mapped[RoundState] = mapped_column(enumeration(RoundState, 30))
    stay_from: Mapped[date]
    stay_until: Mapped[date]
    intake_until: Mapped[date]  # the last day on which complaints are taken
    feedback_on: Mapped[date | None]
    rectification_due: Mapped[date | None]
    notice: Mapped[dict[str, Any]] = mapped_column(JSON)  # phone, hours, mailbox, what is taken and what not
    public_key: Mapped[str] = mapped_column(String(100))  # age recipient that all a resident says is sealed to
    # of the clocks of its cases, from its opening on
    settings_version: Mapped[int | None] = mapped_column(ForeignKey("complaint_settings_versions.version"))
    # whether all cases that were open when its teams left are with the office, and their reporters were told
    is_handed_over: Mapped[bool] = mapped_column(default=False)
    # of what is to be checked, from its opening on
    checklists_version: Mapped[int | None] = mapped_column(ForeignKey("checklists_versions.version"))
    # by which its units are graded (EvaluationSettings), from its opening on
    score_sheet: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    # its own, by section, over those that it began under; as they were at its opening
    settings: Mapped[dict[str, dict[str, Any]]] = mapped_column(JSON, default=dict)


class Team(Base):
    """A team stationed at units for one round; its board is a group chat once the leader has added the bot.

    A group that somebody is still in who left the team is closed: no card hangs there until the leader uses it again.
    So is one in which the bot may not write; it is used again as soon as it may.
    """

    __tablename__ = "teams"
    __nobody__ = "id round_id name board_address closed_board_address closings is_silenced"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    round_id: Mapped[str] = mapped_column(ForeignKey("rounds.id"))
    name: Mapped[str] = mapped_column(String(100))
    board_address: Mapped[Address | None] = mapped_column(AddressColumn, unique=True)
    closed_board_address: Mapped[Address | None] = mapped_column(AddressColumn)
    closings: Mapped[int] = mapped_column(default=0)  # how often; an answer to an earlier one does not count
    is_silenced: Mapped[bool] = mapped_column(default=False)  # closed for no other reason than that


class Unit(Base):
    """An inspected unit: the party organisation that answers for what is found."""

    __tablename__ = "units"
    __nobody__ = "id name kind county_leader_id"

    id: Mapped[str] = mapped_column(String(100), primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    kind: Mapped[str | None] = mapped_column(String(40))
    county_leader_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))


class Assignment(Base):
    """That a unit is inspected in a round, and by which team; a past round may not name one."""

    __tablename__ = "assignments"
    __nobody__ = "round_id unit_id team_id mode"

    round_id: Mapped[str] = mapped_column(ForeignKey("rounds.id"), primary_key=True)
    unit_id: Mapped[str] = mapped_column(ForeignKey("units.id"), primary_key=True)
    team_id: Mapped[str | None] = mapped_column(ForeignKey("teams.id"), index=True)
    mode: Mapped[str | None] = mapped_column(String(40))


class LevelledUpVillage(Base):
    """That in a round a village is another team's than the rest of its unit (提级)."""

    __tablename__ = "levelled_up_villages"
    __nobody__ = "round_id village_id team_id"

    round_id: Mapped[str] = mapped_column(ForeignKey("rounds.id"), primary_key=True)
    village_id: Mapped[str] = mapped_column(ForeignKey("villages.id"), primary_key=True)
    team_id: Mapped[str] = mapped_column(ForeignKey("teams.id"))


class VillageClass(StrEnum):
    """How a village is doing, as the county classes it."""

    MODEL = "model"
    ORDINARY = "ordinary"
    LAGGING = "lagging"


class Village(Base):
    """A village or community under a unit."""

    __tablename__ = "villages"
    __nobody__ = "id name unit_id households village_class neighbours cadre_id"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    unit_id: Mapped[str] = mapped_column(ForeignKey("units.id"), index=True)
    households: Mapped[int | None]
    village_class: Mapped[VillageClass | None] = mapped_column(enumeration(VillageClass, 20))
    neighbours: Mapped[list[str]] = mapped_column(JSON)  # ids of villages of other units that lie beside it
    cadre_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))  # 驻村干部


class PlaceKind(StrEnum):
    """What a printed code stands for."""

    VILLAGE = "village"
    UNIT = "unit"
    ROUND = "round"  # no place: the leaflet handed out everywhere


class QrCode(Base):
    """A printed code: one round at one place. Revoking it leaves the others valid."""

    __tablename__ = "qr_codes"
    __nobody__ = "serial round_id place_kind place_id revoked_at"
    __table_args__ = (UniqueConstraint("round_id", "place_kind", "place_id", "serial"),)

    serial: Mapped[str] = mapped_column(String(16), primary_key=True)
    round_id: Mapped[str] = mapped_column(ForeignKey("rounds.id"), index=True)
    place_kind: Mapped[PlaceKind] = mapped_column(enumeration(PlaceKind, 10))
    place_id: Mapped[str | None] = mapped_column(String(100))  # village or unit
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
