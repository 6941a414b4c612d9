"""kill -9 at any moment loses no complaint, doubles none, and every message arrives at last."""

import asyncio
import multiprocessing
import random
from collections import Counter
from collections.abc import AsyncIterator, Callable, Collection
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from models.complaints import Case, CaseComplaint, Complaint
from models.delivery import FailedUpdate, OutboxRow, OutboxState
from privacy.keyring import Keyring
from privacy.receipt import Receipt, digest
from simulator.chat_reader import SeenMessage
from simulator.server import Simulator
from tests.conftest import NOW
from tests.deployment import Deployment, open_deployment
from tests.integration import killed
from tests.story import data_of, receipt_in
from tests.waiting import eventually

KILLS = 50
RESIDENTS = 8


@dataclass
class Lives:
    """One process after another, each of them killed."""

    deployment: Deployment
    context: multiprocessing.context.ForkServerContext
    kills: int = 0
    process: multiprocessing.context.ForkServerProcess | None = None
    moment: timedelta = field(default_factory=timedelta)
    log: Path | None = None

    def begin(self) -> None:
        # A later life begins later, so that what waited for a retry is due.
        self.moment += timedelta(minutes=10)
        self.process = self.context.Process(
            target=killed.live, args=(self.deployment.config, NOW + self.moment, self.log)
        )
        self.process.start()

    async def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        await asyncio.to_thread(self.process.join)
        assert self.process.exitcode == -9, "the process ended by itself"
        self.kills += 1

    async def end(self) -> None:
        if self.process is not None:
            self.process.kill()
            await asyncio.to_thread(self.process.join)


@pytest.fixture(scope="module")
def fork_server() -> multiprocessing.context.ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.integration.killed"])
    return context


@pytest.fixture
async def lives(
    simulator: Simulator,
    sample_county: None,
    database_address: str,
    keyring: Keyring,
    tmp_path: Path,
    fork_server: multiprocessing.context.ForkServerContext,
) -> AsyncIterator[Lives]:
    """A deployment in which nothing runs yet. Nothing does afterwards either, or pytest would wait for it for ever."""
    lives = Lives(open_deployment(simulator, database_address, keyring, tmp_path), fork_server)
    yield lives
    await lives.end()
    await lives.deployment.stop()


async def send_without_end(deployment: Deployment) -> None:
    """Let the residents of this test, who never tire, send as much as they like: a day's limit would still them."""
    await deployment.set_in_county("abuse", complaints_a_day=1_000_000)


async def submit(simulator: Simulator, person: int, link: str, text: str, known: list[Receipt]) -> Receipt:
    """Play one complaint from the scan to the receipt.

    A message that was sent twice, the one doubling there is, may show an earlier card or receipt again.
    """
    start = simulator.scan(person, link)
    await newer(simulator, person, start, lambda seen: True)
    said = simulator.send_text(person, text)
    card = await newer(simulator, person, said, lambda seen: text in seen.text and bool(data_of(seen, "1.r.send.")))
    simulator.press(person, data_of(card, "1.r.send.") or "", message_id=card.message_id)

    def new_receipt(seen: SeenMessage) -> Receipt | None:
        found = receipt_in(seen)
        return found[0] if found and found[0] not in known else None

    shown = await newer(simulator, person, start, lambda seen: new_receipt(seen) is not None)
    receipt = new_receipt(shown)
    assert receipt is not None
    return receipt


async def calls(simulator: Simulator, number: int, people: Collection[asyncio.Task[None]]) -> None:
    """Wait until the bot has called so many times more. A resident who waits in vain says first what they see."""
    goal = len(simulator.calls()) + number
    enough = asyncio.create_task(simulator.wait_until(lambda: len(simulator.calls()) >= goal or None))
    done, _ = await asyncio.wait({enough, *people}, return_when=asyncio.FIRST_COMPLETED)
    enough.cancel()
    for task in done:
        task.result()


async def newer(simulator: Simulator, person: int, after: int, fits: Callable[[SeenMessage], bool]) -> SeenMessage:
    def look(messages: list[SeenMessage]) -> SeenMessage | None:
        found = [one for one in messages if one.from_bot and one.message_id > after and fits(one)]
        return found[-1] if found else None

    return await simulator.wait_for(person, look)


async def test_killed_fifty_times_nothing_is_lost_and_nothing_doubled(
    simulator: Simulator, keyring: Keyring, lives: Lives
) -> None:
    deployment = lives.deployment
    dice = random.Random(20261122)
    receipts: list[Receipt] = []
    enough = asyncio.Event()

    await send_without_end(deployment)
    lives.begin()
    await deployment.enrol("P08", "P09", "P10")
    group = await deployment.board("第二巡察组", "P08", "P09", "P10")
    link = await deployment.link("V06")

    async def resident(number: int) -> None:
        person = simulator.add_person(f"resident {number}")
        count = 0
        while not enough.is_set():
            text = f"鱼塘的租金没有公示 {number}-{count}"
            receipts.append(await submit(simulator, person, link, text, receipts))
            count += 1

    people = [asyncio.create_task(resident(number)) for number in range(RESIDENTS)]
    while lives.kills < KILLS:
        await calls(simulator, dice.randint(1, 40), people)
        await lives.kill()
        lives.begin()
    enough.set()
    await asyncio.gather(*people)
    await _nothing_queued(deployment)
    await lives.kill()

    async with deployment.database.reading() as session:
        stored = Counter(await session.scalars(select(Complaint.receipt_digest)))
        cases = Counter(await session.scalars(select(CaseComplaint.complaint_id)))
        numbers = set(await session.scalars(select(Case.id)))
        dead = list(await session.scalars(select(OutboxRow.reason).where(OutboxRow.state == OutboxState.DEAD)))
        set_aside = await session.scalar(select(func.count()).where(FailedUpdate.set_aside_at.is_not(None)))

    assert len(receipts) >= RESIDENTS
    assert {digest(receipt, keyring.receipt_secret) for receipt in receipts} == set(stored)
    assert len(receipts) == len(stored)
    assert set(cases.values()) == {1}
    assert len(numbers) == len(stored)
    assert dead == []
    assert set_aside == 0
    cards = {number for number in numbers for one in simulator.messages(group) if number in one.text.replace(" ", "")}
    assert cards == numbers, "a card never reached the board"


async def _nothing_queued(deployment: Deployment) -> None:
    query = select(func.count()).where(
        OutboxRow.state == OutboxState.QUEUED, OutboxRow.not_before <= NOW + timedelta(days=1)
    )

    async def nothing() -> bool:
        async with deployment.database.reading() as session:
            return not await session.scalar(query)

    await eventually(nothing)
