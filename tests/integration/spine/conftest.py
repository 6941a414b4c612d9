"""A product with one small conversation, on the simulator: what the spine promises, without the rest."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.clock import Duty
from bot.product import Plan, Product, utc_now
from channels.base import Route
from channels.telegram.pacing import Pace
from handlers.context import HandlerContext
from handlers.incoming import ButtonPress, Text
from models.address import Address
from models.rounds import Department
from privacy.keyring import Keyring
from services.intake.drafts import ExpectedFile
from services.unit_of_work import UnitOfWork
from simulator.server import Simulator
from tests.house import ZONE
from texts.message import Button, Message

TOKEN = "4242:AAtestTESTtestTESTtestTESTtestTEST"
UNHURRIED = Pace(per_second=10_000, per_chat_per_second=10_000, per_group_per_minute=10_000)


@dataclass
class Trouble:
    """What the conversation stumbles over."""

    words: dict[str, int] = field(default_factory=dict)  # text -> how many times it fails


@dataclass
class Spine:
    """A simulator, and products that can be started on it."""

    simulator: Simulator
    plan: Plan
    trouble: Trouble
    start: Callable[..., Awaitable[Product]]


def conversation(trouble: Trouble) -> Route:
    """Return a conversation that notes each text as a row and says it back; the row's key refuses a double."""

    async def hear(context: HandlerContext) -> None:
        update = context.update
        if isinstance(update.content, ButtonPress):
            context.toast("pressed", alert=True)
            await context.edit(Message("pressed"))
            return
        text = update.content.text if isinstance(update.content, Text) else "?"
        row = Department(id=f"{update.address.id}/{update.message_id}", name=text, fields=[])
        context.work.session.add(row)
        await context.work.session.flush()
        await context.say(Message(f"heard {text}", buttons=((Button("again", "1.t.again"),),)))
        if trouble.words.get(text, 0) > 0:
            trouble.words[text] -= 1
            raise RuntimeError(f"stumbled over {text}")

    return hear


async def nothing(_context: HandlerContext) -> None:
    """Answer nothing."""


async def any_file(_work: UnitOfWork, _address: Address) -> ExpectedFile | None:
    """Wait for every file."""
    return ExpectedFile(None)


@pytest.fixture
async def simulator() -> AsyncIterator[Simulator]:
    """A Bot API on localhost."""
    server = Simulator(TOKEN, retry_second=0.01)
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def spine(simulator: Simulator, database_address: str, keyring: Keyring, tmp_path: Path) -> AsyncIterator[Spine]:
    """The product's spine with a small conversation."""
    plan = Plan(
        token=TOKEN,
        api_base_url=simulator.base_url,
        database_url=database_address,
        keyring_path=keyring.directory,
        files_path=tmp_path / "files",
        zone=ZONE,
        pace=UNHURRIED,
        first_wait=timedelta(milliseconds=5),
    )
    trouble = Trouble()
    running: list[Product] = []

    async def start(
        *, duties: tuple[Duty, ...] = (), clock: Callable[[], datetime] = utc_now, **changes: object
    ) -> Product:
        changed = replace(plan, **changes)  # type: ignore[arg-type]
        product = Product(changed, conversation(trouble), any_file, duties, clock)
        running.append(product)
        await product.start()
        return product

    yield Spine(simulator, plan, trouble, start)
    for product in running:
        await product.stop()
