"""The ledger as a file: what somebody may take along, no formula, and nothing of who reported."""

import csv
import io
import re
import zipfile
from datetime import date, timedelta

import pytest
from defusedxml import ElementTree
from sqlalchemy import select

from handlers.rounds.ledger import made
from models.audit import Audited, AuditEntry
from models.complaints import CaseComplaint, Complaint, Door
from models.desk import DIRECTOR_DESK, OFFICE_DESK, Desk
from models.rounds import Unit
from models.states import CaseState, NotEntitled
from services.access.member import member
from services.cases.merge import merge
from services.people.recusal import recuse
from services.rounds import ledger as ledgers
from services.rounds.ledger import LedgerTooLong, ledger_of, take_ledger
from services.rounds.notices import LedgerKind
from services.spreadsheet import Sheet, as_csv, as_excel
from services.unit_of_work import UnitOfWork
from tests.conftest import NOW, OpenWork
from tests.deployment import Deployment
from tests.integration.cases.conftest import lay
from tests.story import PhoneUser
from texts.catalogue import LANGUAGES, Words

LEADER, MEMBER, DIRECTOR, OFFICE = "P05", "P06", "P03", "P04"
SECRET = "井水发黄已经半年了"
_NAMESPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def cells_of(book: bytes, sheet: int = 1) -> list[list[str]]:
    """Return the cells of a sheet of a workbook as they are written in it; raise where one is a formula."""
    with zipfile.ZipFile(io.BytesIO(book)) as opened:
        names = opened.namelist()
        shared = ElementTree.fromstring(opened.read("xl/sharedStrings.xml")) if "xl/sharedStrings.xml" in names else []
        strings = ["".join(part.text or "" for part in one.iter(f"{_NAMESPACE}t")) for one in shared]
        page = ElementTree.fromstring(opened.read(f"xl/worksheets/sheet{sheet}.xml"))
    assert page.find(f".//{_NAMESPACE}f") is None, "a formula"
    rows = []
    for row in page.iter(f"{_NAMESPACE}row"):
        values = []
        for cell in row.iter(f"{_NAMESPACE}c"):
            value = cell.find(f"{_NAMESPACE}v")
            text = value.text or "" if value is not None else ""
            values.append(strings[int(text)] if cell.get("t") == "s" else text)
        rows.append(values)
    return rows


async def csv_of(work: UnitOfWork, staff_id: str, round_id: str = "R6") -> list[dict[str, str]]:
    """Return the rows of somebody's ledger."""
    ledger = await ledger_of(work, await member(work.session, staff_id), round_id)
    text = (await made(ledger, Words("zh_Hans"), LedgerKind.CSV)).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


async def test_a_leader_takes_their_teams_the_director_all_and_nobody_else_any(county: OpenWork) -> None:
    async with county() as work:
        own = await lay(work, SECRET)
        other = await lay(work, SECRET, desk=Desk.team("T2"), team="T2", unit="U2", village="V05")
        offices = await lay(work, SECRET, desk=OFFICE_DESK, team=None, unit=None, village=None)
        await lay(work, SECRET, desk=Desk.leader("T1"), concerns_head=True)
        await lay(work, SECRET, desk=DIRECTOR_DESK, concerns_team=True)
        await lay(work, SECRET, shut_out=[LEADER, DIRECTOR])
        await lay(work, SECRET, held_until=NOW + timedelta(hours=1))
        assert {one["编号"] for one in await csv_of(work, LEADER)} == {own.id}
        assert {one["编号"] for one in await csv_of(work, DIRECTOR)} == {own.id, other.id, offices.id}
        assert {one["编号"] for one in await csv_of(work, OFFICE)} == {offices.id}
        for staff_id in (MEMBER, "P01", "P14", "P23"):
            who = await member(work.session, staff_id)
            with pytest.raises(NotEntitled):
                await take_ledger(work, who, "R6", LedgerKind.CSV)
            with pytest.raises(NotEntitled):
                await ledger_of(work, who, "R6")
        await recuse(work, DIRECTOR, "U2", by=await member(work.session, DIRECTOR))
        assert other.id not in {one["编号"] for one in await csv_of(work, DIRECTOR)}


async def test_a_row_says_how_a_case_stands(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, SECRET, "还没修", came=NOW - timedelta(days=3), owner_id=MEMBER)
        complaint = await work.session.scalar(
            select(Complaint).join(CaseComplaint).where(CaseComplaint.case_id == case.id)
        )
        assert complaint is not None
        complaint.satisfaction = 3
        [row] = await csv_of(work, LEADER)
        assert row["被巡察单位"] == "竹坞镇党委"
        assert row["村（社区）"] == "上竹坞村"
        assert row["收到日期"] == "2026-11-19"
        assert row["进度"] == "待受理"
        assert row["谁在办"] == "阮知秋"
        assert row["期限"] == "2026-12-04"
        assert row["件次"] == "1"
        assert row["评价"] == "满意"
        assert row["巡察组"] == "县委第一巡察组"


