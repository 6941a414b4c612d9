"""Staff with a browser: signed in as if they had followed their link."""

from services.people.sessions import make_link
from tests.browsing import Browser, Page
from tests.deployment import Deployment
from tests.integration.cases.conftest import lay
from tests.integration.web.conftest import OpenBrowser


async def link_of(deployment: Deployment, staff_id: str, asked_on: str = "telegram") -> str:
    """Return the address of a link that opens somebody's pages."""
    async with deployment.database.transaction() as session:
        return f"/desk/open/{await make_link(deployment.work(session), staff_id, asked_on=asked_on)}"


async def signed_in(deployment: Deployment, open_browser: OpenBrowser, staff_id: str) -> Browser:
    """Return the browser of somebody on the staff who has signed in."""
    browser = await open_browser()
    await sign_in(deployment, browser, staff_id)
    return browser


async def sign_in(deployment: Deployment, browser: Browser, staff_id: str) -> None:
    """Sign somebody on the staff in."""
    await browser.open(await link_of(deployment, staff_id))
    await browser.send("进去办事")


async def laid(deployment: Deployment, *texts: str, **how: object) -> str:
    """Lay a case on a desk and return its number."""
    async with deployment.database.transaction() as session:
        return (await lay(deployment.work(session), *texts, **how)).id  # type: ignore[arg-type]


def presses(page: Page) -> set[str]:
    """Return what the buttons of a page press."""
    return {button.value for form in page.forms for button in form.buttons if button.name == "press"}


async def send_by_hand(browser: Browser, address: str, **fields: str) -> int:
    """Send fields to an address as somebody does who makes a form by hand; return the status of the answer."""
    own = next(form.fields["form"] for form in browser.page.forms if "form" in form.fields)
    headers = {"Origin": browser.base_url, "Sec-Fetch-Site": "same-origin"}
    async with browser.session.post(browser.base_url + address, data={"form": own} | fields, headers=headers) as answer:
        return answer.status
