"""Polls from their opening to their end: codes are printed, answers counted, and what came of it shown once it is over.

While a poll is open nobody sees a result: two looks would tell what was answered between them. How many have answered
is told in steps of five.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from secrets import token_hex

from sqlalchemy import delete, func, select

from models.audit import Audited
from models.base import coarse
from models.polls import Poll, PollCode
from models.rounds import Round
from models.staff import LEADING_GROUP_ROLES, OFFICE_ROLES, Role
from models.states import Impossible, NotEntitled
from privacy.keyring import KeyDestroyed
from services.access.member import Member
from services.audit.log import record
from services.outbox import OutgoingMessage
from services.polls.codes import digest_of, new_code
from services.polls.counts import Answer, Counts, add, counts_of, seal_nothing
from services.polls.entitled import has_to_do_with_polls, holds, looks_at, units_to_poll
from services.polls.notices import PollClosed
from services.polls.questions import NEWEST
from services.unit_of_work import More, UnitOfWork

FEWEST = 6  # answers: of five or fewer nothing is shown
MOST_CODES = 500  # of one poll
MOST_DAYS = 60  # that a poll is open by itself
PORTION = 20  # polls closed in a transaction
STEP = 5  # in which it is told how many have answered
_TOLD = (*OFFICE_ROLES, *LEADING_GROUP_ROLES)


class TooManyCodes(Exception):
    """A poll has no more codes than anybody would hand out; `left`: how many may still be printed."""

    def __init__(self, left: int) -> None:
        super().__init__(f"{left} more codes may be printed")
        self.left = left


class DayUnfit(Exception):
    """The last day of a poll is over, or too far away."""


class AnswerIncomplete(Exception):
    """An answer is none to exactly the questions that a poll asks."""


class NoSuchCode(Exception):
    """A code opens nothing: it was used, or never printed, or its poll is over. Which of these nobody is told."""


@dataclass(frozen=True)
class AskedPoll:
    """What somebody with a code is asked about: the unit, in which round, and by which questions."""

    unit: str
    round_name: str
    questions: int


async def polls_seen_by(work: UnitOfWork, who: Member) -> list[Poll]:
    """Return the polls that somebody may look at, the open ones first, then the newest. Raises NotEntitled."""
    if not has_to_do_with_polls(who):
        raise NotEntitled
    known = await work.directory()
    query = select(Poll).order_by(Poll.closed_at.is_not(None), Poll.opened_at.desc(), Poll.id)
    return [poll for poll in await work.session.scalars(query) if looks_at(known, who, poll)]


async def poll_seen(work: UnitOfWork, who: Member, poll_id: str) -> Poll:
    """Return a poll to look at; raise NotEntitled when there is none or it is not theirs to see."""
    poll = await work.session.get(Poll, poll_id)
    if poll is None or not looks_at(await work.directory(), who, poll):
        raise NotEntitled
    return poll


async def open_poll(work: UnitOfWork, who: Member, unit_id: str, ends_on: date | None = None) -> Poll:
    """Open a poll at a unit, until the end of a day if one is given; one that is open there is gone on with.

    Raises DayUnfit and NotEntitled.
    """
    if ends_on is not None and not work.today <= ends_on <= work.today + timedelta(days=MOST_DAYS):
        raise DayUnfit
    round_id = units_to_poll(await work.directory(), who).get(unit_id)
    if round_id is None:
        raise NotEntitled
    await work.session.get_one(Round, round_id, with_for_update={"key_share": True})  # two do not open it at once
    query = select(Poll).where(Poll.round_id == round_id, Poll.unit_id == unit_id, Poll.closed_at.is_(None))
    if (poll := await work.session.scalar(query)) is not None:
        return poll
    poll = Poll(
        id=token_hex(8), round_id=round_id, unit_id=unit_id, questions=NEWEST, printed=0, opened_by_id=who.id,
        opened_at=coarse(work.now), ends_on=ends_on, closed_at=None,
    )  # fmt: skip
    work.session.add(poll)
    seal_nothing(work.keyring, poll)
    await work.session.flush()
    await record(work, Audited.POLL_OPENED, by=who.id, subject=round_id, poll=poll.id, unit=unit_id)
    return poll


async def print_codes(work: UnitOfWork, who: Member, poll_id: str, count: int) -> list[str]:
    """Draw codes for a poll and return them, to be printed at once: nobody can read them again.

    Raises TooManyCodes, Impossible or NotEntitled.
    """
    poll = await poll_to_hold(work, who, poll_id)
    left = MOST_CODES - poll.printed
    if not 0 < count <= left:
        raise TooManyCodes(left)
    codes = [new_code() for _ in range(count)]
    work.session.add_all(PollCode(digest=digest_of(work, code), poll_id=poll.id) for code in codes)
    poll.printed += count
    await work.session.flush()
    await record(
        work, Audited.POLL_PRINTED, by=who.id, subject=poll.round_id, poll=poll.id, unit=poll.unit_id, codes=count
    )
    return codes


async def close_poll(work: UnitOfWork, who: Member, poll_id: str) -> Poll:
    """End a poll: no code opens anything any more, and what came of it can be read. Raises Impossible or NotEntitled.

    Of too few answers nothing is kept.
    """
    poll = await poll_to_hold(work, who, poll_id)
    await _close(work, poll, by=who.id)
    return poll


async def close_ended_polls(work: UnitOfWork) -> More | None:
    """Close the polls whose last day is over; that they are, is told in working hours."""
    over = select(Poll).where(Poll.ends_on < work.today).order_by(Poll.ends_on, Poll.id).limit(PORTION)
    # All are locked before the head of the audit log, which is locked last.
    polls = list(await work.session.scalars(over.with_for_update().execution_options(populate_existing=True)))
    for poll in polls:
        await _close(work, poll)
    return More.TO_DO if len(polls) == PORTION else None


async def _close(work: UnitOfWork, poll: Poll, *, by: str | None = None) -> None:
    await work.session.execute(delete(PollCode).where(PollCode.poll_id == poll.id))
    if _answered(counts_of(work.keyring, poll)) < FEWEST:
        seal_nothing(work.keyring, poll)
    poll.closed_at, poll.ends_on = coarse(work.now), None
    await work.session.flush()
    await record(work, Audited.POLL_CLOSED, by=by, subject=poll.round_id, poll=poll.id, unit=poll.unit_id)
    known = await work.directory()
    team = known.team_at(poll.round_id, poll.unit_id)
    told = known.with_roles(*_TOLD) + (known.with_roles(Role.TEAM_LEADER, team_id=team.id) if team else [])
    ids = {one.id for one in told if one.id != by and poll.unit_id not in one.shut_out_of}
    opening = (await work.calendar()).next_working_moment(work.now)
    outgoing = OutgoingMessage(PollClosed(poll.id))
    await work.outbox.to_each(sorted(ids), outgoing, not_before=opening if by is None else None)


async def poll_to_hold(work: UnitOfWork, who: Member, poll_id: str) -> Poll:
    """Return an open poll that is theirs to hold, locked. Raises Impossible or NotEntitled."""
    poll = await _locked(work, poll_id)
    if poll is None or not holds(await work.directory(), who, poll):
        raise NotEntitled
    if poll.closed_at is not None:
        raise Impossible("hold_poll", "closed")
    return poll


async def answered_so_far(work: UnitOfWork, poll: Poll) -> int:
    """Return how many have answered an open poll, in steps of five: nobody is told that one more has."""
    unused = await work.session.scalar(select(func.count()).where(PollCode.poll_id == poll.id)) or 0
    return (poll.printed - unused) // STEP * STEP


def result_of(work: UnitOfWork, poll: Poll) -> Counts | None:
    """Return how often each choice was made in a poll that is over; None while it is open, and of too few answers."""
    if poll.closed_at is None:
        return None
    try:
        counts = counts_of(work.keyring, poll)
    except KeyDestroyed:
        return None
    return counts if _answered(counts) >= FEWEST else None


# ---- by code


async def poll_of_code(work: UnitOfWork, code: str) -> AskedPoll:
    """Return what a code asks about; looking does not use it up. Raises NoSuchCode."""
    poll = await work.session.scalar(
        select(Poll).join(PollCode, PollCode.poll_id == Poll.id).where(PollCode.digest == digest_of(work, code))
    )
    if poll is None:
        raise NoSuchCode
    known = await work.directory()
    return AskedPoll(known.units[poll.unit_id].name, known.rounds[poll.round_id].name, poll.questions)


async def answer_poll(work: UnitOfWork, code: str, answer: Answer) -> None:
    """Count an answer and use its code up. Raises NoSuchCode and AnswerIncomplete.

    The code's row is deleted and not marked: a row that was changed would tell when, beside all that changed with it.
    """
    digest = digest_of(work, code)
    poll_id = await work.session.scalar(select(PollCode.poll_id).where(PollCode.digest == digest))
    poll = await _locked(work, poll_id) if poll_id is not None else None
    if poll is None:
        raise NoSuchCode
    if not answer.fits(poll):
        raise AnswerIncomplete
    used = await work.session.execute(delete(PollCode).where(PollCode.digest == digest).returning(PollCode.poll_id))
    if used.first() is None:  # by somebody else, while the poll was waited for
        raise NoSuchCode
    try:
        add(work.keyring, poll, answer)
    except KeyDestroyed:
        raise NoSuchCode from None
    await work.session.flush()


async def _locked(work: UnitOfWork, poll_id: str) -> Poll | None:
    query = select(Poll).where(Poll.id == poll_id).with_for_update().execution_options(populate_existing=True)
    return await work.session.scalar(query)


def _answered(counts: Counts) -> int:
    return sum(next(iter(counts.values())).values())
