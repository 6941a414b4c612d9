"""Who is what at an item or a case once the leading group has to do with it.

What lies before one pair of eyes is laid before nobody else: there its holder decides in the leading group's place.
"""

from models.complaints import Case
from models.desk import DeskKind
from models.rectification import RectificationItem
from models.staff import LEADING_GROUP_ROLES
from models.states import Actor
from services.access.member import Member
from services.cases.actions import directs

_NONE: frozenset[Actor] = frozenset()
_LEADING_GROUP = frozenset({Actor.LEADING_GROUP})


def is_before_group(who: Member, item: RectificationItem) -> bool:
    """Whether somebody of the leading group may be told of an item."""
    return who.has(*LEADING_GROUP_ROLES) and item.desk is None and not who.is_shut_out_of_item(item)


def actors_at_item(who: Member, item: RectificationItem) -> frozenset[Actor]:
    """Return what somebody is at an item, the leading group included."""
    found = who.actors_at_item(item)
    stands_in = item.desk is not None and Actor.OFFICE_DIRECTOR in found
    return found | (_LEADING_GROUP if is_before_group(who, item) or stands_in else _NONE)


def is_case_before_group(who: Member, case: Case) -> bool:
    """Whether somebody of the leading group may be told of a case that was put before it."""
    is_on_a_desk_of_several = case.desk.kind in (DeskKind.TEAM, DeskKind.OFFICE) and case.held_until is None
    return is_on_a_desk_of_several and who.has(*LEADING_GROUP_ROLES) and not who.is_shut_out(case)


def actors_at_case(who: Member, case: Case) -> frozenset[Actor]:
    """Return what somebody is at a case, the leading group included, and the director who only knows of it."""
    found = who.actors_at(case)
    if directs(who, case):
        found |= {Actor.OFFICE_DIRECTOR}
    return found | (_LEADING_GROUP if is_case_before_group(who, case) else _NONE)
