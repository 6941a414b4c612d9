"""Nothing that a browser sends along, and nothing that is written in it, is found where it must not be."""

import io
import ipaddress
from pathlib import Path

import pytest
from aiohttp import ClientSession, CookieJar, TCPConnector

from privacy.receipt import Receipt, read_receipt
from tests.browsing import Browser
from tests.deployment import Deployment
from tests.integration.canary.left import left_behind
from tests.integration.canary.needles import Needle, blob, found_in, words
from tests.integration.canary.phones import received, wrongly_received
from tests.integration.canary.planted import (
    ADDED,
    ANYTHING,
    CARD,
    DISCARDED,
    OWN_NAME,
    PHONE_AS_WRITTEN,
    receipt_needles,
)
from tests.integration.canary.story import Canary
from tests.integration.test_backup import CommandLine, stamped
from tests.integration.web.conftest import begin, deployment  # noqa: F401 (a fixture)
from tests.integration.web.raw import ask, request
from tests.journey import SAID
from tests.pages import base_url
from tests.unit.media.test_cleaning_photo import jpeg_with_everything

OWN_ADDRESS = "127.61.62.63"  # of this machine, and no other test's
ADDRESSES = {"X-Forwarded-For": "203.0.113.157", "X-Real-IP": "198.51.100.214", "Forwarded": "for=192.0.2.178"}
HEADERS = {
    **ADDRESSES,
    "User-Agent": "canary-browser/7.31.4 (canary-phone)",
    "Accept-Language": "zh-x-kanari, zh",
    "Referer": "https://canary-page.example/",
    "X-Canary": "canary-of-some-header",
}
FILE_NAME = "IMG_0042.jpg"  # as tests.browsing sends it
SAID_HERE = f"{SAID}。我叫{OWN_NAME},电话{PHONE_AS_WRITTEN},身份证{CARD}"
BROKEN = "canary-of-a-broken-request"


def sent_along() -> list[Needle]:
    """Return what browsers send by themselves."""
    addresses = [OWN_ADDRESS, *(value.removeprefix("for=") for value in ADDRESSES.values())]
    packed = [blob(f"{one} packed", b"::ffff:" + ipaddress.ip_address(one).packed) for one in addresses]
    return [*words(*addresses, *HEADERS.values(), "kanari", FILE_NAME, BROKEN), *packed]


async def opened(url: str) -> Browser:
    """Return a browser that tells all of itself, from an address of its own."""
    browser = await Browser(url, works=True).__aenter__()
    await browser.session.close()
    connector = TCPConnector(local_addr=(OWN_ADDRESS, 0))
    browser.session = ClientSession(connector=connector, cookie_jar=CookieJar(unsafe=True), headers=HEADERS)
    return browser


def cookie_of(browser: Browser) -> list[Needle]:
    """Return the needles of what only this browser holds: its cookie, whole and its random part."""
    [cookie] = browser.session.cookie_jar
    return words(cookie.value, cookie.value[:22])


async def drafts_twice(deployment: Deployment, browser: Browser) -> None:  # noqa: F811
    """Write something on a page that has begun and discard it; begin again with something else and a photo."""
    await browser.send("add", text=DISCARDED)
    await browser.send("1.r.discard")
    await browser.send("1.r.discard_yes")
    await begin(deployment, browser)
    await browser.send("add", text=SAID_HERE, files=[jpeg_with_everything()])
    await browser.send("1.r.traces_stay")


async def test_nothing_that_a_browser_sends_along_is_found_afterwards(
    deployment: Deployment,  # noqa: F811
    tmp_path: Path,
    logs: io.StringIO,
) -> None:
    canary = await Canary.begin(deployment)
    journey = canary.journey
    url = base_url(deployment)
    here, there = await opened(url), await opened(url)
    needles = [*ANYTHING, *sent_along()]

    async def nothing_lies_about() -> None:
        assert found_in(await left_behind(deployment, tmp_path), needles) == []
        assert found_in({"the log": logs.getvalue().encode()}, needles) == []

    await begin(deployment, here)
    needles += [*cookie_of(here), *words(here.page.form.fields["form"])]
    await drafts_twice(deployment, here)
    await nothing_lies_about()

    sent = await here.send("1.r.send")
    code = read_receipt(sent.code)
    assert isinstance(code, Receipt)
    needles += receipt_needles(code)
    journey.code = sent.code
    await journey.member_claims_and_reads()

    await there.open("/")
    await there.send(text=sent.code)
    needles += cookie_of(there)
    await there.send("add", text=ADDED)
    await there.send("1.r.put_in")
    for broken in (
        request(path=f"/{BROKEN}", headers=HEADERS),
        request(path=f"/r/{BROKEN}", headers=HEADERS),
        request("POST", "/page", {**HEADERS, "Content-Length": "-1", "X": BROKEN}),
        f"GET /{BROKEN} HTTP/9\r\n{BROKEN}\r\n\r\n".encode(),
    ):
        assert (await ask(url, broken, local_address=OWN_ADDRESS)).status in {400, 404}
    await nothing_lies_about()

    safe = tmp_path / "safe"
    safe.mkdir()
    await stamped(deployment)
    clerk = CommandLine(deployment, tmp_path)
    shown = [await clerk.run("doctor"), await clerk.run("backup", str(safe / "county.age"))]
    assert found_in({"shown": "".join(one.output for one in shown).encode()}, needles) == []
    await here.session.close()
    await there.session.close()
    await deployment.stop()
    await nothing_lies_about()
    nobodys = [needle for needle in needles if needle not in ANYTHING]
    assert wrongly_received(journey, nobodys) == []
    assert found_in(received(journey)["P06"], words(SAID)), "the member was to read it"


async def test_an_error_of_a_page_tells_the_log_nothing_of_who_met_it(
    deployment: Deployment,  # noqa: F811
    tmp_path: Path,
    logs: io.StringIO,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fails(*_: object) -> None:
        raise ValueError(f"{SAID_HERE} from {OWN_ADDRESS}")

    browser = await opened(base_url(deployment))
    await begin(deployment, browser)
    needles = [*ANYTHING, *sent_along(), *cookie_of(browser)]
    page = browser.page
    for where in ("web.resident.conversations.respond", "web.app.page"):
        monkeypatch.setattr(where, fails)
        assert (await browser.send("add", page=page, text=SAID_HERE)).status == 500
    assert logs.getvalue().count("ValueError") >= 2
    assert found_in({"the log": logs.getvalue().encode()}, needles) == []
    await browser.session.close()
