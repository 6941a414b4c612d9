"""A case goes to a team that is not from there (提级): the office decides, and its reporter may ask for it.

Those who had it lose it at once, and what they have opened of it.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select, update

from models.audit import Audited
from models.complaints import Case, MessageKind
from models.desk import Desk, DeskKind
from models.item_drafts import ItemDraft
from models.rectification import CaseItem, RectificationItem
from models.rounds import Team
from models.staff import TEAM_ROLES, Role
from models.states import Impossible, NotEntitled
from services.access.member import Member
from services.access.visibility import directors_who_may_know, readers
from services.audit.log import record
from services.cases.actions import may_level_up
from services.cases.assign import NobodyMaySee, may_have, teams_for
from services.cases.case_log import case_to_change, cases_to_change, log_event, move
from services.cases.conflicts_of_interest import shut_out_named
from services.cases.dialogue import say_to_reporter
from services.cases.merge import joined_cases
from services.cases.notices import OtherTeamAskedFor
from services.cases.texts_on_phones import recall_case_texts
from services.delivery.recall import ListName, recall_list, recall_texts
from services.outbox import OutgoingMessage, Priority
from services.unit_of_work import UnitOfWork


async def case_to_level_up(work: UnitOfWork, who: Member, case_id: str) -> Case:
    """Return a case that somebody may lay before another team. Raises Impossible or NotEntitled."""
    case = await case_to_change(work, case_id)
    if not who.knows_of(case) or not who.has(Role.OFFICE_DIRECTOR):
        raise NotEntitled
    if not may_level_up(who, case):
        raise Impossible("level_up", case.state)
    return case


async def other_teams(work: UnitOfWork, case: Case) -> list[Team]:
    """Return the teams of the round that do not have a case."""
    return [team for team in await teams_for(work, case) if team.id != case.team_id]


async def level_up(work: UnitOfWork, who: Member, case_id: str, team_id: str) -> Team:
    """Lay a case before another team of the round, on the desk of its kind; the reporters are told.

    Raises NobodyMaySee when nobody there could open it, or it names who leads them, and what `case_to_level_up` does.
    """
    joined = await joined_cases(work, case_id)
    await cases_to_change(work, {case_id, *joined})
    case = await case_to_level_up(work, who, case_id)
    team = next((one for one in await other_teams(work, case) if one.id == team_id), None)
    if team is None:
        raise NotEntitled
    await shut_out_named(work, case)
    desk = Desk.leader(team.id) if case.desk.kind is DeskKind.LEADER else Desk.team(team.id)
    if not await may_have(work, case, desk, team.id):
        raise NobodyMaySee
    had_it, was_for_one = await readers(work, case), case.desk.is_for_one
    behind = [await work.session.get_one(Case, one) for one in joined]
    await lay_before(work, who, [case, *behind], desk, team.id)
    for reader in had_it:
        if was_for_one:  # the file on a head, too, in which it stands beside others
            await recall_texts(work, reader.id)
        for name in ListName:
            await recall_list(work, reader.id, name)
    return team


async def lay_before(
    work: UnitOfWork,
    who: Member,
    cases: Sequence[Case],
    desk: Desk,
    team_id: str | None,
    *,
    renew: bool = True,
    with_village_of: str | None = None,
) -> None:
    """Lay a case and what was joined with it on another desk, and the items and drafts that were made of them.

    Texts, cards and working papers are taken back from whoever had them, and the reporters are told, if it is open.
    Lists are the caller's to take back. With `renew` its card hangs where it lies then. `with_village_of`: the team
    that loses the village; None: the case goes for its own sake.
    """
    head, had_it = cases[0], {case.team_id for case in cases if case.team_id is not None}
    for case in cases:  # the reporters of what was joined go on in the head, and what they say stands there, too
        await move(work, case, desk, team_id)
        linked = select(CaseItem.item_id).where(CaseItem.case_id == case.id)
        for made_of_it in (
            update(RectificationItem).where(RectificationItem.id.in_(linked)),
            update(ItemDraft).where(ItemDraft.case_id == case.id),
        ):
            moved = made_of_it.values(team_id=team_id)
            await work.session.execute(moved.execution_options(synchronize_session="fetch"))
        detail: dict[str, Any] = {"with_village_of": with_village_of} if with_village_of else {}
        await log_event(work, case, "level_up", by=who, renew=renew, team=team_id, **detail)
    known = await work.directory()
    losing = {one.id for team in had_it for one in known.with_roles(*TEAM_ROLES, team_id=team)}
    await recall_case_texts(work, cases, losing)
    if head.is_open:
        await say_to_reporter(work, head, MessageKind.TEXT, key="levelled_up")
    if head.held_until is None:  # else nobody on the staff knows of it
        await record(work, Audited.LEVELLED_UP, by=who.id, case_id=head.id, subject=team_id or str(desk))


def may_be_asked_for(case: Case) -> bool:
    """Whether a reporter may ask that another team has a case: once, while a team has it."""
    is_with_team = case.desk.kind in (DeskKind.TEAM, DeskKind.LEADER)
    return case.is_open and is_with_team and not case.asked_for_other_team


async def ask_for_other_team(work: UnitOfWork, case: Case) -> None:
    """Note that a reporter wants another team to have a case; the directors are told, and nobody who has it."""
    case.asked_for_other_team = True
    await log_event(work, case, "ask_for_other_team", renew=False)
    for director in await directors_who_may_know(work, case):
        outgoing = OutgoingMessage(OtherTeamAskedFor(case.id))
        await work.outbox.to_staff(director.id, outgoing, priority=Priority.NOTICE)
