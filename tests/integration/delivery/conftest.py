"""A product with one small conversation, on the simulator: what the installation promises, without the rest."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from bot.channels import make_channels
from bot.clock import Duty
from bot.config import Config, SendingSettings, TelegramSettings
from bot.product import Product
from bot.resources import make_resources, utc_now
from channels.updates import Route
from handlers.context import HandlerContext
from handlers.incoming import ButtonPress, Text
from models.address import Address
from models.rounds import Department
from privacy.keyring import Keyring
from services.intake.conversation_store import ExpectedFile
from services.unit_of_work import UnitOfWork
from simulator.server import Simulator
from tests.deployment import TOKEN, settings_on
from texts.message import Button, Message

WEBHOOK_SECRET = "s3cret"


def webhook_at(port: int) -> str:
    """Return the address to which updates are delivered on this port."""
    return f"http://127.0.0.1:{port}/hook"


@dataclass
class Trouble:
    """What the conversation stumbles over."""

    words: dict[str, int] = field(default_factory=dict)  # text -> how many times it fails


@dataclass
class Installation:
    """A simulator, and products that can be started on it."""

    simulator: Simulator
    config: Config
    trouble: Trouble
    start: Callable[..., Awaitable[Product]]

    async def start_behind_webhook(self, port: int) -> Product:
        """Start a product to which updates are delivered at `webhook_at(port)`."""
        webhook = {"webhook_url": webhook_at(port), "webhook_port": port, "webhook_secret": SecretStr(WEBHOOK_SECRET)}
        return await self.start(telegram=self.config.telegram.model_copy(update=webhook))


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


async def heard(product: Product) -> list[str]:
    """Return what the conversation has noted."""
    async with product.database.reading() as session:
        return sorted(await session.scalars(select(Department.name)))


def answers(simulator: Simulator, person: int) -> list[str]:
    """Return what somebody was told, in order."""
    return [one.text for one in simulator.messages(person) if one.from_bot]


async def nothing(_context: HandlerContext) -> None:
    """Answer nothing."""


async def any_file(work: UnitOfWork, _address: Address) -> ExpectedFile | None:
    """Wait for every file."""
    return ExpectedFile(work.keyring.add_round("R1").round_id)


def small_product(
    config: Config, route: Route, duties: Sequence[Duty] = (), clock: Callable[[], datetime] = utc_now
) -> Product:
    """Return a product that answers with one function, waits for every file, and does nothing else by itself."""
    resources = make_resources(config, clock)
    first_retry = timedelta(seconds=config.sending.first_retry_seconds)
    return Product(resources, make_channels(config, resources), route, any_file, duties, first_retry)


@pytest.fixture
async def simulator() -> AsyncIterator[Simulator]:
    """A Bot API on localhost."""
    server = Simulator(TOKEN, retry_second=0.01)
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def installation(
    simulator: Simulator, database_address: str, keyring: Keyring, tmp_path: Path
) -> AsyncIterator[Installation]:
    """The product's installation with a small conversation."""
    config = settings_on(simulator, database_address, keyring, tmp_path)
    trouble = Trouble()
    running: list[Product] = []

    async def start(
        *,
        duties: tuple[Duty, ...] = (),
        clock: Callable[[], datetime] = utc_now,
        telegram: TelegramSettings = config.telegram,
        sending: SendingSettings = config.sending,
    ) -> Product:
        changed = config.model_copy(update={"telegram": telegram, "sending": sending})
        product = small_product(changed, conversation(trouble), duties, clock)
        running.append(product)
        await product.start()
        return product

    yield Installation(simulator, config, trouble, start)
    for product in running:
        await product.stop()
