"""Tells trouble that passes by itself, as that of networks and databases does, from what would fail for ever."""

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoFreeConnection
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, TelegramError

REFUSALS = (BadRequest, Forbidden, InvalidToken, ChatMigrated)
# PostgreSQL's classes of errors: connection, transaction rollback (deadlock), resources, object not in that state
# (lock not available), operator intervention (restart), system.
PASSING_CLASSES = frozenset({"08", "40", "53", "55", "57", "58"})
# What of Telegram's refusals may be kept: the rest of them can repeat the message, and that may be a resident's words.
KNOWN_REFUSALS = (
    "can't parse entities", "message is too long", "caption is too long", "message text is empty", "chat not found",
    "bot was blocked", "user is deactivated", "bot was kicked", "bot is not a member", "bot can't initiate",
    "not enough rights", "have no rights", "need administrator rights", "chat_write_forbidden", "topic_closed",
    "voice_messages_forbidden", "wrong file identifier", "file must be non-empty", "request entity too large",
    "image_process_failed", "photo_invalid_dimensions", "button_data_invalid", "button_url_invalid",
)  # fmt: skip


def reason_of(refusal: Exception) -> str:
    """Return why Telegram refused, in words of its that are known; otherwise the kind of error."""
    said = str(refusal).lower()
    return next((known for known in KNOWN_REFUSALS if known in said), type(refusal).__name__)


def passes_by_itself(error: BaseException) -> bool:
    """Whether the same work may well succeed later: the network, a disk or the database was in the way."""
    if isinstance(error, TelegramError):
        return not isinstance(error, REFUSALS)
    if isinstance(error, (OSError, NoFreeConnection, OperationalError, InterfaceError)):
        return True
    if isinstance(error, DBAPIError):
        return error.connection_invalidated or _class_of(error.orig) in PASSING_CLASSES
    return _class_of(error) in PASSING_CLASSES  # the driver's own, when a connection could not even be opened


def _class_of(error: BaseException | None) -> str | None:
    state = getattr(error, "sqlstate", None)
    return state[:2] if isinstance(state, str) else None
