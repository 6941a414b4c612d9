"""What the ladder of reminders demands, worked out a second time: from docs/reminders.md alone, day by day.

It imports nothing of the product, and shares none of its ways: no next day is known, no row is found by index. Day
after day each open item is asked what of it falls on that day.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

DAY = timedelta(days=1)
HEAD, LIAISON, LEADER, REVIEWERS, OFFICE, DIRECTOR = "head", "liaison", "leader", "reviewers", "office", "director"
UNIT = (HEAD, LIAISON)
UNIT_AND_LEADER = (*UNIT, LEADER)
WITH_UNIT = ("issued", "acknowledged", "in_progress", "returned", "reopened")

# The State Council's days off and made-up working days of 2026.
OFF_2026 = (
    *((1, day) for day in (1, 2, 3)),
    *((2, day) for day in range(15, 24)),
    *((4, day) for day in (4, 5, 6)),
    *((5, day) for day in range(1, 6)),
    *((6, day) for day in (19, 20, 21)),
    *((9, day) for day in (25, 26, 27)),
    *((10, day) for day in range(1, 8)),
)
MADE_UP_2026 = ((1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10))


@dataclass
class Numbers:
    """The county's numbers, as in its file."""

    before: tuple[int, ...] = (20, 10, 3)
    overdue: tuple[int, ...] = (1, 3, 5)
    overdue_every: int = 7
    unread: int = 3  # working days
    unread_leader: int = 5
    yellow: int = 5
    red: int = 20
    review: int = 7
    closing: int = 7
    long_term: int = 180
    long_term_late: int = 30
    plan_warned: int = 7  # days before it is due
    plan_late_every: int = 7
    plan_review: int = 7
    midterm_answer: int = 7
    confirm: int = 2
    extension: int = 3
    listed: int = 3
    returns: int = 2
    opens: int = 9
    closes: int = 18


@dataclass
class Calendar:
    """Which days are worked in 2026, with what the county's own table says."""

    days_off: set[date] = field(default_factory=set)
    worked: set[date] = field(default_factory=set)
    changes: int = 0
    _after: dict[tuple[date, int], date] = field(default_factory=dict)  # worked out since the last change

    def move(self, *, off: date, worked: date) -> None:
        """Let another day be off, and one be worked on instead."""
        self.days_off.add(off)
        self.worked.add(worked)
        self.changes += 1
        self._after.clear()

    def works(self, day: date) -> bool:
        if day in self.days_off:
            return False
        if day in self.worked or (day.year == 2026 and (day.month, day.day) in MADE_UP_2026):
            return True
        return day.weekday() < 5 and not (day.year == 2026 and (day.month, day.day) in OFF_2026)

    def after(self, day: date, worked: int) -> date:
        if (day, worked) not in self._after:
            found, left = day, worked
            while left:
                found += DAY
                left -= self.works(found)
            self._after[day, worked] = found
        return self._after[day, worked]


@dataclass
class Matter:
    """An item as its unit, its team and its leader know it."""

    id: str
    unit: str
    team: str | None
    leader: str | None
    hazard: bool
    issued: date
    due: date
    deadline: int = 1  # counts the due dates that were ordered
    state: str = "issued"
    since: date = date.min  # of its state
    handed_in: date | None = None
    returns: int = 0
    plan_due: date | None = None
    plan: str | None = None  # handed in, approved, or sent back
    plan_since: date | None = None
    half_answered: bool = False
    kept: date | None = None  # for long, since then
    prepared: date | None = None  # by the liaison, for the head to confirm
    listed: date | None = None  # under listed supervision, since then
    promised: date | None = None  # at a talk, for that day
    asked_for_more: date | None = None  # time, and nobody has decided
    card: str | None = None
    card_on: date | None = None
    returns_then: int = 0  # when the card was given
    held_since: int = 0  # days with the reviewers since the card was given


