"""A village goes to a team that is not from there: all that is about it is that team's, until it is put back."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from models.audit import Audited, AuditEntry
from models.clocks import Clock
from models.complaints import Case, Door
from models.desk import DIRECTOR_DESK, OFFICE_DESK, Desk
from models.dismissal import Dismissal, DismissalReason
from models.rectification import RectificationItem
from models.rounds import PlaceKind, Round
from models.staff import Recusal, RecusalState, Role
from models.states import Actor, CaseState, NotEntitled, RoundState
from services.access.member import member
from services.cases.assign import hand_to_team, teams_for
from services.cases.case_log import complaints_of, move
from services.cases.clocks import clocks_of
from services.cases.decide import accept
from services.cases.dialogue import reporter_says
from services.cases.level_up import level_up, other_teams
from services.cases.merge import merge
from services.cases.queues import queue
from services.cases.read_case import hand_over
from services.cases.search import found_page, search
from services.directory import expire_directory
from services.fieldwork.enter import Entry, enter
from services.fieldwork.places import places_to_look_at, places_worked_at
from services.fieldwork.talk_records import count_at, keep_talk, read_talk, talks_at
from services.intake.place import place_of
from services.intake.sort_anew import set_category
from services.intake.visit import judge
from services.people.grants import teams_to_share_with, villages_of_team
from services.people.recusal import units_to_recuse_from
from services.rectification.issue_item import order_fix
from services.rectification.item_drafts import begin_draft, drafts_of
from services.rectification.order import NewItem
from services.rounds.level_up_village import (
    level_up_village,
    put_back_village,
    teams_to_level_up_to,
    villages_to_level_up,
    villages_to_put_back,
)
from services.unit_of_work import UnitOfWork
from tests.conftest import OpenWork
from tests.integration.cases.conftest import counts, lay, queued_for, rendered
from tests.integration.cases.test_level_up import (
    DIRECTOR,
    LEADER,
    MEMBER,
    OTHER_LEADER,
    OTHER_MEMBER,
    SAID,
    asked,
)
from tests.integration.cases.test_transfers import told
from tests.integration.fieldwork.field import key_of
from tests.integration.people.test_grants import given, guests

ROUND, VILLAGE, THEIR_LEADERS_NAME = "R6", "V01", "隋安澜"
LOCALS = (LEADER, MEMBER, "P07")


async def to_second_team(work: UnitOfWork) -> None:
    await level_up_village(work, await member(work.session, DIRECTOR), ROUND, VILLAGE, "T2")


async def added_to(work: UnitOfWork, case: Case, **how: Any) -> None:
    """Let the reporter of a case add something."""
    [complaint] = await complaints_of(work, case)
    await reporter_says(work, complaint, "现在才敢说：是组长的表弟干的。", **how)


async def read_by(work: UnitOfWork, recipient: str, kind: str) -> list[str]:
    """Return what somebody would read of what is queued for them."""
    messages = [await rendered(work, recipient, one) for one in await queued_for(work, recipient, kind)]
    return [message.text for message in messages if message is not None]


async def test_the_team_that_had_a_village_loses_all_it_had_of_it_and_the_other_goes_on(county: OpenWork) -> None:
    async with county() as work:
        await guests(work)
        micro, township = await given(work, Role.MICRO_TEAM, VILLAGE), await given(work, Role.TOWNSHIP_OFFICE, "U1")
        case = await lay(work, SAID, owner_id=MEMBER)
        mine = await member(work.session, MEMBER)
        await accept(work, mine, case.id)
        await hand_over(work, mine, case.id)
        fixed = await lay(work, SAID, state=CaseState.VERIFYING)
        item = await order_fix(
            work, await member(work.session, LEADER), fixed.id, "请清运。", work.today + timedelta(7)
        )
        closed = await lay(work, SAID, state=CaseState.CLOSED)
        head, joined = await lay(work, SAID, village="V02"), await lay(work, "村里也有这事")
        await merge(work, await member(work.session, LEADER), joined.id, head.id)
        held = await lay(work, SAID, held_until=work.now + timedelta(hours=1))
        names_their_leader = await lay(work, f"{SAID}，{THEIR_LEADERS_NAME}也一样")
        elsewhere = await lay(work, SAID, village="V02")
        for_leader = await lay(work, SAID, desk=Desk.leader("T1"), state=CaseState.RESTRICTED)
        before = {clock: one.ends_at for clock, one in (await clocks_of(work, case)).items()}
        counted = (await counts(work, mine)).open_cases
        assert micro.knows_of(case)
        assert township.knows_of(case)

        await to_second_team(work)

        gone = (case, fixed, closed, head, joined, held)
        assert [(one.desk, one.team_id) for one in gone] == [(Desk.team("T2"), "T2")] * len(gone)
        assert (names_their_leader.desk, names_their_leader.team_id) == (DIRECTOR_DESK, None)
        assert (elsewhere.desk, for_leader.desk) == (Desk.team("T1"), Desk.leader("T1"))
        for staff_id in (*LOCALS, micro.id, township.id):
            who = await member(work.session, staff_id)
            assert not [one.id for one in (*gone, names_their_leader) if who.knows_of(one)]
            assert {one.id for one in (await queue(work, who)).cases} <= {elsewhere.id, for_leader.id}
            with pytest.raises(NotEntitled):
                await hand_over(work, who, case.id)
        await search(work, await member(work.session, LEADER), "道路", {})
        found = await found_page(work, await member(work.session, LEADER), 1)
        assert found is not None
        assert {one.id for one in found.cases} == {elsewhere.id, for_leader.id}
        for staff_id in (OTHER_LEADER, OTHER_MEMBER):
            who = await member(work.session, staff_id)
            assert all(who.reads(one) for one in gone if one is not held)
            assert not who.knows_of(for_leader)
            assert (await read_by(work, f"staff:{staff_id}", "village_came")) != []
        assert (case.state, case.owner_id) == (CaseState.ACCEPTED, None)
        after = {clock: one.ends_at for clock, one in (await clocks_of(work, case)).items()}
        assert after[Clock.HANDLING] == before[Clock.HANDLING]
        item = await work.session.get_one(RectificationItem, item.id, populate_existing=True)
        assert (await member(work.session, OTHER_LEADER)).reviews(item)
        assert not (await member(work.session, LEADER)).reviews(item)
        assert not (await member(work.session, township.id)).actors_at_item(item)
        text = await queued_for(work, f"staff:{MEMBER}", "case_text")
        assert [await rendered(work, f"staff:{MEMBER}", one) for one in text] == [None] * len(text)
        assert len(await queued_for(work, f"staff:{micro.id}", "grant_ended")) == 1

        # Who had a case hears which, who leads that the village is gone, and nobody where it went or why.
        [to_owner] = await read_by(work, f"staff:{MEMBER}", "village_gone")
        [to_leader] = await read_by(work, f"staff:{LEADER}", "village_gone")
        assert case.id in to_owner
        assert "上竹坞村" in to_leader
        for message in (to_owner, to_leader):
            assert "第二巡察组" not in message
            assert not [one.id for one in (*gone, names_their_leader) if one is not case and one.id in message]
        assert await queued_for(work, "staff:P07", "village_gone") == []
        assert (await told(work, case))[-1] == ("levelled_up", "")
        assert await told(work, closed) == await told(work, elsewhere) == await told(work, for_leader) == []
        [entry] = await work.session.scalars(select(AuditEntry).where(AuditEntry.action == Audited.VILLAGE_LEVELLED_UP))
        assert (entry.by_id, entry.subject, entry.detail["team"]) == (DIRECTOR, VILLAGE, "T2")
        assert (await counts(work, await member(work.session, OTHER_LEADER))).open_cases == 3
        assert (await counts(work, await member(work.session, MEMBER))).open_cases == counted - 4

        # What its reporter takes up again does not come back to the locals.
        [complaint] = await complaints_of(work, closed)
        assert await judge(work, complaint.id, solved=False)
        assert (closed.desk, closed.state) == (Desk.team("T2"), CaseState.REOPENED)


async def test_what_comes_from_then_on_goes_to_the_other_team_and_by_no_way_to_the_locals(county: OpenWork) -> None:
    async with county() as work:
        key = await key_of(work, VILLAGE)
        talk = await keep_talk(work, await member(work.session, MEMBER), key, "村会计", "三资", "账没入")
        await to_second_team(work)
        known, director = await work.directory(), await member(work.session, DIRECTOR)
        locals_, theirs = await member(work.session, MEMBER), await member(work.session, OTHER_MEMBER)
        assert (await place_of(work, ROUND, PlaceKind.VILLAGE, VILLAGE)).team_id == "T2"
        assert (await place_of(work, ROUND, PlaceKind.VILLAGE, "V02")).team_id == "T1"
        assert (await place_of(work, ROUND, PlaceKind.UNIT, "U1")).team_id == "T1"

        # The work in the field goes along; what the locals noted at the unit stays theirs.
        assert VILLAGE not in {one.id for one in places_worked_at(known, locals_)}
        [place] = [one for one in places_worked_at(known, theirs) if one.id == VILLAGE]
        [unit] = [one for one in places_to_look_at(known, locals_) if one.id == "U1"]
        for refused in (
            enter(work, locals_, Entry(place.key, Door.VISIT, [SAID])),
            read_talk(work, theirs, talk.id),
        ):
            with pytest.raises(NotEntitled):
                await refused
        assert (list(await talks_at(work, place)), await count_at(work, place)) == ([], 0)
        assert await count_at(work, unit) == 1
        other_talk = await keep_talk(work, theirs, place.key, "村会计", "三资", "账没入")
        with pytest.raises(NotEntitled):
            await read_talk(work, locals_, other_talk.id)
        assert VILLAGE in {one.id for one in villages_of_team(known, "T2")}
        assert VILLAGE not in {one.id for one in villages_of_team(known, "T1")}
        assert "U1" in {one.id for one in await units_to_recuse_from(work, theirs)}

        # Who names the township of the village means no other team; who names another village of it does.
        _, case = await enter(work, theirs, Entry(place.key, Door.VISIT, ["竹坞镇党委不管我们村的路"]))
        assert (case.desk, case.team_id) == (Desk.team("T2"), "T2")
        _, other = await enter(work, theirs, Entry(place.key, Door.VISIT, ["桥头岭村的路也坏了"]))
        assert other.desk == OFFICE_DESK

        # Neither the office nor the director, nor who sorts or shares it, lays it before the locals.
        assert "T1" not in {team.id for team in await teams_for(work, other)}
        with pytest.raises(NotEntitled):
            await hand_to_team(work, director, other.id, "T1")
        await hand_to_team(work, director, other.id, "T2")
        assert [team.id for team in await other_teams(work, case)] == ["T3"]
        with pytest.raises(NotEntitled):
            await level_up(work, director, case.id, "T1")
        assert {team.id for team in teams_to_share_with(known, case)} == {"T3"}
        await set_category(work, await member(work.session, OTHER_LEADER), case.id, "fees")
        assert case.desk == Desk.team("T2")


async def test_what_is_made_of_a_case_is_for_who_has_the_case_and_of_what_the_team_left_for_the_office(
    county: OpenWork,
) -> None:
    async with county() as work:
        found = [await lay(work, SAID, state=CaseState.VERIFYING, village=village) for village in (VILLAGE, "V02")]
        dismissed = await lay(work, SAID, state=CaseState.INVALID)
        proposal = Dismissal(
            MEMBER, DismissalReason.TRIAL, Actor.TEAM_LEADER, before=CaseState.ASSIGNED, since=work.now
        ).record()
        dismissed.proposal = proposal
        await work.session.flush()
        order = NewItem("U1", "垃圾没有清运。")
        begun = await begin_draft(work, await member(work.session, LEADER), order, case_id=found[0].id)
        await to_second_team(work)
        assert (dismissed.desk, dismissed.proposal) == (Desk.team("T2"), proposal)  # it can still be undone
        draft = await begin_draft(work, await member(work.session, OTHER_LEADER), order, case_id=found[0].id)
        assert draft.team_id == "T2"
        drafts = {draft.id, begun.id}
        assert drafts <= {one.row.id for one in await drafts_of(work, await member(work.session, OTHER_LEADER))}
        assert drafts.isdisjoint(one.row.id for one in await drafts_of(work, await member(work.session, LEADER)))
        for case in found:
            await move(work, case, OFFICE_DESK, None)
        director = await member(work.session, DIRECTOR)
        of_both = [await begin_draft(work, director, order, case_id=case.id) for case in found]
        assert [one.team_id for one in of_both] == [None, "T1"]


async def test_it_is_put_back_but_for_what_reporters_asked_another_team_for_or_were_told_that_it_reads(
    county: OpenWork,
) -> None:
    async with county() as work:
        case, begun, asked_for, given_singly = [await lay(work, SAID) for _ in range(4)]
        await level_up(work, await member(work.session, DIRECTOR), given_singly.id, "T2")
        await to_second_team(work)
        assert await asked(work, asked_for)
        came_meanwhile = await lay(work, SAID, desk=Desk.team("T2"), team="T2")
        begun.owner_id = OTHER_MEMBER
        director = await member(work.session, DIRECTOR)
        assert [one.id for one in villages_to_put_back(await work.directory(), director, ROUND)] == [VILLAGE]
        assert (await put_back_village(work, director, ROUND, VILLAGE)).id == "T1"
        assert [one.desk for one in (case, begun)] == [Desk.team("T1")] * 2
        assert [one.desk for one in (asked_for, given_singly, came_meanwhile)] == [Desk.team("T2")] * 3
        assert (await place_of(work, ROUND, PlaceKind.VILLAGE, VILLAGE)).team_id == "T1"
        assert not (await member(work.session, OTHER_MEMBER)).knows_of(case)
        [to_owner] = await read_by(work, f"staff:{OTHER_MEMBER}", "village_gone")
        assert begun.id in to_owner
        assert await read_by(work, f"staff:{OTHER_MEMBER}", "village_came") == []  # it had not been sent yet
        assert await read_by(work, f"staff:{LEADER}", "village_gone") == []
        assert len(await read_by(work, f"staff:{LEADER}", "village_came")) == 1
        assert villages_to_put_back(await work.directory(), director, ROUND) == []
        with pytest.raises(NotEntitled):
            await put_back_village(work, director, ROUND, VILLAGE)
        # A case that a team was given singly stays with it, whatever it is filed under.
        await set_category(work, await member(work.session, OTHER_LEADER), asked_for.id, "fees")
        assert asked_for.desk == Desk.team("T2")


async def test_what_came_in_for_one_of_two_other_teams_is_not_the_locals_when_it_is_put_back(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, SAID)
        await to_second_team(work)
        came_meanwhile = await lay(work, SAID, desk=Desk.team("T2"), team="T2")
        director = await member(work.session, DIRECTOR)
        await level_up_village(work, director, ROUND, VILLAGE, "T3")
        assert [one.desk for one in (case, came_meanwhile)] == [Desk.team("T3")] * 2
        await put_back_village(work, director, ROUND, VILLAGE)
        assert [one.desk for one in (case, came_meanwhile)] == [Desk.team("T1"), Desk.team("T3")]


async def test_what_reporters_have_added_for_the_other_team_is_not_the_locals_when_it_is_put_back(
    county: OpenWork,
) -> None:
    async with county() as work:
        before, added, held = [await lay(work, SAID) for _ in range(3)]
        await added_to(work, before)
        await to_second_team(work)
        await added_to(work, added)
        await added_to(work, held, held_until=work.now + timedelta(hours=1))
        director = await member(work.session, DIRECTOR)
        await put_back_village(work, director, ROUND, VILLAGE)
        assert [one.desk for one in (before, added, held)] == [Desk.team("T1"), Desk.team("T2"), Desk.team("T2")]


async def test_the_director_alone_decides_and_not_about_a_unit_that_they_are_shut_out_of(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, SAID)
        for staff_id in ("P04", LEADER, MEMBER, OTHER_LEADER, "P01", "P14", "P32"):
            with pytest.raises(NotEntitled):
                await level_up_village(work, await member(work.session, staff_id), ROUND, VILLAGE, "T2")
        director = await member(work.session, DIRECTOR)
        for round_id, village_id, team_id in (
            (ROUND, VILLAGE, "T1"),  # it has it
            (ROUND, VILLAGE, "T9"),
            (ROUND, "V99", "T2"),
            ("R5", VILLAGE, "T2"),
        ):
            with pytest.raises(NotEntitled):
                await level_up_village(work, director, round_id, village_id, team_id)
        known = await work.directory()
        village = known.villages[VILLAGE]
        assert [team.id for team in teams_to_level_up_to(known, ROUND, village)] == ["T2", "T3"]
        for staff_id in ("P08", "P09", "P10"):  # all of the second team
            work.session.add(Recusal(staff_id=staff_id, unit_id="U1", state=RecusalState.DECLARED, reason=""))
        await work.session.flush()
        expire_directory(work.session)
        assert [team.id for team in teams_to_level_up_to(await work.directory(), ROUND, village)] == ["T3"]
        with pytest.raises(NotEntitled):
            await level_up_village(work, director, ROUND, VILLAGE, "T2")
        work.session.add(Recusal(staff_id=DIRECTOR, unit_id="U1", state=RecusalState.DECLARED, reason=""))
        await work.session.flush()
        expire_directory(work.session)
        director = await member(work.session, DIRECTOR)
        assert VILLAGE not in {one.id for one in villages_to_level_up(await work.directory(), director, ROUND)}
        with pytest.raises(NotEntitled):
            await level_up_village(work, director, ROUND, VILLAGE, "T3")
        (await work.session.get_one(Round, ROUND)).state = RoundState.REPORTING  # its teams have left
        await work.session.flush()
        expire_directory(work.session)
        assert villages_to_level_up(await work.directory(), director, ROUND) == []
        assert case.desk == Desk.team("T1")


async def test_who_is_to_keep_away_from_the_unit_does_not_get_it_with_the_village(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, SAID)
        named = await lay(work, SAID, shut_out=[OTHER_MEMBER])
        work.session.add(Recusal(staff_id="P09", unit_id="U1", state=RecusalState.DECLARED, reason=""))
        await work.session.flush()
        expire_directory(work.session)
        await to_second_team(work)
        recused, other = await member(work.session, "P09"), await member(work.session, OTHER_MEMBER)
        assert not recused.knows_of(case)
        assert VILLAGE not in {one.id for one in places_worked_at(await work.directory(), recused)}
        assert await queued_for(work, "staff:P09", "village_came") == []
        assert other.reads(case)
        assert not other.knows_of(named)
        assert named.desk == Desk.team("T2")
