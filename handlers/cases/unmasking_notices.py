"""Notices to the office director: who unmasked a case and why, and who may be probing for a reporter's identity."""

from collections.abc import Mapping
from typing import Any

from handlers.cases.labels import number
from handlers.notices import Reader, renders
from models.staff import Staff
from models.states import NotEntitled
from services.access.member import member
from services.cases.identity_probing import told_of
from services.cases.masking import hidden
from services.cases.unmask import reason_of
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html
from texts.message import Message


@renders("case_unmasked")
async def case_unmasked(work: UnitOfWork, reader: Reader, args: Mapping[str, Any]) -> Message | None:
    if reader.staff_id is None:
        return None
    try:
        who = await member(work.session, reader.staff_id)
        case, found, reason = await reason_of(work, who, args["unmasking_id"])
    except NotEntitled:
        return None
    by = await work.session.get_one(Staff, found.by_id)
    [shown] = hidden([reason], who.language)
    notice = reader.words("office.case_unmasked", name=by.name, number=number(case), reason=shown)
    return _with_audit_seal(reader, notice, args)


@renders("trace_repeated")
async def trace_repeated(work: UnitOfWork, reader: Reader, args: Mapping[str, Any]) -> Message | None:
    return await _about_probing(work, reader, args, "office.trace_repeated")


@renders("order_tried")
async def order_tried(work: UnitOfWork, reader: Reader, args: Mapping[str, Any]) -> Message | None:
    return await _about_probing(work, reader, args, "office.order_tried")


async def _about_probing(work: UnitOfWork, reader: Reader, args: Mapping[str, Any], key: str) -> Message | None:
    if reader.staff_id is None:
        return None
    try:
        who = await member(work.session, reader.staff_id)
        case, by = await told_of(work, who, args["case_id"], args["by_id"])
    except NotEntitled:
        return None
    return _with_audit_seal(reader, reader.words(key, name=by.name, number=number(case)), args)


def _with_audit_seal(reader: Reader, notice: Html, args: Mapping[str, Any]) -> Message:
    """Return a notice with what the audit log came to at that moment: from then on its entry cannot be cut off."""
    seal = reader.words("office.audit_seal_of_notice", seal=args["seal"])
    return Message(Html(f"{notice}\n{seal}"), protect=True)
