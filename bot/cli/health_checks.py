"""The checks of `doctor` on a county's records; each finding is one sentence with its remedy."""

from collections import Counter
from collections.abc import AsyncIterator, Collection
from datetime import timedelta
from functools import partial

from sqlalchemy import func, select, true

from models.complaints import Case
from models.delivery import ClockReading, FailedUpdate, OutboxRow, OutboxState, WaitingUpdate
from models.recipient import Recipient
from models.rectification import RectificationItem
from models.rounds import Assignment, County, Round, Team, Unit
from models.staff import Role, Staff, StaffRole
from models.states import INTAKE_ROUNDS, RoundState
from privacy.keyring import KeyringError
from services.access.conflicts import cases_naming
from services.access.member import Member
from services.cases.conflicts_of_interest import READERS
from services.cases.crisis_calls import directors_are_called
from services.cases.unanswered import unanswered
from services.unit_of_work import UnitOfWork
from texts.terminal import sentence

TELEGRAM = "telegram"  # by its name, as addresses bear it
NAMES_SHOWN = 8
OVERDUE_AFTER = timedelta(hours=1)
TOLD_FOR = timedelta(days=7)  # that the clock was set back
NEXT_YEAR_FROM_MONTH = 12  # from this month on, the next year's holidays must be known


async def findings(work: UnitOfWork, channels: Collection[str] = (TELEGRAM,)) -> AsyncIterator[str]:
    """Yield all that is wrong with what is entered, in an installation with these channels."""
    if await work.session.get(County, 1) is None:
        yield sentence("doctor.no_county")
        return
    boards = (_boards,) if TELEGRAM in channels else ()  # only there are groups
    staff = partial(_staff, channels=channels)
    for check in (_keys, _dates, _calendar, staff, *boards, _heads, _cases, _crises, _messages, _updates, _clock):
        async for finding in check(work):
            yield finding


async def _keys(work: UnitOfWork) -> AsyncIterator[str]:
    for entry in await work.session.scalars(select(Round).where(Round.state != RoundState.ARCHIVED).order_by(Round.id)):
        try:
            held = work.keyring.round(entry.id).sealing.public
        except KeyringError as error:
            yield str(error)
            continue
        if held != entry.public_key:
            yield sentence("doctor.other_key", round=entry.id)


async def _dates(work: UnitOfWork) -> AsyncIterator[str]:
    for entry in await work.session.scalars(select(Round).where(Round.state.in_(INTAKE_ROUNDS)).order_by(Round.id)):
        if entry.intake_until < work.today:
            key = "doctor.not_closed" if entry.state == RoundState.STATIONED else "doctor.never_opened"
            yield sentence(key, round=entry.id, day=entry.intake_until, state=entry.state)
        elif entry.state == RoundState.PREPARING and entry.stay_from <= work.today:
            yield sentence("doctor.not_opened", round=entry.id, day=entry.stay_from)
    staying = select(Round).where(Round.state == RoundState.INTAKE_CLOSED, Round.stay_until < work.today)
    for entry in await work.session.scalars(staying.order_by(Round.id)):
        yield sentence("doctor.not_left", round=entry.id, day=entry.stay_until)


async def _calendar(work: UnitOfWork) -> AsyncIterator[str]:
    calendar = await work.calendar()
    years = [work.today.year] + ([work.today.year + 1] if work.today.month >= NEXT_YEAR_FROM_MONTH else [])
    for year in years:
        if not calendar.knows(year):
            yield sentence("doctor.holidays_unknown", year=year)


async def _staff(work: UnitOfWork, channels: Collection[str]) -> AsyncIterator[str]:
    known = await work.directory()
    absent, lost = [], []
    for person in known.people.values():
        own = [one for one in known.addresses.get(person.id, ()) if one.address.channel in channels]
        if not own:
            absent.append(f"{person.id} {person.name}")
        elif not any(one.reachable for one in own):
            lost.append(f"{person.id} {person.name}")
    if absent:
        key = "doctor.not_enrolled" if TELEGRAM in channels else "doctor.no_mail_address"
        yield sentence(key, names=_shortened(absent))
    if lost:
        yield sentence("doctor.not_reached", names=_shortened(lost))


async def _boards(work: UnitOfWork) -> AsyncIterator[str]:
    query = (
        select(Team.id)
        .join(Round, Round.id == Team.round_id)
        .where(Team.board_address.is_(None), Round.state.in_(INTAKE_ROUNDS))
        .order_by(Team.id)
    )
    teams = list(await work.session.scalars(query))
    if teams:
        yield sentence("doctor.no_board", teams=_shortened(teams))


