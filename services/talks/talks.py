"""Talks with the head of a unit: a reminder talk (提醒谈话) after a yellow card, an interview (约谈) after a red one.

The clock or the office proposes one, the leading group approves, the office arranges it and records what was promised
until which day. That day goes back into the ladder of the item.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, select

from models.audit import CLOCK, Audited
from models.deadlines import Audience
from models.rectification import NEVER, RectificationItem, WarningCard
from models.settings import RectificationSettings
from models.staff import LEADING_GROUP_ROLES, OFFICE_ROLES, Role
from models.states import OFFICE_ACTORS, TALK, Actor, Impossible, NotEntitled, TalkState
from models.talks import Talk, TalkKind
from services.access.member import Member, members_at_item
from services.audit.log import record
from services.directory import Person
from services.docket.access import actors_at_item
from services.docket.words import fit_to_keep
from services.outbox import OutgoingMessage, Priority
from services.rectification import item_log, notify
from services.rectification.audiences import audiences
from services.register_pages import Page, page_of
from services.talks.notices import TalkMoved
from services.unit_of_work import UnitOfWork

LONGEST_MINUTES = 1500  # characters
LONGEST_PLACE = 100
KIND_AFTER = {WarningCard.YELLOW: TalkKind.REMINDER, WarningCard.RED: TalkKind.INTERVIEW}
_ABOVE = OFFICE_ACTORS | {Actor.LEADING_GROUP, Actor.TEAM_LEADER, Actor.TEAM_MEMBER}
_UNIT_AND_LEADER = frozenset({Actor.UNIT_HEAD, Actor.LIAISON, Actor.COUNTY_LEADER})
# The unit and its leader learn of a talk once it is arranged.
_TOLD_TO_UNIT = frozenset({TalkState.ARRANGED, TalkState.HELD, TalkState.KEPT, TalkState.BROKEN})
_SYSTEM = frozenset({Actor.SYSTEM})


class DayPast(Exception):
    """A talk, or what is promised at it, is to be on a day that has passed already."""


@dataclass(frozen=True)
class TalkSeen:
    """A talk with its item, as one person sees it."""

    talk: Talk
    item: RectificationItem
    actors: frozenset[Actor]


@dataclass(frozen=True)
class Arrangement:
    """Who leads a talk, when and where."""

    led_by_id: str
    on: date
    at: str  # HH:MM
    place: str


@dataclass(frozen=True)
class Minutes:
    """What was said at a talk, and what the head promised to have done until which day; nothing: no promise."""

    text: str
    promise: str = ""
    promised_on: date | None = None


# ---- a talk comes up


def expect_talk(work: UnitOfWork, item: RectificationItem, settings: RectificationSettings) -> Talk:
    """Have the clock propose the talk that follows the card an item has just got."""
    if item.card is None or item.card_on is None:
        raise ValueError(f"{item.id} has no card")
    talk = Talk(
        item_id=item.id,
        kind=KIND_AFTER[item.card],
        card=item.card,
        state=TalkState.EXPECTED,
        state_since=work.today,
        next_on=expected_on(item, settings),
    )
    work.session.add(talk)
    return talk


def expected_on(item: RectificationItem, settings: RectificationSettings) -> date:
    """Return when the talk after a card is to be proposed; days on which its papers lay with others don't count."""
    days = {
        WarningCard.YELLOW: settings.reminder_talk_after_yellow_days,
        WarningCard.RED: settings.interview_after_red_days,
    }
    if item.card is None or item.card_on is None:
        raise ValueError(f"{item.id} has no card")
    return item.card_on + timedelta(days=days[item.card] + item.held_days - item.card_held_days)


async def forget_expected(work: UnitOfWork, item: RectificationItem, card: WarningCard) -> None:
    """Have the clock propose no talk after a card that was taken back."""
    waits = Talk.state.in_((TalkState.EXPECTED, TalkState.PROPOSED))
    query = select(Talk).where(Talk.item_id == item.id, Talk.card == card, waits)
    for talk in await work.session.scalars(query.with_for_update()):
        await step(work, None, TalkSeen(talk, item, _SYSTEM), "call_off", next_on=NEVER)


