"""The office or the leader sets a case's unit and category, and what depends on them follows."""

import pytest
from sqlalchemy import select

from handlers.cases.card import offered
from models.address import Address
from models.audit import Audited, AuditEntry
from models.complaints import Case, CaseShutOut
from models.delivery import OutboxRow, OutboxState, SentMessage
from models.desk import DIRECTOR_DESK, OFFICE_DESK, Desk
from models.recipient import Recipient
from models.states import CaseState, Impossible, NotEntitled
from services.access.member import member
from services.cases.assign import NobodyMaySee
from services.cases.claim import claim
from services.cases.queues import Counts, queue
from services.cases.read_case import hand_over
from services.delivery.recall import ListName, list_key
from services.intake.sort_anew import set_category, set_unit
from services.people.recusal import recuse
from services.rectification.issue_item import UnitUnknown, case_to_fix
from services.unit_of_work import UnitOfWork
from tests.conftest import OpenWork
from tests.integration.cases.conftest import counts, events_of, lay, queued_for, rendered


async def at_office(work: UnitOfWork, **how: object) -> Case:
    """Return a case that came by the round's own code."""
    how = {"desk": OFFICE_DESK, "team": None, "state": CaseState.PENDING_ASSIGN, "unit": None, "village": None, **how}
    return await lay(work, "路坏了", **how)  # type: ignore[arg-type]


async def test_the_office_sets_the_unit_of_a_case_and_it_goes_to_the_team_of_that_unit(county: OpenWork) -> None:
    async with county() as work:
        case = await at_office(work)
        await set_unit(work, await member(work.session, "P04"), case.id, "U5")
        assert (case.unit_id, case.team_id, case.desk) == ("U5", "T2", Desk.team("T2"))
        assert (case.state, case.is_open) == (CaseState.ASSIGNED, True)


async def test_a_case_about_a_head_goes_to_the_leader_of_the_units_team_alone(county: OpenWork) -> None:
    async with county() as work:
        case = await at_office(work, concerns_head=True)
        await set_unit(work, await member(work.session, "P04"), case.id, "U2")
        assert (case.desk, case.state) == (Desk.leader("T2"), CaseState.RESTRICTED)


async def test_a_leader_gives_a_case_away_by_setting_the_unit_of_another_team(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, "路坏了", owner_id="P06")
        await set_unit(work, await member(work.session, "P05"), case.id, "U2")
        assert (case.desk, case.owner_id, case.state) == (Desk.team("T2"), None, CaseState.ASSIGNED)
        assert case.village_id is None  # the village was another unit's
        with pytest.raises(NotEntitled):
            await claim(work, await member(work.session, "P06"), case.id)
        await claim(work, await member(work.session, "P09"), case.id)


async def test_with_the_unit_a_fix_can_be_ordered(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, "路坏了", state=CaseState.VERIFYING, unit=None, village=None)
        leader = await member(work.session, "P05")
        with pytest.raises(UnitUnknown):
            await case_to_fix(work, leader, case.id)
        await set_unit(work, leader, case.id, "U1")
        assert (await case_to_fix(work, leader, case.id)).unit_id == "U1"
        assert case.state == CaseState.VERIFYING  # what was begun goes on


async def test_whoever_is_shut_out_of_the_new_unit_loses_the_case_and_what_they_have_read(county: OpenWork) -> None:
    async with county() as work:
        await recuse(work, "P06", "U4", by=await member(work.session, "P06"))
        case = await lay(work, "路坏了", owner_id="P06")
        await hand_over(work, await member(work.session, "P06"), case.id)
        texts = select(OutboxRow).where(
            OutboxRow.recipient == Recipient.staff("P06"), OutboxRow.state == OutboxState.QUEUED
        )
        assert list(await work.session.scalars(texts))
        await set_unit(work, await member(work.session, "P05"), case.id, "U4")
        assert case.desk == Desk.team("T1")
        assert case.owner_id is None
        shut_out = await member(work.session, "P06")
        assert not shut_out.knows_of(case)
        assert case.id not in [one.id for one in (await queue(work, shut_out)).cases]
        card = (await queued_for(work, "staff:P05", "case_card"))[-1]
        assert await rendered(work, "staff:P05", card) is not None


async def test_a_case_that_names_somebody_still_shuts_them_out(county: OpenWork) -> None:
    async with county() as work:
        case = await at_office(work)
        work.session.add(CaseShutOut(case_id=case.id, staff_id="P08"))  # the leader of T2
        await work.session.flush()
        await set_unit(work, await member(work.session, "P04"), case.id, "U2")
        assert case.desk == DIRECTOR_DESK  # one about the leader is none for those who are led
        assert case.state == CaseState.RESTRICTED


