"""Fixtures of the canaries: what the logs would hold, and where temporary files lie."""

import io
import logging
import multiprocessing.util
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.log_filter import OURS, set_up_logging


@pytest.fixture
def logs(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What the product's logs hold at the finest level that can be set."""
    stream = io.StringIO()
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    for module, hook in ((sys, "excepthook"), (threading, "excepthook"), (sys, "unraisablehook")):
        monkeypatch.setattr(module, hook, getattr(module, hook))
    set_up_logging("DEBUG", stream)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)
    for package in OURS:
        logging.getLogger(package).setLevel(logging.NOTSET)


@pytest.fixture(autouse=True)
def temporary_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have temporary files lie where all that is left is searched."""
    # Its sockets want a short path, and it asks once for the whole run.
    multiprocessing.util.get_temp_dir()
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
