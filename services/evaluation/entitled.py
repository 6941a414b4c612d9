"""Who counts which items, who grades, and who sees what of a report card."""

from enum import Enum

from sqlalchemy import ColumnElement, and_, false, not_, or_, true

from models.evaluation import ReportCard, RoundEvaluation
from models.rectification import RectificationItem
from models.staff import LEADING_GROUP_ROLES, TEAM_ROLES, UNIT_ROLES, Role
from models.states import Actor, EvaluationState, ItemState
from services.access.member import Member
from services.directory import Directory, Person
from services.rectification.copies import copied_to_reader
from services.rectification.list_items import kept_from

_ROLES = {Role.OFFICE_STAFF: Actor.OFFICE_STAFF, Role.OFFICE_DIRECTOR: Actor.OFFICE_DIRECTOR}
LEADERS = (*LEADING_GROUP_ROLES, Role.COUNTY_LEADER)
CONFIRMED = frozenset({EvaluationState.CONFIRMED, EvaluationState.RELEASED})

# What is counted at all: what was issued. What lies on a desk for one pair of eyes counts in nothing that others read.
IS_ISSUED: ColumnElement[bool] = RectificationItem.state != ItemState.DRAFT
COUNTED: tuple[ColumnElement[bool], ...] = (IS_ISSUED, RectificationItem.desk.is_(None))


class CardView(Enum):
    """What somebody sees of a unit's report card.

    Whoever reads an order that lies on a desk for one pair of eyes has it counted in what they see; by its absence they
    would know where it lies. They see no points: these would not add up to the grade, which is one for all.
    """

    WHOLE = "whole"  # with what its complaints are about
    WITHOUT_POINTS = "without_points"  # a county leader's who is of the leading group, too
    NO_TOPICS = "no_topics"
    LEADER = "leader"  # a county leader's: no topics, and no points
    OWN = "own"  # the unit's: as the leader's, and its place only if that was released

    @property
    def has_topics(self) -> bool:
        return self in (CardView.WHOLE, CardView.WITHOUT_POINTS)

    @property
    def has_points(self) -> bool:
        return self in (CardView.WHOLE, CardView.NO_TOPICS)


def actors_of(who: Person) -> frozenset[Actor]:
    """Return what somebody is at the grades of a round."""
    return frozenset(actor for role, actor in _ROLES.items() if who.has(role))


def oversees(who: Person) -> bool:
    """Whether somebody sees how all units rectify: the office, the leading group."""
    return who.is_office or who.has(*LEADING_GROUP_ROLES)


def has_to_do_with_grades(who: Person) -> bool:
    """Whether there can be grades that somebody sees."""
    return oversees(who) or who.has(Role.COUNTY_LEADER, *TEAM_ROLES, *UNIT_ROLES)


def counted_for(who: Member) -> ColumnElement[bool]:
    """Return which items are counted for somebody: all for who oversees them, else those that are theirs.

    A unit and its county leader read an order whatever desk it lies on: one that was missing from their own count would
    tell them that a complaint about the head is behind it.
    """
    item = RectificationItem
    own = item.unit_id.in_(who.units(*UNIT_ROLES))
    others = or_(
        item.county_leader_id == who.id,
        and_(
            item.desk.is_(None),
            or_(true() if oversees(who) else false(), item.team_id.in_(who.teams(*TEAM_ROLES))),
        ),
    )
    return and_(IS_ISSUED, or_(own, and_(others, not_(kept_from(who)))))


def knows_of(who: Member, card: ReportCard) -> bool:
    """Whether somebody else than the unit may know that it has a report card.

    To who reads none of its items, a unit all of whose items lie on desks for one pair of eyes is one without items.
    """
    if card.unit_id in who.shut_out_of:
        return False
    return not card.is_apart or not card.items_led_by(who.id) <= who.shut_out_of_items


def counted_in_copies_for(who: Member) -> ColumnElement[bool]:
    """Return which items are counted for somebody of a department: those that are copied to it, and that they read."""
    return and_(IS_ISSUED, copied_to_reader(who))


def view_of(known: Directory, who: Member, evaluation: RoundEvaluation, card: ReportCard) -> CardView | None:
    """Return what somebody sees of a report card; None: not even that it is there.

    The office sees it once it is computed, leaders once it is confirmed, the unit once it is released. Nobody sees
    the card of a unit that is none of their business, but the unit its own.
    """
    if card.unit_id in who.units(*UNIT_ROLES):
        return CardView.OWN if evaluation.state is EvaluationState.RELEASED else None
    if not knows_of(who, card):
        return None
    is_confirmed = evaluation.state in CONFIRMED
    if who.is_office or (is_confirmed and who.has(*LEADING_GROUP_ROLES)):
        return CardView.WITHOUT_POINTS if who.has(Role.COUNTY_LEADER) else CardView.WHOLE
    if not is_confirmed:
        return None
    if who.has(Role.COUNTY_LEADER):
        return CardView.LEADER
    team_id = known.assignments.get(evaluation.round_id, {}).get(card.unit_id)
    is_team = team_id is not None and team_id in who.teams(*TEAM_ROLES)
    return CardView.NO_TOPICS if is_team else None
