"""Where a complaint goes, rule by rule."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.desk import DeskKind
from models.states import CASE, Actor, CaseState
from services.intake.route import Scene, route

TEAM, LEADER, OFFICE, DIRECTOR = "team:T1", "team_leader:T1", "office", "office_director"


@pytest.mark.parametrize(
    ("scene", "desk"),
    [
        (Scene("T1"), TEAM),
        (Scene(None), OFFICE),
        (Scene("T1", names_another_team=True), OFFICE),
        (Scene("T1", names_another_team=True, hazard=True), TEAM),
        (Scene("T1", advertisement=True), OFFICE),
        (Scene("T1", concerns_head=True), LEADER),
        (Scene("T1", concerns_head=True, leader_may_see=False), DIRECTOR),
        (Scene(None, concerns_head=True), DIRECTOR),
        (Scene("T1", concerns_team=True), DIRECTOR),
        (Scene(None, concerns_team=True), DIRECTOR),
        (Scene("T1", names_leader=True), DIRECTOR),
        (Scene("T1", concerns_team=True, concerns_head=True), DIRECTOR),
        (Scene("T1", leader_may_see=False), TEAM),
        (Scene("T1", leader_may_see=False, anybody_may_see=False), DIRECTOR),
    ],
    ids=str,
)
def test_each_rule_leads_to_its_desk(scene: Scene, desk: str) -> None:
    assert str(route(scene).desk) == desk


scenes = st.builds(
    Scene,
    st.sampled_from(["T1", None]),
    names_another_team=st.booleans(),
    concerns_head=st.booleans(),
    concerns_team=st.booleans(),
    names_leader=st.booleans(),
    advertisement=st.booleans(),
    hazard=st.booleans(),
    leader_may_see=st.booleans(),
    anybody_may_see=st.booleans(),
    office_may_see=st.booleans(),
    director_may_see=st.booleans(),
)


@given(scenes)
def test_what_concerns_the_team_never_lies_where_the_team_sees_it(scene: Scene) -> None:
    if scene.concerns_team or scene.names_leader:
        assert route(scene).desk.team_id != "T1"


@given(scenes)
def test_what_concerns_the_head_never_lies_where_a_whole_team_sees_it(scene: Scene) -> None:
    if scene.concerns_head:
        assert route(scene).desk.kind != DeskKind.TEAM


@given(scenes)
def test_the_first_action_is_one_the_state_machine_knows(scene: Scene) -> None:
    CASE.step(CaseState.RECEIVED, route(scene).first_action, {Actor.SYSTEM})
