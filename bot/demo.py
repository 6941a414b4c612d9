"""The demo: the product and a simulated Telegram in one process, with the sample county and everybody's phones."""

import asyncio
import shutil
import signal
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from time import monotonic

from sqlalchemy.ext.asyncio import AsyncSession

from bot.bootstrap import whole_product
from bot.config import CountySettings
from bot.log_filter import set_up_logging
from bot.product import Plan, store_of
from migrations.schema import migrate
from models.database import Database
from privacy.keyring import Keyring
from qr.link import deep_link
from qr.poster import poster_png
from services.people.enrol import invite
from services.rounds.county_file import read_county
from services.rounds.import_county import import_county
from services.rounds.posters import posters
from services.unit_of_work import UnitOfWork
from simulator.server import Simulator
from simulator.wall import Phone

SAMPLE = Path(__file__).parent / "samples" / "county-sample.json"
AS_OF = datetime.fromisoformat("2026-11-22T09:00:00+08:00")  # the sample's own moment
TOKEN = "1000001:demo-token-that-only-the-simulator-knows"  # noqa: S105
USERNAME = "xunsheng_demo_bot"
LINKS = "https://t.me"
ROUND = "R6"
VILLAGES = ("桥头岭村", "花塘社区")  # whose posters hang on the notice board


@dataclass(frozen=True)
class Actor:
    """Somebody with a phone on the wall."""

    staff_id: str
    label: str
    subtitle: str
    accent: str


LEADER = Actor("P05", "组长 · 古石生", "县委第一巡察组", "#2a7fd5")
HEAD = Actor("P14", "一把手 · 邢立", "竹坞镇党委", "#b5651d")
DIRECTOR = Actor("P03", "巡察办 · 容北辰", "县委巡察办主任", "#8e44ad")
TEAM_MATES = ("P06", "P07")
OTHERS = ("P20", "P25")  # enrolled, without a phone on the wall


def moving_clock() -> Callable[[], datetime]:
    """Return a clock that starts at the sample's moment and runs as time does."""
    began = monotonic()
    return lambda: AS_OF + timedelta(seconds=monotonic() - began)


async def run_demo(folder: Path, host: str, port: int, ready: Callable[[str], None]) -> None:
    """Set everything up anew in a folder, say the address when it stands, and run until told to end."""
    set_up_logging("WARNING")
    _clear(folder)
    simulator = Simulator(TOKEN, USERNAME, clock=moving_clock())
    await simulator.start(host, port)
    plan = Plan(
        token=TOKEN,
        api_base_url=simulator.base_url,
        database_url=f"sqlite:///{folder / 'xunsheng.sqlite3'}",
        keyring_path=folder / "keyring",
        files_path=folder / "files",
        zone=CountySettings().time_zone,
    )
    Keyring.create(plan.keyring_path)
    stage = _Stage(simulator, plan)
    await stage.enter_county()
    product = whole_product(plan, simulator.now)
    simulator.on_clock_change(lambda _moment: product.time_moved())
    try:
        await product.start()
        await stage.hang_up_phones_and_posters()
        ready(f"{simulator.base_url}/")
        ended = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, ended.set)
        await ended.wait()
    finally:
        await product.stop()
        await simulator.stop()


def _clear(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


class _Stage:
    """Puts people, groups and posters on the simulator, as they would be in a county."""

    def __init__(self, simulator: Simulator, plan: Plan) -> None:
        self._simulator = simulator
        self._plan = plan
        self._county = read_county(SAMPLE.read_text(encoding="utf-8"))

    async def enter_county(self) -> None:
        database = Database(self._plan.database_url)
        await migrate(database)
        async with database.transaction() as session:
            await import_county(self._work(session), self._county)
        await database.close()

    async def hang_up_phones_and_posters(self) -> None:
        simulator = self._simulator
        simulator.set_wall(title="巡声", subtitle="十四届清禾县委第六轮巡察 · 演示", time_zone=str(self._plan.zone))
        resident = simulator.add_person("小满")
        leader, head, director = [await self._enrol(actor.staff_id) for actor in (LEADER, HEAD, DIRECTOR)]
        mates = [await self._enrol(staff_id) for staff_id in TEAM_MATES]
        for staff_id in OTHERS:
            await self._enrol(staff_id)
        group = simulator.add_group("县委第一巡察组", [leader, *mates])
        simulator.add_bot(group, by=leader)
        await self._hears(group)
        simulator.set_phones(
            [
                Phone("resident", resident, label="村民的手机", subtitle="不留名", accent="#2e7d32"),
                Phone("board", leader, group, "第一巡察组 · 群", "只有卡片，没有原话", accent="#455a64", scans=False),
                *(
                    Phone(key, phone, 0, actor.label, actor.subtitle, actor.accent, scans=False)
                    for key, phone, actor in (
                        ("leader", leader, LEADER),
                        ("head", head, HEAD),
                        ("office", director, DIRECTOR),
                    )
                ),
            ]
        )
        await self._hang_up_posters()

    async def _hang_up_posters(self) -> None:
        database = Database(self._plan.database_url)
        async with database.transaction() as session:
            found = await posters(self._work(session), ROUND, partial(deep_link, LINKS, USERNAME))
        await database.close()
        for poster in found:
            if poster.village in VILLAGES:
                picture = await asyncio.to_thread(poster_png, poster)
                self._simulator.add_poster(poster.village, picture, poster.link, subtitle="村委会公告栏")

    async def _enrol(self, staff_id: str) -> int:
        database = Database(self._plan.database_url)
        async with database.transaction() as session:
            token = await invite(self._work(session), staff_id)
        await database.close()
        name = next(person.name for person in self._county.people if person.id == staff_id)
        account = self._simulator.add_person(name)
        self._simulator.scan(account, token)
        await self._hears(account)
        return account

    async def _hears(self, chat: int) -> None:
        await self._simulator.wait_for(chat, lambda seen: [one for one in seen if one.from_bot] or None)

    def _work(self, session: AsyncSession) -> UnitOfWork:
        keyring = Keyring.open(self._plan.keyring_path)
        return UnitOfWork(
            session, self._simulator.now(), keyring, store_of(self._plan.files_path, self._plan.bucket), self._plan.zone
        )
