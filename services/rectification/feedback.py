"""The findings of a round are told to a unit at a meeting (集中反馈、“一对一”反馈), and its head signs for that.

Where the county's settings say so, the terms of what was issued before run from the day on which the head signed.
"""

from collections.abc import Collection
from datetime import date, timedelta
from secrets import token_hex

from sqlalchemy import and_, false, or_, select, true

from models.audit import Audited
from models.base import coarse
from models.deadlines import Audience
from models.feedback import FeedbackKind, FeedbackMeeting
from models.rectification import ItemSource, RectificationItem
from models.rounds import Assignment, Round
from models.staff import LEADING_GROUP_ROLES, OFFICE_ROLES, UNIT_ROLES, Role
from models.states import FEEDBACK, Actor, FeedbackState, NotEntitled, RoundState
from services.access.member import Member
from services.audit.log import record
from services.directory import Directory
from services.late_answers import Telling, tell_of_waiting
from services.outbox import OutgoingMessage, Priority
from services.rectification import item_log
from services.rectification.issue_item import may_issue
from services.rectification.notices import FeedbackGiven, FeedbackLate, FeedbackSigned
from services.rectification.notify import tell
from services.unit_of_work import More, UnitOfWork
from services.working_hours import in_working_hours

LONGEST_ATTENDED = 300  # characters
PAGE_SIZE = 8
# In which the team has told the leading group what it found.
_TOLD_IN = (RoundState.REPORTING, RoundState.FEEDBACK, RoundState.INTENSIVE_RECTIFICATION, RoundState.EVALUATING)


class NoRound(Exception):
    """No round of the unit is so far that its findings are told."""


class DayOutside(Exception):
    """The day lies in the future, or before the round began."""


class ToldBefore(Exception):
    """The unit was told the findings of the round in this way already."""


async def round_of(work: UnitOfWork, unit_id: str) -> Round:
    """Return the round whose findings a unit is told now: its latest that is so far. Raises NoRound."""
    query = (
        select(Round)
        .join(Assignment, Assignment.round_id == Round.id)
        .where(Assignment.unit_id == unit_id, Round.state.in_(_TOLD_IN))
        .order_by(Round.stay_from.desc())
        .limit(1)
    )
    found = await work.session.scalar(query)
    if found is None:
        raise NoRound
    return found


async def record_feedback(
    work: UnitOfWork, who: Member, unit_id: str, kind: FeedbackKind, held_on: date, attended: str
) -> FeedbackMeeting:
    """Write down that a unit was told the findings, by the office or the leader of its team; its head is told to sign.

    Raises NoRound, DayOutside, ToldBefore or NotEntitled.
    """
    known, round_ = await work.directory(), await round_of(work, unit_id)
    if not may_issue(who, unit_id, known.assignments.get(round_.id, {}).get(unit_id)):
        raise NotEntitled
    if not round_.stay_from <= held_on <= work.today:
        raise DayOutside
    await work.session.execute(select(Round.id).where(Round.id == round_.id).with_for_update())  # one after another
    before = select(FeedbackMeeting.id).where(
        FeedbackMeeting.unit_id == unit_id,
        FeedbackMeeting.round_id == round_.id,
        FeedbackMeeting.kind == kind,
        FeedbackMeeting.state != FeedbackState.TAKEN_BACK,
    )
    if await work.session.scalar(before) is not None:
        raise ToldBefore
    settings = known.rectification_settings_of(round_.id)
    due_on = (await work.calendar()).add(work.today, settings.acknowledge_working_days)
    meeting = FeedbackMeeting(
        id=token_hex(8),
        round_id=round_.id,
        unit_id=unit_id,
        kind=kind,
        state=FeedbackState.RECORDED,
        held_on=held_on,
        attended=attended,
        by_id=who.id,
        recorded_on=work.today,
        due_on=due_on,
        tell_next_on=due_on + timedelta(days=1),
    )
    work.session.add(meeting)
    await work.session.flush()
    for person in known.with_roles(*_unit_roles(kind), unit_id=unit_id):
        await work.outbox.to_staff(person.id, OutgoingMessage(FeedbackGiven(meeting.id)), priority=Priority.NOTICE)
    await record(work, Audited.FEEDBACK_RECORDED, by=who.id, subject=unit_id, round=round_.id, kind=kind.value)
    return meeting


