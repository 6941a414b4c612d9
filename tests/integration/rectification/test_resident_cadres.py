"""A resident cadre does what is asked of them in their village, and is shown no complaint."""

from datetime import date

import pytest

from handlers.docket.tasks import task_card
from models.docket import TaskKind
from models.rounds import Village
from models.staff import Recusal, RecusalState, Role, Staff, StaffRole
from models.states import NotEntitled, TaskState
from services.cases.case_log import case_known_to
from services.cases.dialogue import ContainsContact
from services.cases.queues import length_of_queue
from services.directory import expire_directory
from services.docket.tasks import (
    DayPast,
    ask_cadre,
    call_off,
    finish,
    move,
    name_matter,
    open_tasks,
    remind_of_tasks,
    task_seen,
    villages_to_ask_in,
)
from services.rectification.list_items import open_items
from services.unit_of_work import UnitOfWork
from tests.accounts import give_account
from tests.conftest import OpenWork
from tests.integration.rectification.conftest import a_verified_case, at, queued, who
from texts.catalogue import Words

DIRECTOR, LEADER, OTHER_LEADER, MEMBER, HEAD = "P03", "P05", "P08", "P06", "P14"
DUE, ASKED, RESULT = date(2026, 12, 1), "请看村口的路修到哪一步了。", "修好了，已通车。"


async def cadre_at(work: UnitOfWork, village_id: str, staff_id: str = "G1") -> None:
    """Make somebody new the resident cadre of a village."""
    if await work.session.get(Staff, staff_id) is None:
        work.session.add(Staff(id=staff_id, name="驻村人"))
        await work.session.flush()
        work.session.add(StaffRole(staff_id=staff_id, role=Role.RESIDENT_CADRE, fields=[]))
        await give_account(work.session, staff_id, 7_100_000_000 + int(staff_id[1:]))
    (await work.session.get_one(Village, village_id)).cadre_id = staff_id
    await work.session.flush()
    expire_directory(work.session)


async def test_a_leader_asks_the_cadre_of_a_village_who_writes_what_came_of_it(county: OpenWork) -> None:
    async with county(now=at(20)) as work:
        leader = await who(work, LEADER)
        assert await villages_to_ask_in(work, leader) == []
        await cadre_at(work, "V01")
        assert [one.id for one in await villages_to_ask_in(work, leader)] == ["V01"]
        for stranger in (OTHER_LEADER, MEMBER, HEAD, "P25", "G1"):
            with pytest.raises(NotEntitled):
                await ask_cadre(work, await who(work, stranger), "V01", DUE, ASKED)
        with pytest.raises(NotEntitled):
            await ask_cadre(work, leader, "V02", DUE, ASKED)
        with pytest.raises(DayPast):
            await ask_cadre(work, leader, "V01", date(2026, 11, 1), ASKED)
        with pytest.raises(ContainsContact):
            await ask_cadre(work, leader, "V01", DUE, "请打13900001111问问。")
        task = await ask_cadre(work, leader, "V01", DUE, ASKED)
        assert [one.staff_id for one in await queued(work, "task_given")] == ["G1"]
        cadre = await who(work, "G1")
        card = await task_card(work, Words("zh_Hans"), cadre, task.id)
        assert ASKED in card.text
        assert "1.task.finish" in str(card.buttons)
        for seeing in (cadre, leader, await who(work, DIRECTOR)):
            assert [one.id for one in (await open_tasks(work, seeing, kinds=(TaskKind.VILLAGE,))).rows] == [task.id]
        for stranger in (OTHER_LEADER, MEMBER, HEAD):
            with pytest.raises(NotEntitled):
                await task_seen(work, await who(work, stranger), task.id)
        await move(work, leader, task.id, date(2026, 12, 3))
        with pytest.raises(NotEntitled):
            await call_off(work, cadre, task.id)
        task_id = task.id
    async with county(now=at(3, month=12)) as work:
        await remind_of_tasks(work)
        assert "G1" in {one.staff_id for one in await queued(work, "task_due")}
        await finish(work, await who(work, "G1"), task_id, RESULT)
        assert (await task_seen(work, await who(work, LEADER), task_id)).task.state is TaskState.DONE
        assert {one.staff_id for one in await queued(work, "task_ended")} == {LEADER}


async def test_a_cadre_sees_no_complaint_and_of_no_other_village(county: OpenWork) -> None:
    async with county(now=at(20)) as work:
        await cadre_at(work, "V01")
        await cadre_at(work, "V02", "G2")
        case, cadre = await a_verified_case(work), await who(work, "G1")
        assert case.village_id == "V01"
        with pytest.raises(NotEntitled):
            await case_known_to(work, cadre, case.id)
        assert not cadre.is_shown_cases
        assert (await length_of_queue(work, cadre)).cases == 0
        assert (await open_items(work, cadre)).items == []
        director = await who(work, DIRECTOR)
        elsewhere = await ask_cadre(work, director, "V02", DUE, ASKED)
        await name_matter(work, director, "U1", HEAD, DUE, "请主动报告。")
        assert (await open_tasks(work, cadre)).rows == []
        with pytest.raises(NotEntitled):
            await task_seen(work, cadre, elsewhere.id)
        task = await ask_cadre(work, director, "V01", DUE, ASKED)
        await cadre_at(work, "V01", "G2")  # somebody else is resident there now
        with pytest.raises(NotEntitled):
            await task_seen(work, await who(work, "G1"), task.id)
        work.session.add(Recusal(staff_id="G2", unit_id="U1", state=RecusalState.ORDERED, reason=""))
        await work.session.flush()
        expire_directory(work.session)
        assert "V01" not in {one.id for one in await villages_to_ask_in(work, director)}
        with pytest.raises(NotEntitled):
            await ask_cadre(work, director, "V01", DUE, ASKED)
