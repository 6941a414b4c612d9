"""Which group chat is a team's board: bound by the team leader, lost when the bot is removed."""

from dataclasses import dataclass

from sqlalchemy import select, update

from models.rounds import Round, Team
from models.staff import Role
from models.states import NotEntitled, RoundState
from services.complaints.board import put_on_board
from services.outbox import Order
from services.staff.member import Member, members_with
from services.work import Work

OVER = (RoundState.ARCHIVED, RoundState.CANCELLED)


class BoardTaken(Exception):
    """The group is another team's board already."""


@dataclass(frozen=True)
class Bound:
    """A group that is a team's board now."""

    team: Team
    open_cases: int
    left_chat_id: int | None  # the group that was the board before


async def teams_led_by(work: Work, who: Member) -> list[Team]:
    """Return the teams of running rounds that a member leads."""
    query = (
        select(Team)
        .join(Round, Round.id == Team.round_id)
        .where(Team.id.in_(who.teams(Role.TEAM_LEADER)), Round.state.not_in(OVER))
        .order_by(Team.id)
    )
    return list(await work.session.scalars(query))


async def bind_board(work: Work, who: Member, team_id: str, chat_id: int) -> Bound:
    """Make a group the board of a team its leader has chosen, and hang the cards of its open cases there.

    Raises NotEntitled for anybody but the leader, BoardTaken when another team has the group.
    """
    team = next((team for team in await teams_led_by(work, who) if team.id == team_id), None)
    if team is None:
        raise NotEntitled
    holder = await work.session.scalar(select(Team.id).where(Team.group_chat_id == chat_id))
    if holder not in (None, team.id):
        raise BoardTaken
    left, team.group_chat_id = team.group_chat_id, chat_id
    await work.session.flush()
    open_cases = await put_on_board(work, team.id)
    return Bound(team, open_cases, left if left != chat_id else None)


async def board_at(work: Work, chat_id: int) -> Team | None:
    """Return the team whose board a group is."""
    return await work.session.scalar(select(Team).where(Team.group_chat_id == chat_id))


async def lose_board(work: Work, chat_id: int) -> None:
    """Forget a group the bot was removed from, and tell the leaders that cards come in private now."""
    team = await board_at(work, chat_id)
    if team is None:
        return
    team.group_chat_id = None
    await work.session.flush()
    for leader in await members_with(work.session, Role.TEAM_LEADER, team_id=team.id):
        await work.outbox.to_staff(leader.id, Order("board_gone", {"team_id": team.id}))


async def move_board(work: Work, old_chat_id: int, new_chat_id: int) -> None:
    """Follow a group that became a supergroup: it has a new number, and the old messages cannot be edited there."""
    team = await board_at(work, old_chat_id) or await board_at(work, new_chat_id)
    if team is None:
        return
    await work.session.execute(update(Team).where(Team.id == team.id).values(group_chat_id=new_chat_id))
    await put_on_board(work, team.id)
