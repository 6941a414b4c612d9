"""Logs without secrets: no token, and of an error only its kind and place, for its text may quote a resident."""

import logging
import re
import sys
import threading
import traceback
import warnings
from types import TracebackType
from typing import TextIO

# A token stands in addresses as /bot123456:AA…/ and alone as 123456:AA…
TOKEN = re.compile(r"(?:bot)?\d{4,}(?::|%3A)[A-Za-z0-9_-]{5,}", re.IGNORECASE)

_log = logging.getLogger(__name__)


class TokenFilter(logging.Filter):
    """Takes tokens out of records. It sits on the handlers: a filter on a logger misses its children's records."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        redacted = TOKEN.sub("<token>", message)
        if redacted != message:
            record.msg, record.args = redacted, None
        return True


class QuietFormatter(logging.Formatter):
    """Formats errors as their kinds and the lines they passed, without their texts."""

    def formatException(  # noqa: N802 (logging's own name)
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
    ) -> str:
        lines = []
        error = ei[1]
        while error is not None:
            lines.append(type(error).__qualname__)
            lines += [
                f"  {frame.filename}:{frame.lineno} in {frame.name}"
                for frame in traceback.extract_tb(error.__traceback__)
            ]
            error = error.__cause__ or error.__context__
        return "\n".join(lines)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 (logging's own name)
        if record.exc_info:  # behind the first line asyncio repeats the error, text and all
            record.message = record.message.partition("\n")[0]
            if record.name == "asyncio":  # and in it, what failed was called with: maybe a task that failed before
                record.message = record.message.partition("(")[0]
        return super().formatMessage(record)


OURS = ("bot", "channels", "web", "handlers", "services", "models", "privacy", "media", "storage", "qr", "texts")


def set_up_logging(level: str, stream: TextIO | None = None) -> None:
    """Send all logs through one handler that keeps secrets.

    The level is for our own lines. Libraries are heard from WARNING on: below it they log addresses, statements and
    whole messages.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(QuietFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    handler.addFilter(TokenFilter())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    for package in OURS:
        logging.getLogger(package).setLevel(level.upper())
    # Python itself prints an error that nobody takes with its text, and with the texts of those that led to it.
    sys.excepthook = _log_the_last_error
    threading.excepthook = _log_a_threads_error
    sys.unraisablehook = _log_an_unraisable_error
    # The same of what it warns of: a library may quote the name of a file, and Python remembers what was warned of.
    warnings.showwarning = _log_a_warning
    warnings.filterwarnings("ignore", module=r"aiohttp\.multipart")


def _log_the_last_error(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    _log.critical("stopped by an error", exc_info=(kind, error, trace))


def _log_a_threads_error(failed: threading.ExceptHookArgs) -> None:
    _log.error("a thread was stopped by an error", exc_info=failed.exc_value)


def _log_an_unraisable_error(failed: "sys.UnraisableHookArgs") -> None:
    # What it failed in is not named: it may show what it holds.
    _log.error("an error that nobody could be told of", exc_info=failed.exc_value)


def _log_a_warning(
    message: Warning | str,  # noqa: ARG001 (Python's own signature, here and below)
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,  # noqa: ARG001
    line: str | None = None,  # noqa: ARG001
) -> None:
    _log.warning("%s at %s:%d", category.__name__, filename, lineno)
