"""A case is passed on to a department (移交): what the team writes for it, who acts for it there, and what they do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from secrets import token_hex
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, select

from models.audit import Audited
from models.base import coarse
from models.clocks import Clock
from models.complaints import Case, MessageKind
from models.delivery import SentMessage
from models.extension import ExtensionReason
from models.message_key import MessageKey, Shows
from models.recipient import Recipient
from models.rounds import DepartmentKind
from models.staff import Role
from models.states import CASE, TRANSFER, Actor, Impossible, NotEntitled, TransferState
from models.transfers import LeadOutcome, Transfer
from services.access.member import Member
from services.access.transfers import actors_at_transfer, is_read_by
from services.audit.log import record
from services.cases.actions import acting_as
from services.cases.cards import KEPT_HOURS, tell_who_leads
from services.cases.case_log import case_seen_by, case_to_change, log_event, step
from services.cases.clocks import clocks_of
from services.cases.conflicts_of_interest import shut_out_named
from services.cases.departments import (
    WITH_DEPARTMENT,
    acting_for,
    current_transfer,
    tell_department,
    tell_office,
    who_agree,
)
from services.cases.dialogue import refuse_contact_details, say_to_reporter
from services.cases.identity_probing import log_preview, masked_for, say_in_own_words
from services.cases.notes import add_note
from services.cases.quoting import check_summary
from services.cases.transfer_notices import (
    BuckPassing,
    DepartmentAnswered,
    DepartmentAsksForTime,
    DepartmentSentBack,
    DepartmentSigned,
    LeadDeclined,
    LeadProposed,
    TransferCard,
    TransferSent,
    TransferTakenBack,
)
from services.directory import CategoryRecord, DepartmentRecord
from services.outbox import DeleteMessage, OutgoingMessage, Priority
from services.unit_of_work import UnitOfWork
from texts.catalogue import SOURCE, Words

LONGEST_SUMMARY = 1000  # characters
LONGEST_REASON = 300
LONGEST_RESULT = 1000
SENT_BACK_TOO_OFTEN = 2  # from then on the office hears of it
LISTED = 20  # transfers that a department is shown in one list


class NobodyThere(Exception):
    """Nobody acts for the department who may know of the case and is reached."""


class TooLate(Exception):
    """The days are over within which a department may send something back."""


@dataclass(frozen=True)
class LeadCounts:
    """How many leads went to the discipline organ, how many it has signed for, and what became of them."""

    sent: int
    signed: int
    outcomes: Mapping[LeadOutcome, int]


@dataclass(frozen=True)
class Received:
    """What was passed on to a department, as it is told there: nothing in it leads to the case or its reporter."""

    transfer: Transfer
    department: str
    round_name: str
    category: CategoryRecord
    summary: str
    due_at: datetime | None  # by when it must be signed for, or once it was, answered
    is_extended: bool

    def last_day(self, zone: ZoneInfo) -> date:
        """Return the last day on which it can be signed for or answered in time, by the county's clock."""
        if self.due_at is None:
            return self.transfer.return_until
        return (self.due_at - timedelta(hours=1)).astimezone(zone).date()


# ---- the team passes it on


async def case_to_pass_on(work: UnitOfWork, who: Member, case_id: str) -> Case:
    """Return a case that somebody may pass on to a department now. Raises Impossible or NotEntitled."""
    case = await case_seen_by(work, who, case_id)
    CASE.step(case.state, "transfer", acting_as(who, case))
    return case


async def departments_for(work: UnitOfWork, case: Case) -> list[DepartmentRecord]:
    """Return the departments to which a case can be passed on, those first whose business its category is.

    None of them is the unit that the case is about. The discipline organ, for leads, comes last.
    """
    known = await work.directory()
    unit = known.units[case.unit_id].name if case.unit_id else ""
    found = [one for one in known.departments.values() if one.kind is not DepartmentKind.EMERGENCY]
    found = [one for one in found if not unit.startswith(one.name)]
    return sorted(
        found, key=lambda one: (one.kind is DepartmentKind.DISCIPLINE, case.category not in one.fields, one.id)
    )


