"""The heads of the units are heard on a finding before it is issued, and its author settles what they say."""

import secrets
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, true

from models.audit import Audited
from models.complaints import Case
from models.draft_comments import DraftComment, Settlement
from models.item_drafts import ItemDraft
from models.staff import Role
from models.states import DRAFT_COMMENT, Actor, DraftCommentState, Impossible
from services.access.member import Member, members_at_case
from services.audit.log import record
from services.cases.conflicts_of_interest import shut_out_named
from services.cases.identity_probing import log_preview, masked_for
from services.cases.quoting import check_summary
from services.directory import Person
from services.outbox import OutgoingMessage, Priority
from services.rectification.draft_comments import (
    MOST_LISTED,
    actors_at,
    comments_on,
    first_told_on,
    is_hidden_from,
    may,
)
from services.rectification.issue_item import DueInPast
from services.rectification.item_drafts import Draft, draft_to_change, end_draft, read_draft
from services.rectification.notices import DraftCommentAsked, DraftCommentSettled
from services.rectification.order import NewItem, Part
from services.unit_of_work import UnitOfWork

LONGEST_REASON = 300  # characters
LONGEST_TERM_DAYS = 30


class NobodyToHear(Exception):
    """No head is there who is reached and may know of the finding."""


class NotChanged(Exception):
    """A draft says the same as when its heads were asked, so it was not changed for what they say."""


@dataclass(frozen=True)
class _Asked:
    """A head who is asked, and the unit as whose."""

    head: Person
    unit_id: str


async def may_be_heard_on(work: UnitOfWork, draft: Draft) -> bool:
    """Whether heads can be asked about a draft now: it says something, and none was asked before."""
    says_enough = Part.PROBLEM not in draft.missing
    return says_enough and not await comments_on(work, draft.row.id)


async def draft_to_hear_on(work: UnitOfWork, who: Member, draft_id: str) -> Draft:
    """Return a draft on which somebody may have its heads heard. Raises NobodyToHear, Impossible or NotEntitled."""
    draft = await read_draft(work, who, draft_id)
    if not await may_be_heard_on(work, draft):
        raise Impossible("ask_heads", "asked")
    if not await _heads_of(work, draft):
        raise NobodyToHear
    return draft


async def ask_heads(work: UnitOfWork, who: Member, draft_id: str, due_on: date) -> list[DraftComment]:
    """Ask the heads of a draft's units what they say of it, until a day; each is asked once.

    Of a draft that was made from a case nothing goes to them that leads to its reporter. Raises ContainsContact,
    QuotesReporter, DueInPast, and what `draft_to_hear_on` does.
    """
    await draft_to_change(work, who, draft_id)
    draft = await draft_to_hear_on(work, who, draft_id)
    if due_on < work.today:
        raise DueInPast
    problem, requirement = draft.order.problem.strip(), draft.order.requirement.strip()
    case = await work.session.get(Case, draft.row.case_id) if draft.row.case_id else None
    if case is not None:
        problem, requirement = await _fit_for_heads(work, who, case, problem, requirement)
    heads = await _heads_of(work, draft)
    settings = (await work.directory()).rectification_settings_of(draft.row.round_id)
    told_on = first_told_on(work.today, due_on, settings.comment_remind_days, await work.calendar())
    comments = [
        DraftComment(
            id=secrets.token_hex(8),
            draft_id=draft.row.id,
            case_id=draft.row.case_id,
            unit_id=asked.unit_id,
            staff_id=asked.head.id,
            state=DraftCommentState.ASKED,
            problem=problem,
            requirement=requirement,
            by_id=who.id,
            asked_on=work.today,
            due_on=due_on,
            tell_next_on=told_on,
        )
        for asked in heads
    ]
    work.session.add_all(comments)
    await work.session.flush()
    for one in comments:
        await work.outbox.to_staff(one.staff_id, OutgoingMessage(DraftCommentAsked(one.id)), priority=Priority.NOTICE)
    await record(work, Audited.COMMENT_ASKED, by=who.id, case_id=draft.row.case_id, subject=draft.row.unit_id)
    return comments


