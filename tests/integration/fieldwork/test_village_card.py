"""The card of a village: what is known of it before a team enters, for whom, and from which count on."""

from datetime import timedelta

import pytest

from channels.telegram.address import address_of
from handlers.context import HandlerContext
from handlers.fieldwork.place_card import place_card
from handlers.incoming import ButtonPress, Update
from handlers.items.card import item_card
from models.desk import Desk
from models.rounds import Round, Village
from models.states import CaseState, NotEntitled, RoundState
from services.directory import expire_directory
from services.fieldwork.places import place_labels, places_to_look_at
from services.fieldwork.village_card import facts_of_place, keep_plan
from services.rectification.issue_item import issue_item, order_fix
from services.unit_of_work import UnitOfWork
from tests.conftest import OpenWork
from tests.deployment import Deployment
from tests.integration.cases.conftest import lay
from tests.integration.fieldwork.field import DIRECTOR, HEAD, LEADER, MEMBER, OFFICE, OTHER_TEAM, RECUSED, key_of, who
from tests.items import new_item
from tests.story import PhoneUser
from texts.catalogue import Words

CHAT = address_of(4242)
PLAN = "先查低保名单，再入户"


async def shown(work: UnitOfWork, staff_id: str, key: str) -> str | None:
    """Return what somebody's card of a place says."""
    reader = await who(work, staff_id)
    card = await place_card(HandlerContext(work, Update(CHAT, True, ButtonPress("")), reader), reader, key)
    return card.text if card else None


async def test_the_card_tells_class_topics_items_and_plan(county: OpenWork) -> None:
    async with county() as work:
        key = await key_of(work, "V02")
        await lay(work, "低保不公平", village="V02", category="subsistence_allowance")
        await lay(work, "低保不公平", village="V02", category="subsistence_allowance")
        await lay(work, "别的村的事", village="V01", category="road")
        await keep_plan(work, await who(work, MEMBER), key, PLAN)
        text = await shown(work, LEADER, key)
        assert text is not None
        for part in ("桥头岭村", "后进村", "388 户", "低保和临时救助 2 件", "RI02", PLAN):
            assert part in text
        assert "夜话 1 场：建议 9 条，解决 2 条" in text
        assert "访到 0/6 类" in text
        assert "清单：0/5" in text


async def test_an_item_stands_at_its_village_and_where_it_has_none_at_the_one_that_it_names(county: OpenWork) -> None:
    async with county() as work:
        leader, office, due = await who(work, LEADER), await who(work, OFFICE), work.today + timedelta(days=30)
        case = await lay(work, "路坏了", village="V02", category="road", state=CaseState.VERIFYING)
        ordered = await order_fix(work, leader, case.id, "道路破损。", due)
        elsewhere = await lay(work, "路坏了", village="V09", state=CaseState.VERIFYING)  # another unit's village
        assert (await order_fix(work, leader, elsewhere.id, "水沟堵塞。", due)).village_id is None
        here = await issue_item(work, office, new_item("U1", "公示栏没有更新。", due, village_id="V02"))
        there = await issue_item(work, office, new_item("U1", "桥头岭村的账不清。", due, village_id="V01"))
        work.session.add(Village(id="V99", name="新桥头岭村", unit_id="U1", neighbours=[]))
        await work.session.flush()
        expire_directory(work.session)
        another = await issue_item(work, office, new_item("U1", "新桥头岭没有公开村务。", due))
        found = {
            staff_id: {item.id for item in (await facts_of_place(work, await who(work, staff_id), key)).items}
            for staff_id, key in ((LEADER, await key_of(work, "V02")), (OFFICE, await key_of(work, "V02")))
        }
        assert found == {LEADER: {"RI02", here.id, ordered.id}, OFFICE: {"RI02", here.id}}
        assert there.id not in found[LEADER]
        assert another.id not in found[LEADER]
        head = await who(work, HEAD)
        assert "桥头岭" not in (await item_card(work, Words("zh_Hans"), head, ordered)).text  # nor is its unit told


async def test_of_a_case_for_one_pair_of_eyes_the_card_counts_nothing_for_others(county: OpenWork) -> None:
    async with county() as work:
        key = await key_of(work, "V02")
        await lay(work, "书记的事", village="V02", category="road", desk=Desk.leader("T1"))
        await lay(work, "指名道姓", village="V02", category="road", shut_out=[MEMBER])
        assert (await facts_of_place(work, await who(work, MEMBER), key)).topics == {}
        assert (await facts_of_place(work, await who(work, LEADER), key)).topics == {"road": 2}


