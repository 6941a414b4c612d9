"""The sample county, and somebody who talks to us through the conversation itself, without a messenger."""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import pytest
from sqlalchemy import select

from handlers.resident.messages import (
    DraftPreview,
    Incoming,
    Pressed,
    ReceiptShown,
    Reply,
    Said,
    Scanned,
    Sentence,
    Showed,
)
from handlers.resident.service import handle
from media.kinds import Cleaned, Kind
from models.complaints import Case, CaseComplaint, Complaint
from models.database import Database
from models.delivery import OutboxRow
from models.rounds import QrCode
from privacy.keyring import Keyring
from privacy.receipt import Receipt, Script, digest
from qr.token import Token, TokenKind, write
from services.intake.drafts import source_of
from services.intake.place import scan
from services.intake.visit import Visit, view
from services.outbox import OutgoingMessage
from services.rounds.county_file import read_county
from services.rounds.import_county import import_county
from services.unit_of_work import UnitOfWork
from storage.folder import Vault
from tests.conftest import NOW, OpenWork, create_tables, named
from tests.conftest import run_statement as run
from tests.house import ZONE
from tests.sample import SAMPLE

PHOTO = Cleaned(Kind.PHOTO, b"the picture of a cracked bridge")

_Reply = TypeVar("_Reply")


@dataclass(frozen=True)
class Entered:
    """The sample county, entered once in each database, to be copied for each test."""

    keyring: Path
    sqlite: Path
    postgresql: str  # the name of a template


@pytest.fixture(scope="session")
def entered(tmp_path_factory: pytest.TempPathFactory, postgresql: str) -> Entered:
    """Enter the sample county once."""
    folder = tmp_path_factory.mktemp("county")
    there = Entered(folder / "keyring", folder / "county.sqlite3", f"county_{uuid4().hex}")
    keyring = Keyring.create(there.keyring)

    async def enter(address: str) -> None:
        database = Database(address)
        async with database.transaction() as session:
            work = UnitOfWork(session, NOW, keyring, Vault(folder / "files"), ZONE)
            await import_county(work, read_county(SAMPLE.read_text(encoding="utf-8")))
        await database.close()

    asyncio.run(create_tables(f"sqlite:///{there.sqlite}"))
    asyncio.run(enter(f"sqlite:///{there.sqlite}"))
    asyncio.run(run(postgresql, f"CREATE DATABASE {there.postgresql} TEMPLATE template"))
    asyncio.run(enter(named(postgresql, there.postgresql)))
    return there


