"""Copies of items: whose list holds what, what is kept from whom, who has read it; and fields that departments urge."""

from datetime import timedelta

import pytest

from handlers.items.card import item_card
from handlers.items.copies import copy_card
from models.complaints import CaseShutOut
from models.desk import DIRECTOR_DESK
from models.rectification import CopyTo, ItemSource
from models.staff import Recusal, RecusalState
from models.states import Impossible, ItemState, NotEntitled
from services.rectification.copies import confirm_read, copies_for, copy_seen, count_unread
from services.rectification.fields import UrgedAlready, field_item_seen, field_items, urge
from services.rectification.issue_item import issue_item, order_fix
from services.rectification.notices import ItemsCopied
from services.rectification.unit_actions import acknowledge
from services.unit_of_work import UnitOfWork
from tests.conftest import OpenWork
from tests.integration.rectification.conftest import a_verified_case, at, queued, who
from tests.items import new_item
from tests.notices import rendered_for
from texts.catalogue import Words

OFFICE, HEAD, LIAISON, OTHER_HEAD = "P03", "P14", "P20", "P15"
IN_CHARGE, LEADER, CONTACT, DEPARTMENT_HEAD, OTHER_CONTACT = "P23", "P25", "P32", "P39", "P26"
COPIES = ((CopyTo.LEADER, LEADER), (CopyTo.DEPARTMENT, "D07"), (CopyTo.UNIT, "U1"), (CopyTo.UNIT, "U2"))


async def listed(work: UnitOfWork, staff_id: str) -> set[str]:
    return {item.id for item in (await copies_for(work, await who(work, staff_id))).items}


async def test_each_reads_the_copies_that_are_theirs_is_told_once_and_confirms_them(county: OpenWork) -> None:
    async with county(now=at(23)) as work:
        office, due = await who(work, OFFICE), work.today + timedelta(days=30)
        before = {one: await listed(work, one) for one in (LEADER, CONTACT, HEAD, OTHER_HEAD)}
        said = {"copies": COPIES, "category": "road", "source": ItemSource.OFFICE}
        issued = {(await issue_item(work, office, new_item("U1", f"第{n}段路坏了", due, **said))).id for n in (1, 2)}
        for reader in (LEADER, CONTACT, DEPARTMENT_HEAD, HEAD, LIAISON):
            assert issued <= await listed(work, reader)
        assert await listed(work, OTHER_HEAD) == before[OTHER_HEAD]  # its unit does not answer for them
        assert not issued & await listed(work, OTHER_CONTACT)
        told = sorted(one.staff_id for one in await queued(work, ItemsCopied.kind))
        assert told == sorted([LEADER, CONTACT, DEPARTMENT_HEAD])  # once for both; the unit has the order itself
        notice = await rendered_for(work, f"staff:{CONTACT}", ItemsCopied())
        assert notice is not None
        item_id = min(issued)
        contact = await who(work, CONTACT)
        shown = await copy_card(work, Words("zh_Hans"), contact, item_id)
        assert "段路坏了" in shown.text
        assert "来源" not in shown.text
        unread = await count_unread(work, contact)
        item = await confirm_read(work, contact, item_id)
        await confirm_read(work, contact, item_id)
        assert await count_unread(work, contact) == unread - 1
        await acknowledge(work, await who(work, HEAD), item_id)  # and so has read it
        card = (await item_card(work, Words("zh_Hans"), office, item)).text
        read, unread_by = (next(line for line in card.splitlines() if one in line) for one in ("已阅：", "未阅："))
        assert "县交通运输局 桂长宁" in read
        assert "竹坞镇党委 邢立" in read
        assert "鲍新城" in unread_by
        assert "已阅：" not in (await item_card(work, Words("zh_Hans"), await who(work, HEAD), item)).text
        for stranger in (OTHER_HEAD, OTHER_CONTACT, IN_CHARGE):
            with pytest.raises(NotEntitled):
                await confirm_read(work, await who(work, stranger), item_id)


async def test_a_copy_is_kept_from_whom_a_case_behind_the_item_names_and_from_whom_is_recused(county: OpenWork) -> None:
    async with county(now=at(23)) as work:
        case = await a_verified_case(work)
        for named in (CONTACT, LEADER):
            work.session.add(CaseShutOut(case_id=case.id, staff_id=named))
        await work.session.flush()
        item = await order_fix(work, await who(work, "P05"), case.id, "请修路。", work.today + timedelta(days=20))
        assert item.id in await listed(work, DEPARTMENT_HEAD)
        assert item.id in {one.id for one in (await field_items(work, await who(work, DEPARTMENT_HEAD))).items}
        assert CONTACT not in {one.staff_id for one in await queued(work, ItemsCopied.kind)}
        work.session.add(Recusal(staff_id=DEPARTMENT_HEAD, unit_id="U1", state=RecusalState.DECLARED, reason="亲属"))
        await work.session.flush()
    async with county(now=at(23)) as work:
        for kept_from in (CONTACT, LEADER, DEPARTMENT_HEAD):
            reader = await who(work, kept_from)
            assert item.id not in await listed(work, kept_from)
            for refused in (copy_seen, confirm_read, field_item_seen, urge):
                with pytest.raises(NotEntitled):
                    await refused(work, reader, item.id)


async def test_a_department_urges_what_is_open_in_its_field_once_a_week(county: OpenWork) -> None:
    async with county(now=at(23)) as work:
        office, due = await who(work, OFFICE), work.today + timedelta(days=30)
        item = await issue_item(work, office, new_item("U2", "路坏了", due, category="road"))
        restricted = await issue_item(work, office, new_item("U2", "桥坏了", due, category="road"))
        restricted.desk = DIRECTOR_DESK
        contact = await who(work, CONTACT)
        seen = {one.id for one in (await field_items(work, contact)).items}
        assert item.id in seen
        assert restricted.id not in seen
        await urge(work, contact, item.id)
        with pytest.raises(UrgedAlready):
            await urge(work, await who(work, DEPARTMENT_HEAD), item.id)
        for stranger in (OTHER_CONTACT, LEADER, OTHER_HEAD):
            with pytest.raises(NotEntitled):
                await urge(work, await who(work, stranger), item.id)
        with pytest.raises(NotEntitled):
            await urge(work, contact, restricted.id)
        told = {one.staff_id for one in await queued(work, "item_event") if one.args["version"] == item.version}
        assert {OTHER_HEAD, "P21"} <= told
        assert "县交通运输局" in (await item_card(work, Words("zh_Hans"), office, item)).text
    async with county(now=at(30)) as work:
        again = await urge(work, await who(work, CONTACT), item.id)
        again.state = ItemState.SUBMITTED
        await work.session.flush()
        with pytest.raises(Impossible):
            await urge(work, await who(work, CONTACT), item.id)
