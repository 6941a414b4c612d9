"""A browser without a screen: opens the product's pages, fills in their forms and keeps their cookie."""

import json
import re
from collections.abc import Mapping, Sequence
from html import unescape
from types import TracebackType

import aiohttp
import altcha

from tests.deployment import Deployment

_HIDDEN = re.compile(r'<input type="hidden" name="([a-z]+)"(?: value="([^"]*)")?(?: data-challenge="([^"]*)")?')
_BUTTON = re.compile(r'<button name="press" value="([^"]*)"')
_CODE = re.compile(r"<code>([^<]+)</code>")


class Browser:
    """One browser; it works out what a page asks it to work out. `url` is where the pages are."""

    def __init__(self, url: str, headers: Mapping[str, str] | None = None) -> None:
        self.url = url
        self.session = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True), headers=headers)
        self.status = 0
        self.headers: Mapping[str, str] = {}
        self.text = ""

    async def __aenter__(self) -> "Browser":
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.session.close()

    @property
    def buttons(self) -> Sequence[str]:
        """What the buttons of the page would press."""
        return [unescape(data) for data in _BUTTON.findall(self.text)]

    @property
    def code(self) -> str:
        """The receipt code that the page shows."""
        [code] = _CODE.findall(self.text)
        return unescape(code)

    @property
    def cookies(self) -> Mapping[str, str]:
        """The cookies it has."""
        return {cookie.key: cookie.value for cookie in self.session.cookie_jar}

    def hidden(self, *, solves: bool = True) -> dict[str, str]:
        """Return what the page's form carries, with the solution of its challenge."""
        fields = {}
        for name, value, challenge in _HIDDEN.findall(self.text):
            fields[name] = unescape(value)
            if challenge and solves:
                fields[name] = solution_of(unescape(challenge))
        return fields

    async def open(self, path: str) -> "Browser":
        """Open a page, and follow where it leads."""
        async with self.session.get(self.url + path) as answer:
            return await self._read(answer)

    async def post(self, fields: Mapping[str, str], files: Sequence[tuple[str, bytes, str]] = ()) -> "Browser":
        """Send a form with fields and files (name, content, type), and follow where it leads."""
        form = aiohttp.FormData(dict(fields))
        for name, content, kind in files:
            form.add_field("file", content, filename=name, content_type=kind)
        async with self.session.post(f"{self.url}/page", data=form, headers={"Origin": self.url}) as answer:
            return await self._read(answer)

    async def send(
        self, fields: Mapping[str, str] = {}, files: Sequence[tuple[str, bytes, str]] = (), *, solves: bool = True
    ) -> "Browser":
        """Fill in the form of the page and send it."""
        return await self.post({**self.hidden(solves=solves), **fields}, files)

    async def press(self, start: str) -> "Browser":
        """Press the first button of the page whose data begin like that."""
        data = next((one for one in self.buttons if one.startswith(start)), None)
        assert data is not None, f"no button {start} in {self.text}"
        return await self.send({"press": data})

    async def _read(self, answer: aiohttp.ClientResponse) -> "Browser":
        self.status, self.headers = answer.status, answer.headers
        self.text = (await answer.read()).decode("utf-8", errors="replace")
        return self


def solution_of(challenge: str) -> str:
    """Return what a browser sends for a challenge."""
    read = altcha.Challenge.from_dict(json.loads(challenge))
    solution = altcha.solve_challenge(read)
    assert solution is not None
    return altcha.Payload(read, solution).to_base64()


def with_pages(deployment: Deployment) -> None:
    """Let a deployment that does not run yet serve its pages, on a port that is free."""
    web = deployment.config.web.model_copy(update={"public_url": "http://127.0.0.1", "port": 0})
    deployment.config = deployment.config.model_copy(update={"web": web})


def pages_of(deployment: Deployment) -> str:
    """Return where the pages of a running deployment are."""
    assert deployment.product is not None
    assert deployment.product.pages is not None
    return deployment.product.pages.local_url


async def code_path(deployment: Deployment, village: str) -> str:
    """Return where the printed code of a village leads."""
    return "/r/" + (await deployment.link(village)).rpartition("=")[2]
