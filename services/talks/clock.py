"""The clock's part in talks: it proposes the one after a card, reminds whoever has the next step, and notes a broken
promise.
"""

from datetime import timedelta

from sqlalchemy import select

from models.deadlines import RUNNING, Audience
from models.rectification import NEVER, RectificationItem
from models.staff import LEADING_GROUP_ROLES
from models.states import Actor, ItemState, TalkState
from models.talks import Talk
from services.outbox import OutgoingMessage, Priority
from services.rectification import item_log
from services.rectification.audiences import audiences
from services.talks.notices import TalkMoved, TalkWaits
from services.talks.talks import TalkSeen, expected_on, note_kept, step, tell, tell_group
from services.unit_of_work import More, UnitOfWork
from services.working_hours import in_working_hours

PORTION = 50  # talks a tick
_SYSTEM = frozenset({Actor.SYSTEM})
_WITH_OTHERS = frozenset({ItemState.SUBMITTED, ItemState.PASSED, ItemState.COUNTERSIGNED})
_TO_COME = frozenset({TalkState.EXPECTED, TalkState.PROPOSED, TalkState.APPROVED, TalkState.ARRANGED})


@in_working_hours
async def advance_talks(work: UnitOfWork) -> More | None:
    """Do what is due of talks, in working hours, a portion in each transaction."""
    due = select(Talk.id, Talk.item_id).where(Talk.next_on <= work.today).order_by(Talk.next_on, Talk.id)
    rows = list(await work.session.execute(due.limit(PORTION)))
    locked = select(RectificationItem).where(RectificationItem.id.in_([item_id for _, item_id in rows]))
    items = {
        item.id: item for item in await work.session.scalars(locked.order_by(RectificationItem.id).with_for_update())
    }
    for talk_id, item_id in rows:
        query = select(Talk).where(Talk.id == talk_id).with_for_update().execution_options(populate_existing=True)
        talk = (await work.session.scalars(query)).one()
        if talk.next_on <= work.today:  # no other tick has done it
            await _advance(work, TalkSeen(talk, items[item_id], _SYSTEM))
    await work.session.flush()
    return More.TO_DO if len(rows) == PORTION else None


async def _advance(work: UnitOfWork, seen: TalkSeen) -> None:
    talk, item = seen.talk, seen.item
    if not item.is_open and talk.state in _TO_COME:
        await _call_off(work, seen)
    elif talk.state is TalkState.EXPECTED:
        await _propose(work, seen)
    elif talk.state is TalkState.HELD:
        await _look_at_promise(work, seen)
    else:
        await _remind(work, seen)


async def _call_off(work: UnitOfWork, seen: TalkSeen) -> None:
    """Call off a talk that nobody needs any more; whoever knew of it is told."""
    was = seen.talk.state
    await step(work, None, seen, "call_off", next_on=NEVER)
    if was is not TalkState.EXPECTED:
        await tell_group(work, seen.talk, seen.item)


async def _propose(work: UnitOfWork, seen: TalkSeen) -> None:
    """Propose the talk after a card, unless the card was taken back or another took its place."""
    talk, item = seen.talk, seen.item
    settings = await item_log.ladder_of(work, item)
    tomorrow = work.today + timedelta(days=1)
    if item.card is not talk.card or item.card_on is None:
        await _call_off(work, seen)
    elif item.state in _WITH_OTHERS:  # these days don't count against the unit
        talk.next_on = tomorrow
    elif expected_on(item, settings) > work.today:
        talk.next_on = expected_on(item, settings)
    elif item.state in RUNNING:
        wait = timedelta(days=max(1, settings.talk_waiting_days))
        await step(work, None, seen, "propose", next_on=work.today + wait)
        await tell_group(work, talk, item)
    else:  # it is kept for long, by a decision
        await _call_off(work, seen)


async def _look_at_promise(work: UnitOfWork, seen: TalkSeen) -> None:
    """Note on the day after it that a promise is broken, or kept where the item is done."""
    item = seen.item
    if not item.is_open:
        await note_kept(work, None, seen)
    elif item.state in _WITH_OTHERS:  # it was handed in: whether it is done, others look at now
        seen.talk.next_on = work.today + timedelta(days=1)
    else:
        await step(work, None, seen, "break", next_on=NEVER)
        await item_log.log_event(work, item, "promise_broken", by=None)
        people = await audiences(work, of=[item.id])
        audience = (Audience.UNIT_HEAD, Audience.LIAISON, Audience.COUNTY_LEADER, Audience.OFFICE_DIRECTOR)
        group = [] if item.desk is not None else (await work.directory()).with_roles(*LEADING_GROUP_ROLES)
        told = [*people.told(item, audience), *(one.id for one in group)]
        await tell(work, TalkMoved(seen.talk.id, seen.talk.state), told)


async def _remind(work: UnitOfWork, seen: TalkSeen) -> None:
    """Remind whoever has the next step of a talk: on its day also the head and who leads it."""
    talk, item = seen.talk, seen.item
    people = await audiences(work, of=[item.id])
    known = await work.directory()
    told: list[str] = []
    if talk.state is TalkState.PROPOSED and item.desk is None:
        told = [one.id for one in known.with_roles(*LEADING_GROUP_ROLES)]
    else:
        told = people.told(item, [Audience.OFFICE_DIRECTOR])
    on_its_day = talk.state is TalkState.ARRANGED and talk.meet_on == work.today
    if on_its_day:
        told += people.told(item, [Audience.UNIT_HEAD, Audience.LIAISON])
        told += [talk.led_by_id] if talk.led_by_id else []
    wait = max(1, (await item_log.ladder_of(work, item)).talk_waiting_days)
    talk.next_on = work.today + timedelta(days=1 if on_its_day else wait)
    once = f"talk:{talk.id}:{work.today}"
    for staff_id in dict.fromkeys(told):
        outgoing = OutgoingMessage(TalkWaits(talk.id, talk.state))
        await work.outbox.to_staff(staff_id, outgoing, priority=Priority.REMINDER, dedupe_key=f"{once}:{staff_id}")
