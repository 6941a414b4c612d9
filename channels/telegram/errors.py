"""What Telegram's refusals and the trouble on the way to it mean."""

from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter, TelegramError

from channels.telegram.address import address_of
from models import transient_errors
from services.delivery.transport import Later, Moved, Refused, Unreachable

TOKEN_WAIT = 30.0  # seconds, for the token to be mended
REFUSALS = (BadRequest, Forbidden, ChatMigrated)  # not of the token: it was mistyped, or a gateway's login page
# What of Telegram's refusals may be kept: the rest of them can repeat the message, and that may be a resident's words.
KNOWN_REFUSALS = (
    "can't parse entities", "message is too long", "caption is too long", "message text is empty", "chat not found",
    "bot was blocked", "user is deactivated", "bot was kicked", "bot is not a member", "bot can't initiate",
    "not enough rights", "have no rights", "need administrator rights", "chat_write_forbidden", "topic_closed",
    "voice_messages_forbidden", "wrong file identifier", "file must be non-empty", "request entity too large",
    "image_process_failed", "photo_invalid_dimensions", "button_data_invalid", "button_url_invalid",
)  # fmt: skip


def answer_to(error: TelegramError) -> Later | Unreachable | Moved | Refused:
    """Return what an error of a call means for the message it was to carry."""
    match error:
        case RetryAfter():
            return Later(retry_seconds(error))
        case InvalidToken():
            return Later(TOKEN_WAIT)
        case ChatMigrated():
            return Moved(address_of(error.new_chat_id))
        case Forbidden():
            return Unreachable(reason_of(error))
        case BadRequest() if "chat not found" in str(error).lower():  # the bot was never there, or the account is gone
            return Unreachable(reason_of(error))
        case BadRequest():
            return Refused(reason_of(error))
        case _:
            return Later()


def reason_of(refusal: Exception) -> str:
    """Return why Telegram refused, in words of its that are known; otherwise the kind of error."""
    text = str(refusal).lower()
    return next((known for known in KNOWN_REFUSALS if known in text), type(refusal).__name__)


def is_transient(error: BaseException) -> bool:
    """Whether the same work may well succeed later: the network, a disk or the database was in the way."""
    if isinstance(error, TelegramError):
        return not isinstance(error, REFUSALS)
    return transient_errors.is_transient(error)


def retry_seconds(error: RetryAfter) -> float:
    """Return for how many seconds Telegram says to wait."""
    waiting = error.retry_after
    return float(waiting) if isinstance(waiting, int) else waiting.total_seconds()
