"""The table of what the Bot API answers on a bad day: status, body and time, for each method."""

from collections.abc import Iterator
from dataclasses import dataclass

from channels.telegram.refusals import REFUSALS, Means
from simulator.faults import FaultKind

EDIT, DELETE, SEND, ANSWER = "editMessageText", "deleteMessage", "sendMessage", "answerCallbackQuery"
UPLOADS = ("sendPhoto", "sendDocument")
POLL, FILE, DOWNLOAD = "getUpdates", "getFile", "file"


@dataclass(frozen=True)
class Answer:
    """One answer to the next call of a method. `to_staff_alone`: a resident would get nothing at all by it."""

    method: str
    kind: FaultKind
    status: int = 500
    description: str = ""
    retry_after: int | None = None
    body: str = ""
    to_staff_alone: bool = False


# What passes by itself: nothing may be lost by it, and nothing doubled but a message whose answer was cut off.
_PASSES: tuple[tuple[FaultKind, int, str], ...] = (
    ("error", 500, "Internal Server Error"),
    ("error", 504, "Gateway Timeout"),
    ("drop", 0, ""),
    ("drop_after", 0, ""),
    ("hold", 0, ""),
    ("timeout", 0, ""),
    ("answer", 502, "<html><body>502 Bad Gateway</body></html>"),
    ("answer", 502, '"Bad Gateway"'),
    ("answer", 503, ""),
    ("answer", 200, "[]"),
    ("answer", 200, "17"),
    ("answer", 200, '{"ok": true}'),
    ("answer", 200, '{"ok": tr'),
    ("answer", 200, "<html>sign in to this network</html>"),
)


def answers() -> tuple[Answer, ...]:
    """Return the whole table."""
    return (*_passing(), *_refusals())


def _passing() -> Iterator[Answer]:
    for method in (SEND, EDIT, DELETE, ANSWER, *UPLOADS, POLL, FILE, DOWNLOAD):
        for kind, status, said in _PASSES:
            if method == DOWNLOAD and kind in ("answer", "drop_after"):
                continue  # a file is a body of any form
            yield Answer(method, kind, status or 500, said if kind == "error" else "", body=said)
    yield Answer(DOWNLOAD, "half")
    yield Answer(DOWNLOAD, "error", 404, "Not Found")
    for method in (SEND, EDIT, DELETE):
        yield Answer(method, "error", 429, retry_after=1)


def _refusals() -> Iterator[Answer]:
    """Yield the refusals that are known, each for the methods that give it, and some that are not."""
    for words, means in (*REFUSALS, ("the pond is full", Means.UNKNOWN)):
        description = f"Bad Request: {words.upper() if '_' in words else words}"
        match means:
            case Means.UNCHANGED:
                pass  # true only of what says so already
            case Means.NO_SUCH_MESSAGE | Means.FIXED:
                yield Answer(EDIT, "error", 400, description)
                yield Answer(DELETE, "error", 400, description)
            case Means.FILE_REFUSED:
                yield from (Answer(method, "error", 400, description) for method in UPLOADS)
            case Means.GONE:
                for method in (SEND, EDIT):
                    yield Answer(method, "error", 403, f"Forbidden: {words}", to_staff_alone=True)
            case Means.MAY_NOT_WRITE | Means.FAULTY | Means.UNKNOWN:
                for method in (SEND, EDIT):
                    yield Answer(method, "error", 400, description, to_staff_alone=True)
    for method in UPLOADS:
        yield Answer(method, "error", 413, "Request Entity Too Large")
    yield Answer(ANSWER, "error", 400, "Bad Request: query is too old and response timeout expired")
    yield Answer(FILE, "error", 400, "Bad Request: file is too big")
    yield Answer(FILE, "error", 400, "Bad Request: wrong file_id or the file is temporarily unavailable")
