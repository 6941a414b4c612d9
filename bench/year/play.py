"""A year: people act, the clock ticks, stops, is killed, ticks twice and is set wrong; the ladder looks on.

People act through the services as they do by a press. All chance follows from the seed.
"""

import asyncio
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, fields
from datetime import date, datetime, time, timedelta
from random import Random
from sys import intern
from time import process_time

from sqlalchemy import delete, select

from bench.year.county import DIRECTOR, GROUP, OFFICE, TEAM_LEADERS, MadeCounty
from bench.year.ladder import WITH_UNIT, Ladder, Matter
from bot.clock import Duty
from models.database import Database
from models.delivery import OutboxRow
from models.rectification import (
    ALONE,
    ALONE_IN_WORKING_HOURS,
    OVERTAKEN,
    RectificationItem,
    Reminder,
    WarningCard,
)
from models.states import Actor, Impossible, PaperState
from services.access.member import member
from services.outbox import outgoing_message
from services.rectification.item_log import step
from services.rectification.notices import CardProposal, HazardReminder, ItemDigest
from services.rectification.remind import remind_unit_heads
from services.rectification.review_item import ReturnReason, return_item
from services.rectification.unit_actions import acknowledge, report_progress, submit
from services.resources import Resources
from services.retention.clock_set_back import notice_set_back
from services.talks.cards import confirm_red_card, give_card, red_card_before_group
from services.unit_of_work import More, UnitOfWork

OPENING = time(9)
DUTIES: tuple[Duty, ...] = (notice_set_back, remind_unit_heads)
Opened = Callable[[Callable[[], datetime]], Resources]  # opens the database anew, with this time


class Killed(Exception):
    """The process died here."""


@dataclass(frozen=True)
class Size:
    """How much a year is made of."""

    units: int
    items: int  # issued in it
    acts: float  # of an item, in a year
    ticks: int = 2  # a day, beside the one when working hours begin
    first: date = date(2026, 1, 1)
    last: date = date(2026, 12, 31)