async def test_the_card_counts_nothing_that_was_taken_back_or_joined_with_another(county: OpenWork) -> None:
    async with county() as work:
        key = await key_of(work, "V02")
        for state in (CaseState.WITHDRAWN, CaseState.INVALID, CaseState.MERGED):
            await lay(work, "路坏了", village="V02", category="road", state=state)
        assert (await facts_of_place(work, await who(work, LEADER), key)).topics == {}
        await lay(work, "路坏了", village="V02", category="road", state=CaseState.CLOSED)
        assert (await facts_of_place(work, await who(work, LEADER), key)).topics == {"road": 1}


async def test_a_place_is_there_until_the_report_is_written(county: OpenWork) -> None:
    async with county() as work:
        key, round_ = await key_of(work, "V02"), await work.session.get_one(Round, "R6")
        for state, is_there in ((RoundState.REPORTING, True), (RoundState.FEEDBACK, False)):
            round_.state = state
            await work.session.flush()
            assert (await shown(work, LEADER, key) is not None) is is_there


@pytest.mark.parametrize("staff_id", [DIRECTOR, OFFICE])
async def test_whoever_is_not_on_the_team_sees_no_small_count_and_no_plan(county: OpenWork, staff_id: str) -> None:
    async with county() as work:
        key = await key_of(work, "V02")
        for _ in range(4):
            await lay(work, "路坏了", village="V02", category="road")
        await keep_plan(work, await who(work, MEMBER), key, PLAN)
        text = await shown(work, staff_id, key)
        assert text is not None
        assert PLAN not in text
        assert "4 件" not in text
        await lay(work, "路坏了", village="V02", category="road")
        assert "5 件" in (await shown(work, staff_id, key) or "")


@pytest.mark.parametrize(("staff_id", "place_id"), [(OTHER_TEAM, "V02"), (HEAD, "V02"), (RECUSED, "V09")])
async def test_others_see_no_card_at_all(county: OpenWork, staff_id: str, place_id: str) -> None:
    async with county() as work:
        key = await key_of(work, place_id)
        assert await shown(work, staff_id, key) is None
        with pytest.raises(NotEntitled):
            await keep_plan(work, await who(work, staff_id), key, PLAN)


async def test_a_plan_is_for_a_village_of_ones_own_and_the_last_one_counts(county: OpenWork) -> None:
    async with county() as work:
        member_, key = await who(work, MEMBER), await key_of(work, "V02")
        with pytest.raises(NotEntitled):
            await keep_plan(work, member_, await key_of(work, "U1"), PLAN)
        with pytest.raises(NotEntitled):
            await keep_plan(work, await who(work, DIRECTOR), key, PLAN)
        await keep_plan(work, member_, key, PLAN)
        await keep_plan(work, await who(work, LEADER), key, "先看账")
        assert (await facts_of_place(work, member_, key)).plan == "先看账"


async def test_on_a_phone_the_text_with_the_villages_link_can_be_forwarded(deployment: Deployment) -> None:
    [account] = await deployment.enrol(MEMBER)
    phone = PhoneUser(deployment.simulator, account)
    phone.say("/village 桥头岭村")
    await phone.press("1.place.share")
    text = await phone.reads("不用写姓名")
    assert await deployment.link("V02") in text.text.replace(deployment.simulator.base_url, "https://t.me")
    assert not text.protected


async def test_on_a_phone_the_card_is_found_by_a_part_of_the_name_and_a_plan_is_written(deployment: Deployment) -> None:
    [account] = await deployment.enrol(MEMBER)
    phone = PhoneUser(deployment.simulator, account)
    phone.say("/village")
    await phone.can_press("1.place.open")
    phone.say("/village 桥头")
    await phone.press("1.place.plan")
    await phone.reads("只有组里看得到")
    phone.say(PLAN)
    card = await phone.reads(PLAN)
    assert "后进村" in card.text
    assert card.protected


async def test_two_villages_of_one_name_are_told_apart_by_their_units(county: OpenWork) -> None:
    async with county() as work:
        (await work.session.get_one(Village, "V05")).name = "上竹坞村"
        await work.session.flush()
        expire_directory(work.session)
        known = await work.directory()
        places = places_to_look_at(known, await who(work, OFFICE))
        labels = [label for label in place_labels(known, places).values() if "上竹坞村" in label]
        assert len(set(labels)) == 2
        assert {label.partition(" ")[0] for label in labels} == {known.units["U1"].name, known.units["U2"].name}
