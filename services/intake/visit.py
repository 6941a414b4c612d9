"""Coming back: whoever knows the receipt code sees how the complaint stands, and may add, withdraw, judge."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, func, select

from models.address import Address
from models.base import coarse
from models.clocks import Clock
from models.complaints import FILES, Author, Case, CaseEvent, Complaint, ComplaintMessage, MessageKind, ReplyAddress
from models.states import CASE, Actor, CaseState, Impossible
from models.urgency import Urgency
from privacy.receipt import Receipt, digest
from services.cases.cards import tell_who_leads
from services.cases.case_log import complaints_of, log_event, step
from services.cases.clocks import clocks_of, terms_of
from services.cases.dialogue import TeamMessage, cases_of, cases_of_to_change, forget_reply_address, team_messages_of
from services.cases.disclosure_times import is_from_village, next_batch
from services.cases.head_file import erase_summary
from services.cases.level_up import ask_for_other_team, may_be_asked_for
from services.cases.notes import erase_notes
from services.cases.notices import RefusalObjected
from services.cases.reassignment import reassign
from services.cases.texts_on_phones import OnPhones, recall_case_texts, texts_on_phones
from services.complaint_keys import key_ends
from services.intake.similar import forget_similar
from services.sealed_address import ReplyTo
from services.unit_of_work import UnitOfWork


class ReporterAction(StrEnum):
    """What a reporter may do now."""

    ADD = "add"
    WITHDRAW = "withdraw"
    JUDGE = "judge"  # solved, or not
    REOPEN = "reopen"  # closed, and still in time to say that it is not solved
    OBJECT = "object"  # to its refusal, once
    OTHER_TEAM = "other_team"  # to have it, once
    RATE = "rate"


@dataclass(frozen=True)
class Visit:
    """How a complaint stands, as its reporter is told. Their own words are not repeated: the phone may be another's."""

    complaint_id: str
    state: CaseState
    received_on: date
    team_messages: tuple[TeamMessage, ...]
    texts: int  # the reporter's own
    files: int
    asked: bool  # the team waits for an answer
    tells_somebody: bool  # a reply address is kept
    may: frozenset[ReporterAction]
    decided_by: date | None = None  # whether it is taken on, by the county's rules; None: it is decided
    on_phones: OnPhones = field(default_factory=OnPhones)  # of a complaint that was taken back
    matters: tuple[tuple[str, CaseState], ...] = ()  # where it became several cases: category and state of each


class Withdrawal(StrEnum):
    """What became of the wish to take a complaint back."""

    ERASED = "erased"
    RECALLING = "recalling"  # erased here; what was opened on phones of the staff is being deleted there
    LEFT = "left"  # erased here; something on a phone of the staff cannot be deleted any more
    KEPT_FOR_SAFETY = "kept_for_safety"
    KEPT_FOR_VERIFICATION = "kept_for_verification"  # facts are being checked, or were


async def find(work: UnitOfWork, receipt: Receipt) -> str | None:
    """Return the complaint a receipt code was given for.

    One whose round's key is destroyed is looked for and answered like one that never was: whoever finds a code in a
    house does not learn by it that somebody there reported something.
    """
    query = select(Complaint.id).where(
        Complaint.receipt_digest == digest(receipt, work.keyring.receipt_secret),
        Complaint.round_id.in_(work.keyring.round_ids()),
    )
    return await work.session.scalar(query)


async def is_reply_address_of(work: UnitOfWork, address: Address, complaint_id: str) -> bool:
    """Whether a chat is the reply address kept for a complaint, and so may come back without the code."""
    row = await work.session.get(ReplyAddress, complaint_id)
    if row is None or row.expires_at <= work.now:
        return False
    return ReplyTo.unpack(work.keyring.reply.open(complaint_id, row.sealed)).address == address


async def view(work: UnitOfWork, complaint_id: str) -> Visit | None:
    """Return how a complaint stands; None when it is there no more."""
    complaint = await work.session.get(Complaint, complaint_id)
    if complaint is None or complaint.round_id not in work.keyring.round_ids():
        return None
    cases = await cases_of(work, complaint)
    withdrawn = complaint.withdrawn_at is not None
    counts = await _own_counts(work, complaint)
    return Visit(
        complaint_id=complaint.id,
        state=CaseState.WITHDRAWN if withdrawn else _state_told(cases),
        received_on=complaint.received_at.astimezone(work.zone).date(),
        team_messages=tuple(await team_messages_of(work, complaint)),
        texts=counts.get(MessageKind.TEXT, 0),
        files=sum(counts.get(kind, 0) for kind in FILES),
        asked=not withdrawn and any(case.state == CaseState.NEED_INFO for case in cases),
        tells_somebody=await work.session.get(ReplyAddress, complaint.id) is not None,
        may=frozenset() if withdrawn else await _may(work, complaint, cases),
        decided_by=None if withdrawn else await _decided_by(work, cases),
        on_phones=await texts_on_phones(work, cases) if withdrawn else OnPhones(),
        matters=_matters_of(cases) if not withdrawn else (),
    )


