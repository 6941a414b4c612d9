"""Staff leave, change teams, lose phones and are recused: at once, and no case is lost."""

import pytest
from sqlalchemy import select

from models.audit import Audited, AuditEntry
from models.complaints import Case
from models.desk import DIRECTOR_DESK, Desk
from models.rounds import Team
from models.staff import Role, Staff
from models.states import CaseState, NotEntitled
from services.access.addresses import addresses_of
from services.access.member import member, member_at
from services.cases.claim import claim
from services.cases.queues import queue
from services.people.enrol import invite
from services.people.leaving import leave, lock_out, move_to_team
from services.people.recusal import OwnRecusal, readmit, recuse
from services.unit_of_work import UnitOfWork
from tests.conftest import OpenWork
from tests.deployment import Deployment
from tests.integration.cases.conftest import counts, county, lay, queued_for  # noqa: F401 (a fixture)
from tests.journey import SAID, Journey
from tests.story import PhoneUser


async def seen(work: UnitOfWork, staff_id: str) -> set[str]:
    who = await member(work.session, staff_id)
    page = await queue(work, who)
    assert (await counts(work, who)).open_cases == len(page.cases)
    return {case.id for case in page.cases}


async def test_whoever_leaves_has_no_account_and_their_cases_are_free(county: OpenWork) -> None:  # noqa: F811
    async with county() as work:
        case = await lay(work, "路坏了")
        [account] = await addresses_of(work.session, "P06")
        await claim(work, await member(work.session, "P06"), case.id)
        await leave(work, "P06")
        assert await member_at(work.session, account) is None
        assert (await work.session.get_one(Case, case.id)).owner_id is None
        assert case.id in await seen(work, "P05")
        with pytest.raises(NotEntitled):
            await member(work.session, "P06")
        assert await queued_for(work, "staff:P05", "staff_gone")
        assert not await queued_for(work, "staff:P06")


async def test_what_only_a_leader_saw_goes_to_the_director_when_the_leader_leaves(
    county: OpenWork,  # noqa: F811
) -> None:
    async with county() as work:
        case = await lay(work, "书记的事", desk=Desk.leader("T1"), state=CaseState.RESTRICTED)
        await leave(work, "P05")
        assert (await work.session.get_one(Case, case.id)).desk == DIRECTOR_DESK
        assert case.id in await seen(work, "P03")


async def test_who_changes_teams_sees_the_new_ones_cases_and_no_more_of_the_old(
    county: OpenWork,  # noqa: F811
) -> None:
    async with county() as work:
        old = await lay(work, "路坏了")
        new = await lay(work, "桥坏了", desk=Desk.team("T2"), team="T2", unit="U2")
        await claim(work, await member(work.session, "P06"), old.id)
        assert await seen(work, "P06") == {old.id}
        await move_to_team(work, "P06", "T2")
        assert await seen(work, "P06") == {new.id}
        assert (await work.session.get_one(Case, old.id)).owner_id is None
        with pytest.raises(NotEntitled):
            await move_to_team(work, "P06", "T99")


async def test_a_recusal_shuts_out_at_once_and_only_the_director_lifts_it(county: OpenWork) -> None:  # noqa: F811
    async with county() as work:
        case = await lay(work, "路坏了")
        who = await member(work.session, "P06")
        await claim(work, who, case.id)
        await recuse(work, "P06", "U1", by=who)
        assert await seen(work, "P06") == set()
        assert (await work.session.get_one(Case, case.id)).owner_id is None
        for somebody in ("P06", "P05", "P04"):
            with pytest.raises(NotEntitled):
                await readmit(work, "P06", "U1", by=await member(work.session, somebody))
        with pytest.raises(NotEntitled):
            await recuse(work, "P07", "U1", by=await member(work.session, "P06"))
        await readmit(work, "P06", "U1", by=await member(work.session, "P03"))
        assert await seen(work, "P06") == {case.id}


