"""Whoever leads where a case lies puts it before the head of the leading group, who instructs what is to be done.

The head reads a summary of the leader's, never what the reporter said.
"""

from dataclasses import replace
from datetime import date

from models.audit import Audited
from models.case_tasks import CaseTaskKind
from models.complaints import Case
from models.desk import OFFICE_DESK, DeskKind
from models.instruction import Instruction, Order
from models.staff import Role
from models.states import Impossible, NotEntitled
from services.access.conflicts import named_in_case
from services.access.member import Member
from services.access.visibility import directors_who_may_know
from services.audit.log import record
from services.cases.actions import leads, may_escalate
from services.cases.assign import NobodyMaySee
from services.cases.cards import tell_who_leads
from services.cases.case_log import case_seen_by, case_to_change, log_event
from services.cases.identity_probing import masked_for
from services.cases.notices import InstructionAsked, InstructionGiven
from services.cases.proposals import Proposed, opened_words, sealed_words
from services.cases.quoting import refuse_quotes
from services.cases.tasks import set_task
from services.directory import Person
from services.outbox import OutgoingMessage, Priority
from services.register_pages import Page, page_of
from services.unit_of_work import UnitOfWork


async def case_to_escalate(work: UnitOfWork, who: Member, case_id: str) -> Case:
    """Return a case that somebody may put before the head of the leading group. Raises Impossible or NotEntitled."""
    case = await case_seen_by(work, who, case_id)
    if not leads(who, case) or case.desk.is_for_one:
        raise NotEntitled
    if not may_escalate(who, case):
        raise Impossible("escalate", case.state)
    return case


async def escalate(work: UnitOfWork, who: Member, case_id: str, words: str) -> Case:
    """Ask the head of the leading group to instruct what is to be done, with a summary of one's own.

    What leads to the reporter is masked in it, and that any was there is told. Raises NobodyMaySee, QuotesReporter, and
    what `case_to_escalate` does.
    """
    case = await case_to_escalate(work, who, case_id)
    await refuse_quotes(work, case, words)
    heads = await _heads(work, case)
    if not heads:
        raise NobodyMaySee
    sealed = sealed_words(work.keyring, case, Proposed.INSTRUCTION, await masked_for(work, who, case, words))
    _keep(case, Instruction(who.id, work.today.isoformat(), sealed))
    await log_event(work, case, "escalate", by=who)
    for head in heads:
        await work.outbox.to_staff(head.id, OutgoingMessage(InstructionAsked(case.id)), priority=Priority.NOTICE)
    await record(work, Audited.ESCALATED, by=who.id, case_id=case.id)
    return case


async def instruct(work: UnitOfWork, who: Member, case_id: str, order: Order) -> Case:
    """Instruct what is to be done about a case that was put before the head; owner, leader and director are told.

    Raises Impossible or NotEntitled.
    """
    case = await case_to_change(work, case_id)
    instruction = shown_instruction(who, case)
    if not instruction.waits or not case.is_open:
        raise Impossible("instruct", case.state)
    given = replace(instruction, order=order, given_by=who.id, given_on=work.today.isoformat())
    _keep(case, given)
    await set_task(work, case, CaseTaskKind.INSTRUCTION, given.due_on(), by=who)
    await log_event(work, case, "instruct", by=who, order=order, until=given.due_on().isoformat())
    told = InstructionGiven(case.id)
    await tell_who_leads(work, case, told)
    for director in await directors_who_may_know(work, case):
        if case.desk != OFFICE_DESK:  # there they lead, and are told already
            await work.outbox.to_staff(director.id, OutgoingMessage(told))
    await record(work, Audited.INSTRUCTED, by=who.id, case_id=case.id)
    return case


def shown_instruction(who: Member, case: Case) -> Instruction:
    """Return the instruction of a case, for the head before whom it was put. Raises NotEntitled for everybody else."""
    instruction = Instruction.read(case.instruction)
    if instruction is None or not _is_before(who, case):
        raise NotEntitled
    return instruction


def summary_of(work: UnitOfWork, case: Case, instruction: Instruction) -> str:
    """Return what the head of the leading group is told of a case."""
    return opened_words(work.keyring, case, Proposed.INSTRUCTION, instruction.words)


async def instructed_cases(
    work: UnitOfWork, who: Member, after: str | None = None, *, ended: bool = False
) -> Page[Case]:
    """Return a page of the register of instructions: the cases that somebody may know of.

    Of the open ones, what is to be done first comes first; of those that have `ended`, what was last to be done.
    """

    async def is_seen(case: Case) -> bool:
        return case.instruction is not None and (_is_before(who, case) or who.knows_of(case))

    where = (Case.instruction_on.is_not(None), Case.is_open.is_(not ended))
    return await page_of(work, Case, Case.instruction_on, is_seen, *where, after=after, latest_first=ended)


def is_instruction_late(instruction: Instruction, today: date) -> bool:
    """Whether the day of an instruction has passed."""
    return not instruction.waits and instruction.due_on() < today


def _keep(case: Case, instruction: Instruction) -> None:
    case.instruction, case.instruction_on = instruction.record(), instruction.due_on()


def _is_before(who: Member, case: Case) -> bool:
    """Whether a case may be put before somebody: a head; before nobody as long as it lies before one pair of eyes."""
    is_on_a_desk_of_several = case.desk.kind in (DeskKind.TEAM, DeskKind.OFFICE) and case.held_until is None
    return is_on_a_desk_of_several and who.has(Role.LEADING_GROUP_HEAD) and not who.is_shut_out(case)


async def _heads(work: UnitOfWork, case: Case) -> list[Person]:
    """Return the heads before whom a case may be put."""
    named = await named_in_case(work.session, case.id)
    heads = (await work.directory()).with_roles(Role.LEADING_GROUP_HEAD)
    return [one for one in heads if _is_before(Member.of(one, cases=[case.id] if one.id in named else ()), case)]