@dataclass
class People:
    """Who can be told, by what they are."""

    heads: dict[str, set[str]] = field(default_factory=dict)  # by unit
    liaisons: dict[str, set[str]] = field(default_factory=dict)
    leaders: set[str] = field(default_factory=set)
    teams: dict[str, set[str]] = field(default_factory=dict)
    office: set[str] = field(default_factory=set)  # with the directors
    directors: set[str] = field(default_factory=set)

    def told(self, matter: Matter, audience: tuple[str, ...]) -> set[str]:
        heads = self.heads.get(matter.unit, set())
        found: set[str] = set()
        if HEAD in audience:
            found |= heads or self.office  # the office stands in for a head who is not there
        if LIAISON in audience:
            found |= self.liaisons.get(matter.unit, set())
        if LEADER in audience and matter.leader in self.leaders:
            found |= {matter.leader or ""}
        if REVIEWERS in audience:
            found |= self.teams.get(matter.team, set()) if matter.team else self.office
        if OFFICE in audience:
            found |= self.office
        if DIRECTOR in audience:
            found |= self.directors
        return found


@dataclass(frozen=True)
class Fallen:
    """Something of an item that fell on a day. Of what stands in one row, the newer follows the older."""

    row: str
    name: str
    audience: tuple[str, ...]
    under: int  # the deadline; 0: whatever it is


# What falls on one day, in this order: the later is taken for the newer. Whoever has an item in hand hears the one that
# is theirs.
_ROWS = (
    "before", "after", "not_cleared", "to_confirm", "plan_review", "extension", "standing", "unread", "plan", "listed",
    "promised",
)  # fmt: skip


@dataclass
class _Known:
    """What had fallen of an item by a day, as long as nothing else becomes of it."""

    facts: tuple[object, ...]
    day: date
    newest: dict[str, tuple[date, int, Fallen]] = field(default_factory=dict)  # by row


