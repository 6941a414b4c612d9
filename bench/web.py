"""Part `web`: submissions with a photo and views a second, of the product's pages and of a bare aiohttp handler.

Besides what a first view takes in a large database and in a small one, of the notice and of the desk's queue.
"""

import asyncio
import io
import json
import random
import sys
import tempfile
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import monotonic

from PIL import Image

from bench.crowd import open_crowd
from bench.databases import fresh_addresses
from bench.options import NAMES, Options
from bench.rounds import ROOT, STARTING
from bench.size import QUICK_SIZES, RATIO, SIZES, Contents
from bench.table import Row, at_most
from tests.browsing import Browser

PHOTO_BYTES = 200_000
BROWSERS = 8  # at once
WARMING_UP = 4  # submissions, or views, before the clock starts
VIEWS = 101  # of each page in each database; the median counts
FILLING = 3600.0  # seconds, at most, to enter a million cases
VIEWS_A_SUBMISSION = 10  # how many more views than submissions a round measures


@dataclass(frozen=True)
class Speeds:
    """What one round of one server showed, a second."""

    submissions: float
    views: float


def rows(options: Options) -> Iterator[Row]:
    """Measure product and bare handler in turn, on each database."""
    photo = photo_of(PHOTO_BYTES)
    for database in options.databases:
        pairs: list[tuple[Speeds, Speeds]] = []
        with tempfile.TemporaryDirectory() as name, fresh_addresses(database, Path(name)) as fresh:
            for number in range(options.rounds):
                arguments = (fresh(), str(Path(name) / f"pages-{number}"))
                product = asyncio.run(_round(arguments, photo, options))
                pairs.append((product, asyncio.run(_round((), photo, options))))
        for what, figure in (
            ("submissions a second through the form, a 200 KB photo each", lambda one: one.submissions),
            ("page views a second", lambda one: one.views),
        ):
            yield _row(f"{what}, against a bare handler, {NAMES[database]}", pairs, figure)
    small, large = QUICK_SIZES if options.quick else SIZES
    for database in options.databases:
        for what, taken in asyncio.run(_first_views(database, small, large)).items():
            before, after = map(median, taken)
            name = f"first view of {what}, {large.cases:,} cases : {small.cases:,}, {NAMES[database]}"
            yield at_most(name, after / before, RATIO, note=f"{1000 * after:.3g} : {1000 * before:.3g} ms")


async def _first_views(database: str, *sizes: Contents) -> dict[str, tuple[list[float], ...]]:
    """Return the seconds that each view took in a database of each size; they take turns."""
    taken: dict[str, tuple[list[float], ...]] = {what: tuple([] for _ in sizes) for what in ("a notice", "the queue")}
    async with AsyncExitStack() as stack:
        browsers: list[tuple[Browser, dict[str, str]]] = []
        for contents in sizes:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="xunsheng-bench-")))
            fresh = stack.enter_context(fresh_addresses(database, folder))
            address = await asyncio.to_thread(fresh)
            server = await stack.enter_async_context(_server((address, str(folder / "pages")), contents))
            browser = await stack.enter_async_context(Browser(server.url))
            await browser.open(server.desk)
            await browser.send()
            browsers.append((browser, {"a notice": server.path, "the queue": "/desk/queue"}))
        for time in range(WARMING_UP + VIEWS):
            for number, (browser, paths) in enumerate(browsers):
                for what, path in paths.items():
                    began = monotonic()
                    await _view(browser, path)
                    if time >= WARMING_UP:
                        taken[what][number].append(monotonic() - began)
    return taken


def _row(what: str, pairs: Sequence[tuple[Speeds, Speeds]], figure: Callable[[Speeds], float]) -> Row:
    ratio = median(figure(one) / figure(two) for one, two in pairs)
    ours, bare = (median(figure(pair[which]) for pair in pairs) for which in (0, 1))
    return Row(what, f"{ratio:.2g} ({ours:.3g} : {bare:.3g} a second)")


async def _round(arguments: Sequence[str], photo: bytes, options: Options) -> Speeds:
    async with _server(arguments) as server:
        url, path = server.url, server.path
        await _timed(WARMING_UP, lambda: _submit(url, path, photo))
        number = max(BROWSERS, options.submissions // 4)
        submissions = await _timed(number, lambda: _submit(url, path, photo))
        async with Browser(url) as browser:
            views = await _timed(number * VIEWS_A_SUBMISSION, lambda: _view(browser, path))
        return Speeds(submissions, views)


async def _timed(number: int, do: Callable[[], Awaitable[None]]) -> float:
    """Do something so often, by BROWSERS at a time; return how often a second."""
    left = iter(range(number))

    async def some() -> None:
        for _ in left:
            await do()

    began = monotonic()
    await asyncio.gather(*[some() for _ in range(BROWSERS)])
    return number / (monotonic() - began)


async def _submit(url: str, path: str, photo: bytes) -> None:
    """Do what a resident does, from the printed code to the receipt. Raises where there is none."""
    async with Browser(url, works=True) as browser:
        await browser.open(path)
        await browser.send()
        await browser.send("add", text="村里的路修了一半就停工了", files=[photo])
        assert (await browser.send("1.r.send")).code


async def _view(browser: Browser, path: str) -> None:
    async with browser.session.get(browser.base_url + path) as answer:
        await answer.read()


@dataclass(frozen=True)
class Server:
    """Where a server is, where a printed code leads, and a link that opens the desk."""

    url: str
    path: str
    desk: str


@asynccontextmanager
async def _server(arguments: Sequence[str], contents: Contents | None = None) -> AsyncIterator[Server]:
    """Run a server in a process of its own: the product's for a database and a folder, else the bare one."""
    async with open_crowd() as crowd:
        more = (arguments[0], crowd.base_url, arguments[1]) if arguments else ()
        if contents is not None:
            more = (*more, f"--cases={contents.cases}", f"--items={contents.items}")
        if arguments:
            Path(arguments[1]).mkdir()
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bench.servers.pages", *more, cwd=ROOT, stdin=PIPE, stdout=PIPE
        )
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            limit = STARTING if contents is None else FILLING
            yield Server(**json.loads(await asyncio.wait_for(process.stdout.readline(), limit)))
            process.stdin.close()
            await asyncio.wait_for(process.wait(), STARTING)
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()


def photo_of(size: int) -> bytes:
    """Return a JPEG of about so many bytes, as a phone makes one small to send it."""
    side = 900
    noise = Image.frombytes("L", (side // 3, side // 3), random.Random(1).randbytes((side // 3) ** 2))
    picture = noise.resize((side, side)).convert("RGB")
    for quality in range(95, 5, -2):
        file = io.BytesIO()
        picture.save(file, "JPEG", quality=quality)
        if len(file.getvalue()) <= size:
            break
    return file.getvalue()
