"""The accountability list (问责清单): how many people were dealt with and how, reviewed by another before it counts.

Who they are stands nowhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from models.audit import Audited
from models.complaints import Case
from models.docket import Accountability, Measure
from models.rectification import RectificationItem
from models.staff import LEADING_GROUP_ROLES, Role
from models.states import ACCOUNTABILITY, OFFICE_ACTORS, AccountabilityState, Actor, NotEntitled
from services.access.member import Member
from services.audit.log import record
from services.cases.actions import may_account
from services.cases.case_log import case_to_change
from services.docket.access import actors_at_case, actors_at_item
from services.docket.notices import AccountabilityNotice
from services.outbox import OutgoingMessage, Priority
from services.rectification import item_log
from services.register_pages import Page, page_of
from services.unit_of_work import UnitOfWork

MOST_PEOPLE = 500
_ENTERS = OFFICE_ACTORS | {Actor.TEAM_LEADER}
_LEADING_GROUP = frozenset({Actor.LEADING_GROUP})
_SEES = _ENTERS | {Actor.TEAM_MEMBER, Actor.LEADING_GROUP}


@dataclass(frozen=True)
class LineSeen:
    """A line of the list with what it is about, as one person sees it."""

    line: Accountability
    item: RectificationItem | None
    case: Case | None
    actors: frozenset[Actor]

    @property
    def is_for_one(self) -> bool:
        """Whether it lies before one pair of eyes: there its holder is in the leading group's place."""
        if self.item is not None:
            return self.item.desk is not None
        return self.case is not None and self.case.desk.is_for_one


async def item_to_account_for(work: UnitOfWork, who: Member, item_id: str) -> RectificationItem:
    """Return an item to which somebody may enter who was dealt with, or raise NotEntitled."""
    return await item_log.item_to_change(work, who, item_id, by=_ENTERS)


async def case_to_account_for(work: UnitOfWork, who: Member, case_id: str) -> Case:
    """Return a case to which somebody may enter who was dealt with, or raise NotEntitled."""
    case = await case_to_change(work, case_id)
    if not may_account(who, case):
        raise NotEntitled
    return case


async def enter_for_item(work: UnitOfWork, who: Member, item_id: str, measure: Measure, people: int) -> Accountability:
    """Enter how many people were dealt with because of an item. Raises NotEntitled, ValueError for no such number."""
    item = await item_to_account_for(work, who, item_id)
    return await _enter(work, who, Accountability(item_id=item.id, measure=measure, people=people))


async def enter_for_case(work: UnitOfWork, who: Member, case_id: str, measure: Measure, people: int) -> Accountability:
    """Enter how many people were dealt with because of a case. Raises NotEntitled, ValueError for no such number."""
    case = await case_to_account_for(work, who, case_id)
    return await _enter(work, who, Accountability(case_id=case.id, measure=measure, people=people))


async def line_seen(work: UnitOfWork, who: Member, line_id: str, *, to_change: bool = False) -> LineSeen:
    """Return a line that somebody may see; else raise NotEntitled."""
    query = select(Accountability).where(Accountability.id == line_id).execution_options(populate_existing=True)
    line = await work.session.scalar(query.with_for_update() if to_change else query)
    if line is None:
        raise NotEntitled
    seen = await _seen(work, who, line)
    if not seen.actors:
        raise NotEntitled
    return seen


async def review(work: UnitOfWork, who: Member, line_id: str, action: str) -> LineSeen:
    """Let a line count, or send it back: not who entered it. Raises Impossible or NotEntitled."""
    seen = await line_seen(work, who, line_id, to_change=True)
    seen.line.state = ACCOUNTABILITY.step(seen.line.state, action, reviewing(who, seen))
    seen.line.reviewed_by_id, seen.line.reviewed_on = who.id, work.today
    await work.session.flush()
    notice = OutgoingMessage(AccountabilityNotice(line_id))
    if seen.line.entered_by_id != who.id:
        await work.outbox.to_staff(seen.line.entered_by_id, notice, priority=Priority.NOTICE)
    await _note(work, who, seen, action)
    return seen


