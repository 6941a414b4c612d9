"""Tells trouble that passes by itself, as that of disks and databases does, from what would fail for ever."""

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoFreeConnection

# PostgreSQL's classes of errors: connection, transaction rollback (deadlock), resources, object not in that state
# (lock not available), operator intervention (restart), system.
PASSING_CLASSES = frozenset({"08", "40", "53", "55", "57", "58"})


def passes_by_itself(error: BaseException) -> bool:
    """Whether the same work may well succeed later: a disk, a connection or the database was in the way."""
    if isinstance(error, (OSError, NoFreeConnection, OperationalError, InterfaceError)):
        return True
    if isinstance(error, DBAPIError):
        return error.connection_invalidated or _class_of(error.orig) in PASSING_CLASSES
    return _class_of(error) in PASSING_CLASSES  # the driver's own, when a connection could not even be opened


def _class_of(error: BaseException | None) -> str | None:
    state = getattr(error, "sqlstate", None)
    return state[:2] if isinstance(state, str) else None
