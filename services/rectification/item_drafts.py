"""An item is entered part by part, and issued once nothing is missing."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass, replace

from sqlalchemy import select, true

from models.complaints import Case
from models.item_drafts import ItemDraft
from models.rectification import RectificationItem
from models.staff import Role
from models.states import Actor, Impossible, NotEntitled
from services.access.member import Member
from services.cases import case_log
from services.cases.actions import may_list_as_item
from services.cases.identity_probing import log_preview, masked_for
from services.rectification.draft_comments import comments_on, end_asked, require_heard, require_settled
from services.rectification.issue_item import (
    DueInPast,
    TextUnfit,
    aspects_for,
    draft_item,
    enter_item,
    follow,
    may_go_on_with_draft,
    place_of,
    village_of,
    with_usual_parts,
)
from services.rectification.order import LONGEST_TEXT, NewItem, Part, missing
from services.rectification.working_papers import drop_working_papers, give_to_item
from services.unit_of_work import UnitOfWork

MOST_LISTED = 30


@dataclass(frozen=True)
class Draft:
    """A draft as somebody sees it: what it says, what it still lacks, and the item that it would become."""

    row: ItemDraft
    order: NewItem
    missing: tuple[Part, ...]
    item: RectificationItem


async def begin_draft(work: UnitOfWork, who: Member, order: NewItem, *, case_id: str | None = None) -> ItemDraft:
    """Keep what is known of an item so far, with what is usual for the rest.

    Made from a case, nothing that leads to its reporter is kept, even when it was copied. Raises Impossible,
    NotEntitled, UnitUnknown or TextUnfit.
    """
    case = await case_to_list(work, who, case_id) if case_id else None
    place = await place_of(work, order.unit_id, case)
    if case is not None:
        await log_preview(work, who, case)
        masked = await masked_for(work, who, case, order.problem)
        village = await village_of(work, case, order.unit_id)
        order = replace(order, problem=masked, hazard=case.hazard, village_id=village)
    order = await with_usual_parts(work, order, place, because_of=case)
    _check_texts(order)
    draft = ItemDraft(
        id=secrets.token_hex(8),
        round_id=place.round_id,
        unit_id=order.unit_id,
        team_id=place.team_id,
        case_id=case_id,
        by_id=who.id,
        changed_at=work.now,
        version=1,
        content=order.as_json(),
    )
    if not await may_go_on_with_draft(work, who, draft):
        raise NotEntitled
    work.session.add(draft)
    await work.session.flush()
    return draft


async def case_to_list(work: UnitOfWork, who: Member, case_id: str) -> Case:
    """Return a case of which somebody may make an item. Raises Impossible or NotEntitled."""
    case = await case_log.case_seen_by(work, who, case_id)
    if Actor.TEAM_LEADER not in who.actors_at(case):
        raise NotEntitled
    if not may_list_as_item(who, case):
        raise Impossible("list_as_item", case.state)
    return case


async def read_draft(work: UnitOfWork, who: Member, draft_id: str) -> Draft:
    """Return a draft; raise NotEntitled when there is none or it is not theirs."""
    row = await work.session.get(ItemDraft, draft_id)
    if row is None or not await may_go_on_with_draft(work, who, row):
        raise NotEntitled
    return await _as_seen(work, row)


async def draft_to_change(work: UnitOfWork, who: Member, draft_id: str) -> ItemDraft:
    """Return a draft, locked; raise NotEntitled when there is none or it is not theirs."""
    query = select(ItemDraft).where(ItemDraft.id == draft_id)
    row = await work.session.scalar(query.with_for_update().execution_options(populate_existing=True))
    if row is None or not await may_go_on_with_draft(work, who, row):
        raise NotEntitled
    return row


async def change_draft(work: UnitOfWork, who: Member, draft_id: str, order: NewItem) -> ItemDraft:
    """Let a draft say something else. Raises NotEntitled, DueInPast or TextUnfit."""
    row = await draft_to_change(work, who, draft_id)
    case = await _case(work, who, row.case_id)
    if case is not None:
        order = replace(
            order,
            problem=await masked_for(work, who, case, order.problem),
            requirement=await masked_for(work, who, case, order.requirement),
            task_force=await masked_for(work, who, case, order.task_force),
        )
    if order.due_on is not None and order.due_on < work.today:
        raise DueInPast
    _check_texts(order)
    order = await follow(work, NewItem.of_json(row.content), order, because_of=case)
    row.content, row.version, row.changed_at = order.as_json(), row.version + 1, work.now
    await work.session.flush()
    return row


async def issue_draft(work: UnitOfWork, who: Member, draft_id: str, version: int) -> RectificationItem:
    """Issue what a draft says, as it stood when it was looked at; the draft is gone then.

    Raises Unheard or Unsettled while its heads are heard, Incomplete, DueInPast, NotEntitled, or Impossible when it has
    been changed since.
    """
    row = await draft_to_change(work, who, draft_id)
    if row.version != version:
        raise Impossible("issue", "changed")
    order = NewItem.of_json(row.content)
    await require_heard(work, row.id)
    case = await _case(work, who, row.case_id)
    item = await draft_item(work, who, order, because_of=case)
    await enter_item(work, who, item, order, because_of=case)
    await give_to_item(work, row.id, item)
    await end_draft(work, who, row)
    return item


async def drop_draft(work: UnitOfWork, who: Member, draft_id: str) -> None:
    """Throw a draft away. Raises NotEntitled, or Unsettled while what a head says of it waits for its author."""
    row = await draft_to_change(work, who, draft_id)
    require_settled(await comments_on(work, row.id))
    await end_draft(work, who, row)


async def end_draft(work: UnitOfWork, who: Member, row: ItemDraft) -> None:
    """Delete a draft with its working papers; no head is asked about it any more."""
    await end_asked(work, who, row.id)
    await drop_working_papers(work, row.id)
    await work.session.delete(row)
    await work.session.flush()


async def drafts_of(work: UnitOfWork, who: Member) -> list[Draft]:
    """Return the drafts that are somebody's to go on with, the last changed first."""
    at_teams = ItemDraft.team_id.in_(who.teams(Role.TEAM_LEADER))
    query = select(ItemDraft).where(ItemDraft.unit_id.not_in(who.shut_out_of), true() if who.is_office else at_teams)
    query = query.order_by(ItemDraft.changed_at.desc(), ItemDraft.id).limit(MOST_LISTED)
    rows = await work.session.scalars(query)
    return [await _as_seen(work, row) for row in rows if await may_go_on_with_draft(work, who, row)]


async def _as_seen(work: UnitOfWork, row: ItemDraft) -> Draft:
    order = NewItem.of_json(row.content)
    place = replace(await place_of(work, row.unit_id), team_id=row.team_id)
    lacks = missing(order, await aspects_for(work, order, place.round_id))
    return Draft(row, order, tuple(lacks), await place.unsaved(work, order))


async def _case(work: UnitOfWork, who: Member, case_id: str | None) -> Case | None:
    return await case_log.case_seen_by(work, who, case_id) if case_id else None


def _check_texts(order: NewItem) -> None:
    texts: Collection[str] = (order.problem, order.requirement)
    if any(len(text) > LONGEST_TEXT for text in texts):
        raise TextUnfit
