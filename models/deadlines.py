"""The ladder around an item's deadline: which reminders have come by a day, and whom they are for.

Pure rules: an item as it stands and a county day go in, stages come out. LADDER is the whole of it as a table; the
numbers come from the county's settings (a county that wants a word on the due day puts 0 in `remind_before_days`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import count, takewhile

from models.rectification import RectificationItem, WarningCard
from models.settings import RectificationSettings
from models.states import ItemState
from models.working_days import WorkingCalendar


class Audience(StrEnum):
    """Whom a stage is told to, by what they are at the item."""

    UNIT_HEAD = "unit_head"
    LIAISON = "liaison"
    COUNTY_LEADER = "county_leader"
    REVIEWERS = "reviewers"  # the team; the office, where a past round left no team
    OFFICE_DIRECTOR = "office_director"


class Rung(StrEnum):
    """A kind of stage."""

    FIRST_NOTICE = "first_notice"
    NOTICE = "notice"
    MIDTERM = "midterm"
    OVERDUE = "overdue"
    UNACKNOWLEDGED = "unacknowledged"
    STILL_UNACKNOWLEDGED = "still_unacknowledged"
    REVIEW = "review"
    STILL_IN_REVIEW = "still_in_review"
    COUNTERSIGN = "countersign"
    CLEAR = "clear"
    LONG_TERM = "long_term"
    PROPOSE_YELLOW = "propose_yellow"
    PROPOSE_RED = "propose_red"


@dataclass(frozen=True)
class LadderRow:
    """When a rung comes, in the words of the settings, and whom it is told to."""

    when: str
    audience: tuple[Audience, ...]


_UNIT = (Audience.UNIT_HEAD, Audience.LIAISON)
_UNIT_AND_LEADER = (*_UNIT, Audience.COUNTY_LEADER)

LADDER = {
    Rung.FIRST_NOTICE: LadderRow("the largest of remind_before_days before the due day", _UNIT),
    Rung.NOTICE: LadderRow("the others of remind_before_days before the due day", _UNIT_AND_LEADER),
    Rung.MIDTERM: LadderRow("half way to the due day, when the first notice is still to come", _UNIT_AND_LEADER),
    Rung.OVERDUE: LadderRow(
        "remind_overdue_days after the due day, then each remind_overdue_every_days", _UNIT_AND_LEADER
    ),
    Rung.UNACKNOWLEDGED: LadderRow("acknowledge_working_days after issue, not acknowledged", _UNIT),
    Rung.STILL_UNACKNOWLEDGED: LadderRow(
        "acknowledge_leader_working_days after issue, not acknowledged", _UNIT_AND_LEADER
    ),
    Rung.REVIEW: LadderRow("review_days after submission, not reviewed", (Audience.REVIEWERS,)),
    Rung.STILL_IN_REVIEW: LadderRow(
        "then each review_days, not reviewed", (Audience.REVIEWERS, Audience.OFFICE_DIRECTOR)
    ),
    Rung.COUNTERSIGN: LadderRow(
        "each closing_days after it was passed, not signed", (Audience.COUNTY_LEADER, Audience.OFFICE_DIRECTOR)
    ),
    Rung.CLEAR: LadderRow("each closing_days after it was signed, not cleared", (Audience.OFFICE_DIRECTOR,)),
    Rung.LONG_TERM: LadderRow(
        "each long_term_every_days while it is kept for long", (*_UNIT_AND_LEADER, Audience.OFFICE_DIRECTOR)
    ),
    Rung.PROPOSE_YELLOW: LadderRow(
        "yellow_overdue_days overdue, or returned max_returns_before_card times", (Audience.OFFICE_DIRECTOR,)
    ),
    Rung.PROPOSE_RED: LadderRow(
        "red_overdue_days overdue, or new grounds for a second yellow card", (Audience.OFFICE_DIRECTOR,)
    ),
}

# The clock stands still while others look at what was handed in, and when the item is done.
RUNNING = frozenset(
    {ItemState.ISSUED, ItemState.ACKNOWLEDGED, ItemState.IN_PROGRESS, ItemState.RETURNED, ItemState.REOPENED}
)


@dataclass(frozen=True)
class Stage:
    """A step of the ladder that has come. Its name is what it is remembered by, once a deadline."""

    name: str
    rung: Rung
    day: date

    @property
    def audience(self) -> tuple[Audience, ...]:
        """Whom it is told to."""
        return LADDER[self.rung].audience


@dataclass(frozen=True)
class Proposal:
    """That the office director may give a card; nobody is given one automatically."""

    card: WarningCard
    grounds: tuple[str, ...]

    @property
    def rung(self) -> Rung:
        """Where it stands in the ladder."""
        return Rung.PROPOSE_RED if self.card is WarningCard.RED else Rung.PROPOSE_YELLOW

    @property
    def name(self) -> str:
        """What it is remembered by: once it was declined, only other grounds bring it up again."""
        return f"{self.rung}:{'+'.join(self.grounds)}"


def days_overdue(item: RectificationItem, today: date) -> int:
    """Return how many days an item is past its due day; none while its clock stands still."""
    return max(0, (today - item.due_on).days) if item.state in RUNNING else 0


def stages_come(
    item: RectificationItem, today: date, settings: RectificationSettings, calendar: WorkingCalendar
) -> list[Stage]:
    """Return what is to be told of an item by a county day, newest last; what a later stage overtook is left out."""
    come = [list(takewhile(lambda stage: stage.day <= today, chain)) for chain in _chains(item, settings, calendar)]
    if len(come) > 1 and come[1]:
        come[0] = []  # overdue: what led up to the due day is past
    return sorted((chain[-1] for chain in come if chain), key=lambda stage: stage.day)


def proposal(item: RectificationItem, today: date, settings: RectificationSettings) -> Proposal | None:
    """Return the card an item has given grounds for, if any.

    A yellow card spends its grounds: a second one, which is a red one, needs the item to have become overdue, or to
    have been returned as often again, since.
    """
    if item.state not in RUNNING or item.card == WarningCard.RED:
        return None
    overdue = days_overdue(item, today)
    grounds = ["overdue"] if overdue >= settings.red_overdue_days else []
    if item.card == WarningCard.YELLOW:
        if _earned_again(item, overdue, settings):
            grounds.append("second")
        return Proposal(WarningCard.RED, tuple(grounds)) if grounds else None
    if grounds:
        return Proposal(WarningCard.RED, tuple(grounds))
    if overdue >= settings.yellow_overdue_days:
        grounds.append("overdue")
    if item.returns >= settings.max_returns_before_card:
        grounds.append("returns")
    return Proposal(WarningCard.YELLOW, tuple(grounds)) if grounds else None


def next_change_on(
    item: RectificationItem, today: date, settings: RectificationSettings, calendar: WorkingCalendar
) -> date | None:
    """Return the first day after today on which another stage or proposal may come, as things are now; None: never."""
    coming = [
        next((stage.day for stage in chain if stage.day > today), None) for chain in _chains(item, settings, calendar)
    ]
    if item.state in RUNNING:
        overdue = (settings.yellow_overdue_days, settings.red_overdue_days)
        coming += [item.due_on + timedelta(days=days) for days in overdue]
    return min((day for day in coming if day is not None and day > today), default=None)


def _chains(
    item: RectificationItem, settings: RectificationSettings, calendar: WorkingCalendar
) -> list[Iterator[Stage]]:
    """Return the stages that follow one another, as an item's state has it; those before the due day come first."""
    if item.state in _STANDING:
        return [_standing(item, settings)]
    if item.state not in RUNNING:
        return []
    chains = [_towards_deadline(item, settings), _after_deadline(item, settings)]
    if item.state == ItemState.ISSUED:
        chains.append(_unacknowledged(item, settings, calendar))
    return chains


