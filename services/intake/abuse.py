"""Slows who floods or guesses, and asks about a code that has got about: by counts of one day, in memory alone."""

from datetime import timedelta

from models.address import Address
from models.base import coarse
from models.database import after_commit
from services.delivery.directors import tell_directors
from services.directory import CodeRecord
from services.intake.notices import CodeAlarm
from services.outbox import OutgoingMessage
from services.unit_of_work import UnitOfWork

SENT = "sent"
MISTYPED = "mistyped"
FEWEST_SCANS = 30  # below that, the question about a code would tell its office who has just been scanning


async def may_send(work: UnitOfWork, address: Address) -> bool:
    """Whether a chat may send one more complaint today; dangers are the caller's to let through all the same."""
    return work.tally.times(work.today, SENT, address) < (await work.settings()).abuse.complaints_a_day


def count_sent(work: UnitOfWork, address: Address) -> None:
    """Count a complaint that was sent."""
    _count(work, SENT, address)


async def may_try_receipt(work: UnitOfWork, address: Address) -> bool:
    """Whether a chat may try one more receipt code today."""
    return work.tally.times(work.today, MISTYPED, address) < (await work.settings()).abuse.wrong_receipts_a_day


def count_wrong_receipt(work: UnitOfWork, address: Address) -> None:
    """Count a receipt code that opened nothing."""
    _count(work, MISTYPED, address)


async def count_scan(work: UnitOfWork, address: Address, code: CodeRecord) -> None:
    """Count how many chats scan a code today, and ask the office director at the next full hour when they are too many.

    At once, the question would tell that somebody is just scanning.
    """
    what = f"scan:{code.serial}"
    _count(work, what, address)
    chats = work.tally.chats(work.today, what) + (work.tally.times(work.today, what, address) == 0)
    if chats < max(FEWEST_SCANS, (await work.settings()).abuse.alarm_scans_a_day):
        return
    outgoing, once = OutgoingMessage(CodeAlarm(code.serial)), f"scans:{code.serial}:{work.today}"
    await tell_directors(work, outgoing, once=once, not_before=coarse(work.now) + timedelta(hours=1))


def _count(work: UnitOfWork, what: str, address: Address) -> None:
    """Count it once it has come to pass: an update that is done again must not count twice."""
    day, tally = work.today, work.tally

    async def count() -> None:
        tally.count(day, what, address)

    after_commit(work.session, count)
