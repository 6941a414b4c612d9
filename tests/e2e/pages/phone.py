"""A phone with a browser: scan, write, press, and look at what the page is like."""

from pathlib import Path

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Locator, Page, Request

from tests.deployment import Deployment
from tests.e2e.wall import WAIT_LIMIT
from tests.pages import base_url, page_of_code

SAMPLES = Path(__file__).parents[3] / "simulator" / "static" / "samples"
PHOTO = SAMPLES / "1-bridge.jpg"


class Phone:
    """One phone."""

    def __init__(self, deployment: Deployment, page: Page) -> None:
        self.page = page
        self.deployment = deployment
        self.base_url = base_url(deployment)
        self.requests: list[Request] = []
        self.errors: list[str] = []
        page.set_default_timeout(WAIT_LIMIT)
        page.on("request", self._requested)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda said: self.errors.append(said.text) if said.type == "error" else None)

    def _requested(self, request: Request) -> None:
        self.requests.append(request)

    async def scan(self, language: str = "") -> None:
        """Open the address in the printed code of a village."""
        asked = f"?l={language}" if language else ""
        await self.page.goto(self.base_url + await page_of_code(self.deployment) + asked)

    async def begin(self) -> None:
        """Scan, press 'write here', and wait for the form: what is set on a page that is just left is lost with it."""
        await self.scan()
        await self.page.click("button.main")
        await self.page.wait_for_selector("#text")

    async def write(self, text: str, *files: Path) -> None:
        """Write something, choose files, and look at it once more."""
        await self.page.fill("#text", text)
        if files:
            await self.page.set_input_files("#files", list(files))
        await self.page.click("button[name=add]")
        await self.page.wait_for_url("**/page")
        await self.page.wait_for_selector(f".said:has-text('{text[:20]}')")

    def button(self, press: str) -> Locator:
        """Find the button that does this."""
        return self.page.locator(f"button[value^='{press}']")

    async def press(self, press: str) -> None:
        """Press the button that does this."""
        await self.button(press).first.click()

    async def turn(self, found: Locator) -> None:
        """Press something, and wait for the page it leads to: a click ends before the next page has come."""
        async with self.page.expect_navigation():
            await found.first.click()

    async def sees_whole(self, found: Locator) -> bool:
        """Whether all of something stands in the window, and nothing lies over its middle."""
        box, window = await found.bounding_box(), self.page.viewport_size
        assert box is not None
        assert window is not None
        if box["y"] < 0 or box["y"] + box["height"] > window["height"]:
            return False
        covers = """node => {
            const {x, y, width, height} = node.getBoundingClientRect()
            return node.contains(document.elementFromPoint(x + width / 2, y + height / 2))
        }"""
        return bool(await found.evaluate(covers))

    async def faults(self) -> list[str]:
        """Return what axe finds wrong, and whether the page must be pushed sideways; nothing when all is well."""
        results = await Axe().run(self.page)
        found = [
            f"{one['id']}: {node['html'][:120]}" for one in results.response["violations"] for node in one["nodes"]
        ]
        wide = await self.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        return [*found, *(["wider than the window"] if wide else [])]
