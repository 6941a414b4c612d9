"""The channels of an installation: the one place that names them."""

from bot.config import Config
from channels.base import Channel
from channels.telegram.address import CHANNEL as TELEGRAM
from channels.telegram.channel import telegram_channel
from models.mail_address import CHANNEL as MAIL
from services.resources import Resources


def make_channels(config: Config, resources: Resources) -> tuple[Channel, ...]:
    """Return the channels that the settings ask for; nothing is connected yet.

    Raises ConfigError when there is neither a bot nor a page by which anybody could come in, or mail says too little.
    """
    channels: list[Channel] = []
    if has_bot(config):
        channels.append(telegram_channel(config, resources))
    if config.mail.host is not None:
        from channels.mail.channel import mail_channel  # with its library, which few need

        channels.append(mail_channel(config))
    return tuple(channels)


def has_bot(config: Config) -> bool:
    """Whether there is a bot on Telegram. Without a token there is none, if there are pages; else it is missing.

    Raises ConfigError when it is missing.
    """
    if config.telegram.token is None and config.web.public_url is None:
        config.telegram.require_token()
    return config.telegram.token is not None


def channel_names(config: Config) -> frozenset[str]:
    """Return the names of the channels by which the staff are told something; the bot's, if there should be one."""
    is_without_bot = config.telegram.token is None and config.web.public_url is not None
    mail = {MAIL} if config.mail.host is not None else set()
    return frozenset(mail if is_without_bot else {TELEGRAM, *mail})


async def mail_trouble(config: Config) -> str | None:
    """Return what keeps mails from being taken, in a sentence; None when nothing does, or there is no mail.

    Raises ConfigError.
    """
    if config.mail.host is None:
        return None
    from channels.mail.check import trouble

    return await trouble(config.mail)
