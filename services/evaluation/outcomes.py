"""What came of the items that are cleared, in sums: households, money, people dealt with."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select

from models.rectification import RectificationItem
from services.evaluation.counts import IS_DONE
from services.rectification.unit_actions import Numbers
from services.unit_of_work import UnitOfWork

_item = RectificationItem


@dataclass(frozen=True)
class Outcomes:
    """The sums of what units said of items that are cleared; `with_money`: of how many items the money comes."""

    numbers: Numbers
    with_money: int


async def outcomes_of(work: UnitOfWork, *of: ColumnElement[bool]) -> Outcomes:
    """Return what came of items as far as they are cleared: what is claimed, and not yet seen, does not count."""
    with_households = _item.households_done.is_not(None)
    households = func.coalesce(_item.households_total, _item.households_done)
    query = select(
        func.sum(_item.households_done),
        func.sum(households).filter(with_households),
        func.sum(_item.money_recovered),
        func.sum(_item.people_dealt_with),
        func.count(_item.money_recovered).filter(_item.money_recovered > 0),
    ).where(IS_DONE, *of)
    *sums, with_money = (await work.session.execute(query)).one()
    return Outcomes(Numbers(*(None if one is None else int(one) for one in sums)), with_money)