async def draft_transfer(work: UnitOfWork, who: Member, case_id: str, department_id: str, summary: str) -> Received:
    """Return what would be passed on as the department would read it, to be looked at first.

    What it repeats of what leads to the reporter is masked, and told, as are too many looks. Raises what
    `check_summary` does, NobodyThere, Impossible or NotEntitled.
    """
    case = await case_to_pass_on(work, who, case_id)
    await check_summary(work, case, summary)
    await shut_out_named(work, case)  # somebody may act for the department since yesterday
    await _require_department(work, who, case, department_id)
    await log_preview(work, who, case)
    summary = await masked_for(work, who, case, summary)
    terms = (await work.directory()).complaint_settings_of(case.round_id)
    calendar = await work.calendar()
    is_lead = (await work.directory()).departments[department_id].kind is DepartmentKind.DISCIPLINE
    passed_on = Transfer(
        id="",
        case_id=case.id,
        department_id=department_id,
        state=TransferState.PROPOSED if is_lead else TransferState.SENT,
        is_lead=is_lead,
        by_id=who.id,
        sent_at=coarse(work.now),
        return_until=calendar.add(work.today, terms.transfer_return_working_days),
        summary=b"",
    )
    return await _as_received(work, passed_on, case, summary)


async def transfer(work: UnitOfWork, who: Member, case_id: str, department_id: str, summary: str) -> Transfer:
    """Pass a case on: those who act for the department are told, and the reporters that it was.

    To whom is not said of a case that is kept to one pair of eyes. A lead on discipline waits for the office first.
    Raises what `draft_transfer` does.
    """
    draft = await draft_transfer(work, who, case_id, department_id, summary)
    case = await case_to_pass_on(work, who, case_id)
    passed_on = draft.transfer
    passed_on.id = token_hex(8)
    passed_on.summary = work.keyring.round(case.round_id).sealing.seal(_record_of(passed_on), draft.summary.encode())
    work.session.add(passed_on)
    await work.session.flush()
    if passed_on.is_lead:
        await _propose(work, who, case, passed_on)
    else:
        await send(work, who, case, passed_on)
    return passed_on


async def send(work: UnitOfWork, who: Member, case: Case, passed_on: Transfer) -> None:
    """Let a department have what is passed on to it; the reporters hear that somebody has it."""
    department_id = passed_on.department_id
    case.is_signed_for = False
    await step(work, case, "transfer", {Actor.TEAM_LEADER}, by=who, transfer=passed_on.id, department=department_id)
    await tell_department(work, case, department_id, TransferSent(passed_on.id))
    if case.desk.is_for_one or passed_on.is_lead:
        await say_to_reporter(work, case, MessageKind.TEXT, key="passed_on")
    else:
        name = (await work.directory()).departments[department_id].name
        await say_to_reporter(work, case, MessageKind.TEXT, key="passed_on_to", department=name)
    await record(work, Audited.PASSED_ON, by=who.id, case_id=case.id, subject=department_id)


async def _propose(work: UnitOfWork, who: Member, case: Case, passed_on: Transfer) -> None:
    """Lay a lead before whoever agrees that it goes to the discipline organ. Raises Impossible where one waits."""
    others = select(Transfer.id).where(Transfer.case_id == case.id, Transfer.state == TransferState.PROPOSED)
    if await work.session.scalar(others.where(Transfer.id != passed_on.id).limit(1)) is not None:
        raise Impossible("transfer", case.state)
    await log_event(work, case, "propose_lead", by=who)
    for person in await who_agree(work, case, passed_on):
        await work.outbox.to_staff(person.id, OutgoingMessage(LeadProposed(passed_on.id)), priority=Priority.NOTICE)


async def take_back(work: UnitOfWork, who: Member, case_id: str) -> Case:
    """Take back what was passed on, as the leader, before the department has answered; the department is told.

    Raises Impossible or NotEntitled.
    """
    case = await case_seen_by(work, who, case_id)
    actors = acting_as(who, case)
    CASE.step(case.state, "take_back", actors)
    taken = await current_transfer(work, case)
    await step(work, case, "take_back", actors, by=who)
    if taken is not None:
        await _end(work, who, taken, "take_back", actors)
        await tell_department(work, case, taken.department_id, TransferTakenBack(taken.id))
        await _note_end(work, who, case, taken)
    return case


async def departments_that_sent_back(work: UnitOfWork, case: Case) -> list[str]:
    """Return the names of the departments that have sent a case back, in the order in which they did."""
    query = select(Transfer.department_id).where(Transfer.case_id == case.id, Transfer.state == TransferState.SENT_BACK)
    names = (await work.directory()).departments
    return [names[one].name for one in await work.session.scalars(query.order_by(Transfer.ended_at, Transfer.id))]


