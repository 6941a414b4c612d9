"""The one composition root: the product is put together here, with every conversation and every duty."""

import asyncio
import signal
from collections.abc import Callable, Sequence
from datetime import datetime

from telegram.error import InvalidToken, TelegramError

from bot.clock import Duty
from bot.config import Config
from bot.log_filter import set_up_logging
from bot.product import Door, Plan, Product, utc_now
from channels.base import Channel
from channels.telegram.pacing import Pace
from handlers.notices import require_renderings
from handlers.router import file_expected, route
from migrations.schema import require_current
from services.audit.log import send_weekly_seal
from services.cases.batches import release_batches
from services.cases.cards import forget_cards
from services.delivery.trail import forget_trails
from services.intake.drafts import purge_conversations
from services.rectification.remind import tick_rectification
from services.rectification.unit_actions import drop_uncollected
from services.retention.erase import erase_expired
from services.retention.expiry import close_unquestioned, go_on_without_answer, purge_reply_addresses
from services.retention.housekeeping import FileSweeper, forget_prompts, forget_updates
from services.rounds.advance_rounds import advance_rounds


class CannotStart(Exception):
    """The product cannot start; the message is one sentence that says what to do."""


def whole_product(plan: Plan, clock: Callable[[], datetime] = utc_now, channels: Sequence[Channel] = ()) -> Product:
    """Return the product with everything it does; raise NothingRenders when a notice could not be said."""
    require_renderings()
    return Product(plan, route, file_expected, duties(), clock, channels)


def duties() -> tuple[Duty, ...]:
    """Return what the clock does at every tick, in this order."""
    return (
        advance_rounds,
        release_batches,
        tick_rectification,
        send_weekly_seal,
        go_on_without_answer,
        close_unquestioned,
        purge_conversations,
        erase_expired,
        purge_reply_addresses,
        drop_uncollected,
        forget_trails,
        forget_cards,
        forget_prompts,
        forget_updates,
        FileSweeper().sweep,
    )


def plan_of(config: Config) -> Plan:
    """Return what the settings ask for; raise CannotStart when there is no token."""
    telegram, sending = config.telegram, config.sending
    if telegram.token is None:
        raise CannotStart(
            "There is no bot token; get one from @BotFather and set telegram.token (XUNSHENG_TELEGRAM__TOKEN)."
        )
    door = None
    if telegram.webhook_url is not None:
        door = Door(
            telegram.webhook_url,
            telegram.webhook_host,
            telegram.webhook_port,
            telegram.webhook_secret.get_secret_value() if telegram.webhook_secret else None,
            telegram.max_connections,
        )
    return Plan(
        token=telegram.token.get_secret_value(),
        api_base_url=telegram.api_base_url,
        database_url=config.database.url,
        keyring_path=config.keyring.path,
        files_path=config.files.path,
        zone=config.county.time_zone,
        pace=Pace(sending.per_second, sending.per_chat_per_second, sending.per_group_per_minute),
        door=door,
        link_base_url=telegram.link_base_url,
        bucket=config.files.address,
    )


async def run(config: Config) -> None:
    """Run until the process is told to end. Raises CannotStart, KeyringError or UnfitDatabase with a sentence."""
    set_up_logging(config.logging.level)
    plan = plan_of(config)
    product = whole_product(plan)
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ended.set)
    try:
        await require_current(product.database)
        await _start(product, plan)
        waiting = {asyncio.create_task(ended.wait()), asyncio.create_task(product.failed())}
        done, rest = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        for task in rest:
            task.cancel()
        for task in done:
            task.result()
    finally:
        await product.stop()


async def _start(product: Product, plan: Plan) -> None:
    try:
        await product.start()
    except InvalidToken:
        raise CannotStart(
            "Telegram does not know the bot token; copy it anew from @BotFather into telegram.token."
        ) from None
    except TelegramError as error:
        raise CannotStart(
            f"The Bot API at {plan.api_base_url} cannot be reached ({type(error).__name__}); check the network and "
            "telegram.api_base_url."
        ) from None
    except OSError as error:
        raise CannotStart(
            f"The webhook cannot listen ({error.strerror}); check telegram.webhook_host and _port."
        ) from None
