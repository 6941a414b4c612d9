"""A re-visit: items of a round are drawn by lot, or all of it are taken, for a group of several bodies until a day.

Its members see what was drawn and nothing else, and no more of it once it has ended. Who is shut out of a unit, or
named behind an item, sees neither here.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from secrets import token_hex

from sqlalchemy import ColumnElement, and_, or_, select

from models.audit import CLOCK, Audited
from models.base import coarse
from models.rectification import RectificationItem, WarningCard
from models.revisits import (
    Body,
    Evaluator,
    Revisit,
    RevisitItem,
    RevisitKind,
    RevisitMember,
    RevisitVisit,
    Verdict,
)
from models.rounds import Round
from models.staff import OFFICE_ROLES, UNIT_ROLES
from models.states import REVISIT, Actor, Impossible, ItemState, NotEntitled, RevisitState, RoundState, VisitState
from services.access.member import Member
from services.audit.log import record
from services.delivery.recall import staff_to_change
from services.directory import Directory, Person, RoundRecord
from services.outbox import OutgoingMessage
from services.revisits.notices import RevisitJoined, RevisitLeft
from services.revisits.sampling import HEAVIEST, LEAST_SHARE, Drawn, Frame, NothingToDraw, UnitToDraw, draw
from services.unit_of_work import More, UnitOfWork

PAGE_SIZE = 8
_LOOKED_AT_AGAIN = (RoundState.EVALUATING, RoundState.ARCHIVED)
_CARDS = {None: 0, WarningCard.YELLOW: 2, WarningCard.RED: 4}
_MOST_RETURNS = 2  # that make an item weigh more


class OfAUnit(Exception):
    """Whoever is at a unit is in no re-visit group: it would learn of visits that are not announced."""


@dataclass(frozen=True)
class UnitSeen:
    """A unit in a re-visit as somebody may see it: its visit, and its items that were drawn."""

    visit: RevisitVisit
    items: Sequence[RevisitItem]


@dataclass(frozen=True)
class RevisitSeen:
    """A re-visit as somebody may see it."""

    revisit: Revisit
    units: Sequence[UnitSeen]
    members: Sequence[RevisitMember]

    def count(self, verdict: Verdict) -> int:
        """Return of how many of its items this was found."""
        return sum(one.verdict is verdict for unit in self.units for one in unit.items)

    @property
    def items(self) -> int:
        """How many items are looked at again."""
        return sum(len(unit.items) for unit in self.units)


@dataclass(frozen=True)
class DrawnAgain:
    """What the seed and the list of a re-visit draw now, and what was recorded."""

    revisit: Revisit
    frame: Frame
    drawn: Drawn
    recorded: frozenset[str]

    @property
    def is_same(self) -> bool:
        """Whether it is the same."""
        return frozenset(self.drawn.items) == self.recorded


# ---- to begin


def rounds_to_revisit(known: Directory, who: Member) -> list[RoundRecord]:
    """Return the rounds of which somebody may have items looked at again: for the office, those that are that far."""
    if not who.is_office:
        return []
    return [one for one in known.rounds.values() if one.state in _LOOKED_AT_AGAIN]


def least_shares(known: Directory) -> tuple[Fraction, Fraction]:
    """Return the smallest shares of units and of items that the county draws: never less than a third."""
    settings = known.settings.revisits
    shares = (settings.revisit_unit_share, settings.revisit_item_share)
    unit_share, item_share = (min(max(LEAST_SHARE, Fraction(str(share))), Fraction(1)) for share in shares)
    return unit_share, item_share


async def begin_sample(
    work: UnitOfWork, who: Member, round_id: str, evaluator: Evaluator, share: Fraction | None = None
) -> Revisit:
    """Draw a sample of a round's units and items by lot, with a seed that is kept. `share`: of both; else the county's.

    One evaluator has one sample of a round at a time: nobody draws until they like it. Raises NotEntitled, Impossible,
    NothingToDraw, and ShareTooSmall below a third or below the county's own share.
    """
    await _may_begin(work, who, round_id, RevisitKind.SAMPLE, evaluator)
    least_of_units, least_of_items = least_shares(await work.directory())
    unit_share, item_share = (share, share) if share is not None else (least_of_units, least_of_items)
    seed, frame = token_hex(16), await _frame_of(work, round_id)
    drawn = draw(seed, frame, unit_share, item_share)
    revisit = _new(work, who, RevisitKind.SAMPLE, evaluator, round_id)
    revisit.seed, revisit.frame = seed, frame.record()
    revisit.unit_share, revisit.item_share = str(unit_share), str(item_share)
    return await _enter(work, who, revisit, drawn.items)


async def begin_look_back(work: UnitOfWork, who: Member, round_id: str, evaluator: Evaluator) -> Revisit:
    """Take all items of a round, to judge each anew (回头看). Raises NotEntitled, Impossible or NothingToDraw."""
    await _may_begin(work, who, round_id, RevisitKind.LOOK_BACK, evaluator)
    frame = await _frame_of(work, round_id)
    everything = [item_id for unit in frame.units.values() for item_id in unit.items]
    if not everything:
        raise NothingToDraw
    return await _enter(work, who, _new(work, who, RevisitKind.LOOK_BACK, evaluator, round_id), everything)


def weight_of(item: RectificationItem, *, failed_before: bool) -> int:
    """Return how many lots an item has: the riskier, the more."""
    is_late = (item.submitted_on or item.state_since) > item.due_on
    weight = 1 + 3 * item.hazard + 2 * min(item.returns, _MOST_RETURNS) + _CARDS[item.card] + 2 * is_late
    return min(HEAVIEST, weight + 4 * failed_before)


async def _frame_of(work: UnitOfWork, round_id: str) -> Frame:
    """Return the list to draw from: all units of a round and their items, but those for one pair of eyes."""
    of_round = (RectificationItem.round_id == round_id, RectificationItem.desk.is_(None))
    query = select(RectificationItem).where(*of_round, RectificationItem.state != ItemState.DRAFT)
    items = list(await work.session.scalars(query.order_by(RectificationItem.id)))
    failed = select(RevisitItem.item_id).where(
        RevisitItem.item_id.in_([item.id for item in items]),
        RevisitItem.verdict.in_((Verdict.FALSE, Verdict.RECURRED)),
        RevisitItem.recorded_on.is_not(None),
    )
    failed_before = set(await work.session.scalars(failed))
    assigned = (await work.directory()).assignments.get(round_id, {})
    of_unit: dict[str, dict[str, int]] = {unit_id: {} for unit_id in assigned}
    for item in items:
        weight = weight_of(item, failed_before=item.id in failed_before)
        of_unit.setdefault(item.unit_id, {})[item.id] = weight
    # A unit weighs what its items weigh above one.
    return Frame(
        {
            unit_id: UnitToDraw(min(HEAVIEST, 1 + sum(weight - 1 for weight in own.values())), own)
            for unit_id, own in of_unit.items()
        }
    )


async def _may_begin(work: UnitOfWork, who: Member, round_id: str, kind: RevisitKind, evaluator: Evaluator) -> None:
    if round_id not in {one.id for one in rounds_to_revisit(await work.directory(), who)}:
        raise NotEntitled
    # Of two who press at once, one waits for the other.
    await work.session.get_one(Round, round_id, with_for_update={"key_share": True})
    running = select(Revisit.id).where(
        Revisit.round_id == round_id,
        Revisit.kind == kind,
        Revisit.evaluator == evaluator,
        Revisit.state == RevisitState.RUNNING,
    )
    if await work.session.scalar(running.limit(1)) is not None:
        raise Impossible("draw", RevisitState.RUNNING)


def _new(work: UnitOfWork, who: Member, kind: RevisitKind, evaluator: Evaluator, round_id: str) -> Revisit:
    return Revisit(
        id=token_hex(4),
        kind=kind,
        evaluator=evaluator,
        round_id=round_id,
        state=RevisitState.RUNNING,
        by_id=who.id,
        begun_on=work.today,
        ends_on=work.today,
    )


async def _enter(work: UnitOfWork, who: Member, revisit: Revisit, item_ids: Collection[str]) -> Revisit:
    days = (await work.settings()).revisits.revisit_days
    revisit.ends_on = work.today + timedelta(days=days)
    work.session.add(revisit)
    await work.session.flush()
    rows = await work.session.execute(
        select(RectificationItem.id, RectificationItem.unit_id).where(RectificationItem.id.in_(item_ids))
    )
    unit_of: dict[str, str] = {row.id: row.unit_id for row in rows}
    work.session.add_all(
        RevisitItem(revisit_id=revisit.id, item_id=item_id, unit_id=unit_id) for item_id, unit_id in unit_of.items()
    )
    work.session.add_all(
        RevisitVisit(id=token_hex(8), revisit_id=revisit.id, unit_id=unit_id, state=VisitState.NOT_PLANNED)
        for unit_id in sorted(set(unit_of.values()))
    )
    await work.session.flush()
    await record(work, Audited.REVISIT_BEGUN, by=who.id, revisit=revisit.id, items=len(unit_of), seed=revisit.seed)
    return revisit


async def drawn_again(work: UnitOfWork, revisit_id: str) -> DrawnAgain | None:
    """Return what the recorded seed and list of a sample draw now; None where there is no such sample."""
    revisit = await work.session.get(Revisit, revisit_id)
    if revisit is None or revisit.seed is None or revisit.frame is None:
        return None
    frame = Frame.read(revisit.frame)
    drawn = draw(revisit.seed, frame, Fraction(revisit.unit_share or "1/3"), Fraction(revisit.item_share or "1/3"))
    query = select(RevisitItem.item_id).where(RevisitItem.revisit_id == revisit_id)
    return DrawnAgain(revisit, frame, drawn, frozenset(await work.session.scalars(query)))


# ---- to look at


def actors_at(who: Member, revisit: Revisit) -> frozenset[Actor]:
    """Return what somebody is at a re-visit."""
    found = {Actor(held.role) for held in who.roles if held.role in OFFICE_ROLES}
    if revisit.id in who.revisits and revisit.state is RevisitState.RUNNING:
        found.add(Actor.REVISIT_GROUP)
    return frozenset(found)


def has_to_do_with_revisits(who: Member) -> bool:
    """Whether there are re-visits at all that somebody may know of."""
    return who.is_office or bool(who.revisits)


async def revisits_of(work: UnitOfWork, who: Member, after: str | None = None) -> tuple[list[Revisit], str | None]:
    """Return a page of the re-visits that somebody may know of, the latest first, and behind which one more follow."""
    query = select(Revisit).order_by(Revisit.begun_on.desc(), Revisit.id).limit(PAGE_SIZE + 1)
    if not who.is_office:
        query = query.where(Revisit.id.in_(who.revisits))
    last = await work.session.get(Revisit, after) if after else None
    if last is not None:
        earlier = and_(Revisit.begun_on == last.begun_on, Revisit.id > last.id)
        query = query.where(or_(Revisit.begun_on < last.begun_on, earlier))
    found = list(await work.session.scalars(query))
    return found[:PAGE_SIZE], found[PAGE_SIZE - 1].id if len(found) > PAGE_SIZE else None


async def revisit_seen(work: UnitOfWork, who: Member, revisit_id: str) -> RevisitSeen:
    """Return a re-visit as somebody may see it; raise NotEntitled when they may not."""
    revisit = await work.session.get(Revisit, revisit_id)
    if revisit is None or not actors_at(who, revisit):
        raise NotEntitled
    visits = select(RevisitVisit).where(RevisitVisit.revisit_id == revisit_id).order_by(RevisitVisit.unit_id)
    items = await drawn_items(work, who, RevisitItem.revisit_id == revisit_id)
    units = [
        UnitSeen(visit, [one for one in items if one.unit_id == visit.unit_id])
        for visit in await work.session.scalars(visits)
    ]
    # A unit of which they see no item would tell that something is kept from them there.
    return RevisitSeen(revisit, [unit for unit in units if unit.items], await _members(work, revisit_id))


async def drawn_items(work: UnitOfWork, who: Member, *which: ColumnElement[bool]) -> list[RevisitItem]:
    """Return those of some drawn items that somebody may see."""
    query = select(RevisitItem, RectificationItem).join(RectificationItem, RectificationItem.id == RevisitItem.item_id)
    rows = await work.session.execute(query.where(*which).order_by(RevisitItem.item_id))
    return [drawn for drawn, item in rows if who.actors_at_item(item)]


# ---- the group


async def revisit_to_change(work: UnitOfWork, who: Member, revisit_id: str) -> Revisit:
    """Return a re-visit whose group somebody may change, locked: the office. Raises Impossible or NotEntitled."""
    query = select(Revisit).where(Revisit.id == revisit_id).with_for_update()
    revisit = await work.session.scalar(query.execution_options(populate_existing=True))
    if revisit is None or not who.is_office:
        raise NotEntitled
    if revisit.state is not RevisitState.RUNNING:
        raise Impossible("change_group", revisit.state)
    return revisit


async def people_to_join(work: UnitOfWork, who: Member, revisit_id: str, named: str = "") -> list[Person]:
    """Return who can be taken into a group, those whose name holds what was typed. Raises as `revisit_to_change`."""
    await revisit_to_change(work, who, revisit_id)
    known = await work.directory()
    there = {one.staff_id for one in await _members(work, revisit_id)}
    return [
        one
        for one in known.people.values()
        if one.id not in there and not one.has(*UNIT_ROLES) and named.strip() in one.name and one.roles
    ]


async def join(work: UnitOfWork, who: Member, revisit_id: str, staff_id: str, body: Body) -> RevisitMember:
    """Take somebody into a group, and tell them. Raises OfAUnit, Impossible or NotEntitled."""
    revisit = await revisit_to_change(work, who, revisit_id)
    person = (await work.directory()).people.get(staff_id)
    if person is None:
        raise NotEntitled
    if person.has(*UNIT_ROLES):
        raise OfAUnit
    await staff_to_change(work, staff_id)
    entry = await work.session.get(RevisitMember, (revisit_id, staff_id))
    if entry is None:
        entry = RevisitMember(revisit_id=revisit_id, staff_id=staff_id, body=body)
        work.session.add(entry)
    entry.body, entry.ended_at = body, None
    await work.session.flush()
    await work.outbox.to_staff(staff_id, OutgoingMessage(RevisitJoined(revisit.id)))
    await record(work, Audited.REVISIT_JOINED, by=who.id, subject=staff_id, revisit=revisit.id)
    return entry


async def leave(work: UnitOfWork, who: Member, revisit_id: str, staff_id: str) -> None:
    """Take somebody out of a group, and tell them. Raises Impossible or NotEntitled."""
    await revisit_to_change(work, who, revisit_id)
    entry = await work.session.get(RevisitMember, (revisit_id, staff_id))
    if entry is None or entry.ended_at is not None:
        raise Impossible("leave", RevisitState.RUNNING)
    await _end_memberships(work, [entry], by=who.id)


async def end(work: UnitOfWork, who: Member, revisit_id: str) -> Revisit:
    """End a re-visit: what was drawn is its group's no more. Raises Impossible or NotEntitled."""
    revisit = await revisit_to_change(work, who, revisit_id)
    await _end(work, revisit, actors_at(who, revisit), by=who.id)
    return revisit


