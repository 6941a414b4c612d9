"""How long a message waits for its next try."""

from datetime import timedelta

LONGEST_WAIT = timedelta(minutes=5)
PATIENT_TRIES = 12  # after that, half an hour, a row goes on trying but no longer holds up those behind it
DELETION_WAIT = timedelta(hours=1)  # for somebody who blocked the bot to let it in again
DELETION_TRIES = 24  # within the two days in which Telegram lets a message be deleted


def wait_before_retry(first: timedelta, tries: int) -> timedelta:
    """Return how long to wait after so many tries: twice as long each time, up to the longest wait."""
    doubled: timedelta = first * 2 ** min(tries, 20)
    return min(doubled, LONGEST_WAIT)
