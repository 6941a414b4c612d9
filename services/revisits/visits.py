"""Visits in a re-visit: they are planned, announced or not (暗访), and what was found counts once one is recorded.

Until then the group and the office alone know of it, whatever was noted: no event of the item, no message, no list of
the unit says anything.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from models.audit import Audited
from models.deadlines import Audience
from models.rectification import ItemEvent, RectificationItem
from models.revisits import Revisit, RevisitItem, RevisitMember, RevisitVisit, Verdict
from models.staff import UNIT_ROLES
from models.states import VISIT, Actor, Impossible, ItemState, NotEntitled, RevisitState, VisitState
from services.access.member import Member
from services.audit.log import record as record_audit
from services.outbox import OutgoingMessage, Priority
from services.rectification import item_log
from services.rectification.masking import masked_for_all
from services.rectification.notify import tell
from services.rectification.reopen import ReopenReason, days_for, open_again
from services.revisits.notices import VisitAnnounced, VisitPlanned
from services.revisits.revisits import actors_at, drawn_items
from services.unit_of_work import UnitOfWork

LONGEST_WORDS = 500  # characters
_TOLD = (
    *(Audience.UNIT_HEAD, Audience.LIAISON, Audience.COUNTY_LEADER),
    *(Audience.REVIEWERS, Audience.OFFICE_DIRECTOR),
)
_NOT_FIXED = {Verdict.FALSE: ReopenReason.NOT_SO, Verdict.RECURRED: ReopenReason.RECURRED}
FOUND_TRUE = "found_true"


class DayUnfit(Exception):
    """The day of a visit has passed, or the re-visit has ended by then."""


class NothingJudged(Exception):
    """Nothing was found of any item of a unit yet."""


class OwnWork(Exception):
    """Whoever passed an item once does not judge it again."""


@dataclass(frozen=True)
class VisitSeen:
    """A visit as somebody may see it, with the items that were drawn there, and what they are there."""

    revisit: Revisit
    visit: RevisitVisit
    items: list[RevisitItem]
    actors: frozenset[Actor]


async def visit_seen(work: UnitOfWork, who: Member, visit_id: str, *, lock: bool = False) -> VisitSeen:
    """Return a visit, for the group and the office; raise NotEntitled for everybody else."""
    query = select(RevisitVisit).where(RevisitVisit.id == visit_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    visit = await work.session.scalar(query)
    revisit = await work.session.get(Revisit, visit.revisit_id) if visit is not None else None
    if visit is None or revisit is None or not actors_at(who, revisit):
        raise NotEntitled
    items = await drawn_items(work, who, RevisitItem.revisit_id == revisit.id, RevisitItem.unit_id == visit.unit_id)
    if not items:  # they are shut out of the unit, or of all that was drawn there
        raise NotEntitled
    return VisitSeen(revisit, visit, items, actors_at(who, revisit))


async def may(work: UnitOfWork, who: Member, visit_id: str, action: str) -> VisitSeen:
    """Return a visit, locked, with which somebody may do something now; raise Impossible or NotEntitled."""
    seen = await visit_seen(work, who, visit_id, lock=True)
    if seen.revisit.state is not RevisitState.RUNNING:
        raise Impossible(action, seen.revisit.state)
    VISIT.step(seen.visit.state, action, seen.actors)
    return seen


async def plan(work: UnitOfWork, who: Member, visit_id: str, on: date, *, is_unannounced: bool) -> RevisitVisit:
    """Plan a visit; the group is told, and the unit unless it is not to know. Raises DayUnfit, and as `may` does."""
    seen = await may(work, who, visit_id, "plan")
    if not work.today <= on <= seen.revisit.ends_on:
        raise DayUnfit
    visit = seen.visit
    visit.state = VISIT.step(visit.state, "plan", seen.actors)
    visit.planned_on, visit.is_unannounced, visit.planned_by = on, is_unannounced, who.id
    await _tell(work, who, visit)
    await record_audit(work, Audited.VISIT_PLANNED, by=who.id, revisit=visit.revisit_id, unit=visit.unit_id)
    return visit


async def call_off(work: UnitOfWork, who: Member, visit_id: str) -> RevisitVisit:
    """Plan no visit after all; who was told of it hears that. Raises as `may` does."""
    seen = await may(work, who, visit_id, "call_off")
    seen.visit.state = VISIT.step(seen.visit.state, "call_off", seen.actors)
    await _tell(work, who, seen.visit)
    await record_audit(work, Audited.VISIT_CALLED_OFF, by=who.id, revisit=seen.revisit.id, unit=seen.visit.unit_id)
    return seen.visit


async def may_judge(work: UnitOfWork, who: Member, revisit_id: str, item_id: str) -> RevisitItem:
    """Return an item of which somebody in the group may say what was found.

    What was recorded is judged anew once another visit is planned. Raises OwnWork, Impossible or NotEntitled.
    """
    query = select(RevisitItem).where(RevisitItem.revisit_id == revisit_id, RevisitItem.item_id == item_id)
    drawn = await work.session.scalar(query.with_for_update().execution_options(populate_existing=True))
    at = RevisitVisit.revisit_id == revisit_id
    visits = select(RevisitVisit).where(at, RevisitVisit.unit_id == (drawn.unit_id if drawn else ""))
    visit = await work.session.scalar(visits)
    if drawn is None or visit is None:
        raise NotEntitled
    seen = await visit_seen(work, who, visit.id)
    if Actor.REVISIT_GROUP not in seen.actors or item_id not in {one.item_id for one in seen.items}:
        raise NotEntitled
    if drawn.recorded_on is not None and visit.state is not VisitState.PLANNED:
        raise Impossible("judge", visit.state)
    passed = select(ItemEvent.version).where(
        ItemEvent.item_id == item_id, ItemEvent.event == "pass", ItemEvent.by_id == who.id
    )
    if await work.session.scalar(passed.limit(1)) is not None:
        raise OwnWork
    return drawn


async def judge(
    work: UnitOfWork, who: Member, revisit_id: str, item_id: str, verdict: Verdict, words: str
) -> RevisitItem:
    """Note what was found of an item, in words that its unit will read. Raises as `may_judge` does."""
    drawn = await may_judge(work, who, revisit_id, item_id)
    item = await work.session.get_one(RectificationItem, item_id)
    drawn.words = await masked_for_all(work, who, item, words)
    drawn.verdict, drawn.judged_by, drawn.judged_on, drawn.recorded_on = verdict, who.id, work.today, None
    await work.session.flush()
    return drawn


async def record(work: UnitOfWork, who: Member, visit_id: str) -> RevisitVisit:
    """Let what was found at a unit count: it is told, and what was not put right or has come back is opened again.

    Raises NothingJudged, and as `may` does.
    """
    seen = await may(work, who, visit_id, "record")
    drawn = select(RevisitItem).where(
        RevisitItem.revisit_id == seen.revisit.id,
        RevisitItem.unit_id == seen.visit.unit_id,
        RevisitItem.verdict.is_not(None),
        RevisitItem.recorded_on.is_(None),
    )
    found = list(await work.session.scalars(drawn.order_by(RevisitItem.item_id).with_for_update()))
    if not found:
        raise NothingJudged
    visit = seen.visit
    visit.state = VISIT.step(visit.state, "record", seen.actors)
    visit.recorded_by, visit.recorded_on = who.id, work.today
    for one in found:
        await _put_down(work, who, one)
    await record_audit(work, Audited.VISIT_RECORDED, by=who.id, revisit=visit.revisit_id, unit=visit.unit_id)
    return visit


async def _put_down(work: UnitOfWork, who: Member, drawn: RevisitItem) -> None:
    """Enter at an item what was found of it, and tell whom it concerns."""
    assert drawn.verdict is not None  # noqa: S101 (the query asks for it)
    query = select(RectificationItem).where(RectificationItem.id == drawn.item_id).with_for_update()
    item = (await work.session.scalars(query.execution_options(populate_existing=True))).one()
    drawn.recorded_on = work.today
    if drawn.verdict in _NOT_FIXED and item.state is ItemState.CLEARED:
        days = await days_for(work, item)
        await open_again(work, item, {Actor.SYSTEM}, days, by=who, reason=_NOT_FIXED[drawn.verdict], note=drawn.words)
        return
    reason = _NOT_FIXED.get(drawn.verdict, FOUND_TRUE)
    event = await item_log.log_event(work, item, "looked_at_again", by=who, note=drawn.words, reason=str(reason))
    await tell(work, item, event, *_TOLD)


async def _tell(work: UnitOfWork, who: Member, visit: RevisitVisit) -> None:
    """Tell the others of the group how a visit stands; its unit only where it is announced."""
    await work.session.flush()
    known = await work.directory()
    in_group = select(RevisitMember.staff_id).where(
        RevisitMember.revisit_id == visit.revisit_id, RevisitMember.ended_at.is_(None)
    )
    for staff_id in await work.session.scalars(in_group.order_by(RevisitMember.staff_id)):
        person = known.people.get(staff_id)
        if person is not None and staff_id != who.id and visit.unit_id not in person.shut_out_of:
            await work.outbox.to_staff(staff_id, OutgoingMessage(VisitPlanned(visit.revisit_id, visit.id)))
    if visit.is_unannounced:
        return
    for person in known.with_roles(*UNIT_ROLES, unit_id=visit.unit_id):
        await work.outbox.to_staff(person.id, OutgoingMessage(VisitAnnounced(visit.id)), priority=Priority.NOTICE)


async def announced_visit(work: UnitOfWork, who: Member, visit_id: str) -> RevisitVisit | None:
    """Return a visit that a unit's own people may hear of: announced, and not over; None for any other."""
    visit = await work.session.get(RevisitVisit, visit_id)
    if visit is None or visit.is_unannounced or visit.state is VisitState.RECORDED:
        return None
    return visit if visit.unit_id in who.units(*UNIT_ROLES) else None