async def _heads(work: UnitOfWork) -> AsyncIterator[str]:
    headed = (
        select(StaffRole.unit_id)
        .join(Staff, Staff.id == StaffRole.staff_id)
        .where(StaffRole.role == Role.UNIT_HEAD, StaffRole.unit_id.is_not(None), Staff.left_at.is_(None))
    )
    inspected = (
        select(Assignment.unit_id).join(Round, Round.id == Assignment.round_id).where(Round.state.in_(INTAKE_ROUNDS))
    )
    owing = select(RectificationItem.unit_id).where(RectificationItem.is_open)
    concerned = Unit.id.in_(inspected) | Unit.id.in_(owing)
    query = select(Unit.name).where(concerned, Unit.id.not_in(headed)).order_by(Unit.id)
    units = list(await work.session.scalars(query))
    if units:
        yield sentence("doctor.no_head", units=_shortened(units))


async def _cases(work: UnitOfWork) -> AsyncIterator[str]:
    people = (await work.directory()).with_roles(*READERS)
    naming = await cases_naming(work.session, [one.id for one in people])
    readers = [Member.of(one, cases=naming.get(one.id, ())) for one in people]
    query = select(Case).where(Case.is_open == true(), Case.held_until.is_(None)).order_by(Case.id)
    unseen = [case.id for case in await work.session.scalars(query) if not any(one.may_see(case) for one in readers)]
    if unseen:
        yield sentence("doctor.nobody_sees", cases=_shortened(unseen))
    if silent := await unanswered(work):
        yield sentence("doctor.unanswered", count=len(silent), cases=_shortened(silent))


async def _crises(work: UnitOfWork) -> AsyncIterator[str]:
    calling = select(Case).where(Case.next_call_at.is_not(None)).order_by(Case.id)
    unanswered = [case.id for case in await work.session.scalars(calling) if directors_are_called(case)]
    if unanswered:
        yield sentence("doctor.crises_unanswered", cases=_shortened(unanswered))


async def _messages(work: UnitOfWork) -> AsyncIterator[str]:
    dead = await work.session.execute(
        select(OutboxRow.recipient, OutboxRow.reason).where(OutboxRow.state == OutboxState.DEAD)
    )
    reasons = Counter(
        (_recipient_name(recipient), reason or sentence("doctor.no_reason")) for recipient, reason in dead
    )
    for (whom, reason), number in sorted(reasons.items()):
        yield sentence("doctor.dead_messages", count=number, whom=whom, reason=reason)
    late = select(func.count()).select_from(OutboxRow)
    late = late.where(OutboxRow.state == OutboxState.QUEUED, OutboxRow.not_before < work.now - OVERDUE_AFTER)
    waiting = await work.session.scalar(late)
    if waiting:
        yield sentence("doctor.waiting_messages", count=waiting)


def _recipient_name(recipient: Recipient) -> str:
    """Return who a message was for; residents are not told apart."""
    if recipient.staff_id is not None:
        return sentence("doctor.to_staff", staff=recipient.staff_id)
    if recipient.team_id is None:
        return sentence("doctor.to_residents")
    return sentence("doctor.to_board", team=recipient.team_id)


async def _updates(work: UnitOfWork) -> AsyncIterator[str]:
    reasons = Counter(
        await work.session.scalars(select(FailedUpdate.reason).where(FailedUpdate.set_aside_at.is_not(None)))
    )
    for reason, number in sorted(reasons.items()):
        yield sentence("doctor.set_aside", count=number, reason=reason)
    long_ago = WaitingUpdate.came_on < work.now - OVERDUE_AFTER - timedelta(hours=1)  # it is kept to the hour
    waiting = await work.session.scalar(select(func.count()).select_from(WaitingUpdate).where(long_ago))
    if waiting:
        yield sentence("doctor.waiting_updates", count=waiting)


async def _clock(work: UnitOfWork) -> AsyncIterator[str]:
    reading = await work.session.get(ClockReading, 1)
    if reading is None or reading.set_back_at is None or work.now - reading.set_back_at > TOLD_FOR:
        return
    day = reading.set_back_at.astimezone(work.zone).date()
    yield sentence("doctor.clock_set_back", day=day, minutes=reading.set_back_minutes)


def _shortened(names: list[str]) -> str:
    shown = ", ".join(names[:NAMES_SHOWN])
    if len(names) <= NAMES_SHOWN:
        return shown
    return sentence("doctor.and_more", shown=shown, count=len(names) - NAMES_SHOWN)
