"""How rounds compare: cases and complaints by category; nothing small is shown, and nothing for one pair of eyes."""

import pytest

from models.complaints import THANKS, Door
from models.desk import Desk
from models.rounds import Round
from models.states import CaseState, NotEntitled, RoundState
from services.access.member import member
from services.directory import expire_directory
from services.publication.round_numbers import Numbers, numbers_of_rounds
from services.unit_of_work import UnitOfWork
from tests.conftest import OpenWork
from tests.deployment import Deployment
from tests.integration.cases.conftest import lay
from tests.story import PhoneUser

LEADER, MEMBER, DIRECTOR, CLERK, LEADING_GROUP, HEAD, COUNTY_LEADER = "P05", "P06", "P03", "P04", "P01", "P14", "P25"


async def lay_some(work: UnitOfWork) -> None:
    for number in range(11):
        await lay(work, f"第{number}件", state=CaseState.CLOSED if number < 6 else CaseState.ASSIGNED)
    for number in range(7):
        await lay(work, f"第{number}件", category="fees")
    for number in range(3):
        await lay(work, f"第{number}件", category="subsistence_allowance")
        await lay(work, f"谢谢{number}", category=THANKS)
    for number in range(9):
        await lay(work, f"第{number}件", desk=Desk.leader("T1"), state=CaseState.RESTRICTED, category="fees")


async def test_small_categories_stand_in_the_total_alone_and_a_running_round_counts_in_steps(county: OpenWork) -> None:
    async with county() as work:
        await lay_some(work)
        [running] = [one for one in await numbers_of_rounds(work, await member(work.session, DIRECTOR)) if one.total]
        assert running.goes_on
        assert running.total == Numbers(20, 20, 5)  # of 21
        # Of three nothing is told, and so not of the next smallest either: the rest would say it.
        assert running.by_category == {"road": Numbers(10, 10, 5)}
        (await work.session.get_one(Round, "R6")).state = RoundState.ARCHIVED
        await work.session.flush()
        expire_directory(work.session)
        [over] = [one for one in await numbers_of_rounds(work, await member(work.session, DIRECTOR)) if one.total]
        assert over.total == Numbers(21, 21, 6)
        assert over.by_category == {"road": Numbers(11, 11, 6)}


async def test_a_door_by_which_few_came_is_not_shown_nor_does_it_follow_from_the_others(county: OpenWork) -> None:
    async with county() as work:
        for number in range(11):
            await lay(work, f"第{number}件")
        for door, cases in ((Door.LETTER, 6), (Door.CALL, 7), (Door.TALK, 1)):
            for number in range(cases):
                await lay(
                    work, f"第{number}封", door=door, state=CaseState.CLOSED if number < 5 else CaseState.ASSIGNED
                )
        (await work.session.get_one(Round, "R6")).state = RoundState.ARCHIVED
        await work.session.flush()
        expire_directory(work.session)
        [over] = [one for one in await numbers_of_rounds(work, await member(work.session, DIRECTOR)) if one.total]
        assert over.total == Numbers(25, 25, 11)
        # The one talk is left out, and with it the letters: else it would follow from the total.
        assert over.by_door == {"code": Numbers(11, 11, 0), "call": Numbers(7, 7, 5)}
        assert sum(one.cases for one in over.by_door.values()) <= over.total.cases - 5


async def test_who_neither_works_on_rounds_nor_leads_them_is_shown_none(county: OpenWork) -> None:
    async with county() as work:
        for staff_id in (MEMBER, HEAD, COUNTY_LEADER):
            with pytest.raises(NotEntitled):
                await numbers_of_rounds(work, await member(work.session, staff_id))
        for staff_id in (LEADER, CLERK, LEADING_GROUP):
            await numbers_of_rounds(work, await member(work.session, staff_id))


async def test_the_comparison_reads_on_a_phone(deployment: Deployment) -> None:
    async with deployment.database.transaction() as session:
        await lay_some(deployment.work(session))
    [account] = await deployment.enrol(DIRECTOR)
    director = PhoneUser(deployment.simulator, account)
    director.say("/compare")
    said = await director.reads("各轮信访对比")
    assert "目前至少 20 件 20 次" in said.text
    assert "怎么来的：\n· 二维码 至少 20 件 20 次" in said.text
