"""What Telegram's refusals and the trouble on the way to it mean."""

from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter, TelegramError

from channels.telegram.address import address_of, number_in
from channels.telegram.refusals import Means, found_in
from models import transient_errors
from services.delivery.transport import Later, MayNotWrite, Moved, Refused, Unreachable

TOO_LARGE = "request entity too large"  # status 413, which the library takes for trouble on the way
TOKEN_WAIT = 30.0  # seconds, for the token to be mended
REFUSALS = (BadRequest, Forbidden, ChatMigrated)  # not of the token: it was mistyped, or a gateway's login page


def answer_to(error: TelegramError) -> Later | Unreachable | MayNotWrite | Moved | Refused:
    """Return what an error of a call means for the message it was to carry."""
    match error:
        case RetryAfter() | InvalidToken():
            return Later(seconds_to_wait(error))
        case ChatMigrated():
            moved_to = number_in(error.new_chat_id)
            return Refused("chat moved to no chat") if moved_to is None else Moved(address_of(moved_to))
        case _ if is_refusal(error):
            return _refusal(error)
        case _:
            return Later()


def is_refusal(error: TelegramError) -> bool:
    """Whether a call is refused for good, for what it holds or where it goes; the size by whoever stands before."""
    return isinstance(error, Forbidden | BadRequest) or TOO_LARGE in str(error).lower()


def _refusal(error: TelegramError) -> Unreachable | MayNotWrite | Refused:
    means = meaning_of(error)
    if means is Means.MAY_NOT_WRITE:
        return MayNotWrite(reason_of(error))
    if means is Means.GONE or (means is Means.UNKNOWN and isinstance(error, Forbidden)):
        return Unreachable(reason_of(error))
    return Refused(reason_of(error))


def meaning_of(refusal: TelegramError) -> Means:
    """Return what Telegram's refusal of a call means."""
    return found_in(str(refusal))[1]


def reason_of(refusal: Exception) -> str:
    """Return why Telegram refused, in words of its that are known; otherwise the kind of error."""
    return found_in(str(refusal))[0] or type(refusal).__name__


def is_transient(error: BaseException) -> bool:
    """Whether the same work may well succeed later: the network, a disk or the database was in the way."""
    if isinstance(error, TelegramError):
        return not (isinstance(error, REFUSALS) or is_refusal(error))
    return transient_errors.is_transient(error)


def seconds_to_wait(error: RetryAfter | InvalidToken) -> float:
    """Return for how many seconds no call is taken: as many as Telegram says, or until the token may be mended."""
    if isinstance(error, InvalidToken):
        return TOKEN_WAIT
    waiting = error.retry_after
    return float(waiting) if isinstance(waiting, int) else waiting.total_seconds()
