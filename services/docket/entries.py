"""The docket of the leading group: an item or a case is put before it with a day for the decision, and decided."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from models.audit import CLOCK, Audited
from models.complaints import Case
from models.docket import DocketEntry, DocketKind
from models.rectification import NEVER, RectificationItem
from models.staff import LEADING_GROUP_ROLES, Role
from models.states import DOCKET, OFFICE_ACTORS, Actor, DocketState, Impossible, NotEntitled
from services.access.member import Member, members_at_case, members_at_item
from services.access.visibility import directors_who_may_know
from services.audit.log import record
from services.cases.actions import may_put_before_group
from services.cases.case_log import case_to_change
from services.docket.access import actors_at_case, actors_at_item, is_before_group, is_case_before_group
from services.docket.notices import DocketAsked, DocketDecided, DocketNotice, DocketWaits
from services.docket.words import fit_to_keep, keep_words, words_of
from services.outbox import OutgoingMessage, Priority
from services.rectification import item_log
from services.register_pages import Page, page_of
from services.unit_of_work import More, UnitOfWork
from services.working_hours import in_working_hours

PORTION = 50  # entries a tick
_PUTS = OFFICE_ACTORS | {Actor.TEAM_LEADER}
_AT_ENTRY = _PUTS | {Actor.LEADING_GROUP}
_OF_MATTERS = {"decide"}
_OF_RED_CARDS = {"give_red_card", "decline_red_card"}


@dataclass(frozen=True)
class EntrySeen:
    """An entry with what it is about, as one person sees it."""

    entry: DocketEntry
    item: RectificationItem | None
    case: Case | None
    actors: frozenset[Actor]


# ---- putting something before the leading group


async def put_item(work: UnitOfWork, who: Member, item_id: str, kind: DocketKind = DocketKind.MATTER) -> DocketEntry:
    """Put an item before the leading group, with a day for the decision; who is already there stays as it is.

    Raises Impossible when it is cleared, NotEntitled.
    """
    item = await item_log.item_to_change(work, who, item_id, by=_PUTS)
    if item.desk is not None:
        raise NotEntitled
    if not item.is_open:
        raise Impossible("put_before_group", item.state)
    waiting = await waiting_entry(work, kind, item=item)
    return waiting or await _put(work, who, kind, item=item)


async def put_case(work: UnitOfWork, who: Member, case_id: str) -> DocketEntry:
    """Put a case before the leading group. Raises Impossible when it is closed, NotEntitled."""
    case = await case_to_change(work, case_id)
    if not case.is_open and who.knows_of(case):
        raise Impossible("put_before_group", case.state)
    if not may_put_before_group(who, case):
        raise NotEntitled
    waiting = await waiting_entry(work, DocketKind.MATTER, case=case)
    return waiting or await _put(work, who, DocketKind.MATTER, case=case)


def may_put_item(who: Member, item: RectificationItem) -> bool:
    """Whether somebody may put an item before the leading group."""
    return item.is_open and item.desk is None and bool(who.actors_at_item(item) & _PUTS)


async def waiting_entry(
    work: UnitOfWork, kind: DocketKind, *, item: RectificationItem | None = None, case: Case | None = None
) -> DocketEntry | None:
    """Return the entry of an item or a case that waits for a decision of a kind."""
    about = DocketEntry.item_id == item.id if item is not None else DocketEntry.case_id == (case.id if case else None)
    query = select(DocketEntry).where(about, DocketEntry.state == DocketState.WAITING, DocketEntry.kind == kind)
    return await work.session.scalar(query.limit(1))


async def _put(
    work: UnitOfWork,
    who: Member,
    kind: DocketKind,
    *,
    item: RectificationItem | None = None,
    case: Case | None = None,
) -> DocketEntry:
    about = item or case
    known = await work.directory()
    settings = known.settings.rectification if about is None else known.rectification_settings_of(about.round_id)
    decide_by = (await work.calendar()).add(work.today, settings.decide_working_days)
    entry = DocketEntry(
        kind=kind,
        item_id=item.id if item else None,
        case_id=case.id if case else None,
        state=DocketState.WAITING,
        asked_by_id=who.id,
        asked_on=work.today,
        decide_by=decide_by,
        next_on=decide_by,
        words={},
    )
    work.session.add(entry)
    await work.session.flush()
    group = await _group(work, item, case)
    await _tell(work, group, DocketAsked(entry.id), but=who.id)
    await _note(work, who, EntrySeen(entry, item, case, frozenset()), "put")
    return entry


# ---- reading


async def entry_seen(work: UnitOfWork, who: Member, entry_id: str, *, to_change: bool = False) -> EntrySeen:
    """Return an entry that somebody may see: the leading group, the office, who leads there; else raise NotEntitled."""
    query = select(DocketEntry).where(DocketEntry.id == entry_id).execution_options(populate_existing=True)
    entry = await work.session.scalar(query.with_for_update() if to_change else query)
    if entry is None:
        raise NotEntitled
    seen = await _seen(work, who, entry)
    if not seen.actors:
        raise NotEntitled
    return seen


async def _seen(work: UnitOfWork, who: Member, entry: DocketEntry) -> EntrySeen:
    item = await work.session.get(RectificationItem, entry.item_id) if entry.item_id else None
    case = await work.session.get(Case, entry.case_id) if entry.case_id else None
    actors: frozenset[Actor] = frozenset()
    if item is not None and item.desk is None:
        actors = actors_at_item(who, item) & _AT_ENTRY
    elif case is not None and not case.desk.is_for_one:
        actors = actors_at_case(who, case) & _AT_ENTRY
    return EntrySeen(entry, item, case, actors)


def said_in(work: UnitOfWork, seen: EntrySeen) -> tuple[str, str]:
    """Return what is asked, and what was decided."""
    words = words_of(work, seen.entry, seen.case)
    return words.get("question", ""), words.get("decision", "")


async def docket(work: UnitOfWork, who: Member, after: str | None = None) -> Page[DocketEntry]:
    """Return a page of what waits for the leading group, as far as somebody may see it: the earliest day first."""

    async def is_seen(entry: DocketEntry) -> bool:
        return bool((await _seen(work, who, entry)).actors)

    waits = DocketEntry.state == DocketState.WAITING
    return await page_of(work, DocketEntry, DocketEntry.decide_by, is_seen, waits, after=after)


# ---- what becomes of it


async def may(work: UnitOfWork, who: Member, entry_id: str, action: str) -> EntrySeen:
    """Return an entry, locked, that somebody may do an action to. Raises Impossible or NotEntitled."""
    seen = await entry_seen(work, who, entry_id, to_change=True)
    DOCKET.step(seen.entry.state, action, seen.actors)
    if action == "take_back" and not _may_take_back(who, seen):
        raise NotEntitled
    if action not in possible(who, seen):
        raise Impossible(action, seen.entry.state)
    return seen


def possible(who: Member, seen: EntrySeen) -> list[str]:
    """Return what somebody may do with an entry now; on a red card it is decided by actions of its own."""
    others = _OF_MATTERS if seen.entry.kind is DocketKind.RED_CARD else _OF_RED_CARDS
    found = [one for one in DOCKET.actions(seen.entry.state, seen.actors) if one not in others]
    return [one for one in found if one != "take_back" or _may_take_back(who, seen)]


def _may_take_back(who: Member, seen: EntrySeen) -> bool:
    """Whether an entry is somebody's to take back: who asked, and the office director."""
    return who.id == seen.entry.asked_by_id or Actor.OFFICE_DIRECTOR in seen.actors


