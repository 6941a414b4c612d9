"""A county file imported on a page: what it would do is shown first, and done once, by the director alone."""

import json
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from sqlalchemy import func, select

from models.audit import Audited, AuditEntry
from models.rounds import Village
from models.staff import Role, StaffRole
from services.access.member import member
from services.rounds.county_file import read_county
from services.rounds.importing import preview
from tests.browsing import Browser
from tests.conftest import ONLY_SQLITE
from tests.deployment import Deployment
from tests.integration.web.conftest import OpenBrowser
from tests.integration.web.desk import send_by_hand, signed_in
from tests.sample import SAMPLE
from tests.story import PhoneUser
from texts.terminal import in_language

DIRECTOR, OFFICE, LEADER = "P03", "P04", "P05"
COUNTY: dict[str, Any] = json.loads(SAMPLE.read_text(encoding="utf-8"))
OLD_NAME = COUNTY["villages"][0]["name"]


def changed(change: Callable[[dict[str, Any]], None]) -> bytes:
    """Return the sample county with a change."""
    county = deepcopy(COUNTY)
    change(county)
    return json.dumps(county, ensure_ascii=False, indent=1).encode()


def with_a_village(county: dict[str, Any]) -> None:
    """Add a village to a unit of a round that is over, and rename another."""
    county["villages"].append({"id": "V90", "name": "新田村", "unit": "塘岔镇党委"})
    county["villages"][0]["name"] = "新桥村"


async def choose(browser: Browser, content: bytes) -> Browser:
    await browser.open("/desk/import")
    await browser.send("先看看会改什么", files=[content])
    return browser


async def test_a_file_is_shown_first_and_imported_by_a_press_and_once_more_changes_nothing(
    deployment: Deployment, open_browser: OpenBrowser
) -> None:
    browser = await choose(await signed_in(deployment, open_browser, DIRECTOR), changed(with_a_village))
    assert f"{OLD_NAME} → 新桥村" in browser.page.text
    assert "村 V90" in browser.page.text
    async with deployment.database.reading() as session:
        assert await session.get(Village, "V90") is None
        assert (await session.get_one(Village, "V01")).name == OLD_NAME
    await browser.send("do")
    assert "已导入：新增 1 条，改动 1 条。" in browser.page.text
    async with deployment.database.reading() as session:
        assert (await session.get_one(Village, "V90")).name == "新田村"
        assert (await session.get_one(Village, "V01")).name == "新桥村"
        done = await session.scalars(select(AuditEntry).where(AuditEntry.action == Audited.SETTINGS_CHANGED))
        assert [entry.by_id for entry in done][-1] == DIRECTOR
    again = (await choose(browser, changed(with_a_village))).page
    assert "新增 0 条，改动 0 条" in again.text
    assert not again.has_button("do")


async def test_what_is_wrong_is_told_with_its_line_and_nothing_is_imported(
    deployment: Deployment, open_browser: OpenBrowser
) -> None:
    def with_mistakes(county: dict[str, Any]) -> None:
        with_a_village(county)
        county["villages"][1]["unit"] = "没有的镇"
        county["teams"][0]["leader"] = "P99"

    browser = await choose(await signed_in(deployment, open_browser, DIRECTOR), changed(with_mistakes))
    text = browser.page.text
    assert "没有导入：2 处不对" in text
    assert "villages[1].unit" in text
    assert "这个文件里没有人员 P99" in text
    [line] = [n for n, one in enumerate(changed(with_mistakes).decode().splitlines(), 1) if "没有的镇" in one]
    assert f"第 {line} 行" in text
    assert not browser.page.has_button("do")
    async with deployment.database.reading() as session:
        assert await session.get(Village, "V90") is None


@ONLY_SQLITE
@pytest.mark.parametrize(
    ("content", "said"), [(b"", "请先选一个文件"), (b"\xff\xfe", "不是 UTF-8"), (b"x" * (2 * 2**20 + 1), "文件太大")]
)
async def test_what_is_no_county_file_is_refused_in_plain_words(
    deployment: Deployment, open_browser: OpenBrowser, content: bytes, said: str
) -> None:
    browser = await choose(await signed_in(deployment, open_browser, DIRECTOR), content)
    assert said in browser.page.text


async def test_a_preview_makes_no_key_for_a_new_round_and_the_import_does(
    deployment: Deployment, open_browser: OpenBrowser
) -> None:
    def with_a_round(county: dict[str, Any]) -> None:
        county["rounds"].append(county["rounds"][-1] | {"id": "R7", "name": "第七轮", "state": "preparing"})

    def keys() -> list[str]:
        return sorted(path.name for path in deployment.config.keyring.path.rglob("*R7*"))

    browser = await choose(await signed_in(deployment, open_browser, DIRECTOR), changed(with_a_round))
    assert "轮次 R7" in browser.page.text
    assert keys() == []
    await browser.send("do")
    assert keys()


async def test_what_has_changed_since_the_preview_is_shown_anew_and_not_imported(
    deployment: Deployment, open_browser: OpenBrowser
) -> None:
    browser = await choose(await signed_in(deployment, open_browser, DIRECTOR), changed(with_a_village))
    async with deployment.database.transaction() as session:
        (await session.get_one(Village, "V01")).name = "老桥村"
    await browser.send("do")
    assert "请再看一遍" in browser.page.text
    assert "老桥村 → 新桥村" in browser.page.text
    async with deployment.database.reading() as session:
        assert await session.get(Village, "V90") is None
    await browser.send("do")
    assert "已导入" in browser.page.text


