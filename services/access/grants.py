"""What grants show to whom: cases on the desk of a team alone, and never of what somebody is shut out of.

What lies before a leader or the director alone is granted to nobody. Nothing that is granted is theirs to act on.
"""

from collections import defaultdict
from collections.abc import Callable

from sqlalchemy import ColumnElement, and_, false, or_

from models.complaints import Case
from models.desk import Desk
from models.rectification import RectificationItem
from models.staff import Role
from services.directory import GrantAt, Person

# Of each role whether what was said in a case is shown, masked, and without files and notes. A card is shown to all.
READS_TEXTS = {
    Role.EXPERT: True,
    Role.OBSERVER: False,
    Role.TOWNSHIP_OFFICE: False,
    Role.MICRO_TEAM: True,
    Role.TEAM_MEMBER: True,  # of another team, with which a case is shared
}
# And what a case must be about. On a row and as a condition it is the same.
_COVERED_BY: dict[Role, Callable[[type[Case] | Case], object]] = {
    Role.EXPERT: lambda case: case.id,
    Role.OBSERVER: lambda case: case.category,
    Role.TOWNSHIP_OFFICE: lambda case: case.unit_id,
    Role.MICRO_TEAM: lambda case: case.village_id,
    Role.TEAM_MEMBER: lambda case: case.id,
}


def covering(who: Person, case: Case) -> list[GrantAt]:
    """Return which of somebody's grants cover a case, whether they are shut out of it or not."""
    return [
        one
        for one in who.grants
        if case.desk == Desk.team(one.team_id) and _COVERED_BY[one.role](case) == one.subject_id
    ]


def granted_by_desk(who: Person) -> dict[Desk, ColumnElement[bool]]:
    """Return what `covering` says, as a condition on the cases of each desk."""
    found: dict[Desk, list[ColumnElement[bool]]] = defaultdict(list)
    for one in who.grants:
        found[Desk.team(one.team_id)].append(_COVERED_BY[one.role](Case) == one.subject_id)  # type: ignore[arg-type]
    return {desk: or_(*conditions) for desk, conditions in found.items()}


def granted_items(who: Person, item: RectificationItem) -> bool:
    """Whether somebody is shown a rectification item by a grant: of their township, and of the team that granted it.

    Its desk is asked before.
    """
    return (item.unit_id, item.team_id) in _townships(who)


def granted_items_condition(who: Person) -> ColumnElement[bool]:
    """Return what `granted_items` says, as a condition."""
    item = RectificationItem
    return or_(false(), *(and_(item.unit_id == unit, item.team_id == team) for unit, team in _townships(who)))


def _townships(who: Person) -> list[tuple[str, str]]:
    """Return the units of which somebody is shown what a team has, each with the team."""
    return [(one.subject_id, one.team_id) for one in who.grants if one.role is Role.TOWNSHIP_OFFICE]