async def test_when_all_of_a_team_are_recused_its_cases_go_to_the_director(county: OpenWork) -> None:  # noqa: F811
    async with county() as work:
        case = await lay(work, "路坏了")
        team = await work.session.scalars(select(Staff.id))
        for staff_id in list(team):
            who = await member(work.session, staff_id)
            if "T1" in who.teams(Role.TEAM_LEADER, Role.TEAM_MEMBER):
                await recuse(work, staff_id, "U1")
        assert (await work.session.get_one(Case, case.id)).desk == DIRECTOR_DESK


async def test_a_director_does_not_lift_their_own_recusal(deployment: Deployment) -> None:
    await deployment.enrol("P03")
    async with deployment.database.transaction() as session:
        await recuse(deployment.work(session), "P03", "U1")
    office = PhoneUser(deployment.simulator, deployment.staff["P03"])
    office.say("/staff P03")
    await office.press("1.people.units")
    await office.press("1.people.readmit.P03.U1")
    await office.reads("自己不能解除")
    async with deployment.database.transaction() as session:
        work = deployment.work(session)
        assert (await member(session, "P03")).shut_out_of == {"U1"}
        with pytest.raises(OwnRecusal):
            await readmit(work, "P03", "U1", by=await member(session, "P03"))
        await readmit(work, "P03", "U1")  # on the command line
        assert not (await member(session, "P03")).shut_out_of


async def test_a_recusal_touches_no_cases_of_other_units(county: OpenWork) -> None:  # noqa: F811
    async with county() as work:
        await lay(work, "桥坏了", desk=Desk.team("T2"), team="T2", unit="U2")
        shown = len(await queued_for(work, "staff:P08", "case_card"))
        await recuse(work, "P06", "U1")
        assert len(await queued_for(work, "staff:P08", "case_card")) == shown


async def test_whoever_is_named_sees_neither_card_nor_count_nor_text(deployment: Deployment) -> None:
    journey = await Journey.begin(deployment)
    async with deployment.database.reading() as session:
        name = (await session.get_one(Staff, "P06")).name
    resident, simulator = journey.resident, deployment.simulator
    simulator.scan(resident.person, await deployment.link("V02"))
    await resident.sees(lambda one: bool(one.buttons))
    resident.say(f"桥裂了,{name}来看过,收了钱就走了")
    await resident.can_press("1.r.send")
    await resident.press("1.r.send")
    await journey.receipt()
    await journey.leader.can_press("1.case.open")  # in private: the board would show it to all
    assert not any("1.case" in str(one.buttons) for one in simulator.messages(journey.board.chat))
    async with deployment.database.reading() as session:
        case = (await session.scalars(select(Case))).one()
        work = deployment.work(session)
        assert await seen(work, "P06") == set()
        assert await seen(work, "P05") == {case.id}
    before = journey.member.last_id
    journey.member.say("/queue")
    told = await journey.member.sees(lambda one: one.from_bot, after=before + 1)
    assert case.id not in told.text
    received = [one.data for one in simulator.received(journey.member.person) if one.from_bot]
    assert not any(case.id.encode() in data for data in received)


async def test_whoever_a_later_message_names_loses_the_case_at_once(deployment: Deployment) -> None:
    journey = await Journey.begin(deployment)
    async with deployment.database.reading() as session:
        name = (await session.get_one(Staff, "P06")).name
    await journey.resident_submits_with_a_photo()
    await journey.member_claims_and_reads()
    texts = [one.message_id for one in deployment.simulator.messages(journey.member.person) if SAID in one.text]
    journey.resident.say(journey.code)
    await journey.resident.press("1.r.add")
    journey.resident.say(f"{name}的车停在路中间")
    await journey.resident.press("1.r.put_in")
    await journey.leader.can_press("1.case.claim")
    await deployment.simulator.wait_for(
        journey.member.person, lambda shown: not {one.message_id for one in shown} & set(texts) or None
    )
    async with deployment.database.reading() as session:
        assert await seen(deployment.work(session), "P06") == set()


