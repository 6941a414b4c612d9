"""Who may begin to write and look codes up: nobody is known, and yet nobody floods."""

import pytest
from sqlalchemy import func, select
from yarl import URL

from models.complaints import Complaint, Conversation
from privacy.receipt import Script, new_receipt
from tests.browsing import Browser
from tests.conftest import ONLY_SQLITE
from tests.deployment import Deployment
from tests.integration.web.conftest import OpenBrowser, begin
from tests.pages import page_of_code
from tests.work import solution_of
from web import admission

SAID = "鱼塘的租金没有公示,账从来不公开"


@pytest.fixture
def without_proof_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """There is no room for anybody without a proof."""
    monkeypatch.setattr(admission, "WITHOUT_PROOF_A_MINUTE", 0)


async def conversations(deployment: Deployment) -> int:
    async with deployment.database.reading() as session:
        return await session.scalar(select(func.count()).select_from(Conversation)) or 0


def cookies(browser: Browser) -> dict[str, str]:
    return {cookie.key: cookie.value for cookie in browser.session.cookie_jar}


async def test_whoever_worked_for_it_writes_sends_and_comes_back(
    deployment: Deployment, open_browser: OpenBrowser, without_proof_nobody: None
) -> None:
    one, other = await open_browser(works=True), await open_browser(works=True)
    await begin(deployment, one)
    await one.send("add", text=SAID)
    sent = await one.send("1.r.send")
    await other.open("/")
    assert (await other.send(text=sent.code)).has_button("1.r.withdraw")
    async with deployment.database.reading() as session:
        assert await session.scalar(select(func.count()).select_from(Complaint)) == 1


@ONLY_SQLITE
async def test_without_work_so_many_are_let_in_a_minute_and_with_it_everybody(
    deployment: Deployment, open_browser: OpenBrowser
) -> None:
    path = await page_of_code(deployment)
    statuses = []
    for _ in range(admission.WITHOUT_PROOF_A_MINUTE + 1):
        one = await open_browser()
        await one.open(path)
        statuses.append((await one.send()).status)
    assert statuses == [200] * admission.WITHOUT_PROOF_A_MINUTE + [503]
    assert await conversations(deployment) == admission.WITHOUT_PROOF_A_MINUTE
    assert not cookies(one)
    other = await open_browser(works=True)
    await begin(deployment, other)
    assert other.page.status == 200
    deployment.simulator.advance(60)
    await one.open(path)
    assert (await one.send()).status == 200


@ONLY_SQLITE
async def test_a_proof_is_good_for_one_browser_and_an_hour(
    deployment: Deployment, open_browser: OpenBrowser, without_proof_nobody: None
) -> None:
    path = await page_of_code(deployment)
    one, other, late = await open_browser(), await open_browser(), await open_browser(works=True)
    page = await one.open(path)
    proof = solution_of(page.form.challenge)
    assert (await one.send(proof=proof)).status == 200
    await other.open(path)
    assert (await other.send(proof=proof)).status == 503
    await late.open(path)
    deployment.simulator.advance(3600)
    assert (await late.send()).status == 503


@ONLY_SQLITE
@pytest.mark.parametrize("is_old", [False, True])
async def test_whoever_got_no_answer_on_a_bad_line_sends_it_again_and_works_no_more(
    deployment: Deployment, open_browser: OpenBrowser, without_proof_nobody: None, is_old: bool
) -> None:
    one = await open_browser(is_old=is_old)
    page = await one.open(await page_of_code(deployment))
    before = one.session.cookie_jar.filter_cookies(URL(one.base_url))
    proof = solution_of(page.form.challenge)
    await one.send(page=page, proof=proof)
    assert one.page.has_button("add")
    one.session.cookie_jar.clear()  # the answer with the cookie never arrived
    one.session.cookie_jar.update_cookies(before)
    assert (await one.send(page=page, proof=proof)).has_button("add")
    await one.send("add", text=SAID)
    assert SAID in one.page.text
    one.session.cookie_jar.clear()
    one.session.cookie_jar.update_cookies(before)
    for _ in range(admission.RESENDS - 1):
        await one.send(page=page, proof=proof)
        one.session.cookie_jar.clear()
        one.session.cookie_jar.update_cookies(before)
    assert (await one.send(page=page, proof=proof)).status == 503


