"""Who may press what on a case, in which state.

Of an arrow of the state machine it follows from the machine and from who sits at a desk, which is written by hand here.
What leaves a case in its state is written by hand, a line for each action.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from handlers.actions import Action
from handlers.cases.actions import ACTIONS
from models.desk import DIRECTOR_DESK, OFFICE_DESK, Desk, DeskKind
from models.staff import GRANTED_ROLES, Role
from models.states import CASE, CLOSED_CASES, Actor, CaseState

S = CaseState

# The sample's people around team T1 and unit U1.
PEOPLE = {
    "member": "P06",
    "colleague": "P07",
    "leader": "P05",
    "office": "P04",
    "director": "P03",
    "leading_group_head": "P01",
    "leading_group_member": "P02",
    "other_teams_leader": "P08",
    "other_teams_member": "P10",
    "unit_head": "P14",
    "liaison": "P20",
    "county_leader": "P25",
    "departments_contact": "P32",
    "department_head": "P39",
}

# Nobody in the sample has these roles. Whoever has one alone sees what they are granted, here nothing, and no case.
SEEING_NO_CASE = {f"X-{role}": role for role in (*GRANTED_ROLES, Role.RESIDENT_CADRE)}
PEOPLE |= {role: staff_id for staff_id, role in SEEING_NO_CASE.items()}

_MEMBER = frozenset({Actor.TEAM_MEMBER})
_LEADER = frozenset({Actor.TEAM_MEMBER, Actor.TEAM_LEADER})
_SEATS = {
    DeskKind.TEAM: {"member": _MEMBER, "colleague": _MEMBER, "leader": _LEADER},
    DeskKind.LEADER: {"leader": _LEADER},
    DeskKind.DIRECTOR: {"director": _LEADER | {Actor.OFFICE_DIRECTOR}},
    # What a team has left behind, the office works on as a team does.
    DeskKind.OFFICE: {
        "office": _MEMBER | {Actor.OFFICE_STAFF},
        "director": _LEADER | {Actor.OFFICE_DIRECTOR},
    },
}
_SEATS_WHILE_IT_WAITS_FOR_A_TEAM = {
    "office": frozenset({Actor.OFFICE_STAFF}),
    "director": frozenset({Actor.OFFICE_DIRECTOR}),
}


class Twist(StrEnum):
    """What is particular about a case."""

    NOTHING = "nothing"
    REFUSAL_PROPOSED = "refusal_proposed"
    DISMISSAL_PROPOSED = "dismissal_proposed"  # by its owner
    DISMISSED = "dismissed"  # as its owner proposed
    THANKS = "thanks"
    ABOUT_HEAD = "about_head"  # of the unit
    CRISIS = "crisis"  # nobody has said yet that they are on it


@dataclass(frozen=True)
class Scene:
    """A case before somebody presses: where it lies, in which state, whose it is."""

    state: CaseState
    desk: Desk
    owner: str | None = None  # a name of PEOPLE
    twist: Twist = Twist.NOTHING

    def __str__(self) -> str:
        parts = [self.state, str(self.desk).replace(":", "-"), self.owner or "free", self.twist]
        return " ".join(part for part in parts if part != Twist.NOTHING)

    @property
    def is_open(self) -> bool:
        return self.state not in CLOSED_CASES


_TEAM, _LEADERS = Desk.team("T1"), Desk.leader("T1")


def scenes() -> Iterator[Scene]:
    """Return every state where it occurs: nobody's, and as long as it is open somebody's."""
    for state in CaseState:
        if state == S.PENDING_ASSIGN:
            places = {OFFICE_DESK: "office"}
        elif state == S.RESTRICTED:
            places = {_LEADERS: "leader", DIRECTOR_DESK: "director"}
        elif state in CLOSED_CASES | {S.RECEIVED}:
            places = {_TEAM: "member"}
        else:  # at the office once the team has left
            places = {_TEAM: "member", OFFICE_DESK: "office", DIRECTOR_DESK: "director"}
        for desk, owner in places.items():
            yield Scene(state, desk)
            if state not in CLOSED_CASES:
                yield Scene(state, desk, owner)
    yield Scene(S.ASSIGNED, _TEAM, "member", Twist.REFUSAL_PROPOSED)
    yield Scene(S.ASSIGNED, OFFICE_DESK, "office", Twist.REFUSAL_PROPOSED)
    for desk, owner, state in ((_TEAM, "member", S.ASSIGNED), (OFFICE_DESK, "office", S.PENDING_ASSIGN)):
        yield Scene(state, desk, owner, Twist.DISMISSAL_PROPOSED)
        yield Scene(S.INVALID, desk, owner, Twist.DISMISSED)
    yield Scene(S.ASSIGNED, _TEAM, None, Twist.THANKS)
    yield Scene(S.ASSIGNED, _TEAM, None, Twist.CRISIS)
    yield Scene(S.RESTRICTED, _LEADERS, "leader", Twist.ABOUT_HEAD)


@dataclass(frozen=True)
class Sight:
    """Somebody before such a case."""

    role: str
    scene: Scene

    @cached_property
    def seat(self) -> frozenset[Actor]:
        """What they are at its desk; nothing: they may not know of it."""
        waits_for_team = self.scene.desk == OFFICE_DESK and self.scene.state == S.PENDING_ASSIGN
        seats = _SEATS_WHILE_IT_WAITS_FOR_A_TEAM if waits_for_team else _SEATS[self.scene.desk.kind]
        return seats.get(self.role, frozenset())

    @property
    def is_open(self) -> bool:
        return self.scene.is_open and bool(self.seat)

    @property
    def owns(self) -> bool:
        return self.scene.owner == self.role

    @property
    def leads(self) -> bool:
        at_office = self.scene.desk == OFFICE_DESK and Actor.OFFICE_DIRECTOR in self.seat
        return Actor.TEAM_LEADER in self.seat or at_office

    @cached_property
    def acts_as(self) -> frozenset[Actor]:
        """What they may act as: what somebody else has claimed is theirs to work on, and their leader's."""
        if not self.scene.is_open or self.scene.owner in (None, self.role):
            return self.seat
        return self.seat if self.leads else self.seat - {Actor.TEAM_MEMBER, Actor.OFFICE_STAFF}


