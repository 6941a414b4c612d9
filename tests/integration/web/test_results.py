"""The public page of a round: nobody signs in, nobody gets a cookie, nothing stands there that is not public."""

import csv
import io
import json
from contextlib import suppress

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from models.publication import Objection, Publication
from models.rectification import RectificationItem
from models.states import ItemState
from services.publication.objections import MOST_AN_HOUR, TooManyObjections, object_to
from services.publication.publications import withdraw
from tests.browsing import Page
from tests.conftest import ONLY_SQLITE
from tests.deployment import Deployment
from tests.integration.publication.story import (
    CLERK,
    DIRECTOR,
    DONE,
    LEADING_GROUP,
    PROBLEM,
    RESULT,
    ROUND,
    approved_by,
    asked,
    published,
)
from tests.integration.rectification.conftest import who
from tests.integration.web.conftest import OpenBrowser
from tests.integration.web.desk import signed_in
from tests.pages import page_of_code

PAGE = "/results/R6"
ALL = (PAGE, f"{PAGE}/all.json", f"{PAGE}/results.csv", f"{PAGE}/units.csv", f"{PAGE}/1")
SAID = "工资只发了一半"


async def publish(deployment: Deployment) -> str:
    """Publish a result, and return the publication's id."""
    async with deployment.database.transaction() as session:
        return (await published(deployment.work(session))).id


async def in_hand(session: AsyncSession) -> Publication:
    """Return the one publication."""
    return (await session.scalars(select(Publication))).one()


def has_cookie(page: Page) -> bool:
    return "Set-Cookie" in page.headers


async def test_nothing_is_there_before_two_have_approved_and_nothing_once_it_is_withdrawn(
    deployment: Deployment, open_browser: OpenBrowser
) -> None:
    one = await open_browser()
    async with deployment.database.transaction() as session:
        await asked(deployment.work(session))
    assert {(await one.open(address)).status for address in ALL} == {404}
    async with deployment.database.transaction() as session:
        publication = await approved_by(deployment.work(session), await in_hand(session), DIRECTOR, LEADING_GROUP)
    assert {(await one.open(address)).status for address in ALL} == {200}
    async with deployment.database.transaction() as session:
        work = deployment.work(session)
        await withdraw(work, await who(work, CLERK), publication.id)
    assert {(await one.open(address)).status for address in ALL} == {404}


@ONLY_SQLITE
async def test_anybody_reads_it_and_nobody_gets_a_cookie(deployment: Deployment, open_browser: OpenBrowser) -> None:
    await publish(deployment)
    headings = {"zh-CN": "查了什么，改了什么", "zh-TW": "查了什麼，改了什麼", "en": "What was found"}
    for language, heading in headings.items():
        one = await open_browser(language)
        page = await one.open(PAGE)
        assert page.headings[0].startswith(heading)
        assert not has_cookie(page)
        assert page.headers["Cache-Control"] == "public, no-cache"
    assert PROBLEM in (await (await open_browser()).open(PAGE)).text
    assert RESULT in page.text
    for address in ALL[1:]:
        assert not has_cookie(await one.open(address))


@ONLY_SQLITE
async def test_a_browser_that_has_it_is_told_that_it_stands(deployment: Deployment, open_browser: OpenBrowser) -> None:
    publication_id = await publish(deployment)
    one = await open_browser()
    tag = (await one.open(PAGE)).headers["Etag"]
    async with one.session.get(one.base_url + PAGE, headers={"If-None-Match": tag}) as answer:
        assert answer.status == 304
    async with one.session.get(f"{one.base_url}{PAGE}?l=en", headers={"If-None-Match": tag}) as answer:
        assert answer.status == 200
    async with deployment.database.transaction() as session:
        work = deployment.work(session)
        await withdraw(work, await who(work, CLERK), publication_id)
    async with one.session.get(one.base_url + PAGE, headers={"If-None-Match": tag}) as answer:
        assert answer.status == 404


async def test_a_result_that_is_looked_at_again_is_marked_at_once_everywhere(
    deployment: Deployment, open_browser: OpenBrowser
) -> None:
    await publish(deployment)
    one = await open_browser()
    tag = (await one.open(PAGE)).headers["Etag"]
    assert "正在重新核查" not in one.page.text
    async with deployment.database.transaction() as session:
        (await session.get_one(RectificationItem, DONE)).state = ItemState.REOPENED
    async with one.session.get(one.base_url + PAGE, headers={"If-None-Match": tag}) as answer:
        assert answer.status == 200
    for address in (PAGE, f"{PAGE}/1"):
        assert "正在重新核查" in (await one.open(address)).text
    [request] = json.loads((await one.open(ALL[1])).body)["service_requests"]
    assert request["status"] == "open"
    [row] = csv.DictReader(io.StringIO((await one.open(ALL[2])).body.decode("utf-8-sig")))
    assert row["status"] == "open"
    clerk = await signed_in(deployment, open_browser, CLERK)
    async with deployment.database.reading() as session:
        publication = await in_hand(session)
    assert "正在重新核查" in (await clerk.open(f"/desk/publication/{publication.id}/page")).text
    await clerk.open(f"/desk/publication/{publication.id}")
    assert "正在重新核查" in (await clerk.send("1.publication.look")).text


