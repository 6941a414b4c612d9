"""A county without a single Telegram account: mails with a link, and pages on phones and on large screens."""

import json
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from models.complaints import Case
from models.rectification import RectificationItem
from models.rounds import Village
from models.states import CaseState, ItemState
from tests.conftest import ONLY_SQLITE
from tests.deployment import Deployment
from tests.e2e.desk import come_in
from tests.integration.cases.conftest import picture
from tests.integration.web.desk import laid
from tests.mail import MailServer
from tests.sample import SAMPLE

SECRET = "李老四家的低保是他舅舅村会计批的"
PHONE, SCREEN = (360, 740), (1400, 900)


@ONLY_SQLITE
@pytest.mark.parametrize("size", [PHONE, SCREEN], ids=["phone", "screen"])
async def test_a_whole_case_and_its_item_on_pages_alone(
    deployment: Deployment, mails: MailServer, chromium: Browser, size: tuple[int, int], tmp_path: Path
) -> None:
    case_id = await laid(deployment, SECRET)
    member, leader, head, director = [
        await come_in(deployment, mails, chromium, name, size) for name in ("member", "leader", "head", "director")
    ]

    await member.page.get_by_role("link", name=case_id).first.click()
    await member.press(f"case.claim.{case_id}")
    await member.press(f"case.open.{case_id}")
    await member.reads(SECRET)
    await member.press(f"case.accept.{case_id}")
    await member.press(f"case.verify.{case_id}")
    await member.reads(SECRET)
    await member.finds_all_well()
    is_beside = member.page.locator(".other table")
    await (expect(is_beside).to_be_visible() if size == SCREEN else expect(is_beside).to_be_hidden())

    await leader.go(f"/desk/case/{case_id}")
    await leader.press("item.order_fix")
    await leader.write("请把低保名单重新公示，接受监督。")
    await leader.finds_all_well()
    await leader.press("form.choose")
    await leader.press("form.send")
    async with deployment.database.reading() as session:
        assert (await session.get_one(Case, case_id)).state == CaseState.FIXING

    await deployment.settled()
    assert "整改" in mails.to("head@county.example")[-1].text
    assert not [mail for mail in mails.taken if SECRET in mail.all or "低保名单" in mail.all]
    await head.go("/desk")
    await head.page.get_by_role("link", name="低保名单").click()
    item_id = head.page.url.rpartition("/")[2].partition("?")[0]
    await head.press("item.acknowledge")
    await head.press("item.tell_system")
    await head.write("每季度公示一次。")
    await head.press("item.submit")
    photo = tmp_path / "IMG_0042.jpg"
    photo.write_bytes(picture())
    await head.write("已重新公示七天，附照片。", files=[photo])
    await head.press("form.send")
    await head.reads("已重新公示七天")
    await head.finds_all_well()

    await member.go(f"/desk/item/{item_id}")
    await member.reads("已重新公示七天")
    await member.finds_all_well()
    shown = member.page.locator("img")
    assert await shown.first.evaluate("image => image.complete && image.naturalWidth > 0")
    await member.press("item.pass")
    await member.press("form.choose")  # the first tick
    await member.page.locator("button[value*='.done-']").first.click()
    await member.press("form.choose")
    await director.go("/desk/items")
    await director.page.get_by_role("link", name=item_id).click()
    await director.press("item.clear")
    async with deployment.database.reading() as session:
        assert (await session.get_one(RectificationItem, item_id)).state == ItemState.CLEARED
        assert (await session.get_one(Case, case_id)).state == CaseState.ANSWERED

    await leader.go(f"/desk/case/{case_id}")
    await leader.press(f"case.close.{case_id}")
    async with deployment.database.reading() as session:
        assert (await session.get_one(Case, case_id)).state == CaseState.CLOSED
    await director.go("/desk/audit")
    await director.reads("在网页上登录")
    await director.finds_all_well()
    for name in ("queue", "items", "late", "recuse", "whoami", "lang"):
        await director.go(f"/desk/{name}")
        await director.finds_all_well()
    await director.go("/desk/staff")
    await director.reads("古石生")
    await director.finds_all_well()