async def item_to_talk_about(work: UnitOfWork, who: Member, item_id: str) -> RectificationItem:
    """Return an item about which the office may propose a talk. Raises Impossible or NotEntitled."""
    item = await item_log.item_to_change(work, who, item_id, by=OFFICE_ACTORS)
    if not item.is_open or await _running_talk(work, item) is not None:
        raise Impossible("propose_talk", item.state)
    return item


async def propose(work: UnitOfWork, who: Member, item_id: str, kind: TalkKind, reason: str) -> Talk:
    """Propose a talk by hand; the leading group is asked. Raises ContainsContact, Impossible or NotEntitled."""
    item = await item_to_talk_about(work, who, item_id)
    reason = await fit_to_keep(work, who, reason, item=item)
    talk = Talk(
        item_id=item.id,
        kind=kind,
        card=item.card,
        state=TalkState.PROPOSED,
        state_since=work.today,
        next_on=await _in_waiting_days(work, item),
        proposed_by_id=who.id,
        reason=reason,
    )
    work.session.add(talk)
    await work.session.flush()
    await _expected_is_past(work, item)
    await tell_group(work, talk, item, but=who.id)
    await _note(work, who, talk, item, "propose")
    return talk


# ---- reading


def actors_at(who: Member, talk: Talk, item: RectificationItem) -> frozenset[Actor]:
    """Return what somebody is at a talk: the unit and its leader nothing before it is arranged."""
    found = actors_at_item(who, item)
    return found & (_ABOVE | _UNIT_AND_LEADER if talk.state in _TOLD_TO_UNIT else _ABOVE)


async def talk_seen(work: UnitOfWork, who: Member, talk_id: str, *, to_change: bool = False) -> TalkSeen:
    """Return a talk that somebody may know of; else raise NotEntitled."""
    found = await work.session.get(Talk, talk_id)
    if found is None:
        raise NotEntitled
    item_query = select(RectificationItem).where(RectificationItem.id == found.item_id)
    talk_query = select(Talk).where(Talk.id == talk_id)
    if to_change:  # items are locked before what follows from them
        item_query, talk_query = item_query.with_for_update(), talk_query.with_for_update()
    item = (await work.session.scalars(item_query.execution_options(populate_existing=True))).one()
    talk = (await work.session.scalars(talk_query.execution_options(populate_existing=True))).one()
    actors = actors_at(who, talk, item)
    if not actors:
        raise NotEntitled
    return TalkSeen(talk, item, actors)


async def talks(work: UnitOfWork, who: Member, after: str | None = None) -> Page[Talk]:
    """Return a page of the talks that are not over, as far as somebody may know of them: what is next comes first."""

    async def is_seen(talk: Talk) -> bool:
        item = await work.session.get_one(RectificationItem, talk.item_id)
        return bool(actors_at(who, talk, item))

    where: list[ColumnElement[bool]] = [Talk.next_on < NEVER]
    units = who.units(Role.UNIT_HEAD, Role.LIAISON)
    if units and not may_know_of_talks_elsewhere(who):
        where.append(Talk.item_id.in_(select(RectificationItem.id).where(RectificationItem.unit_id.in_(units))))
    return await page_of(work, Talk, Talk.next_on, is_seen, *where, after=after)


def may_know_of_talks_elsewhere(who: Member) -> bool:
    """Whether somebody may know of talks with others than the head of their own unit."""
    return who.has(*OFFICE_ROLES, *LEADING_GROUP_ROLES, Role.TEAM_LEADER, Role.TEAM_MEMBER, Role.COUNTY_LEADER)


async def leaders_of_talk(work: UnitOfWork, who: Member, talk_id: str) -> list[Person]:
    """Return who may lead a talk: the leading group, the directors, the county leader of the item."""
    seen = await talk_seen(work, who, talk_id)
    known = await work.directory()
    people = known.with_roles(*LEADING_GROUP_ROLES, Role.OFFICE_DIRECTOR)
    leader = known.people.get(seen.item.county_leader_id or "")
    people += [leader] if leader else []
    members = await members_at_item(work.session, people, seen.item)
    return [one for one in members if actors_at_item(one, seen.item)]


# ---- its steps


