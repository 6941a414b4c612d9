"""The channels of an installation: the one place that names them."""

from bot.config import Config
from channels.base import Channel
from channels.mail.channel import mail_channel
from channels.telegram.channel import telegram_channel
from services.resources import Resources


def make_channels(config: Config, resources: Resources) -> tuple[Channel, ...]:
    """Return the channels that the settings ask for; nothing is connected yet. Raises ConfigError without a token."""
    channels: list[Channel] = [telegram_channel(config, resources)]
    if config.mail.host is not None:
        channels.append(mail_channel(config))
    return tuple(channels)
