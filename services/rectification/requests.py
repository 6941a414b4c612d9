"""A department is asked for something until a day: data, by a team for a case; help, by a unit for an item of its own,
or by a township's office for an item or a case that it is shown (乡村吹哨、部门报到). The head of a township
calls to no case: they are shown none.

What a team asks for is written as what it passes on is: nothing in it leads to a reporter, and none of their words.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from secrets import token_hex

from sqlalchemy import ColumnElement, select

from models.audit import Audited
from models.base import coarse
from models.complaints import Case
from models.rectification import RectificationItem
from models.requests import Request, RequestKind
from models.rounds import DepartmentKind
from models.staff import DEPARTMENT_ROLES, Role
from models.states import REQUEST, UNIT_ACTORS, Actor, Impossible, NotEntitled, RequestState
from services.access.conflicts import named_behind_items
from services.access.member import Member
from services.audit.log import record
from services.cases.actions import acting_as, may_call_to
from services.cases.cards import show_card, tell_who_leads
from services.cases.case_log import case_seen_by, case_to_change, log_event
from services.cases.conflicts_of_interest import shut_out_named
from services.cases.departments import acting_for
from services.cases.dialogue import refuse_contact_details
from services.cases.identity_probing import log_preview, masked_for
from services.cases.masking import hidden
from services.cases.notes import add_note
from services.cases.notices import DepartmentCalled, NoteWritten
from services.cases.quoting import check_summary
from services.cases.transfers import NobodyThere
from services.directory import DepartmentRecord, Person
from services.late_answers import tell_of_late
from services.outbox import OutgoingMessage, Priority
from services.rectification import item_log
from services.rectification.notices import RequestLate, RequestReplied, RequestSent
from services.unit_of_work import More, UnitOfWork
from services.working_hours import in_working_hours
from texts.catalogue import SOURCE, Words

LONGEST_TEXT = 600  # characters
LONGEST_REPLY = 1000
LISTED = 20
_CALLERS = UNIT_ACTORS | {Actor.TOWNSHIP_OFFICE}  # of a department, to an item
_DEPARTMENT = frozenset({Actor.RECEIVING_DEPARTMENT})


@dataclass(frozen=True)
class Asked:
    """A request as it is read at the department, and by whoever asked."""

    request: Request
    department: str
    asker: str  # the unit that calls, or the round whose team asks
    text: str
    reply: str = ""


async def case_to_ask_for(work: UnitOfWork, who: Member, case_id: str) -> Case:
    """Return a case for which somebody may ask for data: who works on it. Raises Impossible or NotEntitled."""
    case = await case_seen_by(work, who, case_id)
    if Actor.TEAM_MEMBER not in acting_as(who, case):
        raise NotEntitled
    if not case.is_open:
        raise Impossible("request_data", case.state)
    return case


async def item_to_call_for(work: UnitOfWork, who: Member, item_id: str) -> RectificationItem:
    """Return an item to which somebody may call a department: their unit's own, or as its township's office one that
    they are shown. Raises Impossible or NotEntitled.
    """
    item = await item_log.item_to_change(work, who, item_id, by=_CALLERS)
    if not item.is_open:
        raise Impossible("call_department", item.state)
    return item


async def case_to_call_to(work: UnitOfWork, who: Member, case_id: str) -> Case:
    """Return a case to which somebody may call a department: a township's office. Raises Impossible or NotEntitled."""
    case = await case_to_change(work, case_id)
    if not may_call_to(who, case):
        if who.is_granted(case) and not case.is_open:
            raise Impossible("call_to_case", case.state)
        raise NotEntitled
    return case


async def departments_to_ask(work: UnitOfWork, category: str) -> list[DepartmentRecord]:
    """Return the departments that can be asked, those first whose business a category is."""
    known = await work.directory()
    found = [one for one in known.departments.values() if one.kind is not DepartmentKind.EMERGENCY]
    return sorted(found, key=lambda one: (category not in one.fields, one.id))


