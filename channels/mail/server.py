"""The server that takes our mails: connecting, logging in, handing over, over a connection that is held for a while."""

import ssl
from contextlib import suppress

from aiosmtplib import SMTP, SMTPException, SMTPResponseException

from channels.mail.answers import UnfitSettings, reason_of
from channels.mail.settings import MailSettings

TIMEOUT_SECONDS = 30.0  # for each answer of the server


class MailServer:
    """One connection, made when it is needed. TLS is verified against the machine's own authorities."""

    def __init__(self, settings: MailSettings) -> None:
        self._settings = settings
        self.sender = settings.require_sender()
        self.domain = self.sender.rpartition("@")[2]
        secret = settings.password.get_secret_value() if settings.password else None
        self._client = SMTP(
            hostname=settings.require_host(),
            port=settings.port,
            username=settings.username,
            password=secret,
            use_tls=settings.security == "tls",
            start_tls=settings.security == "starttls",
            validate_certs=True,
            local_hostname=self.domain,  # and not the name of this machine
            timeout=TIMEOUT_SECONDS,
        )

    async def connect(self) -> None:
        """Connect and log in, if that is not done yet.

        Raises UnfitSettings when the server does not take us, and what the library or the network raises.
        """
        if self._client.is_connected:
            return
        try:
            await self._client.connect()
        except SMTPResponseException as error:
            if error.code >= 500:
                raise UnfitSettings(reason_of(error)) from None
            raise
        except SMTPException as error:
            if isinstance(error.__cause__, ssl.SSLError):
                raise UnfitSettings(type(error.__cause__).__name__) from None
            if isinstance(error, OSError):  # the network: no connection, or it was lost
                raise
            raise UnfitSettings(type(error).__name__) from None  # the server offers no TLS, or no login
        except ssl.SSLError as error:
            raise UnfitSettings(type(error).__name__) from None

    async def hand_over(self, recipient: str, mail: bytes) -> None:
        """Hand over a mail for one recipient; raise what the library or the network raises."""
        await self._client.sendmail(self.sender, recipient, mail)

    async def leave(self) -> None:
        """Say goodbye, if there is a connection."""
        if self._client.is_connected:
            with suppress(SMTPException, OSError):
                await self._client.quit()
        self.drop()

    def drop(self) -> None:
        """End the connection without a word."""
        self._client.close()