@dataclass
class Year:
    """The product's clock, its people and the time. `open_resources` starts the process anew."""

    size: Size
    open_resources: Opened
    random: Random
    say: Callable[[str], object] = lambda _said: None  # how far it is
    ladder: Ladder = field(default_factory=Ladder)
    said: Counter[tuple[str, str]] = field(default_factory=Counter)  # kind, and what tells it apart
    outside_hours: list[str] = field(default_factory=list)
    happened: Counter[str] = field(default_factory=Counter)
    # CPU in seconds of each tick that was not disturbed, by whether working hours begin with it
    costs: dict[bool, list[float]] = field(default_factory=lambda: {False: [], True: []})

    def __post_init__(self) -> None:
        self.now = datetime.combine(self.size.first, time(0, 1))
        self.resources = self.open_resources(self._moment)
        self.county = MadeCounty(self.ladder, self.random)
        self._issued = 0

    async def play(self) -> None:
        """Play the whole year."""
        async with self.resources.database.transaction() as session:
            await self.county.enter(self.resources.work(session), self.size.units)
        days = (self.size.last - self.size.first).days + 1
        day, stopped_until = self.size.first, self.size.first
        while day <= self.size.last:
            if self.random.random() < 0.04:
                stopped_until = day + timedelta(days=self.random.choice((1, 2, 9, 30)))
                self.happened["stopped"] += 1
            for moment in self._moments(day):
                self.now = moment
                await self._people_act(days)
                if day >= stopped_until:
                    await self._tick()
            if day.day == 1:
                self.say(f"{day}: {self._issued} items, {len(self.ladder.told)} told")
            day += timedelta(days=1)
        await self.resources.database.close()

    def _moments(self, day: date) -> list[datetime]:
        chosen = {self.random.randrange(24 * 60) for _ in range(self.size.ticks)} | {OPENING.hour * 60}
        return [datetime.combine(day, time()) + timedelta(minutes=minute) for minute in sorted(chosen)]

    def _moment(self) -> datetime:
        return self.now.replace(tzinfo=self.resources.zone)

    # ---- the clock

    async def _tick(self) -> None:
        disturbed = self.random.random()
        if disturbed < 0.05:
            await self._killed_in_the_middle()
        elif disturbed < 0.10:
            await self._set_wrong()
        elif disturbed < 0.15:
            self.happened["two ticks at once"] += 1
            await asyncio.gather(self._whole_tick(), self._whole_tick())
        else:
            began = process_time()
            await self._whole_tick()
            self.costs[self.now.time() == OPENING].append(process_time() - began)
        self.ladder.tick(self.now)
        await self._read_outbox()

    async def _whole_tick(self) -> None:
        for duty in DUTIES:
            while await self._portion(duty) is More.TO_DO:
                pass

    async def _portion(self, duty: Duty) -> object:
        async with self.resources.database.transaction() as session:
            return await duty(self.resources.work(session))

    async def _killed_in_the_middle(self) -> None:
        """Do some transactions of a tick, die in another before its commit, and start again."""
        self.happened["killed"] += 1
        for _ in range(self.random.randrange(3)):
            await self._portion(remind_unit_heads)
        with suppress(Killed):
            async with self.resources.database.transaction() as session:
                await remind_unit_heads(self.resources.work(session))
                raise Killed
        await self.resources.database.close()
        self.resources = self.open_resources(self._moment)
        await self._whole_tick()

    async def _set_wrong(self) -> None:
        """Tick at a moment that is not yet, or was already, and then at the right one."""
        self.happened["set wrong"] += 1
        right = self.now
        self.now += timedelta(hours=self.random.choice((-40, -3, 5, 30, 24 * 20)))
        if self.now.date() <= self.size.last:
            await self._whole_tick()
            self.ladder.tick(self.now)
            await self._read_outbox()
        self.now = right
        await self._whole_tick()

    async def _read_outbox(self) -> None:
        """Take out what was queued by the clock; anything else is forgotten."""
        async with self.resources.database.transaction() as session:
            rows = list(await session.scalars(select(OutboxRow)))
            for row in rows:
                if row.recipient.staff_id is not None and row.kind in _BY_CLOCK:
                    content = outgoing_message(self.resources.keyring, row).content
                    self.said[row.kind, f"{row.recipient.staff_id} {content}"] += 1
                    if not (row.kind == HazardReminder.kind or self._in_hours(row.not_before)):
                        self.outside_hours.append(f"{row.kind} at {row.not_before}")
            await session.execute(delete(OutboxRow))

    def _in_hours(self, moment: datetime) -> bool:
        local, numbers = moment.astimezone(self.resources.zone), self.ladder.numbers
        return self.ladder.calendar.works(local.date()) and numbers.opens <= local.hour < numbers.closes

    # ---- the people

    async def _people_act(self, days: int) -> None:
        moments = days * (self.size.ticks + 1)
        async with self.resources.database.transaction() as session:
            work = self.resources.work(session)
            while self._issued < self.size.items * min(1.0, 1.25 * self._gone(days)):
                self._issued += 1
                await self.county.issue(work, self._issued, self.now.date())
            if self.random.random() < 0.03:
                await self.county.put_head(work, self.random.choice(self.county.units))
            if self.random.random() < 0.01:
                await self.county.lose_head(work, self.random.choice(self.county.units))
            if self.random.random() < 10 / moments:
                await self._moves_a_holiday(work)
        open_ones = [matter for matter in self.ladder.matters.values() if matter.state != "cleared"]
        wanted = self.size.acts * len(open_ones) / moments
        acts = int(wanted) + (self.random.random() < wanted % 1)
        for matter in self.random.sample(open_ones, min(acts, len(open_ones))):
            async with self.resources.database.transaction() as session:
                await self._acts(self.resources.work(session), matter)

    def _gone(self, days: int) -> float:
        return ((self.now.date() - self.size.first).days + 1) / days

    async def _moves_a_holiday(self, work: UnitOfWork) -> None:
        ahead = [self.now.date() + timedelta(days=days) for days in range(-3, 12)]
        off = [day for day in ahead if self.ladder.calendar.works(day)]
        worked = [day for day in ahead if not self.ladder.calendar.works(day)]
        if off and worked:
            self.happened["a holiday was moved"] += 1
            await self.county.announce(work, off=self.random.choice(off), worked=self.random.choice(worked))

    async def _acts(self, work: UnitOfWork, matter: Matter) -> None:
        """Do something that can be done with an item as it stands, and note in the matter what its papers say then."""
        chance, today = self.random, self.now.date()
        if chance.random() < 0.12:
            await self._changes(work, matter)
        elif matter.state in WITH_UNIT and chance.random() < 0.4:
            await self._writes(work, matter)
        elif matter.state in WITH_UNIT:
            await self._unit_acts(work, matter)
        elif matter.state == "submitted" and chance.random() < 0.6:
            reviewer = await member(work.session, TEAM_LEADERS[matter.team] if matter.team else OFFICE)
            await return_item(work, reviewer, matter.id, ReturnReason.PAPER_ONLY)
            held = (today - (matter.kept or matter.handed_in or today)).days
            matter.returns, matter.due = matter.returns + 1, matter.due + timedelta(days=held)
            matter.held_since, matter.kept = matter.held_since + held, None
            self._is(matter, "returned")
        elif matter.state == "submitted":
            await self._steps(work, matter, "pass", Actor.TEAM_MEMBER)
        elif matter.state == "passed" and matter.leader:
            await self._steps(work, matter, "countersign", Actor.COUNTY_LEADER)
        elif matter.state in ("passed", "countersigned"):
            await self._steps(work, matter, "clear", Actor.OFFICE_DIRECTOR)
        else:
            await self._steps(work, matter, "report_long_term", Actor.UNIT_HEAD)

    async def _steps(self, work: UnitOfWork, matter: Matter, action: str, actor: Actor) -> None:
        """Let the state step on, whatever papers and proofs the service would have asked for."""
        item = await work.session.get_one(RectificationItem, matter.id)
        await step(work, item, action, {actor}, by=None)
        if action == "keep_long_term":
            matter.kept = item.long_term_since = self.now.date()
        if action == "clear":
            matter.kept = item.long_term_since = None
        self._is(matter, item.state)

    async def _unit_acts(self, work: UnitOfWork, matter: Matter) -> None:
        card = self.ladder.proposed(matter, self.now.date())
        if card is not None and self.random.random() < 0.4:
            await self._gives(work, matter, WarningCard.RED if card.startswith("propose_red") else WarningCard.YELLOW)
            return
        head = next(iter(self.ladder.people.heads.get(matter.unit, ())), None)
        if head is None:
            return
        who = await member(work.session, head)
        if matter.state == "issued":
            await acknowledge(work, who, matter.id)
            self._is(matter, "acknowledged")
        elif self.random.random() < 0.5:
            await report_progress(work, who, matter.id, "还在清账。")
            self._is(matter, "in_progress")
        else:
            await submit(work, who, matter.id, ["已经公开。"], [])
            matter.handed_in = self.now.date()
            self._is(matter, "submitted")

    async def _gives(self, work: UnitOfWork, matter: Matter, card: WarningCard) -> None:
        with suppress(Impossible):
            item = await give_card(work, await member(work.session, DIRECTOR), matter.id, card)
            before_group = await red_card_before_group(work, item) if item.card is not card else None
            if before_group is not None:
                await confirm_red_card(work, await member(work.session, GROUP), before_group.id)
            matter.card, matter.card_on = card, self.now.date()
            matter.returns_then, matter.held_since = matter.returns, 0
            self.happened[f"{card} cards"] += 1

    async def _changes(self, work: UnitOfWork, matter: Matter) -> None:
        """Change what a county's file or an approval changes: the due date, the unit, that it is kept for long."""
        item = await work.session.get_one(RectificationItem, matter.id)
        chosen = self.random.random()
        if chosen < 0.2:
            item.unit_id = matter.unit = self.random.choice(self.county.units)
            self.happened["units changed"] += 1
        elif chosen < 0.3 and matter.state == "in_progress":
            await self._steps(work, matter, "keep_long_term", Actor.OFFICE_DIRECTOR)
        else:
            days = self.random.choice((-20, -5, 3, 20, 60))
            matter.due = max(matter.issued, matter.due + timedelta(days=days))
            matter.deadline += 1
            item.due_on, item.deadline_version = matter.due, matter.deadline
            self.happened["due dates changed"] += 1

    async def _writes(self, work: UnitOfWork, matter: Matter) -> None:
        """Let a paper go its way: prepared, confirmed, handed in, decided, or half time answered."""
        item, today = await work.session.get_one(RectificationItem, matter.id), self.now.date()
        chosen = self.random.random()
        if chosen < 0.08:
            matter.listed = item.listed_on = None if matter.listed else today
        elif chosen < 0.16:
            matter.promised = item.promised_on = today + timedelta(days=self.random.randrange(1, 15))
        elif matter.asked_for_more is not None:
            days = self.random.choice((0, 10, 43, 90))
            matter.asked_for_more, matter.due = None, matter.due + timedelta(days=days)
            matter.deadline += days > 0
            item.extension_state = PaperState.APPROVED if days else PaperState.DECLINED
            item.due_on, item.deadline_version = matter.due, matter.deadline
        elif matter.plan == PaperState.SUBMITTED:
            matter.plan = item.plan_state = self.random.choice((PaperState.APPROVED, PaperState.DECLINED))
            if matter.plan == PaperState.DECLINED and matter.plan_due is not None:
                matter.plan_due = item.plan_due_on = max(matter.plan_due, today + timedelta(days=7))
        elif matter.prepared is not None:
            matter.prepared = item.prepared_since = None
            matter.plan, matter.plan_since = PaperState.SUBMITTED, today
            item.plan_state, item.plan_since = PaperState.SUBMITTED, today
        elif matter.plan != PaperState.APPROVED and matter.plan_due is not None:
            matter.prepared = item.prepared_since = today
        elif self.random.random() < 0.3:
            matter.asked_for_more = item.extension_since = today
            item.extension_state = PaperState.SUBMITTED
        else:
            matter.half_answered, item.midterm_answered_on = True, today
        self.happened["papers"] += 1

    def _is(self, matter: Matter, state: str) -> None:
        if matter.state != state:
            self.happened[state] += 1
        matter.state, matter.since = state, self.now.date()


