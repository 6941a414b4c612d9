"""The whole product with the sample county, its boards bound and its staff reachable, behind a webhook."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, select

from bench.commits import CommitCount
from bench.crowd import Told, outside
from bench.measure import Figures, Size, free_port, measure
from bot.bootstrap import whole_product
from bot.product import Door, Plan, Product
from channels.telegram.pacing import Pace
from models.database import Database
from models.delivery import FailedUpdate, OutboxRow, OutboxState
from models.rounds import PlaceKind, QrCode, Team
from models.staff import Staff
from models.tables import METADATA
from privacy.keyring import Keyring
from privacy.receipt import Receipt, read_receipt
from qr.token import Token, TokenKind, write
from services.rounds.county_file import read_county
from services.rounds.import_county import import_county
from services.unit_of_work import UnitOfWork
from storage.folder import Vault

SAMPLE = Path(__file__).parents[1] / "bot" / "samples" / "county-sample.json"
AS_OF = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)  # the sample's own moment
ROUND = "R6"
ZONE = ZoneInfo("Asia/Shanghai")
UNLIMITED = Pace(per_second=1e6, per_chat_per_second=1e6, per_group_per_minute=1_000_000)
SECRET = "bench"


async def measure_product(address: str, folder: Path, size: Size) -> Figures:
    """Run the crowd against the product. The clock stops when the outbox is empty and every press is answered."""
    keyring = Keyring.create(folder / "keyring")
    tokens = await _enter_county(address, keyring, Vault(folder / "files"))
    port, opened = free_port(), datetime.now(UTC)
    door = Door(f"http://127.0.0.1:{port}/hook", "127.0.0.1", port, SECRET)

    def now() -> datetime:
        return AS_OF + (datetime.now(UTC) - opened)

    async with outside() as crowd:
        plan = Plan("4242:bench", crowd.base_url, address, keyring.directory, folder / "files", ZONE, UNLIMITED, door)
        product = whole_product(plan, now)

        async def settle() -> None:
            await _until_quiet(product, now())

        counted = CommitCount(product.database)
        await product.start()
        try:
            await settle()  # what the clock's first tick owes
            found = await measure(crowd, door.url, size, counted, secret=SECRET, tokens=tokens, settle=settle)
            await _check(product, found.told)
        finally:
            await product.stop()
        return found


async def _enter_county(address: str, keyring: Keyring, vault: Vault) -> tuple[str, ...]:
    """Enter the sample with everybody reachable; return what the printed codes of its villages hold."""
    database = Database(address)
    async with database.engine.begin() as connection:
        await connection.run_sync(METADATA.create_all)
    async with database.transaction() as session:
        county = read_county(SAMPLE.read_text(encoding="utf-8"))
        await import_county(UnitOfWork(session, AS_OF, keyring, vault, ZONE), county)
        for number, person in enumerate(await session.scalars(select(Staff)), 1):
            person.telegram_id = 600_000_000 + number
        for number, team in enumerate(await session.scalars(select(Team)), 1):
            team.group_chat_id = -1_000_000_000_000 - number
        codes = select(QrCode.serial).where(QrCode.round_id == ROUND, QrCode.place_kind == PlaceKind.VILLAGE)
        serials = (await session.scalars(codes.order_by(QrCode.place_id))).all()
    await database.close()
    return tuple(write(keyring.qr_secret, Token(TokenKind.POSTER, serial)) for serial in serials)


async def _until_quiet(product: Product, now: datetime) -> None:
    """Wait until nothing is owed that is due, and every press is answered."""
    owed = select(func.count()).where(OutboxRow.state == OutboxState.QUEUED, OutboxRow.not_before <= now)
    while await _count(product, owed):
        await asyncio.sleep(0.005)
    await product.intake.settle()


async def _check(product: Product, told: Told) -> None:
    """Raise when a resident holds no receipt of their own, or anything failed on the way."""
    codes = [text.partition("<code>")[2].partition("</code>")[0] for text in told.receipts]
    assert all(isinstance(read_receipt(code), Receipt) for code in codes), "a resident was told something else"
    assert len(set(codes)) == len(codes), "two residents hold one receipt"
    dead = await _count(product, select(func.count()).where(OutboxRow.state == OutboxState.DEAD))
    failed = await _count(product, select(func.count()).select_from(FailedUpdate))
    assert not dead + failed, f"{dead} messages are dead, {failed} updates failed"


async def _count(product: Product, query: Select[int]) -> int:
    async with product.database.reading() as session:
        return await session.scalar(query) or 0