async def withdraw(work: UnitOfWork, complaint_id: str) -> Withdrawal:
    """Take a complaint back. Its text and files are erased, unless people are in danger or facts are being checked.

    What was opened on phones of the staff is taken back from there. A case that others have reported too goes on
    without this complaint.
    """
    complaint = await work.session.get_one(Complaint, complaint_id)
    work.outbox.staff_not_before = await batch_of(work, complaint)
    cases = await cases_of_to_change(work, complaint)
    if any(case.hazard and case.is_open for case in cases):
        return await _keep(work, cases, Withdrawal.KEPT_FOR_SAFETY)
    if not any(_can_withdraw(case) for case in cases) or any(
        case.is_open and not _can_withdraw(case) for case in cases
    ):
        return await _keep(work, cases, Withdrawal.KEPT_FOR_VERIFICATION)
    await _erase(work, complaint)
    complaint.withdrawn_at = coarse(work.now)
    complaint.key_ends = key_ends(work.now)
    await work.session.flush()
    for case in cases:
        others = [other for other in await complaints_of(work, case) if other.withdrawn_at is None]
        if not others:  # what the staff wrote about it may repeat what was said, also where the case has ended
            await erase_notes(work, case)
            await forget_similar(work, [case.id])
            await erase_summary(work, case)
            case.proposal = case.impact = None
        if case.is_open and others:
            await log_event(work, case, "complaint_withdrawn")
        elif case.is_open:
            await step(work, case, "withdraw", {Actor.REPORTER})
    on_phones = await recall_case_texts(work, cases)
    if on_phones.pending:
        return Withdrawal.RECALLING
    return Withdrawal.LEFT if on_phones.left else Withdrawal.ERASED


async def recalled(work: UnitOfWork, complaint_id: str) -> OnPhones:
    """Return what of a complaint that was taken back still lies on phones of the staff."""
    complaint = await work.session.get(Complaint, complaint_id)
    return await texts_on_phones(work, await cases_of(work, complaint)) if complaint else OnPhones()


async def judge(work: UnitOfWork, complaint_id: str, *, solved: bool) -> bool:
    """Close the answered cases of a complaint, or reopen them; return whether there was any.

    As long as none is answered, the closed ones are reopened. A case can be reopened once, within 30 days; raises
    Impossible when none of them can.
    """
    complaint = await work.session.get_one(Complaint, complaint_id)
    work.outbox.staff_not_before = await batch_of(work, complaint)
    cases = await _cases_still_told_of(work, complaint)
    answered = [case for case in cases if case.state == CaseState.ANSWERED]
    if solved:
        for case in answered:
            await step(work, case, "close", {Actor.REPORTER})
        return bool(answered)
    asked_for = answered or [case for case in cases if case.state == CaseState.CLOSED]
    reopened = [case for case in asked_for if await _can_reopen(work, case)]
    if asked_for and not reopened:
        raise Impossible("reopen", asked_for[0].state)
    for case in reopened:
        case.reopened = True
        await step(work, case, "reopen", {Actor.REPORTER})
        await reassign(work, case)  # who came and who left while it was closed was not looked at
    return bool(reopened)


async def object_to_refusal(work: UnitOfWork, complaint_id: str) -> bool:
    """Have the refused cases of a complaint looked at anew; return whether there was any. Each can be objected to once.

    Whoever leads where a case lies, and its owner, are told.
    """
    complaint = await work.session.get_one(Complaint, complaint_id)
    work.outbox.staff_not_before = await batch_of(work, complaint)
    objected = False
    for case in await _cases_still_told_of(work, complaint):
        if not await _can_object(work, case):
            continue
        case.objected = objected = True
        before = CaseState.RESTRICTED if case.desk.is_for_one else CaseState.ASSIGNED
        await step(work, case, "object", {Actor.REPORTER}, target=before)
        await reassign(work, case)  # who came and who left while it was closed was not looked at
        await tell_who_leads(work, case, RefusalObjected(case.id))
    return objected


async def ask_for_another_team(work: UnitOfWork, complaint_id: str) -> bool:
    """Let the office know that another team is wanted for a complaint; return whether that could still be asked."""
    complaint = await work.session.get_one(Complaint, complaint_id)
    work.outbox.staff_not_before = await batch_of(work, complaint)
    asked = [case for case in await _cases_still_told_of(work, complaint) if may_be_asked_for(case)]
    for case in asked:
        await ask_for_other_team(work, case)
    return bool(asked)


async def rate(work: UnitOfWork, complaint_id: str, satisfaction: int) -> bool:
    """Keep how content the reporter is (1 no, 2 so-so, 3 yes); return whether it could still be said."""
    complaint = await work.session.get_one(Complaint, complaint_id)
    if ReporterAction.RATE not in await _may(work, complaint, await cases_of(work, complaint)) or satisfaction not in (
        1,
        2,
        3,
    ):
        return False
    complaint.satisfaction = satisfaction
    await work.session.flush()
    return True


