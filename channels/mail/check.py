"""Whether the mail server takes us, for whoever looks what is wrong."""

from aiosmtplib import SMTPException

from channels.mail.answers import UnfitSettings, reason_of
from channels.mail.server import MailServer
from channels.mail.settings import MailSettings
from texts.terminal import sentence


async def trouble(settings: MailSettings) -> str | None:
    """Return what keeps mails from being taken, in a sentence; None when we can log in. Raises ConfigError."""
    server = MailServer(settings)
    try:
        await server.connect()
    except UnfitSettings as error:
        return sentence("doctor.mail_unfit", server=settings.require_host(), reason=error)
    except (SMTPException, OSError) as error:
        return sentence("doctor.mail_away", server=settings.require_host(), kind=reason_of(error))
    finally:
        await server.leave()
    return None
