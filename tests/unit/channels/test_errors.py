"""Trouble that passes is told apart from what would fail for ever."""

import sqlite3

import pytest
from sqlalchemy import exc
from telegram import error

from channels.telegram.errors import is_transient, reason_of


class FromPostgresql(Exception):
    """An error as the driver raises it, with the server's own code."""

    def __init__(self, sqlstate: str) -> None:
        super().__init__(sqlstate)
        self.sqlstate = sqlstate


def wrapped(sqlstate: str) -> exc.DBAPIError:
    return exc.DBAPIError("SELECT", {}, FromPostgresql(sqlstate))


@pytest.mark.parametrize(
    "trouble",
    [
        error.NetworkError("gone"),
        error.TimedOut(),
        error.RetryAfter(3),
        error.InvalidToken(),
        error.TelegramError("Invalid server response"),
        ConnectionRefusedError(),
        TimeoutError(),
        OSError(28, "No space left on device"),
        exc.TimeoutError(),
        exc.OperationalError("BEGIN", {}, sqlite3.OperationalError("database is locked")),
        exc.DBAPIError("SELECT", {}, Exception("closed"), connection_invalidated=True),
        wrapped("40P01"),
        wrapped("57P01"),
        FromPostgresql("57P03"),
    ],
    ids=repr,
)
def test_the_network_the_disk_and_the_database_come_back(trouble: Exception) -> None:
    assert is_transient(trouble)


@pytest.mark.parametrize(
    "trouble",
    [
        error.BadRequest("wrong file_id"),
        error.Forbidden("bot was blocked by the user"),
        error.ChatMigrated(-5),
        exc.IntegrityError("INSERT", {}, Exception("double")),
        exc.NoResultFound(),
        wrapped("22001"),
        RuntimeError("a mistake"),
        KeyError("a mistake"),
    ],
    ids=repr,
)
def test_a_refusal_or_a_mistake_does_not(trouble: Exception) -> None:
    assert not is_transient(trouble)


@pytest.mark.parametrize(
    ("refusal", "reason"),
    [
        (
            error.BadRequest('Can\'t parse entities: unsupported start tag "pond" at byte offset 3'),
            "can't parse entities",
        ),
        (error.Forbidden("Forbidden: bot was blocked by the user"), "bot was blocked"),
        (error.BadRequest("The pond is full"), "BadRequest"),
    ],
)
def test_of_a_refusal_no_more_is_kept_than_what_telegram_says_to_everybody(refusal: Exception, reason: str) -> None:
    assert reason_of(refusal) == reason