@ONLY_SQLITE
@pytest.mark.parametrize("size", [PHONE, SCREEN], ids=["phone", "screen"])
async def test_what_goes_to_a_reporter_and_what_is_for_colleagues_look_unlike(
    deployment: Deployment, mails: MailServer, chromium: Browser, size: tuple[int, int]
) -> None:
    case_id = await laid(deployment, SECRET, missing_particulars=["when", "evidence"])
    member = await come_in(deployment, mails, chromium, "member", size)
    await member.go(f"/desk/case/{case_id}")
    await member.press(f"case.note.{case_id}")
    note = member.page.locator(".asked")
    await expect(note).to_contain_text("反映人看不到")
    colour_of_notes = await note.evaluate("node => getComputedStyle(node).backgroundColor")
    await member.finds_all_well()
    await member.write("先去镇里调去年的低保名单")
    await member.press(f"case.ask.{case_id}")
    question = member.page.locator(".asked")
    await expect(question).to_contain_text("发给反映人")
    await expect(question).to_contain_text("没说清：时间、证据")
    assert await question.evaluate("node => getComputedStyle(node).backgroundColor") != colour_of_notes
    await member.finds_all_well()
    await member.page.get_by_role("button", name="什么时候").click()
    await member.write("是哪一年的名单？")
    await expect(question).to_contain_text("2. 是哪一年的名单？")
    await member.finds_all_well()
    await member.press("form.send.ask_reporter")
    async with deployment.database.reading() as session:
        assert (await session.get_one(Case, case_id)).state == CaseState.NEED_INFO
    await member.press(f"case.open.{case_id}")
    await member.reads("先去镇里调去年的低保名单")
    await expect(member.page.locator("#opened .for-colleagues")).to_contain_text("先去镇里调去年的低保名单")
    await member.finds_all_well()


@ONLY_SQLITE
@pytest.mark.parametrize("size", [PHONE, SCREEN], ids=["phone", "screen"])
async def test_a_director_prints_posters_narrows_the_items_and_imports_a_file(
    deployment: Deployment, mails: MailServer, chromium: Browser, size: tuple[int, int], tmp_path: Path
) -> None:
    director = await come_in(deployment, mails, chromium, "director", size)
    await director.go("/desk/rounds")
    await director.finds_all_well()
    await director.page.get_by_role("link", name="第六轮").click()
    await director.finds_all_well()
    async with director.page.expect_download() as downloading:
        await director.page.locator("#print button").click()
    assert Path(await (await downloading.value).path()).read_bytes().startswith(b"%PDF")
    await director.page.locator("main details summary").first.click()
    await director.page.locator("main details button").first.click()
    await director.reads("已经贴出去的就扫不开了")
    await director.finds_all_well()

    await director.go("/desk/items")
    await director.page.locator("#due").select_option("overdue")
    await director.page.locator(".choices button").click()
    await director.reads("已逾期")
    await expect(director.page.locator("#due")).to_have_value("overdue")
    await director.finds_all_well()

    county = json.loads(SAMPLE.read_text(encoding="utf-8"))
    county["villages"].append({"id": "V90", "name": "新田村", "unit": "没有的镇"})
    file = tmp_path / "county.json"
    for unit, says in (("没有的镇", "没有导入：1 处不对"), ("U1", "不能在网页上导入"), ("塘岔镇党委", "新增 1 条")):
        county["villages"][-1]["unit"] = unit
        file.write_text(json.dumps(county, ensure_ascii=False), encoding="utf-8")
        await director.go("/desk/import")
        await director.finds_all_well()
        await director.page.locator("#file").set_input_files(file)
        await director.page.locator("button.main").click()
        await director.reads(says)
        await director.finds_all_well()
    await director.page.locator("button[name=do]").click()
    await director.reads("已导入")
    async with deployment.database.reading() as session:
        assert (await session.get_one(Village, "V90")).name == "新田村"