# ---- the department


async def transfers_of(work: UnitOfWork, who: Member) -> list[Transfer]:
    """Return what lies with the departments for which somebody acts, the earliest first."""
    query = (
        select(Transfer, Case)
        .join(Case, Case.id == Transfer.case_id)
        .where(Transfer.department_id.in_(who.departments), Transfer.state.in_(WITH_DEPARTMENT))
        .order_by(Transfer.sent_at, Transfer.id)
    )
    rows = await work.session.execute(query)
    readable = set(work.keyring.round_ids())
    found = [one for one, case in rows if case.round_id in readable and actors_at_transfer(who, one, case)]
    return found[:LISTED]


async def received(work: UnitOfWork, who: Member, transfer_id: str) -> Received:
    """Return what was passed on to a department, for somebody who acts for it; raise NotEntitled otherwise."""
    if not await is_read_by(work.session, who, transfer_id):
        raise NotEntitled
    found = await work.session.get_one(Transfer, transfer_id)
    case = await work.session.get_one(Case, found.case_id)
    if case.round_id not in work.keyring.round_ids():  # its key is destroyed, and nothing can be read any more
        raise NotEntitled
    sealing = work.keyring.round(case.round_id).sealing
    return await _as_received(work, found, case, sealing.open(_record_of(found), found.summary).decode())


async def open_transfer(work: UnitOfWork, who: Member, transfer_id: str) -> None:
    """Bring what was passed on to somebody's chat, for a day; an earlier copy there goes. Raises NotEntitled."""
    found = await received(work, who, transfer_id)
    await _take_down(work, [_key(transfer_id, who.id)])
    outgoing = OutgoingMessage(TransferCard(transfer_id), _key(transfer_id, who.id), delete_after_hours=KEPT_HOURS)
    await work.outbox.to_staff(who.id, outgoing, priority=Priority.ANSWER)
    await record(
        work, Audited.TRANSFER_OPENED, by=who.id, case_id=found.transfer.case_id, subject=found.transfer.department_id
    )


async def may(work: UnitOfWork, who: Member, transfer_id: str, action: str) -> Transfer:
    """Return a transfer with which somebody may do something now. Raises TooLate, Impossible or NotEntitled."""
    found, _ = await _to_change(work, who, transfer_id, action)
    return found


async def sign(work: UnitOfWork, who: Member, transfer_id: str) -> Transfer:
    """Sign for what was passed on; the team is told. Raises Impossible or NotEntitled."""
    found, case = await _to_change(work, who, transfer_id, "sign")
    found.state, found.signed_at, found.signed_by_id = TransferState.SIGNED, coarse(work.now), who.id
    case.is_signed_for = True
    await work.session.flush()
    await log_event(work, case, "department_signed", by=who, department=found.department_id)
    await tell_who_leads(work, case, DepartmentSigned(case.id, found.department_id))
    await record(work, Audited.SIGNED_FOR, by=who.id, case_id=case.id, subject=found.department_id)
    return found


async def send_back(work: UnitOfWork, who: Member, transfer_id: str, reason: str) -> Transfer:
    """Send a case back to its team, with the reason as a note. Of a second time the office hears.

    Raises TooLate, Impossible or NotEntitled.
    """
    found, case = await _to_change(work, who, transfer_id, "send_back")
    await _end(work, who, found, "send_back", _DEPARTMENT)
    await step(work, case, "send_back", _DEPARTMENT, by=who, department=found.department_id)
    name = (await work.directory()).departments[found.department_id].name
    note = Words(SOURCE).plain("transfer.note_sent_back", department=name, reason=reason)
    await add_note(work, case, who, note)
    await tell_who_leads(work, case, DepartmentSentBack(case.id, found.department_id))
    if len(await departments_that_sent_back(work, case)) >= SENT_BACK_TOO_OFTEN:
        await tell_office(work, case, BuckPassing(case.id))
    await _note_end(work, who, case, found)
    return found


async def ask_for_time(work: UnitOfWork, who: Member, transfer_id: str, reason: ExtensionReason) -> Transfer:
    """Ask who leads where the case lies for more time, which they give as to any case. Raises as `sign` does."""
    found, case = await _to_change(work, who, transfer_id, "ask_for_time")
    if case.is_extended:
        raise Impossible("ask_for_time", found.state)
    await log_event(work, case, "ask_for_time", by=who, renew=False, reason=reason.value)
    await tell_who_leads(work, case, DepartmentAsksForTime(case.id, found.department_id, reason.value))
    return found