async def can_be_asked(work: UnitOfWork, department_id: str, *, about: Case | None = None) -> bool:
    """Return whether somebody is there who can answer for a department, and is not shut out of a case."""
    known = await work.directory()
    if about is None:
        contacts: Sequence[Person] = known.with_roles(Role.RECEIVING_DEPARTMENT, department_id=department_id)
    else:
        contacts = await acting_for(work, about, department_id)
    return any(known.is_enrolled(one.id) for one in contacts)


async def request_data(work: UnitOfWork, who: Member, case_id: str, department_id: str, text: str) -> Request:
    """Ask a department for data that a case needs.

    Raises ContainsContact, QuotesReporter, NobodyThere, and what `case_to_ask_for` does.
    """
    case = await case_to_ask_for(work, who, case_id)
    await check_summary(work, case, text)
    await shut_out_named(work, case)
    contacts = await acting_for(work, case, department_id)
    await log_preview(work, who, case)
    text = await masked_for(work, who, case, text)
    days = (await work.directory()).complaint_settings_of(case.round_id).request_working_days
    asked = await _send(
        work, who, contacts, RequestKind.DATA, case.round_id, department_id, text, days, case_id=case.id
    )
    await log_event(work, case, "request_data", by=who, department=department_id)
    await record(work, Audited.REQUESTED, by=who.id, case_id=case.id, subject=department_id)
    return asked


async def call_department(work: UnitOfWork, who: Member, item_id: str, department_id: str, text: str) -> Request:
    """Call a department to an item of one's own unit.

    Raises ContainsContact, NobodyThere, and what `item_to_call_for` does.
    """
    item = await item_to_call_for(work, who, item_id)
    await refuse_contact_details(work, text)
    named = (await named_behind_items(work.session, [item.id])).get(item.id, set())
    at_department = (await work.directory()).with_roles(Role.RECEIVING_DEPARTMENT, department_id=department_id)
    contacts = [one for one in at_department if one.id not in named]
    days = (await work.directory()).complaint_settings_of(item.round_id).call_working_days
    asked = await _send(
        work, who, contacts, RequestKind.CALL, item.round_id, department_id, text, days, item_id=item.id
    )
    name = (await work.directory()).departments[department_id].name
    await item_log.log_event(work, item, "call_department", by=who, note=name)
    await record(work, Audited.REQUESTED, by=who.id, subject=department_id)
    return asked


async def call_to_case(work: UnitOfWork, who: Member, case_id: str, department_id: str, text: str) -> Request:
    """Call a department to a case, as a township's office that is shown its card; who works on the case hears of it.

    What they write is compared with nothing that was said: they do not read it, and whether it is alike, or masked,
    would tell them of it. Raises ContainsContact, NobodyThere, and what `case_to_call_to` does.
    """
    case = await case_to_call_to(work, who, case_id)
    await refuse_contact_details(work, text)
    await shut_out_named(work, case)
    contacts = await acting_for(work, case, department_id)
    [text] = hidden([text], SOURCE)
    days = (await work.directory()).complaint_settings_of(case.round_id).call_working_days
    asked = await _send(
        work, who, contacts, RequestKind.CALL, case.round_id, department_id, text, days, case_id=case.id
    )
    await log_event(work, case, "call_department", by=who, department=department_id)
    name = (await work.directory()).departments[department_id].name
    await add_note(work, case, who, Words(SOURCE).plain("request.note_called", department=name, text=text))
    await tell_who_leads(work, case, DepartmentCalled(case.id, department_id))
    await record(work, Audited.REQUESTED, by=who.id, case_id=case.id, subject=department_id)
    return asked


async def request_read(work: UnitOfWork, who: Member, request_id: str) -> Asked:
    """Return a request for whoever acts for the department while it waits, or for who asked; else raise NotEntitled."""
    found = await work.session.get(Request, request_id)
    if found is None or found.round_id not in work.keyring.round_ids() or not await _actors(work, who, found):
        raise NotEntitled
    known, sealing = await work.directory(), work.keyring.round(found.round_id).sealing
    return Asked(
        found,
        known.departments[found.department_id].name,
        await _asker(work, found),
        sealing.open(_record_of(found), found.text).decode(),
        sealing.open(f"{_record_of(found)}:reply", found.reply).decode() if found.reply else "",
    )


