"""A reporter says of what was cleared that it is not so: their word outranks papers.

What was fixed on the spot is ordered again by itself; of what was ordered later the office director is asked.
"""

from datetime import datetime

from sqlalchemy import Select, exists, false, or_, select

from models.base import coarse
from models.complaints import Case
from models.database import insert_or_ignore
from models.deadlines import Audience
from models.rectification import ALONE, FIX_ON_SPOT, CaseItem, RectificationItem, Reminder
from models.states import Actor, CaseState, ItemState
from services.cases import case_log
from services.outbox import OutgoingMessage, Priority
from services.rectification.audiences import audiences
from services.rectification.notices import ReopenAsked
from services.rectification.reopen import ReopenReason, open_again
from services.unit_of_work import UnitOfWork

ASKED = "asked_to_reopen"  # the stage under which it is remembered that a director was asked


async def order_fixes_again(work: UnitOfWork) -> None:
    """Reopen the cleared fixes of cases that their reporters have reopened, and let these wait for them as before.

    Of other items the directors are asked. At the full hour: in the moment in which anybody hears of it, nobody has
    just pressed.
    """
    found = [tuple(row) for row in await work.session.execute(denied_fixes(work.now))]
    cases = {case.id: case for case in await case_log.cases_to_change(work, {case_id for case_id, _, _ in found})}
    for case_id, item_id, source in found:
        case = cases[case_id]
        if case.state not in (CaseState.REOPENED, CaseState.FIXING):
            continue
        if source != FIX_ON_SPOT:
            await _ask_to_reopen(work, item_id)
            continue
        await _order_again(work, item_id)
        if case.state == CaseState.REOPENED:
            await case_log.step(work, case, "fix_again", {Actor.SYSTEM})


def denied_fixes(now: datetime) -> Select[str, str, str]:
    """Return the query for the cases that were reopened before this hour, and the cleared items of each with sources.

    Of what a director was asked already nothing is found. Every event of a case sets `is_erased` back: with it the few
    that are reopened are found by their index.
    """
    asked = exists().where(
        Reminder.item_id == RectificationItem.id,
        Reminder.stage == ASKED,
        Reminder.deadline_version == RectificationItem.deadline_version,
    )
    return (
        select(CaseItem.case_id, CaseItem.item_id, RectificationItem.source)
        .join(Case, Case.id == CaseItem.case_id)
        .join(RectificationItem, RectificationItem.id == CaseItem.item_id)
        .where(
            Case.is_erased == false(),
            Case.state == CaseState.REOPENED,
            Case.is_open,
            Case.state_since < coarse(now),
            RectificationItem.state == ItemState.CLEARED,
            or_(RectificationItem.source == FIX_ON_SPOT, ~asked),
        )
        .order_by(CaseItem.case_id, CaseItem.item_id)
    )


async def _order_again(work: UnitOfWork, item_id: str) -> None:
    """Reopen an item, with as long for it as for any fix on the spot of its round."""
    locked = select(RectificationItem).where(RectificationItem.id == item_id).with_for_update()
    item = (await work.session.scalars(locked.execution_options(populate_existing=True))).one()
    if item.state != ItemState.CLEARED:
        return
    days = (await work.directory()).complaint_settings_of(item.round_id).fix_on_spot_days
    # The unit reads that somebody looked again, and not who.
    await open_again(work, item, {Actor.SYSTEM}, days, by=None, reason=ReopenReason.NOT_SO)


async def _ask_to_reopen(work: UnitOfWork, item_id: str) -> None:
    """Ask the directors, once for each time that it is cleared; nothing of it stands in what the unit reads."""
    item = await work.session.get_one(RectificationItem, item_id)
    calendar = await work.calendar()
    for staff_id in (await audiences(work, of=[item.id])).told(item, [Audience.OFFICE_DIRECTOR]):
        noted = {"item_id": item.id, "stage": ASKED, "deadline_version": item.deadline_version, "staff_id": staff_id}
        if await insert_or_ignore(work.session, Reminder, **noted, digest_key=ALONE):
            outgoing, opening = OutgoingMessage(ReopenAsked(item.id)), calendar.next_working_moment(work.now)
            await work.outbox.to_staff(staff_id, outgoing, priority=Priority.REMINDER, not_before=opening)
