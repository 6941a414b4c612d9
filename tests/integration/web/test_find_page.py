"""Looking for cases on a page: what is looked for stands in no address, and what is found is theirs to read."""

from tests.deployment import Deployment
from tests.integration.web.conftest import OpenBrowser
from tests.integration.web.desk import laid, send_by_hand, signed_in

LEADER, MEMBER, HEAD = "P05", "P06", "P16"


async def test_cases_are_found_by_their_words_and_led_to(deployment: Deployment, open_browser: OpenBrowser) -> None:
    case_id = await laid(deployment, "低保名单没有贴出来")
    other = await laid(deployment, "路坏了")
    browser = await signed_in(deployment, open_browser, MEMBER)
    await browser.open("/desk/find")
    await browser.send("开始查找", words="名單")
    assert browser.page.url.endswith("/desk/find")
    assert case_id in browser.page.text
    assert other not in browser.page.text
    assert "已看过 2 件的正文" in browser.page.text
    await browser.open(browser.page.link(case_id))
    assert browser.page.url.endswith(f"/desk/case/{case_id}")


async def test_a_number_in_the_field_leads_to_its_case(deployment: Deployment, open_browser: OpenBrowser) -> None:
    case_id = await laid(deployment, "路坏了")
    browser = await signed_in(deployment, open_browser, MEMBER)
    await browser.open("/desk/find")
    await browser.send("开始查找", words=f"{case_id[:4]}-{case_id[4:]}")
    assert browser.page.url.endswith(f"/desk/case/{case_id}")


async def test_each_finds_only_their_own_and_a_short_word_is_explained(
    deployment: Deployment, open_browser: OpenBrowser
) -> None:
    case_id = await laid(deployment, "低保名单没有贴出来")
    theirs, other = [await signed_in(deployment, open_browser, one) for one in (LEADER, "P08")]
    for browser in (theirs, other):
        await browser.open("/desk/find")
        await browser.send("开始查找", words="名单")
    assert case_id in theirs.page.text
    assert case_id not in other.page.text
    await theirs.send("开始查找", words="单")
    assert "至少两个字" in theirs.page.text


async def test_whoever_sees_no_cases_finds_no_page(deployment: Deployment, open_browser: OpenBrowser) -> None:
    browser = await signed_in(deployment, open_browser, HEAD)
    assert await send_by_hand(browser, "/desk/find", words="名单") == 404
    assert (await browser.open("/desk/find")).status == 404
