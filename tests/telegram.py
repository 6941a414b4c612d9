"""The product's channel to Telegram, for tests that hand it updates or call the Bot API themselves."""

from bot.product import Product
from channels.telegram.channel import TelegramChannel


def telegram_of(product: Product) -> TelegramChannel:
    """Return the channel to Telegram of a product."""
    channel = product.channels["telegram"]
    assert isinstance(channel, TelegramChannel)
    return channel
