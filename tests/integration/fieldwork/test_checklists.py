"""Checklists: by kind of unit, frozen into the round, ticked by the team with what was found."""

import json

import pytest
from sqlalchemy import select

from models.fieldwork import ChecklistTick
from models.rounds import ChecklistsVersion, County, Round
from models.states import Impossible, NotEntitled, RoundState
from services.fieldwork.checklists import checklist_at, progress_at, take_tick_back, tick, ticks_at
from services.fieldwork.places import place_of
from services.rounds.change_round_state import change_round_state
from services.rounds.county_file import read_county
from services.rounds.import_county import import_county
from tests.conftest import OpenWork
from tests.deployment import Deployment
from tests.integration.fieldwork.field import COLLEAGUE, LEADER, MEMBER, OFFICE, OTHER_TEAM, key_of, who
from tests.sample import SAMPLE
from tests.story import PhoneUser

FOUND = "2023年公示栏没有低保名单"


@pytest.mark.parametrize(
    ("place_id", "name", "first"),
    [("V01", "村(社区)", "三资账目"), ("U1", "乡镇(街道)", "惠农补贴"), ("U4", "县直部门", "三重一大集体决策")],
)
async def test_a_place_has_the_checklist_of_its_kind(county: OpenWork, place_id: str, name: str, first: str) -> None:
    async with county() as work:
        known = await work.directory()
        found = checklist_at(known, place_of(known, await who(work, MEMBER), await key_of(work, place_id)))
        assert found is not None
        assert (found.name, found.points[0], len(found.points)) == (name, first, 5)


async def test_in_a_village_that_does_well_the_first_points_may_be_enough(county: OpenWork) -> None:
    async with county() as work:
        settings = await work.session.get_one(County, 1)
        settings.settings = settings.settings | {"fieldwork": {"points_in_model_villages": 2}}
        await work.session.flush()
        known, member_ = await work.directory(), await who(work, MEMBER)
        counts = {}
        for village in ("V01", "V02", "V03"):  # a model, one that lags behind, an ordinary one
            found = checklist_at(known, place_of(known, member_, await key_of(work, village)))
            counts[village] = len(found.points) if found else 0
        assert counts == {"V01": 2, "V02": 5, "V03": 5}
        with pytest.raises(NotEntitled):
            await tick(work, member_, await key_of(work, "V01"), 2)


async def test_a_point_is_ticked_once_with_what_was_found_sealed_and_can_be_taken_back(county: OpenWork) -> None:
    async with county() as work:
        member_, key = await who(work, MEMBER), await key_of(work, "V01")
        place = place_of(await work.directory(), member_, key)
        await tick(work, member_, key, 2, FOUND)
        await tick(work, await who(work, COLLEAGUE), key, 0)
        with pytest.raises(Impossible):
            await tick(work, await who(work, LEADER), key, 2)
        ticks = await ticks_at(work, place)
        assert {number: (one.by, one.finding) for number, one in ticks.items()} == {
            0: ("陶千里", None),
            2: ("阮知秋", FOUND),
        }
        row = await work.session.get_one(ChecklistTick, ("R6", "village", "V01", 2))
        assert row.sealed is not None
        assert FOUND.encode() not in row.sealed
        progress = await progress_at(work, [place])
        assert (progress.done, progress.points) == (2, 5)
        await take_tick_back(work, member_, key, 2)
        assert set(await ticks_at(work, place)) == {0}


@pytest.mark.parametrize("staff_id", [OTHER_TEAM, OFFICE])
async def test_nobody_but_the_team_ticks_and_no_point_that_is_not_there(county: OpenWork, staff_id: str) -> None:
    async with county() as work:
        key = await key_of(work, "V01")
        with pytest.raises(NotEntitled):
            await tick(work, await who(work, staff_id), key, 0)
        with pytest.raises(NotEntitled):
            await tick(work, await who(work, MEMBER), key, 5)


async def test_a_round_keeps_the_checklists_that_it_began_with(county: OpenWork) -> None:
    async with county() as work:
        changed = json.loads(SAMPLE.read_text(encoding="utf-8"))
        changed["checklists"][4]["must_check"] = ["只查一条"]
        await import_county(work, read_county(json.dumps(changed, ensure_ascii=False)))
        assert list(await work.session.scalars(select(ChecklistsVersion.version).order_by("version"))) == [1, 2]
        known = await work.directory()
        village = place_of(known, await who(work, MEMBER), await key_of(work, "V01"))
        running = checklist_at(known, village)
        assert running is not None
        assert len(running.points) == 5
        (await work.session.get_one(Round, "R6")).state = RoundState.PREPARING
        await work.session.flush()
        await change_round_state(work, "R6", "open")
        begun_now = checklist_at(await work.directory(), village)
        assert begun_now is not None
        assert begun_now.points == ("只查一条",)


async def test_on_a_phone_a_point_is_ticked_with_a_note_and_the_leaders_card_counts_it(deployment: Deployment) -> None:
    member_, leader = [PhoneUser(deployment.simulator, one) for one in await deployment.enrol(MEMBER, LEADER)]
    member_.say("/village 上竹坞村")
    await member_.press("1.place.checklist")
    await member_.press("1.place.tick")
    await member_.reads("查到什么")
    member_.say(FOUND)
    noted = await member_.reads("☑️ 1. 三资账目")
    assert FOUND in noted.text
    await member_.press("1.place.tick")
    await member_.press("1.form.choose.tick_point", after=noted.message_id)
    await member_.reads("☑️ 2. 四议两公开")
    await deployment.settled()
    leader.say("/rounds")
    await leader.press("1.round.card.R6")
    await leader.reads("清单 2/")


async def test_on_a_phone_what_was_found_is_shown_before_its_tick_is_taken_back(deployment: Deployment) -> None:
    [account] = await deployment.enrol(MEMBER)
    phone = PhoneUser(deployment.simulator, account)
    phone.say("/village 上竹坞村")
    await phone.press("1.place.checklist")
    await phone.press("1.place.tick")
    await phone.reads("查到什么")
    phone.say(FOUND)
    await phone.reads("☑️ 1. 三资账目")
    await phone.press("1.place.untick")
    assert FOUND in (await phone.reads("这句话就删掉了")).text
    await phone.press("1.place.untick_yes")
    await phone.reads("⬜ 1. 三资账目")
