"""The ladder around an item's deadline: which reminders have come by a day, and whom they are for.

Pure rules: an item as it stands and a county day go in, stages come out. LADDER is the whole of it as a table; the
numbers come from the county's settings (a county that wants a word on the due day puts 0 in `remind_before_days`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import count, takewhile

from models.rectification import FIX_ON_SPOT, RectificationItem, WarningCard
from models.settings import RectificationSettings
from models.states import ItemState, PaperState
from models.working_days import WorkingCalendar


class Audience(StrEnum):
    """Whom a stage is told to, by what they are at the item."""

    UNIT_HEAD = "unit_head"
    LIAISON = "liaison"
    ANSWERING_ALONG = "answering_along"  # a unit that answers along, as long as it has not acknowledged
    COUNTY_LEADER = "county_leader"
    OFFICE = "office"
    REVIEWERS = "reviewers"  # the team; the office, where a past round left no team
    OFFICE_DIRECTOR = "office_director"


class Rung(StrEnum):
    """A kind of stage."""

    FIRST_NOTICE = "first_notice"
    NOTICE = "notice"
    MIDTERM = "midterm"
    MIDTERM_UNANSWERED = "midterm_unanswered"
    OVERDUE = "overdue"
    UNACKNOWLEDGED = "unacknowledged"
    STILL_UNACKNOWLEDGED = "still_unacknowledged"
    UNACKNOWLEDGED_ALONG = "unacknowledged_along"
    STILL_UNACKNOWLEDGED_ALONG = "still_unacknowledged_along"
    INTERIM = "interim"
    INTERIM_LATE = "interim_late"
    PLAN_DUE = "plan_due"
    PLAN_OVERDUE = "plan_overdue"
    PLAN_REVIEW = "plan_review"
    TO_CONFIRM = "to_confirm"
    EXTENSION = "extension"
    REVIEW = "review"
    STILL_IN_REVIEW = "still_in_review"
    NOT_CLEARED = "not_cleared"
    COUNTERSIGN = "countersign"
    CLEAR = "clear"
    LONG_TERM = "long_term"
    LONG_TERM_LATE = "long_term_late"
    LISTED = "listed"
    PROMISED = "promised"
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
    Rung.MIDTERM_UNANSWERED: LadderRow(
        "midterm_answer_days after half time, not answered, when the first notice is still to come", _UNIT_AND_LEADER
    ),
    Rung.OVERDUE: LadderRow(
        "remind_overdue_days after the due day, then each remind_overdue_every_days", _UNIT_AND_LEADER
    ),
    Rung.UNACKNOWLEDGED: LadderRow("acknowledge_working_days after issue, not acknowledged", _UNIT),
    Rung.STILL_UNACKNOWLEDGED: LadderRow(
        "acknowledge_leader_working_days after issue, not acknowledged", _UNIT_AND_LEADER
    ),
    Rung.UNACKNOWLEDGED_ALONG: LadderRow(
        "acknowledge_working_days after issue, not acknowledged by a unit that answers along",
        (Audience.ANSWERING_ALONG,),
    ),
    Rung.STILL_UNACKNOWLEDGED_ALONG: LadderRow(
        "acknowledge_leader_working_days after issue, not acknowledged by a unit that answers along",
        (Audience.ANSWERING_ALONG, Audience.COUNTY_LEADER),
    ),
    Rung.INTERIM: LadderRow("interim_days after issue, where people are in danger, no interim action reported", _UNIT),
    Rung.INTERIM_LATE: LadderRow(
        "then each interim_late_every_days, no interim action reported", (*_UNIT_AND_LEADER, Audience.OFFICE_DIRECTOR)
    ),
    Rung.PLAN_DUE: LadderRow("plan_remind_days before the plan is due, not handed in", _UNIT),
    Rung.PLAN_OVERDUE: LadderRow(
        "the day after the plan was due, then each plan_overdue_every_days, not handed in", _UNIT_AND_LEADER
    ),
    Rung.PLAN_REVIEW: LadderRow("each plan_review_days after the plan was handed in, not decided", (Audience.OFFICE,)),
    Rung.TO_CONFIRM: LadderRow(
        "each confirm_days after the liaison has prepared something, not confirmed", (Audience.UNIT_HEAD,)
    ),
    Rung.EXTENSION: LadderRow(
        "each extension_decide_days after more time was asked for, not decided", (Audience.OFFICE_DIRECTOR,)
    ),
    Rung.REVIEW: LadderRow("review_days after submission, not reviewed", (Audience.REVIEWERS,)),
    Rung.STILL_IN_REVIEW: LadderRow(
        "then each review_days, not reviewed", (Audience.REVIEWERS, Audience.OFFICE_DIRECTOR)
    ),
    Rung.NOT_CLEARED: LadderRow(
        "each remind_overdue_every_days past the due day while others look at what was handed in, until it is cleared",
        _UNIT_AND_LEADER,
    ),
    Rung.COUNTERSIGN: LadderRow(
        "each closing_days after it was passed, not signed, where it is to be",
        (Audience.COUNTY_LEADER, Audience.OFFICE_DIRECTOR),
    ),
    Rung.CLEAR: LadderRow(
        "each closing_days after it was signed, or passed where nobody signs, not cleared", (Audience.OFFICE_DIRECTOR,)
    ),
    Rung.LONG_TERM: LadderRow(
        "long_term_every_days after it was kept for long, or reported on", (*_UNIT_AND_LEADER, Audience.OFFICE_DIRECTOR)
    ),
    Rung.LONG_TERM_LATE: LadderRow(
        "then each long_term_late_days, not reported on", (*_UNIT_AND_LEADER, Audience.OFFICE_DIRECTOR)
    ),
    Rung.LISTED: LadderRow("each listed_every_days while it is under listed supervision", _UNIT_AND_LEADER),
    Rung.PROMISED: LadderRow(
        "on the day that was promised at a talk, and not done", (*_UNIT_AND_LEADER, Audience.OFFICE_DIRECTOR)
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


# Told once, however often the due day moves: their names say by themselves what they are about.
_OF_NO_DEADLINE = frozenset(
    {
        Rung.MIDTERM,
        Rung.MIDTERM_UNANSWERED,
        Rung.INTERIM,
        Rung.INTERIM_LATE,
        Rung.PLAN_DUE,
        Rung.PLAN_OVERDUE,
        Rung.PLAN_REVIEW,
        Rung.TO_CONFIRM,
        Rung.EXTENSION,
        Rung.LISTED,
        Rung.PROMISED,
    }
)
# The unit has a plan where the office need not send it back.
PLANNED = frozenset({PaperState.SUBMITTED, PaperState.APPROVED})


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

    @property
    def is_of_deadline(self) -> bool:
        """Whether another due day brings it up again."""
        return self.rung not in _OF_NO_DEADLINE


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
    if item.state in RUNNING and come[1]:
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
        # Of two that come on one day, whoever an item lies with hears the one that is theirs.
        chains = [_not_cleared(item, settings)] if item.state != ItemState.LONG_TERM else []
        return [*chains, *_papers_waiting(item, settings), _standing(item, settings)]
    if item.state not in RUNNING:
        return []
    is_interim_missing = awaits_interim(item)
    # Until people are safe nobody is told how long the fix itself may take.
    before = iter(()) if is_interim_missing else _towards_deadline(item, settings)
    chains = [before, _after_deadline(item, settings), *_papers_waiting(item, settings)]
    if item.state == ItemState.ISSUED:
        chains.append(_unacknowledged(item, settings, calendar))
    if item.unacknowledged_by:
        chains.append(_unacknowledged(item, settings, calendar, along=True))
    if is_interim_missing:
        chains.append(_interim_missing(item, settings))
    if lacks_plan(item):
        chains.append(_plan_missing(item, settings))
    return [*chains, _listed(item, settings), _promised(item)]


def awaits_interim(item: RectificationItem) -> bool:
    """Whether people are in danger, and the unit has not reported yet what keeps them from it meanwhile."""
    return item.interim_due_on is not None and item.interim_on is None and item.state in RUNNING


def interim_due(settings: RectificationSettings, since: date, due_on: date) -> date:
    """Return by when people are to be kept from a danger that is told of since a day: never after the fix is due."""
    return min(since + timedelta(days=settings.interim_days), due_on)


def lacks_plan(item: RectificationItem) -> bool:
    """Whether a plan for an item is asked for, and is neither with the office nor approved."""
    return item.plan_due_on is not None and item.state in RUNNING and item.plan_state not in PLANNED


def half_time(item: RectificationItem, settings: RectificationSettings) -> date | None:
    """Return the day half way to the due day; None when the first notice comes earlier."""
    half = item.issued_on + (item.due_on - item.issued_on) // 2
    return half if half < _first_notice(item, settings) else None


def awaits_midterm(item: RectificationItem, today: date, settings: RectificationSettings) -> bool:
    """Whether half time has come for an item, and the unit has not answered."""
    half = half_time(item, settings)
    is_asked = half is not None and half <= today <= item.due_on and item.midterm_on is None
    return is_asked and item.state in RUNNING and item.midterm_answered_on is None


def _earned_again(item: RectificationItem, overdue: int, settings: RectificationSettings) -> bool:
    if item.card_on is None:
        return False
    overdue_then = (item.card_on - item.due_on).days + item.held_days - item.card_held_days
    became_overdue = overdue_then < settings.yellow_overdue_days <= overdue
    return became_overdue or item.returns - item.card_returns >= settings.max_returns_before_card


def _towards_deadline(item: RectificationItem, settings: RectificationSettings) -> Iterator[Stage]:
    notices = sorted(settings.remind_before_days, reverse=True)
    first, half = _first_notice(item, settings), half_time(item, settings)
    # An extension moves half time; whoever was told under the old deadline is not told again.
    if half is not None and item.midterm_on is None and item.midterm_answered_on is None:
        yield Stage("midterm", Rung.MIDTERM, half)
        again = half + timedelta(days=settings.midterm_answer_days)
        if half < again < first:
            yield Stage("midterm_unanswered", Rung.MIDTERM_UNANSWERED, again)
    for days in notices:
        day = item.due_on - timedelta(days=days)
        if day > item.issued_on:
            yield Stage(f"before_{days}", Rung.FIRST_NOTICE if day == first else Rung.NOTICE, day)


def _first_notice(item: RectificationItem, settings: RectificationSettings) -> date:
    return item.due_on - timedelta(days=max(settings.remind_before_days, default=0))


def _after_deadline(item: RectificationItem, settings: RectificationSettings) -> Iterator[Stage]:
    days = 0
    for days in sorted(settings.remind_overdue_days):
        yield _overdue(item, days)
    while settings.remind_overdue_every_days > 0:
        days += settings.remind_overdue_every_days
        yield _overdue(item, days)


def _not_cleared(item: RectificationItem, settings: RectificationSettings) -> Iterator[Stage]:
    """Yield the weekly days past the due day while others have it in hand: the unit is not asked for anything."""
    since, every = item.submitted_on or item.state_since, settings.remind_overdue_every_days
    if every <= 0 or item.long_term_since is not None:  # its due day says nothing of what was kept open for longer
        return
    for times in count(1):
        day = item.due_on + timedelta(days=max(settings.remind_overdue_days, default=0) + every * times)
        if day > since:
            yield Stage(f"not_cleared_{(day - item.due_on).days}", Rung.NOT_CLEARED, day)


def _plan_missing(item: RectificationItem, settings: RectificationSettings) -> Iterator[Stage]:
    due = item.plan_due_on
    if due is None:
        return
    if settings.plan_remind_days > 0 and (day := due - timedelta(days=settings.plan_remind_days)) > item.issued_on:
        yield Stage(f"plan_due:{due}", Rung.PLAN_DUE, day)
    yield Stage(f"plan_overdue:{due}:1", Rung.PLAN_OVERDUE, due + timedelta(days=1))
    yield from _each(
        f"plan_overdue:{due}", Rung.PLAN_OVERDUE, due + timedelta(days=1), settings.plan_overdue_every_days
    )


def _interim_missing(item: RectificationItem, settings: RectificationSettings) -> Iterator[Stage]:
    due = item.interim_due_on
    if due is None:
        return
    if due > item.issued_on:  # on the day of the order the order itself says it
        yield Stage(f"interim:{due}", Rung.INTERIM, due)
    yield from _each(f"interim_late:{due}", Rung.INTERIM_LATE, due, settings.interim_late_every_days)


def _papers_waiting(item: RectificationItem, settings: RectificationSettings) -> list[Iterator[Stage]]:
    """Return a chain for each paper that lies with somebody, from the day since when it does."""
    chains = []
    if item.prepared_since is not None:
        chains.append(
            _each(f"to_confirm:{item.prepared_since}", Rung.TO_CONFIRM, item.prepared_since, settings.confirm_days)
        )
    if item.plan_state == PaperState.SUBMITTED and item.plan_since is not None:
        chains.append(_each(f"plan:{item.plan_since}", Rung.PLAN_REVIEW, item.plan_since, settings.plan_review_days))
    if item.extension_state == PaperState.SUBMITTED and item.extension_since is not None:
        since, every = item.extension_since, settings.extension_decide_days
        chains.append(_each(f"extension:{since}", Rung.EXTENSION, since, every))
    return chains


def _each(name: str, rung: Rung, since: date, every: int) -> Iterator[Stage]:
    for days in count(every, every) if every > 0 else ():
        yield Stage(f"{name}:+{days}", rung, since + timedelta(days=days))


def _overdue(item: RectificationItem, days: int) -> Stage:
    return Stage(f"overdue_{days}", Rung.OVERDUE, item.due_on + timedelta(days=days))


def _unacknowledged(
    item: RectificationItem, settings: RectificationSettings, calendar: WorkingCalendar, *, along: bool = False
) -> Iterator[Stage]:
    first, second = (
        (Rung.UNACKNOWLEDGED_ALONG, Rung.STILL_UNACKNOWLEDGED_ALONG)
        if along
        else (Rung.UNACKNOWLEDGED, Rung.STILL_UNACKNOWLEDGED)
    )
    yield Stage(str(first), first, calendar.add(item.issued_on, settings.acknowledge_working_days))
    yield Stage(str(second), second, calendar.add(item.issued_on, settings.acknowledge_leader_working_days))


def _listed(item: RectificationItem, settings: RectificationSettings) -> Iterator[Stage]:
    if item.listed_on is not None:
        yield from _each(f"listed:{item.listed_on}", Rung.LISTED, item.listed_on, settings.listed_every_days)


def _promised(item: RectificationItem) -> Iterator[Stage]:
    if item.promised_on is not None:
        yield Stage(f"promised:{item.promised_on}", Rung.PROMISED, item.promised_on)


# Whoever an item lies with while its own clock stands has a clock of their own: the first reminder, and those after it.
_STANDING = {
    ItemState.SUBMITTED: (Rung.REVIEW, Rung.STILL_IN_REVIEW),
    ItemState.PASSED: (Rung.COUNTERSIGN, Rung.COUNTERSIGN),
    ItemState.COUNTERSIGNED: (Rung.CLEAR, Rung.CLEAR),
    ItemState.LONG_TERM: (Rung.LONG_TERM, Rung.LONG_TERM_LATE),
}


def _standing(item: RectificationItem, settings: RectificationSettings) -> Iterator[Stage]:
    first, following = _STANDING[item.state]
    if item.state == ItemState.PASSED and (item.county_leader_id is None or not signature_is_asked_for(item, settings)):
        first = following = Rung.CLEAR
    since = item.submitted_on if item.state == ItemState.SUBMITTED else item.state_since
    until, every = {
        ItemState.SUBMITTED: (settings.review_days, settings.review_days),
        ItemState.LONG_TERM: (settings.long_term_every_days, settings.long_term_late_days),
    }.get(item.state, (settings.closing_days, settings.closing_days))
    if since is None or until <= 0 or every <= 0:
        return
    yield Stage(f"{first}:{since}", first, since + timedelta(days=until))
    for times in count(1):
        yield Stage(f"{following}:{since}:{times + 1}", following, since + timedelta(days=until + every * times))


def signature_is_asked_for(item: RectificationItem, settings: RectificationSettings) -> bool:
    """Whether the county wants a second approval before an item is cleared: 领办县领导审核."""
    asked_of = settings.second_approval
    return asked_of == "all" or (asked_of != "none" and item.source != FIX_ON_SPOT)


def ladder_table() -> str:
    """Return the ladder as a Markdown table, for the documentation."""
    rows = [f"| {rung} | {row.when} | {', '.join(row.audience)} |" for rung, row in LADDER.items()]
    return "\n".join(["| stage | when | told to |", "|---|---|---|", *rows])
