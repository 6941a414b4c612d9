"""Command `lighthouse`: what Lighthouse says of the residents' pages and of the desk, in the system's chromium.

Lighthouse is an npm package and no dependency of ours: `npm install --prefix FOLDER lighthouse`, then --lighthouse
FOLDER/node_modules/.bin/lighthouse. Left out is one audit, whether search engines may list a page: none of ours may be.
"""

import argparse
import asyncio
import json
import shutil
import sys
import tempfile
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from playwright.async_api import Page, async_playwright

from bench.databases import fresh_addresses
from bench.servers.pipe import free_port
from bench.simulated import simulated_county
from tests.deployment import Deployment, open_deployment
from tests.e2e.pages.phone import PHOTO, Phone
from tests.e2e.wall import chromium
from tests.integration.web.desk import laid, link_of
from tests.pages import base_url, with_pages

COLUMNS = ("performance", "accessibility", "best-practices", "seo")
GOAL = 95
LEFT_OUT = "is-crawlable"
LEADER, ITEM = "P05", "RI01"
SAID = "村里的路修了一半就停工了，三个月没人管"


class LighthouseFailed(Exception):
    """Lighthouse could not look at a page; the message is what it said."""


@dataclass
class Lighthouse:
    """Looks at pages as the browser has them that listens on a port, and keeps what it found."""

    program: str
    port: int
    times: int  # each page is looked at; the median counts
    scores: dict[str, Mapping[str, int]] = field(default_factory=dict)  # by page and column, of 100

    async def look(self, name: str, url: str) -> None:
        """Look at a page as a slow phone shows it; cookies stay. Raises LighthouseFailed."""
        reports = [await self._report(url) for _ in range(self.times)]
        self.scores[name] = {
            column: round(100 * median(one["categories"][column]["score"] or 0 for one in reports))
            for column in COLUMNS
        }
        print(_line(name, self.scores[name]), flush=True)
        for fault in _faults(reports[-1]):
            print(f"  {fault}", file=sys.stderr, flush=True)

    async def _report(self, url: str) -> dict[str, Any]:
        more = ("--output=json", "--quiet", "--disable-storage-reset", f"--only-categories={','.join(COLUMNS)}")
        process = await asyncio.create_subprocess_exec(
            self.program, url, f"--port={self.port}", f"--skip-audits={LEFT_OUT}", *more, stdout=PIPE, stderr=PIPE
        )
        out, err = await process.communicate()
        if process.returncode:
            raise LighthouseFailed(err.decode(errors="replace").strip()[-2000:])
        report: dict[str, Any] = json.loads(out)
        return report


def _faults(report: dict[str, Any]) -> list[str]:
    """Return the audits that cost a page something."""
    audits, categories = report["audits"], report["categories"]
    weighed = [one["id"] for column in COLUMNS for one in categories[column]["auditRefs"] if one["weight"]]
    return [
        f"{audits[one]['title']} ({one}: {audits[one]['score']})"
        for one in weighed
        if audits[one]["score"] is not None and audits[one]["score"] < 0.9
    ]


def main(arguments: Sequence[str]) -> int:
    """Look at every page; return 1 when one is below the goal, 2 when Lighthouse or chromium is not there."""
    parser = argparse.ArgumentParser(prog="python -m bench lighthouse", description=__doc__)
    parser.add_argument("--lighthouse", default="lighthouse", help="the program, if it is not on the path")
    parser.add_argument("--times", type=int, default=1, help="each page is looked at; the median counts")
    given = parser.parse_args(arguments)
    program, browser = shutil.which(given.lighthouse), chromium()
    if program is None or browser is None:
        missing = "Lighthouse" if program is None else "Chromium"
        print(f"{missing} is not installed; see python -m bench lighthouse --help.", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder, fresh_addresses("sqlite", Path(folder)) as fresh:
        scores = asyncio.run(_look_at_all(fresh(), Path(folder), browser, program, given.times))
    lowest = min(score for one in scores.values() for score in one.values())
    print(f"lowest: {lowest}; the goal is {GOAL}")
    return 0 if lowest >= GOAL else 1


async def _look_at_all(
    address: str, folder: Path, browser: str, program: str, times: int
) -> Mapping[str, Mapping[str, int]]:
    print(_line("page", {column: column for column in COLUMNS}))
    async with simulated_county(address, folder) as (simulator, keyring):
        deployment = with_pages(open_deployment(simulator, address, keyring, folder))
        await deployment.start()
        try:
            async with _browser(browser, folder / "profile") as (page, port):
                lighthouse = Lighthouse(program, port, times)
                await _residents(lighthouse, Phone(deployment, page))
                await _desk(lighthouse, deployment, page)
                return lighthouse.scores
        finally:
            await deployment.stop()


async def _residents(lighthouse: Lighthouse, phone: Phone) -> None:
    """Report something and come back to it."""
    page = phone.page
    await phone.scan()
    await lighthouse.look("notice", page.url)
    await page.click("button.main")
    await lighthouse.look("form", page.url)
    await phone.write(SAID, PHOTO)
    await lighthouse.look("preview", page.url)
    await phone.press("1.r.send")
    code = await page.locator("code").inner_text()
    await lighthouse.look("receipt", page.url)
    await page.goto(phone.base_url)
    await lighthouse.look("receipt code", page.url)
    await page.fill("#text", code)
    await page.click("button.main")
    await lighthouse.look("return", page.url)


async def _desk(lighthouse: Lighthouse, deployment: Deployment, page: Page) -> None:
    """Sign in and look at what there is."""
    case_id, base = await laid(deployment, SAID), base_url(deployment)
    await page.goto(f"{base}/desk")
    await lighthouse.look("sign in", page.url)
    await page.goto(base + await link_of(deployment, LEADER))
    await page.click("button.main")
    for name, path in (
        ("desk", ""),
        ("queue", "/queue"),
        ("case", f"/case/{case_id}"),
        ("items", "/items"),
        ("item", f"/item/{ITEM}"),
        ("late", "/late"),
        ("who I am", "/whoami"),
    ):
        await lighthouse.look(name, f"{base}/desk{path}")


@asynccontextmanager
async def _browser(program: str, profile: Path) -> AsyncIterator[tuple[Page, int]]:
    """Start a browser whose cookies Lighthouse shares, by a port."""
    port = free_port()
    async with async_playwright() as playwright:
        context = await playwright.chromium.launch_persistent_context(
            profile, executable_path=program, args=["--no-sandbox", f"--remote-debugging-port={port}"], locale="zh-CN"
        )
        yield context.pages[0], port
        await context.close()


def _line(name: str, values: Mapping[str, object]) -> str:
    return "| ".join([f"{name:<14}", *(f"{values[column]!s:<15}" for column in COLUMNS)])
