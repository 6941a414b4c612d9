"""Mail as a channel: staff are told that something waits; nothing comes in by it."""

from channels.base import Channel, Process
from channels.mail.server import MailServer
from channels.mail.settings import Config
from channels.mail.transport import MailTransport
from channels.mail.turns import Turns
from models.mail_address import CHANNEL


def mail_channel(config: Config) -> "MailChannel":
    """Return mail as the settings have it. Raises ConfigError when they say too little."""
    return MailChannel(MailTransport(MailServer(config.mail), Turns(config.mail.per_minute)))


class MailChannel(Channel):
    """The county's account at a mail server."""

    name = CHANNEL

    def __init__(self, transport: MailTransport) -> None:
        self._mails = self.transport = transport

    async def start(self, process: Process) -> None:
        """Connect to nothing yet: a mail server that is away keeps nobody from working."""

    async def close(self) -> None:
        await self._mails.close()