async def end_revisits(work: UnitOfWork) -> More | None:
    """End the re-visits whose last day is over, each in a transaction: it locks staff, and the audit log last."""
    over = select(Revisit).where(Revisit.state == RevisitState.RUNNING, Revisit.ends_on < work.today)
    revisit = await work.session.scalar(over.order_by(Revisit.ends_on, Revisit.id).limit(1).with_for_update())
    if revisit is None:
        return None
    await _end(work, revisit, {Actor.SYSTEM}, by=CLOCK)
    return More.TO_DO


async def _end(work: UnitOfWork, revisit: Revisit, actors: Iterable[Actor], *, by: str) -> None:
    revisit.state = REVISIT.step(revisit.state, "end", actors)
    await _end_memberships(work, await _members(work, revisit.id), by=by)


async def _end_memberships(work: UnitOfWork, members: Sequence[RevisitMember], *, by: str) -> None:
    for one in members:
        await staff_to_change(work, one.staff_id)
        one.ended_at = coarse(work.now)
    await work.session.flush()
    opening = (await work.calendar()).next_working_moment(work.now)
    told_from = opening if by == CLOCK else None
    for one in members:
        if one.staff_id in (await work.directory()).people:
            outgoing = OutgoingMessage(RevisitLeft(one.revisit_id))
            await work.outbox.to_staff(one.staff_id, outgoing, not_before=told_from)
    for one in members:
        await record(work, Audited.REVISIT_LEFT, by=by, subject=one.staff_id, revisit=one.revisit_id)


async def _members(work: UnitOfWork, revisit_id: str) -> list[RevisitMember]:
    query = select(RevisitMember).where(RevisitMember.revisit_id == revisit_id, RevisitMember.ended_at.is_(None))
    return list(await work.session.scalars(query.order_by(RevisitMember.staff_id)))
