"""Notices of what is passed on to departments: to those who act for them, to the team, and to the office."""

from dataclasses import replace

from handlers.actions import button
from handlers.cases.duty_contacts import with_duty_contact
from handlers.cases.labels import number as case_number
from handlers.cases.notices import about_case
from handlers.notices import StaffReader, renders, renders_for_staff
from handlers.press import Press
from handlers.transfers.card import AREA, lead_card, number, transfer_card
from handlers.transfers.subject import ACTIONS
from models.complaints import Case
from models.transfers import Transfer
from services.cases.actions import may_ask_for_time
from services.cases.transfer_notices import (
    BuckPassing,
    DepartmentAnswered,
    DepartmentAsksForTime,
    DepartmentLate,
    DepartmentSentBack,
    DepartmentSigned,
    LeadDeclined,
    LeadProposed,
    TransferCard,
    TransferDue,
    TransferExtended,
    TransferSent,
    TransferTakenBack,
)
from services.cases.transfers import departments_that_sent_back, received
from services.delivery.reader import Reader
from services.notice import CaseNotice, TransferNotice
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html
from texts.dates import day
from texts.message import Message


@renders_for_staff(TransferSent)
async def transfer_sent(work: UnitOfWork, reader: StaffReader, notice: TransferSent) -> Message | None:
    """Tell a department that something waits for it; the summary is opened by a press."""
    return await _to_department(work, reader, notice, "transfer.told_sent")


@renders_for_staff(TransferDue)
async def transfer_due(work: UnitOfWork, reader: StaffReader, notice: TransferDue) -> Message | None:
    """Tell a department by when it must sign, or be done."""
    return await _to_department(work, reader, notice, "transfer.told_due")


@renders_for_staff(TransferExtended)
async def transfer_extended(work: UnitOfWork, reader: StaffReader, notice: TransferExtended) -> Message | None:
    return await _to_department(work, reader, notice, "transfer.told_extended")


@renders_for_staff(TransferCard)
async def transfer_opened(work: UnitOfWork, reader: StaffReader, notice: TransferCard) -> Message | None:
    return await transfer_card(work, reader.words, reader.who, notice.transfer_id, ACTIONS)


@renders_for_staff(TransferTakenBack)
async def transfer_taken_back(work: UnitOfWork, reader: StaffReader, notice: TransferTakenBack) -> Message | None:
    transfer = await work.session.get(Transfer, notice.transfer_id)
    if transfer is None or transfer.department_id not in reader.who.departments:
        return None
    return Message(reader.words("transfer.told_taken_back", number=number(transfer)))


@renders_for_staff(LeadProposed)
async def lead_proposed(work: UnitOfWork, reader: StaffReader, notice: LeadProposed) -> Message | None:
    """Ask whoever agrees to it; nothing once it is decided."""
    return await lead_card(work, reader.words, reader.who, notice.transfer_id, ACTIONS)


@renders(LeadDeclined)
async def lead_declined(work: UnitOfWork, reader: Reader, notice: LeadDeclined) -> Message | None:
    return await about_case(work, reader, notice, "transfer.team_declined")


@renders(DepartmentSigned)
async def department_signed(work: UnitOfWork, reader: Reader, notice: DepartmentSigned) -> Message | None:
    return await _to_team(work, reader, notice, "transfer.team_signed", notice.department_id)


@renders(DepartmentSentBack)
async def department_sent_back(work: UnitOfWork, reader: Reader, notice: DepartmentSentBack) -> Message | None:
    return await _to_team(work, reader, notice, "transfer.team_sent_back", notice.department_id)


@renders(DepartmentAnswered)
async def department_answered(work: UnitOfWork, reader: Reader, notice: DepartmentAnswered) -> Message | None:
    return await _to_team(work, reader, notice, "transfer.team_answered", notice.department_id)


@renders(DepartmentAsksForTime)
async def department_asks_for_time(work: UnitOfWork, reader: Reader, notice: DepartmentAsksForTime) -> Message | None:
    """Tell who leads that more time is asked for, with the button that gives it."""
    case = await work.session.get(Case, notice.case_id)
    if case is None or case.is_extended:
        return None
    reason = reader.words(f"team.extension_{notice.reason}")
    told = await about_case(
        work,
        reader,
        notice,
        "transfer.team_asks_for_time",
        department=await _name(work, notice.department_id),
        reason=reason,
    )
    if told is None:
        return None
    who = await reader.member(work)
    is_own = who is not None and may_ask_for_time(who, case)  # nobody gives time to themselves
    named = ("team.action_ask_extension", "ask_extension") if is_own else ("team.action_extend", "extension_reasons")
    extend = button(reader.words, named[0], Press("case", named[1], case.id).pack())
    return Message(told.text, ((extend,), *told.buttons))


@renders_for_staff(DepartmentLate)
async def department_late(work: UnitOfWork, reader: StaffReader, notice: DepartmentLate) -> Message | None:
    """Tell the office which department keeps a case waiting, and whom to ring there."""
    department = (await work.directory()).departments[notice.department_id]
    told = await _to_office(work, reader, notice, "transfer.office_late", department=department.name)
    return replace(told, text=with_duty_contact(reader.words, department, Html(told.text))) if told else None


@renders_for_staff(BuckPassing)
async def buck_passing(work: UnitOfWork, reader: StaffReader, notice: BuckPassing) -> Message | None:
    """Tell the office which departments pass a case between them."""
    case = await work.session.get(Case, notice.case_id)
    names = await departments_that_sent_back(work, case) if case else []
    joined = reader.words("staff.list_comma").join(dict.fromkeys(names))
    return await _to_office(work, reader, notice, "transfer.office_buck_passing", departments=joined, count=len(names))


async def _to_department(work: UnitOfWork, reader: StaffReader, notice: TransferNotice, key: str) -> Message | None:
    """Return a sentence about a transfer with the button that opens it; nothing once it is no more with them."""
    shown = await received(work, reader.who, notice.transfer_id)
    text = reader.words(
        f"{key}_{shown.transfer.state}",
        number=number(shown.transfer),
        category=shown.category.name_in(reader.words.language),
        day=day(reader.words, shown.last_day(work.zone), work.today),
    )
    open_it = button(reader.words, "transfer.button_open", Press(AREA, "open", shown.transfer.id).pack())
    return Message(text, ((open_it,),))


async def _to_team(
    work: UnitOfWork, reader: Reader, notice: CaseNotice, key: str, department_id: str
) -> Message | None:
    return await about_case(work, reader, notice, key, department=await _name(work, department_id))


async def _to_office(
    work: UnitOfWork, reader: StaffReader, notice: CaseNotice, key: str, **values: object
) -> Message | None:
    """Return a sentence about a case with the button of its card, for whoever may know of it."""
    case = await work.session.get(Case, notice.case_id)
    if case is None or not reader.who.knows_of(case):
        return None
    see = button(reader.words, "transfer.button_card", Press("queue", "case", case.id).pack())
    return Message(reader.words(key, number=case_number(case), **values), ((see,),))


async def _name(work: UnitOfWork, department_id: str) -> str:
    return (await work.directory()).departments[department_id].name
