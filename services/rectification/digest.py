"""What a digest says: each item once, as it stands when it is read, the most urgent first, with the next step.

The same lines make up a day's message, what somebody asks for at any time, and the printout for a messenger.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sqlalchemy import Select, or_, select

from models.deadlines import RUNNING, awaits_interim, awaits_midterm, lacks_plan
from models.rectification import WHATEVER_DEADLINE, ItemPaper, RectificationItem, Reminder, WarningCard
from models.settings import RectificationSettings
from models.staff import UNIT_ROLES
from models.states import OFFICE_ACTORS, UNIT_ACTORS, WORKING, Actor, ItemState, PaperKind, PaperState
from services.access.member import Member
from services.rectification.answering_units import may_acknowledge_along
from services.rectification.audiences import has_reached_head, has_reached_heads_along
from services.rectification.item_file import to_be_signed
from services.rectification.list_items import theirs
from services.rectification.papers import waiting
from services.unit_of_work import UnitOfWork

MOST_ITEMS = 60  # that are looked at for what somebody asks for at any time


class DigestHeading(StrEnum):
    """Under which heading an item stands, in the order of the headings: the most urgent first."""

    INTERIM = "interim"  # people are in danger, and nothing is reported that keeps them from it: for the unit
    INTERIM_AWAITED = "interim_awaited"  # the same for others, who cannot report it
    PROMISED = "promised"  # at a talk, for this day
    OVERDUE = "overdue"
    DUE_SOON = "due_soon"
    TO_CONFIRM = "to_confirm"
    TO_ACKNOWLEDGE = "to_acknowledge"
    EXTENSION = "extension"  # for the director, to decide
    PLAN_TO_DECIDE = "plan_to_decide"  # for the office
    PLAN = "plan"
    MIDTERM = "midterm"
    TO_REVIEW = "to_review"
    TO_SIGN = "to_sign"
    TO_CLEAR = "to_clear"
    LONG_TERM = "long_term"
    NOT_CLEARED = "not_cleared"  # past its due day, and with others
    NOBODY_ENROLLED = "nobody_enrolled"  # for the office: no head of the unit is reached
    IN_HAND = "in_hand"  # nothing presses; in a digest of a day it is left out


# Under these an item stands with the day of its interim safety action, not that of the fix.
INTERIM_HEADINGS = frozenset({DigestHeading.INTERIM, DigestHeading.INTERIM_AWAITED})


class NextStep(StrEnum):
    """What somebody is to do about an item next; a digest has a button for it."""

    INTERIM = "interim"  # report what keeps people from a danger
    ACKNOWLEDGE = "acknowledge"
    CONFIRM = "confirm"
    PLAN = "plan"
    MIDTERM = "midterm"
    SUBMIT = "submit"
    PREPARE = "prepare"  # the submission, for the head to confirm
    PROGRESS = "progress"
    DECIDE = "decide"
    REVIEW = "review"
    SIGN = "sign"
    CLEAR = "clear"
    LOOK = "look"


_DIRECTOR = frozenset({Actor.OFFICE_DIRECTOR})
# Where an item lies while its own clock stands still, and whom that concerns.
_WAITING = {
    ItemState.SUBMITTED: (DigestHeading.TO_REVIEW, _DIRECTOR | {Actor.TEAM_MEMBER}),
    ItemState.PASSED: (DigestHeading.TO_SIGN, _DIRECTOR | {Actor.COUNTY_LEADER}),
    ItemState.COUNTERSIGNED: (DigestHeading.TO_CLEAR, _DIRECTOR),
    ItemState.LONG_TERM: (DigestHeading.LONG_TERM, frozenset(Actor)),
}


@dataclass(frozen=True)
class DigestLine:
    """One item of a digest, with what is to be done next, and the paper that this is about, if it is about one."""

    heading: DigestHeading
    item: RectificationItem
    step: NextStep
    paper_id: str | None = None


@dataclass(frozen=True)
class _Reader:
    """An item as one reader meets it on a day."""

    actors: frozenset[Actor]
    item: RectificationItem
    papers: Sequence[ItemPaper]
    today: date
    ladder: RectificationSettings
    has_head: bool  # somebody who is reached heads the unit, and each that answers along and has not acknowledged
    acknowledges_along: bool  # as the head of a unit that answers along
    is_unacknowledged_along: bool  # by such a unit of theirs, or by any of an item that they lead
    is_to_be_signed: bool  # before it is cleared; else what is passed is cleared next

    @property
    def lies(self) -> tuple[DigestHeading, frozenset[Actor]] | None:
        """Where the item lies while its own clock stands still, and whom that concerns."""
        if self.item.state == ItemState.PASSED and not self.is_to_be_signed:
            return _WAITING[ItemState.COUNTERSIGNED]
        return _WAITING.get(self.item.state)

    def waits_in(self, state: PaperState) -> ItemPaper | None:
        """Return the first paper of the item that waits in a state."""
        return next((paper for paper in self.papers if paper.state is state), None)

    @property
    def is_due_soon(self) -> bool:
        """Whether the first notice before the due day has come."""
        return self.today >= self.item.due_on - timedelta(days=max(self.ladder.remind_before_days, default=0))

    @property
    def plan_is_asked_for(self) -> bool:
        """Whether a plan is missing, and its first reminder has come."""
        due = self.item.plan_due_on
        is_near = due is not None and self.today >= due - timedelta(days=self.ladder.plan_remind_days)
        return is_near and lacks_plan(self.item)


async def read_digest(work: UnitOfWork, who: Member, key: str) -> list[DigestLine]:
    """Return what there still is to say of the items a digest carries, the most urgent first."""
    found = await work.session.scalars(select(RectificationItem).where(RectificationItem.id.in_(_carried_by(key))))
    lines = await lines_of(work, list(found), who)
    return [line for line in lines if line.heading is not DigestHeading.IN_HAND]


def _carried_by(key: str) -> Select[str]:
    """Return the ids of the items in a digest, but for those whose due date has moved since."""
    version = Reminder.deadline_version
    of_deadline = or_(version == WHATEVER_DEADLINE, version == RectificationItem.deadline_version)
    query = select(Reminder.item_id).join(RectificationItem, RectificationItem.id == Reminder.item_id)
    return query.where(Reminder.digest_key == key, of_deadline)


async def read_today(work: UnitOfWork, who: Member) -> list[DigestLine]:
    """Return all open items that are somebody's, the most urgent first; of those due last some may be left out."""
    query = select(RectificationItem).where(RectificationItem.is_open, theirs(who))
    found = await work.session.scalars(query.order_by(RectificationItem.due_on, RectificationItem.id).limit(MOST_ITEMS))
    return await lines_of(work, list(found), who)


