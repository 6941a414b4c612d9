"""Who may begin to write and look codes up: nobody is known, and yet nobody floods."""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from models.complaints import Complaint, Conversation
from privacy.receipt import Script, new_receipt
from tests.conftest import ONLY_SQLITE
from tests.deployment import Deployment
from tests.visitor import Browser, code_path
from web import admission

NewBrowser = Callable[[], Browser]
VILLAGE = "V06"
SAID = "鱼塘的租金没有公示,账从来不公开"


async def conversations(deployment: Deployment) -> int:
    async with deployment.database.reading() as session:
        return await session.scalar(select(func.count()).select_from(Conversation)) or 0


async def begun(deployment: Deployment, browser: Browser) -> Browser:
    return await (await browser.open(await code_path(deployment, VILLAGE))).send()


async def test_whoever_worked_for_it_writes_sends_and_comes_back(with_web: Deployment, browser: NewBrowser) -> None:
    one = await begun(with_web, browser())
    assert one.status == 200
    await one.send({"text": SAID})
    await one.press("1.r.send")
    other = browser()
    await (await other.open("/")).send({"text": one.code})
    assert other.status == 200
    assert any(button.startswith("1.r.withdraw") for button in other.buttons)
    async with with_web.database.reading() as session:
        assert await session.scalar(select(func.count()).select_from(Complaint)) == 1


@ONLY_SQLITE
async def test_without_work_so_many_are_let_in_a_minute_and_with_it_everybody(
    with_web: Deployment, browser: NewBrowser
) -> None:
    path = await code_path(with_web, VILLAGE)
    statuses = []
    for _ in range(admission.WITHOUT_PROOF_A_MINUTE + 1):
        one = await browser().open(path)
        statuses.append((await one.send(solves=False)).status)
    assert statuses == [200] * admission.WITHOUT_PROOF_A_MINUTE + [503]
    assert await conversations(with_web) == admission.WITHOUT_PROOF_A_MINUTE
    assert not one.cookies
    assert (await begun(with_web, browser())).status == 200
    with_web.simulator.advance(60)
    assert (await (await one.open(path)).send(solves=False)).status == 200


@ONLY_SQLITE
async def test_a_proof_is_good_for_one_browser_and_an_hour(
    with_web: Deployment, browser: NewBrowser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admission, "WITHOUT_PROOF_A_MINUTE", 0)
    one = await browser().open(await code_path(with_web, VILLAGE))
    fields = one.hidden()
    assert (await one.post(fields)).status == 200
    other = browser()
    assert (await other.post(fields)).status == 503
    late = await browser().open(await code_path(with_web, VILLAGE))
    old = late.hidden()
    with_web.simulator.advance(3600)
    assert (await late.post(old)).status == 503


@ONLY_SQLITE
async def test_a_cookie_that_was_made_up_is_no_way_in(
    with_web: Deployment, browser: NewBrowser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admission, "WITHOUT_PROOF_A_MINUTE", 0)
    one = browser()
    for made_up in ("x" * 22, "x" * 22 + "0" * 32):
        one.session.cookie_jar.update_cookies({"v": made_up})
        await one.open("/")
        assert (await one.send({"text": new_receipt().text(Script.SIMPLIFIED)}, solves=False)).status == 503


@ONLY_SQLITE
async def test_a_cookie_is_good_for_as_long_as_a_draft_is_kept(with_web: Deployment, browser: NewBrowser) -> None:
    one = await begun(with_web, browser())
    given = dict(one.cookies)
    with_web.simulator.advance(2 * 24 * 3600)
    await one.open("/")
    assert (await one.send({"text": "你好"}, solves=False)).status == 200
    assert dict(one.cookies) == given
    with_web.simulator.advance(24 * 3600)
    await one.open("/")
    assert (await one.send({"text": "你好"})).status == 200
    assert dict(one.cookies) != given


@ONLY_SQLITE
async def test_each_draft_that_is_begun_costs_a_proof(
    with_web: Deployment, browser: NewBrowser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admission, "WITHOUT_PROOF_A_MINUTE", 0)
    one = await begun(with_web, browser())
    await one.send({"text": SAID}, solves=False)
    assert one.status == 200, "what is said after that costs nothing"
    await one.open(await code_path(with_web, VILLAGE))
    fields = one.hidden(solves=False)
    assert (await one.post({**fields, "proof": ""})).status == 503
    # Behind a file, a token is no way past.
    await one.open("/page")
    form = one.hidden()["form"]
    assert (await one.post({"form": form, "token": fields["token"]}, [("1.txt", b"?", "text/plain")])).status == 503


@ONLY_SQLITE
async def test_words_of_a_crisis_are_answered_at_once_and_nothing_of_them_is_kept(
    with_web: Deployment, browser: NewBrowser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admission, "WITHOUT_PROOF_A_MINUTE", 0)
    one = await browser().open("/")
    await one.send({"text": "我不想活了，今晚就喝农药"}, solves=False)
    assert one.status == 503
    assert "12356" in one.text.partition("<h1>")[0]
    await one.open("/")
    await one.send({"text": "路灯坏了"}, solves=False)
    assert "12356" not in one.text.partition("<h1>")[0]
    assert await conversations(with_web) == 0


@ONLY_SQLITE
async def test_so_many_codes_are_looked_up_a_minute_and_what_else_is_said_is_taken(
    with_web: Deployment, browser: NewBrowser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admission, "LOOK_UPS_A_MINUTE", 1)
    one = await begun(with_web, browser())
    right = browser()
    await (await begun(with_web, right)).send({"text": SAID})
    code = (await right.press("1.r.send")).code
    assert (await one.send({"text": new_receipt().text(Script.SIMPLIFIED)})).status == 200
    await one.open("/page")
    answers = set()
    for text in (code, new_receipt().text(Script.SIMPLIFIED), f"回执码 {code}"):
        await one.open("/page")
        await one.send({"text": text})
        answers.add((one.status, one.text))
    assert [status for status, _ in answers] == [503], "the right one reads like any other"
    await one.open("/page")
    assert (await one.send({"text": SAID})).status == 200
    with_web.simulator.advance(60)
    await one.open("/page")
    assert (await one.send({"text": code})).status == 200