@ONLY_SQLITE
async def test_a_cookie_that_was_made_up_is_no_way_in(
    deployment: Deployment, open_browser: OpenBrowser, without_proof_nobody: None
) -> None:
    one = await open_browser()
    for made_up in ("x" * 22, "x" * 22 + "0" * 32):
        one.session.cookie_jar.update_cookies({"v": made_up})
        await one.open("/")
        assert (await one.send(text=new_receipt().text(Script.SIMPLIFIED))).status == 503


@ONLY_SQLITE
async def test_a_cookie_is_good_for_as_long_as_a_draft_is_kept(
    deployment: Deployment, open_browser: OpenBrowser
) -> None:
    one = await open_browser()
    await begin(deployment, one)
    given = cookies(one)
    deployment.simulator.advance(2 * 24 * 3600)
    await one.open("/")
    await one.send(text="你好")
    assert cookies(one) == given
    deployment.simulator.advance(24 * 3600)
    await one.open("/")
    await one.send(text="你好")
    assert cookies(one) != given


@ONLY_SQLITE
async def test_each_draft_that_is_begun_costs_a_proof(
    deployment: Deployment, open_browser: OpenBrowser, without_proof_nobody: None
) -> None:
    one = await open_browser(works=True)
    await begin(deployment, one)
    one.works = False
    page = await one.send("add", text=SAID)
    assert page.status == 200, "what is said after that costs nothing"
    scanned = await one.open(await page_of_code(deployment))
    assert (await one.send()).status == 503
    # Behind a file, a token is no way past.
    token = scanned.form.fields["token"]
    assert (await one.send("add", page=page, files=[b"?"], token=token)).status == 503


@ONLY_SQLITE
async def test_words_of_a_crisis_are_answered_at_once_and_nothing_of_them_is_kept(
    deployment: Deployment, open_browser: OpenBrowser, without_proof_nobody: None
) -> None:
    one = await open_browser()
    await one.open("/")
    told = await one.send(text="我不想活了，今晚就喝农药")
    assert told.status == 503
    assert "12356" in told.body.decode().partition("<h1>")[0]
    await one.open("/")
    assert "12356" not in (await one.send(text="路灯坏了")).body.decode().partition("<h1>")[0]
    assert await conversations(deployment) == 0


@ONLY_SQLITE
async def test_so_many_codes_are_looked_up_a_minute_and_what_else_is_said_is_taken(
    deployment: Deployment, open_browser: OpenBrowser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admission, "LOOK_UPS_A_MINUTE", 1)
    reporter, one = await open_browser(), await open_browser()
    await begin(deployment, reporter)
    await reporter.send("add", text=SAID)
    code = (await reporter.send("1.r.send")).code
    await begin(deployment, one)
    page = await one.open("/page")
    assert (await one.send("add", text=new_receipt().text(Script.SIMPLIFIED))).status == 200
    refused = [
        await one.send("add", page=page, text=text)
        for text in (code, new_receipt().text(Script.SIMPLIFIED), f"回执码 {code}")
    ]
    assert {(answer.status, answer.body) for answer in refused} == {(503, refused[0].body)}
    await one.open("/page")
    assert (await one.send("add", text=SAID)).status == 200
    deployment.simulator.advance(60)
    await one.open("/page")
    assert (await one.send("add", text=code)).has_button("1.r.withdraw")


@ONLY_SQLITE
async def test_whoever_worked_for_it_reads_their_answer_however_many_codes_others_look_up(
    deployment: Deployment, open_browser: OpenBrowser, monkeypatch: pytest.MonkeyPatch
) -> None:
    reporter, one, other = await open_browser(), await open_browser(works=True), await open_browser()
    await begin(deployment, reporter)
    await reporter.send("add", text=SAID)
    code = (await reporter.send("1.r.send")).code
    monkeypatch.setattr(admission, "LOOK_UPS_A_MINUTE", 0)
    await other.open("/")
    assert (await other.send(text=code)).status == 503
    for _ in range(2):  # without a cookie, and with one
        start = await one.open("/")
        proof = solution_of(start.form.challenge)
        one.works = False
        assert (await one.send(text=code, proof=proof)).has_button("1.r.withdraw")
        assert (await one.send(page=start, text=f"{code}。", proof=proof)).status in {403, 503}
