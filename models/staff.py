"""Who works here: staff with their roles, recusals, invitations, and what they are being asked for."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from models.address import Address, AddressColumn
from models.base import UNORDERED, Base, Serial, UtcDateTime, enumeration, random_id


class Role(StrEnum):
    """What a staff member may be."""

    LEADING_GROUP_HEAD = "leading_group_head"
    LEADING_GROUP_MEMBER = "leading_group_member"
    OFFICE_DIRECTOR = "office_director"
    OFFICE_STAFF = "office_staff"
    TEAM_LEADER = "team_leader"
    TEAM_MEMBER = "team_member"
    UNIT_HEAD = "unit_head"
    LIAISON = "liaison"
    COUNTY_LEADER = "county_leader"
    RESIDENT_CADRE = "resident_cadre"  # 驻村干部: does what is asked of them in a village, and sees no complaint
    RECEIVING_DEPARTMENT = "receiving_department"  # the duty contact of a department
    DEPARTMENT_HEAD = "department_head"
    # who sees only what they are granted, and for so long (Grant)
    EXPERT = "expert"  # one case
    OBSERVER = "observer"  # what is about one topic
    TOWNSHIP_OFFICE = "township_office"  # what is about one township
    MICRO_TEAM = "micro_team"  # what is about one village


TEAM_ROLES = frozenset({Role.TEAM_LEADER, Role.TEAM_MEMBER})
GRANTED_ROLES = (Role.EXPERT, Role.OBSERVER, Role.TOWNSHIP_OFFICE, Role.MICRO_TEAM)
OFFICE_ROLES = (Role.OFFICE_DIRECTOR, Role.OFFICE_STAFF)
LEADING_GROUP_ROLES = (Role.LEADING_GROUP_HEAD, Role.LEADING_GROUP_MEMBER)
UNIT_ROLES = (Role.UNIT_HEAD, Role.LIAISON)
DEPARTMENT_ROLES = frozenset({Role.RECEIVING_DEPARTMENT, Role.DEPARTMENT_HEAD})


class RecusalState(StrEnum):
    """How certain a recusal is."""

    CLAIMED = "claimed"  # somebody says so; the office has yet to decide, nobody is shut out
    DECLARED = "declared"  # the member said so
    ORDERED = "ordered"  # the office said so


IN_FORCE = frozenset({RecusalState.DECLARED, RecusalState.ORDERED})
"""Recusals that shut out; a mere claim is the office's to decide first."""


class Staff(Base):
    """One person on the staff, reached at their addresses (StaffAddress)."""

    __tablename__ = "staff"
    __nobody__ = "id name title language left_at as_filed approves_from"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    title: Mapped[str | None] = mapped_column(String(100))
    language: Mapped[str] = mapped_column(String(10), default="zh_Hans")
    left_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # what the county file last said of their teams and recusals; not known of who was entered before this was kept
    as_filed: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    # of somebody who newly may approve what is made public, or has come in anew: not before then
    approves_from: Mapped[datetime | None] = mapped_column(UtcDateTime)


class StaffAddress(Base):
    """Where a staff member is reached: an account of theirs, and nobody else's."""

    __tablename__ = "staff_addresses"
    __nobody__ = "address staff_id position unreachable_since"

    address: Mapped[Address] = mapped_column(AddressColumn, primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), index=True)
    position: Mapped[int]  # the order in which they want to be reached
    unreachable_since: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AddressConfirmation(Base):
    """The code that was sent to an address at which somebody wants to be reached, and how many they were sent that day.

    `sealed` holds it as JSON, sealed to the outbox key.
    """

    __tablename__ = "address_confirmations"
    __nobody__ = "staff_id address sealed tries expires_at day codes"

    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    address: Mapped[Address] = mapped_column(AddressColumn)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    tries: Mapped[int]  # that were wrong
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    day: Mapped[date] = mapped_column(index=True)  # the county's
    codes: Mapped[int]  # sent on that day