NEW = {S.ASSIGNED, S.RESTRICTED}
_HANDLED = {S.ACCEPTED, S.VERIFYING, S.FIXING, S.TRANSFERRED, S.REOPENED}
_SORTABLE = {*NEW, S.PENDING_ASSIGN, S.NEED_INFO, S.ACCEPTED, S.VERIFYING, S.REOPENED}
_JOINABLE = {*NEW, S.NEED_INFO, S.ACCEPTED, S.VERIFYING, S.FIXING, S.TRANSFERRED, S.REOPENED}
_FOUND_TRUE = {S.VERIFYING, S.FIXING, S.TRANSFERRED, S.ANSWERED, S.CLOSED}
_DISMISSIBLE = {*NEW, S.PENDING_ASSIGN}
_DECIDER = {DeskKind.TEAM: "leader", DeskKind.OFFICE: "director"}


def _follows(transition: str, sight: Sight) -> bool:
    """Whether somebody may follow an arrow of the state machine now."""
    return any(
        arrow.action == transition and sight.scene.state in arrow.sources and not sight.acts_as.isdisjoint(arrow.by)
        for arrow in CASE.transitions
    )


def _decides(sight: Sight) -> bool:
    waits = sight.scene.twist is Twist.DISMISSAL_PROPOSED
    return waits and sight.role == _DECIDER[sight.scene.desk.kind] and not sight.owns


