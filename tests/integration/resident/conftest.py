"""The sample county, and somebody who talks to us through the conversation itself, without a messenger."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any, TypeVar

import pytest
from sqlalchemy import select

from channels.telegram.address import address_of
from handlers.resident.messages import (
    AdditionPreview,
    DraftPreview,
    FileSent,
    Incoming,
    Pressed,
    ReceiptMessage,
    Reply,
    Scanned,
    Sentence,
    TextSent,
)
from handlers.resident.rendering import renderer_for
from handlers.resident.service import handle
from media.kinds import Cleaned, FileKind
from models.address import Address
from models.complaints import Case, CaseComplaint, Complaint
from models.delivery import OutboxRow
from models.recipient import Recipient
from models.rounds import QrCode
from privacy.receipt import Receipt, Script, digest
from qr.token import Token, TokenKind, write
from services.access.visibility import may_read
from services.intake.conversation_store import load_conversation, source_of
from services.intake.place import scan
from services.intake.visit import Visit, view
from services.outbox import outgoing_message
from services.unit_of_work import UnitOfWork
from tests.conftest import NOW, OpenWork
from tests.sample import SAMPLE
from texts.message import Message

PHOTO = Cleaned(FileKind.PHOTO, b"the picture of a cracked bridge")

_Reply = TypeVar("_Reply")


@pytest.fixture
def county(sample_county: None, open_work: OpenWork) -> OpenWork:
    """The sample county, nobody enrolled; opens works like `open_work`."""
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


CHAT = address_of(7_301_442_901)


@dataclass
class Phone:
    """A resident's phone: each message comes in with a transaction of its own, as an update does."""

    open_work: OpenWork
    address: Address = CHAT
    language: str = "zh_Hans"
    now: datetime = NOW
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    last: tuple[Reply, ...] = ()

    async def send(self, incoming: Incoming) -> tuple[Reply, ...]:
        async with self.open_work(now=self.now) as work:
            state = await load_conversation(work, self.address)
            heard = await handle(work, self.address, state, incoming, client_language=self.language)
        self.last = heard.replies
        return heard.replies

    async def scan(self, place_id: str | None, round_id: str = "R6") -> tuple[Reply, ...]:
        async with self.open_work(now=self.now) as work:
            found = await scan(work, await token_for(work, place_id, round_id), address_of(1))
        return await self.send(Scanned(found, draft_id=f"{next(self.numbers):08x}"))

    async def say(self, text: str) -> tuple[Reply, ...]:
        return await self.send(TextSent(text, await self._source()))

    async def show(self, caption: str = "", album: str | None = None) -> tuple[Reply, ...]:
        return await self.send(FileSent(PHOTO, caption, await self._source(), album))

    async def press(self, action: str, subject: str = "", arg: str = "") -> tuple[Reply, ...]:
        return await self.send(Pressed(action, subject, arg))

    async def complain(self, place_id: str | None, *texts: str, tell_me: bool = False, **toggles: bool) -> Receipt:
        """Scan, say it, send it; return the receipt."""
        await self.scan(place_id)
        for text in texts:
            await self.say(text)
        for name, wanted in {"tell": tell_me, **toggles}.items():
            if wanted and not self.shown(DraftPreview).draft.toggles[name]:
                await self.press("toggle", self.shown(DraftPreview).draft.draft_id, name)
        if self.shown(DraftPreview).draft.has_unsettled_traces:
            await self.press("traces_stay", self.shown(DraftPreview).draft.draft_id)
        await self.press("send", self.shown(DraftPreview).draft.draft_id)
        return self.shown(ReceiptMessage).submission.receipt

    async def add(self, *texts: str) -> tuple[Reply, ...]:
        """Say some lines in a visit, and press that they are added."""
        for text in texts:
            await self.say(text)
        return await self.press("put_in", self.shown(AdditionPreview).complaint_id)

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
            return source_of(work.keyring.lane_secret, self.address, next(self.numbers))


@pytest.fixture
def phone(county: OpenWork) -> Phone:
    """A resident's phone in the sample county."""
    return Phone(county)


async def shown_preview(phone: Phone) -> Message:
    """Return the preview of a draft as it is shown."""
    async with phone.open_work(now=phone.now) as work:
        return (await renderer_for(work, phone.language)).messages(phone.shown(DraftPreview))[-1]


def actions(message: Message) -> list[str]:
    """Return what the buttons of a message do, row by row."""
    return [button.data.split(".")[2] for row in message.buttons for button in row if button.data]


async def complaint_of(work: UnitOfWork, receipt: Receipt) -> Complaint:
    """Return the complaint a receipt was given for."""
    found = digest(receipt, work.keyring.receipt_secret)
    return (await work.session.scalars(select(Complaint).where(Complaint.receipt_digest == found))).one()


async def case_of(work: UnitOfWork, receipt: Receipt) -> Case:
    """Return the one case a complaint became."""
    complaint = await complaint_of(work, receipt)
    query = (
        select(Case)
        .join(CaseComplaint, CaseComplaint.case_id == Case.id)
        .where(CaseComplaint.complaint_id == complaint.id)
    )
    return (await work.session.scalars(query)).one()


async def readers_of(phone: Phone, receipt: Receipt) -> set[str]:
    """Return who may read the case of a complaint, now or once it is held no longer."""
    async with phone.open_work() as work:
        return {one.id for one in await may_read(work, await case_of(work, receipt))}


async def visit_of(work: UnitOfWork, receipt: Receipt) -> Visit:
    """Return what a reporter would be shown."""
    found = await view(work, (await complaint_of(work, receipt)).id)
    assert found is not None
    return found


async def pushed(work: UnitOfWork, complaint_id: str) -> list[str]:
    """Return the kinds of what is queued to a reporter, in order."""
    rows = await work.session.scalars(
        select(OutboxRow).where(OutboxRow.recipient == Recipient.reporter(complaint_id)).order_by(OutboxRow.id)
    )
    return [outgoing_message(work.keyring, row).kind for row in rows]