async def test_a_press_that_is_sent_twice_imports_once(deployment: Deployment, open_browser: OpenBrowser) -> None:
    browser = await choose(await signed_in(deployment, open_browser, DIRECTOR), changed(with_a_village))
    shown = browser.page
    await browser.send("do")
    await browser.send("do", page=shown)
    assert browser.page.status == 200
    assert "请再看一遍" not in browser.page.text
    async with deployment.database.reading() as session:
        done = select(func.count()).where(AuditEntry.action == Audited.SETTINGS_CHANGED, AuditEntry.by_id == DIRECTOR)
        assert await session.scalar(done) == 1


@pytest.mark.parametrize("staff_id", [OFFICE, LEADER])
async def test_nobody_but_a_director_imports(deployment: Deployment, open_browser: OpenBrowser, staff_id: str) -> None:
    browser = await signed_in(deployment, open_browser, staff_id)
    assert "/desk/import" not in [address for _, address in browser.page.links]
    county = changed(with_a_village).decode()
    assert await send_by_hand(browser, "/desk/import", do="1", county=county, previewed="") == 404
    assert (await browser.open("/desk/import")).status == 404
    async with deployment.database.reading() as session:
        assert await session.get(Village, "V90") is None


@ONLY_SQLITE
async def test_the_other_directors_hear_of_an_import_even_one_whom_the_file_takes_the_role(
    deployment: Deployment, open_browser: OpenBrowser
) -> None:
    async with deployment.database.transaction() as session:
        session.add(StaffRole(staff_id=OFFICE, role=Role.OFFICE_DIRECTOR, fields=[]))
    [phone] = [PhoneUser(deployment.simulator, one) for one in await deployment.enrol(OFFICE)]
    browser = await choose(await signed_in(deployment, open_browser, DIRECTOR), changed(with_a_village))
    await browser.send("do")
    await phone.sees(lambda one: "在网页上导入了县文件" in one.text and "如果您不知道这件事" in one.text)


def of_round_that_runs(county: dict[str, Any]) -> None:
    county["villages"].append({"id": "V91", "name": "独户湾", "unit": "U1"})


def kept_for_longer(county: dict[str, Any]) -> None:
    county["settings"].setdefault("privacy", {})["keep_closed_days"] = 9_000


def slower_alarm(county: dict[str, Any]) -> None:
    county["settings"].setdefault("abuse", {})["alarm_scans_a_day"] = 10_000


def leading_a_team(county: dict[str, Any]) -> None:
    county["teams"][0]["members"].append(DIRECTOR)


def under_another_name(county: dict[str, Any]) -> None:
    for person in county["people"]:
        if person["id"] == DIRECTOR:
            person["name"] = "别人"


def with_the_leaders_mail(county: dict[str, Any]) -> None:
    next(one for one in county["people"] if one["id"] == LEADER)["mail"] = "somebody@county.example"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (of_round_that_runs, "给正在受理的轮次添了地点"),
        (kept_for_longer, "改动了保护反映人的设置"),
        (slower_alarm, "改动了保护反映人的设置"),
        (leading_a_team, "改动了您自己的职务"),
        (under_another_name, "改动了您自己的姓名"),
        (with_the_leaders_mail, "改动了已有人员的邮箱"),
    ],
)
async def test_what_keeps_reporters_unknown_is_changed_on_no_page(
    deployment: Deployment, open_browser: OpenBrowser, change: Callable[[dict[str, Any]], None], said: str
) -> None:
    def both(county: dict[str, Any]) -> None:
        with_a_village(county)
        change(county)

    async with deployment.database.reading() as session:
        before = await deployment.work(session).directory()
    browser = await choose(await signed_in(deployment, open_browser, DIRECTOR), changed(with_a_village))
    harmless = next(form.fields for form in browser.page.forms if "county" in form.fields)
    await choose(browser, changed(both))
    assert said in browser.page.text
    assert not browser.page.has_button("do")
    async with deployment.database.transaction() as session:  # as somebody sends it who works out the digest
        work = deployment.work(session)
        who = await member(session, DIRECTOR)
        with in_language(who.language):
            digest = (await preview(work, who, read_county(changed(both).decode()))).digest
        await session.rollback()
    await send_by_hand(
        browser, "/desk/import", **harmless | {"county": changed(both).decode(), "previewed": digest, "do": "1"}
    )
    async with deployment.database.reading() as session:
        known = await deployment.work(session).directory()
    assert "V90" not in known.villages
    assert "V91" not in known.villages
    assert known.settings == before.settings
    assert known.names == before.names
    assert known.people[DIRECTOR].teams(Role.TEAM_MEMBER) == ()


async def test_the_leader_of_a_team_hears_who_is_put_on_it(deployment: Deployment, open_browser: OpenBrowser) -> None:
    def with_somebody_new(county: dict[str, Any]) -> None:
        county["people"].append({"id": "P90", "name": "魏来", "role": "team_member", "team": "T1"})

    [phone] = [PhoneUser(deployment.simulator, one) for one in await deployment.enrol(LEADER)]
    browser = await choose(await signed_in(deployment, open_browser, DIRECTOR), changed(with_somebody_new))
    await browser.send("do")
    await phone.sees(lambda one: "新来了：魏来" in one.text)
