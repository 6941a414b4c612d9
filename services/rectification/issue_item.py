"""A rectification item is issued: ordered because of a case, or freely by the office."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import or_, select

from models.audit import Audited
from models.complaints import Case, MessageKind
from models.deadlines import Audience, interim_due
from models.item_drafts import ItemDraft
from models.origins import HandDown
from models.rectification import CaseItem, CopyTo, ItemCopy, ItemSource, ItemUnit, RectificationItem
from models.rounds import Assignment, Category, Round, Unit
from models.staff import Role, Staff, StaffRole
from models.states import CASE, Actor, NotEntitled, RoundState
from services.access.conflicts import named_in_case
from services.access.member import Member
from services.audit.log import record
from services.cases import case_log
from services.cases.dialogue import say_to_reporter
from services.cases.identity_probing import log_preview, masked_for
from services.rectification import item_log
from services.rectification.copies import tell_of_copies
from services.rectification.notify import NoticesTogether, tell
from services.rectification.order import LONGEST_TEXT, Incomplete, NewItem, missing, unsaved_item
from services.rectification.patterns import note_patterns
from services.unit_of_work import UnitOfWork

_ISSUERS = (Actor.OFFICE_STAFF, Actor.OFFICE_DIRECTOR, Actor.TEAM_LEADER)


class UnitUnknown(Exception):
    """The case names no unit yet, so there is nobody to order; the office sets it."""


class DueInPast(Exception):
    """The due date lies before today."""


class TextUnfit(Exception):
    """The text of an item is empty or too long."""


@dataclass(frozen=True)
class Place:
    """Where an item of a unit belongs: the round, the team that reviews it, and the category of what has no other."""

    round_id: str
    team_id: str | None
    rectification_due: date | None
    category: str

    async def unsaved(self, work: UnitOfWork, order: NewItem) -> RectificationItem:
        """Return the item that an order would become."""
        return await _unsaved(work, order, self.round_id, self.team_id, self.category)


async def _unsaved(
    work: UnitOfWork, order: NewItem, round_id: str, team_id: str | None, category: str
) -> RectificationItem:
    item = unsaved_item(order, round_id, team_id, category, work.today)
    if item.hazard:
        item.interim_due_on = interim_due(await item_log.ladder_of(work, item), item.issued_on, item.due_on)
    return item


async def order_fix(work: UnitOfWork, who: Member, case_id: str, problem: str, due_on: date) -> RectificationItem:
    """Order the unit of a case to fix what was found, by the team leader, and set the case to being fixed.

    The text is the leader's own: nothing of what the reporter sent, and no number of the case, goes into the item.
    Raises UnitUnknown, DueInPast or TextUnfit, Impossible or NotEntitled.
    """
    item, order = await _draft_fix(work, who, case_id, problem, due_on)
    case = await case_log.case_seen_by(work, who, case_id)
    await case_log.step(work, case, "order_fix", who.actors_at(case), by=who)
    # The leader orders by their place at the case: one for their eyes alone may have no team that reviews.
    await _enter(work, item, {Actor.TEAM_LEADER}, by=who, order=order, because_of=case)
    await say_to_reporter(work, case, MessageKind.TEXT, key="being_fixed")
    return item


async def draft_fix(work: UnitOfWork, who: Member, case_id: str, problem: str, due_on: date) -> RectificationItem:
    """Return an order as it would be issued, to be looked at first. Raises as `order_fix` does.

    What it repeats of the reporter is masked, and told, as are too many looks.
    """
    return (await _draft_fix(work, who, case_id, problem, due_on))[0]


async def _draft_fix(
    work: UnitOfWork, who: Member, case_id: str, problem: str, due_on: date
) -> tuple[RectificationItem, NewItem]:
    case = await case_to_fix(work, who, case_id)
    unit_id = case.unit_id or ""
    leader = await lead_county_leader(work, unit_id, case.category, because_of=case)
    await log_preview(work, who, case)
    # The head reads it: what leads to the reporter goes no further, even when a leader copies it.
    problem = await masked_for(work, who, case, problem)
    order = NewItem(
        unit_id,
        problem,
        due_on,
        category=case.category,
        head=await head_of(work, unit_id),
        county_leader_id=leader,
        source=ItemSource.FIX_ON_SPOT,
        village_id=await village_of(work, case, unit_id),
        hazard=case.hazard,
    )
    order = replace(order, copies=await usual_copies(work, order))
    item = checked(work, await _unsaved(work, order, case.round_id, case.team_id, case.category))
    item.desk = case.desk if case.desk.is_for_one else None
    return item, order


async def case_to_fix(work: UnitOfWork, who: Member, case_id: str) -> Case:
    """Return a case whose unit somebody may order to fix it now. Raises UnitUnknown, Impossible or NotEntitled."""
    case = await case_log.case_seen_by(work, who, case_id)
    CASE.step(case.state, "order_fix", who.actors_at(case))
    if case.unit_id is None:
        raise UnitUnknown
    return case


async def village_of(work: UnitOfWork, case: Case, unit_id: str) -> str | None:
    """Return the village of a case, if it belongs to the unit that an item is issued to."""
    village = (await work.directory()).villages.get(case.village_id or "")
    return village.id if village is not None and village.unit_id == unit_id else None


async def usual_due(work: UnitOfWork, case: Case) -> date:
    """Return the due day of an order nobody set another for; a danger has its interim action before that."""
    days = (await work.directory()).complaint_settings_of(case.round_id).fix_on_spot_days
    return work.today + timedelta(days=days)


async def issue_item(work: UnitOfWork, who: Member, order: NewItem) -> RectificationItem:
    """Issue an item, by the office or the leader of the unit's team.

    Raises Incomplete when it lacks anything, and as `order_fix` does.
    """
    item = await draft_item(work, who, order)
    await enter_item(work, who, item, order)
    return item


async def draft_item(
    work: UnitOfWork, who: Member, order: NewItem, *, because_of: Case | None = None
) -> RectificationItem:
    """Return an item as it would be issued. Raises as `issue_item` does."""
    place = await place_of(work, order.unit_id, because_of)
    if not may_issue(who, order.unit_id, place.team_id) or not who.shut_out_of.isdisjoint(order.other_units):
        raise NotEntitled
    if lacks := missing(order, await aspects_for(work, order, place.round_id)):
        raise Incomplete(lacks)
    item = checked(work, await place.unsaved(work, order))
    if because_of is not None and because_of.desk.is_for_one:
        item.desk = because_of.desk
    return item


async def enter_item(
    work: UnitOfWork,
    who: Member,
    item: RectificationItem,
    order: NewItem,
    *,
    because_of: Case | None = None,
    together: NoticesTogether | None = None,
) -> None:
    """Issue an item that `draft_item` has returned, and tell whom it concerns. Raises NotEntitled.

    `together`: with whatever else is issued at one go.
    """
    # A leader issues by their place at the case: one for their eyes alone may have no team that reviews.
    actors = who.actors_at_item(item) if because_of is None else {Actor.TEAM_LEADER}
    await _enter(work, item, actors, by=who, because_of=because_of, order=order, together=together)


async def add_item(work: UnitOfWork, item: RectificationItem, order: NewItem) -> None:
    """Give an item its number, and keep it with its other units and its copies."""
    item.id = await _free_number(work)
    item.others = [ItemUnit(item_id=item.id, unit_id=unit_id) for unit_id in order.other_units]
    work.session.add(item)
    await work.session.flush()
    item.plan_due_on = await plan_due(work, item)
    work.session.add_all(
        ItemCopy(item_id=item.id, copy_to=copy_to, recipient_id=recipient) for copy_to, recipient in order.copies
    )
    await work.session.flush()


async def plan_due(work: UnitOfWork, item: RectificationItem) -> date | None:
    """Return by when a plan for a new item is due; None where the item itself is due before."""
    days = (await item_log.ladder_of(work, item)).plan_due_days
    feedback_on = (await work.session.get_one(Round, item.round_id)).feedback_on
    due = max(item.issued_on, feedback_on or item.issued_on) + timedelta(days=days)
    return due if due < item.due_on else None


async def with_usual_parts(
    work: UnitOfWork, order: NewItem, place: Place, *, because_of: Case | None = None
) -> NewItem:
    """Return an order with what is usual wherever it says nothing yet.

    The head of the unit answers for it, the county leader of the field is in charge, it is due when the round's items
    are, and goes to the leader, to the departments of its field and to the unit.
    """
    settings = (await work.directory()).rectification_settings_of(place.round_id)
    head = await head_of(work, order.unit_id)
    leader = order.county_leader_id
    if leader is None:
        leader = await lead_county_leader(work, order.unit_id, order.category, because_of=because_of)
        leader = None if leader == order.owner_id else leader
    days = place.rectification_due
    usual_day = days if days and days > work.today else work.today + timedelta(days=settings.due_days)
    order = replace(
        order,
        head=order.head or head,
        county_leader_id=leader,
        due_on=order.due_on or usual_day,
    )
    if order.copies:
        return order
    return replace(order, copies=await usual_copies(work, order))


async def follow(work: UnitOfWork, before: NewItem, order: NewItem, *, because_of: Case | None = None) -> NewItem:
    """Return an order that was changed, with what was usual before it and is another now: the leader and the copies."""
    if order.category != before.category and order.county_leader_id == before.county_leader_id:
        usual = await lead_county_leader(work, before.unit_id, before.category, because_of=because_of)
        if before.county_leader_id in (usual, None):
            leader = await lead_county_leader(work, order.unit_id, order.category, because_of=because_of)
            order = replace(order, county_leader_id=None if leader == order.owner_id else leader)
    if order.copies == before.copies == await usual_copies(work, before):
        order = replace(order, copies=await usual_copies(work, order))
    return order


async def usual_copies(work: UnitOfWork, order: NewItem) -> tuple[tuple[CopyTo, str], ...]:
    """Return to whom an item goes: the leader in charge, the departments of its field, and each of its units.

    It does not depend on where the item lies: the unit reads who else gets it, and is not to learn that by it.
    """
    departments = (await work.directory()).departments.values()
    leaders = dict.fromkeys(one for one in (order.county_leader_id, order.owner_id) if one is not None)
    return (
        *((CopyTo.LEADER, one) for one in leaders),
        *((CopyTo.DEPARTMENT, one.id) for one in departments if order.category in one.fields),
        *((CopyTo.UNIT, unit_id) for unit_id in (order.unit_id, *order.other_units)),
    )


async def head_of(work: UnitOfWork, unit_id: str) -> str:
    """Return the name of a unit's head, as far as one is on the staff."""
    heads = (await work.directory()).with_roles(Role.UNIT_HEAD, unit_id=unit_id)
    return heads[0].name if heads else ""