async def report(work: UnitOfWork, who: Member, transfer_id: str, result: str) -> Transfer:
    """Answer a case with what the department has done; its reporters are told, and the team.

    Raises ContainsContact, Impossible or NotEntitled.
    """
    found, case = await _to_change(work, who, transfer_id, "report")
    await refuse_contact_details(work, result)
    await _end(work, who, found, "report", _DEPARTMENT)
    await step(work, case, "answer", _DEPARTMENT, by=who, department=found.department_id)
    await say_in_own_words(work, who, case, MessageKind.ANSWER, result, key="department_answered")
    await tell_who_leads(work, case, DepartmentAnswered(case.id, found.department_id))
    await _note_end(work, who, case, found)
    return found


_DEPARTMENT = frozenset({Actor.RECEIVING_DEPARTMENT})
_OF_LEADS, _NOT_OF_LEADS = ("give_outcome",), ("report", "ask_for_time")


async def agree(work: UnitOfWork, who: Member, transfer_id: str) -> Transfer:
    """Agree that a lead goes to the discipline organ, which is told. Raises Impossible or NotEntitled."""
    found, case = await _to_change(work, who, transfer_id, "approve")
    CASE.step(case.state, "transfer", {Actor.TEAM_LEADER})  # the case may have moved on
    found.state, found.sent_at = TransferState.SENT, coarse(work.now)
    calendar = await work.calendar()
    terms = (await work.directory()).complaint_settings_of(case.round_id)
    found.return_until = calendar.add(work.today, terms.transfer_return_working_days)
    await work.session.flush()
    await send(work, who, case, found)
    return found


async def decline(work: UnitOfWork, who: Member, transfer_id: str) -> Transfer:
    """Not agree that a lead goes to the discipline organ; its leader is told. Raises Impossible or NotEntitled."""
    found, case = await _to_change(work, who, transfer_id, "decline")
    found.state, found.ended_at, found.ended_by_id = TransferState.DECLINED, coarse(work.now), who.id
    await work.session.flush()
    await log_event(work, case, "decline_lead", by=who)
    await tell_who_leads(work, case, LeadDeclined(case.id))
    await _note_end(work, who, case, found)
    return found


async def give_outcome(work: UnitOfWork, who: Member, transfer_id: str, outcome: LeadOutcome) -> Transfer:
    """Say by a code what became of a lead, as the discipline organ; the case is answered by a general sentence.

    Raises Impossible or NotEntitled.
    """
    found, case = await _to_change(work, who, transfer_id, "give_outcome")
    found.outcome = outcome
    await _end(work, who, found, "give_outcome", _DEPARTMENT)
    await step(work, case, "answer", _DEPARTMENT, by=who, department=found.department_id)
    await say_to_reporter(work, case, MessageKind.ANSWER, key="lead_ended")
    await tell_who_leads(work, case, DepartmentAnswered(case.id, found.department_id))
    await _note_end(work, who, case, found)
    return found


async def count_leads(work: UnitOfWork) -> LeadCounts:
    """Return how many leads went to the discipline organ, and what became of them."""
    rows = await work.session.execute(
        select(Transfer.state, Transfer.outcome, func.count())
        .where(Transfer.is_lead, Transfer.state.in_((*WITH_DEPARTMENT, TransferState.ANSWERED)))
        .group_by(Transfer.state, Transfer.outcome)
    )
    found = [(row[0], row[1], row[2]) for row in rows]
    return LeadCounts(
        sum(count for _, _, count in found),
        sum(count for state, _, count in found if state is not TransferState.SENT),
        {outcome: count for _, outcome, count in found if outcome is not None},
    )


async def proposed_lead(work: UnitOfWork, who: Member, transfer_id: str) -> tuple[Transfer, Case]:
    """Return a lead to which somebody may agree, whose summary is not theirs to read; raise NotEntitled otherwise."""
    found = await work.session.get(Transfer, transfer_id)
    if found is None or found.state is not TransferState.PROPOSED:
        raise NotEntitled
    case = await work.session.get_one(Case, found.case_id)
    if not actors_at_transfer(who, found, case):
        raise NotEntitled
    return found, case


