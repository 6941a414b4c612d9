"""What is hidden of a case is hidden of the item that was ordered because of it."""

from datetime import timedelta

import pytest

from handlers.notices import RENDERERS, Reader
from handlers.register import register  # noqa: F401 (importing the handlers registers their notices)
from models.complaints import Case, CaseShutOut
from models.deadlines import Audience
from models.rectification import Card, CaseItem, RectificationItem
from models.staff import Role, Staff
from models.states import ItemState, NotEntitled
from services.complaints.case_log import move
from services.rectification.directory import open_directory
from services.rectification.issue_item import NewItem, issue_item, order_fix
from services.rectification.item_log import item_seen
from services.rectification.list_items import open_items
from services.rectification.remind import remind_unit_heads
from services.rectification.review_item import clear_item, countersign, pass_item
from services.rectification.unit_deeds import acknowledge, submit
from services.staff.member import DIRECTOR_DESK, leader_desk, members_with
from services.work import Work
from tests.conftest import NOW, OpenWork
from tests.integration.rectification.conftest import a_verified_case, owed, reminders, who
from texts.catalogue import Words

UNIT = (Audience.UNIT_HEAD, Audience.LIAISON)
STAFF = (Audience.REVIEWERS, Audience.OFFICE_DIRECTOR)
ON_STAFF = (Role.TEAM_LEADER, Role.TEAM_MEMBER, Role.OFFICE_DIRECTOR, Role.OFFICE_STAFF)


async def an_item_of(work: Work, case: Case, orderer: str = "P05") -> RectificationItem:
    due = work.today + timedelta(days=7)
    return await order_fix(work, await who(work, orderer), case.id, "请说明工程款的去向", due)


async def an_item_for_the_leader_alone(work: Work) -> RectificationItem:
    case = await a_verified_case(work, concerns_head=True)
    await move(work, case, leader_desk("T1"), "T1")
    return await an_item_of(work, case)


async def see(work: Work, item: RectificationItem) -> set[str]:
    """Return who on teams and in the office sees an item, however they look."""
    seeing = set()
    for person in await members_with(work.session, *ON_STAFF):
        listed: list[str] = []
        after = None
        while True:
            page = await open_items(work, person, after)
            listed += [one.id for one in page.items]
            after = page.more_after
            if after is None:
                break
        by_rule = bool(person.actors_at_item(item))
        assert (item.id in listed) is by_rule
        if by_rule:
            seeing.add(person.id)
        else:
            with pytest.raises(NotEntitled):
                await item_seen(work, person, item.id)
    return seeing


async def told(work: Work, item: RectificationItem, *audience: Audience) -> set[str]:
    return set((await open_directory(work)).told(item, audience))


async def test_whoever_is_named_in_a_case_does_not_see_its_item(county: OpenWork) -> None:
    async with county() as work:
        case = await a_verified_case(work)
        work.session.add(CaseShutOut(case_id=case.id, staff_id="P06"))
        await work.session.flush()
        item = await an_item_of(work, case)
        seeing = await see(work, item)
        assert "P06" not in seeing
        assert {"P05", "P07"} <= seeing
        assert "P06" not in await told(work, item, *STAFF)
        head = await who(work, "P14")
        await acknowledge(work, head, item.id)
        await submit(work, head, item.id, ["已说明"], [])
        with pytest.raises(NotEntitled):
            await pass_item(work, await who(work, "P06"), item.id, "已完成")
        assert "P06" not in {one.staff_id for one in await owed(work) if one.args.get("item_id") == item.id}


async def test_whoever_is_named_later_loses_the_item_with_all_that_is_owed_of_it(county: OpenWork) -> None:
    async with county() as work:
        case = await a_verified_case(work)
        item = await an_item_of(work, case)
        head = await who(work, "P14")
        await acknowledge(work, head, item.id)
        notice = next(one for one in await owed(work, "item_event") if one.staff_id == "P06")
        work.session.add(CaseShutOut(case_id=case.id, staff_id="P06"))
        await work.session.flush()
        assert "P06" not in await see(work, item)
        shown = await RENDERERS[notice.kind](work, Reader("staff:P06", Words("zh_Hans")), notice.args)
        assert shown is None


