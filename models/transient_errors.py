"""Tells errors that are transient, as those of disks and databases are, from what would fail for ever."""

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoFreeConnection

# PostgreSQL's classes of errors: connection, transaction rollback (deadlock), resources, object not in that state
# (lock not available), operator intervention (restart), system.
TRANSIENT_CLASSES = frozenset({"08", "40", "53", "55", "57", "58"})


def is_transient(error: BaseException) -> bool:
    """Whether the same work may well succeed later: a disk, a connection or the database was in the way."""
    if isinstance(error, (OSError, NoFreeConnection, OperationalError, InterfaceError)):
        return True
    if isinstance(error, DBAPIError):
        return error.connection_invalidated or _class_of(error.orig) in TRANSIENT_CLASSES
    return _class_of(error) in TRANSIENT_CLASSES  # the driver's own, when a connection could not even be opened


def _class_of(error: BaseException | None) -> str | None:
    state = getattr(error, "sqlstate", None)
    return state[:2] if isinstance(state, str) else None