_BY_CLOCK = frozenset({ItemDigest.kind, CardProposal.kind, HazardReminder.kind})


@dataclass(frozen=True)
class Compared:
    """What the ladder demands and what the product did, and where they differ."""

    demanded: int
    faults: list[str]  # sentences


@dataclass(frozen=True)
class _Row:
    """A row of Reminder, of which a whole year has a million."""

    item_id: str
    stage: str
    deadline_version: int
    staff_id: str
    digest_key: str | None

    @property
    def was_told(self) -> bool:
        return self.digest_key not in (None, OVERTAKEN, ALONE_IN_WORKING_HOURS)


async def compare(year: Year, database: Database) -> Compared:
    """Compare as sets who was told what, and in which day's message; and that each message was queued once."""
    told, digests, alone = dict[tuple[str, str, int, str], str](), set[str](), 0
    columns = (getattr(Reminder, one.name) for one in fields(_Row))
    async with database.reading() as session:
        async for values in await session.stream(select(*columns)):
            row = _Row(*values)
            alone += row.digest_key == ALONE
            digests |= {row.digest_key} if row.digest_key and row.digest_key.startswith("digest:") else set()
            if row.was_told:
                told[_key(row)] = _how(row.digest_key)
    faults = [f"missing: {key}, {how}" for key, how in year.ladder.told.items() if key not in told]
    faults += [f"not demanded: {key}, {how}" for key, how in told.items() if key not in year.ladder.told]
    faults += [
        f"another day: {key}, {how} instead of {year.ladder.told[key]}"
        for key, how in told.items()
        if year.ladder.told.get(key, how) != how
    ]
    faults += [f"queued {times} times: {what}" for what, times in _too_often(year, digests, alone)]
    faults += [f"outside hours: {what}" for what in year.outside_hours]
    return Compared(len(year.ladder.told), faults)


def _too_often(year: Year, digests: set[str], expected: int) -> list[tuple[str, int]]:
    """Return the digests that were not queued once; and of messages alone, whether there are as many as rows."""
    queued = {what: times for (kind, what), times in year.said.items() if kind == ItemDigest.kind}
    found = [(what, times) for what, times in queued.items() if times != 1]
    alone = sum(times for (kind, _), times in year.said.items() if kind != ItemDigest.kind)
    found += [("digests in all", len(queued))] if len(queued) != len(digests) else []
    return found + ([(f"messages alone, of {expected}", alone)] if alone != expected else [])


def _key(row: _Row) -> tuple[str, str, int, str]:
    return row.item_id, row.stage, row.deadline_version, row.staff_id


def _how(digest_key: str | None) -> str:
    return intern((digest_key or "").rpartition(":")[2])
