"""Receipt codes: nothing tells whether one was ever given out, once its round is destroyed.

What is compared: status, body byte by byte, headers, and the statements in their order. Nothing is timed: what takes
the same statements and makes the same page takes the same time.
"""

from privacy.receipt import Script, new_receipt
from tests.browsing import Browser, Page
from tests.deployment import Deployment
from tests.integration.web.conftest import OpenBrowser, begin
from tests.statements import statements

Told = tuple[int, bytes, dict[str, str]]


def told(page: Page) -> Told:
    """Return what an answer tells; what is random in any page has the same length in all."""
    form = page.form.fields["form"].encode()
    challenge = page.form.challenge.encode()
    assert len(form) == 48
    headers = {name: value for name, value in page.headers.items() if name not in {"Date", "Set-Cookie"}}
    return page.status, page.body.replace(form, b"").replace(challenge, b""), headers


async def tried(
    deployment: Deployment, browser: Browser, code: str
) -> tuple[tuple[int, bytes, dict[str, str]], list[str]]:
    """Return what somebody is told who tries a code, and the statements that it took."""
    assert deployment.product is not None
    await browser.open("/")
    await deployment.settled()  # the clock's own statements are not what is compared
    with statements(deployment.product) as made:
        page = await browser.send(text=code)
    return told(page), [one for one in made if "conversation" in one or "complaint" in one]


async def test_a_code_whose_round_is_destroyed_is_answered_like_one_that_never_was(
    deployment: Deployment, open_browser: OpenBrowser
) -> None:
    reporter = await open_browser(works=True)
    await begin(deployment, reporter)
    await reporter.send("add", text="鱼塘的租金没有公示")
    code = (await reporter.send("1.r.send")).code
    unknown, other = (new_receipt().text(Script.SIMPLIFIED) for _ in range(2))
    there = await tried(deployment, await open_browser(works=True), code)
    assert there != await tried(deployment, await open_browser(works=True), unknown)
    deployment.product.keyring.destroy_round("R6")  # type: ignore[union-attr]
    for never in (unknown, other):
        gone = await tried(deployment, await open_browser(works=True), code)
        assert gone == await tried(deployment, await open_browser(works=True), never)
