"""Who can be told about an item: everybody enrolled, by what they are at it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import select

from models.deadlines import Audience
from models.rectification import RectificationItem
from models.staff import Recusal, Role, Staff, StaffRole
from services.work import Work

_OFFICE = (Role.OFFICE_DIRECTOR, Role.OFFICE_STAFF)
_TEAM = (Role.TEAM_LEADER, Role.TEAM_MEMBER)


@dataclass
class Directory:
    """The staff who have enrolled an account, looked up once for any number of items."""

    _enrolled: set[str] = field(default_factory=set)
    _holders: dict[tuple[Role, str | None], set[str]] = field(default_factory=lambda: defaultdict(set))
    _shut_out: set[tuple[str, str]] = field(default_factory=set)  # staff, unit

    def told(self, item: RectificationItem, audience: Iterable[Audience]) -> list[str]:
        """Return the ids of those to be told; the office stands in for a head who has not enrolled."""
        audience = tuple(audience)
        found = {staff for part in audience for staff in self._part(item, part)}
        if Audience.UNIT_HEAD in audience and not self.has_head(item.unit_id):
            found |= self.office(item)
        return sorted(found)

    def has_head(self, unit_id: str) -> bool:
        """Whether a head of the unit has enrolled."""
        return bool(self._holders[Role.UNIT_HEAD, unit_id])

    def office(self, item: RectificationItem) -> set[str]:
        """Return the office's people, but for those who belong to the unit."""
        return self._unbiased(item, {staff for role in _OFFICE for staff in self._holders[role, None]})

    def _part(self, item: RectificationItem, part: Audience) -> set[str]:
        match part:
            case Audience.UNIT_HEAD | Audience.LIAISON:
                return self._holders[Role(part), item.unit_id]
            case Audience.COUNTY_LEADER:
                return self._unbiased(item, {item.county_leader_id or ""} & self._enrolled)
            case Audience.OFFICE_DIRECTOR:
                return self._unbiased(item, self._holders[Role.OFFICE_DIRECTOR, None])
            case Audience.REVIEWERS if item.team_id is None:
                return self.office(item)
            case Audience.REVIEWERS:
                return self._unbiased(item, {staff for role in _TEAM for staff in self._holders[role, item.team_id]})

    def _unbiased(self, item: RectificationItem, staff: set[str]) -> set[str]:
        return {person for person in staff if (person, item.unit_id) not in self._shut_out}


async def open_directory(work: Work) -> Directory:
    """Read who has enrolled, where they belong, and what they are shut out of."""
    directory = Directory()
    held = await work.session.execute(
        select(StaffRole.staff_id, StaffRole.role, StaffRole.team_id, StaffRole.unit_id)
        .join(Staff, Staff.id == StaffRole.staff_id)
        .where(Staff.telegram_id.is_not(None), Staff.left_at.is_(None))
    )
    for staff_id, role, team_id, unit_id in held:
        directory._enrolled.add(staff_id)
        directory._holders[Role(role), team_id or unit_id].add(staff_id)
        if unit_id is not None:
            directory._shut_out.add((staff_id, unit_id))
    for recusal in await work.session.scalars(select(Recusal)):
        if recusal.in_force:
            directory._shut_out.add((recusal.staff_id, recusal.unit_id))
    return directory
