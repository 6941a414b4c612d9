"""What a disk or a database refused, in one sentence: a traceback would help nobody, for the program is right."""

import sqlite3

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError

from texts.terminal import os_reason, sentence


def refusal_of_system(error: Exception) -> str | None:
    """Return what whoever started a command can do about an error; None when it is one of the program."""
    if isinstance(error, DBAPIError) and not isinstance(error, (DataError, IntegrityError, ProgrammingError)):
        if is_damage(error):
            return sentence("cli.pages_damaged", reason=reason_of_database(error))
        return sentence("cli.database_refused", reason=reason_of_database(error))
    if isinstance(error, OSError) and error.errno is not None:
        if error.filename is not None:
            return sentence("cli.path_refused", path=error.filename, reason=os_reason(error))
        return sentence("cli.system_refused", reason=os_reason(error))
    return None


def is_damage(error: BaseException) -> bool:
    """Whether SQLite found pages that make no sense."""
    cause = _cause(error)
    return isinstance(cause, sqlite3.Error) and getattr(cause, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_CORRUPT


def reason_of_database(error: BaseException) -> str:
    """Return what the database itself said, without the statement."""
    cause = _cause(error)
    return str(cause).splitlines()[0].rstrip(".") if str(cause) else type(cause).__name__


def _cause(error: BaseException) -> BaseException:
    return error.orig if isinstance(error, DBAPIError) and error.orig else error
