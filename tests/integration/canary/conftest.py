"""Fixtures of the canaries: what the logs would hold, and what lay in temporary folders before."""

import io
import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.log_filter import OURS, set_up_logging
from tests.integration.canary.left import temporary


@pytest.fixture
def logs(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What the product's logs hold at the finest level that can be set."""
    stream = io.StringIO()
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    set_up_logging("DEBUG", stream)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)
    for package in OURS:
        logging.getLogger(package).setLevel(logging.NOTSET)


@pytest.fixture
def before() -> set[Path]:
    """What lay in temporary folders before the product ran."""
    return temporary()
