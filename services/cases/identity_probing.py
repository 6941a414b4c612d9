"""Words of the staff that repeat what leads to a reporter. Where it is masked, whoever wrote a list of names sees which
of them it is; so it is written down who did so, and the office directors are told, without the words.
"""

from collections.abc import Sequence

from sqlalchemy import func, select

from models.audit import Audited, AuditEntry
from models.complaints import Case, CaseEvent, MessageKind
from models.staff import Role, Staff
from models.states import NotEntitled
from services.access.member import Member
from services.audit.log import record, seal_now
from services.cases.case_log import log_event
from services.cases.dialogue import refuse_contact_details, say_to_reporter
from services.cases.notices import OrderTried, ProbingNotice, TraceRepeated
from services.cases.read_case import without_traces_of
from services.delivery.directors import tell_directors
from services.outbox import OutgoingMessage
from services.unit_of_work import UnitOfWork

# of orders because of one case, by one member: one is looked at and issued, and reworded once
MOST_PREVIEWS_A_DAY = 5
_TOLD_AS: dict[Audited, type[ProbingNotice]] = {
    Audited.TRACE_REPEATED: TraceRepeated,
    Audited.ORDER_TRIED: OrderTried,
}


async def masked_for(work: UnitOfWork, who: Member, case: Case, text: str) -> str:
    """Return what somebody wrote without what leads to the reporters of a case; that any was there is told."""
    masked = await without_traces_of(work, case, text)
    if masked != text:
        await _tell(work, who, case, Audited.TRACE_REPEATED)
    return masked


async def say_in_own_words(
    work: UnitOfWork,
    who: Member,
    case: Case,
    kind: MessageKind,
    text: str,
    *,
    prepared: Sequence[str] = (),
    key: str | None = None,
    **codes: str,
) -> None:
    """Say to every reporter of a case what somebody wrote, masked once and for all: other reporters get it too, and
    whoever reads it again must not see it change by what was said after it. `prepared`, `key` and `codes` are those of
    `say_to_reporter`. Raises ContainsContact.
    """
    await refuse_contact_details(work, text)  # as it was written: a refusal must not depend on what is masked
    if text:
        text = await masked_for(work, who, case, text)
    await say_to_reporter(work, case, kind, text, prepared=prepared, key=key, **codes)


async def log_preview(work: UnitOfWork, who: Member, case: Case) -> None:
    """Note that somebody looks how an order would read: also one in which nothing is masked tells who it was not."""
    await log_event(work, case, "look_at_order", by=who, renew=False)
    query = select(func.count()).where(
        CaseEvent.case_id == case.id,
        CaseEvent.event == "look_at_order",
        CaseEvent.by_id == who.id,
        CaseEvent.at >= work.midnight,
    )
    if (await work.session.scalar(query) or 0) > MOST_PREVIEWS_A_DAY:
        await _tell(work, who, case, Audited.ORDER_TRIED)


async def case_and_person(work: UnitOfWork, reader: Member, case_id: str, by_id: str) -> tuple[Case, Staff]:
    """Return which case it was and who; raise NotEntitled to all but directors whom the case doesn't shut out."""
    case, by = await work.session.get(Case, case_id), await work.session.get(Staff, by_id)
    if case is None or by is None or not reader.has(Role.OFFICE_DIRECTOR) or reader.is_shut_out(case):
        raise NotEntitled
    return case, by


async def _tell(work: UnitOfWork, who: Member, case: Case, what: Audited) -> None:
    """Write down every time; tell the directors once a day."""
    before = select(AuditEntry.number).where(
        AuditEntry.case_id == case.id,
        AuditEntry.action == what,
        AuditEntry.by_id == who.id,
        AuditEntry.at >= work.midnight,
    )
    told = await work.session.scalar(before.limit(1)) is not None
    await record(work, what, by=who.id, case_id=case.id)
    if not told:
        notice = _TOLD_AS[what](case.id, who.id, str(await seal_now(work.session)))
        await tell_directors(work, OutgoingMessage(notice))
