"""A case that is no complaint at all is dismissed: its owner proposes it once they have read it, somebody else decides,
the reporter is told, and for a week it can be undone.
"""

from dataclasses import replace
from datetime import timedelta

from models.audit import Audited
from models.complaints import Case, MessageKind
from models.dismissal import UNDO_DAYS, Dismissal, DismissalReason
from models.states import Impossible, NotEntitled
from services.access.member import Member
from services.audit.log import record
from services.cases.actions import may_decide_on_dismissal, may_propose_dismissal, may_undo_dismissal
from services.cases.case_log import case_seen_by, log_event, step
from services.cases.deciders import find_deciders_anew, tell_deciders, to_be_decided
from services.cases.dialogue import say_to_reporter
from services.cases.masking import hidden
from services.cases.notices import DismissalConfirmed, DismissalDeclined, DismissalUndone
from services.cases.proposals import Proposed, opened_words, sealed_words
from services.cases.read_case import require_read
from services.cases.reassignment import reassign
from services.delivery.recall import recall_texts, staff_to_change
from services.outbox import OutgoingMessage
from services.unit_of_work import UnitOfWork


async def may_propose(work: UnitOfWork, who: Member, case_id: str) -> Case:
    """Return a case the member may propose to dismiss: their own, and opened by them.

    Raises NotRead, and Impossible or NotEntitled when it is not theirs to propose at all.
    """
    case = await case_seen_by(work, who, case_id)
    if not may_propose_dismissal(who, case):
        if case.owner_id == who.id and case.dismissal is None:
            raise Impossible("propose_dismissal", case.state)
        raise NotEntitled
    await require_read(work, who, case)
    return case


async def propose_dismissal(
    work: UnitOfWork, who: Member, case_id: str, reason: DismissalReason, words: str = ""
) -> Case:
    """Propose to dismiss a case; who decides on it is told. Raises NobodyMayDecide, and what `may_propose` does."""
    case = await may_propose(work, who, case_id)
    sealed = sealed_words(work.keyring, case, Proposed.DISMISSAL, words)
    case.proposal = (await to_be_decided(work, case, who.id, reason, sealed)).record()
    await log_event(work, case, "propose_dismissal", by=who, reason=reason.value)
    await tell_deciders(work, case)
    await record(work, Audited.DISMISSAL_PROPOSED, by=who.id, case_id=case.id, reason=reason.value)
    return case


async def confirm_dismissal(work: UnitOfWork, who: Member, case_id: str) -> Case:
    """Dismiss a case as its owner proposed; owner and reporter are told."""
    case, dismissal = await _to_decide(work, who, case_id)
    before, since = case.state, case.state_since
    await staff_to_change(work, who.id)  # before the counts, as everywhere
    await step(work, case, "dismiss", {dismissal.decider}, by=who, reason=dismissal.reason.value)
    case.proposal = replace(dismissal, before=before, since=since).record()
    await say_to_reporter(work, case, MessageKind.TEXT, key="dismissed", reason=dismissal.reason.value)
    if dismissal.by != who.id:
        await work.outbox.to_staff(dismissal.by, OutgoingMessage(DismissalConfirmed(case.id)))
    await _take_back_from(work, who, case)
    await record(work, Audited.DISMISSED, by=who.id, case_id=case.id, reason=dismissal.reason.value)
    return case


async def decline_dismissal(work: UnitOfWork, who: Member, case_id: str) -> Case:
    """Let a case go on against its owner's proposal; the owner is told."""
    case, dismissal = await _to_decide(work, who, case_id)
    case.proposal = None
    await staff_to_change(work, who.id)
    await log_event(work, case, "decline_dismissal", by=who)
    if dismissal.by != who.id:
        await work.outbox.to_staff(dismissal.by, OutgoingMessage(DismissalDeclined(case.id)))
    await _take_back_from(work, who, case)
    await record(work, Audited.DISMISSAL_DECLINED, by=who.id, case_id=case.id)
    return case


async def undo_dismissal(work: UnitOfWork, who: Member, case_id: str) -> Case:
    """Open a dismissed case again as it was, within a week; owner and reporter are told."""
    case = await case_seen_by(work, who, case_id)
    dismissal = case.dismissal
    if dismissal is None or dismissal.before is None or dismissal.since is None or not in_time_to_undo(work, case):
        raise Impossible("undo_dismissal", case.state)
    if not may_undo_dismissal(who, case):
        raise NotEntitled
    await staff_to_change(work, who.id)  # before the counts, as everywhere
    await step(work, case, "undo_dismissal", who.actors_at(case), by=who, target=dismissal.before)
    case.state_since = dismissal.since
    await reassign(work, case)  # who came and who left while it was closed was not looked at
    await say_to_reporter(work, case, MessageKind.TEXT, key="dismissal_undone")
    if case.owner_id is not None and case.owner_id != who.id:
        await work.outbox.to_staff(case.owner_id, OutgoingMessage(DismissalUndone(case.id)))
    await _take_back_from(work, who, case)
    await record(work, Audited.DISMISSAL_UNDONE, by=who.id, case_id=case.id)
    return case


def in_time_to_undo(work: UnitOfWork, case: Case) -> bool:
    """Whether a dismissal is not older than a week."""
    return work.now - case.state_since <= timedelta(days=UNDO_DAYS, hours=1)  # it is known to the hour


def words_of(work: UnitOfWork, case: Case, dismissal: Dismissal, language: str) -> str:
    """Return why the owner proposes it, in their words, without what leads to a person."""
    words = opened_words(work.keyring, case, Proposed.DISMISSAL, dismissal.words)
    [shown] = hidden([words], language)
    return shown


async def _to_decide(work: UnitOfWork, who: Member, case_id: str) -> tuple[Case, Dismissal]:
    case = await case_seen_by(work, who, case_id)
    await find_deciders_anew(work, case)  # somebody may have come since who is to decide
    dismissal = case.dismissal
    if dismissal is None or not dismissal.waits:
        raise Impossible("dismiss", case.state)
    if not may_decide_on_dismissal(who, case):
        raise NotEntitled
    return case, dismissal


async def _take_back_from(work: UnitOfWork, who: Member, case: Case) -> None:
    """Take back what a director opened in order to decide, once the case is none of theirs; their record is locked."""
    if not who.reads(case):
        await recall_texts(work, who.id)