async def _asker(work: UnitOfWork, request: Request) -> str:
    """Return who asks, as the department is told: the unit that calls, or the round whose team asks."""
    known = await work.directory()
    if request.kind is RequestKind.DATA:
        return known.rounds[request.round_id].name
    item = await work.session.get(RectificationItem, request.item_id) if request.item_id else None
    case = await work.session.get(Case, request.case_id) if request.case_id else None
    unit_id = item.unit_id if item else case.unit_id if case else None
    return known.units[unit_id].name if unit_id else known.rounds[request.round_id].name


async def is_theirs(work: UnitOfWork, who: Member, request_id: str) -> bool:
    """Whether a request is somebody's to read now."""
    found = await work.session.get(Request, request_id)
    return found is not None and bool(await _actors(work, who, found))


async def may(work: UnitOfWork, who: Member, request_id: str, action: str) -> Request:
    """Return a request with which somebody may do something now; raise Impossible or NotEntitled."""
    query = select(Request).where(Request.id == request_id).with_for_update()
    found = await work.session.scalar(query.execution_options(populate_existing=True))
    if found is None or found.round_id not in work.keyring.round_ids():
        raise NotEntitled
    REQUEST.step(found.state, action, await _actors(work, who, found))
    return found


async def reply(work: UnitOfWork, who: Member, request_id: str, text: str) -> Request:
    """Answer a request; who asked reads it, and of a case it is among the notes. Raises Impossible or NotEntitled."""
    found = await may(work, who, request_id, "reply")
    case = await work.session.get(Case, found.case_id, with_for_update=True) if found.case_id else None
    found.reply = work.keyring.round(found.round_id).sealing.seal(f"{_record_of(found)}:reply", text.encode())
    await _end(work, found, "reply", _DEPARTMENT)
    name = (await work.directory()).departments[found.department_id].name
    if case is not None:
        await log_event(work, case, "department_replied", by=who, department=found.department_id)
        await add_note(work, case, who, Words(SOURCE).plain("request.note_reply", department=name, text=text))
        if found.kind is RequestKind.CALL:  # whoever works on it has not asked, and hears it as well
            await tell_who_leads(work, case, NoteWritten(case.id))
    await work.outbox.to_staff(found.by_id, OutgoingMessage(RequestReplied(found.id)), priority=Priority.NOTICE)
    await _note_end(work, who, found)
    return found


async def call_off(work: UnitOfWork, who: Member, request_id: str) -> Request:
    """Ask for it no more, as who asked. Raises Impossible or NotEntitled."""
    found = await may(work, who, request_id, "call_off")
    await _end(work, found, "call_off", await _actors(work, who, found))
    if found.case_id:
        await show_card(work, await case_to_change(work, found.case_id))  # it says what is waited for
    await _note_end(work, who, found)
    return found


async def requests_of(work: UnitOfWork, who: Member) -> list[Request]:
    """Return what waits for the departments for which somebody acts, due first."""
    query = select(Request).where(Request.department_id.in_(who.departments), Request.state == RequestState.SENT)
    found = await work.session.scalars(query.order_by(Request.due_on, Request.id))
    return [one for one in list(found) if await _actors(work, who, one)][:LISTED]


async def requests_by(work: UnitOfWork, who: Member) -> list[Request]:
    """Return what somebody has asked for and waits for, due first, as long as they may still know what it is for."""
    found = await _unanswered(work, Request.by_id == who.id)
    return [one for one in found if await _actors(work, who, one)][:LISTED]


async def waits_for_any(work: UnitOfWork, who: Member) -> bool:
    """Whether somebody waits for what they have asked a department for."""
    waits = (Request.by_id == who.id, Request.state == RequestState.SENT)
    return await work.session.scalar(select(Request.id).where(*waits).limit(1)) is not None


