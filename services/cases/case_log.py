"""The one way a case changes: a step of its state machine, an event, its clocks, kept counts, and a fresh card."""

import secrets
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from sqlalchemy import Select, select, update
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from models.base import coarse, table_of
from models.complaints import (
    Case,
    CaseComplaint,
    CaseEvent,
    CaseMerger,
    CaseShutOut,
    Complaint,
    QueueCount,
    ReplyAddress,
)
from models.database import Insert, execute, insert_into, insert_later, insert_or_ignore
from models.desk import DIRECTOR_DESK, Desk
from models.rectification import AT_ONCE, CaseItem, RectificationItem
from models.states import CASE, CLOSED_CASES, Actor, CaseState, NotEntitled
from models.urgency import Urgency
from services.access.member import Member
from services.cases.cards import hang_card, note_end, show_card
from services.cases.clocks import (
    clocks_of,
    enter_clocks,
    extend_handling,
    first_clocks,
    forget_clocks,
    keep_clocks,
    keep_earliest,
)
from services.cases.crisis_calls import call, call_anew
from services.directory import expire_directory
from services.unit_of_work import UnitOfWork

ROUTED_VERSION = 2  # of a case to which nothing else has happened: the second event is its routing


async def case_to_change(work: UnitOfWork, case_id: str) -> Case:
    """Return a case locked for this transaction, as it is now; raise NotEntitled when there is none."""
    query = select(Case).where(Case.id == case_id).with_for_update().execution_options(populate_existing=True)
    case = await work.session.scalar(query)
    if case is None:
        raise NotEntitled
    expire_directory(work.session)
    return case


async def cases_to_change(work: UnitOfWork, case_ids: Iterable[str]) -> list[Case]:
    """Return some cases locked for this transaction, as they are now, in the order of their ids.

    Whoever changes several takes all of them first, and then the counts they stand in: of two who meet, one waits for
    the other, and neither holds what the other needs.
    """
    ids = list(case_ids)
    if not ids:  # as at most ticks of the clock
        return []
    query = select(Case).where(Case.id.in_(ids)).order_by(Case.id).with_for_update()
    cases = list(await work.session.scalars(query.execution_options(populate_existing=True)))
    if len(cases) > 1:
        await _lock_counts(work, {case.desk for case in cases}, {case.unit_id for case in cases})
    expire_directory(work.session)
    return cases


async def case_seen_by(work: UnitOfWork, who: Member, case_id: str) -> Case:
    """Return a case locked for a member's action; raise NotEntitled when they may not even know of it.

    Asked first, so that no refusal tells a shut-out member in which state a case is.
    """
    case = await case_to_change(work, case_id)
    if not who.sees(case):
        raise NotEntitled
    return case


async def case_read_by(work: UnitOfWork, who: Member, case_id: str) -> Case:
    """Return a case locked for this transaction of which a member reads what was said; raise NotEntitled otherwise."""
    case = await case_to_change(work, case_id)
    if not await reads_whole(work, who, case):
        raise NotEntitled
    return case


async def reads_whole(work: UnitOfWork, who: Member, case: Case) -> bool:
    """Whether a member reads a case, and where it was joined with another, the one that answers for it as well.

    What is said in that one can be read in both, wherever it lies by now.
    """
    answering: Case | None = case
    while answering is not None and who.reads(answering):
        merger = await work.session.get(CaseMerger, answering.id) if answering.state == CaseState.MERGED else None
        if merger is None:
            return True
        answering = await work.session.get(Case, merger.head_id)
    return False


async def case_known_to(work: UnitOfWork, who: Member, case_id: str) -> Case:
    """Return a case of which a member may know; raise NotEntitled otherwise, as when there is none."""
    case = await work.session.get(Case, case_id)
    if case is None or not who.knows_of(case):
        raise NotEntitled
    return case


async def complaints_of(work: UnitOfWork, case: Case) -> list[Complaint]:
    """Return the complaints a case answers; those withdrawn are among them."""
    query = (
        select(Complaint)
        .join(CaseComplaint, CaseComplaint.complaint_id == Complaint.id)
        .where(CaseComplaint.case_id == case.id)
        .order_by(Complaint.id)
    )
    return list(await work.session.scalars(query))


def cases_sharing_complaints(case: Case) -> Select[Case]:
    """Return the query for all cases of the complaints that a case answers, itself among them."""
    own = select(CaseComplaint.complaint_id).where(CaseComplaint.case_id == case.id)
    return select(Case).where(Case.id.in_(select(CaseComplaint.case_id).where(CaseComplaint.complaint_id.in_(own))))


