"""Whoever on the staff is named in a complaint is shut out of it, however it is written and whenever they came."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.cli.health_checks import findings
from models.complaints import Case, CaseShutOut, Complaint, ComplaintMessage
from models.desk import DIRECTOR_DESK, Desk
from models.rounds import Team
from models.staff import Role, Staff, StaffRole
from models.states import CaseState
from services.access.member import member
from services.cases.conflicts_of_interest import READERS
from services.cases.decide import reopen
from services.cases.dialogue import reporter_says
from services.directory import directory
from services.intake.visit import judge
from services.names import names_in
from services.people.leaving import leave, move_to_team
from services.rounds.county_file import read_county
from services.rounds.import_county import import_county
from services.sealed_messages import seal_message
from tests.conftest import OpenWork
from tests.deployment import Deployment
from tests.integration.cases.conftest import county, lay, queued_for  # noqa: F401 (a fixture)
from tests.journey import Journey
from tests.sample import SAMPLE


@pytest.mark.parametrize(
    "pieces",
    [
        ["组里的张建国收礼"],
        ["组里的张 建　国收礼"],
        ["组里的张\u200b建\u2060国收礼"],
        ["组里的张建\n国收礼"],
        ["组里的张\t建国收礼"],
        ["组里的张·建·国收礼"],
        ["组里的张*建*国收礼"],
        ["組裡的張建國收禮"],
        ["组里的张建", "国收礼"],
    ],
)
def test_a_name_is_found_however_it_is_written(pieces: list[str]) -> None:
    for name in ("张建国", "張建國"):
        assert names_in(pieces, [("A", name)]) == {"A"}


def test_a_single_character_is_no_name_and_another_name_is_not_taken_for_it() -> None:
    people = [("A", "苏见微"), ("B", "苏")]
    assert names_in(["苏打水"], people) == frozenset()
    assert names_in(["苏见伟收礼"], people) == frozenset()


async def test_a_name_split_over_what_came_first_and_what_was_added_is_found(county: OpenWork) -> None:  # noqa: F811
    async with county() as work:
        name = (await member(work.session, "P06")).name
        case = await lay(work, f"路坏了,组里有个姓{name[0]}")
        complaint = (await work.session.scalars(select(Complaint))).one()
        await reporter_says(work, complaint, f"{name[1:]}收了钱")
        assert not (await member(work.session, "P06")).sees(case)
        assert (await member(work.session, "P07")).sees(case)


async def test_whoever_moves_to_a_team_is_not_shown_what_names_them(county: OpenWork) -> None:  # noqa: F811
    async with county() as work:
        name = (await member(work.session, "P06")).name
        work.session.add(StaffRole(staff_id="P06", role=Role.UNIT_HEAD, unit_id="U4"))
        named = await lay(work, f"{name}收了钱", desk=Desk.team("T2"), team="T2", unit="U4", village=None)
        other = await lay(work, "路坏了", desk=Desk.team("T2"), team="T2", unit="U5", village=None)
        await move_to_team(work, "P06", "T2")
        who = await member(work.session, "P06")
        assert named.id in who.shut_out_of_cases
        assert who.sees(other)


async def test_whoever_comes_to_a_team_or_the_office_by_the_county_file_is_searched_for(
    county: OpenWork,  # noqa: F811
) -> None:
    async with county() as work:
        name = (await member(work.session, "P06")).name
        await work.session.execute(update(StaffRole).where(StaffRole.staff_id == "P06").values(role=Role.LIAISON))
        await work.session.execute(update(Team).values(board_address=None))
        named = await lay(work, f"{name}收了钱")
        held = await lay(work, f"{name}又收了钱", held_until=work.now)
        assert (await member(work.session, "P06")).shut_out_of_cases == frozenset()
    async with county() as work:
        await import_county(work, read_county(SAMPLE.read_text(encoding="utf-8")))
        who = await member(work.session, "P06")
        assert who.has(Role.TEAM_MEMBER)
        assert who.shut_out_of_cases == {named.id, held.id}
        assert await queued_for(work, "staff:P07", "case_card")


async def test_whoever_came_while_a_case_was_closed_is_searched_for_when_it_is_reopened(
    county: OpenWork,  # noqa: F811
) -> None:
    async with county() as work:
        case = await lay(work, "路坏了", state=CaseState.CLOSED)
        complaint = (await work.session.scalars(select(Complaint))).one()
        message = (await work.session.scalars(select(ComplaintMessage))).one()
        said = (await member(work.session, "P06")).name
        key = work.keyring.complaint_key("R6", complaint.id)
        message.sealed = await seal_message(work, key, message.id, f"{said}收了钱", None)
        assert await judge(work, complaint.id, solved=False)
        assert case.is_open
        assert not (await member(work.session, "P06")).sees(case)


@pytest.mark.parametrize("by", ["reporter", "leader"])
async def test_a_case_whose_owner_left_while_it_was_closed_is_free_when_it_is_reopened(
    county: OpenWork,  # noqa: F811
    by: str,
) -> None:
    async with county() as work:
        case = await lay(work, "路坏了", state=CaseState.CLOSED, owner_id="P06")
        await leave(work, "P06")
        if by == "reporter":
            assert await judge(work, (await work.session.scalars(select(Complaint))).one().id, solved=False)
        else:
            await reopen(work, await member(work.session, "P05"), case.id)
        assert (case.is_open, case.owner_id) == (True, None)


async def test_a_new_name_is_searched_for_too(county: OpenWork) -> None:  # noqa: F811
    async with county() as work:
        case = await lay(work, "阮知秋收了钱")
        await work.session.execute(update(Staff).where(Staff.id == "P06").values(name="阮之秋"))
    async with county() as work:
        await import_county(work, read_county(SAMPLE.read_text(encoding="utf-8")))
        assert (await member(work.session, "P06")).shut_out_of_cases == {case.id}


async def test_the_doctor_names_a_case_that_nobody_may_see_and_the_receipt_promises_no_reader(
    deployment: Deployment,
) -> None:
    journey = await Journey.begin(deployment)
    async with deployment.database.reading() as session:
        names = [person.name for person in (await directory(session)).with_roles(*READERS)]
    resident = journey.resident
    deployment.simulator.scan(resident.person, await deployment.link("V02"))
    await resident.sees(lambda one: bool(one.buttons))
    resident.say("、".join(names) + "一起喝酒")
    await resident.press("1.r.send")
    receipt = await resident.reads("回执码")
    assert "现在还没有人能看" in receipt.text
    assert "主任" not in receipt.text
    assert "小时内有人看" not in receipt.text
    assert "12345" in receipt.text
    async with deployment.database.reading() as session:
        case = (await session.scalars(select(Case))).one()
        assert case.desk == DIRECTOR_DESK
        told = [finding async for finding in findings(deployment.work(session)) if case.id in finding]
    assert len(told) == 1
    assert "another office director" in told[0]
    assert not any(name in told[0] for name in names)


async def test_the_doctor_names_no_case_before_its_batch(county: OpenWork) -> None:  # noqa: F811
    async with county() as work:
        people = (await work.directory()).with_roles(*READERS)
        case = await lay(work, "路坏了", held_until=work.now + timedelta(hours=1))
        work.session.add_all(CaseShutOut(case_id=case.id, staff_id=one.id) for one in people)
        await work.session.flush()
        assert not [finding async for finding in findings(work) if case.id in finding]
        case.held_until = None
        assert [finding async for finding in findings(work) if case.id in finding]


async def test_what_names_the_teams_leader_goes_to_the_director_and_not_to_those_who_are_led(
    deployment: Deployment,
) -> None:
    journey = await Journey.begin(deployment)
    deployment.simulator.scan(journey.resident.person, await deployment.link("V02"))
    await journey.resident.sees(lambda one: bool(one.buttons))
    journey.resident.say("巡察组的古石生吃饭不给钱")
    await journey.resident.press("1.r.send")
    assert "巡察办主任" in (await journey.resident.reads("回执码")).text
    async with deployment.database.reading() as session:
        assert (await session.scalars(select(Case))).one().desk == DIRECTOR_DESK
