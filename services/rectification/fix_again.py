"""What was fixed on the spot is ordered again where a reporter says that it is not so: their word outranks papers."""

from datetime import datetime, timedelta

from sqlalchemy import Select, false, select

from models.base import coarse
from models.complaints import Case
from models.deadlines import Audience
from models.rectification import FIX_ON_SPOT, CaseItem, RectificationItem
from models.states import Actor, CaseState, ItemState
from services.cases import case_log
from services.rectification import item_log
from services.rectification.notify import tell
from services.unit_of_work import UnitOfWork

NOT_SO = "not_so"  # the reason that the unit reads: that somebody looked again, and not who
_TOLD = (
    Audience.UNIT_HEAD,
    Audience.LIAISON,
    Audience.COUNTY_LEADER,
    Audience.OFFICE_DIRECTOR,
    Audience.REVIEWERS,
)


async def order_fixes_again(work: UnitOfWork) -> None:
    """Reopen the cleared items of cases that their reporters have reopened, and let these wait for them as before.

    At the full hour: in the moment in which a unit hears of it, nobody has just pressed.
    """
    found = [tuple(row) for row in await work.session.execute(denied_fixes(work.now))]
    cases = {case.id: case for case in await case_log.cases_to_change(work, {case_id for case_id, _ in found})}
    for case_id, item_id in found:
        case = cases[case_id]
        if case.state in (CaseState.REOPENED, CaseState.FIXING):
            await _order_again(work, item_id)
            if case.state == CaseState.REOPENED:
                await case_log.step(work, case, "fix_again", {Actor.SYSTEM})


def denied_fixes(now: datetime) -> Select[str, str]:
    """Return the query for the cases that were reopened before this hour, and the cleared items of each.

    Every event of a case sets `is_erased` back: with it the few that are reopened are found by their index.
    """
    return (
        select(CaseItem.case_id, CaseItem.item_id)
        .join(Case, Case.id == CaseItem.case_id)
        .join(RectificationItem, RectificationItem.id == CaseItem.item_id)
        .where(
            Case.is_erased == false(),
            Case.state == CaseState.REOPENED,
            Case.is_open,
            Case.state_since < coarse(now),
            RectificationItem.state == ItemState.CLEARED,
            RectificationItem.source == FIX_ON_SPOT,
        )
        .order_by(CaseItem.case_id, CaseItem.item_id)
    )


async def _order_again(work: UnitOfWork, item_id: str) -> None:
    """Reopen an item, with as long for it as for any fix on the spot of its round."""
    locked = select(RectificationItem).where(RectificationItem.id == item_id).with_for_update()
    item = (await work.session.scalars(locked.execution_options(populate_existing=True))).one()
    if item.state != ItemState.CLEARED:
        return
    event = await item_log.step(work, item, "reopen", {Actor.SYSTEM}, by=None, reason=NOT_SO)
    days = (await work.directory()).complaint_settings_of(item.round_id).fix_on_spot_days
    item.due_on = max(item.due_on, work.today + timedelta(days=days))
    item.deadline_version += 1
    await work.session.flush()
    await tell(work, item, event, *_TOLD)
