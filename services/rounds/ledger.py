"""The ledger of a round's cases, to be taken along as a file: how each stands, and nothing of who reported it.

It holds what lies on the desks of teams and of the office. What lies on a desk for one pair of eyes stays there, for a
file is passed on. No word of a reporter is in it, and no time but days; within a day the cases stand in the order of
their random numbers, so that the file does not tell which came first.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from models.audit import Audited
from models.complaints import SENT_THEMSELVES, Case, CaseComplaint, Complaint, Door
from models.desk import OFFICE_DESK, Desk
from models.staff import Role
from models.states import CLOSED_CASES, CaseState, NotEntitled
from services.access.member import Member
from services.audit.log import record
from services.cases.facts import CaseFacts, facts_of
from services.cases.queues import not_hidden_from
from services.directory import Directory, RoundRecord
from services.rounds.entitled import round_known_to, rounds_known_to
from services.unit_of_work import UnitOfWork

MOST_CASES = 20_000  # of one file: the largest round known had 3,029
_PORTION = 500  # cases that are read at one go: some tens of milliseconds


class LedgerTooLong(Exception):
    """A round has more cases than fit one file."""


@dataclass(frozen=True)
class LedgerEntry:
    """A case in the ledger. `marks` are those that its reporters gave: 1 not solved, 2 so-so, 3 solved."""

    facts: CaseFacts
    team: str
    complaints: int
    marks: tuple[int, ...]


@dataclass(frozen=True)
class Ledger:
    """The ledger of a round, as somebody may see it. `cases`: 件, without those joined to another; `complaints`: 次."""

    round: RoundRecord
    made_on: date
    entries: Sequence[LedgerEntry]

    @property
    def cases(self) -> int:
        return sum(1 for one in self.entries if one.facts.case.state != CaseState.MERGED)

    @property
    def complaints(self) -> int:
        # Those of a joined case are its head's, too.
        return sum(one.complaints for one in self.entries if one.facts.case.state != CaseState.MERGED)

    @property
    def by_door(self) -> dict[str, tuple[int, int]]:
        """How many cases came by each door, and how many of these have ended; those joined to another are left out."""
        own = [one.facts.case for one in self.entries if one.facts.case.state != CaseState.MERGED]
        came = Counter(case.door or SENT_THEMSELVES for case in own)
        ended = Counter(case.door or SENT_THEMSELVES for case in own if case.state in CLOSED_CASES)
        return {door: (came[door], ended[door]) for door in (SENT_THEMSELVES, *Door) if came[door]}

    @property
    def by_state(self) -> Counter[CaseState]:
        """How many cases are in each state."""
        return Counter(one.facts.case.state for one in self.entries)


def ledgers_for(known: Directory, who: Member) -> list[RoundRecord]:
    """Return the rounds whose ledger somebody may take along, the newest first."""
    return [one for one in rounds_known_to(known, who) if ledger_desks(known, who, one.id)]


def ledger_desks(known: Directory, who: Member, round_id: str) -> list[Desk]:
    """Return the desks whose cases stand in somebody's ledger: a leader's team's, for the director every team's."""
    all_teams = who.has(Role.OFFICE_DIRECTOR)
    led = who.teams(Role.TEAM_LEADER)
    teams = [one.id for one in known.teams.values() if one.round_id == round_id and (all_teams or one.id in led)]
    return [*map(Desk.team, sorted(teams)), *([OFFICE_DESK] if who.is_office else [])]


async def take_ledger(work: UnitOfWork, who: Member, round_id: str, kind: str) -> None:
    """Write down that somebody takes a round's ledger along; raise NotEntitled unless they may. `kind`: of the file."""
    known = await work.directory()
    round_known_to(known, who, round_id)
    if not ledger_desks(known, who, round_id):
        raise NotEntitled
    await record(work, Audited.LEDGER_TAKEN, by=who.id, subject=round_id, kind=kind)


async def ledger_of(work: UnitOfWork, who: Member, round_id: str) -> Ledger:
    """Return the ledger of a round as somebody may see it. Raises NotEntitled and LedgerTooLong."""
    known = await work.directory()
    desks = ledger_desks(known, who, round_id)
    if not desks:
        raise NotEntitled
    in_ledger = (Case.round_id == round_id, Case.desk.in_(desks), *not_hidden_from(who))
    if (await work.session.scalar(select(func.count()).select_from(Case).where(*in_ledger)) or 0) > MOST_CASES:
        raise LedgerTooLong
    marks: dict[str, list[int | None]] = defaultdict(list)
    said = (
        select(CaseComplaint.case_id, Complaint.satisfaction)
        .join(Case, Case.id == CaseComplaint.case_id)
        .join(Complaint, Complaint.id == CaseComplaint.complaint_id)
        .where(*in_ledger, Complaint.withdrawn_at.is_(None))
    )
    for case_id, mark in await work.session.execute(said):
        marks[case_id].append(mark)
    entries = []
    # A portion at a time: others are served between two.
    found = await work.session.stream_scalars(select(Case).where(*in_ledger).execution_options(yield_per=_PORTION))
    async for cases in found.partitions():
        for case in cases:
            team = known.teams.get(case.team_id or "")
            given = sorted(mark for mark in marks[case.id] if mark is not None)
            facts = await facts_of(work, case)
            entries.append(LedgerEntry(facts, team.name if team else "", len(marks[case.id]), tuple(given)))
    entries.sort(key=lambda one: (one.facts.received_on, one.facts.case.id))
    return Ledger(known.rounds[round_id], work.today, entries)
