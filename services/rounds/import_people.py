"""Enters who works here: people, their roles, their mail addresses, their recusals."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from models.address import Address
from models.audit import Audited
from models.mail_address import CHANNEL as MAIL
from models.staff import (
    DEPARTMENT_ROLES,
    IN_FORCE,
    TEAM_ROLES,
    UNIT_ROLES,
    Recusal,
    RecusalState,
    Role,
    Staff,
    StaffAddress,
    StaffRole,
)
from services.access.member import member
from services.audit.log import record
from services.cases.reassignment import open_cases
from services.people.addresses import add_address, tell_of_address
from services.people.leaving import Groups, put_on_teams, record_closed
from services.people.recusal import shut_out
from services.rounds.county_file import CountyFile
from services.rounds.entries import Entries, differences, here_and_there, spoken
from services.unit_of_work import UnitOfWork
from texts.terminal import sentence


class People:
    """Enters the people of a county file, once or again.

    Who is on which team, who has left and who is recused changes in chat and on the command line too, and no file
    undoes that by saying what it said before: what is here stays, and that it differs is told. Of everybody it is
    kept what the file said last. Where it says something else now, it was changed on purpose: then the file goes
    first, and what follows is what follows in chat: cards are taken back, cases handed over, a group is closed.
    Whoever has left stays away in any case.
    """

    def __init__(self, work: UnitOfWork, entries: Entries, county: CountyFile, by: str | None) -> None:
        self._work = work
        self._entries = entries
        self._county = county
        self._by = by
        self._moved: list[tuple[str, Groups]] = []
        self._recused: list[tuple[str, str]] = []
        self._mailed: list[str] = []

    async def lock(self) -> None:
        """Take what may be handed over, and then everybody, before anything is changed: in the order of all locks."""
        await open_cases(self._work, teams=[team.id for team in self._county.teams], units=self._county.all_units)
        people = select(Staff).where(Staff.id.in_({person.id for person in self._county.people}))
        await self._work.session.execute(people.order_by(Staff.id).with_for_update(key_share=True))

    async def enter(self) -> None:
        """Enter names and titles."""
        titles: dict[str, str | None] = {}
        for person in self._county.people:
            titles[person.id] = titles.get(person.id) or person.title
        for staff_id, name in {person.id: person.name for person in self._county.people}.items():
            values = {"name": name, "title": titles[staff_id]}
            await self._entries.put(Staff, {"id": staff_id}, sentence("county.record_staff", id=staff_id), values)

    async def enter_roles(self) -> None:
        """Enter the roles of everybody: first what they get, so that the next leader hears who is gone."""
        moves: dict[str, set[_RoleAt]] = {}
        for staff_id, wanted in _roles(self._county).items():
            staff = await self._work.session.get_one(Staff, staff_id)
            if staff.left_at is not None:
                self._entries.result.left_alone.append(sentence("county.staff_left", id=staff_id))
            elif await self._loses_a_team(staff, wanted):
                moves[staff_id] = _on_teams(wanted)
        await self._work.session.flush()
        for staff_id, on_teams in moves.items():
            who = await member(self._work.session, staff_id)
            groups = await put_on_teams(self._work, who, {(role.role, role.team_id) for role in on_teams})
            self._moved.append((staff_id, groups))

    async def enter_recusals(self) -> None:
        """Enter the recusals of everybody, and keep what the file says of them now; addresses are entered before."""
        roles, mails = _roles(self._county), _mails(self._county)
        for staff_id in roles:
            staff = await self._work.session.get_one(Staff, staff_id)
            entries = [entry for person in self._county.people if person.id == staff_id for entry in person.recusal]
            said = {self._county.unit_id(entry.unit): (entry.state.split("_")[0], entry.reason) for entry in entries}
            if staff.left_at is None:
                for unit_id, (state, reason) in said.items():
                    await self._enter_recusal(staff, unit_id, RecusalState(state), reason)
            filed: dict[str, Any] = {
                "teams": sorted(map(str, _on_teams(roles[staff_id]))),
                "recusals": {unit_id: state for unit_id, (state, _) in said.items()},
            }
            if staff_id in mails:
                filed["mail"] = mails[staff_id]
            if staff.as_filed != filed:
                staff.as_filed = filed
        await self._work.session.flush()

    async def enter_addresses(self) -> None:
        """Enter the mail addresses that the file says anew; one that was dropped here stays dropped."""
        session, result = self._work.session, self._entries.result
        for staff_id, mail in _mails(self._county).items():
            staff, address = await session.get_one(Staff, staff_id), Address(MAIL, mail)
            held, before = await session.get(StaffAddress, address), (staff.as_filed or {}).get("mail")
            name = sentence("county.record_mail", id=staff_id)
            if staff.left_at is not None or (held is not None and held.staff_id == staff_id):
                continue
            if held is not None:
                result.left_alone.append(sentence("county.mail_taken", record=name, other=held.staff_id))
            elif before == mail:
                result.left_alone.append(sentence("county.mail_dropped", record=name))
            else:
                await add_address(self._work, staff_id, address)
                await tell_of_address(self._work, staff_id, address)
                result.added.append(name)
                self._mailed.append(staff_id)
                former = await session.get(StaffAddress, Address(MAIL, before)) if before else None
                if former is not None and former.staff_id == staff_id:
                    await session.delete(former)
        await session.flush()

    async def write_down(self) -> None:
        """Put into the audit log what was done to somebody; at the end, for its head is locked last."""
        for staff_id, groups in self._moved:
            await record(self._work, Audited.MOVED, by=self._by, subject=staff_id)
            await record_closed(self._work, groups, by=self._by)
        for staff_id, unit_id in self._recused:
            await record(self._work, Audited.RECUSED, by=self._by, subject=staff_id, unit=unit_id)
        for staff_id in self._mailed:
            await record(self._work, Audited.ADDRESS_ADDED, by=self._by, subject=staff_id, channel=MAIL)

    async def _loses_a_team(self, staff: Staff, wanted: "dict[_RoleAt, list[str]]") -> bool:
        """Enter somebody's roles, but for those on teams that the file takes away; return whether there are such."""
        session, result = self._work.session, self._entries.result
        rows = await session.scalars(select(StaffRole).where(StaffRole.staff_id == staff.id))
        held = {_RoleAt(row.role, row.team_id or "", row.unit_id or "", row.department_id or ""): row for row in rows}
        here, there = _on_teams(held), _on_teams(wanted)
        if here and here != there and self._says_as_before(staff, there):
            differs = here_and_there(_spoken(here), _spoken(there))
            result.left_alone.append(f"{sentence('county.record_staff', id=staff.id)} ({differs})")
            wanted = {role: fields for role, fields in wanted.items() if role not in there}
            wanted |= {role: held[role].fields for role in here}
        for role in sorted(wanted.keys() - held.keys()):
            session.add(
                StaffRole(
                    staff_id=staff.id,
                    role=role.role,
                    team_id=role.team_id or None,
                    unit_id=role.unit_id or None,
                    department_id=role.department_id or None,
                    fields=wanted[role],
                )
            )
            result.added.append(sentence("county.record_role", role=role, id=staff.id))
        lost = held.keys() - wanted.keys()
        for role in sorted(lost):
            result.changed.append(sentence("county.role_lost", role=role, id=staff.id))
        for role in lost - _on_teams(lost):
            await session.delete(held[role])
        for role in wanted.keys() & held.keys():
            if held[role].fields != wanted[role]:
                result.changed += [
                    f"{sentence('county.record_staff', id=staff.id)}: {difference}"
                    for difference in differences(
                        sentence("county.fields_as", role=role), held[role].fields, wanted[role]
                    )
                ]
                held[role].fields = wanted[role]
        return bool(_on_teams(lost))

    def _says_as_before(self, staff: Staff, on_teams: "set[_RoleAt]") -> bool:
        # Of whoever was entered before this was kept it is not known: what is here stays.
        return staff.as_filed is None or staff.as_filed["teams"] == sorted(map(str, on_teams))

    async def _enter_recusal(self, staff: Staff, unit_id: str, state: RecusalState, reason: str) -> None:
        session, result = self._work.session, self._entries.result
        name = sentence("county.record_recusal", id=staff.id, unit=unit_id)
        here = await session.get(Recusal, (staff.id, unit_id))
        before = (staff.as_filed or {"recusals": {}})["recusals"].get(unit_id)
        if here is None and before == state:
            result.left_alone.append(sentence("county.recusal_lifted", record=name, state=state))
        elif state in IN_FORCE and (here is None or (here.state != state and before not in (None, state))):
            if here is None:
                result.added.append(name)
            else:
                result.changed.append(f"{name}: state {here.state} → {state}")
            await shut_out(self._work, staff.id, unit_id, state, reason)
            self._recused.append((staff.id, unit_id))
        else:
            key = {"staff_id": staff.id, "unit_id": unit_id}
            await self._entries.put(Recusal, key, name, {"reason": reason}, live={"state": state})


