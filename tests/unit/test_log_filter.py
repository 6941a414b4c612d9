"""Logs keep secrets."""

import asyncio
import io
import logging
import subprocess
import sys

import pytest

from bot.log_filter import QuietFormatter, TokenFilter

TOKEN = "123456789:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc"


@pytest.fixture
def stream() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def log(stream: io.StringIO) -> logging.Logger:
    handler = logging.StreamHandler(stream)
    handler.setFormatter(QuietFormatter("%(message)s"))
    handler.addFilter(TokenFilter())
    logger = logging.getLogger("test_log_filter")
    logger.handlers, logger.propagate = [handler], False
    return logger


@pytest.mark.parametrize("form", ["{}", "https://api.telegram.org/bot{}/getMe", "bot{}", "/file/bot{}/photos/1.jpg"])
def test_a_token_is_taken_out_wherever_it_stands(log: logging.Logger, stream: io.StringIO, form: str) -> None:
    log.error("asked %s", form.format(TOKEN))
    assert "AAEhBOweik6ad9r" not in stream.getvalue()
    assert "<token>" in stream.getvalue()


def test_a_child_of_a_logger_is_filtered_too(log: logging.Logger, stream: io.StringIO) -> None:
    log.getChild("child").error("asked bot%s", TOKEN)
    assert "AAEhBOweik6ad9r" not in stream.getvalue()


def test_of_an_error_only_its_kind_and_place_are_logged(log: logging.Logger, stream: io.StringIO) -> None:
    try:
        try:
            raise KeyError("the mother of Lin from Shuanghuai")
        except KeyError as cause:
            raise ValueError("a complaint about the pond") from cause
    except ValueError:
        log.exception("failed")
    shown = stream.getvalue()
    assert "ValueError" in shown
    assert "KeyError" in shown
    assert "test_log_filter.py" in shown
    assert "pond" not in shown
    assert "Lin" not in shown


def test_what_asyncio_repeats_of_an_error_is_left_out(log: logging.Logger, stream: io.StringIO) -> None:
    error = ValueError("a complaint about the pond")
    log.error("Task exception was never retrieved\nfuture: <Task exception=%r>", error, exc_info=error)
    assert "never retrieved" in stream.getvalue()
    assert "ValueError" in stream.getvalue()
    assert "pond" not in stream.getvalue()


def test_of_what_fails_in_the_event_loop_no_argument_is_logged(log: logging.Logger, stream: io.StringIO) -> None:
    async def fail() -> None:
        raise ValueError("a complaint about the pond")

    def called(task: asyncio.Task[None]) -> None:  # asyncio tells with what: the task, and its error
        raise OSError("nothing answers at the mill")

    async def run() -> None:
        task = asyncio.create_task(fail())
        task.add_done_callback(called)
        await asyncio.wait([task])
        task.exception()
        await asyncio.sleep(0)

    asyncio_log = logging.getLogger("asyncio")
    asyncio_log.addHandler(log.handlers[0])
    try:
        asyncio.run(run())
    finally:
        asyncio_log.removeHandler(log.handlers[0])
    assert "Exception in callback" in stream.getvalue()
    assert "OSError" in stream.getvalue()
    assert "pond" not in stream.getvalue()
    assert "mill" not in stream.getvalue()


DYING = """
from bot.log_filter import set_up_logging
set_up_logging("INFO")
try:
    raise ValueError("a complaint about the " + "pond")
except ValueError:
    raise OSError("nothing answers at the " + "mill")
"""


def test_of_the_error_that_ends_the_process_only_its_kind_and_place_are_told() -> None:
    shown = subprocess.run([sys.executable, "-c", DYING], capture_output=True, text=True, check=False).stderr
    assert "OSError" in shown
    assert "ValueError" in shown
    assert "pond" not in shown
    assert "mill" not in shown


FAILING_ASIDE = """
import threading
from bot.log_filter import set_up_logging
set_up_logging("INFO")
def fail():
    raise ValueError("a complaint about the " + "pond")
thread = threading.Thread(target=fail)
thread.start()
thread.join()
class Gone:
    def __del__(self):
        raise OSError("nothing answers at the " + "mill")
Gone()
"""


def test_of_what_fails_in_a_thread_or_where_nobody_can_be_told_only_its_kind_and_place_are_logged() -> None:
    shown = subprocess.run([sys.executable, "-c", FAILING_ASIDE], capture_output=True, text=True, check=False).stderr
    assert "ValueError" in shown
    assert "OSError" in shown
    assert "pond" not in shown
    assert "mill" not in shown


def test_of_a_warning_only_its_kind_and_place_are_logged() -> None:
    program = (
        "import sys, warnings; from bot.log_filter import set_up_logging; set_up_logging('INFO', sys.stdout); "
        "warnings.warn('a photo of the pond.jpg', RuntimeWarning)"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "RuntimeWarning at <string>:1" in ran.stdout
    assert "pond" not in ran.stdout + ran.stderr


def test_of_the_name_of_a_file_that_came_in_nothing_is_logged_or_remembered() -> None:
    program = (
        "import sys; from aiohttp import multipart; from bot.log_filter import set_up_logging; "
        "set_up_logging('DEBUG', sys.stdout); "
        "multipart.parse_content_disposition(\"form-data; filename*=utf-8''%ff-pond.jpg\"); "
        "print(vars(multipart).get('__warningregistry__'))"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "pond" not in ran.stdout + ran.stderr
