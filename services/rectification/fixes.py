"""What is fixed on the spot (立行立改): how much was ordered, done, and found so by those who reported it."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, select

from models.complaints import Case, CaseEvent
from models.rectification import FIX_ON_SPOT, CaseItem, RectificationItem
from models.states import CaseState, ItemState
from services.access.member import Member
from services.rectification.list_items import theirs
from services.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class FixRate:
    """How many fixes were ordered, how many of them are done, and what reporters say of these."""

    ordered: int
    done: int
    confirmed: int  # a reporter says that it is so
    denied: int  # a reporter said that it is not so

    @property
    def per_cent(self) -> int:
        """How many of a hundred are done, rounded down: all of them is all."""
        return self.done * 100 // self.ordered if self.ordered else 0


async def fix_rate(work: UnitOfWork, who: Member) -> FixRate:
    """Return how far the fixes on the spot are that are somebody's to see; what reporters say is for their teams."""
    seen = (RectificationItem.source == FIX_ON_SPOT, theirs(who))
    counted = await work.session.execute(
        select(RectificationItem.state, func.count()).where(*seen).group_by(RectificationItem.state)
    )
    by_state = {row[0]: row[1] for row in counted}
    judged = [await _judged(work, who, one) for one in (_confirmed(), _denied())] if who.desks else [0, 0]
    return FixRate(sum(by_state.values()), by_state.get(ItemState.CLEARED, 0), *judged)


async def _judged(work: UnitOfWork, who: Member, which: ColumnElement[bool]) -> int:
    """Return of how many fixes a reporter has said something."""
    query = (
        select(func.count(CaseItem.item_id.distinct()))
        .join(RectificationItem, RectificationItem.id == CaseItem.item_id)
        .join(Case, Case.id == CaseItem.case_id)
        .join(CaseEvent, CaseEvent.case_id == Case.id)
        .where(RectificationItem.source == FIX_ON_SPOT, theirs(who), which)
    )
    return await work.session.scalar(query) or 0


def _confirmed() -> ColumnElement[bool]:
    # Nobody on the staff did it, and not the clock: that one says so in its detail.
    is_silent = CaseEvent.detail["silent"].as_boolean()
    return and_(
        CaseEvent.event == "close", CaseEvent.by_id.is_(None), is_silent.is_(None), Case.state == CaseState.CLOSED
    )


def _denied() -> ColumnElement[bool]:
    return and_(CaseEvent.event == "reopen", CaseEvent.by_id.is_(None))