@dataclass(frozen=True, order=True)
class _RoleAt:
    role: Role
    team_id: str = ""
    unit_id: str = ""
    department_id: str = ""

    def __str__(self) -> str:
        place = self.team_id or self.unit_id or self.department_id
        return f"{self.role} at {place}" if place else str(self.role)


def _roles(county: CountyFile) -> dict[str, dict[_RoleAt, list[str]]]:
    """Gather the roles of everybody, with their fields, from wherever the file names them."""
    roles: dict[str, dict[_RoleAt, list[str]]] = {person.id: {} for person in county.people}
    for team in county.teams:
        roles[team.leader][_RoleAt(Role.TEAM_LEADER, team_id=team.id)] = []
        for staff_id in team.members:
            roles[staff_id][_RoleAt(Role.TEAM_MEMBER, team_id=team.id)] = []
    for unit in county.units:
        if unit.head:
            roles[unit.head][_RoleAt(Role.UNIT_HEAD, unit_id=unit.id)] = []
        if unit.liaison:
            roles[unit.liaison][_RoleAt(Role.LIAISON, unit_id=unit.id)] = []
    for person in county.people:
        if person.role in TEAM_ROLES and person.team:
            roles[person.id][_RoleAt(person.role, team_id=person.team)] = []
        elif person.role in UNIT_ROLES and person.unit:
            roles[person.id][_RoleAt(person.role, unit_id=county.unit_id(person.unit))] = []
        elif person.role in DEPARTMENT_ROLES and person.department:
            roles[person.id][_RoleAt(person.role, department_id=person.department)] = []
        elif person.role not in {*TEAM_ROLES, *UNIT_ROLES}:
            roles[person.id][_RoleAt(person.role)] = person.fields
    return roles


def _mails(county: CountyFile) -> dict[str, str]:
    """Return the mail address of everybody for whom the file has one."""
    return {person.id: person.mail for person in county.people if person.mail is not None}


def _on_teams(roles: Iterable[_RoleAt]) -> set[_RoleAt]:
    return {role for role in roles if role.role in TEAM_ROLES}


def _spoken(roles: Iterable[_RoleAt]) -> str:
    return spoken(sorted(roles))
