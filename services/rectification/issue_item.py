"""A rectification item is issued: ordered because of a case, or freely by the office."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import or_, select

from models.complaints import Case, MessageKind
from models.deadlines import Audience
from models.rectification import FIX_ON_SPOT, CaseItem, RectificationItem
from models.rounds import Assignment, Category, Round, Unit
from models.staff import Role, Staff, StaffRole
from models.states import CASE, Actor, ItemState, NotEntitled, RoundState
from services.access.conflicts import named_in_case
from services.access.member import Member
from services.cases import case_log
from services.cases.dialogue import say_to_reporter
from services.cases.identity_probing import log_preview, masked_for
from services.rectification import item_log
from services.rectification.notify import tell
from services.rectification.patterns import note_patterns
from services.unit_of_work import UnitOfWork

LONGEST_TEXT = 1000  # an item is shown whole in one message, with its history
_HAZARD_DAYS = 1
_ISSUERS = (Actor.OFFICE_STAFF, Actor.OFFICE_DIRECTOR, Actor.TEAM_LEADER)


class UnitUnknown(Exception):
    """The case names no unit yet, so there is nobody to order; the office sets it."""


class DueInPast(Exception):
    """The due date lies before today."""


class TextUnfit(Exception):
    """The text of an item is empty or too long."""


@dataclass(frozen=True)
class NewItem:
    """What an item asks of a unit."""

    unit_id: str
    problem: str
    due_on: date
    requirement: str = ""
    county_leader_id: str | None = None
    hazard: bool = False


async def order_fix(work: UnitOfWork, who: Member, case_id: str, problem: str, due_on: date) -> RectificationItem:
    """Order the unit of a case to fix what was found, by the team leader, and set the case to being fixed.

    The text is the leader's own: nothing of what the reporter sent, and no number of the case, goes into the item.
    Raises UnitUnknown, DueInPast or TextUnfit, Impossible or NotEntitled.
    """
    item = await draft_fix(work, who, case_id, problem, due_on)
    case = await case_log.case_seen_by(work, who, case_id)
    await case_log.step(work, case, "order_fix", who.actors_at(case), by=who)
    # The leader orders by their place at the case: one for their eyes alone may have no team that reviews.
    await _enter(work, item, {Actor.TEAM_LEADER}, by=who, because_of=case)
    await say_to_reporter(work, case, MessageKind.TEXT, key="being_fixed")
    return item


async def draft_fix(work: UnitOfWork, who: Member, case_id: str, problem: str, due_on: date) -> RectificationItem:
    """Return an order as it would be issued, to be looked at first. Raises as `order_fix` does.

    What it repeats of the reporter is masked, and told, as are too many looks.
    """
    case = await case_to_fix(work, who, case_id)
    unit_id = case.unit_id or ""
    leader = await lead_county_leader(work, unit_id, case.category, because_of=case)
    await log_preview(work, who, case)
    # The head reads it: what leads to the reporter goes no further, even when a leader copies it.
    problem = await masked_for(work, who, case, problem)
    order = NewItem(unit_id, problem, due_on, county_leader_id=leader, hazard=case.hazard)
    item = _draft(work, order, case.round_id, case.team_id, case.category, source=FIX_ON_SPOT)
    item.desk = case.desk if case.desk.is_for_one else None
    return item


async def case_to_fix(work: UnitOfWork, who: Member, case_id: str) -> Case:
    """Return a case whose unit somebody may order to fix it now. Raises UnitUnknown, Impossible or NotEntitled."""
    case = await case_log.case_seen_by(work, who, case_id)
    CASE.step(case.state, "order_fix", who.actors_at(case))
    if case.unit_id is None:
        raise UnitUnknown
    return case


async def usual_due(work: UnitOfWork, case: Case) -> date:
    """Return the due day of an order nobody set another for: a day for a hazard."""
    usual = (await work.directory()).complaint_settings_of(case.round_id).fix_on_spot_days
    days = _HAZARD_DAYS if case.hazard else usual
    return work.today + timedelta(days=days)


async def plan_due(work: UnitOfWork, item: RectificationItem) -> date | None:
    """Return by when a plan for a new item is due; None where the item itself is due before."""
    days = (await item_log.ladder_of(work, item)).plan_due_days
    feedback_on = (await work.session.get_one(Round, item.round_id)).feedback_on
    due = max(item.issued_on, feedback_on or item.issued_on) + timedelta(days=days)
    return due if due < item.due_on else None


async def issue_item(work: UnitOfWork, who: Member, order: NewItem) -> RectificationItem:
    """Issue an item freely, by the office or the leader of the unit's team. Raises as `order_fix` does."""
    item = await draft_item(work, who, order)
    await _enter(work, item, who.actors_at_item(item), by=who)
    return item


