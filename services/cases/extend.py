"""A case gets more time until it is answered: once, and its reporter is told why.

Whoever leads where it lies gives it, also where its owner asks for it. Nobody gives it to themselves: of a leader's own
case the office director decides. What lies before one pair of eyes stays there.
"""

from models.audit import Audited
from models.complaints import Case, MessageKind
from models.extension import AskedForTime, ExtensionReason
from models.states import Impossible, NotEntitled
from services.access.member import Member
from services.audit.log import record
from services.cases import case_log
from services.cases.actions import gives_time, may_ask_for_time, may_decide_on_time, may_extend
from services.cases.deciders import find_who_gives_time_anew, tell_who_gives_time, who_gives_time
from services.cases.departments import current_transfer, tell_department
from services.cases.dialogue import say_to_reporter
from services.cases.masking import hidden
from services.cases.notices import ExtensionDeclined, ExtensionGiven
from services.cases.proposals import Proposed, opened_words, sealed_words
from services.cases.quoting import refuse_quotes
from services.cases.transfer_notices import TransferExtended
from services.outbox import OutgoingMessage
from services.unit_of_work import UnitOfWork


async def case_to_extend(work: UnitOfWork, who: Member, case_id: str) -> Case:
    """Return a case that somebody may give more time. Raises Impossible or NotEntitled."""
    case = await case_log.case_seen_by(work, who, case_id)
    if not gives_time(who, case):
        raise NotEntitled
    if not may_extend(who, case):
        raise Impossible("extend", case.state)
    return case


async def days_to_extend_by(work: UnitOfWork, case: Case) -> int:
    """Return how many days more a case can be given."""
    return (await work.directory()).complaint_settings_of(case.round_id).extension_days


async def extend(work: UnitOfWork, who: Member, case_id: str, reason: ExtensionReason) -> Case:
    """Give a case more time; its reporters are told why, its owner, and the department that has it.

    Raises as `case_to_extend` does.
    """
    case = await case_to_extend(work, who, case_id)
    await _give(work, who, case, reason)
    return case


async def case_to_ask_for(work: UnitOfWork, who: Member, case_id: str) -> Case:
    """Return a case for which its owner may ask for more time. Raises Impossible or NotEntitled."""
    case = await case_log.case_seen_by(work, who, case_id)
    if not may_ask_for_time(who, case):
        if case.owner_id == who.id:
            raise Impossible("ask_extension", case.state)
        raise NotEntitled
    return case


async def ask_extension(work: UnitOfWork, who: Member, case_id: str, reason: ExtensionReason, words: str) -> Case:
    """Ask for more time for one's own case; who decides is told.

    A director who decides has not read it: the words quote nothing of it. Raises NobodyMayDecide or QuotesReporter, and
    as `case_to_ask_for`.
    """
    case = await case_to_ask_for(work, who, case_id)
    await refuse_quotes(work, case, words)
    decider, alone = await who_gives_time(work, case, who.id)
    sealed = sealed_words(work.keyring, case, Proposed.EXTENSION, words)
    case.extension = AskedForTime(who.id, reason, sealed, decider, alone).record()
    await case_log.log_event(work, case, "ask_extension", by=who, reason=reason.value)
    await tell_who_gives_time(work, case)
    await record(work, Audited.EXTENSION_ASKED, by=who.id, case_id=case.id, reason=reason.value)
    return case


async def grant_extension(work: UnitOfWork, who: Member, case_id: str) -> Case:
    """Give a case the time that its owner asks for. Raises Impossible or NotEntitled."""
    case, asked = await _to_decide(work, who, case_id)
    await _give(work, who, case, asked.reason)
    return case


async def decline_extension(work: UnitOfWork, who: Member, case_id: str) -> Case:
    """Leave the last day of a case as it is; its owner is told. Raises Impossible or NotEntitled."""
    case, asked = await _to_decide(work, who, case_id)
    case.extension = None
    await case_log.log_event(work, case, "decline_extension", by=who)
    await _tell_owner(work, who, case, ExtensionDeclined(case.id))
    await record(work, Audited.EXTENSION_DECLINED, by=who.id, case_id=case.id, reason=asked.reason.value)
    return case


def words_of(work: UnitOfWork, case: Case, asked: AskedForTime, language: str) -> str:
    """Return why the owner asks for more time, in their words, without what leads to a person."""
    [shown] = hidden([opened_words(work.keyring, case, Proposed.EXTENSION, asked.words)], language)
    return shown


async def _to_decide(work: UnitOfWork, who: Member, case_id: str) -> tuple[Case, AskedForTime]:
    case = await case_log.case_to_change(work, case_id)
    if not who.knows_of(case):
        raise NotEntitled
    await find_who_gives_time_anew(work, case)  # somebody may have come since who is to decide
    asked = case.asked_for_time
    if asked is None:
        raise Impossible("grant_extension", case.state)
    if not may_decide_on_time(who, case):
        raise NotEntitled
    return case, asked


async def _give(work: UnitOfWork, who: Member, case: Case, reason: ExtensionReason) -> None:
    case.extension = None
    days = await case_log.extend(work, case, by=who, reason=reason.value)
    await say_to_reporter(work, case, MessageKind.TEXT, key="extended", reason=reason.value, days=str(days))
    await _tell_owner(work, who, case, ExtensionGiven(case.id))
    if (passed_on := await current_transfer(work, case)) is not None:
        await tell_department(work, case, passed_on.department_id, TransferExtended(passed_on.id))
    await record(work, Audited.EXTENDED, by=who.id, case_id=case.id, reason=reason.value)


async def _tell_owner(work: UnitOfWork, who: Member, case: Case, notice: ExtensionGiven | ExtensionDeclined) -> None:
    if case.owner_id is not None and case.owner_id != who.id:
        await work.outbox.to_staff(case.owner_id, OutgoingMessage(notice))