@pytest.fixture
async def database_address(dialect: str, tmp_path: Path, postgresql: str, entered: Entered) -> AsyncIterator[str]:
    """The address of a database of this test's own that holds the sample county."""
    if dialect == "sqlite":
        yield f"sqlite:///{shutil.copy(entered.sqlite, tmp_path / 'xunsheng.sqlite3')}"
        return
    name = f"test_{uuid4().hex}"
    await run(postgresql, f"CREATE DATABASE {name} TEMPLATE {entered.postgresql}")
    yield named(postgresql, name)
    await run(postgresql, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def keyring(tmp_path: Path, entered: Entered) -> Keyring:
    """A keyring of this test's own that opens what the county's rounds seal."""
    return Keyring.open(Path(shutil.copytree(entered.keyring, tmp_path / "keyring")))


@pytest.fixture
def county(open_work: OpenWork) -> OpenWork:
    """The sample county; opens works like `open_work`."""
    return open_work


@pytest.fixture(scope="session")
def sample() -> dict[str, Any]:
    """The sample county's file."""
    document: dict[str, Any] = json.loads(SAMPLE.read_text(encoding="utf-8"))
    return document


async def token_for(work: UnitOfWork, place_id: str | None, round_id: str = "R6") -> str:
    """Return what the printed code of a place hands over."""
    query = select(QrCode.serial).where(QrCode.round_id == round_id, QrCode.place_id == place_id)
    return write(work.keyring.qr_secret, Token(TokenKind.POSTER, (await work.session.scalars(query)).one()))


@dataclass
class Phone:
    """A resident's phone: each message comes in with a transaction of its own, as an update does."""

    open_work: OpenWork
    chat_id: int = 7_301_442_901
    language: str = "zh_Hans"
    now: datetime = NOW
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    last: tuple[Reply, ...] = ()

    async def send(self, incoming: Incoming) -> tuple[Reply, ...]:
        async with self.open_work(now=self.now) as work:
            heard = await handle(work, self.chat_id, incoming, client_language=self.language)
        self.last = heard.replies
        return heard.replies

    async def scan(self, place_id: str | None, round_id: str = "R6") -> tuple[Reply, ...]:
        async with self.open_work(now=self.now) as work:
            found = await scan(work, await token_for(work, place_id, round_id), 1)
        return await self.send(Scanned(found, mark=f"{next(self.numbers):08x}"))

    async def say(self, text: str) -> tuple[Reply, ...]:
        return await self.send(Said(text, await self._source()))

    async def show(self, caption: str = "", album: str | None = None) -> tuple[Reply, ...]:
        return await self.send(Showed(PHOTO, caption, await self._source(), album))

    async def press(self, action: str, subject: str = "", arg: str = "") -> tuple[Reply, ...]:
        return await self.send(Pressed(action, subject, arg))

    async def complain(self, place_id: str | None, *texts: str, tell_me: bool = False, **toggles: bool) -> Receipt:
        """Scan, say it, send it; return the receipt."""
        await self.scan(place_id)
        for text in texts:
            await self.say(text)
        for name, wanted in {"tell": tell_me, **toggles}.items():
            if wanted:
                await self.press("toggle", self.shown(DraftPreview).draft.mark, name)
        if self.shown(DraftPreview).draft.has_unsettled_traces:
            await self.press("traces_stay", self.shown(DraftPreview).draft.mark)
        await self.press("send", self.shown(DraftPreview).draft.mark)
        return self.shown(ReceiptShown).submission.receipt

    async def come_back(self, receipt: Receipt) -> None:
        await self.say(receipt.text(Script.SIMPLIFIED))

    def shown(self, kind: type[_Reply]) -> _Reply:
        """Return the one reply of a kind among the last ones."""
        [found] = [reply for reply in self.last if isinstance(reply, kind)]
        return found

    @property
    def sentences(self) -> list[str]:
        """The keys of the last sentences."""
        return [reply.key for reply in self.last if isinstance(reply, Sentence)]

    async def _source(self) -> str:
        async with self.open_work(now=self.now) as work:
            return source_of(work.keyring.lane_secret, self.chat_id, next(self.numbers))


@pytest.fixture
def phone(county: OpenWork) -> Phone:
    """A resident's phone in the sample county."""
    return Phone(county)


async def complaint_of(work: UnitOfWork, receipt: Receipt) -> Complaint:
    """Return the complaint a receipt was given for."""
    found = digest(receipt, work.keyring.receipt_secret)
    return (await work.session.scalars(select(Complaint).where(Complaint.receipt_digest == found))).one()


async def case_of(work: UnitOfWork, receipt: Receipt) -> Case:
    """Return the one case a complaint became."""
    complaint = await complaint_of(work, receipt)
    query = select(Case).join(CaseComplaint).where(CaseComplaint.complaint_id == complaint.id)
    return (await work.session.scalars(query)).one()


async def visit_of(work: UnitOfWork, receipt: Receipt) -> Visit:
    """Return what a reporter would be shown."""
    found = await view(work, (await complaint_of(work, receipt)).id)
    assert found is not None
    return found


async def pushed(work: UnitOfWork, complaint_id: str) -> list[str]:
    """Return the kinds of what is owed to a reporter, in order."""
    rows = await work.session.scalars(
        select(OutboxRow).where(OutboxRow.recipient == f"reporter:{complaint_id}").order_by(OutboxRow.id)
    )
    return [OutgoingMessage.unpack(work.keyring.outbox.open(row.record_id, row.args or b"")).kind for row in rows]
