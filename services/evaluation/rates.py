"""How much is rectified, as n/N: by round, by unit, by what it is about; on time apart from done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, func, not_, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from models.rectification import RectificationItem, WarningCard
from models.share import Share
from models.states import ItemState
from services.access.member import Member
from services.evaluation.counts import (
    IS_DONE,
    IS_HANDED_IN,
    IS_IN_TIME,
    IS_RUNNING,
    how_many,
    is_overdue,
)
from services.evaluation.entitled import counted_for
from services.rectification.list_items import kept_from
from services.unit_of_work import UnitOfWork

_item = RectificationItem
_WEEK = timedelta(days=7)
_WITH_REVIEWERS = (ItemState.SUBMITTED, ItemState.PASSED, ItemState.COUNTERSIGNED)

BY_ROUND = _item.round_id
BY_UNIT = _item.unit_id
BY_CATEGORY = _item.category
BY_ASPECT = _item.aspect


@dataclass(frozen=True)
class Counted:
    """What is counted of some items, and held against the line."""

    items: int
    done: int
    due: int  # handed in, or their day has passed
    in_time: int  # of these, handed in by their day
    overdue: int  # of these, still to be done

    @property
    def is_done(self) -> Share:
        """How many of all are done."""
        return Share(self.done, self.items)

    @property
    def is_done_of_due(self) -> Share:
        """How many are done of those that had to be by now: what the line is for.

        Left out is whose day is still to come, and what lies with the reviewers, for then its clock stands still.
        """
        return Share(self.done, self.done + self.overdue)

    @property
    def is_in_time(self) -> Share:
        """How many of those that are due were handed in by their day."""
        return Share(self.in_time, self.due)

    def is_below(self, good_rate: float) -> bool:
        """Whether too few are done, or were handed in by their day."""
        return not (self.is_done_of_due.reaches(good_rate) and self.is_in_time.reaches(good_rate))


@dataclass(frozen=True)
class Rate(Counted):
    """What is counted of the items of one kind: `key` is the round, the unit or whatever they are divided by."""

    key: str
    systems: int  # that units have set up so that it stays so


@dataclass(frozen=True)
class Situation(Counted):
    """How the items stand that are counted for somebody, as they are told once a week."""

    done_this_week: int  # in the last seven days
    due_this_week: int  # in the next seven days
    with_reviewers: int
    cards: int


async def rates_by(
    work: UnitOfWork,
    who: Member,
    divided_by: InstrumentedAttribute[str],
    *of: ColumnElement[bool],
    counted: ColumnElement[bool] | None = None,
) -> list[Rate]:
    """Return the rates of the items that are counted for somebody, divided by a column, in the order of its values.

    `counted`: others than are counted for them elsewhere.
    """
    query = (
        select(*_counted(work))
        .add_columns(divided_by, func.coalesce(func.sum(_item.systems_built), 0))
        .where(counted_for(who) if counted is None else counted, *of)
        .group_by(divided_by)
        .order_by(divided_by)
    )
    return [Rate(*row) for row in await work.session.execute(query)]


async def situation_of(
    work: UnitOfWork, who: Member, *of: ColumnElement[bool], counted: ColumnElement[bool] | None = None
) -> Situation:
    """Return how the items stand that are counted for somebody, in one statement; `counted`: as in `rates_by`."""
    today = work.today
    query = (
        select(*_counted(work))
        .add_columns(
            how_many(IS_DONE, _item.state_since > today - _WEEK),
            how_many(IS_RUNNING, _item.due_on >= today, _item.due_on < today + _WEEK),
            how_many(_item.state.in_(_WITH_REVIEWERS)),
            how_many(_item.card.in_(list(WarningCard)), _item.is_open == true()),
        )
        .where(counted_for(who) if counted is None else counted, *of)
    )
    return Situation(*(await work.session.execute(query)).one())


def in_running_rounds(who: Member) -> ColumnElement[bool]:
    """Return whether an item is of a round of which something is still open, as far as somebody may know of it."""
    is_known = or_(and_(_item.desk.is_(None), not_(kept_from(who))), counted_for(who))
    return _item.round_id.in_(select(_item.round_id).where(_item.is_open == true(), is_known).distinct())


async def longest_overdue(
    work: UnitOfWork, who: Member, *of: ColumnElement[bool], limit: int
) -> Sequence[RectificationItem]:
    """Return the items whose day passed first, of those that are counted for somebody and still to be done."""
    query = select(_item).where(counted_for(who), is_overdue(work), *of)
    return list(await work.session.scalars(query.order_by(_item.due_on, _item.id).limit(limit)))


def laggards(rates: Sequence[Rate], good_rate: float, *, limit: int | None = None) -> list[Rate]:
    """Return who is below the line, those furthest behind first."""
    return sorted((one for one in rates if one.is_below(good_rate)), key=furthest_behind)[:limit]


def furthest_behind(one: Rate) -> tuple[int, float, str]:
    """Return by what rates are put in order: those with the most overdue first, then those with the least done."""
    return -one.overdue, one.done / one.items, one.key


def _counted(work: UnitOfWork) -> Sequence[ColumnElement[int]]:
    """Return the columns of `Counted`, in their order."""
    late = is_overdue(work)
    return how_many(), how_many(IS_DONE), how_many(or_(IS_HANDED_IN, late)), how_many(IS_IN_TIME), how_many(late)
