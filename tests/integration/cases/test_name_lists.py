"""Lists that a team brings: sealed, for this team alone, and hints that tell nobody who reported."""

import pytest
from sqlalchemy import func, select

from models.audit import Audited, AuditEntry
from models.complaints import Case
from models.desk import OFFICE_DESK, Desk
from models.name_lists import NameList, NameListKind
from models.rounds import Round
from models.states import NotEntitled, RoundState
from services.access.member import member
from services.cases import name_lists
from services.cases.name_list_file import read_names
from services.cases.name_lists import BroughtBefore, NothingToCompare, TooManyLists, delete_list, keep_list, lists_of
from services.cases.name_matches import NameMatch, compare_lists, matches_for
from services.cases.read_case import hand_over
from services.cases.unmask import unmask
from services.rounds.destroy_key import erase_round
from services.unit_of_work import UnitOfWork
from tests.conftest import OpenWork
from tests.deployment import Deployment
from tests.integration.cases.conftest import lay, queued_for, rendered
from tests.story import PhoneUser

LEADER, MEMBER, COLLEAGUE, OTHER_TEAM, DIRECTOR = "P05", "P06", "P07", "P08", "P03"
ALLOWANCES = "姓名,村,月补贴\n钱万顺,上竹坞村,300\n孙小田,桥头岭村,280\n李石头,上竹坞村,260\n"
CADRES = "干部姓名,所在村,亲属\n周大川,上竹坞村,李石头、周小妹\n钱万顺,桥头岭村,\n"


async def bring(
    work: UnitOfWork, text: str, kind: NameListKind = NameListKind.ALLOWANCES, staff_id: str = MEMBER, team: str = "T1"
) -> NameList:
    return await keep_list(work, await member(work.session, staff_id), team, kind, "2026年低保", read_names(text))


async def matches(work: UnitOfWork, staff_id: str, case: Case) -> list[NameMatch]:
    return await matches_for(work, await member(work.session, staff_id), case)


async def test_a_case_shows_the_rows_that_may_have_to_do_with_it_those_of_its_village_first(county: OpenWork) -> None:
    async with county() as work:
        await bring(work, ALLOWANCES)
        case = await lay(work, "孙小田家开小车，钱萬順家也吃低保", village="V01")
        found = await matches(work, MEMBER, case)
        assert [(one.row.number, one.by, one.same_village) for one in found] == [
            (2, ("钱万顺",), True),
            (3, ("孙小田",), False),
        ]
        await hand_over(work, await member(work.session, MEMBER), case.id)
        [notice] = await queued_for(work, f"staff:{MEMBER}", "case_matches")
        shown = await rendered(work, f"staff:{MEMBER}", notice)
        assert shown is not None
        assert "可能相关" in shown.text
        assert "2026年低保 第 2 行（对上：钱万顺，同村）" in shown.text
        assert "月补贴：300" in shown.text
        assert shown.protect
        assert notice.delete_after_hours is not None
        entries = select(AuditEntry.by_id).where(
            AuditEntry.action == Audited.NAMES_COMPARED, AuditEntry.case_id == case.id
        )
        assert list(await work.session.scalars(entries)) == [MEMBER]


async def test_a_company_is_found_too_and_a_plate_where_the_case_was_unmasked(county: OpenWork) -> None:
    async with county() as work:
        await bring(work, "车牌号,单位\n湘A·8K212,镇政府\n", NameListKind.VEHICLES)
        await bring(work, "公司,项目\n宏达路桥有限公司,村道\n", NameListKind.CONTRACTS)
        case = await lay(work, "湘A·8k212这台车周末停在饭店，宏达路桥有限公司修的路又坏了")
        assert {one.by for one in await matches(work, MEMBER, case)} == {("宏达路桥有限公司",)}
        await unmask(work, await member(work.session, LEADER), case.id, "要去核对")
        assert {one.by for one in await matches(work, MEMBER, case)} == {("湘A·8K212",), ("宏达路桥有限公司",)}


async def test_what_leads_to_the_reporter_matches_no_row_also_unmasked(county: OpenWork) -> None:
    async with county() as work:
        await bring(work, ALLOWANCES)
        case = await lay(work, "我叫钱万顺，孙小田家开小车")
        assert [one.by for one in await matches(work, MEMBER, case)] == [("孙小田",)]
        await unmask(work, await member(work.session, LEADER), case.id, "要去核对")
        assert [one.by for one in await matches(work, MEMBER, case)] == [("孙小田",)]