async def may(work: UnitOfWork, who: Member, talk_id: str, action: str) -> TalkSeen:
    """Return a talk, locked, that somebody may do an action to. Raises Impossible or NotEntitled."""
    seen = await talk_seen(work, who, talk_id, to_change=True)
    TALK.step(seen.talk.state, action, seen.actors)
    if action in ("approve", "decline") and seen.talk.proposed_by_id == who.id:
        raise NotEntitled  # nobody approves what they have proposed
    return seen


async def approve(work: UnitOfWork, who: Member, talk_id: str) -> TalkSeen:
    """Approve a talk, as the leading group; the office is told, to arrange it."""
    seen = await may(work, who, talk_id, "approve")
    seen.talk.decided_by_id = who.id
    await step(work, who, seen, "approve", next_on=await _in_waiting_days(work, seen.item))
    await _tell_office(work, seen, but=who.id)
    return seen


async def decline(work: UnitOfWork, who: Member, talk_id: str) -> TalkSeen:
    """Decline a talk, as the leading group; the office is told."""
    seen = await may(work, who, talk_id, "decline")
    seen.talk.decided_by_id = who.id
    await step(work, who, seen, "decline", next_on=NEVER)
    await _tell_office(work, seen, but=who.id)
    return seen


async def arrange(work: UnitOfWork, who: Member, talk_id: str, arrangement: Arrangement) -> TalkSeen:
    """Say who leads a talk, when and where, also anew; the head, the liaison and the county leader are told.

    Raises DayPast, Impossible or NotEntitled.
    """
    seen = await may(work, who, talk_id, "arrange")
    if arrangement.on < work.today:
        raise DayPast
    if arrangement.led_by_id not in {one.id for one in await leaders_of_talk(work, who, talk_id)}:
        raise NotEntitled
    talk = seen.talk
    talk.led_by_id, talk.place = arrangement.led_by_id, arrangement.place[:LONGEST_PLACE]
    talk.meet_on, talk.meet_at = arrangement.on, arrangement.at
    await step(work, who, seen, "arrange", next_on=arrangement.on)
    await item_log.log_event(work, seen.item, "talk_arranged", by=who, kind=talk.kind)
    await tell_unit(work, seen, arrangement.led_by_id, but=who.id)
    return seen


async def keep_minutes(work: UnitOfWork, who: Member, talk_id: str, minutes: Minutes) -> TalkSeen:
    """Record what was said at a talk; the day of the promise goes into the ladder of the item.

    Raises ContainsContact, DayPast, Impossible or NotEntitled.
    """
    seen = await may(work, who, talk_id, "record")
    if minutes.promised_on is not None and minutes.promised_on < work.today:
        raise DayPast
    talk, item = seen.talk, seen.item
    talk.minutes = await fit_to_keep(work, who, minutes.text, item=item)
    talk.promise = await fit_to_keep(work, who, minutes.promise, item=item) if minutes.promise else ""
    talk.promised_on = item.promised_on = minutes.promised_on
    # The ladder reminds on the day itself; from the next one on the promise is broken.
    looks_on = minutes.promised_on + timedelta(days=1) if minutes.promised_on else NEVER
    await step(work, who, seen, "record", next_on=looks_on)
    await item_log.log_event(work, item, "talk_held", by=who, note=talk.promise, kind=talk.kind)
    await tell_unit(work, seen, but=who.id)
    return seen


async def keep_promise(work: UnitOfWork, who: Member, talk_id: str) -> TalkSeen:
    """Note that what was promised is done, as the office; the unit is told. Raises Impossible or NotEntitled."""
    seen = await may(work, who, talk_id, "keep")
    if seen.talk.promised_on is None:
        raise Impossible("keep", seen.talk.state)
    await note_kept(work, who, seen)
    return seen


async def call_off(work: UnitOfWork, who: Member, talk_id: str) -> TalkSeen:
    """Call a talk off, as the office; whoever was told of it hears that, too. Raises Impossible or NotEntitled."""
    seen = await may(work, who, talk_id, "call_off")
    was_told = seen.talk.state in _TOLD_TO_UNIT
    await step(work, who, seen, "call_off", next_on=NEVER)
    if was_told:
        event = await item_log.log_event(work, seen.item, "talk_called_off", by=who, kind=seen.talk.kind)
        await notify.tell(work, seen.item, event, Audience.UNIT_HEAD, Audience.LIAISON, Audience.COUNTY_LEADER)
    await tell_group(work, seen.talk, seen.item, but=who.id)
    return seen


