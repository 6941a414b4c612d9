"""The demo: the product and a simulated Telegram in one process, with the sample county and everybody's phones."""

import asyncio
import shutil
import signal
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic
from urllib.parse import urlsplit

from pydantic import SecretStr

from bot.bootstrap import whole_product
from bot.config import Config, DatabaseSettings, FilesSettings, KeyringSettings, TelegramSettings, WebSettings
from bot.demo_results import publish_results
from bot.log_filter import set_up_logging
from migrations.schema import migrate
from privacy.keyring import Keyring
from qr.link import BotAddress, Links
from qr.poster import poster_png
from services.people.enrol import invite
from services.resources import Resources
from services.rounds.county_file import read_county
from services.rounds.import_county import import_county
from services.rounds.posters import posters
from simulator.server import Simulator
from simulator.wall import Browser, Phone, Step
from storage.held_file import HeldByAnother, hold
from texts.catalogue import Words
from web.pages import CannotListen

SAMPLE = Path(__file__).parent / "samples" / "county-sample.json"
AS_OF = datetime.fromisoformat("2026-11-22T09:00:00+08:00")  # the sample's own moment
TOKEN = "1000001:demo-token-that-only-the-simulator-knows"  # noqa: S105
USERNAME = "xunsheng_demo_bot"
ROUND = "R6"
LOCK = "running"  # the file by which a second demo notices the first
VILLAGES = ("桥头岭村", "花塘社区")  # whose posters hang on the notice board


@dataclass(frozen=True)
class DemoPhone:
    """Somebody with a phone on the wall."""

    staff_id: str
    label: str
    subtitle: str
    accent: str


LEADER = DemoPhone("P05", "组长 · 古石生", "县委第一巡察组", "#2a7fd5")
HEAD = DemoPhone("P14", "一把手 · 邢立", "竹坞镇党委", "#b5651d")
DIRECTOR = DemoPhone("P03", "巡察办 · 容北辰", "县委巡察办主任", "#8e44ad")
# What a visitor may try: the sentence, and what one of some phones shows once it is done.
STEPS = (
    ("scan", ("browser", "resident"), "桥头岭村"),
    ("send", ("board",), "📍"),
    ("claim", ("board",), "👤"),
    ("order", ("head",), "请签收"),
    ("hand_in", ("leader",), "请审核"),
    ("clear", ("office",), "已销号"),
    ("week", ("office",), "今天的整改提醒"),
    ("come_back", ("resident",), "反映的事"),
    ("desk", ("leader", "head", "office"), "在网页上办"),
)
TEAM_MATES = ("P06", "P07")
OTHERS = ("P20", "P25")  # enrolled, without a phone on the wall


def moving_clock() -> Callable[[], datetime]:
    """Return a clock that starts at the sample's moment and runs as time does."""
    began = monotonic()
    return lambda: AS_OF + timedelta(seconds=monotonic() - began)


class DemoRunning(Exception):
    """A demo runs in this folder already; `address` is where, or empty while it is starting."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address


async def run_demo(folder: Path, host: str, port: int, ready: Callable[[str], None]) -> None:
    """Set everything up anew in a folder, say the address when it stands, and run until told to end.

    Raises DemoRunning, and touches nothing, when another process does so in this folder.
    """
    try:
        with hold(folder / LOCK) as note:

            def say(address: str) -> None:
                note(address)
                ready(address)

            await _run(folder, host, port, say)
    except HeldByAnother as running:
        raise DemoRunning(running.note) from None


async def _run(folder: Path, host: str, port: int, ready: Callable[[str], None]) -> None:
    set_up_logging("WARNING")
    _clear(folder)
    simulator = Simulator(TOKEN, USERNAME, clock=moving_clock())
    await simulator.start(host, port)
    config = settings_in(folder, simulator.base_url, free_port(host, port + 1 if 0 < port < 65535 else 0))
    Keyring.create(config.keyring.path)
    product = whole_product(config, simulator.now)
    county = _DemoCounty(simulator, product.resources, config)
    if product.pages is not None:
        product.pages.let_frame(simulator.base_url)
    await county.enter()
    simulator.on_clock_change(lambda _moment: product.time_moved())
    try:
        await product.start()
        await county.add_phones_and_posters()
        ready(f"{simulator.base_url}/")
        ended = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, ended.set)
        await ended.wait()
    finally:
        await product.stop()
        await simulator.stop()


def free_port(host: str, wanted: int) -> int:
    """Return a port that nobody listens on: the wanted one, unless it is 0 or taken."""
    for port in (wanted, 0):
        with socket.socket() as tried, suppress(OSError):
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind((host, port))
            return int(tried.getsockname()[1])
    raise CannotListen(host)


def settings_in(folder: Path, simulator_url: str, pages_port: int) -> Config:
    """Return the demo's settings, whatever else is configured on this machine; the pages are beside the simulator."""
    host = str(urlsplit(simulator_url).hostname)
    elsewhere = f"{simulator_url}/elsewhere"  # stands in for whatever is outside the demo
    return Config(
        telegram=TelegramSettings(token=SecretStr(TOKEN), api_base_url=simulator_url, link_base_url=elsewhere),
        web=WebSettings(public_url=f"http://{host}:{pages_port}", host=host, port=pages_port, leave_url=elsewhere),
        database=DatabaseSettings(url=f"sqlite:///{folder / 'xunsheng.sqlite3'}"),
        keyring=KeyringSettings(path=folder / "keyring"),
        files=FilesSettings(path=folder / "files"),
    )


