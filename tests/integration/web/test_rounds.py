"""Rounds on pages: who sees and turns them, who prints what hangs in the villages, and which code is replaced."""

import pypdfium2
import pytest
from sqlalchemy import select

from models.audit import Audited, AuditEntry
from models.rounds import PlaceKind, QrCode, Round
from models.states import RoundState
from services.rounds.change_round_state import office_actions
from tests.browsing import Browser
from tests.conftest import ONLY_SQLITE
from tests.deployment import Deployment
from tests.integration.web.conftest import OpenBrowser
from tests.integration.web.desk import laid, presses, send_by_hand, signed_in

DIRECTOR, OFFICE, LEADER, MEMBER, HEAD = "P03", "P04", "P05", "P06", "P14"
NOW = "R6"  # the round that is under way


async def entries(deployment: Deployment, action: Audited) -> list[AuditEntry]:
    async with deployment.database.reading() as session:
        return list(await session.scalars(select(AuditEntry).where(AuditEntry.action == action)))


async def code_at(deployment: Deployment, kind: PlaceKind, place_id: str | None) -> QrCode:
    async with deployment.database.reading() as session:
        here = (QrCode.round_id == NOW, QrCode.place_kind == kind, QrCode.place_id.is_not_distinct_from(place_id))
        found = await session.scalar(select(QrCode).where(*here, QrCode.revoked_at.is_(None)))
        assert found is not None
        return found


def pages_in(pdf: bytes) -> int:
    return len(pypdfium2.PdfDocument(pdf))


async def printed(browser: Browser, place: str, what: str = "posters", round_id: str = NOW) -> Browser:
    await browser.open(f"/desk/round/{round_id}")
    await browser.send("下载", place=place, what=what)
    return browser


async def test_the_office_and_the_teams_of_a_round_see_it_and_nobody_else_does(
    deployment: Deployment, open_browser: OpenBrowser
) -> None:
    for staff_id, sees in ((DIRECTOR, True), (OFFICE, True), (LEADER, True), (MEMBER, True), (HEAD, False)):
        browser = await signed_in(deployment, open_browser, staff_id)
        listed = await browser.open("/desk/rounds")
        assert (f"/desk/round/{NOW}" in [address for _, address in listed.links]) == sees
        page = await browser.open(f"/desk/round/{NOW}")
        assert page.status == (200 if sees else 404)
        assert ("古石生" in page.text) == sees


async def test_a_director_turns_a_round_only_after_being_asked_once_more_and_the_log_says_who(
    deployment: Deployment, open_browser: OpenBrowser
) -> None:
    async with deployment.database.transaction() as session:
        (await session.get_one(Round, NOW)).state = RoundState.INTAKE_CLOSED
    browser = await signed_in(deployment, open_browser, DIRECTOR)
    await browser.open(f"/desk/round/{NOW}")
    await browser.send(f"1.round.leave.{NOW}")
    async with deployment.database.reading() as session:
        assert (await session.get_one(Round, NOW)).state == RoundState.INTAKE_CLOSED
    await browser.send(f"1.round.leave_yes.{NOW}")
    assert "汇总汇报" in browser.page.text
    async with deployment.database.reading() as session:
        assert (await session.get_one(Round, NOW)).state == RoundState.REPORTING
    [entry] = await entries(deployment, Audited.ROUND_TURNED)
    assert (entry.by_id, entry.subject, entry.detail["step"]) == (DIRECTOR, NOW, "leave")


@pytest.mark.parametrize("staff_id", [OFFICE, LEADER, HEAD])
async def test_nobody_but_a_director_turns_a_round_whatever_they_send(
    deployment: Deployment, open_browser: OpenBrowser, staff_id: str
) -> None:
    browser = await signed_in(deployment, open_browser, staff_id)
    async with deployment.database.reading() as session:
        before = (await session.get_one(Round, NOW)).state
    page = await browser.open(f"/desk/round/{NOW}")
    assert not [press for press in presses(page) if press.startswith("1.round")]
    for action in office_actions():
        await browser.open("/desk")
        await send_by_hand(browser, "/desk", press=f"1.round.{action}_yes.{NOW}")
    async with deployment.database.reading() as session:
        assert (await session.get_one(Round, NOW)).state == before


async def test_posters_of_a_village_of_a_unit_and_of_a_round_come_as_a_pdf_and_the_log_says_who_has_them(
    deployment: Deployment, open_browser: OpenBrowser
) -> None:
    browser = await signed_in(deployment, open_browser, DIRECTOR)
    async with deployment.database.reading() as session:
        known = await deployment.work(session).directory()
    of_unit = [village.id for village in known.villages.values() if village.unit_id == "U1"]
    of_round = [village.id for village in known.villages.values() if village.unit_id in known.assignments[NOW]]
    for place, pages in (("village:V02", 1), ("unit:U1", len(of_unit)), ("round", len(of_round))):
        page = (await printed(browser, place)).page
        assert page.headers["Content-Type"] == "application/pdf"
        assert page.headers["Cache-Control"] == "no-store"
        assert page.headers["Content-Disposition"] == f'attachment; filename="posters-{NOW}.pdf"'
        assert pages_in(page.body) == pages
    logged = await entries(deployment, Audited.PRINTED)
    assert [(one.by_id, one.subject, one.detail.get("place")) for one in logged] == [
        (DIRECTOR, NOW, "V02"),
        (DIRECTOR, NOW, "U1"),
        (DIRECTOR, NOW, None),
    ]