async def test_no_other_team_and_not_the_office_has_them(county: OpenWork) -> None:
    async with county() as work:
        kept = await bring(work, ALLOWANCES)
        case = await lay(work, "钱万顺家吃低保")
        moved = await lay(work, "钱万顺家吃低保", desk=Desk.team("T2"), team="T2", unit="U2", village="V05")
        offices = await lay(work, "钱万顺家吃低保", desk=OFFICE_DESK, team=None, unit=None, village=None)
        assert await matches(work, COLLEAGUE, case)
        for staff_id, one in ((OTHER_TEAM, case), (OTHER_TEAM, moved), (DIRECTOR, case), (DIRECTOR, offices)):
            assert await matches(work, staff_id, one) == []
        for staff_id in (OTHER_TEAM, DIRECTOR):
            who = await member(work.session, staff_id)
            with pytest.raises(NotEntitled):
                await compare_lists(work, who, "T1")
            with pytest.raises(NotEntitled):
                await delete_list(work, who, kept.id)
            with pytest.raises(NotEntitled):
                await bring(work, CADRES, staff_id=staff_id)
        restricted = await lay(work, "钱万顺家吃低保", desk=Desk.leader("T1"))
        assert await matches(work, MEMBER, restricted) == []
        assert await matches(work, LEADER, restricted)


async def test_lists_meet_in_people_of_one_name_and_village_relatives_too(county: OpenWork) -> None:
    async with county() as work:
        await bring(work, ALLOWANCES)
        await bring(work, CADRES, NameListKind.CADRES)
        pairs = await compare_lists(work, await member(work.session, MEMBER), "T1")
        assert [(one.name, one.village) for one in pairs] == [("李石头", "上竹坞村")]
        assert {pairs[0].first[1].number, pairs[0].second[1].number} == {2, 4}
        logged = select(func.count()).select_from(AuditEntry).where(AuditEntry.action == Audited.NAMES_COMPARED)
        assert await work.session.scalar(logged) == 1


async def test_a_list_is_sealed_brought_once_and_deleted_with_an_entry_each(
    county: OpenWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with county() as work:
        kept = await bring(work, ALLOWANCES)
        assert "钱万顺".encode() not in kept.sealed
        with pytest.raises(BroughtBefore):
            await bring(work, ALLOWANCES.replace("\n", "\r\n"), NameListKind.OTHER, staff_id=COLLEAGUE)
        with pytest.raises(NothingToCompare):
            await bring(work, "姓名,村\n3月5日,上竹坞村\n")
        monkeypatch.setattr(name_lists, "MOST_LISTS", 1)
        with pytest.raises(TooManyLists):
            await bring(work, CADRES)
        await delete_list(work, await member(work.session, COLLEAGUE), kept.id)
        team = (await work.directory()).teams["T1"]
        assert await lists_of(work, team) == []
        actions = [entry.action for entry in await work.session.scalars(select(AuditEntry))]
        assert actions.count(Audited.NAMES_IMPORTED) == actions.count(Audited.NAMES_DELETED) == 1


async def test_lists_go_with_the_key_of_their_round(county: OpenWork) -> None:
    async with county() as work:
        await bring(work, ALLOWANCES)
        (await work.session.get_one(Round, "R6")).state = RoundState.ARCHIVED
        await erase_round(work, "R6")
        assert await work.session.scalar(select(func.count()).select_from(NameList)) == 0


async def test_a_member_compares_on_their_phone(deployment: Deployment) -> None:
    [account] = await deployment.enrol(MEMBER)
    async with deployment.database.transaction() as session:
        work = deployment.work(session)
        await bring(work, ALLOWANCES)
        await bring(work, CADRES, NameListKind.CADRES)
        await lay(work, "李石头家吃低保，他姐夫是干部")
    phone = PhoneUser(deployment.simulator, account)
    phone.say("/names")
    await phone.reads("2026年低保（低保、补贴）：3 行")
    await phone.press("1.names.compare.T1")
    pairs = await phone.reads("同名同村：1 处")
    assert pairs.protected
    await phone.press("1.case.open")
    await phone.reads("可能相关")