def reviewing(who: Member, seen: LineSeen) -> frozenset[Actor]:
    """Return as what somebody reviews a line; nobody reviews their own, but where nobody else may know of it."""
    if seen.is_for_one:
        return seen.actors | _LEADING_GROUP if Actor.TEAM_LEADER in seen.actors else seen.actors
    return frozenset() if seen.line.entered_by_id == who.id else seen.actors


async def lines_to_review(
    work: UnitOfWork, who: Member, after: str | None = None, *, only_theirs: bool = False
) -> Page[Accountability]:
    """Return a page of the lines that were not reviewed yet, as far as somebody may see them: the oldest first.

    `only_theirs`: those alone that they may review.
    """

    async def is_seen(line: Accountability) -> bool:
        seen = await _seen(work, who, line)
        if only_theirs:
            return bool(ACCOUNTABILITY.actions(line.state, reviewing(who, seen)))
        return bool(seen.actors)

    waits = Accountability.state == AccountabilityState.ENTERED
    return await page_of(work, Accountability, Accountability.entered_on, is_seen, waits, after=after)


def reads_list(who: Member) -> bool:
    """Whether somebody reads the accountability list at all."""
    return who.is_office or who.has(*LEADING_GROUP_ROLES, Role.TEAM_LEADER)


async def counted_at(
    work: UnitOfWork, who: Member, *, item: RectificationItem | None = None, case: Case | None = None
) -> Mapping[Measure, int]:
    """Return how many people were dealt with in which way, as far as it was reviewed; nothing where it is kept."""
    if not _seeing(who, item, case):
        return {}
    about = (
        Accountability.item_id == item.id if item is not None else Accountability.case_id == (case.id if case else None)
    )
    query = select(Accountability.measure, func.sum(Accountability.people)).where(
        about, Accountability.state == AccountabilityState.COUNTED
    )
    return {
        measure: int(people) for measure, people in await work.session.execute(query.group_by(Accountability.measure))
    }


async def _seen(work: UnitOfWork, who: Member, line: Accountability) -> LineSeen:
    item = await work.session.get(RectificationItem, line.item_id) if line.item_id else None
    case = await work.session.get(Case, line.case_id) if line.case_id else None
    return LineSeen(line, item, case, _seeing(who, item, case))


def _seeing(who: Member, item: RectificationItem | None, case: Case | None) -> frozenset[Actor]:
    """Return as what somebody sees the list at an item or a case; the unit does not."""
    if item is not None:
        return actors_at_item(who, item) & _SEES
    return actors_at_case(who, case) & _SEES if case is not None else frozenset()


async def _enter(work: UnitOfWork, who: Member, line: Accountability) -> Accountability:
    if not 1 <= line.people <= MOST_PEOPLE:
        raise ValueError(f"{line.people} people")
    line.state, line.entered_by_id, line.entered_on = AccountabilityState.ENTERED, who.id, work.today
    work.session.add(line)
    await work.session.flush()
    # Whether they may see it is asked when it is sent.
    directors = (await work.directory()).with_roles(Role.OFFICE_DIRECTOR, *LEADING_GROUP_ROLES)
    for person in directors:
        if person.id != who.id:
            await work.outbox.to_staff(
                person.id, OutgoingMessage(AccountabilityNotice(line.id)), priority=Priority.NOTICE
            )
    await _note(work, who, await _seen(work, who, line), "enter")
    return line


async def _note(work: UnitOfWork, who: Member, seen: LineSeen, step: str) -> None:
    about: RectificationItem | Case | None = seen.item or seen.case
    await record(
        work,
        Audited.ACCOUNTABILITY_MOVED,
        by=who.id,
        case_id=seen.line.case_id,
        subject=seen.line.item_id,
        step=step,
        unit=about.unit_id if about else None,
    )
