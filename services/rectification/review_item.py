"""What is made of a submission: the team returns or passes it, the county leader signs, the office clears it."""

from datetime import timedelta
from enum import StrEnum

from sqlalchemy import select

from models.complaints import Case, MessageKind
from models.deadlines import Audience
from models.rectification import CaseItem, RectificationItem
from models.states import ITEM, Actor, CaseState
from services.access.member import Member
from services.cases import case_log
from services.cases.cards import tell_in_charge
from services.cases.dialogue import refuse_contact_details, say_to_reporter
from services.cases.identity_probing import masked_for
from services.cases.notices import CaseAnsweredByItem
from services.rectification import item_log
from services.rectification.notify import show_review, tell
from services.unit_of_work import UnitOfWork

_UNIT_AND_LEADER = (Audience.UNIT_HEAD, Audience.LIAISON, Audience.COUNTY_LEADER)


class ReturnReason(StrEnum):
    """Why a submission goes back."""

    NO_EVIDENCE = "no_evidence"
    REUSED_PHOTO = "reused_photo"  # the picture is an old one
    PARTLY_DONE = "partly_done"
    PAPER_ONLY = "paper_only"  # papers say so, nothing else does
    OTHER = "other"  # said in words


async def return_item(
    work: UnitOfWork, who: Member, item_id: str, reason: ReturnReason, words: str = ""
) -> RectificationItem:
    """Give a submission back with the reason; for as long as it was under review, the due date moves on."""
    item = await item_log.item_to_change(work, who, item_id)
    actors = who.actors_at_item(item)
    ITEM.step(item.state, "return", actors)
    words = await masked_for_all(work, who, item, words)
    held_days = (work.today - (item.submitted_on or work.today)).days
    event = await item_log.step(work, item, "return", actors, by=who, note=words, reason=reason, held_days=held_days)
    item.returns += 1
    item.held_days += held_days
    item.due_on += timedelta(days=held_days)
    await work.session.flush()
    await tell(work, item, event, Audience.UNIT_HEAD, Audience.LIAISON)
    await show_review(work, item)
    return item


async def pass_item(work: UnitOfWork, who: Member, item_id: str, public_result: str) -> RectificationItem:
    """Find a submission done, with the one sentence that reporters may be told once the office has cleared it.

    Raises ContainsContact.
    """
    item = await item_log.item_to_change(work, who, item_id)
    actors = who.actors_at_item(item)
    ITEM.step(item.state, "pass", actors)
    await refuse_contact_details(work, public_result)  # as it was written: a refusal must not depend on what is masked
    public_result = await masked_for_all(work, who, item, public_result)
    held_days = (work.today - (item.submitted_on or work.today)).days
    event = await item_log.step(work, item, "pass", actors, by=who, note=public_result, held_days=held_days)
    item.public_result = public_result
    await work.session.flush()
    await tell(work, item, event, *_UNIT_AND_LEADER, Audience.OFFICE_DIRECTOR)
    await show_review(work, item)
    return item


async def countersign(work: UnitOfWork, who: Member, item_id: str) -> RectificationItem:
    """Sign for the result, as the county leader in charge."""
    item = await item_log.item_to_change(work, who, item_id)
    event = await item_log.step(work, item, "countersign", who.actors_at_item(item), by=who)
    await tell(work, item, event, Audience.OFFICE_DIRECTOR)
    return item


async def clear_item(work: UnitOfWork, who: Member, item_id: str) -> RectificationItem:
    """Accept an item as done for good, and answer the cases that waited for it."""
    linked = select(CaseItem.case_id).where(CaseItem.item_id == item_id)
    await case_log.cases_to_change(work, await work.session.scalars(linked))  # cases are locked before their items
    item = await item_log.item_to_change(work, who, item_id)
    event = await item_log.step(work, item, "clear", who.actors_at_item(item), by=who)
    await tell(work, item, event, *_UNIT_AND_LEADER, Audience.REVIEWERS)
    await _answer_cases(work, item)
    return item


async def _answer_cases(work: UnitOfWork, item: RectificationItem) -> None:
    """Tell the reporters of every case that waits for nothing but this item, and the case's own people."""
    linked = select(CaseItem.case_id).where(CaseItem.item_id == item.id).order_by(CaseItem.case_id)
    for case_id in list(await work.session.scalars(linked)):
        case = await case_log.case_to_change(work, case_id)
        if case.state == CaseState.FIXING and not await _waits_for_more(work, case):
            await case_log.step(work, case, "answer", {Actor.SYSTEM})
            await say_to_reporter(work, case, MessageKind.ANSWER, item.public_result)
            await tell_in_charge(work, case, CaseAnsweredByItem(case.id))


async def masked_for_all(work: UnitOfWork, who: Member, item: RectificationItem, text: str) -> str:
    """Return words about an item as the unit may read them: without what leads to the reporters of its cases."""
    query = select(Case).join(CaseItem, CaseItem.case_id == Case.id).where(CaseItem.item_id == item.id)
    for case in list(await work.session.scalars(query.order_by(Case.id))):
        text = await masked_for(work, who, case, text)
    return text


async def _waits_for_more(work: UnitOfWork, case: Case) -> bool:
    query = (
        select(RectificationItem.id)
        .join(CaseItem, CaseItem.item_id == RectificationItem.id)
        .where(CaseItem.case_id == case.id, RectificationItem.is_open)
        .limit(1)
    )
    return await work.session.scalar(query) is not None
