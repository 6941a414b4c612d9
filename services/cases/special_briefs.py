"""Special briefs (巡察专报): the team's words on a cluster go to the office and on to the leading group, who say by a
written instruction (批示) which leader sees to it, and by when. How many households are helped is kept up to date.

The leader is reminded before the last day and on it; once it is over, the team and the office hear it as well.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from sqlalchemy import ColumnElement, Select, and_, func, literal, not_, or_, select, true, tuple_
from sqlalchemy import case as when

from models.audit import Audited
from models.base import UtcDateTime, coarse, random_id
from models.clusters import Cluster, SpecialBrief
from models.complaints import Case, CaseShutOut, MessageKind
from models.staff import LEADING_GROUP_ROLES, OFFICE_ROLES, Role
from models.states import SPECIAL_BRIEF, Actor, Impossible, NotEntitled, SpecialBriefState
from services.access.member import Member
from services.audit.log import record
from services.cases.clusters import ClusterSeen, cases_in, cluster_seen
from services.cases.dialogue import refuse_contact_details, say_to_reporter
from services.cases.identity_probing import log_preview, masked_for
from services.cases.masking import hidden
from services.cases.notices import BriefDue, BriefLate, BriefMoved
from services.cases.quoting import refuse_quotes
from services.cursors import Hours
from services.directory import Person
from services.outbox import OutgoingMessage, Priority
from services.unit_of_work import More, UnitOfWork
from services.working_hours import in_working_hours
from texts.catalogue import SOURCE

LONGEST_BRIEF = 1500  # characters
LONGEST_INSTRUCTION = 500
MOST_HOUSEHOLDS = 100_000
LISTED = 10  # briefs on a page
PORTION = 50  # briefs a transaction, of which somebody is told
TOLD_BEFORE = timedelta(days=2)  # the last day of an instruction
_ACTORS = {
    Role.OFFICE_STAFF: Actor.OFFICE_STAFF,
    Role.OFFICE_DIRECTOR: Actor.OFFICE_DIRECTOR,
    Role.LEADING_GROUP_HEAD: Actor.LEADING_GROUP,
    Role.LEADING_GROUP_MEMBER: Actor.LEADING_GROUP,
}
_NOT_PASSED_ON = (SpecialBriefState.WITH_OFFICE, SpecialBriefState.SENT_BACK)  # nobody above the office has it
_ENDED = (SpecialBriefState.SENT_BACK, SpecialBriefState.DONE)


@dataclass(frozen=True)
class InstructionOnBrief:
    """Which county leader sees to it, by when, and what is to be done."""

    lead_id: str
    due_on: date
    text: str


def actors_at(who: Member, brief: SpecialBrief) -> frozenset[Actor]:
    """Return what somebody is at a brief; who is shut out of its unit is nobody there."""
    if brief.unit_id in who.shut_out_of:
        return frozenset()
    found = {_ACTORS[held.role] for held in who.roles if held.role in _ACTORS}
    if brief.state in _NOT_PASSED_ON:
        found.discard(Actor.LEADING_GROUP)
    found |= {Actor.TEAM_LEADER} if brief.team_id in who.teams(Role.TEAM_LEADER) else set()
    found |= {Actor.COUNTY_LEADER} if who.id == brief.lead_id else set()
    return frozenset(found)


async def brief_seen(work: UnitOfWork, who: Member, brief_id: str, *, to_change: bool = False) -> SpecialBrief:
    """Return a brief that somebody may read; raise NotEntitled otherwise."""
    query = select(SpecialBrief).where(SpecialBrief.id == brief_id).execution_options(populate_existing=True)
    brief = await work.session.scalar(query.with_for_update() if to_change else query)
    if brief is None or not actors_at(who, brief) or await _is_kept_from(work, who, brief):
        raise NotEntitled
    return brief


async def note_printed(work: UnitOfWork, who: Member, brief_id: str) -> None:
    """Write down that somebody takes a brief along as a file. Raises NotEntitled."""
    brief = await brief_seen(work, who, brief_id)
    await record(work, Audited.BRIEF_PRINTED, by=who.id, subject=brief.id, unit=brief.unit_id)


@dataclass(frozen=True)
class BriefCursor:
    """The last brief of a page: those that have ended come last, then counts the last day, then which moved last."""

    has_ended: bool
    due_on: date
    moved_in: Hours
    brief_id: str

    @classmethod
    def at(cls, brief: SpecialBrief) -> Self:
        return cls(brief.state in _ENDED, brief.due_on or date.max, Hours.of(brief.state_since), brief.id)

    def pack(self) -> str:
        """Return the cursor in a few letters and digits."""
        return f"{self.has_ended:d}-{self.due_on.toordinal()}-{self.moved_in}-{self.brief_id}"

    @classmethod
    def unpack(cls, packed: str) -> Self | None:
        """Read a cursor; None when it is not one."""
        try:
            ended, due, moved, brief_id = packed.split("-")
            return cls(bool(int(ended)), date.fromordinal(int(due)), Hours.read(moved), brief_id)
        except (ValueError, OverflowError):
            return None


@dataclass(frozen=True)
class BriefPage:
    """A page of the briefs that somebody may read, and what leads to the next one, if there is one."""

    briefs: list[SpecialBrief]
    after: BriefCursor | None


async def briefs_of(work: UnitOfWork, who: Member, after: BriefCursor | None = None) -> BriefPage:
    """Return a page of the briefs that somebody may read, what is due first: the register of instructions."""
    first = (when((SpecialBrief.state.in_(_ENDED), 1), else_=0), func.coalesce(SpecialBrief.due_on, date.max))
    query: Select[SpecialBrief] = select(SpecialBrief).where(_read_by(who))
    if after is not None:
        where = tuple_(literal(int(after.has_ended)), literal(after.due_on))
        moved = literal(after.moved_in.moment, UtcDateTime)
        is_later = or_(
            SpecialBrief.state_since < moved,
            and_(SpecialBrief.state_since == moved, SpecialBrief.id > after.brief_id),
        )
        query = query.where(or_(tuple_(*first) > where, and_(tuple_(*first) == where, is_later)))
    order = (*first, SpecialBrief.state_since.desc(), SpecialBrief.id)
    found = list(await work.session.scalars(query.order_by(*order).limit(LISTED + 1)))
    shown = found[:LISTED]
    return BriefPage(shown, BriefCursor.at(shown[-1]) if len(found) > LISTED else None)


async def reads_any_brief(work: UnitOfWork, who: Member) -> bool:
    """Whether there is a brief that somebody may read."""
    return await work.session.scalar(select(SpecialBrief.id).where(_read_by(who)).limit(1)) is not None


def _read_by(who: Member) -> ColumnElement[bool]:
    """Return, as a condition, whether somebody is anything at a brief, and is named in no case of it."""
    leads = SpecialBrief.team_id.in_(who.teams(Role.TEAM_LEADER))
    is_theirs = [leads, SpecialBrief.lead_id == who.id]
    if who.is_office:
        is_theirs.append(true())
    elif who.has(*LEADING_GROUP_ROLES):
        is_theirs.append(SpecialBrief.state.not_in(_NOT_PASSED_ON))
    named = (
        select(CaseShutOut.case_id)
        .join(Case, Case.id == CaseShutOut.case_id)
        .where(Case.cluster_id == SpecialBrief.cluster_id, CaseShutOut.staff_id == who.id)
        .exists()
    )
    return and_(SpecialBrief.unit_id.not_in(who.shut_out_of), or_(*is_theirs), or_(leads, not_(named)))


async def cluster_to_brief(work: UnitOfWork, who: Member, cluster_id: str) -> ClusterSeen:
    """Return a cluster of which somebody may write a brief: who leads its team, while no other is on its way."""
    seen = await cluster_seen(work, who, cluster_id)
    if seen.cluster.team_id not in who.teams(Role.TEAM_LEADER):
        raise NotEntitled
    running = (
        select(SpecialBrief.state)
        .where(SpecialBrief.cluster_id == cluster_id, SpecialBrief.state.not_in(_ENDED))
        .limit(1)
    )
    state = await work.session.scalar(running)
    if state is not None:
        raise Impossible("write_brief", state)
    return seen


async def as_it_may_go_out(work: UnitOfWork, who: Member, cluster_id: str, text: str) -> str:
    """Return the words of a brief without what leads to a reporter of its cases; that any was there is told, as are too
    many looks. Raises ContainsContact and QuotesReporter.
    """
    seen = await cluster_to_brief(work, who, cluster_id)
    cases = await cases_in(work, seen.cluster.id)
    await refuse_contact_details(work, text)
    for case in cases:
        await refuse_quotes(work, case, text)
    for case in cases:
        await log_preview(work, who, case)
        text = await masked_for(work, who, case, text)
    [text] = hidden([text], SOURCE)
    return text


async def write_brief(work: UnitOfWork, who: Member, cluster_id: str, text: str, households: int) -> SpecialBrief:
    """Send a brief about a cluster to the office. Raises what `as_it_may_go_out` does."""
    seen = await cluster_to_brief(work, who, cluster_id)
    await work.session.get_one(Cluster, cluster_id, with_for_update=True)  # of two at once, the second meets the first
    text = await as_it_may_go_out(work, who, cluster_id, text)
    cluster, brief_id = seen.cluster, random_id()[:8]
    sealing = work.keyring.round(cluster.round_id).sealing
    brief = SpecialBrief(
        id=brief_id,
        cluster_id=cluster.id,
        round_id=cluster.round_id,
        team_id=cluster.team_id,
        unit_id=cluster.unit_id,
        state=SpecialBriefState.WITH_OFFICE,
        state_since=coarse(work.now),
        households=households,
        written_by_id=who.id,
        sealed=sealing.seal(_record_of(brief_id), text.encode()),
    )
    work.session.add(brief)
    await work.session.flush()
    await record(work, Audited.BRIEF_WRITTEN, by=who.id, subject=cluster.id, brief=brief.id, unit=brief.unit_id)
    await _tell(work, who, brief, await _people(work, *OFFICE_ROLES))
    return brief


async def pass_on(work: UnitOfWork, who: Member, brief_id: str) -> SpecialBrief:
    """Lay a brief before the leading group."""
    brief = await _step(work, who, brief_id, "pass_on")
    await _tell(work, who, brief, await _people(work, *LEADING_GROUP_ROLES))
    return brief


async def send_back(work: UnitOfWork, who: Member, brief_id: str) -> SpecialBrief:
    """Give a brief back to its team, which may write another."""
    brief = await _step(work, who, brief_id, "send_back")
    await _tell(work, who, brief, await _leaders(work, brief))
    return brief


async def instruct(work: UnitOfWork, who: Member, brief_id: str, instruction: InstructionOnBrief) -> SpecialBrief:
    """Record the instruction on a brief; who is to see to it, the team and the office are told, and the reporters."""
    known = await work.directory()
    if instruction.lead_id not in {one.id for one in await leaders_to_choose(work, who, brief_id)}:
        raise NotEntitled
    brief = await _step(work, who, brief_id, "instruct")
    brief.lead_id, brief.due_on, brief.instructed_by_id = instruction.lead_id, instruction.due_on, who.id
    brief.tell_on = min(max(brief.due_on - TOLD_BEFORE, work.today + timedelta(days=1)), brief.due_on)
    sealing = work.keyring.round(brief.round_id).sealing
    brief.instruction = sealing.seal(_instruction_of(brief.id), instruction.text.encode())
    await work.session.flush()
    told = [known.people[instruction.lead_id], *await _leaders(work, brief)]
    await _tell(work, who, brief, [*told, *await _people(work, *OFFICE_ROLES)])
    await _tell_reporters(work, brief, "brief_instructed")
    return brief


async def report_households(work: UnitOfWork, who: Member, brief_id: str, done: int) -> SpecialBrief:
    """Keep for how many households the matter is solved by now; the reporters are told how it goes on.

    Who sees to it is told; where they say so themselves, the team and the office.
    """
    brief = await brief_seen(work, who, brief_id, to_change=True)
    if not 0 <= done <= brief.households:
        raise ValueError(f"{done} of {brief.households} households")
    brief = await _step(work, who, brief_id, "report_households")
    is_more = done > brief.households_done
    brief.households_done = done
    known = await work.directory()
    lead = known.people.get(brief.lead_id or "")
    others = [*await _leaders(work, brief), *await _people(work, *OFFICE_ROLES)] if who.id == brief.lead_id else []
    await _tell(work, who, brief, [*([lead] if lead else []), *others])
    least = known.settings.privacy.public_min_count
    if is_more and least <= done and brief.households - done not in range(1, least):
        numbers = {"done": str(done), "all": str(brief.households)}
        await _tell_reporters(work, brief, "brief_households", **numbers)
    elif is_more:
        await _tell_reporters(work, brief, "brief_goes_on")
    return brief


async def finish(work: UnitOfWork, who: Member, brief_id: str) -> SpecialBrief:
    """End a brief; the leading group is told."""
    brief = await _step(work, who, brief_id, "finish")
    brief.tell_on = None
    await _tell(work, who, brief, await _people(work, *LEADING_GROUP_ROLES))
    return brief


@in_working_hours
async def tell_of_briefs(work: UnitOfWork) -> More | None:
    """Tell, in working hours, of what was instructed on briefs: before the last day, on it, and once after it."""
    due = select(SpecialBrief).where(SpecialBrief.tell_on <= work.today).order_by(SpecialBrief.tell_on, SpecialBrief.id)
    found = list(await work.session.scalars(due.limit(PORTION).with_for_update()))
    for brief in found:
        await _tell_in_time(work, brief)
    await work.session.flush()
    return More.TO_DO if len(found) == PORTION else None


async def _tell_in_time(work: UnitOfWork, brief: SpecialBrief) -> None:
    if brief.state is not SpecialBriefState.INSTRUCTED or brief.due_on is None:
        brief.tell_on = None
        return
    lead = (await work.directory()).people.get(brief.lead_id or "")
    office = await _people(work, *OFFICE_ROLES)
    seeing_to_it = [lead] if lead is not None else office  # who was to see to it has left
    if work.today <= brief.due_on:
        is_last_day = work.today == brief.due_on
        brief.tell_on = brief.due_on + timedelta(days=1) if is_last_day else brief.due_on
        await _remind(work, brief, seeing_to_it, BriefDue(brief.id))
    else:
        brief.tell_on = None
        await _remind(work, brief, [*seeing_to_it, *await _leaders(work, brief), *office], BriefLate(brief.id))


async def _remind(
    work: UnitOfWork, brief: SpecialBrief, people: Iterable[Person], notice: BriefDue | BriefLate
) -> None:
    for staff_id in await _not_kept_from(work, brief, people):
        await work.outbox.to_staff(staff_id, OutgoingMessage(notice), priority=Priority.REMINDER)


async def leaders_to_choose(work: UnitOfWork, who: Member, brief_id: str) -> list[Person]:
    """Return the county leaders who can be told to see to a brief."""
    brief = await brief_seen(work, who, brief_id)
    leaders = (await work.directory()).with_roles(Role.COUNTY_LEADER)
    named = await _named_in(work, brief)
    return [one for one in leaders if brief.unit_id not in one.shut_out_of and one.id not in named]


def words_of(work: UnitOfWork, brief: SpecialBrief) -> tuple[str, str] | None:
    """Return what a brief says, and the instruction on it; None once the key of its round is destroyed."""
    if brief.round_id not in work.keyring.round_ids():
        return None
    sealing = work.keyring.round(brief.round_id).sealing
    text = sealing.open(_record_of(brief.id), brief.sealed).decode()
    instruction = sealing.open(_instruction_of(brief.id), brief.instruction).decode() if brief.instruction else ""
    return text, instruction


async def _is_kept_from(work: UnitOfWork, who: Member, brief: SpecialBrief) -> bool:
    """Whether somebody is named in a case that a brief is about."""
    return bool(who.shut_out_of_cases) and who.id in await _named_in(work, brief)


async def _named_in(work: UnitOfWork, brief: SpecialBrief) -> frozenset[str]:
    """Return whom the cases of a brief name, but for its team's leader, who has written it from what they may see."""
    query = select(CaseShutOut.staff_id).join(Case, Case.id == CaseShutOut.case_id)
    named = await work.session.scalars(query.where(Case.cluster_id == brief.cluster_id))
    return frozenset(named) - {one.id for one in await _leaders(work, brief)}


