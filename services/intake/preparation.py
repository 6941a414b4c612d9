"""Reads lexicons and weights when the process has started: nobody waits for them, and the start doesn't either."""

from collections.abc import Sequence
from threading import Event, Lock

from services.intake.understanding import CountyContext, Understanding

_reading, _ready = Lock(), Event()


def prepare() -> None:
    """Read the lexicons and what the learner has learned, which takes half a second, unless it is done."""
    with _reading:
        understand(["。"], county=CountyContext(frozenset()))
        _ready.set()


def is_ready() -> bool:
    """Whether they have been read."""
    return _ready.is_set()


def understand(texts: Sequence[str], *, county: CountyContext) -> Understanding:
    """Return what the texts mean that one resident wrote one after the other."""
    from services.intake import classify

    return classify.understand(texts, county=county)