async def proposed_leads(work: UnitOfWork, who: Member) -> list[Transfer]:
    """Return the leads to which somebody may agree, the earliest first."""
    query = select(Transfer, Case).join(Case, Case.id == Transfer.case_id)
    rows = await work.session.execute(
        query.where(Transfer.state == TransferState.PROPOSED).order_by(Transfer.sent_at, Transfer.id)
    )
    return [transfer for transfer, case in rows if actors_at_transfer(who, transfer, case)][:LISTED]


async def _as_received(work: UnitOfWork, passed_on: Transfer, case: Case, summary: str) -> Received:
    """Return what was passed on, or would be, as it is told at the department."""
    known, running = await work.directory(), await clocks_of(work, case)
    clock = Clock.HANDLING if passed_on.state is TransferState.SIGNED else Clock.SIGNING
    due = running[clock].ends_at if clock in running else None
    return Received(
        passed_on,
        known.departments[passed_on.department_id].name,
        known.rounds[case.round_id].name,
        known.category(case.category),
        summary,
        due,
        case.is_extended,
    )


async def can_receive(work: UnitOfWork, who: Member, case: Case, department_id: str) -> bool:
    """Return whether somebody is there who acts for a department; for a lead, also who agrees to it."""
    known = await work.directory()
    needed = [await acting_for(work, case, department_id)]
    if known.departments[department_id].kind is DepartmentKind.DISCIPLINE:
        needed.append(await who_agree(work, case, Transfer(state=TransferState.PROPOSED, by_id=who.id)))
    return all(any(known.is_enrolled(one.id) for one in people) for people in needed)


async def _require_department(work: UnitOfWork, who: Member, case: Case, department_id: str) -> None:
    if department_id not in {one.id for one in await departments_for(work, case)}:
        raise NotEntitled
    if not await can_receive(work, who, case, department_id):
        raise NobodyThere


async def _to_change(work: UnitOfWork, who: Member, transfer_id: str, action: str) -> tuple[Transfer, Case]:
    """Return a transfer with which a department may do something, and its case, both locked: the case first."""
    seen = await work.session.get(Transfer, transfer_id)
    if seen is None:
        raise NotEntitled
    case = await case_to_change(work, seen.case_id)
    query = select(Transfer).where(Transfer.id == transfer_id).with_for_update()
    found = (await work.session.scalars(query.execution_options(populate_existing=True))).one()
    actors = actors_at_transfer(who, found, case)
    if not actors:
        raise NotEntitled
    TRANSFER.step(found.state, action, actors)
    if action in (_NOT_OF_LEADS if found.is_lead else _OF_LEADS):
        raise Impossible(action, found.state)
    if action == "send_back" and work.today > found.return_until:
        raise TooLate
    return found, case


async def _end(work: UnitOfWork, who: Member, ended: Transfer, action: str, actors: frozenset[Actor]) -> None:
    """End a transfer, and take it from the phones of the department."""
    ended.state = TRANSFER.step(ended.state, action, actors)
    ended.ended_at, ended.ended_by_id = coarse(work.now), who.id
    await work.session.flush()
    known = await work.directory()
    people = known.with_roles(Role.RECEIVING_DEPARTMENT, Role.DEPARTMENT_HEAD, department_id=ended.department_id)
    await _take_down(work, [_key(ended.id, one.id) for one in people])


async def _note_end(work: UnitOfWork, who: Member, case: Case, ended: Transfer) -> None:
    """Write into the audit log how a transfer ended; last, for its head is locked last."""
    await record(
        work,
        Audited.TRANSFER_ENDED,
        by=who.id,
        case_id=case.id,
        subject=ended.department_id,
        state=ended.state.value,
    )


async def _take_down(work: UnitOfWork, keys: Sequence[MessageKey]) -> None:
    """Queue the deletion of messages where they stand."""
    taken = delete(SentMessage).where(SentMessage.message_key.in_(keys))
    for address, message_id in await work.session.execute(taken.returning(SentMessage.address, SentMessage.message_id)):
        await work.outbox.to_chat(address, OutgoingMessage(DeleteMessage(message_id)))


def _key(transfer_id: str, staff_id: str) -> MessageKey:
    return MessageKey(Shows.TRANSFER, transfer_id, Recipient.staff(staff_id))


def _record_of(transfer: Transfer) -> str:
    return f"transfer:{transfer.id}"