async def lines_of(
    work: UnitOfWork, items: Sequence[RectificationItem], reader: Member | frozenset[Actor]
) -> list[DigestLine]:
    """Return the lines of some items, the most urgent first. `reader`: who reads them, or what they are at each."""
    known = await work.directory()
    papers = await waiting(work, [item.id for item in items])
    signing = await to_be_signed(work, [item for item in items if item.state == ItemState.PASSED])
    lines = []
    for item in items:
        actors = reader.actors_at_item(item) if isinstance(reader, Member) else reader
        one = _Reader(
            actors,
            item,
            papers.get(item.id, ()),
            work.today,
            known.rectification_settings_of(item.round_id),
            has_reached_head(known, item) and has_reached_heads_along(known, item),
            isinstance(reader, Member) and may_acknowledge_along(reader, item),
            _is_unacknowledged_along(reader, item, actors),
            item.id in signing,
        )
        heading = _heading(one)
        if heading is not None:
            step, paper = _next_step(one)
            lines.append(DigestLine(heading, item, step, paper.id if paper else None))
    return sorted(lines, key=_urgency)


def _is_unacknowledged_along(
    reader: Member | frozenset[Actor], item: RectificationItem, actors: frozenset[Actor]
) -> bool:
    if Actor.COUNTY_LEADER in actors:
        return bool(item.unacknowledged_by)
    return isinstance(reader, Member) and not item.unacknowledged_by.isdisjoint(reader.units(*UNIT_ROLES))


def _urgency(line: DigestLine) -> tuple[int, bool, int, date, str]:
    item = line.item
    cards = [WarningCard.RED, WarningCard.YELLOW, None]
    return list(DigestHeading).index(line.heading), not item.hazard, cards.index(item.card), item.due_on, item.id


