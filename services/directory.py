"""Who is who and what is where: rounds, teams, units, villages, codes, staff and settings, as one snapshot in memory.

It is read once and held until the version of the reference tables has moved (models.reference). A transaction that has
changed any of them reads its own. Nothing of a resident is in it, nor who is named in which case: that is asked of the
rows, for the few cases concerned (services.access.conflicts). What is asked again once a lock was waited for, such as
whether a message may stay where it has just arrived, begins with `expire_directory`.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, TypeVar, cast

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.address import Address
from models.desk import DIRECTOR_DESK, OFFICE_DESK, Desk
from models.mail_address import CHANNEL as MAIL
from models.reference import cache_of, know_version, own_changes, read_version, version_of
from models.revisits import RevisitMember
from models.rounds import (
    Assignment,
    Category,
    ChecklistsVersion,
    ComplaintSettingsVersion,
    County,
    Department,
    DepartmentKind,
    LevelledUpVillage,
    PlaceKind,
    QrCode,
    Round,
    Team,
    Unit,
    Village,
    VillageClass,
)
from models.settings import ComplaintSettings, CountySettings, EvaluationSettings, RectificationSettings, with_own
from models.staff import (
    IN_FORCE,
    LEADING_GROUP_ROLES,
    OFFICE_ROLES,
    TEAM_ROLES,
    Grant,
    Recusal,
    Role,
    Staff,
    StaffAddress,
    StaffRole,
)
from models.states import STAYING_ROUNDS, RoundState

_Entry = TypeVar("_Entry")


@dataclass(frozen=True)
class CategoryRecord:
    """What a complaint or an item is about."""

    code: str
    zh_hans: str
    zh_hant: str

    def name_in(self, language: str) -> str:
        """Return what the county's own file calls it, in the script that somebody reads."""
        return self.zh_hant if language == "zh_Hant" else self.zh_hans


@dataclass(frozen=True)
class RoundRecord:
    """An inspection round."""

    id: str
    name: str
    state: RoundState
    stay_from: date
    stay_until: date
    intake_until: date
    notice: Mapping[str, Any]
    settings_version: int | None = None  # of the clocks of its cases; None as long as it has not begun
    checklists_version: int | None = None
    settings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # its own, over the county's
    score_sheet: Mapping[str, Any] | None = None  # from its opening on

    def takes_complaints(self, today: date) -> bool:
        """Whether the intake window is open on this day of the county's calendar."""
        return self.state == RoundState.STATIONED and self.stay_from <= today <= self.intake_until

    @property
    def has_left(self) -> bool:
        """Whether its teams have left, so that the office goes on with what is open."""
        return self.state not in STAYING_ROUNDS


@dataclass(frozen=True)
class TeamRecord:
    """A team and its board."""

    id: str
    round_id: str
    name: str
    board_address: Address | None


@dataclass(frozen=True)
class UnitRecord:
    """An inspected unit."""

    id: str
    name: str
    kind: str | None
    county_leader_id: str | None


@dataclass(frozen=True)
class DepartmentRecord:
    """A receiving department, and the categories that are its business."""

    id: str
    name: str
    fields: tuple[str, ...]
    kind: DepartmentKind | None
    contact: str | None = None  # the duty desk, its telephone and hours


@dataclass(frozen=True)
class VillageRecord:
    """A village under a unit."""

    id: str
    name: str
    unit_id: str
    village_class: VillageClass | None = None
    households: int | None = None
    neighbours: Sequence[str] = ()  # that the county file names for it
    cadre_id: str | None = None  # who is resident there, to do what is asked of them


@dataclass(frozen=True)
class ChecklistRecord:
    """What is to be checked at a kind of unit, or in a village, point by point."""

    kind: str
    name: str
    points: tuple[str, ...]


@dataclass(frozen=True)
class CodeRecord:
    """A printed code."""

    serial: str
    round_id: str
    place_kind: PlaceKind
    place_id: str | None
    revoked: bool


@dataclass(frozen=True)
class AddressRecord:
    """Where somebody on the staff is reached, or was until they could not be any more."""

    address: Address
    reachable: bool


@dataclass(frozen=True)
class RoleAt:
    """A role and where it is held."""

    role: Role
    team_id: str | None = None
    unit_id: str | None = None
    fields: tuple[str, ...] = ()
    department_id: str | None = None


@dataclass(frozen=True)
class GrantAt:
    """That somebody is shown cases of a team: of which one, category, unit or village, their role says."""

    id: str
    role: Role
    team_id: str
    subject_id: str
    ends_on: date
    to_team_id: str | None = None  # it is granted to all of another team


