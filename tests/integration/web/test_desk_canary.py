"""Pages of the staff hold nothing that leads to a resident, whichever way they came."""

import re

from sqlalchemy import select

from models.complaints import Case, Complaint
from privacy.receipt import Receipt, read_receipt
from tests.browsing import Browser
from tests.conftest import ONLY_SQLITE
from tests.deployment import Deployment
from tests.integration.canary.needles import found_in, number, words
from tests.integration.canary.planted import ACCOUNT, CHAT, FIRST, LAST, receipt_needles
from tests.integration.web.conftest import OpenBrowser, begin
from tests.integration.web.desk import signed_in
from tests.story import PhoneUser, receipt_in

OWN_PHONE = "17300917364"
BY_PHONE, BY_BROWSER = f"路灯坏了三个月没人修，我的电话{OWN_PHONE}", "鱼塘的租金没有公示，账从来不公开"
STAFF = ("P05", "P06", "P14", "P03")
LISTS = (
    *("queue", "mine", "late", "digest", "items", "rounds", "round/R6", "village", "visits", "import", "whoami"),
    *("staff", "audit"),
)


async def sent_by_phone(deployment: Deployment) -> Receipt:
    """Let somebody with a telling account send something in chat."""
    simulator = deployment.simulator
    simulator.add_person(FIRST, person_id=CHAT, last_name=LAST, username=ACCOUNT)
    resident = PhoneUser(simulator, CHAT)
    simulator.scan(CHAT, await deployment.link("V02"))
    await deployment.settled()
    resident.say(BY_PHONE)
    await resident.press("1.r.traces_stay")
    await resident.press("1.r.send")
    found = receipt_in(await resident.sees(lambda one: receipt_in(one) is not None))
    assert found is not None
    return found[0]


async def sent_by_browser(deployment: Deployment, browser: Browser) -> Receipt:
    """Let somebody send something on a page."""
    await begin(deployment, browser)
    await browser.send("add", text=BY_BROWSER)
    await browser.send("1.r.send")
    found = read_receipt(browser.page.code)
    assert isinstance(found, Receipt)
    return found


@ONLY_SQLITE
async def test_no_page_of_the_staff_leads_to_a_resident(
    deployment: Deployment, browser: Browser, open_browser: OpenBrowser
) -> None:
    codes = [await sent_by_phone(deployment), await sent_by_browser(deployment, browser)]
    async with deployment.database.reading() as session:
        complaints = list(await session.scalars(select(Complaint.id)))
        cases = list(await session.scalars(select(Case.id)))
    assert len(complaints) == len(cases) == 2
    cookies = [cookie.value for cookie in browser.session.cookie_jar]
    needles = [number(CHAT), *words(FIRST, LAST, ACCOUNT, OWN_PHONE, *cookies, *(cookie[:22] for cookie in cookies))]
    needles += words(*complaints)
    for code in codes:
        needles += receipt_needles(code)
    seen: dict[str, bytes] = {}
    for staff_id in STAFF:
        staff = await signed_in(deployment, open_browser, staff_id)
        for address in ("/desk", *(f"/desk/{name}" for name in LISTS), *(f"/desk/case/{case_id}" for case_id in cases)):
            await staff.open(address)
            seen[f"{staff_id} {address}"] = str(staff.page.headers).encode() + staff.page.body
            if staff.page.has_button("1.case.open"):
                await staff.send("1.case.open")
                seen[f"{staff_id} {address} opened"] = str(staff.page.headers).encode() + staff.page.body
    read = b"".join(content for name, content in seen.items() if name.endswith("opened")).decode()
    assert BY_BROWSER in read
    assert re.search("路灯坏了三个月没人修", read)
    assert found_in(seen, needles) == []
