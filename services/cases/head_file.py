"""The file on the head of a unit (情况反映材料): what the team leader has written of each case about that head.

It holds nothing of what reporters wrote, no receipt code and no time of a complaint. Only the leader for whose eyes
these cases are writes and compiles it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, select

from models.audit import Audited
from models.complaints import Case, CaseSummary
from models.desk import Desk
from models.rounds import Round
from models.staff import Role
from models.states import CaseState, NotEntitled
from services.access.member import Member
from services.audit.log import record
from services.cases.actions import may_compile_on_head
from services.cases.case_log import case_seen_by
from services.cases.identity_probing import masked_for
from services.cases.masking import hidden
from services.cases.quoting import check_summary
from services.directory import CategoryRecord
from services.unit_of_work import UnitOfWork

LONGEST_SUMMARY = 500  # characters


@dataclass(frozen=True)
class SummarisedCase:
    """One case of the file. Without a summary the leader has written none yet."""

    number: str
    category: CategoryRecord
    state: CaseState
    summary: str | None


@dataclass(frozen=True)
class HeadFile:
    """The file on the head of a unit, as it is on a day."""

    unit: str
    round_name: str
    heads: Sequence[str]  # their names
    compiled_on: date
    by: str
    cases: Sequence[SummarisedCase]


async def case_to_summarise(work: UnitOfWork, who: Member, case_id: str) -> Case:
    """Return a case of the file, to write of it; raise NotEntitled otherwise."""
    case = await case_seen_by(work, who, case_id)
    if not may_compile_on_head(who, case):
        raise NotEntitled
    return case


async def write_summary(work: UnitOfWork, who: Member, case_id: str, text: str) -> str:
    """Keep what the leader writes of a case, in place of what was written before; return it as it is kept.

    What leads to a person is masked, and what repeats a reporter is told. Raises ContainsContact, QuotesReporter and
    NotEntitled.
    """
    case = await case_to_summarise(work, who, case_id)
    await check_summary(work, case, text)  # as it was written: a refusal must not depend on what is masked
    [text] = hidden([await masked_for(work, who, case, text)], who.language)
    sealed = work.keyring.round(case.round_id).sealing.seal(_record_of(case.id), text.encode())
    await work.session.merge(CaseSummary(case_id=case.id, by_id=who.id, sealed=sealed))
    await work.session.flush()
    await record(work, Audited.SUMMARISED, by=who.id, case_id=case.id)
    return text


async def compile_head_file(work: UnitOfWork, who: Member, case_id: str) -> HeadFile:
    """Return the file on the head of a case's unit, and note that it was compiled. Raises NotEntitled."""
    case = await case_to_summarise(work, who, case_id)
    found = await head_file_of(work, who, case)
    heads = (await work.directory()).with_roles(Role.UNIT_HEAD, unit_id=case.unit_id)
    subject = heads[0].id if heads else None
    await record(work, Audited.HEAD_FILE_COMPILED, by=who.id, subject=subject, unit=case.unit_id, round=case.round_id)
    return found


async def head_file_of(work: UnitOfWork, who: Member, case: Case) -> HeadFile:
    """Return the file as its leader may read it now; whoever is named in a case does not see that it is in it."""
    if case.unit_id is None or case.team_id is None or not may_compile_on_head(who, case):
        raise NotEntitled
    known = await work.directory()
    query = select(Case).where(
        Case.desk == Desk.leader(case.team_id), Case.round_id == case.round_id, Case.unit_id == case.unit_id
    )
    cases = [one for one in await work.session.scalars(query.order_by(Case.id)) if may_compile_on_head(who, one)]
    return HeadFile(
        unit=known.units[case.unit_id].name,
        round_name=(await work.session.get_one(Round, case.round_id)).name,
        heads=[one.name for one in known.with_roles(Role.UNIT_HEAD, unit_id=case.unit_id)],
        compiled_on=work.today,
        by=who.name,
        cases=[
            SummarisedCase(one.id, known.category(one.category), one.state, await summary_of(work, one))
            for one in cases
        ],
    )


async def summary_of(work: UnitOfWork, case: Case) -> str | None:
    """Return what was written of a case; None when nothing was."""
    row = await work.session.get(CaseSummary, case.id)
    if row is None:
        return None
    return work.keyring.round(case.round_id).sealing.open(_record_of(case.id), row.sealed).decode()


async def erase_summary(work: UnitOfWork, case: Case) -> None:
    """Delete what was written of a case."""
    await work.session.execute(delete(CaseSummary).where(CaseSummary.case_id == case.id))


def _record_of(case_id: str) -> str:
    return f"summary:{case_id}"
