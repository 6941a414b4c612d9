"""Notices to the office director: who unmasked a case and why, and who may be probing for a reporter's identity."""

from handlers.cases.labels import number
from handlers.notices import StaffReader, renders_for_staff
from models.staff import Staff
from services.cases.identity_probing import told_of
from services.cases.masking import hidden
from services.cases.notices import CaseUnmasked, OrderTried, ProbingNotice, TraceRepeated
from services.cases.unmask import reason_of
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html, Words
from texts.message import Message


@renders_for_staff(CaseUnmasked)
async def case_unmasked(work: UnitOfWork, reader: StaffReader, notice: CaseUnmasked) -> Message | None:
    case, found, reason = await reason_of(work, reader.who, notice.unmasking_id)
    by = await work.session.get_one(Staff, found.by_id)
    [shown] = hidden([reason], reader.who.language)
    text = reader.words("office.case_unmasked", name=by.name, number=number(case), reason=shown)
    return _with_audit_seal(reader.words, text, notice.seal)


@renders_for_staff(TraceRepeated)
async def trace_repeated(work: UnitOfWork, reader: StaffReader, notice: TraceRepeated) -> Message | None:
    return await _about_probing(work, reader, notice, "office.trace_repeated")


@renders_for_staff(OrderTried)
async def order_tried(work: UnitOfWork, reader: StaffReader, notice: OrderTried) -> Message | None:
    return await _about_probing(work, reader, notice, "office.order_tried")


async def _about_probing(work: UnitOfWork, reader: StaffReader, notice: ProbingNotice, key: str) -> Message | None:
    case, by = await told_of(work, reader.who, notice.case_id, notice.by_id)
    return _with_audit_seal(reader.words, reader.words(key, name=by.name, number=number(case)), notice.seal)


def _with_audit_seal(words: Words, notice: Html, seal: str) -> Message:
    """Return a notice with what the audit log came to at that moment: from then on its entry cannot be cut off."""
    return Message(Html(f"{notice}\n{words('office.audit_seal_of_notice', seal=seal)}"), protect=True)