@dataclass(frozen=True)
class Person:
    """One staff member: their roles, the desks they sit at, and the units that are none of their business."""

    id: str
    name: str
    language: str
    roles: tuple[RoleAt, ...]
    shut_out_of: frozenset[str]  # units: recused from, or a member of
    grants: tuple[GrantAt, ...] = ()
    revisits: tuple[str, ...] = ()  # in whose groups they are

    def has(self, *roles: Role) -> bool:
        """Whether they hold any of the roles, anywhere."""
        return any(held.role in roles for held in self.roles)

    def teams(self, *roles: Role) -> tuple[str, ...]:
        """Return the teams at which they hold any of the roles."""
        return tuple(held.team_id for held in self.roles if held.role in roles and held.team_id)

    def units(self, *roles: Role) -> tuple[str, ...]:
        """Return the units at which they hold any of the roles."""
        return tuple(held.unit_id for held in self.roles if held.role in roles and held.unit_id)

    @property
    def departments(self) -> tuple[str, ...]:
        """The departments for which they act."""
        return tuple(dict.fromkeys(held.department_id for held in self.roles if held.department_id))

    @property
    def is_office(self) -> bool:
        """Whether they work at the inspection office."""
        return self.has(*OFFICE_ROLES)

    @property
    def is_kept_to_desks(self) -> bool:
        """Whether they work where a desk for one pair of eyes keeps something from them, whatever else they are."""
        return self.has(*OFFICE_ROLES, *TEAM_ROLES, *LEADING_GROUP_ROLES)

    def acts_for_department_at(self, desk: Desk | None) -> bool:
        """Whether they read for a department what lies on a desk; none: on that of a team or the office."""
        return desk is None or not self.is_kept_to_desks

    @property
    def desks(self) -> tuple[Desk, ...]:
        """The desks whose cases they may see, but for the units they are shut out of."""
        leads = self.teams(Role.TEAM_LEADER)
        desks = [Desk.team(team) for team in self.teams(Role.TEAM_LEADER, Role.TEAM_MEMBER)]
        desks += [Desk.leader(team) for team in leads]
        desks += [OFFICE_DESK] if self.is_office else []
        desks += [DIRECTOR_DESK] if self.has(Role.OFFICE_DIRECTOR) else []
        return tuple(dict.fromkeys(desks))


