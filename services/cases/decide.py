"""The team decides on a case: takes it on or not, checks the facts, answers, closes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from models.audit import Audited
from models.complaints import Case, MessageKind
from models.states import CASE, Actor, CaseState, Impossible, NotEntitled
from privacy.keyring import Keyring
from services.access.member import Member, member
from services.access.visibility import readers
from services.audit.log import record
from services.cases.actions import acting_as, may_propose_refusal, refusal_waits
from services.cases.case_log import case_seen_by, log_event, step
from services.cases.claim import own_if_free
from services.cases.dialogue import refuse_contact_details, say_to_reporter
from services.cases.identity_probing import masked_for, say_in_own_words
from services.cases.notices import RefusalDeclined, RefusalProposed
from services.cases.proposals import Proposed, opened_words, sealed_words
from services.cases.reassignment import reassign
from services.outbox import OutgoingMessage
from services.unit_of_work import UnitOfWork


class RefusalReason(StrEnum):
    """Why a round does not accept a complaint."""

    LITIGATION = "litigation"  # before a court, or judged
    CIVIL_DISPUTE = "civil_dispute"  # between neighbours, in a family
    ALREADY_HANDLED = "already_handled"
    NOT_IN_SCOPE = "not_in_scope"
    NO_CONTENT = "no_content"  # nothing that could be checked
    OTHER = "other_refusal"  # the words say what


class Referral(StrEnum):
    """Where the reporter can go instead."""

    PETITION = "xinfang"
    HOTLINE = "12345"
    COURT = "court"
    MEDIATION = "mediation"
    DEPARTMENT = "department"


@dataclass(frozen=True)
class Refusal:
    """Why not here, and where else. `words` are those of whoever refuses, for the reporter to read."""

    reason: RefusalReason
    referral: Referral
    words: str = ""


class PreparedAnswer(StrEnum):
    """An answer that is there in every language. None of them promises what somebody else would have to do."""

    NOT_FOUND_SO = "not_found_so"
    BY_THE_RULES = "by_the_rules"
    CANNOT_BE_CHECKED = "cannot_be_checked"
    SOLVED_BEFORE = "solved_before"
    FIXED = "fixed"
    FIXED_IN_PART = "fixed_in_part"


_FOUND = (
    PreparedAnswer.NOT_FOUND_SO,
    PreparedAnswer.BY_THE_RULES,
    PreparedAnswer.CANNOT_BE_CHECKED,
    PreparedAnswer.SOLVED_BEFORE,
)
_FIXED = (PreparedAnswer.FIXED, PreparedAnswer.FIXED_IN_PART)


async def accept(work: UnitOfWork, who: Member, case_id: str) -> Case:
    """Take a case on, and tell the reporter."""
    case = await _do(work, who, case_id, "accept")
    await say_to_reporter(work, case, MessageKind.TEXT, key="accepted")
    return case


async def verify(work: UnitOfWork, who: Member, case_id: str) -> Case:
    """Begin to check the facts."""
    return await _do(work, who, case_id, "verify")


async def may_refuse(work: UnitOfWork, who: Member, case_id: str) -> Case:
    """Return a case the member may refuse now, or propose to; raise Impossible or NotEntitled otherwise."""
    case = await case_seen_by(work, who, case_id)
    actors = acting_as(who, case)
    if not may_propose_refusal(case, actors):
        CASE.step(case.state, "not_accept", actors)
    return case


async def refuse(work: UnitOfWork, who: Member, case_id: str, refusal: Refusal) -> bool:
    """Not accept a case; return whether that is final. A leader's word is, a member's waits for the leader's.

    Its words are masked once and for all. Raises ContainsContact, and what `may_refuse` does.
    """
    case = await may_refuse(work, who, case_id)
    await refuse_contact_details(work, refusal.words)  # as it was written, and before anybody looks at it
    if refusal.words:
        refusal = replace(refusal, words=await masked_for(work, who, case, refusal.words))
    if may_propose_refusal(case, acting_as(who, case)):
        words = sealed_words(work.keyring, case, Proposed.REFUSAL, refusal.words)
        case.proposal = {**_codes(refusal), "by": who.id, "words": words}
        await log_event(work, case, "propose_refusal", by=who, **_codes(refusal))
        for reader in await readers(work, case):
            leader = await member(work.session, reader.id)
            if Actor.TEAM_LEADER in leader.actors_at(case):
                await work.outbox.to_staff(leader.id, OutgoingMessage(RefusalProposed(case.id)))
        return False
    await _refuse(work, who, case, refusal)
    return True


async def confirm_refusal(work: UnitOfWork, who: Member, case_id: str) -> Case:
    """Follow a member's proposal not to accept a case."""
    case, refusal, _ = await _proposal(work, who, case_id)
    await _refuse(work, who, case, refusal)
    return case