def _heading(one: _Reader) -> DigestHeading | None:
    """Return where an item stands; None where it is none of its reader's concern now."""
    item, actors = one.item, one.actors
    if (lies := one.lies) is not None:
        heading, concerned = lies
        if actors & concerned:
            return heading
        is_late = item.due_on < one.today and (item.submitted_on or item.state_since) < one.today
        return DigestHeading.NOT_CLEARED if is_late and actors & (UNIT_ACTORS | {Actor.COUNTY_LEADER}) else None
    if not actors or item.state not in RUNNING:
        return None
    if actors & OFFICE_ACTORS and Actor.COUNTY_LEADER not in actors:
        return _for_office(one)
    if awaits_interim(item):
        return DigestHeading.INTERIM if actors & UNIT_ACTORS else DigestHeading.INTERIM_AWAITED
    if item.promised_on == one.today:
        return DigestHeading.PROMISED
    if item.due_on < one.today:
        return DigestHeading.OVERDUE
    if Actor.UNIT_HEAD in actors and one.waits_in(PaperState.PREPARED):
        return DigestHeading.TO_CONFIRM
    if item.state == ItemState.ISSUED or one.is_unacknowledged_along:
        return DigestHeading.TO_ACKNOWLEDGE
    if one.is_due_soon:
        return DigestHeading.DUE_SOON
    if one.plan_is_asked_for:
        return DigestHeading.PLAN
    return DigestHeading.MIDTERM if awaits_midterm(item, one.today, one.ladder) else DigestHeading.IN_HAND


def _for_office(one: _Reader) -> DigestHeading:
    if one.actors & _DIRECTOR and one.item.extension_state is PaperState.SUBMITTED:
        return DigestHeading.EXTENSION
    if one.item.plan_state is PaperState.SUBMITTED:
        return DigestHeading.PLAN_TO_DECIDE
    if not one.has_head:
        return DigestHeading.NOBODY_ENROLLED
    if awaits_interim(one.item):
        return DigestHeading.INTERIM_AWAITED
    return DigestHeading.OVERDUE if one.item.due_on < one.today else DigestHeading.IN_HAND


def _next_step(one: _Reader) -> tuple[NextStep, ItemPaper | None]:
    """Return what the reader of an item is to do next, and with which paper."""
    if one.actors & UNIT_ACTORS:
        return _step_of_unit(one)
    if decided := one.waits_in(PaperState.SUBMITTED):
        who_decides = _DIRECTOR if decided.kind is PaperKind.EXTENSION else OFFICE_ACTORS
        if one.actors & who_decides and one.item.state in RUNNING:
            return NextStep.DECIDE, decided
    steps = {
        ItemState.SUBMITTED: (NextStep.REVIEW, {Actor.TEAM_MEMBER}),
        ItemState.PASSED: (NextStep.SIGN, {Actor.COUNTY_LEADER})
        if one.is_to_be_signed
        else (NextStep.CLEAR, _DIRECTOR),
        ItemState.COUNTERSIGNED: (NextStep.CLEAR, _DIRECTOR),
    }
    step, by = steps.get(one.item.state, (NextStep.LOOK, frozenset(Actor)))
    return (step if one.actors & by else NextStep.LOOK), None


def _step_of_unit(one: _Reader) -> tuple[NextStep, ItemPaper | None]:
    item, is_head = one.item, Actor.UNIT_HEAD in one.actors
    prepared = one.waits_in(PaperState.PREPARED)
    if one.acknowledges_along:
        return NextStep.ACKNOWLEDGE, None
    if is_head and awaits_interim(item):
        return NextStep.INTERIM, None
    if item.state == ItemState.ISSUED:
        return (NextStep.ACKNOWLEDGE if is_head else NextStep.LOOK), None
    if item.state not in WORKING:
        return NextStep.LOOK, None
    if prepared is not None:
        return (NextStep.CONFIRM if is_head else NextStep.LOOK), prepared
    if one.is_due_soon:
        return (NextStep.SUBMIT if is_head else NextStep.PREPARE), None
    if one.plan_is_asked_for:
        return NextStep.PLAN, None
    is_half_time = awaits_midterm(item, one.today, one.ladder)
    return (NextStep.MIDTERM if is_half_time else NextStep.PROGRESS), None
