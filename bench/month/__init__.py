"""Command `month`: a scripted month of one round. 3,029 complaints come in, members work through them by a plan, clocks
run, the teams leave, the office finishes the rest.

People are in this process, on a channel without a network; everything else is the product as it runs. All chance
follows from the seed, but for what the product draws itself. The exit status is 0 when every complaint has its answer
in time, nothing was lost, and what the product says of itself equals the tables.
"""

import argparse
import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from time import monotonic

from sqlalchemy import select

from bench.databases import fresh_addresses
from bench.month.channel import NAME, InProcessChannel
from bench.month.meter import Meter, counted
from bench.month.numbers import faults, numbers_that_differ
from bench.month.people import Person
from bench.month.play import Days, Month, Report
from bench.options import NAMES, add_database
from bench.simulated import enter_county
from bench.table import Row, render
from bot.bootstrap import duties
from bot.config import Config, DatabaseSettings, FilesSettings, KeyringSettings
from bot.product import Product
from bot.resources import make_resources
from handlers.router import file_expected, route
from models.address import Address
from models.database import Database
from models.rounds import County, QrCode, Round, Team
from models.staff import Role, StaffAddress
from models.working_days import WorkingCalendar
from privacy.keyring import Keyring
from qr.token import Token, TokenKind, write
from services.directory import directory
from services.unit_of_work import UnitOfWork
from storage.folder import FolderStore

COMPLAINTS, QUICK = 3029, 40
ROUND = "R6"
ZONE = Config().county.time_zone
_WHOLE = Days(date(2026, 10, 12), date(2026, 11, 8), date(2026, 11, 15), date(2026, 12, 31))
_SHORT = Days(date(2026, 10, 12), date(2026, 10, 15), date(2026, 10, 19), date(2026, 12, 11), hours=(8, 9, 12, 15, 20))
_UNLIMITED = {"complaints_a_day": 10**6, "wrong_receipts_a_day": 10**6, "alarm_scans_a_day": 10**6}


@dataclass(frozen=True)
class Outcome:
    """What came of a month: its cost, what is wrong, and what was played."""

    meter: Meter
    report: Report
    faults: list[str]
    seconds: float


def main(arguments: Sequence[str]) -> int:
    """Play the month on the chosen databases one after the other; return the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m bench month", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--complaints", type=int, help=f"{COMPLAINTS}, and with --quick {QUICK}")
    parser.add_argument("--seed", default="1", help="%(default)s")
    parser.add_argument("--quick", action="store_true", help="few complaints on few days: a look, not a measurement")
    add_database(parser)
    given = parser.parse_args(arguments)
    complaints = given.complaints or (QUICK if given.quick else COMPLAINTS)
    failed = False
    for database in given.database or NAMES:
        with tempfile.TemporaryDirectory() as folder, fresh_addresses(database, Path(folder)) as fresh:
            outcome = asyncio.run(play(fresh(), Path(folder), given.seed, complaints, is_quick=given.quick, say=print))
        print(render(_rows(NAMES[database], outcome)))
        for fault in outcome.faults:
            print(f"{NAMES[database]}: {fault}")
        failed = failed or bool(outcome.faults)
    return int(failed)


async def play(
    address: str,
    folder: Path,
    seed: str,
    complaints: int,
    *,
    is_quick: bool,
    say: Callable[[str], object] = lambda _said: None,
) -> Outcome:
    """Play a month on an empty database, and return what came of it."""
    began, days = monotonic(), _SHORT if is_quick else _WHOLE
    keyring, files = Keyring.create(folder / "keyring"), FolderStore(folder / "files")
    clock = _Clock(datetime.combine(days.first, time(8), ZONE))
    await enter_county(address, keyring, files)
    own = Database(address)
    channel = InProcessChannel()
    await _prepare(own, days)
    config = Config(
        database=DatabaseSettings(url=address),
        keyring=KeyringSettings(path=keyring.directory),
        files=FilesSettings(path=folder / "files"),
    )
    product = Product(
        make_resources(config, clock), (channel,), route, file_expected, duties(), timedelta(seconds=0.005)
    )

    async def asked(ask: Callable[[UnitOfWork], AsyncIterator[str]]) -> list[str]:
        async with own.reading() as session:
            work = UnitOfWork(session, clock(), keyring, files, ZONE)
            return [fault async for fault in ask(work)]

    await product.start()
    try:
        await product.idle()
        month = await _month(own, product, channel, keyring, days, clock, Random(seed))
        month.look = lambda: asked(numbers_that_differ)
        month.say = say
        with counted(product.database, month.meter):
            report = await month.play(complaints)
        found = [*report.lost, *await asked(lambda work: faults(work, complaints))]
    finally:
        await product.stop()
        await own.close()
    return Outcome(month.meter, report, found, monotonic() - began)


class _Clock:
    """The time of the month."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def move_to(self, moment: datetime) -> None:
        """Let it be later."""
        self.now = moment


async def _prepare(database: Database, days: Days) -> None:
    """Give everybody their chat and each team its board, lift the limits, and set the days of the round."""
    async with database.transaction() as session:
        known = await directory(session)
        session.add_all(StaffAddress(address=Address(NAME, one), staff_id=one, position=0) for one in known.people)
        for team in await session.scalars(select(Team)):
            team.board_address = Address(NAME, f"board-{team.id}")
        county = await session.get_one(County, 1)
        county.settings = county.settings | {"abuse": _UNLIMITED}
        round_ = await session.get_one(Round, ROUND)
        round_.stay_from, round_.stay_until, round_.intake_until = days.first, days.stay_until, days.intake_until


async def _month(
    database: Database,
    product: Product,
    channel: InProcessChannel,
    keyring: Keyring,
    days: Days,
    clock: _Clock,
    random: Random,
) -> Month:
    async with database.reading() as session:
        known = await directory(session)
        printed = select(QrCode.serial).where(QrCode.round_id == ROUND, QrCode.revoked_at.is_(None))
        serials = list(await session.scalars(printed.order_by(QrCode.serial)))
    teams = {
        team_id: (
            [one.id for one in known.with_roles(Role.TEAM_MEMBER, team_id=team_id)],
            known.with_roles(Role.TEAM_LEADER, team_id=team_id)[0].id,
        )
        for team_id in sorted(known.teams)
    }
    return Month(
        product=product,
        channel=channel,
        zone=ZONE,
        days=days,
        calendar=WorkingCalendar.of(known.settings, ZONE),
        tokens=[write(keyring.qr_secret, Token(TokenKind.POSTER, serial)) for serial in serials],
        staff={one: Person(channel, Address(NAME, one), product.idle) for one in known.people},
        teams=teams,
        boards={team_id: Address(NAME, f"board-{team_id}") for team_id in teams},
        move_to=clock.move_to,
        random=random,
    )


def _rows(name: str, outcome: Outcome) -> list[Row]:
    rows = [
        Row(f"{step}, {name}", f"{milliseconds:.1f} ms of CPU, {statements:.1f} statements ({times} times)")
        for step, times, milliseconds, statements in sorted(outcome.meter.rows())
    ]
    whole = f"{outcome.report.submitted} complaints in {outcome.seconds / 60:.1f} minutes"
    return [*rows, Row(f"the month, {name}", whole, "no fault", not outcome.faults)]
