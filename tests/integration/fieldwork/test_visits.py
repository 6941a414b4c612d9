"""The six visits: counted by group and village, with the gaps for the team."""

import pytest
from sqlalchemy import select

from models.fieldwork import VisitCount
from models.rounds import County
from models.states import Impossible, NotEntitled
from services.fieldwork.visits import count_visit, gaps_of, visits_in
from tests.conftest import OpenWork
from tests.deployment import Deployment
from tests.integration.fieldwork.field import MEMBER, OTHER_TEAM, RECUSED, key_of, who
from tests.story import PhoneUser

GROUPS = (
    "respected_elder",
    "petition_household",
    "monitored_household",
    "subsistence_household",
    "renovated_house",
    "veteran_party_member",
)


async def test_visits_are_counted_and_taken_back_and_never_fewer_than_none(county: OpenWork) -> None:
    async with county() as work:
        member_, key = await who(work, MEMBER), await key_of(work, "V01")
        for _ in range(2):
            await count_visit(work, member_, key, "petition_household")
        await count_visit(work, member_, key, "petition_household", taken_back=True)
        assert (await visits_in(work, "R6", ["V01"]))["V01"] == {"petition_household": 1}
        with pytest.raises(Impossible):
            await count_visit(work, member_, key, "renovated_house", taken_back=True)
        [row] = await work.session.scalars(select(VisitCount).where(VisitCount.visits > 0))
        assert {column.key for column in VisitCount.__table__.columns} == {  # neither whose it was nor when
            "round_id",
            "village_id",
            "visit_group",
            "visits",
        }
        assert row.village_id == "V01"


async def test_a_village_is_no_gap_once_every_group_was_visited_as_often_as_the_county_wants(county: OpenWork) -> None:
    async with county() as work:
        member_, key = await who(work, MEMBER), await key_of(work, "V01")
        assert {one.place.id for one in await gaps_of(work, member_)} == {"V01", "V02", "V03", "V04"}
        for group in GROUPS[:5]:
            await count_visit(work, member_, key, group)
        assert {one.place.id: one.groups for one in await gaps_of(work, member_)}["V01"] == GROUPS[5:]
        await count_visit(work, member_, key, GROUPS[5])
        assert "V01" not in {one.place.id for one in await gaps_of(work, member_)}
        settings = await work.session.get_one(County, 1)
        settings.settings = settings.settings | {"fieldwork": {"visits_wanted": 2}}
        await work.session.flush()
        assert {one.place.id: one.groups for one in await gaps_of(work, member_)}["V01"] == GROUPS


async def test_groups_are_those_of_the_county(county: OpenWork) -> None:
    async with county() as work:
        settings = await work.session.get_one(County, 1)
        settings.settings = settings.settings | {"fieldwork": {"visit_groups": ["种粮大户"]}}
        await work.session.flush()
        key = await key_of(work, "V01")
        await count_visit(work, await who(work, MEMBER), key, "种粮大户")
        with pytest.raises(NotEntitled):
            await count_visit(work, await who(work, MEMBER), key, "respected_elder")


async def test_nobody_counts_where_they_do_not_work(county: OpenWork) -> None:
    async with county() as work:
        with pytest.raises(NotEntitled):
            await count_visit(work, await who(work, OTHER_TEAM), await key_of(work, "V01"), GROUPS[0])
        with pytest.raises(NotEntitled):
            await count_visit(work, await who(work, RECUSED), await key_of(work, "V09"), GROUPS[0])
        with pytest.raises(NotEntitled):
            await count_visit(work, await who(work, MEMBER), await key_of(work, "U1"), GROUPS[0])
        assert await gaps_of(work, await who(work, RECUSED)) == []


async def test_on_a_phone_a_visit_is_counted_by_a_press_and_the_gap_is_listed(deployment: Deployment) -> None:
    [account] = await deployment.enrol(MEMBER)
    phone = PhoneUser(deployment.simulator, account)
    phone.say("/village 上竹坞村")
    await phone.press("1.place.visits")
    assert await phone.press("1.place.visit.") == "记上了"
    phone.say("/visits")
    gaps = await phone.reads("六必访没访全的村：4 个")
    [line] = [one for one in gaps.text.splitlines() if one.startswith("上竹坞村")]
    assert "德高望重老人" not in line
    assert "信访户" in line