def _earned_again(item: RectificationItem, overdue: int, settings: RectificationSettings) -> bool:
    if item.card_on is None:
        return False
    overdue_then = (item.card_on - item.due_on).days + item.held_days - item.card_held_days
    became_overdue = overdue_then < settings.yellow_overdue_days <= overdue
    return became_overdue or item.returns - item.card_returns >= settings.max_returns_before_card


def _towards_deadline(item: RectificationItem, settings: RectificationSettings) -> Iterator[Stage]:
    notices = sorted(settings.remind_before_days, reverse=True)
    first = item.due_on - timedelta(days=max(notices, default=0))
    half = item.issued_on + (item.due_on - item.issued_on) // 2
    # An extension moves half time; whoever was told under the old deadline is not told again.
    if half < first and item.midterm_on is None:
        yield Stage("midterm", Rung.MIDTERM, half)
    for days in notices:
        day = item.due_on - timedelta(days=days)
        if day > item.issued_on:
            yield Stage(f"before_{days}", Rung.FIRST_NOTICE if day == first else Rung.NOTICE, day)


def _after_deadline(item: RectificationItem, settings: RectificationSettings) -> Iterator[Stage]:
    days = 0
    for days in sorted(settings.remind_overdue_days):
        yield _overdue(item, days)
    while settings.remind_overdue_every_days > 0:
        days += settings.remind_overdue_every_days
        yield _overdue(item, days)


def _overdue(item: RectificationItem, days: int) -> Stage:
    return Stage(f"overdue_{days}", Rung.OVERDUE, item.due_on + timedelta(days=days))


def _unacknowledged(
    item: RectificationItem, settings: RectificationSettings, calendar: WorkingCalendar
) -> Iterator[Stage]:
    for rung, wait in (
        (Rung.UNACKNOWLEDGED, settings.acknowledge_working_days),
        (Rung.STILL_UNACKNOWLEDGED, settings.acknowledge_leader_working_days),
    ):
        yield Stage(str(rung), rung, calendar.add(item.issued_on, wait))


# Whoever an item lies with while its own clock stands has a clock of their own: the first reminder, and those after it.
_STANDING = {
    ItemState.SUBMITTED: (Rung.REVIEW, Rung.STILL_IN_REVIEW),
    ItemState.PASSED: (Rung.COUNTERSIGN, Rung.COUNTERSIGN),
    ItemState.COUNTERSIGNED: (Rung.CLEAR, Rung.CLEAR),
    ItemState.LONG_TERM: (Rung.LONG_TERM, Rung.LONG_TERM),
}


def _standing(item: RectificationItem, settings: RectificationSettings) -> Iterator[Stage]:
    first, following = _STANDING[item.state]
    since = item.submitted_on if item.state == ItemState.SUBMITTED else item.state_since
    every = {
        ItemState.SUBMITTED: settings.review_days,
        ItemState.LONG_TERM: settings.long_term_every_days,
    }.get(item.state, settings.closing_days)
    if since is None or every <= 0:
        return
    yield Stage(f"{first}:{since}", first, since + timedelta(days=every))
    for times in count(2):
        yield Stage(f"{following}:{since}:{times}", following, since + timedelta(days=every * times))


def ladder_table() -> str:
    """Return the ladder as a Markdown table, for the documentation."""
    rows = [f"| {rung} | {row.when} | {', '.join(row.audience)} |" for rung, row in LADDER.items()]
    return "\n".join(["| stage | when | told to |", "|---|---|---|", *rows])
