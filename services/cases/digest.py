"""Each day the staff are told how the cases stand that are theirs: what is new, due today, late, not answered yet.

A leader is told of the desks they lead, everybody else of their own cases; what is new, of all their desks.
"""

from dataclasses import astuple, dataclass
from datetime import date, timedelta

from sqlalchemy import func, or_, select, true

from models.complaints import THANKS, Case, CaseDigestRound
from models.database import insert_or_ignore
from models.settings import CountySettings
from models.states import CaseState
from models.working_days import WorkingCalendar
from services.access.member import Member, member
from services.cases.late import REMINDED, desks_led_by, late_teams
from services.cases.notices import CaseDigest
from services.cases.queues import how_many, not_hidden_from
from services.delivery.recall import ListName, list_key, recall_list
from services.outbox import OutgoingMessage, Priority
from services.unit_of_work import UnitOfWork

_LONGEST_GAP_DAYS = 14  # what came before is not new any more, however long nobody was told anything


@dataclass(frozen=True)
class Standing:
    """How many open cases of somebody's are new, end today, are late, and have no answer yet."""

    new: int
    due_today: int
    late: int
    unanswered: int

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell."""
        return not any(astuple(self))


async def send_case_digests(work: UnitOfWork) -> None:
    """Once a day, from the hour that the county has set, tell everybody how their cases stand; nobody of nothing."""
    settings = await work.settings()
    if not _is_due(work, settings):
        return
    since = await digest_since(work)
    if not await insert_or_ignore(work.session, CaseDigestRound, day=work.today, at=work.now):
        return
    known = await work.directory()
    for person in known.with_roles(*REMINDED):
        if not known.is_enrolled(person.id):
            continue
        who = await member(work.session, person.id)
        if await is_digest_worth(work, who, since):
            await queue_digest(work, who, since, priority=Priority.REMINDER)


async def digest_since(work: UnitOfWork) -> date:
    """Return since which day what came is new: that of the last digest before today, else yesterday."""
    earlier = select(func.max(CaseDigestRound.day)).where(CaseDigestRound.day < work.today)
    last = await work.session.scalar(earlier)
    return max(last or work.today - timedelta(days=1), work.today - timedelta(days=_LONGEST_GAP_DAYS))


async def is_digest_worth(work: UnitOfWork, who: Member, since: date) -> bool:
    """Whether a digest has anything to tell somebody."""
    return not (await standing_of(work, who, since)).is_empty or bool(await late_teams(work, who))


async def queue_digest(work: UnitOfWork, who: Member, since: date, *, priority: Priority) -> None:
    """Queue somebody's digest; an earlier one in their chat is taken back."""
    await recall_list(work, who.id, ListName.DIGEST)
    notice = CaseDigest(tuple(who.visibility), since.isoformat())
    outgoing = OutgoingMessage(notice, key=list_key(who.id, ListName.DIGEST))
    await work.outbox.to_staff(who.id, outgoing, priority=priority)


async def standing_of(work: UnitOfWork, who: Member, since: date) -> Standing:
    """Return how somebody's cases stand now; what came from the day `since` until yesterday is new.

    One statement, which walks the open cases of their desks by the index of the queue.
    """
    theirs = or_(Case.desk.in_(desks_led_by(who)), Case.owner_id == who.id)
    begin, midnight = work.beginning_of(since), work.midnight
    end = work.beginning_of(work.today + timedelta(days=1))
    query = select(
        how_many(Case.received_at >= begin, Case.received_at < midnight),
        how_many(theirs, Case.due_at > work.now, Case.due_at <= end),
        how_many(theirs, Case.due_at <= work.now),
        how_many(theirs, Case.state != CaseState.ANSWERED, Case.category != THANKS),
    ).where(Case.desk.in_(who.desks), Case.is_open == true(), *not_hidden_from(who))
    return Standing(*(await work.session.execute(query)).one())


def _is_due(work: UnitOfWork, settings: CountySettings) -> bool:
    """Whether it is a day of the digest, its time has come, and the day's work is not over."""
    at, local = settings.digest.time, work.now.astimezone(work.zone)
    calendar = WorkingCalendar.of(settings, work.zone)
    if at is None or not (settings.digest.every_day or calendar.is_working_day(work.today)):
        return False
    return at <= local.time() and local.hour < settings.working_hours.end_hour