async def test_a_case_that_nobody_could_see_then_stays_as_it_is(county: OpenWork) -> None:
    async with county() as work:
        for staff_id in ("P03", "P08", "P09", "P10"):
            await recuse(work, staff_id, "U2", by=await member(work.session, staff_id))
        case = await at_office(work)
        with pytest.raises(NobodyMaySee):
            await set_unit(work, await member(work.session, "P04"), case.id, "U2")
        assert (case.unit_id, case.desk) == (None, OFFICE_DESK)


async def test_counts_follow_the_unit_and_the_desk(county: OpenWork) -> None:
    async with county() as work:
        office, first, second = [await member(work.session, one) for one in ("P04", "P05", "P08")]
        case = await at_office(work)
        assert await counts(work, office) == Counts(1, 0)
        await set_unit(work, office, case.id, "U1")
        assert [await counts(work, who) for who in (office, first, second)] == [
            Counts(0, 0),
            Counts(1, 0),
            Counts(0, 0),
        ]
        await set_unit(work, first, case.id, "U4")
        assert await counts(work, first) == Counts(1, 0)
        await set_unit(work, first, case.id, "U2")
        assert [await counts(work, who) for who in (first, second)] == [Counts(0, 0), Counts(1, 0)]


async def test_a_category_of_public_safety_puts_a_case_in_front(county: OpenWork) -> None:
    async with county() as work:
        leader = await member(work.session, "P05")
        older, case = await lay(work, "路坏了"), await lay(work, "桥有点怪")
        await set_category(work, leader, case.id, "unsafe_bridge")
        assert [one.id for one in (await queue(work, leader)).cases] == [case.id, older.id]
        assert await counts(work, leader) == Counts(2, 1)
        await set_category(work, leader, case.id, "fees")  # a danger is never taken back by a word
        assert case.hazard


async def test_a_category_about_the_team_lays_a_case_before_the_director(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, "你们组的人吃了人家的饭")
        await set_category(work, await member(work.session, "P05"), case.id, "team_conduct")
        assert (case.desk, case.state, case.concerns_team) == (DIRECTOR_DESK, CaseState.RESTRICTED, True)
        assert not (await member(work.session, "P05")).knows_of(case)


async def test_the_cards_are_made_anew(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, "路坏了")
        await set_category(work, await member(work.session, "P05"), case.id, "fees")
        [card] = (await queued_for(work, "staff:P06", "case_card"))[-1:]
        shown = await rendered(work, "staff:P06", card)
        assert shown is not None
        assert "乱收费乱摊派" in shown.text


async def test_what_was_set_and_what_stood_before_is_in_both_logs(county: OpenWork) -> None:
    async with county() as work:
        case, leader = await lay(work, "路坏了"), await member(work.session, "P05")
        await set_category(work, leader, case.id, "fees")
        await set_unit(work, leader, case.id, "U4")
        assert [event for event in await events_of(work, case) if event.startswith("set_")] == [
            "set_category",
            "set_unit",
        ]
        query = select(AuditEntry).where(AuditEntry.case_id == case.id).order_by(AuditEntry.number)
        entries = list(await work.session.scalars(query))
        assert [(entry.action, entry.by_id) for entry in entries] == [
            (Audited.CATEGORY_SET, "P05"),
            (Audited.UNIT_SET, "P05"),
        ]
        assert [(entry.detail["before"], entry.detail.get("unit")) for entry in entries] == [
            ("road", None),
            ("U1", "U4"),
        ]


async def test_a_member_sets_neither_and_a_unit_of_no_team_cannot_be_set(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, "路坏了", owner_id="P06")
        owner = await member(work.session, "P06")
        assert not {"set_unit", "set_category"} & {action.name for action in offered(owner, case)}
        with pytest.raises(NotEntitled):
            await set_unit(work, owner, case.id, "U4")
        with pytest.raises(NotEntitled):
            await set_unit(work, await member(work.session, "P05"), case.id, "县林业局党组")


async def test_once_a_fix_was_ordered_the_unit_stands(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, "路坏了", state=CaseState.FIXING)
        with pytest.raises(Impossible):
            await set_unit(work, await member(work.session, "P05"), case.id, "U4")


async def test_a_director_who_is_shut_out_of_the_new_unit_keeps_no_list_with_the_case_in_it(county: OpenWork) -> None:
    async with county() as work:
        await recuse(work, "P03", "U2", by=await member(work.session, "P03"))
        key = list_key("P03", ListName.QUEUE)
        work.session.add(SentMessage(message_key=key, address=Address("telegram", "3"), message_id=7))
        case = await lay(work, "路坏了")
        await set_unit(work, await member(work.session, "P05"), case.id, "U2")
        assert await work.session.get(SentMessage, key) is None
