"""Looking for cases by what narrows them and by words that were said: each finds what is theirs, and no reporter."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from handlers.cases.lists import state_names
from models.audit import Audited, AuditEntry
from models.complaints import Case
from models.desk import OFFICE_DESK, Desk
from models.staff import CaseSearch
from models.states import CaseState
from services.access.member import member
from services.ahead import ResultMissing, Results
from services.cases import search as searching
from services.cases.notes import write_note
from services.cases.search import found_page, last_search, search, search_further
from services.cases.search_words import TooShort
from services.cases.unmask import unmask
from services.people.recusal import recuse
from services.retention.housekeeping import forget_open_forms
from services.unit_of_work import UnitOfWork
from tests.conftest import NOW, OpenWork
from tests.deployment import Deployment
from tests.integration.cases.conftest import lay, queued_for, rendered
from tests.story import PhoneUser

LEADER, MEMBER, DIRECTOR = "P05", "P06", "P03"


async def found(work: UnitOfWork, staff_id: str, typed: str) -> list[str]:
    """Return the cases that somebody finds, the newest first, on the first page."""
    who = await member(work.session, staff_id)
    await search(work, who, typed, state_names())
    page = await found_page(work, who, 1)
    assert page is not None
    return [case.id for case in page.cases]


async def test_cases_are_found_by_what_narrows_them_the_newest_first(county: OpenWork) -> None:
    async with county() as work:
        old = await lay(work, "路", came=NOW - timedelta(days=9), state=CaseState.CLOSED)
        new = await lay(work, "路", came=NOW - timedelta(days=1))
        newest = await lay(work, "房", village="V02", category="unsafe_bridge")
        assert await found(work, MEMBER, "竹坞镇") == [newest.id, new.id, old.id]
        assert await found(work, MEMBER, "上竹塢") == [new.id, old.id]
        assert await found(work, MEMBER, "上竹坞 已办结") == [old.id]
        assert await found(work, MEMBER, "昨天") == [new.id]
        assert await found(work, MEMBER, "11月10日至11月21日") == [new.id, old.id]
        assert await found(work, MEMBER, "2026-11-21以前") == [new.id, old.id]
        assert await found(work, MEMBER, "没人认领") == [newest.id, new.id, old.id]


async def test_words_are_found_in_either_script_whatever_stands_between_the_signs(county: OpenWork) -> None:
    async with county() as work:
        plain = await lay(work, "村里的低保名单没有贴出来")
        traditional = await lay(work, "低保名單改了三次", "后来又改")
        hidden_signs = await lay(work, "低\u200b保 名\n单不对")
        await lay(work, "路坏了")
        assert await found(work, MEMBER, "名单") == await found(work, MEMBER, "“低保” 名單")
        assert set(await found(work, MEMBER, "名单")) == {plain.id, traditional.id, hidden_signs.id}
        assert await found(work, MEMBER, "名单 后来又改") == [traditional.id]
        assert await found(work, MEMBER, "桥头岭 名单") == []


async def test_a_note_of_colleagues_is_searched_too(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, "路坏了")
        await write_note(work, await member(work.session, MEMBER), case.id, "先去镇里调台账")
        assert await found(work, LEADER, "调台账") == [case.id]


async def test_nobody_finds_what_they_may_not_read(county: OpenWork) -> None:
    async with county() as work:
        own = await lay(work, "水渠塌了")
        await lay(work, "水渠塌了", desk=Desk.team("T2"), team="T2", unit="U2", village="V05")
        leaders = await lay(work, "水渠塌了", desk=Desk.leader("T1"), state=CaseState.RESTRICTED)
        await lay(work, "水渠塌了", shut_out=[MEMBER])
        await lay(work, "水渠塌了", held_until=NOW + timedelta(hours=1))
        offices = await lay(work, "水渠塌了", desk=OFFICE_DESK, team=None, unit=None, village=None)
        assert await found(work, MEMBER, "水渠") == [own.id]
        assert leaders.id in await found(work, LEADER, "水渠")
        assert await found(work, DIRECTOR, "水渠") == [offices.id]  # they know of the teams' cases, and read none
        kept = await last_search(work, await member(work.session, DIRECTOR))
        assert kept is not None
        assert kept.found == (offices.id,)
        assert own.id in await found(work, DIRECTOR, "竹坞镇")
        await recuse(work, MEMBER, "U1", by=await member(work.session, MEMBER))
        assert await found(work, MEMBER, "水渠") == []
        assert await found(work, MEMBER, "竹坞镇") == []


async def test_what_was_found_is_gone_from_its_pages_once_it_is_not_theirs_any_more(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, "水渠塌了")
        assert await found(work, MEMBER, "水渠") == [case.id]
        await recuse(work, MEMBER, "U1", by=await member(work.session, MEMBER))
        page = await found_page(work, await member(work.session, MEMBER), 1)
        assert page is not None
        assert not page.cases


async def test_what_was_found_by_its_words_is_gone_once_its_reader_only_knows_of_it(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, "水渠塌了", desk=OFFICE_DESK, team=None, unit=None, village=None)
        assert await found(work, DIRECTOR, "水渠") == [case.id]
        case.desk, case.team_id, case.unit_id = Desk.team("T1"), "T1", "U1"
        await work.session.flush()
        director = await member(work.session, DIRECTOR)
        assert director.knows_of(case)
        page = await found_page(work, director, 1)
        assert page is not None
        assert not page.cases


@pytest.mark.parametrize("word", ["13812345678", "毛小丰", "电话"])
async def test_what_leads_to_a_reporter_finds_nothing_also_where_it_is_unmasked(county: OpenWork, word: str) -> None:
    async with county() as work:
        case = await lay(work, "我叫毛小丰，我的号码是13812345678，水渠塌了")
        assert await found(work, LEADER, "水渠") == [case.id]
        assert await found(work, LEADER, f"“{word}”") == []
        await unmask(work, await member(work.session, LEADER), case.id, "要去核对")
        assert await found(work, LEADER, f"“{word}”") == []


async def test_one_search_opens_so_many_and_goes_on_from_there(
    county: OpenWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "MOST_LOOKED_AT", 3)
    monkeypatch.setattr(searching, "_PORTION", 2)
    async with county() as work:
        cases = [await lay(work, "水渠塌了", came=NOW - timedelta(hours=hours)) for hours in range(8)]
        who = await member(work.session, MEMBER)
        pages = [await found(work, MEMBER, "水渠")]
        while await search_further(work, who, state_names()) is not None:
            page = await found_page(work, who, 1)
            assert page is not None
            pages.append([case.id for case in page.cases])
            assert page.search.looked_at == min(3 * len(pages), 8)
        assert [len(page) for page in pages] == [3, 3, 2]
        assert [case_id for page in pages for case_id in page] == [case.id for case in cases]


async def test_each_portion_is_opened_outside_of_the_transaction_and_then_known(
    county: OpenWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "_PORTION", 2)
    results = Results(can_wait=True)
    async with county() as work:
        for _ in range(5):
            await lay(work, "水渠塌了")
        who, work.results = await member(work.session, MEMBER), results
        waited = 0
        while True:
            try:
                done = await search(work, who, "水渠", state_names())
                break
            except ResultMissing as missing:
                results.keep(missing.name, missing.work_out())
                waited += 1
        assert waited == 3
        assert len(done.found) == 5


async def test_a_search_of_texts_is_logged_without_its_words_and_often_the_directors_hear_of_it(
    county: OpenWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "MOST_A_DAY", 2)
    async with county() as work:
        await lay(work, "水渠塌了")
        await found(work, MEMBER, "竹坞镇")
        for _ in range(4):
            await found(work, MEMBER, "水渠 竹坞镇")
        entries = list(await work.session.scalars(select(AuditEntry).where(AuditEntry.action == Audited.SEARCHED)))
        assert len(entries) == 4
        assert all(entry.by_id == MEMBER and entry.case_id is None for entry in entries)
        assert "水渠" not in str([entry.detail for entry in entries])
        [notice] = await queued_for(work, f"staff:{DIRECTOR}", "searched_often")
        told = await rendered(work, f"staff:{DIRECTOR}", notice)
        assert told is not None
        assert "在正文里查找的次数很多" in told.text
        assert await rendered(work, f"staff:{LEADER}", notice) is None


async def test_what_was_looked_for_is_sealed_and_forgotten(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, "水渠塌了")
        await found(work, MEMBER, "水渠")
        [row] = await work.session.scalars(select(CaseSearch))
        assert "水渠".encode() not in row.sealed
        assert case.id.encode() not in row.sealed
    async with county(now=NOW + searching.LIFETIME) as work:
        assert await found_page(work, await member(work.session, MEMBER), 1) is None
        await forget_open_forms(work)
        assert not list(await work.session.scalars(select(CaseSearch)))


async def test_a_word_of_one_sign_is_refused(county: OpenWork) -> None:
    async with county() as work:
        for typed in ("水", "“ 水 ”", "水\u200b"):
            with pytest.raises(TooShort):
                await found(work, MEMBER, typed)


async def test_a_member_finds_turns_and_goes_on_on_their_phone(
    deployment: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "MOST_LOOKED_AT", 10)
    [account] = await deployment.enrol(MEMBER)
    async with deployment.database.transaction() as session:
        for hours in range(12):
            await lay(deployment.work(session), "水渠塌了", came=NOW - timedelta(hours=hours))
    phone = PhoneUser(deployment.simulator, account)
    phone.say("/find")
    await phone.reads("从新到旧，一次最多看 2000 件")
    phone.say("/find 水渠 竹坞镇")
    first = await phone.can_press("1.find.page.2")
    assert "10 件" in first.text
    assert first.protected
    await phone.press("1.find.page.2")
    await phone.sees(lambda one: one.message_id == first.message_id and "第 2 页" in one.text)
    await phone.press("1.find.further")
    await phone.sees(lambda one: one.message_id == first.message_id and "已看过 12 件" in one.text)
    phone.say("/find 火星人")
    await phone.reads("没有找到")


async def test_a_number_typed_after_find_opens_its_case(deployment: Deployment) -> None:
    [account] = await deployment.enrol(MEMBER)
    async with deployment.database.transaction() as session:
        case: Case = await lay(deployment.work(session), "水渠塌了")
    phone = PhoneUser(deployment.simulator, account)
    await phone.can_press("1.case.open")
    phone.say("/find 00000000")
    await phone.reads("没有这个编号")
    before = phone.last_id
    phone.say(f"/find {case.id}")
    await phone.can_press("1.case.open", after=before)
