"""The whole product on the simulator with the sample county, and its staff enrolled as tests ask for it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.bootstrap import whole_product
from bot.config import Config, DatabaseSettings, FilesSettings, KeyringSettings, SendingSettings, TelegramSettings
from bot.product import Product
from channels.base import Channel
from models.database import Database
from models.rounds import County, QrCode
from privacy.keyring import Keyring
from qr.link import BotAddress
from qr.token import Token, TokenKind, write
from services.unit_of_work import UnitOfWork
from simulator.server import Simulator
from storage.folder import FolderStore
from tests.accounts import give_account
from tests.waiting import idle

ZONE = Config().county.time_zone
TOKEN = "4242:AAtestTESTtestTESTtestTESTtestTEST"
UNLIMITED = SendingSettings(
    per_second=10_000, per_chat_per_second=10_000, per_group_per_minute=10_000, first_retry_seconds=0.005
)


@dataclass
class Deployment:
    """One installation with its people."""

    simulator: Simulator
    config: Config
    keyring: Keyring
    database: Database  # the tests' own look at the rows
    product: Product | None = None
    staff: dict[str, int] = field(default_factory=dict)  # staff id -> their account
    channels: Sequence[Channel] = ()  # beside Telegram

    async def start(self) -> Product:
        """Start the product; its time is the simulator's."""
        self.product = whole_product(self.config, self.simulator.now, self.channels)
        self.simulator.on_clock_change(lambda _moment: self.product.time_moved() if self.product else None)
        await self.product.start()
        self.simulator.at_rest = self.settled
        return self.product

    async def stop(self) -> None:
        """Stop the product and let go of the database."""
        if self.product is not None:
            self.simulator.at_rest = None
            await self.product.stop()
            self.product = None
        await self.database.close()

    async def settled(self) -> None:
        """Wait until the product has taken every update, looked at the outbox once more, and has nothing in hand.

        Nothing comes by itself after that: the simulator's time stands still.
        """
        assert self.product is not None
        while True:
            await self.simulator.wait_taken()
            self.product.sender.wake()  # for what a test itself has put down
            await idle(self.product)
            if not self.simulator.pending:
                return

    async def enrol(self, *staff_ids: str) -> list[int]:
        """Give staff members their accounts, as if each had opened their invitation before the test begins."""
        async with self.database.transaction() as session:
            for staff_id in staff_ids:
                self.staff[staff_id] = self.simulator.add_person(f"phone of {staff_id}", started=True)
                await give_account(session, staff_id, self.staff[staff_id])
        return [self.staff[staff_id] for staff_id in staff_ids]

    async def board(self, title: str, leader: str, *members: str) -> int:
        """Make a team's group, to which its leader adds the bot."""
        group = self.simulator.add_group(title, [self.staff[leader], *(self.staff[one] for one in members)])
        self.simulator.add_bot(group, by=self.staff[leader])
        await self.simulator.wait_for(group, lambda seen: [one for one in seen if one.from_bot] or None)
        return group

    async def set_in_county(self, section: str, **values: object) -> None:
        """Set values in a section of the county's settings; the others stay as they are."""
        async with self.database.transaction() as session:
            county = await session.get_one(County, 1)
            county.settings = county.settings | {section: county.settings.get(section, {}) | values}

    async def link(self, place_id: str | None, round_id: str = "R6") -> str:
        """Return the link in the printed code of a village or unit; None is the round's own."""
        async with self.database.reading() as session:
            query = select(QrCode.serial).where(
                QrCode.round_id == round_id, QrCode.place_id == place_id, QrCode.revoked_at.is_(None)
            )
            serial = (await session.scalars(query)).first()
        assert serial is not None, f"{place_id} has no code"
        return self.link_of(serial)

    def link_of(self, serial: str) -> str:
        """Return the link for a serial."""
        token = write(self.keyring.qr_secret, Token(TokenKind.POSTER, serial))
        return BotAddress("xunsheng_bot").link(token)

    def work(self, session: AsyncSession) -> UnitOfWork:
        """Return something to work with in the tests' own transaction."""
        return UnitOfWork(session, self.simulator.now(), self.keyring, FolderStore(self.config.files.path), ZONE)


def settings_on(simulator: Simulator, database_address: str, keyring: Keyring, folder: Path) -> Config:
    """Return the settings of an installation on the simulator that sends and tries again without waiting."""
    return Config(
        telegram=TelegramSettings(token=SecretStr(TOKEN), api_base_url=simulator.base_url),
        database=DatabaseSettings(url=database_address),
        keyring=KeyringSettings(path=keyring.directory),
        files=FilesSettings(path=folder / "files"),
        sending=UNLIMITED,
    )


def open_deployment(simulator: Simulator, database_address: str, keyring: Keyring, folder: Path) -> Deployment:
    """Open an installation on a database that holds the sample county; nothing runs yet."""
    config = settings_on(simulator, database_address, keyring, folder)
    return Deployment(simulator, config, keyring, Database(database_address))
