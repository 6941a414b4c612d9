"""A member makes a case theirs, gives it back or hands it over; a leader may take it over, or give it to somebody."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, true

from models.audit import Audited
from models.complaints import Case
from models.staff import Staff
from models.states import Impossible, NotEntitled
from services.access.member import Member
from services.access.visibility import readers
from services.audit.log import record
from services.cases.actions import leads, may_give, may_give_back, may_own
from services.cases.cards import tell_in_charge
from services.cases.case_log import case_seen_by, cases_to_change, log_event
from services.cases.crisis_calls import call_anew, end_calls
from services.cases.notices import CaseGiven, CaseGivenBack, CaseHandedOver, CasesGiven, CaseTakenOver
from services.cases.queues import not_hidden_from
from services.directory import Person
from services.outbox import OutgoingMessage, Priority
from services.unit_of_work import UnitOfWork


class AlreadyClaimed(Impossible):
    """Somebody else was first."""

    def __init__(self, owner: str, state: str) -> None:
        super().__init__("claim", state)
        self.args = (f"{owner} has claimed the case already",)
        self.owner = owner


@dataclass(frozen=True)
class Workload:
    """Somebody who might be given a case, and how many open ones they have where it lies."""

    person: Person
    open_cases: int


async def own_if_free(work: UnitOfWork, case: Case, who: Member) -> None:
    """Have whoever works on a case own it from then on, if nobody does; in a crisis nobody is called any more."""
    await end_calls(work, case, who)
    case.owner_id = case.owner_id or who.id


async def claim(work: UnitOfWork, who: Member, case_id: str) -> Case:
    """Make a free case the member's own. Of two at once the second meets AlreadyClaimed, with the owner's name."""
    case = await case_seen_by(work, who, case_id)
    if not may_own(who, case):
        raise NotEntitled
    _require_open(case, "claim")
    if case.owner_id not in (None, who.id):
        owner = await work.session.get_one(Staff, case.owner_id)
        raise AlreadyClaimed(owner.name, case.state)
    ended_calls = await end_calls(work, case, who)
    if case.owner_id is None:
        case.owner_id = who.id
        await log_event(work, case, "claim", by=who)
    elif ended_calls:  # what was theirs before became a crisis
        await log_event(work, case, "respond", by=who)
    return case


async def take_over(work: UnitOfWork, who: Member, case_id: str) -> Case:
    """Make a case the leader's own, whoever had it; that person is told."""
    case = await _case_led_by(work, who, case_id, "take_over")
    if case.owner_id == who.id:
        if await end_calls(work, case, who):
            await log_event(work, case, "respond", by=who)
    else:
        await _change_owner(work, case, who.id, by=who, event="take_over")
    return case


async def give_back(work: UnitOfWork, who: Member, case_id: str) -> Case:
    """Make one's own case free again; whoever may claim it is told. Raises Impossible or NotEntitled."""
    case = await case_seen_by(work, who, case_id)
    if not may_give_back(who, case):
        if case.owner_id == who.id:
            _require_open(case, "give_back")
        raise NotEntitled
    case.owner_id = None
    if case.dismissal is not None:  # it was the owner's to propose
        case.proposal = None
    case.extension = None  # and this theirs to ask for
    call_anew(work, case)
    await log_event(work, case, "give_back", by=who)
    await tell_in_charge(work, case, CaseGivenBack(case.id, who.id))
    await record(work, Audited.GIVEN_BACK, by=who.id, case_id=case.id)
    return case


async def may_be_given_to(work: UnitOfWork, who: Member, case_id: str) -> list[Workload]:
    """Return whom a case may be given, with what they have on its desk already, those with least first.

    Raises Impossible or NotEntitled.
    """
    case, people = await _case_to_give(work, who, case_id)
    counted = await _open_cases_of(work, who, case, people)
    return sorted((Workload(person, counted.get(person.id, 0)) for person in people), key=lambda one: one.open_cases)


async def give(work: UnitOfWork, who: Member, case_id: str, staff_id: str) -> Person:
    """Make a case somebody's own, by the leader's word or its owner's; who had it and who has it now are told."""
    case, people = await _case_to_give(work, who, case_id)
    found = next((one for one in people if one.id == staff_id), None)
    if found is None:
        raise NotEntitled
    await _change_owner(work, case, staff_id, by=who, event="give", owner=staff_id)
    if staff_id != who.id:
        notice = CaseGiven(case.id) if leads(who, case) else CaseHandedOver(case.id, who.id)
        await work.outbox.to_staff(staff_id, OutgoingMessage(notice), priority=Priority.NOTICE)
    await record(work, Audited.GIVEN, by=who.id, case_id=case.id, subject=staff_id)
    return found


async def give_all(work: UnitOfWork, who: Member, given: Sequence[tuple[str, str]]) -> None:
    """Make some cases somebody's own, each with the id of who gets it; each person is told once of all of theirs.

    Raises Impossible or NotEntitled.
    """
    await cases_to_change(work, [case_id for case_id, _ in given])  # all of them first, and the audit log last
    got: dict[str, list[str]] = {}
    for case_id, staff_id in given:
        case, people = await _case_to_give(work, who, case_id)
        if staff_id not in {one.id for one in people}:
            raise NotEntitled
        await _change_owner(work, case, staff_id, by=who, event="give", owner=staff_id)
        got.setdefault(staff_id, []).append(case_id)
    for staff_id, case_ids in got.items():
        if staff_id != who.id:
            await work.outbox.to_staff(staff_id, OutgoingMessage(CasesGiven(tuple(case_ids))), priority=Priority.NOTICE)
        for case_id in case_ids:
            await record(work, Audited.GIVEN, by=who.id, case_id=case_id, subject=staff_id)


async def _case_to_give(work: UnitOfWork, who: Member, case_id: str) -> tuple[Case, list[Person]]:
    """Return a case and whom it may be given. Raises Impossible or NotEntitled."""
    case = await case_seen_by(work, who, case_id)
    if not may_give(who, case):
        if leads(who, case) or case.owner_id == who.id:
            _require_open(case, "give")
        raise NotEntitled
    return case, [person for person in await readers(work, case) if person.id != case.owner_id]


async def _open_cases_of(work: UnitOfWork, who: Member, case: Case, people: Sequence[Person]) -> dict[str, int]:
    """Return how many open cases people own on the desk of a case, but for what is hidden from who asks."""
    query = (
        select(Case.owner_id, func.count())
        .where(
            Case.owner_id.in_([one.id for one in people]),
            Case.is_open == true(),
            Case.desk == case.desk,
            *not_hidden_from(who),
        )
        .group_by(Case.owner_id)
    )
    return {owner: count for owner, count in await work.session.execute(query) if owner is not None}


async def _change_owner(work: UnitOfWork, case: Case, staff_id: str, *, by: Member, event: str, **detail: Any) -> None:
    await end_calls(work, case, by)
    before, case.owner_id = case.owner_id, staff_id
    if case.dismissal is not None:  # it was the owner's to propose
        case.proposal = None
    case.extension = None  # and this theirs to ask for
    await log_event(work, case, event, by=by, owner_before=before, **detail)
    if before is not None and before != by.id:
        await work.outbox.to_staff(before, OutgoingMessage(CaseTakenOver(case.id)), priority=Priority.NOTICE)


async def _case_led_by(work: UnitOfWork, who: Member, case_id: str, action: str) -> Case:
    case = await case_seen_by(work, who, case_id)
    if not leads(who, case):
        raise NotEntitled
    _require_open(case, action)
    return case


def _require_open(case: Case, action: str) -> None:
    if not case.is_open:
        raise Impossible(action, case.state)
