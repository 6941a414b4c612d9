"""The state machines: what is printed of them, and what the tables of actions make of them."""

import ast
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from bot.__main__ import main
from bot.cli.states import staff_actions
from handlers.actions import Action
from handlers.cases import card as case_card
from handlers.cases.actions import ACTIONS as CASE_ACTIONS
from handlers.cases.special_briefs import ACTIONS as SPECIAL_BRIEF_ACTIONS
from handlers.docket.accountability import ACTIONS as ACCOUNTABILITY_ACTIONS
from handlers.docket.entries import ACTIONS as DOCKET_ACTIONS
from handlers.docket.tasks import ACTIONS as TASK_ACTIONS
from handlers.items import card as item_card
from handlers.items.actions import ACTIONS as ITEM_ACTIONS
from handlers.publication.actions import ACTIONS as PUBLICATION_ACTIONS
from handlers.publication.objections import ACTIONS as OBJECTION_ACTIONS
from handlers.talks.bulletins import ACTIONS as BULLETIN_ACTIONS
from handlers.talks.talks import ACTIONS as TALK_ACTIONS
from models.complaints import THANKS, Case
from models.desk import DIRECTOR_DESK, OFFICE_DESK, Desk
from models.dismissal import Dismissal, DismissalReason
from models.rectification import RectificationItem
from models.staff import Role
from models.states import (
    ACCOUNTABILITY,
    BULLETIN,
    CASE,
    CLOSED_CASES,
    DOCKET,
    ITEM,
    MACHINES,
    PUBLICATION,
    SPECIAL_BRIEF,
    TALK,
    TASK,
    Actor,
    CaseState,
    ItemState,
    Machine,
)
from models.urgency import Urgency
from services.access.member import Member
from services.directory import RoleAt

REPOSITORY = Path(__file__).parents[2]
PAGE = REPOSITORY / "docs" / "states.md"

NOBODY_CAN_YET: dict[str, set[str]] = {
    "case": set(),
    "rectification_item": set(),
    "item_paper": set(),
    "self_report": set(),
    "round": set(),
    "publication": set(),
    "evaluation": set(),
    "transfer": set(),
    "request": set(),
    "special_brief": set(),
    "revisit": set(),
    "visit": set(),
    "self_check": set(),
    "draft_comment": set(),
    "feedback": set(),
    "pattern": set(),
    "letter": set(),
    "talk": set(),
    "bulletin": set(),
    "docket": set(),
    "task": set(),
    "accountability": set(),
}

AFTER_A_PROPOSAL = {"dismiss", "undo_dismissal"}
OF_THANKS_ALONE = {"take_as_thanks"}

PEOPLE = {
    "member": RoleAt(Role.TEAM_MEMBER, team_id="T1"),
    "leader": RoleAt(Role.TEAM_LEADER, team_id="T1"),
    "member of another team": RoleAt(Role.TEAM_MEMBER, team_id="T2"),
    "office": RoleAt(Role.OFFICE_STAFF),
    "director": RoleAt(Role.OFFICE_DIRECTOR),
    "head": RoleAt(Role.UNIT_HEAD, unit_id="U1"),
    "liaison": RoleAt(Role.LIAISON, unit_id="U1"),
    "county leader": RoleAt(Role.COUNTY_LEADER),
}
_TEAM = {"member": {Actor.TEAM_MEMBER}, "leader": {Actor.TEAM_LEADER, Actor.TEAM_MEMBER}}

# What the people above are at a case on a desk of team T1 or of the office; whoever is left out sees nothing of it.
AT_CASE = {
    Desk.team("T1"): _TEAM,
    Desk.leader("T1"): {"leader": _TEAM["leader"]},
    OFFICE_DESK: {"office": {Actor.OFFICE_STAFF}, "director": {Actor.OFFICE_DIRECTOR}},
    DIRECTOR_DESK: {"director": {Actor.OFFICE_DIRECTOR, Actor.TEAM_LEADER, Actor.TEAM_MEMBER}},
}
# What a team has left behind, the office works on as a team does.
AT_OFFICE_ONCE_TEAMS_HAVE_LEFT = {
    "office": {Actor.OFFICE_STAFF, Actor.TEAM_MEMBER},
    "director": {Actor.OFFICE_DIRECTOR, Actor.TEAM_LEADER, Actor.TEAM_MEMBER},
}
# And at an item of unit U1, reviewed by team T1, in the field of the county leader.
AT_ITEM = {
    **_TEAM,
    "office": {Actor.OFFICE_STAFF},
    "director": {Actor.OFFICE_DIRECTOR},
    "head": {Actor.UNIT_HEAD},
    "liaison": {Actor.LIAISON},
    "county leader": {Actor.COUNTY_LEADER},
}


def printed() -> str:
    result = CliRunner().invoke(main, ["states"])
    assert result.exit_code == 0
    return result.output


def person(name: str) -> Member:
    held = PEOPLE[name]
    return Member(name, name, "zh_Hans", (held,), frozenset({held.unit_id} if held.unit_id else ()))


def a_case(desk: Desk, state: CaseState) -> Case:
    is_open = state not in CLOSED_CASES
    return Case(
        id="12345678", desk=desk, team_id="T1", unit_id="U1", state=state, is_open=is_open, urgency=Urgency.NORMAL
    )


def at_case(desk: Desk, state: CaseState) -> dict[str, set[Actor]]:
    """Return what the people above are at a case that lies on a desk in a state."""
    if desk == OFFICE_DESK and state != CaseState.PENDING_ASSIGN:
        return AT_OFFICE_ONCE_TEAMS_HAVE_LEFT
    return AT_CASE[desk]


def transitions_on(actions: list[Action]) -> list[str]:
    return [action.transition for action in actions if action.transition]


