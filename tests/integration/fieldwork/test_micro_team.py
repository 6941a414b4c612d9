"""A micro-team works in its one village: it enters, checks, visits and listens, and reads nothing of the team's own."""

import pytest

from models.complaints import Door
from models.staff import Role
from models.states import NotEntitled
from services.access.member import Member
from services.fieldwork.checklists import tick
from services.fieldwork.enter import Entry, enter
from services.fieldwork.evening_talks import log_suggestion, plan_talk
from services.fieldwork.places import places_to_look_at, places_worked_at
from services.fieldwork.talk_records import keep_talk, read_talk
from services.fieldwork.village_card import facts_of_place, keep_plan
from services.fieldwork.visits import count_visit
from services.people.grants import withdraw
from services.people.recusal import recuse
from services.unit_of_work import UnitOfWork
from tests.conftest import OpenWork
from tests.integration.cases.conftest import lay
from tests.integration.fieldwork.field import DIRECTOR, MEMBER, SAID, key_of, who
from tests.integration.people.test_grants import given, guests


async def micro_team(work: UnitOfWork) -> Member:
    """Return somebody who is on the micro-team of a village."""
    await guests(work)
    return await given(work, Role.MICRO_TEAM, "V01")


async def test_a_micro_team_works_in_its_village_and_nowhere_else(county: OpenWork) -> None:
    async with county() as work:
        guest, here, elsewhere = await micro_team(work), await key_of(work, "V01"), await key_of(work, "V02")
        assert [one.id for one in places_worked_at(await work.directory(), guest)] == ["V01"]
        _, case = await enter(work, guest, Entry(here, Door.VISIT, [SAID]))
        assert (case.team_id, case.village_id, case.door) == ("T1", "V01", Door.VISIT)
        await tick(work, guest, here, 0)
        await count_visit(work, guest, here, "petition_household")
        talk = await plan_talk(work, guest, here, work.today)
        assert await log_suggestion(work, guest, talk.id, SAID) == 1
        for refused in (
            enter(work, guest, Entry(elsewhere, Door.VISIT, [SAID])),
            tick(work, guest, elsewhere, 0),
            count_visit(work, guest, elsewhere, "petition_household"),
            plan_talk(work, guest, elsewhere, work.today),
            log_suggestion(work, guest, "N1", SAID),
        ):
            with pytest.raises(NotEntitled):
                await refused


async def test_a_micro_team_reads_neither_plan_nor_talks_nor_small_counts(county: OpenWork) -> None:
    async with county() as work:
        guest, key, member_ = await micro_team(work), await key_of(work, "V01"), await who(work, MEMBER)
        await keep_plan(work, member_, key, "先查低保")
        talk = await keep_talk(work, member_, key, "村会计", "三资", "账没入")
        await lay(work, "路坏了")
        facts = await facts_of_place(work, guest, key)
        assert (facts.is_own, facts.is_worked_at, facts.plan, dict(facts.topics)) == (False, True, None, {})
        for refused in (
            read_talk(work, guest, talk.id),
            keep_talk(work, guest, key, "村会计", "三资", "账没入"),
            keep_plan(work, guest, key, "先入户"),
        ):
            with pytest.raises(NotEntitled):
                await refused


async def test_whoever_is_recused_or_has_lost_their_grant_works_there_no_more(county: OpenWork) -> None:
    async with county() as work:
        guest = await micro_team(work)
        await recuse(work, guest.id, "U1", by=await who(work, DIRECTOR))
        assert places_to_look_at(await work.directory(), await who(work, guest.id)) == []
    async with county() as work:
        leader = await who(work, "P05")
        [held] = (await who(work, guest.id)).grants
        await withdraw(work, leader, held.id)
        assert places_worked_at(await work.directory(), await who(work, guest.id)) == []