class StaffRole(Base):
    """A role somebody holds, at a team, a unit or a department, or in the county as a whole."""

    __tablename__ = "staff_roles"
    __nobody__ = "id staff_id role team_id unit_id department_id fields"

    id: Mapped[int] = mapped_column(Serial, primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), index=True)
    role: Mapped[Role] = mapped_column(enumeration(Role, 30), index=True)
    team_id: Mapped[str | None] = mapped_column(ForeignKey("teams.id"), index=True)
    unit_id: Mapped[str | None] = mapped_column(ForeignKey("units.id"), index=True)
    department_id: Mapped[str | None] = mapped_column(ForeignKey("departments.id"), index=True)
    fields: Mapped[list[str]] = mapped_column(JSON, default=list)  # category codes of a county leader


class Grant(Base):
    """That somebody with one of GRANTED_ROLES is shown some cases of a team, until a day or until it is withdrawn.

    `subject_id` says which: a case, a category, a unit or a village, by the role. A case that is shared with another
    team is granted to that team, in the role of its members.
    """

    __tablename__ = "grants"
    __nobody__ = "id staff_id to_team_id role team_id subject_id by_id ends_on ended_at"
    __table_args__ = UNORDERED

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=random_id)
    staff_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"), index=True)
    to_team_id: Mapped[str | None] = mapped_column(ForeignKey("teams.id"))
    role: Mapped[Role] = mapped_column(enumeration(Role, 30))
    team_id: Mapped[str] = mapped_column(ForeignKey("teams.id"))  # whose cases they are
    subject_id: Mapped[str] = mapped_column(String(100))
    by_id: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    ends_on: Mapped[date]  # the last day, of the county's calendar
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)


class Recusal(Base):
    """That a staff member is shut out of everything about a unit."""

    __tablename__ = "recusals"
    __nobody__ = "staff_id unit_id state reason"

    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    unit_id: Mapped[str] = mapped_column(ForeignKey("units.id"), primary_key=True)
    state: Mapped[RecusalState] = mapped_column(enumeration(RecusalState, 20))
    reason: Mapped[str] = mapped_column(String(200))


class Invitation(Base):
    """A one-time link by which a staff member enrols their account."""

    __tablename__ = "invitations"
    __nobody__ = "serial staff_id expires_at used_at made_by_id"

    serial: Mapped[str] = mapped_column(String(16), primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), index=True)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    made_by_id: Mapped[str | None] = mapped_column(ForeignKey("staff.id"))  # nobody: the command line


class SignInLink(Base):
    """A link that opens the pages of a staff member once; `digest` is a keyed hash of what stands in it."""

    __tablename__ = "sign_in_links"
    __nobody__ = "digest staff_id asked_on expires_at"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), index=True)
    asked_on: Mapped[str] = mapped_column(String(20))  # the channel on which it was asked for
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class StaffSession(Base):
    """A browser in which a staff member works; `digest` is a keyed hash of what its cookie holds.

    `sealed` is what was said there last, as a JSON object sealed to the outbox key.
    """

    __tablename__ = "staff_sessions"
    __nobody__ = "digest staff_id sealed expires_at"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), index=True)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class OpenFormRow(Base):
    """The form that a staff member is filling in, one a person: their next message answers its question.

    `sealed` holds what they have sent so far, as a JSON object sealed to the outbox key.
    """

    __tablename__ = "open_forms"
    __nobody__ = "staff_id form subject_id sealed expires_at"

    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    form: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[str | None] = mapped_column(String(100))  # a case or an item
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CaseSearch(Base):
    """What a staff member looked for last, one a person, for the pages of what was found.

    `sealed` holds the words and the numbers of the cases found, as a JSON object sealed to the outbox key.
    """

    __tablename__ = "case_searches"
    __nobody__ = "staff_id sealed expires_at"

    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
