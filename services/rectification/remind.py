"""The clock's part: whoever is to be reminded of an item is, once a stage, in one digest a day.

A row of Reminder is the memory of one stage of one deadline for one person. It waits until the person's digest of a
day takes it along; what comes up after that digest waits for the next, and what does not hold any more by then is not
told. So a tick may run twice, late, or on two machines, and a changed deadline is neither told twice nor swallowed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from sqlalchemy import Update, bindparam, delete, or_, select, update

from models.base import table_of
from models.database import execute, insert_all_or_ignore, insert_new
from models.deadlines import LADDER, Rung, Stage, next_change_on, proposal, stages_come
from models.rectification import (
    ALONE,
    ALONE_IN_WORKING_HOURS,
    NEVER,
    OVERTAKEN,
    WHATEVER_DEADLINE,
    Digest,
    RectificationItem,
    Reminder,
    WarningCard,
)
from models.settings import RectificationSettings
from models.working_days import WorkingCalendar
from services.outbox import OutgoingMessage, Priority
from services.rectification.audiences import Audiences, audiences
from services.rectification.due_items import due_items, set_next_looks
from services.rectification.notices import CardProposal, HazardReminder, ItemDigest
from services.unit_of_work import More, UnitOfWork

DIGESTS = 100  # or messages alone, a transaction

_Key = tuple[str, str, int, str]  # item, stage, version of the deadline, staff
_PROPOSED_CARDS = {Rung.PROPOSE_YELLOW: WarningCard.YELLOW, Rung.PROPOSE_RED: WarningCard.RED}


async def remind_unit_heads(work: UnitOfWork) -> More | None:
    """Note who is to be told what, and within working hours queue a digest for each.

    A hazard does not wait: it is told at once, in a message of its own. Nobody gets a digest before all has been looked
    at that is to be told on a day; a portion is done in each transaction.
    """
    calendar = await work.calendar()
    today = calendar.day_begun(work.now)
    due = await due_items(work, today)
    if due.items:
        people, known = await audiences(work, of=[item.id for item in due.items]), await work.directory()
        ladders = {item.id: known.rectification_settings_of(item.round_id) for item in due.items}
        await _note(work, [_Look.at(item, today, ladders[item.id], calendar, people) for item in due.items])
        days = {item: next_change_on(item, today, ladders[item.id], calendar) or NEVER for item in due.items}
        await set_next_looks(work, days)
    if not due.is_last:
        return More.TO_DO
    return await _queue(work) if calendar.is_working_moment(work.now) else None


@dataclass(frozen=True)
class _Look:
    """What there is to tell of an item on a day: how each key is to be told; None: in the digest."""

    item: RectificationItem
    told: Mapping[_Key, str | None]

    @classmethod
    def at(
        cls,
        item: RectificationItem,
        today: date,
        settings: RectificationSettings,
        calendar: WorkingCalendar,
        people: Audiences,
    ) -> "_Look":
        """Look at an item. Of several stages that have come for a person, only the newest is told."""
        told: dict[_Key, str | None] = {}
        newest: dict[str, _Key] = {}
        at_item = people.at(item)
        for stage in stages_come(item, today, settings, calendar):
            for staff_id in at_item.told(stage.audience):
                if staff_id in newest:
                    told[newest[staff_id]] = OVERTAKEN
                newest[staff_id] = _key(item, stage, staff_id)
                told[newest[staff_id]] = ALONE if item.hazard else None
        proposed = proposal(item, today, settings)
        if proposed is not None:
            for staff_id in at_item.told(LADDER[proposed.rung].audience):
                told[item.id, proposed.name, item.deadline_version, staff_id] = ALONE_IN_WORKING_HOURS
        return cls(item, told)


def _key(item: RectificationItem, stage: Stage, staff_id: str) -> _Key:
    version = item.deadline_version if stage.is_of_deadline else WHATEVER_DEADLINE
    return item.id, stage.name, version, staff_id


async def _note(work: UnitOfWork, looks: Sequence[_Look]) -> None:
    """Remember what is to be told and was not yet; a hazard is told at once.

    What waits and does not hold any more, or is to be told in another way, is forgotten: should it come again, it is
    new.
    """
    told = {key: how for look in looks for key, how in look.told.items()}
    noted = await _noted(work, [look.item.id for look in looks], told)
    stale = {
        key: one.id for key, one in noted.items() if one.waits and not (key in told and told[key] == one.digest_key)
    }
    if stale:
        await work.session.execute(delete(Reminder).where(Reminder.id.in_(stale.values())))
    new = {key: how for key, how in sorted(told.items()) if key not in noted or key in stale}
    columns = ("item_id", "stage", "deadline_version", "staff_id")
    rows = [dict(zip(columns, key, strict=True)) | {"digest_key": how} for key, how in new.items()]
    await insert_all_or_ignore(work.session, Reminder, rows)
    for (item_id, _, _, staff_id), how in new.items():
        if how == ALONE:
            outgoing = OutgoingMessage(HazardReminder(item_id))
            await work.outbox.to_staff(staff_id, outgoing, priority=Priority.HAZARD)


@dataclass(frozen=True)
class _Noted:
    """A row of Reminder, of which so many are read that they are not made objects of the ORM."""

    id: int
    digest_key: str | None

    @property
    def waits(self) -> bool:
        return self.digest_key in (None, ALONE_IN_WORKING_HOURS)


async def _noted(work: UnitOfWork, item_ids: Sequence[str], told: Iterable[_Key]) -> dict[_Key, _Noted]:
    """Return what is noted already of what is to be told, and whatever of these items still waits."""
    stages = {stage for _, stage, _, _ in told}
    key = Reminder.item_id, Reminder.stage, Reminder.deadline_version, Reminder.staff_id
    query = select(*key, Reminder.id, Reminder.digest_key)
    rows = await work.session.execute(
        query.where(Reminder.item_id.in_(item_ids), or_(Reminder.stage.in_(stages), Reminder.waits))
    )
    return {(row[0], row[1], row[2], row[3]): _Noted(row[4], row[5]) for row in rows}


async def _queue(work: UnitOfWork) -> More | None:
    """Queue what waits for working hours: a portion of the cards that are proposed, and of the digests of the day."""
    alone = select(Reminder).where(Reminder.digest_key == ALONE_IN_WORKING_HOURS).order_by(Reminder.id)
    proposals = list(await work.session.scalars(alone.limit(DIGESTS)))
    for row in proposals:
        row.digest_key = ALONE
        outgoing = OutgoingMessage(CardProposal(row.item_id, _PROPOSED_CARDS[Rung(row.stage.partition(":")[0])]))
        await work.outbox.to_staff(row.staff_id, outgoing, priority=Priority.REMINDER)
    await work.session.flush()
    has_had_one = select(Digest.staff_id).where(Digest.day == work.today)
    waiting = select(Reminder.staff_id).where(Reminder.digest_key.is_(None), Reminder.staff_id.not_in(has_had_one))
    staff_ids = list(await work.session.scalars(waiting.order_by(Reminder.staff_id).distinct().limit(DIGESTS)))
    await _queue_digests(work, staff_ids)
    return More.TO_DO if DIGESTS in (len(proposals), len(staff_ids)) else None


async def _queue_digests(work: UnitOfWork, staff_ids: Sequence[str]) -> None:
    """Queue the digest of the day for each of some people, unless another tick does."""
    keys = {Digest.key_of(staff_id, work.today): staff_id for staff_id in staff_ids}
    rows = [{"key": key, "staff_id": staff_id, "day": work.today} for key, staff_id in keys.items()]
    own = await insert_new(work.session, Digest, rows, Digest.key)
    if own:
        # What a digest carries is fixed here: a row that comes later can't be taken for told.
        carried = [{"of": keys[key], "by": key} for key in sorted(own)]
        await execute(work.session, _carried(), carried)
    for key in sorted(own):
        outgoing = OutgoingMessage(ItemDigest(key))
        await work.outbox.to_staff(keys[key], outgoing, priority=Priority.REMINDER, dedupe_key=key)


@cache
def _carried() -> Update:
    """Return the statement that gives what waits for somebody to a digest, built once."""
    reminders = table_of(Reminder)
    waiting = update(reminders).where(reminders.c.staff_id == bindparam("of"), reminders.c.digest_key.is_(None))
    return waiting.values(digest_key=bindparam("by"))
