"""The unit and the category of a case are set anew, and it goes where it would have gone with them from the start."""

from dataclasses import replace
from typing import Any

from models.audit import Audited
from models.complaints import Case
from models.desk import OFFICE_DESK
from models.staff import Role
from models.states import Actor, Impossible, NotEntitled
from models.urgency import Urgency
from services.access.conflicts import named_in_case
from services.access.member import Member
from services.access.visibility import readers
from services.audit.log import record
from services.cases.actions import SORTABLE, may_sort
from services.cases.assign import NobodyMaySee
from services.cases.case_log import case_seen_by, file_under, log_event, move, step
from services.cases.conflicts_of_interest import shut_out_named
from services.cases.reassignment import reassign
from services.cases.restriction import NOT_BEGUN
from services.cases.texts_on_phones import recall_case_texts
from services.delivery.recall import recall_texts, staff_to_change
from services.directory import Directory, UnitRecord
from services.intake.route import Destination, route, scene_at
from services.intake.understanding import PUBLIC_SAFETY, TEAM_CONDUCT
from services.unit_of_work import UnitOfWork


async def case_to_sort(work: UnitOfWork, who: Member, case_id: str) -> Case:
    """Return a case whose unit and category somebody may set; raise Impossible or NotEntitled otherwise."""
    case = await case_seen_by(work, who, case_id)
    if case.state not in SORTABLE:
        raise Impossible("sort", case.state)
    if not may_sort(who, case):
        raise NotEntitled
    return case


async def units_of(work: UnitOfWork, case: Case, named: str = "") -> list[UnitRecord]:
    """Return the units of a case's round that a team is responsible for, those whose name holds what was typed."""
    known = await work.directory()
    assigned = known.assignments.get(case.round_id, {})
    units = [known.units[unit_id] for unit_id, team_id in assigned.items() if team_id is not None]
    return sorted((unit for unit in units if named in unit.name), key=lambda unit: (unit.name, unit.id))


async def set_unit(work: UnitOfWork, who: Member, case_id: str, unit_id: str) -> Case:
    """Set which unit a case is about; a village of another unit it is about no more.

    Raises NobodyMaySee when nobody could open it then, Impossible or NotEntitled.
    """
    case = await case_to_sort(work, who, case_id)
    if unit_id not in {unit.id for unit in await units_of(work, case)}:
        raise NotEntitled
    before = case.unit_id
    if unit_id == before:
        return case
    await _sort(work, who, case, unit_id, case.category, "set_unit", {"unit_before": before, "unit": unit_id})
    await record(work, Audited.UNIT_SET, by=who.id, case_id=case.id, before=before, unit=unit_id)
    return case


async def set_category(work: UnitOfWork, who: Member, case_id: str, code: str) -> Case:
    """Set what a case is about. One of public safety goes to the front; none goes back. Raises as `set_unit` does."""
    case = await case_to_sort(work, who, case_id)
    if code not in {category.code for category in await work.categories()}:
        raise NotEntitled
    before = case.category
    if code == before:
        return case
    await _sort(work, who, case, case.unit_id, code, "set_category", {"category_before": before, "category": code})
    await record(work, Audited.CATEGORY_SET, by=who.id, case_id=case.id, before=before, category=code)
    return case


async def _sort(
    work: UnitOfWork,
    who: Member,
    case: Case,
    unit_id: str | None,
    category: str,
    event: str,
    detail: dict[str, Any],
) -> None:
    await shut_out_named(work, case)
    named = await named_in_case(work.session, case.id)
    known = await work.directory()
    directors = known.with_roles(Role.OFFICE_DIRECTOR)  # of a team's case, too, they may have a list
    seen_by = [
        one for one in {*await readers(work, case, named=named), *directors} if case.unit_id not in one.shut_out_of
    ]
    goes_to = await destination_of(work, case, unit_id, category, named)
    as_it_would_lie = Case(  # asked about, never stored
        id=case.id,
        desk=goes_to.desk if goes_to else case.desk,
        team_id=goes_to.team_id if goes_to else case.team_id,
        unit_id=unit_id,
    )
    if not await readers(work, as_it_would_lie, named=named):
        raise NobodyMaySee
    shut_out = sorted(one.id for one in seen_by if unit_id in one.shut_out_of)
    for staff_id in shut_out:  # before the counts, as everywhere
        await staff_to_change(work, staff_id)
    case.village_id = _village_in(known, case, unit_id)
    case.concerns_team = case.concerns_team or category == TEAM_CONDUCT
    desks = {case.desk, as_it_would_lie.desk}
    urgency = case.urgency
    if category == PUBLIC_SAFETY and urgency == Urgency.NORMAL:
        urgency = Urgency.DANGER
    await file_under(work, case, unit_id=unit_id, category=category, urgency=urgency, desks=desks)
    await log_event(work, case, event, by=who, renew=False, **detail)
    if goes_to is not None:
        await move(work, case, goes_to.desk, goes_to.team_id)
        if case.state in NOT_BEGUN:
            await step(work, case, goes_to.first_action, {Actor.SYSTEM}, by=who)
        # Whoever has it now opens it for themselves.
        await recall_case_texts(work, [case], [one.id for one in seen_by])
    await reassign(work, case)
    for staff_id in shut_out:
        await recall_texts(work, staff_id)


async def destination_of(
    work: UnitOfWork, case: Case, unit_id: str | None, category: str, named: frozenset[str]
) -> Destination | None:
    """Return where a case goes as if it came in so; None when it stays, as where the office has yet to decide.

    A team that was given a case keeps it as long as it is about the same unit.
    """
    known = await work.directory()
    has_left = known.rounds[case.round_id].has_left
    responsible = None if has_left else known.team_at(case.round_id, unit_id, _village_in(known, case, unit_id))
    keeps = case.team_id is not None and unit_id == case.unit_id
    team_id = case.team_id if keeps or responsible is None else responsible.id
    scene = replace(
        scene_at(known, team_id, unit_id, named=named, perhaps_named=named),
        concerns_head=case.concerns_head,
        concerns_team=case.concerns_team or category == TEAM_CONDUCT,
        hazard=case.hazard,
    )
    found = route(scene)
    return None if found.desk in (OFFICE_DESK, case.desk) else found


def _village_in(known: Directory, case: Case, unit_id: str | None) -> str | None:
    """Return the village that a case is about once it is about a unit: one of another unit it is about no more."""
    is_elsewhere = case.village_id and unit_id != case.unit_id and known.villages[case.village_id].unit_id != unit_id
    return None if is_elsewhere else case.village_id
