"""What a mail server's refusals and the trouble on the way to it mean."""

import re

from aiosmtplib import (
    SMTPAuthenticationError,
    SMTPDataError,
    SMTPRecipientRefused,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPSenderRefused,
)

from services.delivery.transport import Later, Refused, Unreachable

SETTINGS_WAIT = 300.0  # seconds, for the settings to be mended; a server shuts out who logs in wrongly again and again

_FULL = 552  # of a recipient: servers of before 1989 say so when a mailbox is full (RFC 5321, 4.5.3.1.10)
_LOG_IN_FIRST = 530
_STATUS = re.compile(r"[245]\.(\d{1,3})\.\d{1,3}\b")  # RFC 3463
_POLICY = "7"


class UnfitSettings(Exception):
    """The server does not take mail from us as our settings are: the mail itself may well be taken once they are right.

    The message names the kind of trouble and repeats nothing that the server said.
    """


def answer_to(error: Exception) -> Later | Unreachable | Refused:
    """Return what an error of sending a mail means for it. Raises UnfitSettings."""
    match error:
        case SMTPRecipientsRefused(recipients=[SMTPRecipientRefused() as refused, *_]):
            if not _is_final(refused) or refused.code == _FULL:
                return Later()
            if refused.code == _LOG_IN_FIRST or _is_policy(refused):
                raise UnfitSettings(reason_of(refused))
            return Unreachable(reason_of(refused))
        case SMTPDataError() if _is_final(error):
            return Refused(reason_of(error))
        case SMTPSenderRefused() | SMTPAuthenticationError() if _is_final(error):
            raise UnfitSettings(reason_of(error))
        case _:
            return Later()


def reason_of(error: Exception) -> str:
    """Return why a server refused, by its numbers: its words may repeat an address. Otherwise the kind of error."""
    if isinstance(error, SMTPRecipientsRefused):
        return reason_of(error.recipients[0])
    if not isinstance(error, SMTPResponseException):
        return type(error).__name__
    status = _STATUS.match(error.message)
    return f"SMTP {error.code} {status[0]}" if status else f"SMTP {error.code}"


def _is_final(refusal: SMTPResponseException) -> bool:
    return refusal.code >= 500


def _is_policy(refusal: SMTPResponseException) -> bool:
    """Whether it is for who we are that a recipient is refused, such as one who may not relay."""
    status = _STATUS.match(refusal.message)
    return status is not None and status[1] == _POLICY