async def open_case(
    work: UnitOfWork,
    case: Case,
    complaint_id: str,
    first_action: str,
    *,
    shut_out: Collection[str] = (),
    by: Member | None = None,
) -> None:
    """Enter a new case for a complaint, received and routed in one go. `case.desk` says where it lies.

    The number is random, so that it tells neither order nor count. `shut_out` are staff whom it names; `by`: whoever on
    the staff entered it, where its reporter did not send it.
    """
    case.version = ROUTED_VERSION
    case.state = CASE.step(CaseState.RECEIVED, first_action, {Actor.SYSTEM})
    case.is_open = True
    case.state_since = coarse(work.now)
    case.received_at = case.received_at or case.state_since  # one that was split off came in before
    clocks = await first_clocks(work, case)
    await _enter(work, case)
    enter_clocks(work, case, clocks)
    insert_later(work.session, CaseComplaint, case_id=case.id, complaint_id=complaint_id)
    for staff_id in sorted(shut_out):
        insert_later(work.session, CaseShutOut, case_id=case.id, staff_id=staff_id)
    _add_event(work, case, "receive", None, by=by, version=1, to_state=CaseState.RECEIVED)
    _add_event(work, case, first_action, CaseState.RECEIVED)
    await _count(work, case, {case.desk: +1})
    await hang_card(work, case, named=shut_out)
    if case.urgency == Urgency.CRISIS:
        await call(work, case, named=shut_out)


async def step(
    work: UnitOfWork,
    case: Case,
    action: str,
    actors: Collection[Actor],
    *,
    by: Member | None = None,
    target: CaseState | None = None,
    **detail: Any,
) -> None:
    """Do an action that changes the state. Raises Impossible, or NotEntitled when none of the actors may.

    `target`: where it leads back to, of several. `detail` holds codes and ids for the log, never words of a resident.
    """
    before = case.state
    case.state = CASE.step(case.state, action, actors, target=target)
    case.state_since = coarse(work.now)
    case.proposal = None  # it was made for the state that is left now
    was_open, case.is_open = case.is_open, case.state not in CLOSED_CASES
    if was_open != case.is_open:
        await _count(work, case, {case.desk: +1 if case.is_open else -1})
    case.is_hint = case.is_hint and not case.is_open
    if not case.is_open:
        case.next_call_at = None
    if case.state == CaseState.ANSWERED or not case.is_open:
        case.extension = None  # no time is needed any more
    if not (was_open and case.is_open):
        await note_end(work, case)
        await _look_at_addresses(work, case)
    await log_event(work, case, action, by=by, before=before, **detail)


async def answer_by_item(work: UnitOfWork, case: Case) -> None:
    """Answer a case because an item that was made of it is cleared; one that has ended stays so. Raises Impossible.

    Its reporter may say that it is not so, for as long as after any answer, also where they have said so of another
    one: not of what was ordered again by itself, which would never end.
    """
    case.reopened = case.reopened and case.state == CaseState.FIXING
    if case.state == CaseState.ANSWERED:
        await forget_clocks(work, case)
    await step(work, case, "answer_by_item", {Actor.SYSTEM})


async def put_on_fast_track(work: UnitOfWork, case: Case, *, by: Member) -> None:
    """Let the clocks of a case be those of the fast track, as if begun now."""
    case.is_fast_track = True
    await keep_clocks(work, case, hasten=True)
    await log_event(work, case, "fast_track", by=by)


async def mark_as_named(work: UnitOfWork, case: Case, *, by: Member) -> None:
    """Let a case have the clocks of a named report beside its own."""
    case.is_named_report = True
    await log_event(work, case, "mark_as_named", by=by)


async def extend(work: UnitOfWork, case: Case, *, by: Member, reason: str) -> int:
    """Give a case more time until it is answered; return how many days."""
    days = await extend_handling(work, case)
    await log_event(work, case, "extend", by=by, days=days, reason=reason)
    return days


async def join_clocks(work: UnitOfWork, case: Case, head: Case) -> None:
    """Let the head of a case have the earliest of both, of each clock."""
    ends = {clock: one.ends_at for clock, one in (await clocks_of(work, case)).items()}
    head.received_at = min(head.received_at, case.received_at)
    await keep_earliest(work, head, ends)


async def log_event(
    work: UnitOfWork,
    case: Case,
    event: str,
    *,
    by: Member | None = None,
    before: CaseState | None = None,
    renew: bool = True,
    **detail: Any,
) -> None:
    """Log something that leaves the state as it is (claimed, opened, a message came), and renew the card.

    What no card shows, such as who opened a case, is logged with `renew=False`: a group takes 20 messages a minute.
    """
    case.version += 1
    case.is_erased = False  # something may have been said
    await keep_clocks(work, case)  # first: so the case is written once
    _add_event(work, case, event, before or case.state, by=by, detail=detail)
    if renew:
        await show_card(work, case)