async def settle(work: UnitOfWork, who: Member, comment_id: str, settlement: Settlement, reason: str) -> DraftComment:
    """Say what becomes of a finding after what a head says of it; the head reads it with the reason.

    A finding that is dropped is gone with its draft. Raises NotChanged, ContainsContact, QuotesReporter, Impossible or
    NotEntitled.
    """
    comment = await may(work, who, comment_id, "settle")
    draft = await draft_to_change(work, who, comment.draft_id)
    if settlement is Settlement.CHANGED and not _says_another(draft, comment):
        raise NotChanged
    case = await work.session.get(Case, comment.case_id) if comment.case_id else None
    if case is not None:
        (reason,) = await _fit_for_heads(work, who, case, reason)
    settled = [comment]
    if settlement is Settlement.DROPPED:
        others = [one for one in await comments_on(work, draft.id) if one.id != comment.id]
        settled += [one for one in others if one.state is DraftCommentState.COMMENTED]
        await end_draft(work, who, draft)
    for one in settled:
        await _settle(work, who, one, settlement, reason)
    detail = {"settlement": settlement.value}
    await record(work, Audited.COMMENT_SETTLED, by=who.id, case_id=comment.case_id, subject=comment.unit_id, **detail)
    return comment


async def waiting_for(work: UnitOfWork, who: Member) -> list[DraftComment]:
    """Return what heads are asked, or have said, of the drafts that are somebody's to go on with, oldest first."""
    query = (
        select(DraftComment)
        .join(ItemDraft, ItemDraft.id == DraftComment.draft_id)
        .where(
            DraftComment.state.in_((DraftCommentState.ASKED, DraftCommentState.COMMENTED)),
            DraftComment.unit_id.not_in(who.shut_out_of),
            true() if who.is_office else ItemDraft.team_id.in_(who.teams(Role.TEAM_LEADER)),
        )
        .order_by(DraftComment.asked_on, DraftComment.id)
        .limit(MOST_LISTED)
    )
    found = list(await work.session.scalars(query))
    return [one for one in found if (await actors_at(work, who, one)) - {Actor.UNIT_HEAD}]


async def _settle(work: UnitOfWork, who: Member, one: DraftComment, settlement: Settlement, reason: str) -> None:
    one.state = DRAFT_COMMENT.step(one.state, "settle", await actors_at(work, who, one))
    one.settlement, one.reason, one.settled_by, one.settled_on = settlement, reason, who.id, work.today
    await work.session.flush()
    await work.outbox.to_staff(one.staff_id, OutgoingMessage(DraftCommentSettled(one.id)))


def _says_another(draft: ItemDraft, comment: DraftComment) -> bool:
    order = NewItem.of_json(draft.content)
    return (order.problem.strip(), order.requirement.strip()) != (comment.problem, comment.requirement)


async def _fit_for_heads(work: UnitOfWork, who: Member, case: Case, *texts: str) -> list[str]:
    """Return words as heads may read them. Raises ContainsContact or QuotesReporter."""
    for text in texts:
        await check_summary(work, case, text)
    await log_preview(work, who, case)
    return [await masked_for(work, who, case, text) for text in texts]


async def _heads_of(work: UnitOfWork, draft: Draft) -> list[_Asked]:
    """Return the heads of a draft's units who are reached and may know of it, each once."""
    known, found = await work.directory(), dict[str, _Asked]()
    case = await work.session.get(Case, draft.row.case_id) if draft.row.case_id else None
    if case is not None:
        await shut_out_named(work, case)  # somebody may have become head since the words came in
    for unit_id in (draft.order.unit_id, *draft.order.other_units):
        reached = [one for one in known.with_roles(Role.UNIT_HEAD, unit_id=unit_id) if known.is_enrolled(one.id)]
        members = await members_at_case(work.session, reached, case) if case else [Member.of(one) for one in reached]
        for head in members:
            if not await is_hidden_from(work, head, draft.row.case_id):
                found.setdefault(head.id, _Asked(head, unit_id))
    return list(found.values())