def actors_at(known: Directory, who: Member, meeting: FeedbackMeeting) -> frozenset[Actor]:
    """Return what somebody is at the feedback to a unit; one to the head alone is none of the liaison's business."""
    own = who.units(Role.UNIT_HEAD), who.units(Role.LIAISON)
    if meeting.unit_id in own[0]:
        return frozenset({Actor.UNIT_HEAD})
    if meeting.unit_id in own[1]:
        return frozenset({Actor.LIAISON} if Role.LIAISON in _unit_roles(meeting.kind) else ())
    if meeting.unit_id in who.shut_out_of:
        return frozenset()
    found = {Actor(held.role) for held in who.roles if held.role in OFFICE_ROLES}
    if known.assignments.get(meeting.round_id, {}).get(meeting.unit_id) in who.teams(Role.TEAM_LEADER):
        found.add(Actor.TEAM_LEADER)
    if who.has(*LEADING_GROUP_ROLES):
        found.add(Actor.LEADING_GROUP)
    if known.units[meeting.unit_id].county_leader_id == who.id:
        found.add(Actor.COUNTY_LEADER)
    return frozenset(found)


async def feedback_seen(work: UnitOfWork, who: Member, meeting_id: str) -> FeedbackMeeting:
    """Return the feedback to a unit for whoever may know of it. Raises NotEntitled."""
    meeting = await work.session.get(FeedbackMeeting, meeting_id)
    if meeting is None or not actors_at(await work.directory(), who, meeting):
        raise NotEntitled
    return meeting


async def sign(work: UnitOfWork, who: Member, meeting_id: str) -> FeedbackMeeting:
    """Sign, as the head, that the unit was told; the terms may run from today. Raises Impossible or NotEntitled."""
    meeting, actors = await _to_change(work, who, meeting_id)
    meeting.state = FEEDBACK.step(meeting.state, "sign", actors)
    meeting.signed_by, meeting.signed_at = who.id, coarse(work.now)
    await work.session.flush()
    await work.outbox.to_staff(meeting.by_id, OutgoingMessage(FeedbackSigned(meeting.id)))
    known = await work.directory()
    if meeting.kind is FeedbackKind.MEETING and known.rectification_settings_of(meeting.round_id).terms_from_receipt:
        # Whoever signs late gains no days by it.
        await _run_terms_from(work, meeting, min(work.today, meeting.due_on))
    await record(work, Audited.FEEDBACK_SIGNED, by=who.id, subject=meeting.unit_id, round=meeting.round_id)
    return meeting


async def take_back(work: UnitOfWork, who: Member, meeting_id: str) -> FeedbackMeeting:
    """Take back what was written down by mistake, while nobody has signed. Raises Impossible or NotEntitled."""
    meeting, actors = await _to_change(work, who, meeting_id)
    meeting.state = FEEDBACK.step(meeting.state, "take_back", actors)
    await work.session.flush()
    await record(work, Audited.FEEDBACK_TAKEN_BACK, by=who.id, subject=meeting.unit_id, round=meeting.round_id)
    return meeting


def has_to_do_with_feedback(who: Member) -> bool:
    """Whether somebody may know of feedback at all."""
    return who.is_office or who.has(*UNIT_ROLES, *LEADING_GROUP_ROLES, Role.TEAM_LEADER, Role.COUNTY_LEADER)


def may_record_any(who: Member) -> bool:
    """Whether there are units at all whose feedback somebody may write down."""
    return who.is_office or who.has(Role.TEAM_LEADER)


