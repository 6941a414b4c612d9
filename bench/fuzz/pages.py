"""Requests that nobody meant, over all addresses of the pages, beside residents who mean well."""

import asyncio
import html
import random
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.databases import fresh_addresses
from bench.simulated import UncaughtErrors, lift_limits, simulated_county
from bench.stored import stored_in
from privacy.receipt import Receipt, Script, digest, read_receipt
from tests.browsing import Browser
from tests.deployment import Deployment, open_deployment
from tests.integration.publication.story import published
from tests.pages import base_url, page_of_code, with_pages
from tests.unit.media.corpus import WHOLE
from tests.unit.media.mutations import mutated

STRANGERS = 4  # at once
REQUESTS = 12  # of each in a round
_PATIENCE = 60  # seconds, after which an answer is taken for none
_MORE = 2  # seconds, after which it seems to wait for more
_VILLAGES = ("V02", "V06")
_RESULTS = tuple(f"/results/{rest}" for rest in ("R6", "R6/all.json", "R6/units.csv", "R6/1", "R6/photo/0", "x"))
_FILES = ("photo jpeg", "pdf", "docx")
_TEXTS = (
    "路灯坏了三个月没人修",
    "我要举报",
    "卡号10222",
    "。",
    "\u202e路坏了",
    "<b>&amp;",
    "a" * 5000,
    "😀" * 50,
    "我不想活了",
)
_METHODS = ("GET", "POST", "POST", "POST", "HEAD", "PUT", "OPTIONS", "DELETE", "TRACE", "get", "")
_RUBBISH = ("", "\0", "\ud7ff", "%00", "../..", "1.r.send.x", "'", '"', "\r\nX: y", "9" * 40, "x" * 3000)
_HEADERS = (
    *("Content-Length", "Transfer-Encoding", "Content-Encoding", "Content-Type", "Cookie", "Origin", "Host", "Range"),
    *("Sec-Fetch-Site", "Accept-Language", "Accept-Encoding", "If-None-Match", "Expect", "Upgrade", "X-Forwarded-For"),
)
_VALUES = (
    "chunked",
    "gzip",
    "0",
    "-1",
    "99999999",
    "null",
    "websocket",
    "100-continue",
    "bytes=0-,-5",
    "*",
    "\xff",
    "zh",
)
_CODE = re.compile(r"<code>([^<]+)</code>")


@dataclass
class PageCounts:
    """What came of requests that nobody meant."""

    sent: int = 0
    answered: Counter[int] = field(default_factory=Counter)  # by status; 0: the connection was closed
    residents: int = 0  # who meant well
    shown: int = 0  # receipts, to anybody
    stored: int = 0  # complaints
    lost: int = 0  # receipts that open no complaint
    doubled: int = 0  # complaints without a receipt of their own, or in two cases
    unanswered: int = 0  # residents who meant well and got no receipt
    hung: int = 0  # requests without an answer
    failed: int = 0  # answers that something went wrong here, and errors that nobody took
    receipts: set[Receipt] = field(default_factory=set, repr=False)

    @property
    def is_well(self) -> bool:
        """Whether nothing was lost, doubled or left standing, and nothing failed."""
        return not self.lost + self.doubled + self.unanswered + self.hung + self.failed

    def __str__(self) -> str:
        answers = ", ".join(f"{status} {count}" for status, count in sorted(self.answered.items()))
        return (
            f"{self.sent} requests ({answers}), {self.residents} residents beside them, {self.shown} receipts shown, "
            f"{self.stored} complaints stored, {self.lost} lost, {self.doubled} doubled, {self.unanswered} unanswered, "
            f"{self.hung} hung, {self.failed} failed"
        )


def fuzz_pages(
    database: str, folder: Path, seed: str, goes_on: Callable[[int], bool], report: Callable[[str], object]
) -> PageCounts:
    """Fuzz the pages on a new database of this kind while it goes on; return what came of it."""

    async def fuzz(address: str) -> PageCounts:
        counts = PageCounts()
        async with simulated_county(address, folder) as (simulator, keyring):
            deployment = open_deployment(simulator, address, keyring, folder)
            await start_with_pages(deployment)
            try:
                await PageFuzz(deployment, counts, report).run(seed, goes_on)
            finally:
                await deployment.stop()
        return counts

    with fresh_addresses(database, folder) as fresh:
        return asyncio.run(fuzz(fresh()))


