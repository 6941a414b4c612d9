"""What heads of units say of findings before these are issued (听取“一把手”意见).

A head reads what a draft says, and nothing of where it comes from: never a source, a case or a number of complaints.
From whom the item would be kept, or whom the case behind it concerns, is not asked, and finds no trace of it.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import select

from models.base import coarse
from models.complaints import Case
from models.draft_comments import DraftComment
from models.staff import OFFICE_ROLES, Role
from models.states import DRAFT_COMMENT, Actor, DraftCommentState, Impossible, NotEntitled
from models.working_days import WorkingCalendar
from services.access.member import Member
from services.late_answers import Telling, tell_of_waiting
from services.outbox import OutgoingMessage
from services.rectification.issue_item import may_go_on_with, place_of
from services.rectification.notices import DraftCommentDue, DraftCommented, DraftCommentLate
from services.unit_of_work import More, UnitOfWork
from services.working_hours import in_working_hours

LONGEST_COMMENT = 600  # characters
MOST_LISTED = 30


class Unheard(Exception):
    """Heads have yet to say what they think of a draft, until a day."""

    def __init__(self, until: date) -> None:
        super().__init__(until.isoformat())
        self.until = until


class Unsettled(Exception):
    """Nobody has said yet what becomes of a draft after what a head says of it."""


async def comments_on(work: UnitOfWork, draft_id: str) -> list[DraftComment]:
    """Return what the heads were asked about a draft, in the order in which it was."""
    query = select(DraftComment).where(DraftComment.draft_id == draft_id)
    return list(await work.session.scalars(query.order_by(DraftComment.unit_id, DraftComment.id)))


async def require_heard(work: UnitOfWork, draft_id: str) -> None:
    """Raise Unheard while a head may still answer about a draft, and Unsettled while an answer waits for its author."""
    comments = await comments_on(work, draft_id)
    until = [one.due_on for one in comments if one.state is DraftCommentState.ASKED and one.due_on >= work.today]
    if until:
        raise Unheard(max(until))
    require_settled(comments)


def require_settled(comments: Sequence[DraftComment]) -> None:
    """Raise Unsettled if any of some comments waits for the author."""
    if any(one.state is DraftCommentState.COMMENTED for one in comments):
        raise Unsettled


async def end_asked(work: UnitOfWork, who: Member, draft_id: str) -> None:
    """Ask no head about a draft any more: it has been issued or thrown away."""
    for comment in await comments_on(work, draft_id):
        if comment.state is DraftCommentState.ASKED:
            comment.state = DRAFT_COMMENT.step(comment.state, "end", _as_author(who))
    await work.session.flush()


async def is_hidden_from(work: UnitOfWork, head: Member, case_id: str | None) -> bool:
    """Whether the head of a unit must not know of a finding there: the case behind it concerns them."""
    case = await work.session.get(Case, case_id) if case_id else None
    return case is not None and (case.concerns_head or case.desk.is_for_one or case.id in head.shut_out_of_cases)


async def actors_at(work: UnitOfWork, who: Member, comment: DraftComment) -> frozenset[Actor]:
    """Return what somebody is at a comment: the head who is asked, or an author of the draft."""
    if comment.staff_id == who.id and comment.unit_id in who.units(Role.UNIT_HEAD):
        is_hidden = await is_hidden_from(work, who, comment.case_id)
        return frozenset() if is_hidden else frozenset({Actor.UNIT_HEAD})
    case = await work.session.get(Case, comment.case_id) if comment.case_id else None
    team_id = (await place_of(work, comment.unit_id, case)).team_id
    is_theirs = await may_go_on_with(work, who, comment.unit_id, team_id, comment.case_id)
    return _as_author(who) if is_theirs else frozenset()


async def comment_seen(work: UnitOfWork, who: Member, comment_id: str) -> DraftComment:
    """Return a comment for the head who is asked and the authors of the draft. Raises NotEntitled."""
    comment = await work.session.get(DraftComment, comment_id)
    if comment is None or not await actors_at(work, who, comment):
        raise NotEntitled
    return comment


async def possible_at(work: UnitOfWork, who: Member, comment: DraftComment) -> list[str]:
    """Return what somebody may do with a comment now; once its day has passed, no answer is taken."""
    is_over = comment.state is DraftCommentState.ASKED and comment.due_on < work.today
    return [] if is_over else DRAFT_COMMENT.actions(comment.state, await actors_at(work, who, comment))


async def may(work: UnitOfWork, who: Member, comment_id: str, action: str) -> DraftComment:
    """Return a comment, locked, with which somebody may do something now. Raises Impossible or NotEntitled."""
    query = select(DraftComment).where(DraftComment.id == comment_id).with_for_update()
    comment = await work.session.scalar(query.execution_options(populate_existing=True))
    actors = frozenset[Actor]() if comment is None else await actors_at(work, who, comment)
    if comment is None or not actors:
        raise NotEntitled
    DRAFT_COMMENT.step(comment.state, action, actors)
    if action not in await possible_at(work, who, comment):
        raise Impossible(action, comment.state)
    return comment


async def agree(work: UnitOfWork, who: Member, comment_id: str) -> DraftComment:
    """Say that one has nothing to say against a finding. Raises Impossible or NotEntitled."""
    return await _answer(work, who, comment_id, "agree", "")


async def comment_on(work: UnitOfWork, who: Member, comment_id: str, text: str) -> DraftComment:
    """Say once what one thinks of a finding. Raises Impossible or NotEntitled."""
    return await _answer(work, who, comment_id, "comment", text)


async def _answer(work: UnitOfWork, who: Member, comment_id: str, action: str, text: str) -> DraftComment:
    comment = await may(work, who, comment_id, action)
    comment.state = DRAFT_COMMENT.step(comment.state, action, {Actor.UNIT_HEAD})
    comment.reply, comment.replied_at = text, coarse(work.now)
    await work.session.flush()
    await work.outbox.to_staff(comment.by_id, OutgoingMessage(DraftCommented(comment.id)))
    return comment


async def asked_of(work: UnitOfWork, who: Member) -> list[DraftComment]:
    """Return what somebody is asked to comment on as the head of a unit, due first."""
    query = (
        select(DraftComment)
        .where(
            DraftComment.staff_id == who.id,
            DraftComment.state == DraftCommentState.ASKED,
            DraftComment.due_on >= work.today,
        )
        .order_by(DraftComment.due_on, DraftComment.id)
        .limit(MOST_LISTED)
    )
    found = list(await work.session.scalars(query))
    return [one for one in found if Actor.UNIT_HEAD in await actors_at(work, who, one)]


def first_told_on(asked_on: date, due_on: date, remind_days: int, calendar: WorkingCalendar) -> date:
    """Return when somebody is told first that a comment waits.

    The head is reminded some days before the last one, and before it in any case, whenever the county works. Where that
    is not after they were asked, it is told once the last day has passed.
    """
    reminded_on = min(due_on - timedelta(days=remind_days), calendar.last_working_day(due_on))
    return reminded_on if reminded_on > asked_on else due_on + timedelta(days=1)


@in_working_hours
async def tell_of_waiting_comments(work: UnitOfWork) -> More | None:
    """Remind heads, in working hours, of what they are asked.

    Once the day has passed the author and the office are told instead, as far as they may go on with the draft: it can
    be issued without.
    """
    office = [one.id for one in (await work.directory()).with_roles(*OFFICE_ROLES)]

    async def telling(comment: DraftComment) -> Telling:
        if work.today > comment.due_on:
            return Telling(DraftCommentLate(comment.id), [comment.by_id, *office], None)
        return Telling(DraftCommentDue(comment.id), [comment.staff_id], comment.due_on + timedelta(days=1))

    waits = DraftComment.state == DraftCommentState.ASKED
    return await tell_of_waiting(work, DraftComment, waits, telling)


def _as_author(who: Member) -> frozenset[Actor]:
    return frozenset({Actor(held.role) for held in who.roles if held.role in (*OFFICE_ROLES, Role.TEAM_LEADER)})