async def test_cases_and_complaints_are_counted_apart(county: OpenWork) -> None:
    async with county() as work:
        kept = await lay(work, SECRET)
        joined = await lay(work, SECRET)
        await lay(work, SECRET, door=Door.LETTER, state=CaseState.CLOSED)
        await lay(work, SECRET, door=Door.LETTER)
        await merge(work, await member(work.session, LEADER), joined.id, kept.id)
        ledger = await ledger_of(work, await member(work.session, LEADER), "R6")
        assert (ledger.cases, ledger.complaints) == (3, 4)
        totals = cells_of(await made(ledger, Words("zh_Hans"), LedgerKind.EXCEL), sheet=2)
        assert totals[1:3] == [["件数（并入别件的不算）", "3"], ["件次（每次反映算一次）", "4"]]
        doors = cells_of(await made(ledger, Words("zh_Hans"), LedgerKind.EXCEL), sheet=3)
        assert doors[1:] == [["二维码", "1", "0"], ["来信", "2", "1"]]


@pytest.mark.parametrize("kind", list(LedgerKind))
async def test_nothing_of_a_reporter_and_no_hour_is_in_the_file(county: OpenWork, kind: LedgerKind) -> None:
    async with county() as work:
        case = await lay(work, SECRET, came=NOW - timedelta(hours=5), owner_id=MEMBER)
        [complaint] = await work.session.scalars(select(Complaint))
        ledger = await ledger_of(work, await member(work.session, LEADER), "R6")
        for language in LANGUAGES:
            file = await made(ledger, Words(language), kind)
            parts = [file]
            if kind is LedgerKind.EXCEL:
                with zipfile.ZipFile(io.BytesIO(file)) as opened:
                    parts = [opened.read(name) for name in opened.namelist()]
                assert "xl/worksheets/sheet1.xml" in zipfile.ZipFile(io.BytesIO(file)).namelist()
            whole = b"\n".join(parts).decode("utf-8-sig", errors="replace")
            assert case.id in whole
            for needle in (SECRET, complaint.id, complaint.receipt_digest):
                assert needle not in whole
            assert not re.search(r"\d{1,2}:\d{2}", re.sub(r"T00:00:00Z|spans=.1:\d+.", "", whole))


async def test_within_a_day_the_order_is_that_of_random_numbers(county: OpenWork) -> None:
    async with county() as work:
        for hours in range(6):
            await lay(work, SECRET, came=NOW + timedelta(hours=hours))
        numbers = [row["编号"] for row in await csv_of(work, LEADER)]
        assert numbers == sorted(numbers)


@pytest.mark.parametrize("words", ["=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", " =1", "＝1", "=cmd|' /C calc'!A0"])
def test_what_a_spreadsheet_would_take_for_a_formula_is_text(words: str) -> None:
    assert next(csv.reader(io.StringIO(as_csv(["a"], [[words]]).split("\n", 1)[1])))[0] == f"'{words}"
    [_, [cell]] = cells_of(as_excel([Sheet("a", ["a"], [[words]])], date(2026, 11, 22)))
    assert cell.strip() == f"'{words}".strip()


def test_numbers_that_excel_would_spoil_stay_text_and_a_huge_cell_is_cut() -> None:
    book = as_excel([Sheet("a", ["a", "b", "c"], [["0012", "3-5", "字" * 40_000]])], date(2026, 11, 22))
    [_, [first, second, third]] = cells_of(book)
    assert (first, second) == ("0012", "3-5")
    assert len(third) == 32_767


def test_a_workbook_says_of_itself_only_the_day() -> None:
    with zipfile.ZipFile(io.BytesIO(as_excel([Sheet("a", ["a"], [])], date(2026, 11, 22)))) as opened:
        about = opened.read("docProps/core.xml").decode()
        assert "2026-11-22T00:00:00Z" in about
        assert all(one.date_time <= (1980, 1, 1, 0, 0, 0) for one in opened.infolist())


async def test_a_names_formula_from_the_county_file_does_not_run(county: OpenWork) -> None:
    async with county() as work:
        (await work.session.get_one(Unit, "U1")).name = "=HYPERLINK(1)"
        await work.session.flush()
        await lay(work, SECRET)
        [row] = await csv_of(work, LEADER)
        assert row["被巡察单位"] == "'=HYPERLINK(1)"


async def test_a_round_that_fits_no_file_is_said(county: OpenWork, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledgers, "MOST_CASES", 1)
    async with county() as work:
        for _ in range(2):
            await lay(work, SECRET)
        with pytest.raises(LedgerTooLong):
            await ledger_of(work, await member(work.session, LEADER), "R6")


async def test_a_leader_gets_it_on_their_phone_and_it_is_logged(deployment: Deployment) -> None:
    [account] = await deployment.enrol(LEADER)
    async with deployment.database.transaction() as session:
        await lay(deployment.work(session), SECRET)
    phone = PhoneUser(deployment.simulator, account)
    phone.say("/ledger")
    await phone.press("1.ledger.send.R6.excel")
    sent = await phone.reads("1 件，1 件次")
    [file] = sent.files
    assert cells_of(file)[0][0] == "编号"
    assert sent.file_name.endswith(".xlsx")
    async with deployment.database.reading() as session:
        [entry] = await session.scalars(select(AuditEntry).where(AuditEntry.action == Audited.LEDGER_TAKEN))
        assert (entry.by_id, entry.subject, entry.detail["kind"]) == (LEADER, "R6", "excel")
