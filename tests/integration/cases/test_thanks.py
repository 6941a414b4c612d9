"""Thanks: no case to decide on, read by somebody, and linked to what they praise."""

import pytest
from sqlalchemy import select

from handlers.items.card import item_card
from models.audit import Audited, AuditEntry
from models.complaints import ItemThanks
from models.rectification import RectificationItem
from models.states import CaseState, Impossible, NotEntitled
from services.access.member import member
from services.cases.cards import bring_card
from services.cases.case_log import complaints_of
from services.cases.dialogue import team_messages_of
from services.cases.thanks import items_to_praise, take_as_thanks
from services.intake.sort_anew import set_category
from services.intake.visit import ReporterAction, judge, view
from tests.conftest import OpenWork
from tests.deployment import Deployment
from tests.integration.cases.conftest import lay
from tests.story import PhoneUser
from texts.catalogue import Words

MEMBER, HEAD, DIRECTOR = "P06", "P14", "P03"
SAID = "桥修好了，谢谢你们"
WORDS = Words("zh_Hans")


async def test_thanks_are_taken_and_linked_and_their_writer_is_told_and_asked_nothing(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, SAID, category="thanks")
        who = await member(work.session, MEMBER)
        item = (await items_to_praise(work, who, case))[0]
        await take_as_thanks(work, who, case.id, item.id)
        assert (case.state, case.is_open) == (CaseState.CLOSED, False)
        [complaint] = await complaints_of(work, case)
        assert [said.key for said in await team_messages_of(work, complaint)] == ["thanked"]
        visit = await view(work, complaint.id)
        assert visit is not None
        assert visit.may == frozenset()  # there is nothing to be solved, nor to be content with
        entry = select(AuditEntry.subject).where(AuditEntry.action == Audited.TAKEN_AS_THANKS)
        assert list(await work.session.scalars(entry)) == [item.id]
        director, head = await member(work.session, DIRECTOR), await member(work.session, HEAD)
        assert "收到群众感谢 1 次" in (await item_card(work, WORDS, director, item)).text
        assert "感谢" not in (await item_card(work, WORDS, head, item)).text  # so few, and it may tell who


async def test_a_complaint_is_never_taken_as_thanks(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, "路坏了")
        with pytest.raises(Impossible):
            await take_as_thanks(work, await member(work.session, MEMBER), case.id, None)
        assert case.state == CaseState.ASSIGNED


async def test_a_complaint_that_somebody_files_as_thanks_can_be_taken_up_again_by_its_reporter(
    county: OpenWork,
) -> None:
    async with county() as work:
        case, leader = await lay(work, "路坏了"), await member(work.session, "P05")
        await set_category(work, leader, case.id, "thanks")
        await take_as_thanks(work, leader, case.id, None)
        [complaint] = await complaints_of(work, case)
        visit = await view(work, complaint.id)
        assert visit is not None
        assert visit.may == {ReporterAction.REOPEN}
        assert await judge(work, complaint.id, solved=False)
        assert case.state == CaseState.REOPENED


async def test_thanks_are_linked_to_no_item_of_another_unit(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, SAID, category="thanks")
        who = await member(work.session, MEMBER)
        others = select(RectificationItem.id).where(RectificationItem.unit_id != case.unit_id).limit(1)
        with pytest.raises(NotEntitled):
            await take_as_thanks(work, who, case.id, await work.session.scalar(others))
        assert list(await work.session.scalars(select(ItemThanks))) == []


async def test_on_a_phone_thanks_are_taken_by_two_presses(deployment: Deployment) -> None:
    [account] = await deployment.enrol(MEMBER)
    phone = PhoneUser(deployment.simulator, account)
    async with deployment.database.transaction() as session:
        work = deployment.work(session)
        case = await lay(work, SAID, category="thanks")
        await bring_card(work, case, await member(session, MEMBER))
    await phone.press(f"1.case.take_as_thanks.{case.id}")
    await phone.press("1.form.choose.take_as_thanks")
    await phone.reads("已办结")
    async with deployment.database.reading() as session:
        assert len(list(await session.scalars(select(ItemThanks)))) == 1