async def note_kept(work: UnitOfWork, who: Member | None, seen: TalkSeen) -> None:
    """Note that a promise is kept, and take it out of the ladder."""
    if seen.item.promised_on == seen.talk.promised_on:
        seen.item.promised_on = None
    await step(work, who, seen, "keep", next_on=NEVER)
    await tell_unit(work, seen, but=who.id if who else None)


async def step(work: UnitOfWork, who: Member | None, seen: TalkSeen, action: str, *, next_on: date) -> None:
    """Take a step, and have the clock look at the talk again on a day."""
    actors = _SYSTEM if who is None else seen.actors
    seen.talk.state = TALK.step(seen.talk.state, action, actors)
    seen.talk.state_since, seen.talk.next_on = work.today, next_on
    await work.session.flush()
    await _note(work, who, seen.talk, seen.item, action)


async def _note(work: UnitOfWork, who: Member | None, talk: Talk, item: RectificationItem, name: str) -> None:
    by = who.id if who else CLOCK
    await record(work, Audited.TALK_MOVED, by=by, subject=item.id, step=name, kind=talk.kind, unit=item.unit_id)


async def _in_waiting_days(work: UnitOfWork, item: RectificationItem) -> date:
    return work.today + timedelta(days=max(1, (await item_log.ladder_of(work, item)).talk_waiting_days))


async def _running_talk(work: UnitOfWork, item: RectificationItem) -> Talk | None:
    """Return the talk of an item that is on its way and not held yet."""
    running = (TalkState.PROPOSED, TalkState.APPROVED, TalkState.ARRANGED)
    return await work.session.scalar(select(Talk).where(Talk.item_id == item.id, Talk.state.in_(running)).limit(1))


async def _expected_is_past(work: UnitOfWork, item: RectificationItem) -> None:
    """Have the clock propose no second talk beside one that was proposed by hand."""
    query = select(Talk).where(Talk.item_id == item.id, Talk.state == TalkState.EXPECTED)
    for talk in await work.session.scalars(query.with_for_update()):
        await step(work, None, TalkSeen(talk, item, _SYSTEM), "call_off", next_on=NEVER)


# ---- whom it is told to; whether they may know of it is asked once more when it is sent


async def tell_group(work: UnitOfWork, talk: Talk, item: RectificationItem, *, but: str | None = None) -> None:
    """Tell the leading group where a talk has come to; of an item before one pair of eyes, its holder."""
    known = await work.directory()
    roles = (Role.OFFICE_DIRECTOR, Role.TEAM_LEADER) if item.desk is not None else LEADING_GROUP_ROLES
    people = [one for one in known.with_roles(*roles) if one.shut_out_of.isdisjoint(item.unit_ids)]
    if item.desk is not None:
        people = [one for one in people if item.desk in one.desks]
    await tell(work, TalkMoved(talk.id, talk.state), (one.id for one in people), but=but)


async def tell_unit(work: UnitOfWork, seen: TalkSeen, *also: str, but: str | None = None) -> None:
    """Tell the unit, its county leader and whoever leads a talk where it has come to."""
    people = await audiences(work, of=[seen.item.id])
    audience = (Audience.UNIT_HEAD, Audience.LIAISON, Audience.COUNTY_LEADER)
    told = [*people.told(seen.item, audience), *also]
    await tell(work, TalkMoved(seen.talk.id, seen.talk.state), told, but=but)


async def _tell_office(work: UnitOfWork, seen: TalkSeen, *, but: str) -> None:
    people = (await audiences(work, of=[seen.item.id])).told(seen.item, [Audience.OFFICE_DIRECTOR])
    proposer = [seen.talk.proposed_by_id] if seen.talk.proposed_by_id else []
    await tell(work, TalkMoved(seen.talk.id, seen.talk.state), [*people, *proposer], but=but)


async def tell(work: UnitOfWork, notice: TalkMoved, people: Iterable[str], *, but: str | None = None) -> None:
    """Tell some people once each where a talk has come to."""
    for staff_id in dict.fromkeys(people):
        if staff_id != but:
            await work.outbox.to_staff(staff_id, OutgoingMessage(notice), priority=Priority.NOTICE)