async def aspects_for(work: UnitOfWork, order: NewItem, round_id: str) -> tuple[str, ...]:
    """Return the aspects that an item may belong to: those of its hand-down with their parts, else its round's."""
    hand_down = await work.session.get(HandDown, order.hand_down_id) if order.hand_down_id else None
    if hand_down is None:
        return (await work.directory()).rectification_settings_of(round_id).aspects
    return tuple(name for aspect in hand_down.aspects for name in (aspect["name"], *aspect["parts"]))


def may_issue(who: Member, unit_id: str, team_id: str | None) -> bool:
    """Whether somebody may issue items to a unit: the office, and the leader of its team; nobody to their own."""
    if unit_id in who.shut_out_of or unit_id in who.units(Role.UNIT_HEAD, Role.LIAISON):
        return False
    return who.is_office or (team_id is not None and team_id in who.teams(Role.TEAM_LEADER))


async def may_go_on_with(work: UnitOfWork, who: Member, unit_id: str, team_id: str | None, case_id: str | None) -> bool:
    """Whether somebody may issue at the unit of a draft, and leads the desk of the case that it was made from."""
    if not may_issue(who, unit_id, team_id):
        return False
    case = await work.session.get(Case, case_id) if case_id else None
    return case is None or Actor.TEAM_LEADER in who.actors_at(case)