async def batch_of(work: UnitOfWork, complaint: Complaint, urgency: Urgency = Urgency.NORMAL) -> datetime | None:
    """Return when the team may learn of what is added to a complaint now, or done with it; None: at once."""
    cases = await cases_of(work, complaint)
    in_danger = urgency != Urgency.NORMAL or any(case.hazard and case.is_open for case in cases)
    village = await is_from_village(work, complaint.village_id, [case.unit_id for case in cases])
    return await next_batch(work, village=village, hazard=in_danger)


async def _cases_still_told_of(work: UnitOfWork, complaint: Complaint) -> list[Case]:
    """Return the cases of a complaint, locked; none once it was taken back, for nothing of it is there to read."""
    cases = await cases_of_to_change(work, complaint)
    return cases if complaint.withdrawn_at is None else []


def _can_withdraw(case: Case) -> bool:
    return "withdraw" in CASE.actions(case.state, {Actor.REPORTER})


async def _can_reopen(work: UnitOfWork, case: Case) -> bool:
    if case.state not in _ANSWERED or case.reopened or not await _is_in_time(work, case):
        return False
    return not case.is_thanks or await _was_filed_as_thanks(work, case)


async def _was_filed_as_thanks(work: UnitOfWork, case: Case) -> bool:
    """Whether somebody on the staff made thanks of what came in as something else."""
    sorted_anew = (CaseEvent.case_id == case.id, CaseEvent.event == "set_category")
    return await work.session.scalar(select(CaseEvent.version).where(*sorted_anew).limit(1)) is not None


async def _can_object(work: UnitOfWork, case: Case) -> bool:
    if case.state != CaseState.NOT_ACCEPTED or case.objected or case.is_erased:
        return False
    return await _is_in_time(work, case)


async def _is_in_time(work: UnitOfWork, case: Case) -> bool:
    """Whether a case has not been as it is for longer than its reporter may have it taken up again."""
    settings = (await work.directory()).complaint_settings_of(case.round_id)
    return work.now - case.state_since <= timedelta(days=settings.reopen_days)


async def _may(work: UnitOfWork, complaint: Complaint, cases: Sequence[Case]) -> frozenset[ReporterAction]:
    may = set()
    if any(case.is_open for case in cases):
        may.add(ReporterAction.ADD)
    if any(_can_withdraw(case) for case in cases):
        may.add(ReporterAction.WITHDRAW)
    if any(case.state == CaseState.ANSWERED for case in cases):
        may.add(ReporterAction.JUDGE)
    elif any([await _can_reopen(work, case) for case in cases]):
        may.add(ReporterAction.REOPEN)
    if any([await _can_object(work, case) for case in cases]):
        may.add(ReporterAction.OBJECT)
    if any(may_be_asked_for(case) and case.held_until is None for case in cases):
        may.add(ReporterAction.OTHER_TEAM)
    if complaint.satisfaction is None and cases and all(case.state in _ENDED and not case.is_thanks for case in cases):
        may.add(ReporterAction.RATE)
    return frozenset(may)


_ANSWERED = (CaseState.ANSWERED, CaseState.CLOSED)
_ENDED = (CaseState.CLOSED, CaseState.MERGED)


def _state_told(cases: Sequence[Case]) -> CaseState:
    """Return the state a reporter is told: of what is still open, else of what ended last; a merger is no end."""
    told = [case for case in cases if case.state != CaseState.MERGED] or list(cases)
    return told[0].state


def _matters_of(cases: Sequence[Case]) -> tuple[tuple[str, CaseState], ...]:
    """Return category and state of each case of several; merged ones are none of their own."""
    own = sorted((case for case in cases if case.state != CaseState.MERGED), key=lambda case: case.category)
    return tuple((case.category, case.state) for case in own) if len(own) > 1 else ()


async def _decided_by(work: UnitOfWork, cases: Sequence[Case]) -> date | None:
    """Return by which day it is to be decided whether a complaint is taken on, as its clocks say; None: it is decided.

    As long as the team waits for the reporter, it is the day that it would be if the answer came now.
    """
    days = []
    for case in cases:
        clock = (await clocks_of(work, case)).get(Clock.DECISION)
        if clock is not None:
            terms = await terms_of(work, case)
            days.append(terms.last_day(clock))
    return max(days, default=None)


async def _own_counts(work: UnitOfWork, complaint: Complaint) -> dict[MessageKind, int]:
    rows = await work.session.execute(
        select(ComplaintMessage.kind, func.count())
        .where(ComplaintMessage.complaint_id == complaint.id, ComplaintMessage.author == Author.REPORTER)
        .group_by(ComplaintMessage.kind)
    )
    return dict(rows.all())


async def _keep(work: UnitOfWork, cases: Sequence[Case], because: Withdrawal) -> Withdrawal:
    for case in cases:
        if case.is_open:
            await log_event(work, case, "withdrawal_refused", reason=because.value)
    return because


async def _erase(work: UnitOfWork, complaint: Complaint) -> None:
    own = (ComplaintMessage.complaint_id == complaint.id, ComplaintMessage.author == Author.REPORTER)
    files = await work.session.scalars(select(ComplaintMessage.id).where(*own, ComplaintMessage.kind.in_(FILES)))
    work.delete_files(files)
    await work.session.execute(delete(ComplaintMessage).where(*own))
    await forget_reply_address(work, complaint.id)
