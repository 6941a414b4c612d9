"""The clock's part: whoever is to be reminded of an item is, once a stage, in one digest a day.

A row of Reminder is the memory of one stage of one deadline for one person. It waits until the person's digest of a
day takes it along; what comes up after that digest waits for the next. So a tick may run twice, late, or on two
machines, and a changed deadline is neither told twice nor swallowed.
"""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select, true, update

from models.database import insert_or_ignore
from models.deadlines import LADDER, Proposal, Stage, next_change_on, proposal, stages_come
from models.rectification import ALONE, NEVER, Digest, RectificationItem, Reminder, ReminderRound
from models.working_days import WorkingCalendar
from services.outbox import OutgoingMessage, Priority
from services.rectification.audiences import Audiences, audiences
from services.rectification.notices import CardProposal, HazardReminder, ItemDigest
from services.unit_of_work import More, UnitOfWork

PORTION = 500  # items a transaction

_Key = tuple[str, str, int, str]  # item, stage, version of the deadline, staff
_WHATEVER_DEADLINE = 0  # the version under which is noted what is told once, however often the due day moves


async def remind_unit_heads(work: UnitOfWork) -> More | None:
    """Note who is to be told what, and within working hours queue a digest for each.

    A hazard does not wait: it is told at once, in a message of its own. Looked at are the items of which something may
    have come, and in turn all that are open when people or settings have changed, a portion in each transaction.
    """
    settings = await work.settings()
    calendar = WorkingCalendar.of(settings, work.zone)
    today = calendar.day_begun(work.now)
    people = await audiences(work)
    reminder_round = await _reminder_round(work, people.fingerprint(settings, calendar))
    items = await _items_to_look_at(work, today, reminder_round)
    noted = await _noted(work, items)
    known = await work.directory()
    for item in items:
        ladder = known.rectification_settings_of(item.round_id)
        stages = stages_come(item, today, ladder, calendar)
        await _note_stages(work, item, _newest(item, stages, people), noted)
        proposed = proposal(item, today, ladder)
        if proposed is not None:
            await _propose(work, item, proposed, people, noted, calendar)
        item.next_look_on = next_change_on(item, today, ladder, calendar) or NEVER
    await work.session.flush()
    if calendar.is_working_moment(work.now):
        await _queue_digests(work)
    return More.TO_DO if len(items) >= PORTION else None


async def _reminder_round(work: UnitOfWork, basis: str) -> ReminderRound:
    """Return how far all items were looked at, locked; from the start if what it was done on is not so any more."""
    await insert_or_ignore(work.session, ReminderRound, id=1, basis="", looked_to=None)
    query = select(ReminderRound).where(ReminderRound.id == 1).with_for_update()
    reminder_round = (await work.session.scalars(query.execution_options(populate_existing=True))).one()
    if reminder_round.basis != basis:
        reminder_round.basis, reminder_round.looked_to = basis, ""
    return reminder_round


async def _items_to_look_at(work: UnitOfWork, today: date, reminder_round: ReminderRound) -> list[RectificationItem]:
    """Return the next portion, and note in the round how far it goes."""
    is_open = RectificationItem.is_open == true()
    due = select(RectificationItem.id).where(is_open, RectificationItem.next_look_on <= today).limit(PORTION)
    ids = set(await work.session.scalars(due))
    if reminder_round.looked_to is not None:
        following = select(RectificationItem.id).where(is_open, RectificationItem.id > reminder_round.looked_to)
        found = list(await work.session.scalars(following.order_by(RectificationItem.id).limit(PORTION)))
        reminder_round.looked_to = found[-1] if len(found) == PORTION else None
        ids.update(found)
    # All ticks take items and people in one order, so that two at once wait for each other and never cross.
    query = select(RectificationItem).where(RectificationItem.id.in_(ids)).order_by(RectificationItem.id)
    return list(await work.session.scalars(query))


async def _noted(work: UnitOfWork, items: Iterable[RectificationItem]) -> set[_Key]:
    query = select(Reminder.item_id, Reminder.stage, Reminder.deadline_version, Reminder.staff_id)
    rows = await work.session.execute(query.where(Reminder.item_id.in_([item.id for item in items])))
    return {(item, stage, version, staff) for item, stage, version, staff in rows}


def _newest(item: RectificationItem, stages: Iterable[Stage], people: Audiences) -> dict[str, Stage]:
    """Return the newest stage for each person: whatever was missed before it is not told any more."""
    return {staff_id: stage for stage in stages for staff_id in people.told(item, stage.audience)}


async def _note_stages(work: UnitOfWork, item: RectificationItem, newest: dict[str, Stage], noted: set[_Key]) -> None:
    for staff_id, stage in sorted(newest.items()):
        version = item.deadline_version if stage.is_of_deadline else _WHATEVER_DEADLINE
        key = (item.id, stage.name, version, staff_id)
        is_new = await _note(work, key, noted, digest_key=ALONE if item.hazard else None)
        if is_new and item.hazard:
            outgoing = OutgoingMessage(HazardReminder(item.id))
            await work.outbox.to_staff(staff_id, outgoing, priority=Priority.HAZARD)


async def _propose(
    work: UnitOfWork,
    item: RectificationItem,
    proposed: Proposal,
    people: Audiences,
    noted: set[_Key],
    calendar: WorkingCalendar,
) -> None:
    for staff_id in people.told(item, LADDER[proposed.rung].audience):
        key = (item.id, proposed.name, item.deadline_version, staff_id)
        if await _note(work, key, noted, digest_key=ALONE):
            outgoing = OutgoingMessage(CardProposal(item.id, proposed.card))
            opening = calendar.next_working_moment(work.now)
            await work.outbox.to_staff(staff_id, outgoing, priority=Priority.REMINDER, not_before=opening)


async def _note(work: UnitOfWork, key: _Key, noted: set[_Key], *, digest_key: str | None) -> bool:
    """Remember a stage for a person; return whether it is this tick that does."""
    if key in noted:
        return False
    item_id, stage, deadline_version, staff_id = key
    return await insert_or_ignore(
        work.session,
        Reminder,
        item_id=item_id,
        stage=stage,
        deadline_version=deadline_version,
        staff_id=staff_id,
        digest_key=digest_key,
    )


async def _queue_digests(work: UnitOfWork) -> None:
    waiting = select(Reminder.staff_id).where(Reminder.digest_key.is_(None)).order_by(Reminder.staff_id).distinct()
    for staff_id in list(await work.session.scalars(waiting)):
        key = Digest.key_of(staff_id, work.today)
        # What the digest carries is fixed here: a row that comes later can't be taken for told.
        if await insert_or_ignore(work.session, Digest, key=key, staff_id=staff_id, day=work.today):
            await work.session.execute(
                update(Reminder)
                .where(Reminder.staff_id == staff_id, Reminder.digest_key.is_(None))
                .values(digest_key=key)
            )
            outgoing = OutgoingMessage(ItemDigest(key))
            await work.outbox.to_staff(staff_id, outgoing, priority=Priority.REMINDER, dedupe_key=key)
