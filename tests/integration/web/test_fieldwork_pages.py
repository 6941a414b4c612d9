"""The work in the field on the pages: what chats offer is offered there, and a receipt can be printed."""

import pytest
from sqlalchemy import select

from models.complaints import Case, Door
from privacy.receipt import Receipt, read_receipt
from services.intake.visit import find
from tests.deployment import Deployment
from tests.integration.cases.conftest import picture
from tests.integration.fieldwork.field import DIRECTOR, HEAD, MEMBER, OTHER_TEAM, SAID, key_of
from tests.integration.web.conftest import OpenBrowser
from tests.integration.web.desk import presses, signed_in


async def test_on_a_page_a_letter_with_a_photo_is_entered_and_its_receipt_shown_once(
    deployment: Deployment, open_browser: OpenBrowser
) -> None:
    browser = await signed_in(deployment, open_browser, MEMBER)
    await browser.open("/desk")
    await browser.send("代录一件")
    await browser.send("add", text="上竹坞村")
    await browser.send("来信")
    await browser.send("add", text=SAID, files=[picture()])
    assert "📷 1 张" in browser.page.text
    await browser.send("1.form.send.enter_case")
    found = read_receipt(browser.page.code)
    assert isinstance(found, Receipt)
    assert any(one.startswith("data:image/png") for one in browser.page.pictures)
    async with deployment.database.reading() as session:
        assert await find(deployment.work(session), found) is not None
        [case] = await session.scalars(select(Case))
    assert case.door == Door.LETTER
    await browser.send("1.receipt.handed")
    assert "<code>" not in browser.page.body.decode()
    await browser.open("/desk")
    assert "<code>" not in browser.page.body.decode()
    await browser.open(f"/desk/case/{case.id}")
    assert "来信" in browser.page.text
    assert "<code>" not in browser.page.body.decode()


async def test_the_page_of_a_village_offers_what_its_card_offers_in_the_chat(
    deployment: Deployment, open_browser: OpenBrowser
) -> None:
    async with deployment.database.reading() as session:
        key = await key_of(deployment.work(session), "V01")
    browser = await signed_in(deployment, open_browser, MEMBER)
    await browser.open("/desk/village")
    assert f"/desk/place/{key}" in {address for _, address in browser.page.links}
    page = await browser.open(f"/desk/place/{key}")
    assert "示范村" in page.text
    offered = {data.split(".")[2] for data in presses(page) if data.startswith("1.place")}
    assert offered == {"enter", "checklist", "visits", "talks", "plan", "records", "share"}
    await browser.send("1.place.checklist")
    await browser.send("1.place.tick")
    await browser.send("查了，没发现问题")
    await browser.open(f"/desk/place/{key}")
    assert "清单：1/5" in browser.page.text
    await browser.send("1.place.visits")
    await browser.send("1.place.visit.")
    await browser.open("/desk/visits")
    assert "上竹坞村" in browser.page.text


@pytest.mark.parametrize(("staff_id", "status"), [(MEMBER, 200), (DIRECTOR, 200), (OTHER_TEAM, 404), (HEAD, 404)])
async def test_the_page_of_a_village_is_there_for_those_who_may_look_at_it(
    deployment: Deployment, open_browser: OpenBrowser, staff_id: str, status: int
) -> None:
    async with deployment.database.reading() as session:
        key = await key_of(deployment.work(session), "V01")
    browser = await signed_in(deployment, open_browser, staff_id)
    assert (await browser.open(f"/desk/place/{key}")).status == status
    assert (await browser.open("/desk/evening/N1")).status == (200 if staff_id == MEMBER else 404)
