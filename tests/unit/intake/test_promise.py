"""Whatever a draft says and whoever is shut out: what is promised is what becomes of it."""

import asyncio
from datetime import date
from types import SimpleNamespace
from typing import Any, cast

from hypothesis import given
from hypothesis import strategies as st

from models.complaints import Case
from models.rounds import PlaceKind
from models.settings import CountySettings
from models.staff import Role
from models.states import RoundState
from models.urgency import Urgency
from services.access.visibility import may_read
from services.directory import Directory, Person, RoleAt, RoundRecord, TeamRecord, UnitRecord
from services.intake.drafts import Draft
from services.intake.place import Place
from services.intake.route import ReadBy, promise, route, scene_of
from services.intake.understanding import (
    NOTHING,
    About,
    AboutFinding,
    PlaceFinding,
    StoredUnderstanding,
    TextKind,
    Understanding,
)
from services.unit_of_work import UnitOfWork

STAFF = {
    "leader": RoleAt(Role.TEAM_LEADER, team_id="T1"),
    "member": RoleAt(Role.TEAM_MEMBER, team_id="T1"),
    "another": RoleAt(Role.TEAM_LEADER, team_id="T2"),
    "director": RoleAt(Role.OFFICE_DIRECTOR),
    "clerk": RoleAt(Role.OFFICE_STAFF),
    "head": RoleAt(Role.UNIT_HEAD, unit_id="U1"),
}


def directory_with(shut_out: frozenset[str]) -> Directory:
    people = {
        one: Person(one, one, "zh_Hans", (role,), frozenset({"U1"} if one in shut_out else ()))
        for one, role in STAFF.items()
    }
    day = date(2026, 11, 20)
    return Directory(
        version=1,
        settings=CountySettings.from_json({}),
        complaint_settings={},
        rectification_settings={},
        categories=(),
        rounds={"R6": RoundRecord("R6", "第六轮", RoundState.STATIONED, day, day, day, {})},
        teams={team: TeamRecord(team, "R6", team, None) for team in ("T1", "T2")},
        units={"U1": UnitRecord("U1", "竹坞镇党委", "township", None)},
        villages={},
        departments={},
        codes={},
        assignments={"R6": {"U1": "T1"}},
        people=people,
        names={},
        addresses={},
    )


def findings(named: frozenset[str], about: frozenset[About]) -> tuple[AboutFinding, ...]:
    by_name = tuple(AboutFinding(About.HEAD if one == "head" else About.STAFF_NAME, (), one) for one in sorted(named))
    return (*by_name, *(AboutFinding(one, ()) for one in sorted(about)))


meanings = st.builds(
    Understanding,
    category=st.sampled_from(["road", "team_conduct"]),
    category_words=st.just(()),
    urgency=st.sampled_from(Urgency),
    urgency_words=st.just(()),
    kind=st.sampled_from(TextKind),
    kind_words=st.just(()),
    about=st.builds(
        findings,
        st.frozensets(st.sampled_from(sorted(STAFF))),
        st.frozensets(st.sampled_from([About.HEAD, About.TEAM])),
    ),
    places=st.sampled_from([(), (PlaceFinding("V1", "T1", ()),), (PlaceFinding("V2", "T2", ()),)]),
    topics=st.just(()),
    traces=st.just(()),
    has_words=st.just(True),
)
places = st.sampled_from(
    [
        Place("R6", PlaceKind.UNIT, "U1", "第六轮", "竹坞镇党委", None, "U1", "T1", "第一组"),
        Place("R6", PlaceKind.ROUND, None, "第六轮"),
    ]
)


@given(
    places,
    meanings,
    st.frozensets(st.sampled_from(sorted(STAFF))),
    st.lists(st.sampled_from(["head", "team"]), max_size=3),
    st.sampled_from([None, "road", "team_conduct"]),
)
def test_what_is_promised_before_sending_is_who_may_read_it_then(
    place: Place, meaning: Understanding, shut_out: frozenset[str], pressed: list[str], category: str | None
) -> None:
    known = directory_with(shut_out)
    draft = Draft("m1", place, category=category).as_understood(StoredUnderstanding("", 1, meaning))
    for name in pressed:
        draft = draft.toggled(name)
    told = promise(known, draft)
    where = route(scene_of(known, draft))
    assert told.read_by == where.read_by

    async def directory() -> Directory:
        return known

    work = cast("UnitOfWork", SimpleNamespace(directory=directory))
    case = Case(id="1", desk=where.desk, team_id=where.team_id, unit_id=place.unit_id)
    readers = {one.id for one in asyncio.run(cast("Any", may_read(work, case, named=draft.meaning.staff_named)))}
    expected = {
        ReadBy.TEAM: {"leader", "member"},
        ReadBy.LEADER: {"leader"},
        ReadBy.OFFICE: {"director", "clerk"},
        ReadBy.DIRECTOR: {"director"},
        ReadBy.NOBODY: set[str](),
    }[told.read_by]
    assert readers <= expected
    assert bool(readers) == (told.read_by != ReadBy.NOBODY)


@given(meanings, st.lists(st.sampled_from(["head", "team"]), max_size=4))
def test_what_somebody_decided_is_not_turned_by_more_of_the_same(meaning: Understanding, pressed: list[str]) -> None:
    draft = Draft("m1", Place("R6", PlaceKind.ROUND, None)).as_understood(StoredUnderstanding("", 1, meaning))
    for name in pressed:
        draft = draft.toggled(name)
    assert draft.as_understood(StoredUnderstanding("again", 1, meaning)).toggles == draft.toggles


def test_nothing_is_turned_on_where_nothing_was_said() -> None:
    draft = Draft("m1", Place("R6", PlaceKind.ROUND, None)).as_understood(StoredUnderstanding("", 1, NOTHING))
    assert not any(draft.toggles.values())