async def may_go_on_with_draft(work: UnitOfWork, who: Member, draft: ItemDraft) -> bool:
    """Whether a draft is somebody's to go on with: who is shut out of any of its units does not see it."""
    if not who.shut_out_of.isdisjoint(NewItem.of_json(draft.content).other_units):
        return False
    return await may_go_on_with(work, who, draft.unit_id, draft.team_id, draft.case_id)


async def place_of(work: UnitOfWork, unit_id: str, because_of: Case | None = None) -> Place:
    """Return where an item of a unit belongs: its latest round. Raises UnitUnknown when it never was in one.

    `because_of`: the case of which it is made, whose team reviews it.
    """
    query = (
        select(Assignment, Round.rectification_due)
        .join(Round, Round.id == Assignment.round_id)
        .where(Assignment.unit_id == unit_id)
        .order_by(Round.state == RoundState.CANCELLED, Round.stay_from.desc())
        .limit(1)
    )
    found = (await work.session.execute(query)).first()
    if found is None:
        raise UnitUnknown
    place = Place(found[0].round_id, found[0].team_id, found[1], await last_category(work))
    if because_of is None or (because_of.round_id, because_of.unit_id) != (place.round_id, unit_id):
        return place
    return replace(place, team_id=await _team_of(work, because_of, place.team_id))


