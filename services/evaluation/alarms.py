"""Alarms on the process itself: once a day the clock looks whether it goes as it should, and tells what does not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, not_, or_, select, true, update

from media.kinds import FileKind
from models.database import insert_or_ignore
from models.evaluation import ProcessAlarm, ProcessAlarmKind, ProcessAlarmRound
from models.rectification import Evidence, ItemEvent, ItemSource, RectificationItem
from models.rounds import Round
from models.settings import CountySettings
from models.share import Share
from models.staff import Role
from models.states import ItemState, NotEntitled, RoundState
from services.access.member import Member
from services.delivery.directors import tell_directors
from services.directory import Directory
from services.evaluation.counts import IS_RUNNING, how_many
from services.evaluation.entitled import COUNTED
from services.evaluation.notices import ProcessAlarms
from services.outbox import OutgoingMessage
from services.rectification.list_items import kept_from
from services.rectification.working_papers import lacks_working_papers
from services.unit_of_work import UnitOfWork
from services.working_hours import in_working_hours

MOST_A_DAY = 200  # items that newly come up: the others do on the next days
NO_SHARE = Share(0, 0)
_item = RectificationItem
_WAITING = (ItemState.SUBMITTED, ItemState.PASSED, ItemState.COUNTERSIGNED)
_BY_UNIT = ("acknowledge", "report_progress", "submit", "tell_system")  # what a unit does to an item
_REVIEWED = ("return", "pass")
# What concerns the leader of a team, too.
OF_TEAM = frozenset({ProcessAlarmKind.UNOWNED, ProcessAlarmKind.NO_PHOTO, ProcessAlarmKind.REVIEWS_LATE})


@dataclass(frozen=True)
class Found:
    """One thing that does not go well; `share`: so many of so many, where it is one."""

    subject: str
    round_id: str | None = None
    unit_id: str | None = None
    team_id: str | None = None
    share: Share = NO_SHARE


@in_working_hours
async def raise_process_alarms(work: UnitOfWork) -> None:
    """Once a working day, look whether the process goes as it should; tell directors and team leaders what is new."""
    settings = await work.settings()
    if not await insert_or_ignore(work.session, ProcessAlarmRound, day=work.today):
        return
    new = await _enter_items(work, ProcessAlarmKind.UNOWNED, await _is_unowned(work, settings))
    new += await _enter_items(work, ProcessAlarmKind.NO_PHOTO, _is_without_photo())
    new += await _enter(work, ProcessAlarmKind.ACTIVITY_DROPS, await _activity_drops(work, settings))
    new += await _enter(work, ProcessAlarmKind.FEW_DIRECT, await _few_direct(work, settings))
    new += await _enter(work, ProcessAlarmKind.REVIEWS_LATE, await _reviews_late(work, settings))
    await _tell(work, new)


async def alarms_for(work: UnitOfWork, who: Member, *, since: date | None = None) -> list[ProcessAlarm]:
    """Return the alarms that are not over and are for somebody to see to, of those raised since a day the newest first.

    Raises NotEntitled.
    """
    if not sees_alarms(who):
        raise NotEntitled
    query = select(ProcessAlarm).where(ProcessAlarm.ended_on.is_(None), _theirs(who))
    if since is not None:
        query = query.where(ProcessAlarm.raised_on >= since)
    order = (ProcessAlarm.kind, ProcessAlarm.raised_on.desc(), ProcessAlarm.subject)
    return list(await work.session.scalars(query.order_by(*order)))


def sees_alarms(who: Member) -> bool:
    """Whether alarms may be for somebody: the office, and who leads a team."""
    return who.is_office or who.has(Role.TEAM_LEADER)


async def lacking_working_papers(work: UnitOfWork, who: Member) -> dict[str, int]:
    """Return by round how many open items have no working paper; to the office alone, of what it sees.

    What a unit has reported by itself was found by nobody else.
    """
    if not who.is_office:
        return {}
    found = and_(_item.is_open == true(), _item.source != ItemSource.SELF_REPORT, lacks_working_papers(), *COUNTED)
    query = select(_item.round_id, how_many()).where(found, not_(kept_from(who))).group_by(_item.round_id)
    rows = await work.session.execute(query.order_by(_item.round_id))
    return {row[0]: row[1] for row in rows}


async def direct_shares(work: UnitOfWork, *of: ColumnElement[bool]) -> dict[str, Share]:
    """Return how many of some items of each round went to the heads directly."""
    query = select(_item.round_id, how_many(_item.is_for_head == true()), how_many()).where(*of)
    rows = await work.session.execute(query.group_by(_item.round_id))
    return {round_id: Share(direct, items) for round_id, direct, items in rows}


def _theirs(who: Member) -> ColumnElement[bool]:
    # Of an item all units count that answer for it, who is named behind it, and where it has come to lie meanwhile.
    is_hidden = or_(kept_from(who), and_(_item.desk.is_not(None), _item.desk.not_in(who.desks)))
    shut_out = or_(
        func.coalesce(ProcessAlarm.unit_id, "").in_(who.shut_out_of),
        exists().where(_item.id == ProcessAlarm.subject, is_hidden),
    )
    if who.is_office:
        return not_(shut_out)
    led = ProcessAlarm.team_id.in_(who.teams(Role.TEAM_LEADER))
    return and_(led, ProcessAlarm.kind.in_(OF_TEAM), not_(shut_out))


# ---- what is looked for: each found by an index, and summed up by the database


async def _is_unowned(work: UnitOfWork, settings: CountySettings) -> ColumnElement[bool]:
    """Return whether nobody answers for an open item: no head could be told, or nobody leads or does it."""
    known = await work.directory()
    headless = [unit_id for unit_id in known.units if not known.has_reachable_head(unit_id)]
    nobody_leads = and_(_item.county_leader_id.is_(None), _item.task_force == "")
    return and_(
        _item.is_open == true(),
        _item.issued_on <= work.today - timedelta(days=settings.process_alarms.unowned_days),
        _item.owner_id.is_(None),
        or_(_item.unit_id.in_(headless), nobody_leads),
        *COUNTED,
    )


def _is_without_photo() -> ColumnElement[bool]:
    """Return whether an item was handed in, and is not cleared yet, without a single photo ever.

    A photo of what was done against a danger meanwhile shows nothing of the fix.
    """
    handed_in = and_(
        ItemEvent.item_id == Evidence.item_id, ItemEvent.version == Evidence.version, ItemEvent.event == "submit"
    )
    photo = exists().where(Evidence.item_id == _item.id, Evidence.file_kind == FileKind.PHOTO, handed_in)
    return and_(_item.state.in_(_WAITING), not_(photo), *COUNTED)


async def _activity_drops(work: UnitOfWork, settings: CountySettings) -> list[Found]:
    """Return the units that do much less now than right after the feedback, and have something to do."""
    alarms = settings.process_alarms
    window = timedelta(days=alarms.activity_days)
    rounds = select(Round.id, Round.feedback_on).where(
        Round.state == RoundState.INTENSIVE_RECTIFICATION, Round.feedback_on <= work.today - 2 * window
    )
    found = []
    for round_id, feedback_on in (await work.session.execute(rounds)).all():
        if feedback_on is None:
            continue
        since = work.beginning_of(feedback_on)
        then, now = ItemEvent.at < since + window, ItemEvent.at >= work.midnight - window
        query = (
            select(
                _item.unit_id,
                func.count(ItemEvent.version).filter(then),
                func.count(ItemEvent.version).filter(now),
            )
            .join(ItemEvent, ItemEvent.item_id == _item.id)
            .where(_item.round_id == round_id, ItemEvent.event.in_(_BY_UNIT), ItemEvent.at >= since, *COUNTED)
            .group_by(_item.unit_id)
        )
        to_do = set(
            await work.session.scalars(
                select(_item.unit_id).where(_item.round_id == round_id, IS_RUNNING, *COUNTED).distinct()
            )
        )
        found += [
            Found(f"{round_id}:{unit_id}"[:150], round_id, unit_id, share=Share(lately, first))
            for unit_id, first, lately in await work.session.execute(query)
            if unit_id in to_do and first >= alarms.activity_least and lately < alarms.activity_share * first
        ]
    return found


async def _few_direct(work: UnitOfWork, settings: CountySettings) -> list[Found]:
    """Return the rounds in which too few items went to the heads directly."""
    alarms = settings.process_alarms
    running = select(Round.id).where(
        Round.state.in_((RoundState.FEEDBACK, RoundState.INTENSIVE_RECTIFICATION, RoundState.EVALUATING))
    )
    return [
        Found(round_id, round_id, share=share)
        for round_id, share in (await direct_shares(work, _item.round_id.in_(running), *COUNTED)).items()
        if share.whole >= alarms.direct_least and not share.reaches(alarms.direct_share)
    ]


async def _reviews_late(work: UnitOfWork, settings: CountySettings) -> list[Found]:
    """Return the teams that review what is handed in to them later than they should, nearly always."""
    alarms, since = settings.process_alarms, work.now - timedelta(days=settings.process_alarms.late_review_days)
    lay = ItemEvent.detail["held_days"].as_integer()
    reviews, late = (
        func.count(ItemEvent.version),
        func.count(ItemEvent.version).filter(lay > settings.rectification.review_days),
    )
    query = (
        select(_item.team_id, late, reviews)
        .join(ItemEvent, ItemEvent.item_id == _item.id)
        .where(ItemEvent.event.in_(_REVIEWED), ItemEvent.at >= since, _item.team_id.is_not(None), *COUNTED)
        .group_by(_item.team_id)
        .having(reviews >= alarms.late_review_least)
    )
    known = await work.directory()
    return [
        Found(team_id, known.teams[team_id].round_id, None, team_id, Share(part, whole))
        for team_id, part, whole in await work.session.execute(query)
        if team_id is not None and Share(part, whole).reaches(alarms.late_review_share)
    ]


# ---- what is new is told, what is over is no longer listed


async def _enter_items(work: UnitOfWork, kind: ProcessAlarmKind, is_so: ColumnElement[bool]) -> list[ProcessAlarm]:
    """End the alarms of items of which something is not so any more, and return those that are new: so many a day."""
    listed = (ProcessAlarm.kind == kind, ProcessAlarm.ended_on.is_(None))
    over = ProcessAlarm.subject.not_in(select(_item.id).where(is_so))
    await work.session.execute(update(ProcessAlarm).where(*listed, over).values(ended_on=work.today))
    query = (
        select(_item.id, _item.round_id, _item.unit_id, _item.team_id)
        .where(is_so, _item.id.not_in(select(ProcessAlarm.subject).where(*listed)))
        .order_by(_item.issued_on, _item.id)
        .limit(MOST_A_DAY)
    )
    found = [Found(*row) for row in await work.session.execute(query)]
    subjects = [one.subject for one in found]
    earlier = select(ProcessAlarm).where(ProcessAlarm.kind == kind, ProcessAlarm.subject.in_(subjects))
    return await _put(work, kind, found, {one.subject: one for one in await work.session.scalars(earlier)})


async def _enter(work: UnitOfWork, kind: ProcessAlarmKind, found: Sequence[Found]) -> list[ProcessAlarm]:
    """Keep what was found, end what was not found any more, and return what is new."""
    query = select(ProcessAlarm).where(ProcessAlarm.kind == kind)
    earlier = {one.subject: one for one in await work.session.scalars(query)}
    for subject in earlier.keys() - {one.subject for one in found}:
        earlier[subject].ended_on = earlier[subject].ended_on or work.today
    return await _put(work, kind, found, earlier)


async def _put(
    work: UnitOfWork, kind: ProcessAlarmKind, found: Sequence[Found], earlier: Mapping[str, ProcessAlarm]
) -> list[ProcessAlarm]:
    """Keep what was found, and return what is new: it was never there, or was over."""
    new = []
    for one in found:
        alarm = earlier.get(one.subject)
        if alarm is None:
            alarm = ProcessAlarm(kind=kind, subject=one.subject, raised_on=work.today)
            work.session.add(alarm)
            new.append(alarm)
        elif alarm.ended_on is not None:
            alarm.raised_on, alarm.ended_on = work.today, None
            new.append(alarm)
        alarm.round_id, alarm.unit_id, alarm.team_id = one.round_id, one.unit_id, one.team_id
        alarm.part, alarm.whole = one.share.part, one.share.whole
    await work.session.flush()
    return new


async def _tell(work: UnitOfWork, new: Sequence[ProcessAlarm]) -> None:
    """Tell the directors that there is something new, and each team leader whose team it concerns, once a day."""
    outgoing, once = OutgoingMessage(ProcessAlarms(work.today.isoformat())), f"process:{work.today}"
    if not new:
        return
    await tell_directors(work, outgoing, once=once)
    known = await work.directory()
    teams = {one.team_id for one in new if one.team_id is not None and one.kind in OF_TEAM}
    await work.outbox.to_each(sorted(_leaders(known, teams)), outgoing, once=once)


def _leaders(known: Directory, teams: set[str]) -> set[str]:
    return {one.id for team in teams for one in known.with_roles(Role.TEAM_LEADER, team_id=team)}
