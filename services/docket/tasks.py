"""Tasks: what one person has to do until a day. An on-site visit, an opinion of the leading group, a named matter, and
what a resident cadre sees to in their village (驻村干部), who is shown no complaint.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, or_, select

from models.audit import CLOCK, Audited
from models.complaints import Case
from models.docket import Task, TaskKind
from models.rectification import NEVER, RectificationItem
from models.staff import LEADING_GROUP_ROLES, OFFICE_ROLES, Role
from models.states import OFFICE_ACTORS, TASK, Actor, DocketState, Impossible, NotEntitled, TaskState
from services.access.member import Member, members_at_case, members_at_item
from services.audit.log import record
from services.directory import Directory, Person, VillageRecord
from services.docket.access import actors_at_case, actors_at_item
from services.docket.entries import EntrySeen, entry_seen, note_opinion
from services.docket.notices import TaskDue, TaskEnded, TaskGiven
from services.docket.words import fit_to_keep, keep_words, words_of
from services.outbox import OutgoingMessage, Priority
from services.rectification import item_log
from services.register_pages import Page, page_of
from services.unit_of_work import More, UnitOfWork
from services.working_hours import in_working_hours

PORTION = 50  # tasks a tick
_ABOVE = OFFICE_ACTORS | {Actor.LEADING_GROUP}
_OWNER = frozenset({Actor.OWNER})
_COUNTY_WIDE = (*LEADING_GROUP_ROLES, *OFFICE_ROLES, Role.COUNTY_LEADER)


class DayPast(Exception):
    """A task is to be done by a day that has passed already."""


@dataclass(frozen=True)
class TaskSeen:
    """A task with what it is about, as one person sees it."""

    task: Task
    item: RectificationItem | None
    case: Case | None
    actors: frozenset[Actor]


# ---- giving one


async def item_to_visit(work: UnitOfWork, who: Member, item_id: str) -> RectificationItem:
    """Return an item to which the office may send somebody. Raises Impossible once it is cleared, NotEntitled."""
    item = await item_log.item_to_change(work, who, item_id, by={Actor.OFFICE_DIRECTOR})
    if not item.is_open:
        raise Impossible("visit", item.state)
    return item


async def visitors(work: UnitOfWork, who: Member, item_id: str) -> list[Person]:
    """Return who can be sent to a unit: its reviewers and the office, without whom it is kept from."""
    item = await item_to_visit(work, who, item_id)
    known = await work.directory()
    people = known.with_roles(*OFFICE_ROLES)
    people += known.with_roles(Role.TEAM_LEADER, Role.TEAM_MEMBER, team_id=item.team_id) if item.team_id else []
    members = await members_at_item(work.session, people, item)
    return [one for one in members if one.actors_at_item(item) & (OFFICE_ACTORS | {Actor.TEAM_MEMBER})]


async def send_to_visit(work: UnitOfWork, who: Member, item_id: str, owner_id: str, due_on: date, text: str) -> Task:
    """Send somebody to a unit, to look at an item where it is, by a day. Raises DayPast and what `visitors` does."""
    item = await item_to_visit(work, who, item_id)
    _require(owner_id, await visitors(work, who, item_id))
    return await _give(work, who, TaskKind.VISIT, owner_id, due_on, text, item=item)


async def entry_to_give_opinion_on(work: UnitOfWork, who: Member, entry_id: str) -> EntrySeen:
    """Return an entry on which the leading group says what is to be done. Raises Impossible or NotEntitled."""
    seen = await entry_seen(work, who, entry_id, to_change=True)
    if Actor.LEADING_GROUP not in seen.actors:
        raise NotEntitled
    about: RectificationItem | Case | None = seen.item or seen.case
    if seen.entry.state not in (DocketState.WAITING, DocketState.DECIDED) or about is None:
        raise Impossible("give_opinion", seen.entry.state)
    return seen


async def owners_of_opinion(work: UnitOfWork, who: Member, entry_id: str) -> list[Person]:
    """Return who may be told to see to what the leading group wants done: of a case only who may know of it."""
    seen = await entry_to_give_opinion_on(work, who, entry_id)
    known = await work.directory()
    people = known.with_roles(*_COUNTY_WIDE)
    about: RectificationItem | Case | None = seen.item or seen.case
    if about is not None and about.team_id:
        people += known.with_roles(Role.TEAM_LEADER, Role.TEAM_MEMBER, team_id=about.team_id)
    if seen.item is not None:
        people += known.with_roles(Role.UNIT_HEAD, unit_id=seen.item.unit_id)
        members = await members_at_item(work.session, people, seen.item)
        return [one for one in members if _may_own_of_item(one, seen.item)]
    if seen.case is None:
        return []
    members = await members_at_case(work.session, people, seen.case)
    return [one for one in members if actors_at_case(one, seen.case)]


async def give_opinion(work: UnitOfWork, who: Member, entry_id: str, owner_id: str, due_on: date, text: str) -> Task:
    """Say what is to be done about an item or a case, by whom and until when, as the leading group.

    Raises ContainsContact, DayPast, and what `owners_of_opinion` does.
    """
    seen = await entry_to_give_opinion_on(work, who, entry_id)
    _require(owner_id, await owners_of_opinion(work, who, entry_id))
    task = await _give(
        work, who, TaskKind.OPINION, owner_id, due_on, text, item=seen.item, case=seen.case, entry_id=entry_id
    )
    await note_opinion(work, who, seen)
    return task


def may_name_matters(who: Member) -> bool:
    """Whether somebody enters named matters: the office and the leading group."""
    return who.has(*OFFICE_ROLES, *LEADING_GROUP_ROLES)


async def owners_of_matter(work: UnitOfWork, who: Member, unit_id: str) -> list[Person]:
    """Return who may answer for a named matter at a unit. Raises NotEntitled."""
    if not may_name_matters(who) or unit_id in who.shut_out_of:
        raise NotEntitled
    known = await work.directory()
    heads = known.with_roles(Role.UNIT_HEAD, unit_id=unit_id)
    others = [one for one in known.with_roles(*_COUNTY_WIDE) if unit_id not in one.shut_out_of]
    return list({one.id: one for one in (*heads, *others)}.values())


async def name_matter(work: UnitOfWork, who: Member, unit_id: str, owner_id: str, due_on: date, text: str) -> Task:
    """Enter a matter at a unit with who answers for it. Raises ContainsContact, DayPast and NotEntitled."""
    _require(owner_id, await owners_of_matter(work, who, unit_id))
    return await _give(work, who, TaskKind.MATTER, owner_id, due_on, text, unit_id=unit_id)


def may_ask_cadres(who: Member) -> bool:
    """Whether somebody asks things of resident cadres: the office, the leading group, and leaders of teams."""
    return may_name_matters(who) or who.has(Role.TEAM_LEADER)


async def villages_to_ask_in(work: UnitOfWork, who: Member) -> list[VillageRecord]:
    """Return the villages in which somebody may ask something of the cadre who is resident there, by their names.

    A leader asks in the villages that are their team's; nobody does, and no cadre is asked, about a unit that is none
    of their business.
    """
    known = await work.directory()
    found = [one for one in known.villages.values() if _cadre_at(known, one) and _asks_in(known, who, one)]
    return sorted(found, key=lambda one: (one.name, one.id))


async def ask_cadre(work: UnitOfWork, who: Member, village_id: str, due_on: date, text: str) -> Task:
    """Ask something of the cadre who is resident in a village. Raises ContainsContact, DayPast and NotEntitled."""
    known = await work.directory()
    village = next((one for one in await villages_to_ask_in(work, who) if one.id == village_id), None)
    cadre = _cadre_at(known, village) if village else None
    if village is None or cadre is None:
        raise NotEntitled
    return await _give(
        work, who, TaskKind.VILLAGE, cadre.id, due_on, text, unit_id=village.unit_id, village_id=village.id
    )


def _cadre_at(known: Directory, village: VillageRecord) -> Person | None:
    cadre = known.people.get(village.cadre_id or "")
    is_cadre = cadre is not None and any(held.role is Role.RESIDENT_CADRE for held in cadre.roles)
    return cadre if cadre is not None and is_cadre and village.unit_id not in cadre.shut_out_of else None


def _asks_in(known: Directory, who: Member, village: VillageRecord) -> bool:
    led = who.teams(Role.TEAM_LEADER)
    teams = [known.team_at(round_id, village.unit_id, village.id) for round_id in known.assignments]
    leads_there = any(team is not None and team.id in led for team in teams)
    return village.unit_id not in who.shut_out_of and (may_name_matters(who) or leads_there)


def _require(owner_id: str, people: Collection[Person]) -> None:
    if owner_id not in {one.id for one in people}:
        raise NotEntitled


def _may_own_of_item(who: Member, item: RectificationItem) -> bool:
    """Whether somebody may be told of an item, as a task of theirs: also a county leader of another field."""
    return bool(actors_at_item(who, item)) or (who.has(Role.COUNTY_LEADER) and not who.is_shut_out_of_item(item))


async def _give(
    work: UnitOfWork,
    who: Member,
    kind: TaskKind,
    owner_id: str,
    due_on: date,
    text: str,
    *,
    item: RectificationItem | None = None,
    case: Case | None = None,
    entry_id: str | None = None,
    unit_id: str | None = None,
    village_id: str | None = None,
) -> Task:
    if due_on < work.today:
        raise DayPast
    about: RectificationItem | Case | None = item or case
    text = await fit_to_keep(work, who, text, item=item, case=case)
    task = Task(
        kind=kind,
        item_id=item.id if item else None,
        case_id=case.id if case else None,
        entry_id=entry_id,
        unit_id=about.unit_id if about else unit_id,
        village_id=village_id,
        owner_id=owner_id,
        due_on=due_on,
        state=TaskState.OPEN,
        given_by_id=who.id,
        given_on=work.today,
        next_on=due_on,
        words={},
    )
    work.session.add(task)
    await work.session.flush()
    keep_words(work, task, case, text=text)
    await work.session.flush()
    if owner_id != who.id:
        await work.outbox.to_staff(owner_id, OutgoingMessage(TaskGiven(task.id)), priority=Priority.NOTICE)
    await _note(work, who, task, "give")
    return task


# ---- reading


async def task_seen(work: UnitOfWork, who: Member, task_id: str, *, to_change: bool = False) -> TaskSeen:
    """Return a task for its owner, the office and the leading group; else raise NotEntitled."""
    query = select(Task).where(Task.id == task_id).execution_options(populate_existing=True)
    task = await work.session.scalar(query.with_for_update() if to_change else query)
    if task is None:
        raise NotEntitled
    seen = await _seen(work, who, task)
    if not seen.actors:
        raise NotEntitled
    return seen


async def _seen(work: UnitOfWork, who: Member, task: Task) -> TaskSeen:
    item = await work.session.get(RectificationItem, task.item_id) if task.item_id else None
    case = await work.session.get(Case, task.case_id) if task.case_id else None
    known, actors = await work.directory(), frozenset[Actor]()
    if item is not None:
        actors = actors_at_item(who, item) & _ABOVE
        is_theirs = _may_own_of_item(who, item)
    elif case is not None:
        at_case = frozenset[Actor]() if case.desk.is_for_one else actors_at_case(who, case)
        actors, is_theirs = at_case & _ABOVE, bool(at_case)
    else:
        is_kept_away = task.unit_id in who.shut_out_of
        if not is_kept_away:
            actors = frozenset({Actor.OFFICE_DIRECTOR} if who.has(Role.OFFICE_DIRECTOR) else ())
            actors |= frozenset({Actor.OFFICE_STAFF} if who.has(Role.OFFICE_STAFF) else ())
            actors |= frozenset({Actor.LEADING_GROUP} if who.has(*LEADING_GROUP_ROLES) else ())
        is_theirs = not is_kept_away or task.unit_id in who.units(Role.UNIT_HEAD)
        village = known.villages.get(task.village_id or "")
        if village is not None:  # whoever is resident there no more has nothing to do there
            is_theirs = village.cadre_id == who.id and _cadre_at(known, village) is not None
            leads = task.given_by_id == who.id and _asks_in(known, who, village)
            actors |= frozenset({Actor.TEAM_LEADER} if leads and who.has(Role.TEAM_LEADER) else ())
    if task.owner_id == who.id and is_theirs:
        actors |= _OWNER
    return TaskSeen(task, item, case, actors)


def said_in(work: UnitOfWork, seen: TaskSeen) -> tuple[str, str]:
    """Return what is to be done, and what came of it."""
    words = words_of(work, seen.task, seen.case)
    return words.get("text", ""), words.get("result", "")


async def open_tasks(
    work: UnitOfWork, who: Member, after: str | None = None, *, kinds: Collection[TaskKind] = tuple(TaskKind)
) -> Page[Task]:
    """Return a page of the open tasks that somebody may see: what is due first comes first."""
    return await _tasks(work, who, after, kinds, (TaskState.OPEN,))


async def opinions(work: UnitOfWork, who: Member, after: str | None = None, *, ended: bool = False) -> Page[Task]:
    """Return a page of the register of what the leading group wants done (处置意见), as far as somebody may see it.

    Of what is open, what is due first comes first; of what has `ended`, what was due last.
    """
    states = tuple(one for one in TaskState if one is not TaskState.OPEN) if ended else (TaskState.OPEN,)
    return await _tasks(work, who, after, (TaskKind.OPINION,), states)


def may_have_opinions(who: Member) -> bool:
    """Whether there are opinions of the leading group that somebody may see to, or may look up."""
    return who.has(*_COUNTY_WIDE, Role.TEAM_LEADER, Role.TEAM_MEMBER, Role.UNIT_HEAD)


async def _tasks(
    work: UnitOfWork, who: Member, after: str | None, kinds: Collection[TaskKind], states: Collection[TaskState]
) -> Page[Task]:

    async def is_seen(task: Task) -> bool:
        return bool((await _seen(work, who, task)).actors)

    where: list[ColumnElement[bool]] = [Task.state.in_(states), Task.kind.in_(kinds)]
    if not may_name_matters(who):
        own = Task.owner_id == who.id
        where.append(or_(own, Task.given_by_id == who.id) if who.has(Role.TEAM_LEADER) else own)
    ended = TaskState.OPEN not in states
    return await page_of(work, Task, Task.due_on, is_seen, *where, after=after, latest_first=ended)


async def opinions_on(work: UnitOfWork, entry_id: str) -> list[Task]:
    """Return what the leading group wants done about an entry, what is due first comes first."""
    query = select(Task).where(Task.entry_id == entry_id).order_by(Task.due_on, Task.id)
    return list(await work.session.scalars(query))


# ---- what becomes of it


async def may(work: UnitOfWork, who: Member, task_id: str, action: str) -> TaskSeen:
    """Return a task, locked, that somebody may do an action to. Raises Impossible or NotEntitled."""
    seen = await task_seen(work, who, task_id, to_change=True)
    TASK.step(seen.task.state, action, seen.actors)
    return seen


async def finish(work: UnitOfWork, who: Member, task_id: str, result: str) -> TaskSeen:
    """Say what came of a task, which ends it; who gave it is told. Raises ContainsContact, Impossible, NotEntitled."""
    seen = await may(work, who, task_id, "finish")
    result = await fit_to_keep(work, who, result, item=seen.item, case=seen.case)
    keep_words(work, seen.task, seen.case, result=result)
    await _end(work, who, seen, "finish", [seen.task.given_by_id])
    return seen


async def call_off(work: UnitOfWork, who: Member, task_id: str) -> TaskSeen:
    """Have a task be done no more; its owner is told. Raises Impossible or NotEntitled."""
    seen = await may(work, who, task_id, "call_off")
    await _end(work, who, seen, "call_off", [seen.task.owner_id])
    return seen


async def move(work: UnitOfWork, who: Member, task_id: str, due_on: date) -> TaskSeen:
    """Give a task another day; its owner is told. Raises DayPast, Impossible or NotEntitled."""
    seen = await may(work, who, task_id, "move")
    if due_on < work.today:
        raise DayPast
    seen.task.due_on = seen.task.next_on = due_on
    await work.session.flush()
    if seen.task.owner_id != who.id:
        await work.outbox.to_staff(seen.task.owner_id, OutgoingMessage(TaskGiven(task_id)), priority=Priority.NOTICE)
    await _note(work, who, seen.task, "move")
    return seen


async def _end(work: UnitOfWork, who: Member | None, seen: TaskSeen, action: str, told: Iterable[str]) -> None:
    """End a task, and tell of it; nobody: the clock does."""
    task = seen.task
    task.state = TASK.step(task.state, action, seen.actors if who else {Actor.SYSTEM})
    task.ended_on, task.next_on = work.today, NEVER
    await work.session.flush()
    for staff_id in dict.fromkeys(told):
        if who is None or staff_id != who.id:
            await work.outbox.to_staff(staff_id, OutgoingMessage(TaskEnded(task.id)), priority=Priority.NOTICE)
    await _note(work, who, task, action)


async def _note(work: UnitOfWork, who: Member | None, task: Task, step: str) -> None:
    """Write it into the audit log; last, for its head is locked last."""
    await record(
        work,
        Audited.TASK_MOVED,
        by=who.id if who else CLOCK,
        case_id=task.case_id,
        subject=task.item_id or task.owner_id,
        step=step,
        unit=task.unit_id,
    )


# ---- the clock's part


@in_working_hours
async def remind_of_tasks(work: UnitOfWork) -> More | None:
    """Remind the owner of a task, in working hours, on its day, and then again; once it is late who gave it, too.

    One about an item that is cleared, or a case that has ended, is called off, and both are told.
    """
    settings = await work.settings()
    due = select(Task).where(Task.next_on <= work.today).order_by(Task.next_on, Task.id)
    found = list(await work.session.scalars(due.limit(PORTION).with_for_update()))
    for task in found:
        item = await work.session.get(RectificationItem, task.item_id) if task.item_id else None
        case = await work.session.get(Case, task.case_id) if task.case_id else None
        about: RectificationItem | Case | None = item or case
        if about is not None and not about.is_open:
            seen = TaskSeen(task, item, case, frozenset())
            await _end(work, None, seen, "call_off", [task.owner_id, task.given_by_id])
            continue
        task.next_on = work.today + timedelta(days=max(1, settings.rectification.talk_waiting_days))
        people = [task.owner_id, *([task.given_by_id] if task.due_on < work.today else [])]
        once = f"task:{task.id}:{work.today}"
        await work.outbox.to_each(dict.fromkeys(people), OutgoingMessage(TaskDue(task.id)), once=once)
    await work.session.flush()
    return More.TO_DO if len(found) == PORTION else None