async def _team_of(work: UnitOfWork, case: Case, team_of_unit: str | None) -> str | None:
    """Return who reviews what is made of a case: whose it is; None: the office.

    What the office has of a village that another team had is not for the team of its unit.
    """
    if case.team_id is not None:
        return case.team_id
    displaced = (await work.directory()).displaced_team(case.round_id, case.village_id)
    return team_of_unit if displaced is None else None


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


def checked(work: UnitOfWork, item: RectificationItem) -> RectificationItem:
    """Return an item whose texts and day are fit. Raises TextUnfit or DueInPast."""
    if not item.problem or max(len(item.problem), len(item.requirement)) > LONGEST_TEXT:
        raise TextUnfit
    if item.due_on < work.today:
        raise DueInPast
    return item


def _check_issuer(actors: Collection[Actor]) -> None:
    if not set(actors).intersection(_ISSUERS):
        raise NotEntitled


async def _enter(
    work: UnitOfWork,
    item: RectificationItem,
    actors: Collection[Actor],
    *,
    by: Member,
    order: NewItem,
    because_of: Case | None = None,
    together: NoticesTogether | None = None,
) -> None:
    _check_issuer(actors)
    await add_item(work, item, order)
    if because_of is not None:  # before anybody is told: the case says who must not be
        work.session.add(CaseItem(case_id=because_of.id, item_id=item.id))
        await work.session.flush()
    event = await item_log.step(work, item, "issue", actors, by=by)
    # The log names the case or the item, never both: nothing leads from one to the other.
    about = {"subject": item.id} if because_of is None else {"case_id": because_of.id}
    await record(work, Audited.ITEM_ISSUED, by=by.id, unit=item.unit_id, source=item.source, **about)
    concerned = (Audience.UNIT_HEAD, Audience.LIAISON, Audience.COUNTY_LEADER)
    told = await tell(work, item, event, *concerned, together=together)
    await tell_of_copies(work, item, but=[*told, by.id])
    await note_patterns(work, item)


async def last_category(work: UnitOfWork) -> str:
    """Return the category of what has no other."""
    query = select(Category.code).order_by(or_(Category.code == "other").desc(), Category.position.desc()).limit(1)
    return (await work.session.scalars(query)).one()


async def _free_number(work: UnitOfWork) -> str:
    while True:
        number = f"RI{secrets.randbelow(10**6):06d}"
        if await work.session.get(RectificationItem, number) is None:
            return number
