"""A county of many units, its staff and their items, beside what the ladder is told of them."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from sqlalchemy import delete, update

from bench.year.ladder import Ladder, Matter
from channels.telegram.address import address_of
from models.rectification import RectificationItem
from models.rounds import County, Unit
from models.staff import Role, Staff, StaffAddress, StaffRole
from models.states import ItemState
from services.unit_of_work import UnitOfWork

ROUND, CATEGORY = "R6", "road"
DIRECTOR, OFFICE, GROUP = "P03", "P04", "P01"
LEADERS = ("P23", "P24", "P25")
TEAM_LEADERS = {"T1": "P05", "T2": "P08", "T3": "P11"}  # of the sample, of whom nobody is recused from a new unit
_SHARE_WITH_HEAD, _SHARE_WITH_LIAISON = 0.9, 0.6
_PLAN_DAYS = 30
_HAZARDS, _WITHOUT_TEAM, _WITHOUT_LEADER = 0.03, 0.3, 0.1


@dataclass
class MadeCounty:
    """The sample's office, teams and leaders, with made-up units; what is entered the ladder is told, too."""

    ladder: Ladder
    random: Random
    units: list[str] = field(default_factory=list)
    _people: int = 0

    async def enter(self, work: UnitOfWork, units: int) -> None:
        """Enter so many units, each with a head or none, and close what items the sample has."""
        await work.session.execute(update(RectificationItem).values(is_open=False, state=ItemState.CLEARED))
        county = await work.session.get_one(County, 1)
        county.settings = county.settings | {"rectification": {}, "extra_holidays": [], "extra_workdays": []}
        await work.session.execute(delete(StaffRole).where(StaffRole.role == Role.TEAM_MEMBER))
        people = self.ladder.people
        people.office, people.directors, people.leaders = {DIRECTOR, OFFICE}, {DIRECTOR}, set(LEADERS)
        people.teams = {team: {leader} for team, leader in TEAM_LEADERS.items()}
        for number in range(units):
            unit = f"Y{number:03d}"
            work.session.add(Unit(id=unit, name=f"{unit}乡党委"))
            self.units.append(unit)
        await work.session.flush()
        for unit in self.units:
            if self.random.random() < _SHARE_WITH_HEAD:
                await self.put_head(work, unit)
            if self.random.random() < _SHARE_WITH_LIAISON:
                people.liaisons[unit] = {await self._somebody(work, Role.LIAISON, unit)}

    async def put_head(self, work: UnitOfWork, unit: str) -> None:
        """Put somebody new at the head of a unit; whoever was it leaves the staff."""
        for staff_id in self.ladder.people.heads.pop(unit, set()):
            await self._leaves(work, staff_id)
        self.ladder.people.heads[unit] = {await self._somebody(work, Role.UNIT_HEAD, unit)}
        self.ladder.changes += 1

    async def lose_head(self, work: UnitOfWork, unit: str) -> None:
        """Leave a unit without a head for now."""
        for staff_id in self.ladder.people.heads.pop(unit, set()):
            await self._leaves(work, staff_id)
        self.ladder.changes += 1

    async def announce(self, work: UnitOfWork, *, off: date, worked: date) -> None:
        """Let the county take another day off, and work on one instead."""
        county = await work.session.get_one(County, 1)
        settings = county.settings
        county.settings = settings | {
            "extra_holidays": [*settings["extra_holidays"], off.isoformat()],
            "extra_workdays": [*settings["extra_workdays"], worked.isoformat()],
        }
        self.ladder.calendar.move(off=off, worked=worked)

    async def issue(self, work: UnitOfWork, number: int, today: date) -> None:
        """Order something of a unit."""
        chance = self.random
        matter = Matter(
            id=f"YI{number:06d}",
            unit=chance.choice(self.units),
            team=None if chance.random() < _WITHOUT_TEAM else chance.choice(list(TEAM_LEADERS)),
            leader=None if chance.random() < _WITHOUT_LEADER else chance.choice(LEADERS),
            hazard=chance.random() < _HAZARDS,
            issued=today,
            due=today + timedelta(days=chance.choice((3, 7, 15, 30, 60, 120, 184))),
            since=today,
        )
        plan_due = today + timedelta(days=_PLAN_DAYS)
        matter.plan_due = plan_due if plan_due < matter.due else None
        self.ladder.matters[matter.id] = matter
        work.session.add(
            RectificationItem(
                id=matter.id,
                round_id=ROUND,
                unit_id=matter.unit,
                team_id=matter.team,
                category=CATEGORY,
                source="feedback",
                problem="账目不清。",
                requirement="公开账目。",
                county_leader_id=matter.leader,
                hazard=matter.hazard,
                issued_on=today,
                due_on=matter.due,
                state=ItemState.ISSUED,
                state_since=today,
                is_open=True,
                plan_due_on=matter.plan_due,
            )
        )

    async def _somebody(self, work: UnitOfWork, role: Role, unit: str) -> str:
        self._people += 1
        staff_id = f"Q{self._people:04d}"
        work.session.add(Staff(id=staff_id, name=f"某{self._people}"))
        await work.session.flush()
        work.session.add(StaffRole(staff_id=staff_id, role=role, unit_id=unit))
        work.session.add(StaffAddress(address=address_of(800_000_000 + self._people), staff_id=staff_id, position=0))
        await work.session.flush()
        return staff_id

    @staticmethod
    async def _leaves(work: UnitOfWork, staff_id: str) -> None:
        await work.session.execute(update(Staff).where(Staff.id == staff_id).values(left_at=work.now))
        await work.session.execute(delete(StaffAddress).where(StaffAddress.staff_id == staff_id))
