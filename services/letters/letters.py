"""Suggestion letters (巡察建议书): a department is asked to change what several units have in common.

The office writes one on a common problem that it has confirmed, the director approves it, and with that it gets its
number. The department signs for it, replies by a day, and says in the end what it has changed.
"""

from datetime import timedelta
from secrets import token_hex

from sqlalchemy import and_, func, or_, select

from models.audit import Audited
from models.complaints import Case
from models.letters import Letter, Pattern, PatternKind
from models.rectification import CaseItem, RectificationItem
from models.rounds import County
from models.staff import DEPARTMENT_ROLES, LEADING_GROUP_ROLES, OFFICE_ROLES, Role
from models.states import LETTER, Actor, Impossible, LetterState, NotEntitled, PatternState
from services.access.conflicts import named_behind_items
from services.access.member import Member
from services.audit.log import record
from services.cases.dialogue import refuse_contact_details
from services.cases.identity_probing import masked_for
from services.cases.quoting import check_summary
from services.cases.transfers import NobodyThere
from services.delivery.directors import tell_directors
from services.directory import Person
from services.late_answers import tell_of_late
from services.letters.notices import LetterLate, LetterMoved, LetterSent, LetterToApprove
from services.outbox import OutgoingMessage, Priority
from services.people.office import tell_office
from services.rectification.patterns import pattern_seen
from services.unit_of_work import More, UnitOfWork
from services.working_hours import in_working_hours

LONGEST_TEXT = 2000  # characters
LONGEST_REPLY = 1500
PAGE_SIZE = 8
_WITH_OFFICE = (LetterState.DRAFT, LetterState.DISCARDED)  # nobody else has it
_WAIT_FOR_REPLY = (LetterState.SENT, LetterState.SIGNED)


async def pattern_to_write_on(work: UnitOfWork, who: Member, pattern_id: str) -> Pattern:
    """Return a common problem on which somebody may write a letter: the office. Raises Impossible or NotEntitled."""
    pattern = (await pattern_seen(work, who, pattern_id)).pattern
    if not who.is_office or pattern.kind is not PatternKind.COMMON:
        raise NotEntitled
    if pattern.state is not PatternState.CONFIRMED:
        raise Impossible("write_letter", pattern.state)
    return pattern


async def words_for_department(work: UnitOfWork, who: Member, pattern: Pattern, text: str) -> str:
    """Return words as a department may read them: nothing in them is a reporter's, or leads to one.

    Raises ContainsContact or QuotesReporter.
    """
    await refuse_contact_details(work, text)
    behind = (
        select(Case)
        .join(CaseItem, CaseItem.case_id == Case.id)
        .join(RectificationItem, RectificationItem.id == CaseItem.item_id)
        .where(RectificationItem.round_id == pattern.round_id, RectificationItem.category == pattern.subject_id)
        .order_by(Case.id)
    )
    cases = list(dict.fromkeys(await work.session.scalars(behind)))
    for case in cases:
        await check_summary(work, case, text)
    for case in cases:
        text = await masked_for(work, who, case, text)
    return text


async def write_letter(work: UnitOfWork, who: Member, pattern_id: str, department_id: str, text: str) -> Letter:
    """Write a letter for the director to approve. Raises NobodyThere, and as the two above do."""
    pattern = await pattern_to_write_on(work, who, pattern_id)
    if not await contacts_of(work, department_id, pattern.round_id, pattern.subject_id):
        raise NobodyThere
    seen = await pattern_seen(work, who, pattern_id)
    letter = Letter(
        id=token_hex(8),
        round_id=pattern.round_id,
        category=pattern.subject_id,
        department_id=department_id,
        state=LetterState.DRAFT,
        evidence_count=seen.items,
        unit_count=seen.units,
        text=await words_for_department(work, who, pattern, text),
        by_id=who.id,
        written_on=work.today,
    )
    work.session.add(letter)
    await work.session.flush()
    await tell_directors(work, OutgoingMessage(LetterToApprove(letter.id)))
    return letter