async def move(work: UnitOfWork, case: Case, desk: Desk, team_id: str | None, *, owner_id: str | None = None) -> None:
    """Lay a case on another desk, with its items, and with an owner if somebody has it there.

    The cards on the old desk learn that it left.
    """
    await show_card(work, case, farewell=True)
    if desk != case.desk and case.is_open:
        await _count(work, case, {case.desk: -1, desk: +1})
    case.desk, case.team_id = desk, team_id
    case.owner_id = owner_id
    if case.is_open:  # a dismissal can be undone wherever the case lies
        case.proposal = None
    if owner_id is None:
        call_anew(work, case)
    await work.session.execute(
        update(RectificationItem)
        .where(RectificationItem.id.in_(select(CaseItem.item_id).where(CaseItem.case_id == case.id)))
        .values(desk=desk if desk.is_for_one else None, next_look_on=AT_ONCE)
        .execution_options(synchronize_session="fetch")
    )


async def file_under(
    work: UnitOfWork, case: Case, *, unit_id: str | None, category: str, urgency: Urgency, desks: Collection[Desk]
) -> None:
    """Set unit, category and urgency of a case, in the counts too; `desks` are those where it lies and goes to.

    Of two who meet, one waits for the other: all the counts are locked first.
    """
    await _lock_counts(work, desks, {case.unit_id, unit_id})
    if case.is_open:
        await _count(work, case, {case.desk: -1})
    is_raised = urgency.rank < case.urgency.rank
    case.unit_id, case.category, case.urgency = unit_id, category, urgency
    case.is_compared = False
    if case.is_open:
        await _count(work, case, {case.desk: +1})
    await keep_clocks(work, case, hasten=is_raised)


def _add_event(
    work: UnitOfWork,
    case: Case,
    event: str,
    before: CaseState | None,
    *,
    by: Member | None = None,
    detail: Mapping[str, Any] = MappingProxyType({}),
    version: int | None = None,
    to_state: CaseState | None = None,
) -> None:
    insert_later(
        work.session,
        CaseEvent,
        case_id=case.id,
        version=version or case.version,
        at=coarse(work.now),
        by_id=by.id if by else None,
        event=event,
        from_state=before,
        to_state=to_state or case.state,
        detail=dict(detail),
    )


async def release(work: UnitOfWork, case: Case) -> None:
    """Let the staff know of a case that was held until now; its card is the caller's to queue."""
    case.held_until = None
    if case.is_open:
        await _count(work, case, {case.desk: +1})
    await work.session.flush()


async def _lock_counts(work: UnitOfWork, desks: Collection[Desk], unit_ids: Iterable[str | None]) -> None:
    """Lock the counts of cases about some units, on some desks and on the director's, where any may go."""
    units = {unit_id or "" for unit_id in unit_ids}
    query = select(QueueCount.desk).where(QueueCount.desk.in_({*desks, DIRECTOR_DESK}), QueueCount.unit_id.in_(units))
    await work.session.execute(query.order_by(QueueCount.desk, QueueCount.unit_id).with_for_update())


async def _count(work: UnitOfWork, case: Case, changes: Mapping[Desk, int]) -> None:
    if case.held_until is not None:  # a count that grows at 14:03 tells as much as a card
        return
    counting = _counting(work.session.get_bind().dialect.name)
    # In one order, so that two that cross do not wait for each other.
    for desk, change in sorted(changes.items(), key=lambda counted: str(counted[0])):
        hazards = change if case.hazard else 0
        row = {"desk": desk, "unit_id": case.unit_id or "", "open_cases": change, "hazards": hazards}
        await execute(work.session, counting, row)


@cache
def _counting(dialect: str) -> Insert:
    insert, counts = insert_into(dialect, QueueCount), table_of(QueueCount).c
    added = {
        "open_cases": counts.open_cases + insert.excluded.open_cases,
        "hazards": counts.hazards + insert.excluded.hazards,
    }
    return insert.on_conflict_do_update(index_elements=["desk", "unit_id"], set_=added)


async def _look_at_addresses(work: UnitOfWork, case: Case) -> None:
    """Let the clock look whether the reply addresses of a case are needed any more."""
    told = select(CaseComplaint.complaint_id).where(CaseComplaint.case_id == case.id)
    await work.session.execute(update(ReplyAddress).where(ReplyAddress.complaint_id.in_(told)).values(may_be_over=True))


async def _enter(work: UnitOfWork, case: Case) -> None:
    """Insert a case under a number that no other has."""
    columns = table_of(Case).columns
    values = {column.key: getattr(case, column.key) for column in columns}
    for column in columns:
        if values[column.key] is None and isinstance(column.default, ScalarElementColumnDefault):
            values[column.key] = column.default.arg
    is_new = False
    while not is_new:
        values["id"] = f"{secrets.randbelow(10**8):08d}"
        is_new = await insert_or_ignore(work.session, Case, **values)
    for name, value in values.items():
        setattr(case, name, value)
    make_transient_to_detached(case)
    work.session.add(case)