async def say_why(work: UnitOfWork, who: Member, entry_id: str, text: str) -> EntrySeen:
    """Say, in one's own words, what the leading group is to decide. Raises ContainsContact, Impossible, NotEntitled."""
    seen = await may(work, who, entry_id, "say_why")
    keep_words(work, seen.entry, seen.case, question=await fit_to_keep(work, who, text, item=seen.item, case=seen.case))
    await _step(work, who, seen, "say_why")
    return seen


async def decide(work: UnitOfWork, who: Member, entry_id: str, text: str) -> EntrySeen:
    """Decide on an item or a case, as the leading group; who asked, the office and the team's leader are told.

    Raises ContainsContact, Impossible or NotEntitled.
    """
    seen = await may(work, who, entry_id, "decide")
    keep_words(work, seen.entry, seen.case, decision=await fit_to_keep(work, who, text, item=seen.item, case=seen.case))
    await end(work, who, seen, "decide")
    return seen


async def take_back(work: UnitOfWork, who: Member, entry_id: str) -> EntrySeen:
    """Ask for it no more: who asked, and the office director. Raises Impossible or NotEntitled."""
    seen = await may(work, who, entry_id, "take_back")
    await end(work, who, seen, "take_back")
    return seen


async def end(work: UnitOfWork, who: Member | None, seen: EntrySeen, action: str) -> None:
    """Take the last step of an entry, and tell of it whoever asked, the office, and who leads the team."""
    entry = seen.entry
    entry.decided_by_id, entry.decided_on, entry.next_on = who.id if who else None, work.today, NEVER
    await _step(work, who, seen, action)
    await _tell(work, await _told_of_end(work, seen), DocketDecided(entry.id), but=who.id if who else None)