async def waiting_for_case(work: UnitOfWork, who: Member, case: Case) -> list[Request]:
    """Return what departments are asked for because of a case and have not answered, due first.

    Whoever is only shown the case is told of what they have asked for themselves.
    """
    own = () if who.sees(case) else (Request.by_id == who.id,)
    return await _unanswered(work, Request.case_id == case.id, *own)


async def waiting_for_item(work: UnitOfWork, item: RectificationItem) -> list[Request]:
    """Return which departments are called to an item and have not answered, due first."""
    return await _unanswered(work, Request.item_id == item.id)


async def _unanswered(work: UnitOfWork, *of: ColumnElement[bool]) -> list[Request]:
    query = select(Request).where(Request.state == RequestState.SENT, *of).order_by(Request.due_on, Request.id)
    return list(await work.session.scalars(query))


@in_working_hours
async def tell_of_late_requests(work: UnitOfWork) -> More | None:
    """Tell once, in working hours, of each request whose day has passed: the department, its head, and who asked."""
    known = await work.directory()

    async def concerned(request: Request) -> list[str]:
        at_department = known.with_roles(*sorted(DEPARTMENT_ROLES), department_id=request.department_id)
        return [*(person.id for person in at_department), request.by_id]

    return await tell_of_late(work, Request, Request.state == RequestState.SENT, RequestLate, concerned)


async def _actors(work: UnitOfWork, who: Member, request: Request) -> frozenset[Actor]:
    """Return what somebody is at a request: at the department while it waits, or who asked, while they still may."""
    case = await work.session.get(Case, request.case_id) if request.case_id else None
    if case is not None and who.is_shut_out(case):
        return frozenset()
    is_with_them = request.department_id in who.departments and request.state is RequestState.SENT
    is_kept_away = request.item_id in who.shut_out_of_items  # the unit's own people read an order all the same
    found = _DEPARTMENT if is_with_them and not is_kept_away else frozenset()
    if who.id != request.by_id:
        return found
    if case is not None:
        is_caller = request.kind is RequestKind.CALL and may_call_to(who, case)
        of_caller = frozenset({Actor.TOWNSHIP_OFFICE}) if is_caller else frozenset[Actor]()
        return found | of_caller | (who.actors_at(case) & {Actor.TEAM_MEMBER, Actor.TEAM_LEADER})
    item = await work.session.get(RectificationItem, request.item_id)
    return found | (who.actors_at_item(item) & _CALLERS if item else frozenset())


async def _send(
    work: UnitOfWork,
    who: Member,
    contacts: Sequence[Person],
    kind: RequestKind,
    round_id: str,
    department_id: str,
    text: str,
    working_days: int,
    *,
    case_id: str | None = None,
    item_id: str | None = None,
) -> Request:
    known = await work.directory()
    if not any(known.is_enrolled(one.id) for one in contacts):
        raise NobodyThere
    calendar = await work.calendar()
    asked = Request(
        id=token_hex(8),
        kind=kind,
        round_id=round_id,
        case_id=case_id,
        item_id=item_id,
        department_id=department_id,
        state=RequestState.SENT,
        by_id=who.id,
        sent_at=coarse(work.now),
        due_on=calendar.add(work.today, working_days),
        is_late_told=False,
    )
    asked.text = work.keyring.round(round_id).sealing.seal(_record_of(asked), text.encode())
    work.session.add(asked)
    await work.session.flush()
    for person in contacts:
        await work.outbox.to_staff(person.id, OutgoingMessage(RequestSent(asked.id)), priority=Priority.NOTICE)
    return asked


async def _end(work: UnitOfWork, request: Request, action: str, actors: frozenset[Actor]) -> None:
    request.state = REQUEST.step(request.state, action, actors)
    request.ended_at = coarse(work.now)
    await work.session.flush()


async def _note_end(work: UnitOfWork, who: Member, request: Request) -> None:
    """Write into the audit log how a request ended; last, for its head is locked last."""
    subject, state = request.department_id, request.state.value
    await record(work, Audited.REQUEST_ENDED, by=who.id, case_id=request.case_id, subject=subject, state=state)


def _record_of(request: Request) -> str:
    return f"request:{request.id}"