def _clear(folder: Path) -> None:
    for entry in folder.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        elif entry.name != LOCK:
            entry.unlink()


def _steps() -> list[Step]:
    """Return what a visitor may try, in the order of the story."""
    chinese, english = Words("zh_Hans"), Words("en")
    return [
        Step(chinese.plain(f"demo.{name}"), english.plain(f"demo.{name}"), phones, (shows,))
        for name, phones, shows in STEPS
    ]


class _DemoCounty:
    """Puts the sample county into the database, and its people, groups and posters onto the simulator."""

    def __init__(self, simulator: Simulator, resources: Resources, config: Config) -> None:
        self._simulator = simulator
        self._resources = resources
        self._bot = BotAddress(USERNAME, config.telegram.link_base_url)
        self._links = Links(config.web.public_url, self._bot)
        self._file = read_county(SAMPLE.read_text(encoding="utf-8"))

    async def enter(self) -> None:
        """Make the tables, import the county into them, and publish what came of its earlier round."""
        await migrate(self._resources.database)
        async with self._resources.database.transaction() as session:
            work = self._resources.work(session)
            await import_county(work, self._file)
            await publish_results(work)

    async def add_phones_and_posters(self) -> None:
        """Enrol the staff, bind the team's board, and show phones and posters on the page; the product is running."""
        simulator = self._simulator
        simulator.set_wall(
            title="巡声", subtitle="十四届清禾县委第六轮巡察 · 演示", time_zone=str(self._resources.zone)
        )
        resident = simulator.add_person("小满")
        leader, head, director = [await self._enrol(actor.staff_id) for actor in (LEADER, HEAD, DIRECTOR)]
        mates = [await self._enrol(staff_id) for staff_id in TEAM_MATES]
        for staff_id in OTHERS:
            await self._enrol(staff_id)
        group = simulator.add_group("县委第一巡察组", [leader, *mates])
        simulator.add_bot(group, by=leader)
        await self._wait_for_answer(group)
        simulator.set_phones(
            [
                Phone("resident", resident, label="村民 · 聊天", subtitle="装了 Telegram 的", accent="#2e7d32"),
                Phone("board", leader, group, "第一巡察组 · 群", "只有卡片，没有原话", accent="#455a64", scans=False),
                *(
                    Phone(key, phone, 0, actor.label, actor.subtitle, actor.accent, scans=False)
                    for key, phone, actor in (
                        ("leader", leader, LEADER),
                        ("head", head, HEAD),
                        ("office", director, DIRECTOR),
                    )
                ),
            ],
            [Browser("browser", f"{self._links.pages}/page", "村民 · 网页", "没装软件，不留名", "#9e1b1e")],
        )
        simulator.set_steps(_steps())
        await self._add_posters()

    async def _add_posters(self) -> None:
        async with self._resources.database.transaction() as session:
            found = await posters(self._resources.work(session), ROUND, self._links.of_code, USERNAME)
        for poster in found:
            if poster.village in VILLAGES:
                picture = await asyncio.to_thread(poster_png, poster)
                token = poster.link.rpartition("/")[2]
                self._simulator.add_poster(
                    poster.village,
                    picture,
                    poster.link,
                    subtitle="村委会公告栏",
                    bot_link=self._bot.link(token),
                )

    async def _enrol(self, staff_id: str) -> int:
        async with self._resources.database.transaction() as session:
            token = await invite(self._resources.work(session), staff_id)
        name = next(person.name for person in self._file.people if person.id == staff_id)
        account = self._simulator.add_person(name)
        self._simulator.scan(account, token)
        await self._wait_for_answer(account)
        return account

    async def _wait_for_answer(self, chat: int) -> None:
        await self._simulator.wait_for(chat, lambda seen: [one for one in seen if one.from_bot] or None)
