"""Nobody frames the pages: what lies over a framed page would have people press what they do not see."""

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from tests.browsing import Browser
from tests.deployment import Deployment
from tests.pages import page_of_code
from web.pages import Pages
from web.protection import add_headers


async def test_no_answer_may_be_framed_by_anybody(deployment: Deployment, browser: Browser) -> None:
    first = await browser.open(await page_of_code(deployment))
    style = next(part for part in first.body.decode().split('"') if part.endswith(".css"))
    for address in (await page_of_code(deployment), "/", "/page", "/r/nothing", "/nothing", style):
        headers = (await browser.open(address)).headers
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"], address
        assert headers["X-Frame-Options"] == "DENY", address


async def test_the_demos_wall_may_once_it_is_named_and_nobody_else() -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(text="a page")

    app = web.Application()
    app.on_response_prepare.append(add_headers)
    app.router.add_get("/", answer)
    Pages(app, "127.0.0.1", 0).let_frame("http://127.0.0.1:8080")
    async with TestClient(TestServer(app)) as client:
        headers = (await client.get("/")).headers
    assert "frame-ancestors http://127.0.0.1:8080;" in headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in headers