async def draft_item(work: UnitOfWork, who: Member, order: NewItem) -> RectificationItem:
    """Return an item as it would be issued, to be looked at first. Raises as `order_fix` does."""
    assignment = await _latest_assignment(work, order.unit_id)
    category = await _last_category(work)
    item = _draft(work, order, assignment.round_id, assignment.team_id, category, source="office")
    _check_issuer(who.actors_at_item(item))
    return item


async def lead_county_leader(
    work: UnitOfWork, unit_id: str, category: str | None, *, because_of: Case | None = None
) -> str | None:
    """Return the county leader in charge: of the field, otherwise of the unit. Nobody whom the case shuts out is."""
    named = frozenset[str]() if because_of is None else await named_in_case(work.session, because_of.id)
    leaders = [
        leader
        for leader in (await work.directory()).with_roles(Role.COUNTY_LEADER)
        if because_of is None or not (leader.id in named or because_of.unit_id in leader.shut_out_of)
    ]
    for leader in leaders:
        if any(held.role == Role.COUNTY_LEADER and category in held.fields for held in leader.roles):
            return leader.id
    own = (await work.session.get_one(Unit, unit_id)).county_leader_id
    return own if own in {leader.id for leader in leaders} else None


async def county_leaders(work: UnitOfWork) -> list[Staff]:
    """Return the county leaders in the order of their ids."""
    leading = select(StaffRole.staff_id).where(StaffRole.role == Role.COUNTY_LEADER)
    query = select(Staff).where(Staff.left_at.is_(None), Staff.id.in_(leading)).order_by(Staff.id)
    return list(await work.session.scalars(query))


async def units_to_order(work: UnitOfWork, who: Member, named: str = "") -> list[Unit]:
    """Return the units somebody may issue items to, those whose name holds what was typed."""
    query = select(Unit).where(Unit.id.not_in(who.shut_out_of), Unit.name.contains(named, autoescape=True))
    led = select(Assignment.unit_id).where(Assignment.team_id.in_(who.teams(Role.TEAM_LEADER)))
    if not who.is_office:
        query = query.where(Unit.id.in_(led))
    return list(await work.session.scalars(query.order_by(Unit.name, Unit.id)))


def _draft(
    work: UnitOfWork, order: NewItem, round_id: str, team_id: str | None, category: str, *, source: str
) -> RectificationItem:
    texts = (order.problem, order.requirement)
    if not order.problem.strip() or any(len(text) > LONGEST_TEXT for text in texts):
        raise TextUnfit
    if order.due_on < work.today:
        raise DueInPast
    return RectificationItem(
        id="",
        round_id=round_id,
        unit_id=order.unit_id,
        team_id=team_id,
        category=category,
        source=source,
        problem=order.problem.strip(),
        requirement=order.requirement.strip(),
        county_leader_id=order.county_leader_id,
        hazard=order.hazard,
        issued_on=work.today,
        due_on=order.due_on,
        deadline_version=1,
        held_days=0,
        extension_days=0,
        state=ItemState.DRAFT,
        state_since=work.today,
        is_open=True,
        returns=0,
        card_returns=0,
        card_held_days=0,
        version=0,
    )


def _check_issuer(actors: Collection[Actor]) -> None:
    if not set(actors).intersection(_ISSUERS):
        raise NotEntitled


async def _enter(
    work: UnitOfWork, item: RectificationItem, actors: Collection[Actor], *, by: Member, because_of: Case | None = None
) -> None:
    _check_issuer(actors)
    item.id = await _free_number(work)
    work.session.add(item)
    await work.session.flush()
    if because_of is not None:  # before anybody is told: the case says who must not be
        work.session.add(CaseItem(case_id=because_of.id, item_id=item.id))
        await work.session.flush()
    item.plan_due_on = await plan_due(work, item)
    event = await item_log.step(work, item, "issue", actors, by=by)
    await tell(work, item, event, Audience.UNIT_HEAD, Audience.LIAISON, Audience.COUNTY_LEADER)
    await note_patterns(work, item)


async def _latest_assignment(work: UnitOfWork, unit_id: str) -> Assignment:
    query = (
        select(Assignment)
        .join(Round, Round.id == Assignment.round_id)
        .where(Assignment.unit_id == unit_id)
        .order_by(Round.state == RoundState.CANCELLED, Round.stay_from.desc())
        .limit(1)
    )
    assignment = await work.session.scalar(query)
    if assignment is None:
        raise UnitUnknown
    return assignment


async def _last_category(work: UnitOfWork) -> str:
    query = select(Category.code).order_by(or_(Category.code == "other").desc(), Category.position.desc()).limit(1)
    return (await work.session.scalars(query)).one()


async def _free_number(work: UnitOfWork) -> str:
    while True:
        number = f"RI{secrets.randbelow(10**6):06d}"
        if await work.session.get(RectificationItem, number) is None:
            return number
