"""Where a complaint goes, rule by rule."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.desk import DeskKind
from models.states import CASE, Actor, CaseState
from services.directory import NamedPlace
from services.intake.route import DIRECTOR, OFFICE, Destination, Scene, route, teams_named

TEAM = Destination("team:T1", "T1", "assign")
LEADER = Destination("team_leader:T1", "T1", "restrict")


@pytest.mark.parametrize(
    ("scene", "destination"),
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
        (Scene("T1", concerns_team=True, concerns_head=True), DIRECTOR),
        (Scene("T1", leader_may_see=False), TEAM),
        (Scene("T1", leader_may_see=False, anybody_may_see=False), DIRECTOR),
    ],
    ids=str,
)
def test_each_rule_leads_to_its_desk(scene: Scene, destination: Destination) -> None:
    assert route(scene) == destination


scenes = st.builds(
    Scene,
    st.sampled_from(["T1", None]),
    names_another_team=st.booleans(),
    concerns_head=st.booleans(),
    concerns_team=st.booleans(),
    advertisement=st.booleans(),
    hazard=st.booleans(),
    leader_may_see=st.booleans(),
    anybody_may_see=st.booleans(),
)


@given(scenes)
def test_what_concerns_the_team_never_lies_where_the_team_sees_it(scene: Scene) -> None:
    if scene.concerns_team:
        assert route(scene).desk.team_id != "T1"


@given(scenes)
def test_what_concerns_the_head_never_lies_where_a_whole_team_sees_it(scene: Scene) -> None:
    if scene.concerns_head:
        assert route(scene).desk.kind != DeskKind.TEAM


@given(scenes)
def test_the_first_action_is_one_the_state_machine_knows(scene: Scene) -> None:
    CASE.step(CaseState.RECEIVED, route(scene).first_action, {Actor.SYSTEM})


PLACES = (NamedPlace(("枫汊乡",), "T3"), NamedPlace(("桥头岭村", "桥头岭"), "T1"), NamedPlace(("无人村",), None))


def test_a_text_names_the_teams_of_its_places() -> None:
    assert teams_named(["桥头岭的桥", "枫汊乡也有一座"], PLACES) == {"T1", "T3"}


def test_a_text_without_places_names_no_team() -> None:
    assert teams_named(["路灯不亮", "无人村"], PLACES) == frozenset()