async def start_with_pages(deployment: Deployment) -> None:
    """Start a deployment with pages on a free port, and without limits of a day."""
    await with_pages(deployment).start()
    await lift_limits(deployment)
    async with deployment.database.transaction() as session:
        await published(deployment.work(session))


class PageFuzz:
    """Rounds of strangers and a resident, each with browsers of their own."""

    def __init__(self, deployment: Deployment, counts: PageCounts, report: Callable[[str], object]) -> None:
        self._deployment = deployment
        self._url = base_url(deployment)
        self._counts = counts
        self._report = report
        self._errors = UncaughtErrors()

    async def run(self, seed: str, goes_on: Callable[[int], bool]) -> None:
        """Do rounds while it goes on, and count what is stored after each."""
        paths = [await page_of_code(self._deployment, one) for one in _VILLAGES]
        number = 0
        while goes_on(number):
            strangers = [self._stranger(f"{seed}/{number}/{one}", paths) for one in range(STRANGERS)]
            await asyncio.gather(self._resident(paths[0], f"{seed}/{number}"), *strangers)
            for error in self._errors.take():
                self._fail(f"{seed}/{number}", error)
            self._deployment.simulator.advance(61)
            await self._deployment.settled()
            number += 1
        await self._count()

    async def _resident(self, path: str, seed: str) -> None:
        """Report as somebody who means well, every second one without JavaScript."""
        number = self._counts.residents
        self._counts.residents += 1
        try:
            async with asyncio.timeout(_PATIENCE), Browser(self._url, works=number % 2 == 0) as browser:
                await browser.open(path)
                await browser.send()
                await browser.send("add", text=f"鱼塘的租金没有公示 {number}")
                self._note((await browser.send("1.r.send")).body)
                browser.page.code  # noqa: B018 (raises where there is none)
        except (TimeoutError, AssertionError, IndexError, OSError) as error:
            self._counts.unanswered += 1
            self._report(f"unanswered: {seed!r}: {type(error).__name__}")

    async def _stranger(self, seed: str, paths: Sequence[str]) -> None:
        draw = random.Random(seed)
        async with Browser(self._url, works=True) as browser:
            await browser.open(draw.choice(paths))
            await browser.send()
            for _ in range(REQUESTS):
                await self._look(browser)
                request = self._request(draw, browser, paths, seed)
                # What was sent twice is taken once: one after the other, or both at a time.
                times = 2 if draw.random() < 0.3 else 1
                await asyncio.gather(*[self._send(request, seed) for _ in range(times)])
                await self._look(browser)

    async def _look(self, browser: Browser) -> None:
        """Note the receipt that a page shows."""
        self._note((await browser.open("/page")).body)

    def _request(self, draw: random.Random, browser: Browser, paths: Sequence[str], seed: str) -> bytes:
        form = browser.page.forms[0] if browser.page.forms else None
        fields: dict[str, str] = {"form": form.fields.get("form", "") if form else ""}
        presses = [button.value for button in form.buttons if button.name == "press"] if form else []
        presses = [one for one in presses if "withdraw" not in one]  # nobody can say afterwards that it was lost
        codes = sorted(one.text(Script.SIMPLIFIED) for one in self._counts.receipts)[:3]
        for name, values in (
            ("text", (*_TEXTS, *codes)),
            ("press", tuple(presses) or _RUBBISH),
            ("command", ("forget", "help", "nope")),
            ("token", (paths[0].rpartition("/")[2], "x")),
            ("proof", ("", "e30=", "x" * 1000)),
        ):
            if draw.random() < (0.6 if name in {"text", "press"} else 0.1):
                fields[name] = draw.choice(values if draw.random() < 0.85 else _RUBBISH)
        if draw.random() < 0.08:
            fields[draw.choice(tuple(fields))] = draw.choice(_RUBBISH)
        body, kind = self._body(draw, fields, seed)
        plain = draw.random() < 0.7
        method = "POST" if plain else draw.choice(_METHODS)
        path = "/page" if plain else draw.choice((*_paths(paths), *_RUBBISH))
        headers = {"Host": "127.0.0.1", "Connection": "close", "Content-Type": kind, "Content-Length": str(len(body))}
        if browser.session.cookie_jar and draw.random() < 0.95:
            headers["Cookie"] = "; ".join(f"{one.key}={one.value}" for one in browser.session.cookie_jar)
        for _ in range(draw.choice((0, 0, 0, 1, 3))):
            headers[draw.choice(_HEADERS)] = draw.choice((*_VALUES, *_RUBBISH))
        lines = [f"{method} {path or '/'} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
        whole = "\r\n".join(lines).encode("utf-8", "surrogatepass") + b"\r\n\r\n" + body
        return mutated(whole, seed) if draw.random() < 0.15 else whole

    def _body(self, draw: random.Random, fields: dict[str, str], seed: str) -> tuple[bytes, str]:
        parts = [_part(b'name="%s"' % name.encode(), text.encode("utf-8", "replace")) for name, text in fields.items()]
        for _ in range(draw.choice((0, 0, 1, 2))):
            data = WHOLE[draw.choice(_FILES)]
            data = mutated(data, f"{seed}/{draw.random()}") if draw.random() < 0.5 else data
            parts.append(_part(b'name="file"; filename="x.jpg"\r\nContent-Type: image/jpeg', data))
        if draw.random() < 0.1:
            draw.shuffle(parts)
        body = b"".join(parts) + b"--xx--\r\n"
        return (mutated(body, seed) if draw.random() < 0.1 else body), "multipart/form-data; boundary=xx"

    async def _send(self, request: bytes, seed: str) -> None:
        """Send a request and read its answer; the sending ends there, whatever was announced."""
        self._counts.sent += 1
        host, _, port = self._url.partition("://")[2].partition(":")
        answer = b""
        try:
            async with asyncio.timeout(_PATIENCE):
                reader, writer = await asyncio.open_connection(host, int(port))
                writer.write(request)
                await writer.drain()
                reading = asyncio.create_task(reader.read())
                await asyncio.wait({reading}, timeout=_MORE)
                if not reading.done():  # it waits for more, which does not come
                    writer.close()
                answer = await reading
                writer.close()
        except TimeoutError:
            self._counts.hung += 1
            self._report(f"hung: {seed!r}, {request[:300]!r}")
        except OSError:
            pass
        status = int(answer[9:12]) if answer.startswith(b"HTTP/1.") else 0
        self._counts.answered[status] += 1
        if status >= 500 and status != 503:  # that there are too many just now is as it should be
            self._fail(seed, f"{status} to {request[:2000]!r}")
        self._note(answer)

    def _note(self, page: bytes) -> None:
        for code in _CODE.findall(page.decode("utf-8", "replace")):
            if isinstance(found := read_receipt(html.unescape(code)), Receipt):
                self._counts.receipts.add(found)

    def _fail(self, seed: str, what: str) -> None:
        self._counts.failed += 1
        self._report(f"failed: {seed!r}, {what}")

    async def _count(self) -> None:
        stored = await stored_in(self._deployment.database)
        secret = self._deployment.keyring.receipt_secret
        shown = {digest(receipt, secret) for receipt in self._counts.receipts}
        self._counts.shown, self._counts.stored = len(shown), stored.complaints.total()
        self._counts.lost = len(shown - stored.complaints.keys())
        self._counts.doubled = stored.doubled + len(stored.complaints.keys() - shown)


def _part(named: bytes, content: bytes) -> bytes:
    return b"--xx\r\nContent-Disposition: form-data; %s\r\n\r\n%s\r\n" % (named, content)


def _paths(codes: Sequence[str]) -> Sequence[str]:
    return (
        "/",
        "/page",
        "/leave",
        "/picture/1",
        "/picture/x",
        "/d",
        "/d/open/x",
        "/static/x/style.css",
        *_RESULTS,
        *codes,
    )
