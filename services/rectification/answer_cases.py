"""An item is cleared: whoever reported what it was made of is told the result, and asked whether it is so."""

from sqlalchemy import false, select

from models.complaints import Case, MessageKind
from models.rectification import CaseItem, RectificationItem
from models.states import CASE, Actor, CaseState
from services.access.member import Member
from services.cases.cards import tell_in_charge
from services.cases.case_log import answer_by_item, cases_to_change
from services.cases.dialogue import say_to_reporter
from services.cases.notices import CaseAnsweredByItem
from services.rectification.item_log import item_to_change
from services.unit_of_work import UnitOfWork

_WAITING = (CaseState.VERIFYING, CaseState.FIXING)  # until the last of its items is cleared


async def item_to_change_with_cases(work: UnitOfWork, who: Member, item_id: str) -> RectificationItem:
    """Return an item that is somebody's to see, locked, as are the cases that it was made of: these before it.

    Raises NotEntitled.
    """
    linked = select(CaseItem.case_id).where(CaseItem.item_id == item_id)
    await cases_to_change(work, await work.session.scalars(linked))
    return await item_to_change(work, who, item_id)


async def cases_told_of(work: UnitOfWork, item: RectificationItem) -> list[Case]:
    """Return the cases whose reporters are told what comes of an item, those that are under way first.

    What was said in a case that is erased nobody is told about any more.
    """
    linked = select(CaseItem.case_id).where(CaseItem.item_id == item.id)
    query = select(Case).where(Case.id.in_(linked), Case.is_erased == false()).order_by(Case.is_open.desc(), Case.id)
    return [
        case for case in await work.session.scalars(query) if not case.is_thanks and not case.is_hint and _is_told(case)
    ]


async def answer_cases(work: UnitOfWork, item: RectificationItem) -> None:
    """Tell the reporters of the cases of an item that is cleared its result, each once, and those who have the cases.

    The cases are locked by whoever calls this. They are asked whether it is so once nothing else of their case is
    under way.
    """
    told: set[str] = set()  # complaints
    for case in await cases_told_of(work, item):
        goes_on = case.state == CaseState.TRANSFERRED or await _waits_for_more(work, case)
        if not goes_on:
            await answer_by_item(work, case)
        kind, key = (MessageKind.TEXT, "result_so_far") if goes_on else (MessageKind.ANSWER, None)
        told |= await say_to_reporter(work, case, kind, item.public_result, key=key, but=told)
        if case.is_open and not goes_on:
            await tell_in_charge(work, case, CaseAnsweredByItem(case.id))


def _is_told(case: Case) -> bool:
    return case.state == CaseState.TRANSFERRED or "answer_by_item" in CASE.actions(case.state, {Actor.SYSTEM})


async def _waits_for_more(work: UnitOfWork, case: Case) -> bool:
    """Whether a case that nobody has answered yet has another item that is not cleared."""
    if case.state not in _WAITING:
        return False
    query = (
        select(RectificationItem.id)
        .join(CaseItem, CaseItem.item_id == RectificationItem.id)
        .where(CaseItem.case_id == case.id, RectificationItem.is_open)
        .limit(1)
    )
    return await work.session.scalar(query) is not None