# What the state machine does not say: of what leaves a case in its state, and of the arrows that need more than a seat.
RULES: dict[str, Callable[[Sight], bool]] = {
    "open": lambda sight: bool(sight.seat),
    "note": lambda sight: sight.is_open,
    "respond": lambda sight: sight.is_open and sight.scene.twist is Twist.CRISIS,
    "claim": lambda sight: sight.is_open and sight.scene.owner is None and sight.scene.twist is not Twist.CRISIS,
    "take_over": lambda sight: sight.is_open and sight.leads and sight.scene.owner not in (None, sight.role),
    "give": lambda sight: sight.is_open and (sight.leads or sight.owns) and not sight.scene.desk.is_for_one,
    "give_back": lambda sight: sight.is_open and sight.owns and not sight.scene.desk.is_for_one,
    "confirm_refusal": lambda sight: sight.leads and sight.scene.twist is Twist.REFUSAL_PROPOSED,
    "decline_refusal": lambda sight: sight.leads and sight.scene.twist is Twist.REFUSAL_PROPOSED,
    "take_as_thanks": lambda sight: sight.scene.twist is Twist.THANKS and _follows("take_as_thanks", sight),
    "propose_refusal": lambda sight: (
        sight.scene.state in NEW
        and sight.scene.twist is not Twist.REFUSAL_PROPOSED
        and Actor.TEAM_MEMBER in sight.acts_as
        and not sight.leads
    ),
    "keep_as_hint": lambda sight: (
        sight.scene.twist not in (Twist.THANKS, Twist.CRISIS) and _follows("keep_as_hint", sight)
    ),
    "share": lambda sight: sight.is_open and sight.leads and sight.scene.desk.kind is DeskKind.TEAM,
    "escalate": lambda sight: sight.is_open and sight.leads and not sight.scene.desk.is_for_one,
    "put_before_group": lambda sight: (
        sight.scene.is_open and _leads_or_directs(sight) and not sight.scene.desk.is_for_one
    ),
    "account": lambda sight: (sight.scene.is_open or sight.scene.state == S.CLOSED) and _leads_or_directs(sight),
    # Who knows of a case decides, and nobody who has it.
    "level_up": lambda sight: (
        sight.scene.is_open and sight.scene.desk.kind is DeskKind.TEAM and sight.role == "director"
    ),
    "request_data": lambda sight: sight.is_open and Actor.TEAM_MEMBER in sight.acts_as,
    "set_impact": lambda sight: sight.is_open and Actor.TEAM_MEMBER in sight.acts_as,
    "plan_visit": lambda sight: sight.is_open and Actor.TEAM_MEMBER in sight.acts_as,
    # Whoever is shown a case as a township's office: tests/integration/rectification/test_requests.py
    "call_to_case": lambda _sight: False,
    # Nobody gives time to themselves, except where a case lies before them alone.
    "extend": lambda sight: (
        sight.scene.state in _HANDLED and sight.leads and (not sight.owns or sight.scene.desk.is_for_one)
    ),
    "ask_extension": lambda sight: sight.scene.state in _HANDLED and sight.owns and not sight.scene.desk.is_for_one,
    # Of what waits to be decided: tests/integration/cases/test_extending.py
    "grant_extension": lambda _sight: False,
    "decline_extension": lambda _sight: False,
    "fast_track": lambda sight: sight.scene.state in _HANDLED | _DISMISSIBLE and sight.leads,
    "mark_as_named": lambda sight: (
        sight.scene.state in _HANDLED | _DISMISSIBLE and bool(sight.seat) and (sight.leads or sight.owns)
    ),
    "set_unit": lambda sight: sight.scene.state in _SORTABLE and _may_sort(sight),
    "set_category": lambda sight: sight.scene.state in _SORTABLE and _may_sort(sight),
    "list_as_item": lambda sight: (
        sight.scene.state in _FOUND_TRUE and sight.scene.twist is not Twist.THANKS and Actor.TEAM_LEADER in sight.seat
    ),
    "split": lambda sight: sight.scene.state in _SORTABLE and bool(sight.seat) and (sight.leads or sight.owns),
    "compare_with": lambda sight: (
        sight.scene.state in _JOINABLE and sight.scene.twist is not Twist.THANKS and Actor.TEAM_MEMBER in sight.acts_as
    ),
    "summarise": lambda sight: sight.scene.twist is Twist.ABOUT_HEAD and bool(sight.seat),
    "head_file": lambda sight: sight.scene.twist is Twist.ABOUT_HEAD and bool(sight.seat),
    "propose_dismissal": lambda sight: (
        sight.scene.state in _DISMISSIBLE and sight.owns and sight.scene.twist is not Twist.DISMISSAL_PROPOSED
    ),
    "dismiss": _decides,
    "decline_dismissal": _decides,
    "undo_dismissal": lambda sight: sight.scene.twist is Twist.DISMISSED and sight.leads,
}


def _leads_or_directs(sight: Sight) -> bool:
    return sight.leads or (sight.role == "director" and not sight.scene.desk.is_for_one)


def _may_sort(sight: Sight) -> bool:
    return sight.leads or (sight.scene.desk == OFFICE_DESK and Actor.OFFICE_STAFF in sight.acts_as)


# Of these one press does what another one does, where that one is offered instead.
SAME_DEED = ({"claim", "respond", "take_over"}, {"not_accept", "propose_refusal"})
# What these need is in no scene: a grant, time that is asked for, another case.
IN_NO_SCENE = {"call_to_case", "grant_extension", "decline_extension", "compare_with"}
# Without a button of their own on a card.
ELSEWHERE = {
    "unmask": "offered beside the text: tests/integration/cases/test_masking.py",
    "end_visit": "offered where one is planned: tests/integration/cases/test_tasks.py",
    "similar": "offered where there is a case like it: tests/integration/cases/test_merging.py",
    "compare": "of that list",
    "merge": "of that comparison",
    "more": "unfolds a card with many: tests/integration/cases/test_in_chat.py",
    "card": "leads back from a menu, and shows what is left of a card to whoever may see no more",
}


def buttons() -> list[Action]:
    """Return the actions with a button on the card of a case."""
    return [action for action in ACTIONS if action.label is not None]


def expected(role: str, scene: Scene) -> set[str]:
    """Return the actions that somebody may do with a case. Raises LookupError for one of which nothing is written."""
    sight = Sight(role, scene)
    return {action.name for action in buttons() if _rule_of(action)(sight)}


def _rule_of(action: Action) -> Callable[[Sight], bool]:
    if action.name in RULES:
        return RULES[action.name]
    if action.transition is None:
        raise LookupError(f"Nothing says who may press '{action.name}': write a line of RULES in {__file__}.")
    transition = action.transition
    return lambda sight: _follows(transition, sight)