async def test_an_item_of_the_leaders_own_desk_is_the_leaders_alone_on_the_staff(county: OpenWork) -> None:
    async with county() as work:
        item = await an_item_for_the_leader_alone(work)
        assert await see(work, item) == {"P05"}
        assert await told(work, item, *STAFF) == {"P05"}
        assert "P14" in await told(work, item, *UNIT)


async def test_the_unit_gets_its_order_and_the_leader_reviews_and_clears_it(county: OpenWork) -> None:
    async with county() as work:
        item = await an_item_for_the_leader_alone(work)
        assert "P14" in {one.staff_id for one in await owed(work, "item_event")}
        head, leader, director = await who(work, "P14"), await who(work, "P05"), await who(work, "P03")
        assert item.id in [one.id for one in (await open_items(work, head)).items]
        await acknowledge(work, head, item.id)
        await submit(work, head, item.id, ["已说明"], [])
        assert {one.staff_id for one in await owed(work, "item_review")} == {"P05"}
        await pass_item(work, leader, item.id, "已说明")
        with pytest.raises(NotEntitled):
            await clear_item(work, director, item.id)
        if item.county_leader_id is not None:
            await countersign(work, await who(work, item.county_leader_id), item.id)
        await clear_item(work, leader, item.id)
        assert item.state == ItemState.CLEARED


async def test_reminders_and_cards_of_it_come_to_the_leader_and_not_to_the_office(county: OpenWork) -> None:
    async with county() as work:
        item = await an_item_for_the_leader_alone(work)
        item_id = item.id
    async with county(now=NOW + timedelta(days=40)) as work:
        await remind_unit_heads(work)
        noted = {person for people in (await reminders(work))[item_id].values() for person in people}
        on_staff = {person.id for person in await members_with(work.session, *ON_STAFF)}
        assert noted & on_staff <= {"P05"}
        proposals = [one for one in await owed(work, "card_proposal") if one.args["item_id"] == item_id]
        assert {one.staff_id for one in proposals} == {"P05"}
        assert proposals[0].args["card"] in list(Card)


async def test_the_office_stands_in_for_no_head_of_what_is_the_leaders_alone(county: OpenWork) -> None:
    async with county() as work:
        item = await an_item_for_the_leader_alone(work)
        head = await work.session.get_one(Staff, "P14")
        head.telegram_id = None
        await work.session.flush()
        assert await told(work, item, Audience.UNIT_HEAD) == {"P05"}


async def test_an_item_goes_with_its_case_to_the_director(county: OpenWork) -> None:
    async with county() as work:
        case = await a_verified_case(work)
        item = await an_item_of(work, case)
        assert "P03" in await see(work, item)
        assert "P06" in await see(work, item)
        await move(work, case, DIRECTOR_DESK, None)
        assert await see(work, item) == {"P03"}
        head, director = await who(work, "P14"), await who(work, "P03")
        await acknowledge(work, head, item.id)
        await submit(work, head, item.id, ["已说明"], [])
        await pass_item(work, director, item.id, "已说明")
        assert await work.session.get(CaseItem, (case.id, item.id))


async def test_a_list_tells_nothing_of_the_due_day_of_anothers_item(county: OpenWork) -> None:
    async with county() as work:
        office, head = await who(work, "P03"), await who(work, "P14")
        await issue_item(work, office, NewItem("U1", "甲", work.today + timedelta(days=20)))
        theirs = await issue_item(work, office, NewItem("U4", "乙", work.today + timedelta(days=30)))
        nobodys = [one.id for one in (await open_items(work, head, "RI000000")).items]
        assert [one.id for one in (await open_items(work, head, theirs.id)).items] == nobodys