async def test_the_director_locks_out_a_lost_phone_and_hands_over_a_new_way_in_in_one_step(
    deployment: Deployment,
) -> None:
    journey = await Journey.begin(deployment)
    await journey.resident_submits_with_a_photo()
    await journey.member_claims_and_reads()
    lost, office = journey.member, journey.office
    async with deployment.database.reading() as session:
        name = (await session.get_one(Staff, "P06")).name
    office.say(f"/staff {name}")
    await office.press("1.people.lost.P06")
    await office.press("1.people.lost_yes.P06")
    told = await office.reads("旧账号已锁住")
    await deployment.simulator.wait_for(
        lost.person, lambda shown: not any(SAID in one.text or "1.case" in str(one.buttons) for one in shown) or None
    )
    before = lost.last_id
    lost.say("/queue")
    assert journey.case_id not in (await lost.sees(lambda one: one.from_bot, after=before + 1)).text
    link = next(word for word in told.text.split() if "start=" in word)
    phone = deployment.simulator.add_person("新手机")
    deployment.simulator.scan(phone, link)
    await PhoneUser(deployment.simulator, phone).reads(name)


async def test_who_invited_somebody_in_chat_is_written_down(deployment: Deployment) -> None:
    journey = await Journey.begin(deployment)
    async with deployment.database.transaction() as session:
        await invite(deployment.work(session), "P06")
    journey.office.say("/staff P06")
    await journey.office.press("1.people.lost.P06")
    await journey.office.press("1.people.lost_yes.P06")
    await journey.office.reads("旧账号已锁住")
    async with deployment.database.reading() as session:
        query = select(AuditEntry).where(AuditEntry.action == Audited.INVITED, AuditEntry.subject == "P06")
        by = [entry.by_id for entry in await session.scalars(query.order_by(AuditEntry.number))]
    assert by == [None, "P03"]  # the first came from the command line


async def test_only_the_director_manages_people_and_leaving_is_asked_twice(deployment: Deployment) -> None:
    journey = await Journey.begin(deployment)
    journey.leader.say("/staff P06")
    await journey.leader.reads("只归巡察办主任")
    journey.office.say("/staff P06")
    await journey.office.press("1.people.leave.P06")
    await journey.office.press("1.people.leave_yes.P06")
    await journey.office.reads("已离开")
    before = journey.member.last_id
    journey.member.say("/whoami")
    told = await journey.member.sees(lambda one: one.from_bot, after=before + 1)
    assert "巡察组" not in told.text
    async with deployment.database.reading() as session:
        assert (await session.get_one(Staff, "P06")).left_at is not None
        assert (await session.get_one(Team, "T1")).board_address is None


async def test_a_member_recuses_themselves_in_chat(deployment: Deployment) -> None:
    journey = await Journey.begin(deployment)
    await journey.resident_submits_with_a_photo()
    await journey.member_claims_and_reads()
    journey.member.say("/recuse")
    async with deployment.database.reading() as session:
        case = await session.get_one(Case, journey.case_id)
    await journey.member.press(f"1.recuse.sure.{case.unit_id}")
    await journey.member.press(f"1.recuse.yes.{case.unit_id}")
    await journey.member.reads("您已回避")
    await deployment.simulator.wait_for(
        journey.member.person, lambda shown: not any(SAID in one.text for one in shown) or None
    )
    async with deployment.database.reading() as session:
        assert await seen(deployment.work(session), "P06") == set()


async def test_a_lost_phone_is_locked_out_and_its_person_stays(county: OpenWork) -> None:  # noqa: F811
    async with county() as work:
        await lock_out(work, "P06")
        assert await addresses_of(work.session, "P06") == []
        assert (await member(work.session, "P06")).id == "P06"