async def _step(work: UnitOfWork, who: Member, brief_id: str, action: str) -> SpecialBrief:
    brief = await brief_seen(work, who, brief_id, to_change=True)
    brief.state = SPECIAL_BRIEF.step(brief.state, action, actors_at(who, brief))
    brief.state_since = coarse(work.now)
    await work.session.flush()
    await record(work, Audited.BRIEF_MOVED, by=who.id, subject=brief.id, step=action, unit=brief.unit_id)
    return brief


async def _tell(work: UnitOfWork, who: Member, brief: SpecialBrief, people: Iterable[Person]) -> None:
    """Tell people where a brief has come to, but for whoever did it and those from whom it is kept."""
    for staff_id in await _not_kept_from(work, brief, people):
        if staff_id != who.id:
            await work.outbox.to_staff(staff_id, OutgoingMessage(BriefMoved(brief.id, brief.state)))


async def _not_kept_from(work: UnitOfWork, brief: SpecialBrief, people: Iterable[Person]) -> list[str]:
    """Return those of some people, each once, who may know of a brief."""
    named = await _named_in(work, brief)
    may_know = [one.id for one in people if brief.unit_id not in one.shut_out_of and one.id not in named]
    return list(dict.fromkeys(may_know))


async def _people(work: UnitOfWork, *roles: Role) -> list[Person]:
    return (await work.directory()).with_roles(*roles)


async def _leaders(work: UnitOfWork, brief: SpecialBrief) -> list[Person]:
    return (await work.directory()).with_roles(Role.TEAM_LEADER, team_id=brief.team_id)


async def _tell_reporters(work: UnitOfWork, brief: SpecialBrief, key: str, **codes: str) -> None:
    for case in await cases_in(work, brief.cluster_id):
        if case.is_open:
            await say_to_reporter(work, case, MessageKind.TEXT, key=key, **codes)


def _record_of(brief_id: str) -> str:
    return f"brief:{brief_id}"


def _instruction_of(brief_id: str) -> str:
    return f"instruction:{brief_id}"