@dataclass
class Ladder:
    """What has been told at every tick until now, to whom, and with which day's message."""

    numbers: Numbers = field(default_factory=Numbers)
    calendar: Calendar = field(default_factory=Calendar)
    people: People = field(default_factory=People)
    matters: dict[str, Matter] = field(default_factory=dict)
    told: dict[tuple[str, str, int, str], str] = field(default_factory=dict)  # "alone", or the day of the digest
    changes: int = 0  # of people
    _waiting: dict[str, dict[tuple[str, str, int, str], bool]] = field(default_factory=dict)  # by item; alone or not
    _past: set[tuple[str, str, int, str]] = field(default_factory=set)  # overtaken before it was told
    _digests: set[tuple[str, date]] = field(default_factory=set)
    _seen: dict[str, tuple[object, ...]] = field(default_factory=dict)
    _known: dict[str, "_Known"] = field(default_factory=dict)

    def tick(self, now: datetime) -> None:
        """Look at every open item at a moment of the county's clock; within working hours, tell what waits."""
        today = now.date() if now.hour >= self.numbers.opens else now.date() - DAY
        for matter in self.matters.values():
            if matter.state != "cleared":
                self._look(matter, today)
        if self.calendar.works(now.date()) and self.numbers.opens <= now.hour < self.numbers.closes:
            self._tell(now.date())

    def _look(self, matter: Matter, today: date) -> None:
        seen = (today, self.changes, self.calendar.changes, *vars(matter).values())
        if self._seen.get(matter.id) == seen:
            return  # nothing that it depends on is another than at the last tick
        self._seen[matter.id] = seen
        wanted: dict[tuple[str, str, int, str], bool] = {}
        last: dict[str, tuple[str, str, int, str]] = {}
        overtaken = set()
        for fallen in self._fallen(matter, today):
            for person in self.people.told(matter, fallen.audience):
                key = (matter.id, fallen.name, fallen.under, person)
                if person in last:
                    overtaken.add(last[person])
                last[person] = key
        wanted |= dict.fromkeys(last.values(), False)
        card = self.proposed(matter, today)
        if card is not None:
            for person in self.people.told(matter, (DIRECTOR,)):
                wanted[matter.id, card, matter.deadline, person] = True
        waiting = self._waiting.setdefault(matter.id, {})
        for key in [key for key in waiting if key not in wanted]:
            del waiting[key]
        self._past |= {key for key in overtaken if key not in self.told}
        for key, is_alone in wanted.items():
            if key in self.told or key in self._past or key in waiting:
                continue
            if matter.hazard and not is_alone:
                self.told[key] = "alone"
            else:
                waiting[key] = is_alone

    def _tell(self, day: date) -> None:
        have_had_one = {person for person, had_on in self._digests if had_on == day}
        for waiting in self._waiting.values():
            for key, is_alone in list(waiting.items()):
                if is_alone:
                    self.told[key] = "alone"
                elif key[3] not in have_had_one:
                    self.told[key] = day.isoformat()
                    self._digests.add((key[3], day))
                else:
                    continue
                del waiting[key]

    # ---- what falls on which day

    def _fallen(self, matter: Matter, today: date) -> list[Fallen]:
        """Return the newest of each row that has come by a day, in the order in which they came."""
        facts = (self.calendar.changes, *vars(matter).values())
        known = self._known.get(matter.id)
        if known is None or known.facts != facts or today < known.day:  # from the first day on, anew
            first = min(matter.issued, matter.since, matter.handed_in or matter.issued)
            known = self._known[matter.id] = _Known(facts, first - DAY)
        while known.day < today:
            known.day += DAY
            for fallen in self._on(matter, known.day):
                known.newest[fallen.row] = (known.day, _ROWS.index(fallen.row), fallen)
        newest = dict(known.newest)
        if "after" in newest:  # what led up to the due day is past
            newest.pop("before", None)
        return [fallen for _, _, fallen in sorted(newest.values(), key=lambda one: one[:2])]

    def _on(self, matter: Matter, day: date) -> Iterator[Fallen]:
        if matter.state in WITH_UNIT:
            yield from self._before(matter, day)
            yield from self._after(matter, day)
            if matter.state == "issued":
                yield from self._unread(matter, day)
            yield from self._plan(matter, day)
            yield from self._talked_of(matter, day)
        else:
            yield from self._standing(matter, day)
        yield from self._papers(matter, day)

    def _before(self, matter: Matter, day: date) -> Iterator[Fallen]:
        most = max(self.numbers.before)
        left = (matter.due - day).days
        if left in self.numbers.before and day > matter.issued:
            yield Fallen("before", f"before_{left}", UNIT if left == most else UNIT_AND_LEADER, matter.deadline)
        half = matter.issued + timedelta(days=(matter.due - matter.issued).days // 2)
        first = matter.due - timedelta(days=most)
        if half >= first or matter.half_answered:
            return
        if day == half:
            yield Fallen("before", "midterm", UNIT_AND_LEADER, 0)
        if day == half + timedelta(days=self.numbers.midterm_answer) and day < first:
            yield Fallen("before", "midterm_unanswered", UNIT_AND_LEADER, 0)

    def _plan(self, matter: Matter, day: date) -> Iterator[Fallen]:
        if matter.plan_due is None or matter.plan in ("submitted", "approved"):
            return
        left, late = (matter.plan_due - day).days, (day - matter.plan_due).days - 1
        if left == self.numbers.plan_warned and day > matter.issued:
            yield Fallen("plan", f"plan_due:{matter.plan_due}", UNIT, 0)
        if late == 0:
            yield Fallen("plan", f"plan_overdue:{matter.plan_due}:1", UNIT_AND_LEADER, 0)
        elif late > 0 and late % self.numbers.plan_late_every == 0:
            yield Fallen("plan", f"plan_overdue:{matter.plan_due}:+{late}", UNIT_AND_LEADER, 0)

    def _talked_of(self, matter: Matter, day: date) -> Iterator[Fallen]:
        if matter.listed and day > matter.listed and (gone := (day - matter.listed).days) % self.numbers.listed == 0:
            yield Fallen("listed", f"listed:{matter.listed}:+{gone}", UNIT_AND_LEADER, 0)
        if day == matter.promised:
            yield Fallen("promised", f"promised:{day}", (*UNIT_AND_LEADER, DIRECTOR), 0)

    def _papers(self, matter: Matter, day: date) -> Iterator[Fallen]:
        numbers = self.numbers
        handed_in = matter.plan_since if matter.plan == "submitted" else None
        for row, since, every, audience in (
            ("to_confirm", matter.prepared, numbers.confirm, (HEAD,)),
            ("plan_review", handed_in, numbers.plan_review, (OFFICE,)),
            ("extension", matter.asked_for_more, numbers.extension, (DIRECTOR,)),
        ):
            if since is not None and day > since and (gone := (day - since).days) % every == 0:
                name = "plan" if row == "plan_review" else row
                yield Fallen(row, f"{name}:{since}:+{gone}", audience, 0)

    def _after(self, matter: Matter, day: date) -> Iterator[Fallen]:
        late, last = (day - matter.due).days, max(self.numbers.overdue)
        if late in self.numbers.overdue or (late > last and (late - last) % self.numbers.overdue_every == 0):
            yield Fallen("after", f"overdue_{late}", UNIT_AND_LEADER, matter.deadline)

    def _unread(self, matter: Matter, day: date) -> Iterator[Fallen]:
        if day == self.calendar.after(matter.issued, self.numbers.unread):
            yield Fallen("unread", "unacknowledged", UNIT, matter.deadline)
        if day == self.calendar.after(matter.issued, self.numbers.unread_leader):
            yield Fallen("unread", "still_unacknowledged", UNIT_AND_LEADER, matter.deadline)

    def _standing(self, matter: Matter, day: date) -> Iterator[Fallen]:
        since = matter.handed_in if matter.state == "submitted" and matter.handed_in else matter.since
        clear = (self.numbers.closing, self.numbers.closing, "clear", "clear", (DIRECTOR,))
        sign = (self.numbers.closing, self.numbers.closing, "countersign", "countersign", (LEADER, DIRECTOR))
        until, every, first, then, audience = {
            "submitted": (self.numbers.review, self.numbers.review, "review", "still_in_review", (REVIEWERS,)),
            "passed": sign if matter.leader else clear,
            "countersigned": clear,
            "long_term": (
                self.numbers.long_term,
                self.numbers.long_term_late,
                "long_term",
                "long_term_late",
                (*UNIT_AND_LEADER, DIRECTOR),
            ),
        }[matter.state]
        gone = (day - since).days
        if gone == until:
            yield Fallen("standing", f"{first}:{since}", audience, matter.deadline)
        elif gone > until and (gone - until) % every == 0:
            audience = (*audience, DIRECTOR) if matter.state == "submitted" else audience
            yield Fallen("standing", f"{then}:{since}:{(gone - until) // every + 1}", audience, matter.deadline)
        late, last = (day - matter.due).days, max(self.numbers.overdue)
        in_hand = matter.kept is None and day > (matter.handed_in or matter.since)
        if in_hand and late > last and (late - last) % self.numbers.overdue_every == 0:
            yield Fallen("not_cleared", f"not_cleared_{late}", UNIT_AND_LEADER, matter.deadline)

    def proposed(self, matter: Matter, today: date) -> str | None:
        """Return the card that is to be proposed, and on which grounds."""
        if matter.state not in WITH_UNIT or matter.card == "red":
            return None
        late = max(0, (today - matter.due).days)
        if matter.card == "yellow":
            grounds = ["overdue"] if late >= self.numbers.red else []
            due_then = matter.due - timedelta(days=matter.held_since)
            late_then = (matter.card_on - due_then).days if matter.card_on else 0
            was_returned = matter.returns - matter.returns_then >= self.numbers.returns
            grounds += ["second"] if was_returned or late_then < self.numbers.yellow <= late else []
            return f"propose_red:{'+'.join(grounds)}" if grounds else None
        if late >= self.numbers.red:
            return "propose_red:overdue"
        grounds = ["overdue"] if late >= self.numbers.yellow else []
        grounds += ["returns"] if matter.returns >= self.numbers.returns else []
        return f"propose_yellow:{'+'.join(grounds)}" if grounds else None