@ONLY_SQLITE
async def test_it_is_there_as_data(deployment: Deployment, open_browser: OpenBrowser) -> None:
    await publish(deployment)
    one = await open_browser()
    whole = json.loads((await one.open(ALL[1])).body)
    [request] = whole["service_requests"]
    assert (request["service_request_id"], request["status"]) == ("R6-1", "closed")
    assert (request["description"], request["status_notes"]) == (PROBLEM, RESULT)
    assert request["agency_responsible"] == "枫汊乡党委"
    rows = list(csv.DictReader(io.StringIO((await one.open(ALL[2])).body.decode("utf-8-sig"))))
    assert [row["description"] for row in rows] == [PROBLEM]
    units = list(csv.DictReader(io.StringIO((await one.open(ALL[3])).body.decode("utf-8-sig"))))
    assert len(units) == 6
    assert {row["found"] for row in units} == {""}, "no unit has five"


@ONLY_SQLITE
async def test_the_page_of_a_code_leads_there(deployment: Deployment, open_browser: OpenBrowser) -> None:
    one = await open_browser()
    assert "/results/R6" not in str((await one.open(await page_of_code(deployment))).links)
    await publish(deployment)
    page = await one.open(await page_of_code(deployment))
    assert ("十四届清禾县委第六轮巡察：查了什么，改了什么", "/results/R6") in page.links


async def test_somebody_says_that_a_result_is_not_so_and_its_reviewer_reopens_it(
    deployment: Deployment, open_browser: OpenBrowser
) -> None:
    await publish(deployment)
    one = await open_browser(works=True)
    await one.open(PAGE)
    await one.open(one.page.link("不是这样？"))
    page = await one.send("交上去", text=SAID)
    assert page.status == 200
    assert page.headings == ["收到了"]
    assert not has_cookie(page)
    deployment.simulator.advance(3600)
    reviewer = await signed_in(deployment, open_browser, "P11")
    await reviewer.open("/desk/items")
    await reviewer.open("/desk/objection/RI08")
    assert SAID in reviewer.page.text
    await reviewer.send("1.objection.reopen")
    assert "重新整改" in reviewer.page.text


@ONLY_SQLITE
async def test_what_is_sent_twice_is_taken_once_and_what_is_empty_not_at_all(
    deployment: Deployment, open_browser: OpenBrowser
) -> None:
    await publish(deployment)
    one = await open_browser()
    page = await one.open(f"{PAGE}/1")
    for _ in range(2):
        assert (await one.send("交上去", page=page, text=SAID)).status == 200
    assert "还没有写" in (await one.send("交上去", page=page, text="  ")).text
    assert (await one.send("交上去", page=page, text="别的", form="x" * 48)).status == 403
    async with deployment.database.reading() as session:
        assert len(list(await session.scalars(select(Objection)))) == 1


@ONLY_SQLITE
async def test_whoever_is_in_a_crisis_is_told_at_once_whom_to_call(
    deployment: Deployment, open_browser: OpenBrowser
) -> None:
    await publish(deployment)
    one = await open_browser()
    await one.open(f"{PAGE}/1")
    assert "12356" not in (await one.send("交上去", text=SAID)).text
    await one.open(f"{PAGE}/1")
    assert "12356" in (await one.send("交上去", text="工资没有发，我不想活了")).text


@ONLY_SQLITE
async def test_a_crowd_without_proofs_is_told_to_wait_and_loses_nothing(
    deployment: Deployment, open_browser: OpenBrowser
) -> None:
    await publish(deployment)
    one, other = await open_browser(), await open_browser(works=True)
    page = await one.open(f"{PAGE}/1")
    answers = [await one.send("交上去", page=page, text=f"第{number}句") for number in range(21)]
    assert [answer.status for answer in answers].count(503) == 1
    assert "第20句" in answers[-1].body.decode()
    assert "12356" in (await one.send("交上去", page=page, text="我不想活了")).text
    async with deployment.database.transaction() as session:
        with suppress(TooManyObjections):
            for _ in range(MOST_AN_HOUR.stop):
                await object_to(deployment.work(session), ROUND, 1, SAID)
    await other.open(f"{PAGE}/1")
    assert "刚才说的人很多" in (await other.send("交上去", text=SAID)).text, "so many wait already"


@ONLY_SQLITE
@pytest.mark.parametrize(
    "address", ["/results/R6/2", "/results/R5", "/results/R6/..%2f", "/results/R6/photo/" + "0" * 64]
)
async def test_nothing_else_is_there(deployment: Deployment, open_browser: OpenBrowser, address: str) -> None:
    await publish(deployment)
    assert (await (await open_browser()).open(address)).status == 404
