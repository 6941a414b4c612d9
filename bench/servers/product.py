"""The whole product with the sample county, its boards bound and its staff reachable, behind a webhook."""

import argparse
import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import Select, func, select

from bench.servers.pipe import converse, free_port
from bench.servers.statement_log import StatementLog
from bench.servers.statements import StatementCount
from bot.bootstrap import whole_product
from bot.config import Config, DatabaseSettings, FilesSettings, KeyringSettings, SendingSettings, TelegramSettings
from bot.product import Product
from channels.telegram.address import address_of
from models.database import Database
from models.delivery import FailedUpdate, OutboxRow, OutboxState
from models.rounds import PlaceKind, QrCode, Team
from models.staff import Staff, StaffAddress
from models.tables import METADATA
from privacy.keyring import Keyring
from privacy.receipt import Receipt, read_receipt
from qr.token import Token, TokenKind, write
from services.rounds.county_file import read_county
from services.rounds.import_county import import_county
from services.unit_of_work import UnitOfWork
from storage.folder import FolderStore

SAMPLE = Path(__file__).parents[2] / "bot" / "samples" / "county-sample.json"
AS_OF = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)  # the sample's own moment
ROUND = "R6"
ZONE = Config().county.time_zone
UNLIMITED = SendingSettings(per_second=1_000_000, per_chat_per_second=1e6, per_group_per_minute=1_000_000)
SECRET = "bench"


async def serve(address: str, base_url: str, folder: Path, counters: Callable[[], dict[str, int]]) -> None:
    """Serve until the bench ends it, then raise if a resident holds no receipt of their own or anything failed."""
    keyring = Keyring.create(folder / "keyring")
    tokens = await enter_county(address, keyring, FolderStore(folder / "files"))
    config, opened = behind_webhook(address, base_url, keyring, folder), datetime.now(UTC)
    webhook = config.telegram.webhook_url
    assert webhook is not None

    def now() -> datetime:
        return AS_OF + (datetime.now(UTC) - opened)

    product = whole_product(config, now)
    await product.start()
    try:
        receipts = await converse(webhook, SECRET, tokens, product.idle, counters)
        await _check(product, receipts)
    finally:
        await product.stop()


def behind_webhook(address: str, base_url: str, keyring: Keyring, folder: Path) -> Config:
    """Return the settings of a product whose updates come to a free port."""
    port = free_port()
    return Config(
        telegram=TelegramSettings(
            token=SecretStr("4242:bench"),
            api_base_url=base_url,
            webhook_url=f"http://127.0.0.1:{port}/hook",
            webhook_port=port,
            webhook_secret=SecretStr(SECRET),
        ),
        database=DatabaseSettings(url=address),
        keyring=KeyringSettings(path=keyring.directory),
        files=FilesSettings(path=folder / "files"),
        sending=UNLIMITED,
    )


async def enter_county(address: str, keyring: Keyring, attachment_store: FolderStore) -> tuple[str, ...]:
    """Enter the sample with everybody reachable; return what the printed codes of its villages hold."""
    database = Database(address)
    async with database.engine.begin() as connection:
        await connection.run_sync(METADATA.create_all)
    async with database.transaction() as session:
        county = read_county(SAMPLE.read_text(encoding="utf-8"))
        await import_county(UnitOfWork(session, AS_OF, keyring, attachment_store, ZONE), county)
        for number, person in enumerate(await session.scalars(select(Staff)), 1):
            own = address_of(600_000_000 + number)
            session.add(StaffAddress(address=own, staff_id=person.id, position=0))
        for number, team in enumerate(await session.scalars(select(Team)), 1):
            team.board_address = address_of(-1_000_000_000_000 - number)
        codes = select(QrCode.serial).where(QrCode.round_id == ROUND, QrCode.place_kind == PlaceKind.VILLAGE)
        serials = (await session.scalars(codes.order_by(QrCode.place_id))).all()
    await database.close()
    return tuple(write(keyring.qr_secret, Token(TokenKind.POSTER, serial)) for serial in serials)


async def _check(product: Product, receipts: list[str]) -> None:
    codes = [text.partition("<code>")[2].partition("</code>")[0] for text in receipts]
    assert all(isinstance(read_receipt(code), Receipt) for code in codes), "a resident was told something else"
    assert len(set(codes)) == len(codes), "two residents hold one receipt"
    dead = await _count(product, select(func.count()).where(OutboxRow.state == OutboxState.DEAD))
    failed = await _count(product, select(func.count()).select_from(FailedUpdate))
    assert not dead + failed, f"{dead} messages are dead, {failed} updates failed"


async def _count(product: Product, query: Select[int]) -> int:
    async with product.database.reading() as session:
        return await session.scalar(query) or 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address")
    parser.add_argument("base_url")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--counted", action="store_true", help="count statements, which takes time of its own")
    parser.add_argument("--log", type=Path, help="note each statement in this file, which takes much time")
    given = parser.parse_args()
    counters: Callable[[], dict[str, int]] = dict
    if given.counted:
        counters = StatementCount().counters
    if given.log:
        counters = StatementLog(given.log).counters
    asyncio.run(serve(given.address, given.base_url, given.folder, counters))