@dataclass(frozen=True)
class Directory:
    """All of it at one version. Whatever is asked often is found by index, however large the county."""

    version: int
    settings: CountySettings
    complaint_settings: Mapping[int, ComplaintSettings]  # each version of the clocks of cases
    rectification_settings: Mapping[int, RectificationSettings]  # and of the ladder of items
    categories: tuple[CategoryRecord, ...]  # in the county's own order
    rounds: Mapping[str, RoundRecord]
    teams: Mapping[str, TeamRecord]
    units: Mapping[str, UnitRecord]
    villages: Mapping[str, VillageRecord]
    departments: Mapping[str, DepartmentRecord]  # in the order of their ids
    codes: Mapping[str, CodeRecord]
    assignments: Mapping[str, Mapping[str, str | None]]  # by round: the units, and the team of each
    people: Mapping[str, Person]  # in the order of their ids, without those who have left
    names: Mapping[str, str]  # of everybody who ever was on the staff
    addresses: Mapping[str, tuple[AddressRecord, ...]]  # by staff id, in the order in which they want to be reached
    checklists: Mapping[int, tuple[ChecklistRecord, ...]] = field(default_factory=dict)  # each version
    # by round: the villages that are another team's than the rest of their unit
    levelled_up: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    _derived: dict[Hashable, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def category(self, code: str) -> CategoryRecord:
        """Return a category by its code."""
        return next(one for one in self.categories if one.code == code)

    def complaint_settings_of(self, round_id: str) -> ComplaintSettings:
        """Return the clocks of the cases of a round: those that it began under, else the county's of today.

        Its own go before either.
        """
        version = self.rounds[round_id].settings_version if round_id in self.rounds else None
        county = self.settings.complaint if version is None else self.complaint_settings[version]
        return with_own(county, self._own_settings(round_id, "complaint"))

    def rectification_settings_of(self, round_id: str) -> RectificationSettings:
        """Return the ladder of the items of a round: the one that it began under, else the county's of today.

        Its own goes before either.
        """
        version = self.rounds[round_id].settings_version if round_id in self.rounds else None
        county = self.settings.rectification if version is None else self.rectification_settings[version]
        return with_own(county, self._own_settings(round_id, "rectification"))

    def evaluation_settings_of(self, round_id: str) -> EvaluationSettings:
        """Return the score sheet of a round: the one that it began under, else the county's of today with its own."""
        kept = self.rounds[round_id].score_sheet if round_id in self.rounds else None
        if kept is not None:
            return EvaluationSettings.from_json(kept)
        return with_own(self.settings.evaluation, self._own_settings(round_id, "evaluation"))

    def good_rate_of(self, round_ids: Collection[str]) -> float:
        """Return the line that rates of these rounds are held against: theirs where it is one, else the county's."""
        lines = {self.evaluation_settings_of(one).good_rate for one in round_ids}
        return lines.pop() if len(lines) == 1 else self.settings.evaluation.good_rate

    def _own_settings(self, round_id: str, section: str) -> Mapping[str, Any]:
        return self.rounds[round_id].settings.get(section, {}) if round_id in self.rounds else {}

    def checklist_of(self, round_id: str, kind: str | None) -> ChecklistRecord | None:
        """Return what is to be checked in a round at a kind of unit: as it was when the round began, else as it is."""
        version = self.rounds[round_id].checklists_version or max(self.checklists, default=0)
        return next((one for one in self.checklists.get(version, ()) if one.kind == kind), None)

    def at(self, address: Address) -> Person | None:
        """Return whom an address belongs to."""
        return self.people.get(self._staff_at.get(address, ""))

    def is_reachable_at(self, address: Address) -> bool:
        """Whether an address works, as far as is known."""
        return address not in self._unreachable

    def reached_at(self, staff_id: str) -> Address | None:
        """Return where somebody is to be reached: the first address that works, else the first; None without any."""
        own = self.addresses.get(staff_id, ())
        return next((one.address for one in sorted(own, key=lambda one: not one.reachable)), None)

    def is_enrolled(self, staff_id: str) -> bool:
        """Whether somebody on the staff is told anything, wherever it is."""
        return bool(self.addresses.get(staff_id))

    def has_account(self, staff_id: str) -> bool:
        """Whether somebody on the staff has an account in which they read, write and press; a mail address is none."""
        return any(one.address.channel != MAIL for one in self.addresses.get(staff_id, ()))

    def has_reachable_head(self, unit_id: str) -> bool:
        """Whether a head of a unit is reached at one of their addresses, as far as is known."""
        return any(self.is_reached(head.id) for head in self.with_roles(Role.UNIT_HEAD, unit_id=unit_id))

    def is_reached(self, staff_id: str) -> bool:
        """Whether one of somebody's addresses works, as far as is known."""
        return any(one.reachable for one in self.addresses.get(staff_id, ()))

    def reaches_department(self, department_id: str) -> bool:
        """Whether a contact of a department is reached at one of their addresses, as far as is known."""
        contacts = self.with_roles(Role.RECEIVING_DEPARTMENT, department_id=department_id)
        return any(self.is_reached(one.id) for one in contacts)

    def with_roles(
        self, *roles: Role, team_id: str | None = None, unit_id: str | None = None, department_id: str | None = None
    ) -> list[Person]:
        """Return everybody on the staff who holds one of the roles (at that team, unit or department), by their ids."""
        ids = {one for role in roles for one in self._holding.get((role, team_id, unit_id, department_id), ())}
        return [self.people[one] for one in sorted(ids)]

    def team_at(self, round_id: str, unit_id: str | None, village_id: str | None = None) -> TeamRecord | None:
        """Return the team that is responsible for a unit in a round, or for a village of it."""
        levelled_up = self.levelled_up.get(round_id, {}).get(village_id or "")
        return self.teams.get(levelled_up or self.assignments.get(round_id, {}).get(unit_id or "") or "")

    def displaced_team(self, round_id: str, village_id: str | None) -> str | None:
        """Return the team of a unit that a village of it was taken from in a round; None where none was."""
        levelled_up = self.levelled_up.get(round_id, {}).get(village_id or "")
        if levelled_up is None:
            return None
        own = self.assignments.get(round_id, {}).get(self.villages[village_id or ""].unit_id)
        return own if own != levelled_up else None

    def has_villages(self, unit_id: str) -> bool:
        """Whether a unit has villages."""
        return unit_id in self._villages_at

    def derived(self, name: Hashable, make: "Callable[[Directory], _Entry]") -> _Entry:
        """Return what is made of this version, and made once: it is dropped with it."""
        if name not in self._derived:
            self._derived[name] = make(self)
        return cast("_Entry", self._derived[name])

    @cached_property
    def _staff_at(self) -> dict[Address, str]:
        return {one.address: staff_id for staff_id, own in self.addresses.items() for one in own}

    @cached_property
    def _unreachable(self) -> frozenset[Address]:
        return frozenset(one.address for own in self.addresses.values() for one in own if not one.reachable)

    @cached_property
    def _holding(self) -> dict[tuple[Role, str | None, str | None, str | None], list[str]]:
        found: dict[tuple[Role, str | None, str | None, str | None], list[str]] = defaultdict(list)
        for person in self.people.values():
            for held in person.roles:
                places = {
                    (None, None, None),
                    (held.team_id, None, None),
                    (None, held.unit_id, None),
                    (None, None, held.department_id),
                }
                for place in places:
                    found[held.role, *place].append(person.id)
        return dict(found)

    def neighbours_of(self, village_id: str) -> set[str]:
        """Return the villages that lie beside one, as the county file says of either."""
        return self._beside.get(village_id, set())

    @cached_property
    def _beside(self) -> dict[str, set[str]]:
        beside = defaultdict[str, set[str]](set)
        for village in self.villages.values():
            for neighbour in village.neighbours:
                beside[village.id].add(neighbour)
                beside[neighbour].add(village.id)
        return beside

    @cached_property
    def _villages_at(self) -> dict[str, list[VillageRecord]]:
        return _grouped((village.unit_id, village) for village in self.villages.values())


_CURRENT = "directory"  # of this transaction, and after how many changes of its own


async def directory(session: AsyncSession) -> Directory:
    """Return the directory as this transaction sees it: the newest of the process, or its own once it has changed any.

    Within a transaction it stays the same until the transaction changes it, or has it expire.
    """
    changes = await own_changes(session)
    current: tuple[int, Directory] | None = session.info.get(_CURRENT)
    if current is not None and current[0] == changes:
        return current[1]
    found = await _load(session) if changes else await _newest(session)
    session.info[_CURRENT] = (changes, found)
    return found


def expire_directory(session: AsyncSession) -> None:
    """Have the directory read anew when it is asked next: a lock was waited for, and others may have changed it.

    On SQLite they can't: it has one writer, who waits before the transaction begins.
    """
    if session.get_bind().dialect.name == "sqlite":
        return
    session.info.pop(_CURRENT, None)
    know_version(session, None)


async def _newest(session: AsyncSession) -> Directory:
    version, cache = await version_of(session), cache_of(session)
    newest: Directory | None = cache.newest
    if newest is not None and newest.version >= version:
        return newest
    async with cache.lock:
        newest = cache.newest
        if newest is None or newest.version < version:
            newest = cache.newest = await _load(session)
    return newest


async def _load(session: AsyncSession) -> Directory:
    """Read everything at one version; should it move meanwhile, once more."""
    before = await read_version(session)
    while True:
        found = await _read(session, before)
        after = await read_version(session)
        if after == before:
            return found
        before = after


async def _read(session: AsyncSession, version: int) -> Directory:
    async def rows(*columns: Any) -> list[Any]:
        return list(await session.execute(select(*columns)))

    county = await rows(County.settings)
    categories = await rows(Category.position, Category.code, Category.zh_hans, Category.zh_hant)
    versions = await rows(
        ComplaintSettingsVersion.version, ComplaintSettingsVersion.settings, ComplaintSettingsVersion.rectification
    )
    checklists = await rows(ChecklistsVersion.version, ChecklistsVersion.checklists)
    rounds = await rows(
        Round.id,
        Round.name,
        Round.state,
        Round.stay_from,
        Round.stay_until,
        Round.intake_until,
        Round.notice,
        Round.settings_version,
        Round.checklists_version,
        Round.settings,
        Round.score_sheet,
    )
    teams = await rows(Team.id, Team.round_id, Team.name, Team.board_address)
    units = await rows(Unit.id, Unit.name, Unit.kind, Unit.county_leader_id)
    villages = await rows(
        Village.id,
        Village.name,
        Village.unit_id,
        Village.village_class,
        Village.households,
        Village.neighbours,
        Village.cadre_id,
    )
    departments = sorted(
        await rows(Department.id, Department.name, Department.fields, Department.kind, Department.contact)
    )
    codes = await rows(QrCode.serial, QrCode.round_id, QrCode.place_kind, QrCode.place_id, QrCode.revoked_at)
    assignments: dict[str, dict[str, str | None]] = defaultdict(dict)
    for round_id, unit_id, team_id in await rows(Assignment.round_id, Assignment.unit_id, Assignment.team_id):
        assignments[round_id][unit_id] = team_id
    levelled_up: dict[str, dict[str, str]] = defaultdict(dict)
    for row in await rows(LevelledUpVillage.round_id, LevelledUpVillage.village_id, LevelledUpVillage.team_id):
        levelled_up[row.round_id][row.village_id] = row.team_id
    staff = sorted(await rows(Staff.id, Staff.name, Staff.language, Staff.left_at))
    staff_addresses = sorted(
        await rows(StaffAddress.position, StaffAddress.address, StaffAddress.staff_id, StaffAddress.unreachable_since),
        key=lambda row: (row.position, row.address),
    )
    addresses = _grouped(
        (row.staff_id, AddressRecord(row.address, row.unreachable_since is None)) for row in staff_addresses
    )
    held = sorted(
        await rows(
            StaffRole.id,
            StaffRole.staff_id,
            StaffRole.role,
            StaffRole.team_id,
            StaffRole.unit_id,
            StaffRole.fields,
            StaffRole.department_id,
        )
    )
    roles = _grouped(
        (row.staff_id, RoleAt(row.role, row.team_id, row.unit_id, tuple(row.fields), row.department_id)) for row in held
    )
    shut_out: dict[str, set[str]] = defaultdict(set)
    for row in held:
        if row.unit_id:
            shut_out[row.staff_id].add(row.unit_id)
    for staff_id, unit_id, state in await rows(Recusal.staff_id, Recusal.unit_id, Recusal.state):
        if state in IN_FORCE:
            shut_out[staff_id].add(unit_id)
    granted = select(
        Grant.staff_id, Grant.to_team_id, Grant.id, Grant.role, Grant.team_id, Grant.subject_id, Grant.ends_on
    )
    in_force = await session.execute(granted.where(Grant.ended_at.is_(None)).order_by(Grant.ends_on, Grant.id))
    on_teams = _grouped((row.team_id, row.staff_id) for row in held if row.role in TEAM_ROLES)
    grants = _grouped(
        (staff_id, GrantAt(row.id, row.role, row.team_id, row.subject_id, row.ends_on, row.to_team_id))
        for row in in_force
        for staff_id in ([row.staff_id] if row.staff_id else dict.fromkeys(on_teams.get(row.to_team_id, ())))
    )
    members = select(RevisitMember.staff_id, RevisitMember.revisit_id).where(RevisitMember.ended_at.is_(None))
    revisits = _grouped((row.staff_id, row.revisit_id) for row in sorted(await session.execute(members)))
    return Directory(
        version=version,
        settings=CountySettings.from_json(county[0][0] if county else {}),
        complaint_settings={row.version: ComplaintSettings.from_json(row.settings) for row in versions},
        rectification_settings={row.version: RectificationSettings.from_json(row.rectification) for row in versions},
        checklists={
            row.version: tuple(
                ChecklistRecord(one["kind"], one["name"], tuple(one["points"])) for one in row.checklists
            )
            for row in checklists
        },
        categories=tuple(CategoryRecord(row.code, row.zh_hans, row.zh_hant) for row in sorted(categories)),
        rounds={row.id: RoundRecord(*row) for row in rounds},
        teams={row.id: TeamRecord(*row) for row in teams},
        units={row.id: UnitRecord(*row) for row in units},
        villages={row.id: VillageRecord(*row) for row in villages},
        departments={
            row.id: DepartmentRecord(row.id, row.name, tuple(row.fields), row.kind, row.contact) for row in departments
        },
        codes={
            row.serial: CodeRecord(row.serial, row.round_id, row.place_kind, row.place_id, row.revoked_at is not None)
            for row in codes
        },
        assignments=assignments,
        levelled_up=levelled_up,
        people={
            one.id: Person(
                one.id,
                one.name,
                one.language,
                tuple(roles.get(one.id, ())),
                frozenset(shut_out[one.id]),
                tuple(grants.get(one.id, ())),
                tuple(revisits.get(one.id, ())),
            )
            for one in staff
            if one.left_at is None
        },
        names={one.id: one.name for one in staff},
        addresses={staff_id: tuple(own) for staff_id, own in addresses.items()},
    )


def _grouped(pairs: Iterable[tuple[str, _Entry]]) -> dict[str, list[_Entry]]:
    found: dict[str, list[_Entry]] = defaultdict(list)
    for name, entry in pairs:
        found[name].append(entry)
    return dict(found)
