"""What a disk or a database refused, in one sentence: it is no mistake of the program, and a traceback would help nobody."""

from sqlalchemy.exc import DBAPIError, DataError, IntegrityError, ProgrammingError

from texts.terminal import os_reason, sentence


def refusal_of_system(error: Exception) -> str | None:
    """Return what whoever started a command can do about an error; None when it is one of the program."""
    if isinstance(error, DBAPIError) and not isinstance(error, (DataError, IntegrityError, ProgrammingError)):
        return sentence("cli.database_refused", reason=reason_of_database(error))
    if isinstance(error, OSError) and error.errno is not None:
        if error.filename is not None:
            return sentence("cli.path_refused", path=error.filename, reason=os_reason(error))
        return sentence("cli.system_refused", reason=os_reason(error))
    return None


def reason_of_database(error: BaseException) -> str:
    """Return what the database itself said, without the statement."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
    return str(cause).splitlines()[0].rstrip(".") if str(cause) else type(cause).__name__