async def contacts_of(work: UnitOfWork, department_id: str, round_id: str, category: str) -> list[Person]:
    """Return who acts for a department on a letter, but for those who are named behind one of its items."""
    known = await work.directory()
    items = select(RectificationItem.id).where(
        RectificationItem.round_id == round_id, RectificationItem.category == category
    )
    named = await named_behind_items(work.session, list(await work.session.scalars(items)))
    kept_away = {staff_id for ids in named.values() for staff_id in ids}
    found = known.with_roles(*sorted(DEPARTMENT_ROLES), department_id=department_id)
    return [one for one in found if one.id not in kept_away]


async def actors_at(work: UnitOfWork, who: Member, letter: Letter) -> frozenset[Actor]:
    """Return what somebody is at a letter; whoever is named behind one of its items is nobody there."""
    if await _is_named(work, who, letter):
        return frozenset()
    found = {Actor(held.role) for held in who.roles if held.role in OFFICE_ROLES}
    if letter.state not in _WITH_OFFICE:
        found |= {Actor.LEADING_GROUP} if who.has(*LEADING_GROUP_ROLES) else set()
        found |= {Actor.RECEIVING_DEPARTMENT} if letter.department_id in who.departments else set()
    return frozenset(found)


async def _is_named(work: UnitOfWork, who: Member, letter: Letter) -> bool:
    if not who.shut_out_of_items:
        return False
    query = select(RectificationItem.id).where(
        RectificationItem.id.in_(who.shut_out_of_items),
        RectificationItem.round_id == letter.round_id,
        RectificationItem.category == letter.category,
    )
    return await work.session.scalar(query.limit(1)) is not None


async def letter_seen(work: UnitOfWork, who: Member, letter_id: str) -> Letter:
    """Return a letter that somebody may read; raise NotEntitled when they may not."""
    letter = await work.session.get(Letter, letter_id)
    if letter is None or not await actors_at(work, who, letter):
        raise NotEntitled
    return letter


def reads_register(who: Member) -> bool:
    """Whether there are letters at all that somebody may read."""
    return who.is_office or bool(who.departments) or who.has(*LEADING_GROUP_ROLES)


async def letters_of(work: UnitOfWork, who: Member, after: str | None = None) -> tuple[list[Letter], str | None]:
    """Return a page of the register: the letters that somebody may read, the latest first."""
    query = select(Letter).order_by(Letter.written_on.desc(), Letter.id)
    if not who.is_office:
        query = query.where(Letter.state.not_in(_WITH_OFFICE))
        if not who.has(*LEADING_GROUP_ROLES):
            query = query.where(Letter.department_id.in_(who.departments))
    last = await work.session.get(Letter, after) if after else None
    if last is not None:
        same_day = and_(Letter.written_on == last.written_on, Letter.id > last.id)
        query = query.where(or_(Letter.written_on < last.written_on, same_day))
    found = list(await work.session.scalars(query.limit(PAGE_SIZE + 1)))
    page = [one for one in found[:PAGE_SIZE] if not await _is_named(work, who, one)]
    return page, found[PAGE_SIZE - 1].id if len(found) > PAGE_SIZE else None


async def may(work: UnitOfWork, who: Member, letter_id: str, action: str) -> Letter:
    """Return a letter, locked, with which somebody may do something now; raise Impossible or NotEntitled."""
    query = select(Letter).where(Letter.id == letter_id).with_for_update()
    letter = await work.session.scalar(query.execution_options(populate_existing=True))
    if letter is None or not (actors := await actors_at(work, who, letter)):
        raise NotEntitled
    LETTER.step(letter.state, action, actors)
    return letter