async def feedback_of(
    work: UnitOfWork, who: Member, after: str | None = None
) -> tuple[list[FeedbackMeeting], str | None]:
    """Return a page of the register that somebody may know of, the latest first, and behind what the next begins."""
    known, own = await work.directory(), who.units(*UNIT_ROLES)
    led = [
        and_(FeedbackMeeting.round_id == round_id, FeedbackMeeting.unit_id == unit_id)
        for round_id, units in known.assignments.items()
        for unit_id, team_id in units.items()
        if team_id in who.teams(Role.TEAM_LEADER)
    ]
    in_charge = [unit.id for unit in known.units.values() if unit.county_leader_id == who.id]
    is_of_all = who.is_office or who.has(*LEADING_GROUP_ROLES)
    others = or_(true() if is_of_all else false(), FeedbackMeeting.unit_id.in_(in_charge), *led)
    for_head_alone = and_(
        FeedbackMeeting.kind == FeedbackKind.ONE_TO_ONE, FeedbackMeeting.unit_id.not_in(who.units(Role.UNIT_HEAD))
    )
    theirs = or_(
        and_(FeedbackMeeting.unit_id.in_(own), ~for_head_alone),
        and_(FeedbackMeeting.unit_id.not_in(own), FeedbackMeeting.unit_id.not_in(who.shut_out_of), others),
    )
    query = select(FeedbackMeeting).where(theirs, FeedbackMeeting.state != FeedbackState.TAKEN_BACK)
    last = await work.session.get(FeedbackMeeting, after) if after else None
    if last is not None and actors_at(known, who, last):
        same_day = and_(FeedbackMeeting.held_on == last.held_on, FeedbackMeeting.id > last.id)
        query = query.where(or_(FeedbackMeeting.held_on < last.held_on, same_day))
    query = query.order_by(FeedbackMeeting.held_on.desc(), FeedbackMeeting.id).limit(PAGE_SIZE + 1)
    found = list(await work.session.scalars(query))
    return found[:PAGE_SIZE], found[PAGE_SIZE - 1].id if len(found) > PAGE_SIZE else None


@in_working_hours
async def tell_of_unsigned_feedback(work: UnitOfWork) -> More | None:
    """Tell in working hours that nobody has signed: the head and who wrote it; later the county leader, too."""
    known, calendar = await work.directory(), await work.calendar()

    async def telling(meeting: FeedbackMeeting) -> Telling:
        settings = known.rectification_settings_of(meeting.round_id)
        day_of_leader = calendar.add(meeting.recorded_on, settings.acknowledge_leader_working_days)
        heads = [one.id for one in known.with_roles(Role.UNIT_HEAD, unit_id=meeting.unit_id)]
        notice = FeedbackLate(meeting.id)
        if work.today <= day_of_leader:
            return Telling(notice, [*heads, meeting.by_id], day_of_leader + timedelta(days=1))
        leader = known.units[meeting.unit_id].county_leader_id
        return Telling(notice, [*heads, *([leader] if leader else []), meeting.by_id], None)

    waits = FeedbackMeeting.state == FeedbackState.RECORDED
    return await tell_of_waiting(work, FeedbackMeeting, waits, telling)


def moved_by(due_on: date, issued_on: date, start: date) -> date:
    """Return the due day of what was issued before its terms began, with as many days as it was given."""
    return due_on + max(start - issued_on, timedelta(0))


async def _run_terms_from(work: UnitOfWork, meeting: FeedbackMeeting, start: date) -> None:
    """Let the terms of the unit's findings run from a day; a day that the feedback list names stays as it is."""
    query = (
        select(RectificationItem)
        .where(
            RectificationItem.round_id == meeting.round_id,
            RectificationItem.unit_id == meeting.unit_id,
            RectificationItem.is_open == true(),
            RectificationItem.source == ItemSource.FEEDBACK,
            RectificationItem.issued_on < start,
            RectificationItem.listed_due_on.is_(None),
        )
        .order_by(RectificationItem.id)
        .with_for_update()
    )
    for item in list(await work.session.scalars(query)):
        before = item.due_on
        item.due_on = moved_by(before, item.issued_on, start)
        item.deadline_version += 1
        if item.plan_due_on is not None:
            item.plan_due_on = moved_by(item.plan_due_on, item.issued_on, start)
        event = await item_log.log_event(work, item, "reschedule", by=None, due_before=before.isoformat())
        await tell(work, item, event, Audience.UNIT_HEAD, Audience.LIAISON, Audience.COUNTY_LEADER)


async def _to_change(work: UnitOfWork, who: Member, meeting_id: str) -> tuple[FeedbackMeeting, frozenset[Actor]]:
    query = select(FeedbackMeeting).where(FeedbackMeeting.id == meeting_id).with_for_update()
    meeting = await work.session.scalar(query.execution_options(populate_existing=True))
    actors = frozenset[Actor]() if meeting is None else actors_at(await work.directory(), who, meeting)
    if meeting is None or not actors:
        raise NotEntitled
    return meeting, actors


def _unit_roles(kind: FeedbackKind) -> Collection[Role]:
    return UNIT_ROLES if kind is FeedbackKind.MEETING else (Role.UNIT_HEAD,)
