"""Whose forms are taken: ours, from the browser for which we made them, and each thing once."""

import asyncio
from urllib.parse import quote_from_bytes

from aiohttp import FormData
from sqlalchemy import func, select

from models.complaints import Complaint, ComplaintMessage, Conversation
from tests.conftest import ONLY_SQLITE
from tests.deployment import Deployment
from tests.integration.web.conftest import OpenBrowser, begin
from tests.pages import page_of_code
from tests.work import solution_of

SAID = "鱼塘的租金没有公示"


async def number_of(deployment: Deployment, what: type[Complaint | ComplaintMessage | Conversation]) -> int:
    async with deployment.database.reading() as session:
        return await session.scalar(select(func.count()).select_from(what)) or 0


@ONLY_SQLITE
async def test_a_form_of_ours_that_another_site_sends_is_refused(
    deployment: Deployment, open_browser: OpenBrowser
) -> None:
    one = await open_browser(works=True)
    page = await one.open(await page_of_code(deployment))
    url, fields = f"{one.base_url}/page", page.form.fields
    for headers in (
        {"Sec-Fetch-Site": "cross-site", "Origin": "null"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://example.com"},
        {"Origin": f"{one.base_url}.example.com"},
    ):
        async with one.session.post(url, data=fields, headers=headers) as answer:
            assert answer.status == 403, headers
    assert await number_of(deployment, Conversation) == 0
    async with one.session.post(
        url, data=fields, headers={"Origin": "null", "Sec-Fetch-Site": "same-origin"}
    ) as answer:
        assert answer.status == 200, "our own pages send no origin"


@ONLY_SQLITE
async def test_an_old_browser_takes_no_form_that_another_site_has_fetched(
    deployment: Deployment, open_browser: OpenBrowser
) -> None:
    """It does not say where a form comes from, and pages without a referrer say no origin."""
    attacker, old_attacker = await open_browser(works=True), await open_browser(works=True, is_old=True)
    victim, fresh = await open_browser(is_old=True), await open_browser(is_old=True)
    path = await page_of_code(deployment)
    await victim.open("/")
    for fetched in (await attacker.open(path), await old_attacker.open(path)):
        proof = solution_of(fetched.form.challenge)
        for one in (victim, fresh):
            assert (await one.send(page=fetched, proof=proof)).status == 403
    assert await number_of(deployment, Conversation) == 0
    await victim.open(path)
    assert (await victim.send()).status == 200
    await victim.send("add", text=SAID)
    assert SAID in victim.page.text


@ONLY_SQLITE
async def test_a_form_is_taken_only_from_the_browser_for_which_it_was_made(
    deployment: Deployment, open_browser: OpenBrowser
) -> None:
    one, other = await open_browser(), await open_browser()
    await begin(deployment, one)
    await begin(deployment, other)
    assert (await other.send("add", page=one.page, text=SAID)).status == 403
    assert (await other.send("add", page=one.page, text=SAID, form="x" * 48)).status == 403
    await other.open("/page")
    assert (await other.send("add", text=SAID)).status == 200


@ONLY_SQLITE
async def test_a_notice_that_stood_open_before_there_was_a_cookie_can_be_begun_from_and_no_words_come_with_it(
    deployment: Deployment, open_browser: OpenBrowser
) -> None:
    one = await open_browser(works=True)
    tabs = [await one.open(await page_of_code(deployment)) for _ in range(3)]
    assert (await one.send(page=tabs[0])).status == 200
    await one.send("add", text=SAID)
    assert (await one.send(page=tabs[1])).status == 200
    assert (await one.send(page=tabs[2], text=SAID)).status == 403
    with_file = FormData(tabs[2].form.fields)
    with_file.add_field("file", b"x", filename="1.jpg", content_type="image/jpeg")
    async with one.session.post(f"{one.base_url}/page", data=with_file) as answer:
        assert answer.status == 403
    assert SAID in (await one.open("/page")).text


async def test_what_is_sent_twice_or_at_the_same_time_is_taken_once(
    deployment: Deployment, open_browser: OpenBrowser
) -> None:
    one = await open_browser()
    await begin(deployment, one)
    page = one.page
    await asyncio.gather(*[one.send("add", page=page, text=SAID) for _ in range(3)])
    page = await one.open("/page")
    sent = await asyncio.gather(*[one.send("1.r.send", page=page) for _ in range(3)])
    assert len({answer.code for answer in sent}) == 1
    assert await number_of(deployment, Complaint) == 1
    assert await number_of(deployment, ComplaintMessage) == 1


async def test_of_what_is_written_no_more_is_kept_than_characters(
    deployment: Deployment, open_browser: OpenBrowser
) -> None:
    one = await open_browser()
    await begin(deployment, one)
    written = "路\0灯\x0b坏\x1b了\x7f\ufffe。\r\n\t第二行\r第三行 \u202eabc 😀".encode() + b"\xed\xa0\x80\xff end"
    body = f"form={one.page.form.fields['form']}&text=".encode() + quote_from_bytes(written).encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    async with one.session.post(f"{one.base_url}/page", data=body, headers=headers) as answer:
        assert answer.status == 200
    page = await one.open("/page")
    assert "路灯坏了。 第二行 第三行" in page.text
    assert not set(page.body.decode()) & set("\0\x0b\x1b\x7f\ufffe\r")
    assert (await one.send("1.r.send")).code
    assert await number_of(deployment, Complaint) == 1