async def test_a_code_alone_comes_as_a_picture(deployment: Deployment, open_browser: OpenBrowser) -> None:
    browser = await signed_in(deployment, open_browser, OFFICE)
    png = (await printed(browser, "unit:U1", "png")).page
    assert png.headers["Content-Type"] == "image/png"
    assert png.body.startswith(b"\x89PNG")
    svg = (await printed(browser, "round", "svg")).page
    assert svg.headers["Content-Type"].startswith("image/svg+xml")
    assert b"<svg" in svg.body


async def test_a_team_leader_prints_for_the_teams_own_units_alone_and_a_member_for_none(
    deployment: Deployment, open_browser: OpenBrowser
) -> None:
    async with deployment.database.reading() as session:
        known = await deployment.work(session).directory()
    [team] = known.people[LEADER].teams(*(held.role for held in known.people[LEADER].roles))
    mine, others = [
        [unit_id for unit_id, team_id in known.assignments[NOW].items() if (team_id == team) == own]
        for own in (True, False)
    ]
    leader = await signed_in(deployment, open_browser, LEADER)
    page = await leader.open(f"/desk/round/{NOW}")
    offered = page.body.decode()
    assert all(f'value="unit:{unit_id}"' in offered for unit_id in mine)
    assert not any(f'value="unit:{unit_id}"' in offered for unit_id in others)
    assert (await printed(leader, f"unit:{mine[0]}", "png")).page.status == 200
    for unit_id in others:
        assert (await printed(leader, f"unit:{unit_id}", "png")).page.status == 404
    member = await signed_in(deployment, open_browser, MEMBER)
    page = await member.open(f"/desk/round/{NOW}")
    assert not page.has_button("下载")
    assert await send_by_hand(member, "/desk/print", round=NOW, place=f"unit:{mine[0]}", what="png") == 404
    assert len(await entries(deployment, Audited.PRINTED)) == 1


@ONLY_SQLITE
async def test_whoever_cannot_be_printed_for_is_told_why(deployment: Deployment, open_browser: OpenBrowser) -> None:
    async with deployment.database.transaction() as session:
        for code in await session.scalars(select(QrCode).where(QrCode.place_kind == PlaceKind.UNIT)):
            code.revoked_at = deployment.simulator.now()
        (await session.get_one(Round, NOW)).theme = "𠀀" * 3
    browser = await signed_in(deployment, open_browser, DIRECTOR)
    assert "没有有效的码" in (await printed(browser, "unit:U1", "png")).page.text
    assert "字体里没有" in (await printed(browser, "village:V02")).page.text
    async with deployment.database.transaction() as session:
        (await session.get_one(Round, NOW)).notice = {}
    assert "还没有公告" in (await printed(browser, "round")).page.text


async def test_a_director_replaces_a_code_and_prints_the_new_one_on_the_page(
    deployment: Deployment, open_browser: OpenBrowser
) -> None:
    old = await code_at(deployment, PlaceKind.VILLAGE, "V02")
    browser = await signed_in(deployment, open_browser, DIRECTOR)
    await browser.open(f"/desk/round/{NOW}")
    await browser.send(f"1.code.sure.{old.serial}")
    assert (await code_at(deployment, PlaceKind.VILLAGE, "V02")).serial == old.serial
    await browser.send(f"1.code.revoke.{old.serial}")
    new = await code_at(deployment, PlaceKind.VILLAGE, "V02")
    assert new.serial != old.serial
    assert "请在这一页打印新的" in browser.page.text
    assert new.serial in (await browser.open(f"/desk/round/{NOW}")).text
    assert pages_in((await printed(browser, "village:V02")).page.body) == 1
    leader = await signed_in(deployment, open_browser, LEADER)
    assert not [press for press in presses(await leader.open(f"/desk/round/{NOW}")) if press.startswith("1.code")]


async def test_a_ledger_is_taken_along_as_a_file_and_logged(deployment: Deployment, open_browser: OpenBrowser) -> None:
    case_id = await laid(deployment, "井水发黄")
    browser = await signed_in(deployment, open_browser, LEADER)
    for label, begins in (("导出 Excel", b"PK"), ("导出 CSV", "\ufeff编号".encode())):
        await browser.open(f"/desk/round/{NOW}")
        await browser.send(label)
        assert browser.page.body.startswith(begins)
        assert browser.page.headers["Content-Disposition"].startswith('attachment; filename="ledger-')
    assert case_id in browser.page.body.decode()
    taken = await entries(deployment, Audited.LEDGER_TAKEN)
    assert [(one.by_id, one.detail["kind"]) for one in taken] == [(LEADER, "excel"), (LEADER, "csv")]


async def test_no_ledger_is_for_a_member(deployment: Deployment, open_browser: OpenBrowser) -> None:
    browser = await signed_in(deployment, open_browser, MEMBER)
    await browser.open(f"/desk/round/{NOW}")
    assert "导出 Excel" not in browser.page.text
    assert await send_by_hand(browser, "/desk/ledger", round=NOW, what="csv") == 404