async def approve(work: UnitOfWork, who: Member, letter_id: str) -> Letter:
    """Send a letter under the next number of the year. Raises NobodyThere, Impossible or NotEntitled."""
    letter = await may(work, who, letter_id, "approve")
    contacts = await contacts_of(work, letter.department_id, letter.round_id, letter.category)
    if not contacts:
        raise NobodyThere
    letter.year, letter.number = work.today.year, await _next_number(work, work.today.year)
    letter.approved_by, letter.sent_on = who.id, work.today
    letter.due_on = work.today + timedelta(days=(await work.settings()).revisits.letter_reply_days)
    await _step(work, who, letter, "approve")
    for person in contacts:
        await work.outbox.to_staff(person.id, OutgoingMessage(LetterSent(letter.id)), priority=Priority.NOTICE)
    await record(work, Audited.LETTER_APPROVED, by=who.id, subject=letter.department_id, letter=letter.id)
    return letter


async def discard(work: UnitOfWork, who: Member, letter_id: str) -> Letter:
    """Send a letter that was written to nobody. Raises Impossible or NotEntitled."""
    letter = await may(work, who, letter_id, "discard")
    await _step(work, who, letter, "discard")
    return letter


async def sign(work: UnitOfWork, who: Member, letter_id: str) -> Letter:
    """Sign for a letter, as the department. Raises Impossible or NotEntitled."""
    letter = await may(work, who, letter_id, "sign")
    letter.signed_by, letter.signed_on = who.id, work.today
    await _step(work, who, letter, "sign")
    await _note_move(work, who, letter)
    return letter


async def reply(work: UnitOfWork, who: Member, letter_id: str, text: str) -> Letter:
    """Reply to a letter, as the department; the office is told. Raises Impossible or NotEntitled."""
    letter = await may(work, who, letter_id, "reply")
    letter.reply, letter.replied_on = text, work.today
    await _step(work, who, letter, "reply")
    await tell_office(work, LetterMoved(letter.id))
    await _note_move(work, who, letter)
    return letter


async def tell_reform(work: UnitOfWork, who: Member, letter_id: str, text: str) -> Letter:
    """Say what the department has changed; the office is told. Raises Impossible or NotEntitled."""
    letter = await may(work, who, letter_id, "tell_reform")
    letter.reform, letter.reformed_on = text, work.today
    await _step(work, who, letter, "tell_reform")
    await tell_office(work, LetterMoved(letter.id))
    await _note_move(work, who, letter)
    return letter


async def note_taken(work: UnitOfWork, who: Member, letter_id: str) -> Letter:
    """Return a letter that somebody takes along as a file, and write that down. Raises NotEntitled."""
    letter = await letter_seen(work, who, letter_id)
    await record(work, Audited.LETTER_TAKEN, by=who.id, subject=letter.department_id, letter=letter.id)
    return letter


@in_working_hours
async def tell_of_late_letters(work: UnitOfWork) -> More | None:
    """Tell once, in working hours, of each letter whose day for the reply has passed: the department and the office."""
    office = (await work.directory()).with_roles(*OFFICE_ROLES)

    async def concerned(letter: Letter) -> list[str]:
        contacts = await contacts_of(work, letter.department_id, letter.round_id, letter.category)
        return [one.id for one in [*contacts, *office]]

    return await tell_of_late(work, Letter, Letter.state.in_(_WAIT_FOR_REPLY), LetterLate, concerned)


async def _next_number(work: UnitOfWork, year: int) -> int:
    """Return the next number of a year; whoever gives one waits for whoever gives the one before."""
    await work.session.scalar(select(County.id).with_for_update())
    return 1 + (await work.session.scalar(select(func.max(Letter.number)).where(Letter.year == year)) or 0)


async def _step(work: UnitOfWork, who: Member, letter: Letter, action: str) -> None:
    letter.state = LETTER.step(letter.state, action, await actors_at(work, who, letter))
    await work.session.flush()


async def _note_move(work: UnitOfWork, who: Member, letter: Letter) -> None:
    state = letter.state.value
    await record(work, Audited.LETTER_MOVED, by=who.id, subject=letter.department_id, letter=letter.id, state=state)


def approves(who: Member) -> bool:
    """Whether somebody approves letters."""
    return who.has(Role.OFFICE_DIRECTOR)
