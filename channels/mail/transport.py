"""Messages become mails of plain text with at most a link, and the server's answers those of any channel."""

import asyncio
import logging
import re
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP as AS_SENT
from email.utils import format_datetime
from html import unescape

from aiosmtplib import SMTPException

from channels.mail.answers import SETTINGS_WAIT, UnfitSettings, answer_to, reason_of
from channels.mail.server import MailServer
from channels.mail.turns import Turns
from models.address import Address
from services.delivery.transport import Capabilities, ChannelAnswer, Deleted, Later, MaySend, Sent, always
from texts.catalogue import SOURCE, Words
from texts.message import Message

log = logging.getLogger(__name__)

_TAG = re.compile(r"<[^>]+>")
_NUMBER_BITS = 62  # a positive number in a column of 64 bits


class MailTransport:
    """Mails what is said, one mail at a time."""

    capabilities = Capabilities(files=False, deletion=False, editing=False, content=False, commands=False)

    def __init__(self, server: MailServer, turns: Turns) -> None:
        self._server = server
        self._turns = turns
        self._paused_until = 0.0  # by the clock of the event loop

    async def send(
        self,
        address: Address,
        message: Message,
        *,
        replaces: int | None = None,
        priority: int = 0,
        may_send: MaySend = always,
    ) -> ChannelAnswer:
        """Mail a message. What replaces an earlier one is not mailed: that said no more than that something waits."""
        if replaces is not None:
            return Sent(replaces)
        async with self._turns.turn(priority):
            try:
                if (wait := self._paused_until - asyncio.get_running_loop().time()) > 0:
                    return Later(wait)
                answer = await self._mail(address, message, may_send)
            except BaseException:  # cut short: what the server answers now would be taken for another answer
                self._server.drop()
                raise
            if not self._turns.anybody_waits:
                await self._server.leave()
            return answer

    async def delete(
        self,
        address: Address,  # noqa: ARG002
        message_ids: Sequence[int],
        *,
        priority: int = 0,  # noqa: ARG002
        may_send: MaySend = always,  # noqa: ARG002
    ) -> ChannelAnswer:
        """Delete nothing: a mail cannot be taken back."""
        return Deleted(left=len(message_ids))

    async def close(self) -> None:
        """Let go of the connection."""
        await self._server.leave()

    async def _mail(self, address: Address, message: Message, may_send: MaySend) -> ChannelAnswer:
        number = secrets.randbits(_NUMBER_BITS)
        try:
            await self._server.connect()
            if not await may_send():
                return Later(0)
            await self._server.hand_over(address.id, self._written(address.id, message, number))
        except UnfitSettings as error:
            return self._unfit(error)
        except (SMTPException, OSError) as error:
            try:
                answer = answer_to(error)
            except UnfitSettings as unfit:
                return self._unfit(unfit)
            log.warning("a mail is not taken: %s", reason_of(error))
            return answer
        return Sent(number)

    def _unfit(self, error: UnfitSettings) -> Later:
        log.error("The mail server does not take our mails (%s); check the settings of mail. Mails wait.", error)
        self._paused_until = asyncio.get_running_loop().time() + SETTINGS_WAIT
        return Later(SETTINGS_WAIT)

    def _written(self, recipient: str, message: Message, number: int) -> bytes:
        """Return a mail as it is handed over. Neither its subject nor its other headers say what it is about."""
        mail = EmailMessage(policy=AS_SENT.clone(cte_type="7bit"))
        mail["From"], mail["To"] = self._server.sender, recipient
        mail["Subject"] = Words(SOURCE).plain("brief.subject")
        mail["Date"] = format_datetime(datetime.now(UTC))
        mail["Message-ID"] = f"<{number:x}@{self._server.domain}>"
        mail["Auto-Submitted"] = "auto-generated"  # nobody is away to us (RFC 3834)
        mail.set_content(_plain(message))
        return mail.as_bytes()


def _plain(message: Message) -> str:
    """Return a message as plain text, with its links below; what else could be pressed is left out."""
    links = [f"{one.label}\n{one.url}" for row in message.buttons for one in row if one.url is not None]
    return "\n\n".join([unescape(_TAG.sub("", message.text)), *links])
