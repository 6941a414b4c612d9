"""Cases that seem to tell of the same matter: found once for each case by the clock, kept as pairs of numbers.

What was said is opened for it and forgotten; why two are alike is worked out anew for whoever looks at both.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Select, delete, false, or_, select, true

from models.audit import Audited
from models.complaints import Author, Case, CaseComplaint, Complaint, ComplaintMessage, SimilarCase
from models.database import insert_all_or_ignore
from models.states import Actor, Impossible, NotEntitled
from services.access.member import Member
from services.ahead import in_worker
from services.audit.log import record
from services.cases.actions import acting_as, may_compare
from services.cases.cards import KEPT_HOURS
from services.cases.case_log import case_seen_by, cases_to_change, log_event, reads_whole
from services.cases.clusters import join_cluster
from services.cases.notices import ComparedCase, SimilarCases
from services.cases.read_case import dialogues_of
from services.directory import Directory
from services.intake.county import unit_names, village_names
from services.intake.likeness import Likeness, Told, likeness
from services.intake.preparation import is_ready
from services.outbox import OutgoingMessage, Priority
from services.sealed_messages import opened
from services.unit_of_work import More, UnitOfWork
from texts.catalogue import SOURCE

PORTION = 5  # cases in one transaction
MOST_COMPARED = 40  # of one unit and category: those that came last


@dataclass(frozen=True)
class Similar:
    """Another case that seems to tell of the same matter, and why."""

    case: Case
    why: Likeness


async def find_similar_cases(work: UnitOfWork) -> More | None:
    """Compare the cases that the staff have come to know of, or to which something was added, with those like them."""
    if not is_ready():  # nobody waits for it
        return None
    waiting = list(await work.session.scalars(cases_to_compare()))
    for case in await cases_to_change(work, waiting):
        if not case.is_compared:
            case.is_compared = True
            await _compare(work, case)
    return More.TO_DO if len(waiting) == PORTION else None


def cases_to_compare() -> Select[str]:
    """Return the query for some cases that are to be compared."""
    waiting = (Case.is_compared == false(), Case.is_open == true(), Case.held_until.is_(None))
    return select(Case.id).where(*waiting).limit(PORTION)


def candidates(case: Case, within: timedelta, beside: Collection[tuple[str, str]] = ()) -> list[Select[Case]]:
    """Return the queries for the open cases of the same round and category, the last ones first.

    One is for those of the same unit, whose villages are neighbours, the others for villages `beside`, with their unit.
    """
    same_unit = _of_unit(case, within).where(Case.unit_id == case.unit_id)
    elsewhere = defaultdict[str, list[str]](list)
    for village_id, unit_id in sorted(beside):
        if unit_id != case.unit_id:
            elsewhere[unit_id].append(village_id)
    return [
        same_unit,
        *(
            _of_unit(case, within).where(Case.unit_id == unit_id, Case.village_id.in_(village_ids))
            for unit_id, village_ids in elsewhere.items()
        ),
    ]


def _of_unit(case: Case, within: timedelta) -> Select[Case]:
    return (
        select(Case)
        .where(
            Case.category == case.category,
            Case.is_open == true(),
            Case.received_at.between(case.received_at - within, case.received_at + within),
            Case.round_id == case.round_id,
            Case.held_until.is_(None),
            Case.id != case.id,
        )
        .order_by(Case.received_at.desc(), Case.id)
        .limit(MOST_COMPARED)
    )


async def similar_to(work: UnitOfWork, who: Member, case: Case) -> list[Case]:
    """Return the open cases that seem to tell of the same matter and that somebody reads, the earliest first."""
    query = (
        select(Case)
        .join(SimilarCase, SimilarCase.other_id == Case.id)
        .where(SimilarCase.case_id == case.id, Case.is_open == true(), Case.held_until.is_(None))
        .order_by(Case.received_at, Case.id)
    )
    return [other for other in await work.session.scalars(query) if who.reads(other)]


async def with_reasons(work: UnitOfWork, who: Member, case: Case, others: Collection[Case]) -> list[Similar]:
    """Return why others are like a case, as somebody may read it: what leads to a reporter is in no reason."""
    known = await work.directory()
    own, *told = await _told_to_staff(work, [case, *others], who.language, known)
    reasons = await in_worker(lambda: [likeness(own, other) for other in told])
    return [Similar(other, why) for other, why in zip(others, reasons, strict=True) if why is not None]


async def forget_similar(work: UnitOfWork, case_ids: Collection[str]) -> None:
    """Forget which cases are like some."""
    either = or_(SimilarCase.case_id.in_(case_ids), SimilarCase.other_id.in_(case_ids))
    await work.session.execute(delete(SimilarCase).where(either))


async def bring_similar(work: UnitOfWork, who: Member, case_id: str) -> None:
    """Queue for somebody which cases are like one that they read, and by which words. Raises NotEntitled."""
    case = await _readable(work, who, case_id)
    await _log(work, who, case, None)
    outgoing = OutgoingMessage(SimilarCases(case.id), delete_after_hours=KEPT_HOURS)
    await work.outbox.to_staff(who.id, outgoing, priority=Priority.ANSWER)


async def bring_both(work: UnitOfWork, who: Member, case_id: str, other_id: str) -> tuple[Case, Case]:
    """Queue for somebody what was said in two cases that they read, one after the other. Raises NotEntitled."""
    await cases_to_change(work, {case_id, other_id})  # both in one order: two who meet do not wait for each other
    case, other = await _readable(work, who, case_id), await _readable(work, who, other_id)
    for one, beside in ((case, other), (other, case)):
        await _log(work, who, one, beside)
        outgoing = OutgoingMessage(ComparedCase(one.id, beside.id, one is other), delete_after_hours=KEPT_HOURS)
        await work.outbox.to_staff(who.id, outgoing, priority=Priority.ANSWER)
    return case, other


async def case_to_compare(work: UnitOfWork, who: Member, case_id: str) -> Case:
    """Return a case beside which somebody may lay another of their choice. Raises Impossible or NotEntitled."""
    case = await _readable(work, who, case_id)
    if Actor.TEAM_MEMBER not in acting_as(who, case):
        raise NotEntitled
    if not may_compare(who, case):
        raise Impossible("compare_with", case.state)
    return case


async def require_comparable(work: UnitOfWork, who: Member, case: Case, other_id: str) -> None:
    """Raise NotEntitled where another case is not one that somebody reads, and Impossible where it is not to be laid
    beside this one: it is the same, or of another round. One that is not theirs is refused as one that does not exist.
    """
    other = await work.session.get(Case, other_id)
    if other is None or not who.sees(other) or not await reads_whole(work, who, other):
        raise NotEntitled
    if other.id == case.id or other.round_id != case.round_id:
        raise Impossible("compare_with", other.state)


async def _readable(work: UnitOfWork, who: Member, case_id: str) -> Case:
    case = await case_seen_by(work, who, case_id)
    if not await reads_whole(work, who, case):
        raise NotEntitled
    return case


async def _log(work: UnitOfWork, who: Member, case: Case, beside: Case | None) -> None:
    """Note that words of a case were shown, so that they are taken back from there with it."""
    await log_event(work, case, "compare", by=who, renew=False)
    subject = beside.id if beside else None
    await record(work, Audited.COMPARED, by=who.id, case_id=case.id, subject=subject)


async def _told_to_staff(work: UnitOfWork, cases: Sequence[Case], language: str, known: Directory) -> list[Told]:
    """Return what is compared of some cases as staff may read it, in their order."""
    said = await dialogues_of(work, cases, language)
    return [_told([one.text for one in said[case.id] if one.author == Author.REPORTER], case, known) for case in cases]


def _told(texts: Sequence[str], case: Case, known: Directory) -> Told:
    return Told(texts, case.village_id, case.urgency, _place_names(known, case))


async def _compare(work: UnitOfWork, case: Case) -> None:
    """Keep which cases are like one by what staff may read of them, and forget which were before.

    What is masked counts for nothing: whoever enters a name would see by it which case has its reporter.
    """
    await forget_similar(work, [case.id])
    if case.unit_id is None or case.is_thanks:
        return
    known = await work.directory()
    within = timedelta(days=known.complaint_settings_of(case.round_id).merge_window_days)
    beside = [(one, known.villages[one].unit_id) for one in known.neighbours_of(case.village_id or "")]
    others = [other for query in candidates(case, within, beside) for other in await work.session.scalars(query)]
    texts = await _texts_of(work, case.round_id, [case.id, *(other.id for other in others)])
    told = {one.id: _told(texts[one.id], one, known) for one in (case, *others)}
    alike = await _alike(told[case.id], [(other, told[other.id]) for other in others])
    if alike:  # only these are masked: it takes longest
        own, *shown = await _told_to_staff(work, [case, *alike], SOURCE, known)
        alike = await _alike(own, list(zip(alike, shown, strict=True)))
    pairs = [pair for other in alike for pair in ((case.id, other.id), (other.id, case.id))]
    rows = [{"case_id": one, "other_id": other} for one, other in pairs]
    await insert_all_or_ignore(work.session, SimilarCase, rows)
    await join_cluster(work, case, alike)


async def _alike(own: Told, others: Sequence[tuple[Case, Told]]) -> list[Case]:
    """Return which cases tell of the same matter; up to 0.4 s of comparing, so in the worker."""
    found = await in_worker(lambda: [likeness(own, told) is not None for _, told in others])
    return [other for (other, _), is_alike in zip(others, found, strict=True) if is_alike]


async def _texts_of(work: UnitOfWork, round_id: str, case_ids: Collection[str]) -> dict[str, list[str]]:
    """Return what the reporters of some cases have said, as far as the staff know of it, opened."""
    query = (
        select(CaseComplaint.case_id, ComplaintMessage)
        .join(Complaint, Complaint.id == CaseComplaint.complaint_id)
        .join(ComplaintMessage, ComplaintMessage.complaint_id == Complaint.id)
        .where(
            CaseComplaint.case_id.in_(case_ids),
            Complaint.withdrawn_at.is_(None),
            ComplaintMessage.author == Author.REPORTER,
            ComplaintMessage.held_until.is_(None),
        )
        .order_by(ComplaintMessage.complaint_id, ComplaintMessage.position)
    )
    texts: dict[str, list[str]] = defaultdict(list)
    for case_id, message in await work.session.execute(query):
        content = opened(work, round_id, message)
        if content is not None and content.get("text"):
            texts[case_id].append(content["text"])
    return texts


def _place_names(known: Directory, case: Case) -> list[str]:
    """Return what the place of a case is called: everybody there says it."""
    unit = unit_names(known.units[case.unit_id].name) if case.unit_id else ()
    village = village_names(known.villages[case.village_id].name) if case.village_id else ()
    return [*unit, *village]
