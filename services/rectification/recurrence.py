"""What was cleared has come back: instead of a new item, opening the old one again is proposed to the director."""

from datetime import timedelta

from models.complaints import Case
from models.database import insert_or_ignore
from models.deadlines import Audience
from models.rectification import ALONE, RectificationItem, Reminder
from models.states import Actor, Impossible, ItemState, NotEntitled
from services.access.conflicts import named_in_case
from services.access.member import Member
from services.cases import case_log
from services.cases.identity_probing import masked_for
from services.cases.quoting import refuse_quotes
from services.outbox import OutgoingMessage, Priority
from services.rectification import item_log
from services.rectification.audiences import audiences
from services.rectification.issue_item import may_issue, place_of
from services.rectification.known_problems import past_items
from services.rectification.masking import masked_for_all
from services.rectification.notices import ReopenProposed
from services.unit_of_work import UnitOfWork


class AlreadyProposed(Exception):
    """It was proposed to the directors today."""


class NobodyDecides(Exception):
    """There is no director who could be told of it."""


async def may_have_come_back(
    work: UnitOfWork, who: Member, unit_id: str, category: str, case_id: str | None = None
) -> list[RectificationItem]:
    """Return what a unit has had of a category that was cleared not long ago, as far as somebody may have it reopened.

    `case_id`: the case in which it was found to have come back. What lies before one pair of eyes is told to nobody
    else, so of that nothing is proposed.
    """
    case = await work.session.get(Case, case_id) if case_id else None
    hidden = case is not None and case.desk.is_for_one
    past = await past_items(work, who, unit_id, category)
    return [item for item in past if await _is_of_late(work, item) and (not hidden or decides(who, item))]


def decides(who: Member, item: RectificationItem) -> bool:
    """Whether somebody need not propose it, because they open items again themselves."""
    return Actor.OFFICE_DIRECTOR in who.actors_at_item(item)


async def propose_reopening(
    work: UnitOfWork, who: Member, item_id: str, words: str, *, case_id: str | None = None
) -> RectificationItem:
    """Propose to the directors to open an item again, with the reason; nothing of it stands in what the unit reads.

    The words lead to no reporter, and whom the case names does not get them. Raises AlreadyProposed, NobodyDecides,
    QuotesReporter, Impossible or NotEntitled.
    """
    item = await item_log.item_seen(work, who, item_id)
    case = await case_log.case_seen_by(work, who, case_id) if case_id else None
    if not may_issue(who, item.unit_id, (await place_of(work, item.unit_id, case)).team_id):
        raise NotEntitled
    if case is not None and (case.unit_id != item.unit_id or case.desk.is_for_one):
        raise NotEntitled
    if not await _is_of_late(work, item):
        raise Impossible("reopen", item.state)
    if case is not None:
        await refuse_quotes(work, case, words)
        words = await masked_for(work, who, case, words)
    words = await masked_for_all(work, who, item, words)
    named = await named_in_case(work.session, case.id) if case is not None else frozenset()
    directors = (await audiences(work, of=[item.id])).told(item, [Audience.OFFICE_DIRECTOR])
    told = [staff_id for staff_id in directors if staff_id not in named]
    new = [staff_id for staff_id in told if await _note(work, item, staff_id)]
    if not told:
        raise NobodyDecides
    if not new:
        raise AlreadyProposed
    opening = (await work.calendar()).next_working_moment(work.now)
    for staff_id in new:
        outgoing = OutgoingMessage(ReopenProposed(item.id, who.id, words))
        await work.outbox.to_staff(staff_id, outgoing, priority=Priority.REMINDER, not_before=opening)
    return item


async def _note(work: UnitOfWork, item: RectificationItem, staff_id: str) -> bool:
    """Note that a director is asked today; return whether they were not yet."""
    stage = f"reopening_proposed_{work.today}"
    noted = {"item_id": item.id, "stage": stage, "deadline_version": item.deadline_version, "staff_id": staff_id}
    return await insert_or_ignore(work.session, Reminder, **noted, digest_key=ALONE)


async def _is_of_late(work: UnitOfWork, item: RectificationItem) -> bool:
    days = (await item_log.ladder_of(work, item)).recurrence_days
    return item.state == ItemState.CLEARED and item.state_since >= work.today - timedelta(days=days)