def refusal_told(case: Case) -> str:
    """Return the key of the sentence by which a reporter is told that their case is not accepted."""
    return "not_accepted_again" if case.objected else "not_accepted"


async def decline_refusal(work: UnitOfWork, who: Member, case_id: str) -> Case:
    """Go on with a case against a proposal; who made it is told."""
    case, _, proposed_by = await _proposal(work, who, case_id)
    case.proposal = None
    await log_event(work, case, "decline_refusal", by=who)
    await work.outbox.to_staff(proposed_by, OutgoingMessage(RefusalDeclined(case.id)))
    return case


def proposed_refusal(keyring: Keyring, case: Case) -> tuple[Refusal, str] | None:
    """Return the refusal that waits for the leader, and who proposed it."""
    if case.proposal is None or not refusal_waits(case):
        return None
    proposal = case.proposal
    words = opened_words(keyring, case, Proposed.REFUSAL, proposal.get("words"))
    return Refusal(RefusalReason(proposal["reason"]), Referral(proposal["referral"]), words), proposal["by"]


async def may_answer(work: UnitOfWork, who: Member, case_id: str) -> Case:
    """Return a case the member may answer now; raise Impossible or NotEntitled otherwise."""
    case = await case_seen_by(work, who, case_id)
    CASE.step(case.state, "answer", acting_as(who, case))
    return case


def prepared_answers(case: Case) -> tuple[PreparedAnswer, ...]:
    """Return the prepared answers that fit a case: what was found, or what became of what was ordered."""
    return _FIXED if case.state == CaseState.FIXING else _FOUND


async def answer(
    work: UnitOfWork, who: Member, case_id: str, text: str = "", *, prepared: Sequence[PreparedAnswer] = ()
) -> Case:
    """Answer a case: what was found, or what has been fixed, by prepared sentences, in own words, or both.

    Raises ContainsContact, and ValueError for no words at all.
    """
    if not text and not prepared:
        raise ValueError("There is nothing in the answer.")
    case = await _do(work, who, case_id, "answer")
    sentences = [sentence.value for sentence in prepared]
    await say_in_own_words(work, who, case, MessageKind.ANSWER, text, prepared=sentences)
    return case


async def close(work: UnitOfWork, who: Member, case_id: str) -> Case:
    """Close an answered case without waiting for the reporter's word."""
    case = await _do(work, who, case_id, "close")
    await say_to_reporter(work, case, MessageKind.TEXT, key="closed")
    return case


async def reopen(work: UnitOfWork, who: Member, case_id: str) -> Case:
    """Take a closed case up again, because it has come back."""
    case = await _do(work, who, case_id, "reopen")
    await reassign(work, case)  # who came and who left while it was closed was not looked at
    return case


async def _do(work: UnitOfWork, who: Member, case_id: str, action: str) -> Case:
    case = await case_seen_by(work, who, case_id)
    actors = acting_as(who, case)
    CASE.step(case.state, action, actors)
    if Actor.TEAM_MEMBER in actors:
        await own_if_free(work, case, who)
    await step(work, case, action, actors, by=who)
    return case


async def _refuse(work: UnitOfWork, who: Member, case: Case, refusal: Refusal) -> None:
    await step(work, case, "not_accept", who.actors_at(case), by=who, **_codes(refusal))
    await say_to_reporter(work, case, MessageKind.TEXT, refusal.words, key=refusal_told(case), **_codes(refusal))
    await record(work, Audited.NOT_ACCEPTED, by=who.id, case_id=case.id, reason=refusal.reason.value)


def _codes(refusal: Refusal) -> dict[str, Any]:
    return {"reason": refusal.reason.value, "referral": refusal.referral.value}


async def _proposal(work: UnitOfWork, who: Member, case_id: str) -> tuple[Case, Refusal, str]:
    case = await case_seen_by(work, who, case_id)
    if Actor.TEAM_LEADER not in who.actors_at(case):
        raise NotEntitled
    proposed = proposed_refusal(work.keyring, case)
    if proposed is None:
        raise Impossible("confirm_refusal", case.state)
    return case, *proposed
