"""What is hidden of a case is hidden of the item that was ordered because of it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from handlers.people.audit import audit_page
from handlers.router import route  # noqa: F401 (importing the handlers registers their notices)
from models.complaints import Case, CaseShutOut, Complaint
from models.deadlines import Audience
from models.desk import DIRECTOR_DESK, Desk
from models.letters import Pattern
from models.rectification import CaseItem, RectificationItem, WarningCard
from models.rounds import ComplaintSettingsVersion, County, Round, Unit
from models.staff import Role, StaffRole
from models.states import Actor, CaseState, ItemState, NotEntitled, RoundState
from services.access.member import Member, member
from services.cases.case_log import move
from services.cases.conflicts_of_interest import possible_readers
from services.cases.dialogue import reporter_says
from services.cases.reassignment import shut_out_late
from services.directory import expire_directory
from services.evaluation.item_ledger import item_ledger_of
from services.evaluation.weekly import week_of
from services.rectification.audiences import audiences
from services.rectification.copies import copied_to, copies_for
from services.rectification.feedback_list import plan_list
from services.rectification.fields import field_items
from services.rectification.issue_item import county_leaders, issue_item, lead_county_leader, order_fix
from services.rectification.item_log import item_seen
from services.rectification.list_items import open_items
from services.rectification.patterns import pattern_seen, patterns_of
from services.rectification.remind import remind_unit_heads
from services.rectification.review_item import clear_item, file_to_sign, pass_item
from services.rectification.supervision import give_supervisors, supervised_items
from services.rectification.unit_actions import acknowledge, submit
from services.talks.listing import put_on_list
from services.unit_of_work import UnitOfWork
from tests.accounts import take_account
from tests.conftest import NOW, OpenWork
from tests.integration.cases.conftest import lay
from tests.integration.rectification.conftest import SEEN, a_verified_case, queued, reminders, signed, who
from tests.integration.rectification.conftest import handed_in as fully_handed_in
from tests.integration.rectification.test_entering import the_list
from tests.integration.rectification.test_letters import fixes_at
from tests.items import ASPECT, new_item
from tests.notices import notice_of, rendered_for
from texts.catalogue import Words

CONTACT = "P32"
UNIT = (Audience.UNIT_HEAD, Audience.LIAISON)
STAFF = (Audience.REVIEWERS, Audience.OFFICE_DIRECTOR)
ON_STAFF = (Role.TEAM_LEADER, Role.TEAM_MEMBER, Role.OFFICE_DIRECTOR, Role.OFFICE_STAFF)


async def an_item_of(work: UnitOfWork, case: Case, orderer: str = "P05") -> RectificationItem:
    due = work.today + timedelta(days=7)
    return await order_fix(work, await who(work, orderer), case.id, "请说明工程款的去向", due)


async def an_item_for_the_leader_alone(work: UnitOfWork) -> RectificationItem:
    case = await a_verified_case(work, concerns_head=True)
    await move(work, case, Desk.leader("T1"), "T1")
    return await an_item_of(work, case)


async def see(work: UnitOfWork, item: RectificationItem) -> set[str]:
    """Return who on teams and in the office sees an item, however they look."""
    seeing = set()
    for one in (await work.directory()).with_roles(*ON_STAFF):
        person = await member(work.session, one.id)
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


async def told(work: UnitOfWork, item: RectificationItem, *audience: Audience) -> set[str]:
    return set((await audiences(work, of=[item.id])).told(item, audience))


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
            await pass_item(work, await who(work, "P06"), item.id, "已完成", SEEN)
        assert "P06" not in {one.staff_id for one in await queued(work) if one.args.get("item_id") == item.id}


async def test_whoever_is_named_behind_an_item_does_not_learn_by_anything_else_that_there_is_one(
    county: OpenWork,
) -> None:
    async with county() as work:
        case = await a_verified_case(work)
        item = await an_item_of(work, case)
        item.list_number = "77"
        await put_on_list(work, await who(work, "P03"), item.id)
        await fixes_at(work, "U2", "U3")
        pattern = (await work.session.scalars(select(Pattern))).one()
        unit = (await work.directory()).units[item.unit_id].name
        table = the_list(("77", unit, item.problem, "整改。", "其他", ASPECT, "2026-12-30", "专班"))
        for reader in ("P03", "P04"):
            shown = await plan_list(work, await who(work, reader), item.round_id, table)
            assert [row.item_id for row in shown.rows] == [item.id]
        assert item.id in await audit_page(work, Words("zh_Hans"), await who(work, "P03"), None)
        assert [one.id for one in (await patterns_of(work, await who(work, "P03")))[0]] == [pattern.id]
        work.session.add(CaseShutOut(case_id=case.id, staff_id="P03"))
        await work.session.flush()
        named = await who(work, "P03")
        assert item.id not in await audit_page(work, Words("zh_Hans"), named, None)
        assert [row.item_id for row in (await plan_list(work, named, item.round_id, table)).rows] == [None]
        assert (await patterns_of(work, named))[0] == []
        with pytest.raises(NotEntitled):
            await pattern_seen(work, named, pattern.id)


async def test_a_unit_does_not_see_by_its_own_count_which_order_lies_on_a_desk_for_one_pair_of_eyes(
    county: OpenWork,
) -> None:
    async with county() as work:
        item = await an_item_for_the_leader_alone(work)
        await put_on_list(work, await who(work, "P05"), item.id)
        head, director = await who(work, "P14"), await who(work, "P03")
        listed = {one.id for one in (await open_items(work, head)).items}
        assert item.id in listed
        assert listed == {one.id for one in (await item_ledger_of(work, head, item.round_id)).items if one.is_open}
        assert (await week_of(work, head)).situation.items >= len(listed)
        assert item.id not in {one.id for one in (await item_ledger_of(work, director, item.round_id)).items}
        assert item.id not in await audit_page(work, Words("zh_Hans"), director, None)


async def test_a_department_gets_and_supervises_what_lies_on_a_desk_for_one_as_it_does_anything_else(
    county: OpenWork,
) -> None:
    async with county() as work:
        ordinary = await an_item_of(work, await a_verified_case(work))
        item = await an_item_for_the_leader_alone(work)
        assert await copied_to(work, item) == await copied_to(work, ordinary)  # the unit reads it on both
        told = {one.staff_id for one in await queued(work, "items_copied")}
        assert {CONTACT, "P39"} <= told
        contact, clerk = await who(work, CONTACT), await who(work, "P04")
        assert {item.id, ordinary.id} <= {one.id for one in (await copies_for(work, contact)).items}
        assert {item.id, ordinary.id} <= {one.id for one in (await field_items(work, contact)).items}
        # Once the team has gone, the same department supervises both.
        settings = (await work.session.scalars(select(County))).one()
        ladder = settings.settings["rectification"] | {"supervisors": {"*": "D07"}}
        settings.settings = settings.settings | {"rectification": ladder}
        for version in await work.session.scalars(select(ComplaintSettingsVersion)):
            version.rectification = ladder
        (await work.session.get_one(Round, item.round_id)).state = RoundState.INTENSIVE_RECTIFICATION
        await work.session.flush()
        expire_directory(work.session)
        await give_supervisors(work)
        assert {item.supervisor, ordinary.supervisor} == {"D07"}
        assert {item.id, ordinary.id} <= {one.id for one in await supervised_items(work, contact, "D07")}
        assert Actor.SUPERVISOR in contact.actors_at_item(item)
        # Whoever works where the desk keeps it from them does not read it for a department either.
        work.session.add(StaffRole(staff_id="P04", role=Role.RECEIVING_DEPARTMENT, department_id="D07"))
        await work.session.flush()
        expire_directory(work.session)
        clerk = await who(work, "P04")
        assert "D07" in clerk.departments
        assert item.id not in {one.id for one in (await copies_for(work, clerk)).items}
        assert item.id not in {one.id for one in (await field_items(work, clerk)).items}
        assert not clerk.actors_at_item(item)
        assert item.id not in {one.id for one in (await open_items(work, clerk)).items}


async def test_whoever_is_named_later_loses_the_item_with_all_that_is_queued_of_it(county: OpenWork) -> None:
    async with county() as work:
        case = await a_verified_case(work)
        item = await an_item_of(work, case)
        head = await who(work, "P14")
        await acknowledge(work, head, item.id)
        notice = next(one for one in await queued(work, "item_event") if one.staff_id == "P06")
        work.session.add(CaseShutOut(case_id=case.id, staff_id="P06"))
        await work.session.flush()
        assert "P06" not in await see(work, item)
        shown = await rendered_for(work, "staff:P06", notice_of(notice.kind, notice.args))
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
        assert "P14" in {one.staff_id for one in await queued(work, "item_event")}
        head, leader, director = await who(work, "P14"), await who(work, "P05"), await who(work, "P03")
        assert item.id in [one.id for one in (await open_items(work, head)).items]
        await acknowledge(work, head, item.id)
        await fully_handed_in(work, item, head, "已说明")
        assert {one.staff_id for one in await queued(work, "item_review")} == {"P05"}
        await pass_item(work, leader, item.id, "已说明", SEEN)
        with pytest.raises(NotEntitled):
            await clear_item(work, director, item.id)
        if item.county_leader_id is not None:
            await signed(work, item, item.county_leader_id)
        await clear_item(work, leader, item.id)
        assert item.state == ItemState.CLEARED


async def test_reminders_and_cards_of_it_come_to_the_leader_and_not_to_the_office(county: OpenWork) -> None:
    async with county() as work:
        item = await an_item_for_the_leader_alone(work)
        item_id = item.id
    async with county(now=NOW + timedelta(days=40)) as work:
        await remind_unit_heads(work)
        noted = {person for people in (await reminders(work))[item_id].values() for person in people}
        on_staff = {person.id for person in (await work.directory()).with_roles(*ON_STAFF)}
        assert noted & on_staff <= {"P05"}
        proposals = [one for one in await queued(work, "card_proposal") if one.args["item_id"] == item_id]
        assert {one.staff_id for one in proposals} == {"P05"}
        assert proposals[0].args["card"] in list(WarningCard)


async def test_the_office_stands_in_for_no_head_of_what_is_the_leaders_alone(county: OpenWork) -> None:
    async with county() as work:
        item = await an_item_for_the_leader_alone(work)
        await take_account(work.session, "P14")
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
        await pass_item(work, director, item.id, "已说明", SEEN)
        assert await work.session.get(CaseItem, (case.id, item.id))


async def test_a_list_tells_nothing_of_the_due_day_of_anothers_item(county: OpenWork) -> None:
    async with county() as work:
        office, head = await who(work, "P03"), await who(work, "P14")
        await issue_item(work, office, new_item("U1", "甲", work.today + timedelta(days=20)))
        theirs = await issue_item(work, office, new_item("U4", "乙", work.today + timedelta(days=30)))
        nobodys = [one.id for one in (await open_items(work, head, "RI000000")).items]
        assert [one.id for one in (await open_items(work, head, theirs.id)).items] == nobodys


async def a_case_saying(work: UnitOfWork, text: str) -> Case:
    case = await lay(work, text, state=CaseState.VERIFYING)
    await shut_out_late(work, case)
    return case


async def handed_in(work: UnitOfWork, item: RectificationItem) -> None:
    head = await who(work, "P14")
    await acknowledge(work, head, item.id)
    await fully_handed_in(work, item, head, "已修好")
    await pass_item(work, await who(work, "P05"), item.id, "已修好", SEEN)


async def gets_nothing_of(work: UnitOfWork, leader: Member, item: RectificationItem) -> None:
    assert await told(work, item, Audience.COUNTY_LEADER) == set()
    assert item.id not in {one.id for one in (await open_items(work, leader)).items}
    for look in (item_seen, file_to_sign):
        with pytest.raises(NotEntitled):
            await look(work, leader, item.id)
    for one in await queued(work):
        if one.staff_id == leader.id and one.args.get("item_id") == item.id:
            assert await rendered_for(work, f"staff:{leader.id}", notice_of(one.kind, one.args)) is None


async def test_a_county_leader_whom_a_case_names_gets_no_copy_and_signs_nothing(county: OpenWork) -> None:
    async with county() as work:
        in_charge = await lead_county_leader(work, "U1", "road")
        assert in_charge is not None
        name = (await who(work, in_charge)).name
        assert (in_charge, name) in await possible_readers(work)
        item = await an_item_of(work, await a_case_saying(work, f"副县长{name}收了修路的回扣"))
        named = await who(work, in_charge)
        assert item.county_leader_id != in_charge
        assert in_charge not in {one.staff_id for one in await queued(work, "item_event")}
        await gets_nothing_of(work, named, item)
        await handed_in(work, item)
        await gets_nothing_of(work, named, item)
        await clear_item(work, await who(work, "P03"), item.id)
        assert item.state == ItemState.CLEARED


async def test_a_county_leader_whom_a_later_message_names_loses_the_item(county: OpenWork) -> None:
    async with county() as work:
        case = await a_case_saying(work, "路修坏了")
        item = await an_item_of(work, case)
        in_charge = item.county_leader_id
        assert in_charge is not None
        assert item.id in {one.id for one in (await open_items(work, await who(work, in_charge))).items}
        assert in_charge in {one.staff_id for one in await queued(work, "item_event")}
        complaint = (await work.session.scalars(select(Complaint))).one()
        await reporter_says(work, complaint, f"副县长{(await who(work, in_charge)).name}收了回扣")
        await gets_nothing_of(work, await who(work, in_charge), item)
        number = item.id
    async with county(now=NOW + timedelta(days=40)) as work:
        await remind_unit_heads(work)
        assert in_charge not in {person for people in (await reminders(work))[number].values() for person in people}
        item = await work.session.get_one(RectificationItem, number)
        await handed_in(work, item)
        await gets_nothing_of(work, await who(work, in_charge), item)


async def test_where_the_county_leader_of_a_field_is_named_the_units_own_is_in_charge(county: OpenWork) -> None:
    async with county() as work:
        case = await a_case_saying(work, "路修坏了")
        of_field = await lead_county_leader(work, "U1", "road")
        others = [one.id for one in await county_leaders(work) if one.id != of_field]
        unit = await work.session.get_one(Unit, "U1")
        unit.county_leader_id = others[0]
        work.session.add(CaseShutOut(case_id=case.id, staff_id=of_field))
        await work.session.flush()
        assert (await an_item_of(work, case)).county_leader_id == others[0]