async def _step(work: UnitOfWork, who: Member | None, seen: EntrySeen, action: str) -> None:
    actors = seen.actors if who is not None else frozenset({Actor.SYSTEM})
    seen.entry.state = DOCKET.step(seen.entry.state, action, actors)
    await work.session.flush()
    await _note(work, who, seen, action)


async def note_opinion(work: UnitOfWork, who: Member, seen: EntrySeen) -> None:
    """Note that the leading group has given an opinion on what to do; what waited is decided by it."""
    if seen.entry.state is DocketState.WAITING:
        await end(work, who, seen, "give_opinion")
    else:
        await _step(work, who, seen, "give_opinion")


# ---- the clock's part


@in_working_hours
async def ask_again(work: UnitOfWork) -> More | None:
    """Tell the leading group and who asked, in working hours, on the day for the decision and each working day after.

    What is not called for any more is taken back: an item that is cleared, a case that is closed.
    """
    calendar = await work.calendar()
    due = select(DocketEntry).where(DocketEntry.next_on <= work.today).order_by(DocketEntry.next_on, DocketEntry.id)
    found = list(await work.session.scalars(due.limit(PORTION).with_for_update()))
    for entry in found:
        item = await work.session.get(RectificationItem, entry.item_id) if entry.item_id else None
        case = await work.session.get(Case, entry.case_id) if entry.case_id else None
        about: RectificationItem | Case | None = item or case
        seen = EntrySeen(entry, item, case, frozenset())
        if about is None or not about.is_open:
            await end(work, None, seen, "take_back")
            continue
        entry.next_on = calendar.add(work.today, 1)
        once = f"docket:{entry.id}:{work.today}"
        people = [*await _group(work, item, case), entry.asked_by_id]
        await work.outbox.to_each(dict.fromkeys(people), OutgoingMessage(DocketWaits(entry.id)), once=once)
    await work.session.flush()
    return More.TO_DO if len(found) == PORTION else None


# ---- whom it is told to


async def _group(work: UnitOfWork, item: RectificationItem | None, case: Case | None) -> list[str]:
    """Return those of the leading group who may be told of an item or a case."""
    people = (await work.directory()).with_roles(*LEADING_GROUP_ROLES)
    if item is not None:
        members = await members_at_item(work.session, people, item)
        return [one.id for one in members if is_before_group(one, item)]
    if case is None:
        return []
    members = await members_at_case(work.session, people, case)
    return [one.id for one in members if is_case_before_group(one, case)]


async def _told_of_end(work: UnitOfWork, seen: EntrySeen) -> list[str]:
    """Return who is told how it ended; whether they may see it then, is asked when it is sent."""
    known = await work.directory()
    about: RectificationItem | Case | None = seen.item or seen.case
    leaders = known.with_roles(Role.TEAM_LEADER, team_id=about.team_id) if about and about.team_id else []
    if seen.case is not None:
        directors = await directors_who_may_know(work, seen.case)
    else:
        directors = known.with_roles(Role.OFFICE_DIRECTOR)
    return [seen.entry.asked_by_id, *(one.id for one in (*directors, *leaders))]


async def _tell(work: UnitOfWork, people: Iterable[str], notice: DocketNotice, *, but: str | None) -> None:
    for staff_id in dict.fromkeys(people):
        if staff_id != but:
            await work.outbox.to_staff(staff_id, OutgoingMessage(notice), priority=Priority.NOTICE)


async def _note(work: UnitOfWork, who: Member | None, seen: EntrySeen, step: str) -> None:
    """Write it into the audit log; last, for its head is locked last."""
    unit = seen.item.unit_id if seen.item else seen.case.unit_id if seen.case else None
    await record(
        work,
        Audited.DOCKET_MOVED,
        by=who.id if who else CLOCK,
        case_id=seen.entry.case_id,
        subject=seen.entry.item_id,
        step=step,
        unit=unit,
    )