def a_dismissal(state: CaseState) -> Dismissal:
    """Return a dismissal that the office director decides on; in a dismissed case it is decided."""
    before = CaseState.ASSIGNED if state == CaseState.INVALID else None
    return Dismissal("member", DismissalReason.EMPTY, Actor.OFFICE_DIRECTOR, before=before)


def allowed(machine: Machine[Any], table: tuple[Action, ...], state: str, actors: set[Actor]) -> list[str]:
    """Return the transitions that the rows with a button follow and somebody may do in a state.

    Those that only follow a proposal, and those of thanks, are left out.
    """
    may = {arrow.action for arrow in machine.transitions if state in arrow.sources and not actors.isdisjoint(arrow.by)}
    return [row.transition for row in table if row.label and row.transition in may - AFTER_A_PROPOSAL - OF_THANKS_ALONE]


def test_every_machine_is_printed_with_every_arrow() -> None:
    output = printed()
    for machine in MACHINES:
        for arrow in machine.transitions:
            for source in arrow.sources:
                assert f"{source} --> {arrow.target}: {arrow.action}" in output


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.name)
def test_what_nobody_can_do_in_this_version_is_printed_as_not_yet(machine: Machine[Any]) -> None:
    lines = machine.mermaid(staff_actions()[machine.name]).splitlines()
    assert {line.partition(" (")[0].strip() for line in lines if "not yet" in line} == NOBODY_CAN_YET[machine.name]


def test_the_page_about_states_shows_what_is_printed() -> None:
    assert printed() in PAGE.read_text(encoding="utf-8"), "run `xunsheng states` and paste it into docs/states.md"


def test_printing_states_needs_no_settings() -> None:
    result = CliRunner().invoke(main, ["--config", "missing.toml", "states"])
    assert result.exit_code == 0


TABLES = {
    "case": (CASE, CASE_ACTIONS),
    "item": (ITEM, ITEM_ACTIONS),
    "objection": (ITEM, OBJECTION_ACTIONS),
    "publication": (PUBLICATION, PUBLICATION_ACTIONS),
    "brief": (SPECIAL_BRIEF, SPECIAL_BRIEF_ACTIONS),
    "talk": (TALK, TALK_ACTIONS),
    "bulletin": (BULLETIN, BULLETIN_ACTIONS),
    "docket": (DOCKET, DOCKET_ACTIONS),
    "task": (TASK, TASK_ACTIONS),
    "accountability": (ACCOUNTABILITY, ACCOUNTABILITY_ACTIONS),
}


@pytest.mark.parametrize(("machine", "table"), TABLES.values(), ids=TABLES)
def test_every_transition_in_a_table_of_actions_is_an_arrow(machine: Machine[Any], table: tuple[Action, ...]) -> None:
    arrows = {arrow.action for arrow in machine.transitions}
    assert {row.transition for row in table if row.transition} <= arrows


def test_what_a_reporter_or_the_system_may_do_is_done_by_a_service() -> None:
    named = {
        node.value
        for module in (REPOSITORY / "services").rglob("*.py")
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant)
    }
    by_services = {
        arrow.action
        for machine in MACHINES
        for arrow in machine.transitions
        if {Actor.REPORTER, Actor.SYSTEM}.intersection(arrow.by)
    }
    assert by_services <= named


@pytest.mark.parametrize("desk", AT_CASE)
@pytest.mark.parametrize("name", PEOPLE)
def test_a_card_of_a_case_has_the_buttons_of_the_transitions_that_are_theirs(name: str, desk: Desk) -> None:
    for state in CaseState:
        shown = transitions_on(case_card.offered(person(name), a_case(desk, state)))
        assert shown == allowed(CASE, CASE_ACTIONS, state, at_case(desk, state).get(name, set())), state


@pytest.mark.parametrize(("name", "state"), list(product(PEOPLE, ItemState)))
def test_a_card_of_an_item_has_the_buttons_of_the_transitions_that_are_theirs(name: str, state: ItemState) -> None:
    item = RectificationItem(id="RI000001", unit_id="U1", team_id="T1", state=state, county_leader_id="county leader")
    shown = transitions_on(item_card.offered(person(name), item))
    assert shown == allowed(ITEM, ITEM_ACTIONS, state, AT_ITEM.get(name, set()))


def test_every_transition_with_a_button_is_on_somebodys_card() -> None:
    shown = {
        transition
        for desk, name, state in product(AT_CASE, PEOPLE, CaseState)
        for transition in transitions_on(case_card.offered(person(name), a_case(desk, state)))
    }
    conditional = AFTER_A_PROPOSAL | OF_THANKS_ALONE
    assert shown == {row.transition for row in CASE_ACTIONS if row.label and row.transition} - conditional


def test_thanks_alone_are_taken_as_thanks() -> None:
    who = person("member")
    for category, offered in ((THANKS, True), ("road", False)):
        case = a_case(Desk.team("T1"), CaseState.ASSIGNED)
        case.category = category
        assert ("take_as_thanks" in transitions_on(case_card.offered(who, case))) is offered


def test_a_dismissal_is_decided_and_undone_by_whom_it_names_and_only_where_one_was_proposed() -> None:
    shown = set()
    for name, state in product(PEOPLE, CaseState):
        case = a_case(Desk.team("T1"), state)
        assert AFTER_A_PROPOSAL.isdisjoint(transitions_on(case_card.offered(person(name), case)))
        case.proposal = a_dismissal(state).record()
        after = AFTER_A_PROPOSAL.intersection(transitions_on(case_card.offered(person(name), case)))
        shown |= {(name, transition) for transition in after}
    assert shown == {("director", "dismiss"), ("director", "undo_dismissal"), ("leader", "undo_dismissal")}
