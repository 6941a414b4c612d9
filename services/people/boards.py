"""Which group chat is a team's board: bound by the team leader, lost when the bot is removed, closed when one leaves
or when the bot may not write there any more.

Telegram lets whoever has left a team sit on in its group, and only people can take them out. So from that moment on
nothing hangs there, until the leader says that they are out.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select, true, update

from models.address import Address
from models.audit import Audited
from models.complaints import Case
from models.desk import Desk
from models.rounds import Round, Team
from models.staff import Role
from models.states import ENDED_ROUNDS, NotEntitled
from services.access.member import Member
from services.audit.log import record
from services.cases.cards import put_on_board, show_card, tell_members_instead
from services.cases.reassignment import open_cases
from services.delivery.recall import recall_chat
from services.directory import expire_directory
from services.notice import Notice
from services.outbox import OutgoingMessage
from services.people.notices import BoardClosed, BoardGone, BoardLost, BoardSilenced
from services.people.office import tell_office
from services.unit_of_work import UnitOfWork


class BoardTaken(Exception):
    """The group is another team's board already."""


class BoardChanged(Exception):
    """The group was closed once more since, or is not the one any more that would be used again."""


@dataclass(frozen=True)
class Bound:
    """A group that is a team's board now."""

    team: Team
    address: Address
    open_cases: int
    left: Address | None  # the group that was the board before


@dataclass(frozen=True)
class Closed:
    """A team's group in which nothing hangs until its leader uses it again."""

    closing: int  # the how-manieth
    was_board: bool  # until now; not closed before already


async def teams_led_by(work: UnitOfWork, who: Member) -> list[Team]:
    """Return the teams of running rounds that a member leads."""
    query = (
        select(Team)
        .join(Round, Round.id == Team.round_id)
        .where(Team.id.in_(who.teams(Role.TEAM_LEADER)), Round.state.not_in(ENDED_ROUNDS))
        .order_by(Team.id)
    )
    return list(await work.session.scalars(query))


async def bind_board(work: UnitOfWork, who: Member, team_id: str, address: Address) -> Bound:
    """Make a group the board of a team its leader has chosen, and hang the cards of its open cases there.

    What hangs in the group that was the board before is taken down. Raises NotEntitled for anybody but the leader,
    BoardTaken when another team has the group.
    """
    return await _bind(work, await _led(work, who, team_id), address, by=who.id)


async def use_group_again(work: UnitOfWork, who: Member, team_id: str, closing: str) -> Bound:
    """Make the group that was closed the board again, for its leader says that only the team is in it.

    Raises NotEntitled for anybody but the leader, BoardChanged when it is not the last closing they speak of,
    BoardTaken when another team has the group.
    """
    team = await _led(work, who, team_id)
    if team.closed_board_address is None or closing != str(team.closings):
        raise BoardChanged
    return await _bind(work, team, team.closed_board_address, by=who.id)


async def close_board(work: UnitOfWork, team_id: str) -> Closed | None:
    """Take down what hangs in a team's group, and hang nothing there any more; None when there is no group.

    Its open cases are to be locked before, and shown anew after: to each member in private.
    """
    team = await _to_change(work, team_id)
    group = team.board_address
    if group is not None:
        await forget_board(work, team_id)
        team.closed_board_address = group
        await recall_chat(work, group)
        await work.outbox.to_chat(group, OutgoingMessage(BoardClosed()))
    if team.closed_board_address is None:
        return None
    team.closings += 1
    team.is_silenced = False  # the leader must say that they are out, even when the bot may write again
    await work.session.flush()
    return Closed(team.closings, was_board=group is not None)


async def board_at(work: UnitOfWork, address: Address) -> Team | None:
    """Return the team whose board a group is."""
    return await work.session.scalar(select(Team).where(Team.board_address == address))


async def lose_board(work: UnitOfWork, address: Address, *, by: str | None = None) -> Team | None:
    """Forget a group the bot was removed from: the leaders hear of it, and the members get the cards in private.

    Returns the team whose board it was; None when it was nobody's.
    """
    closed = update(Team).where(Team.closed_board_address == address)
    await work.session.execute(closed.values(closed_board_address=None, is_silenced=False))
    team, cases = await _board_to_change(work, address)
    if team is None:
        return None
    await forget_board(work, team.id)
    await _show_in_private(work, cases)
    await _tell_leaders_or_office(work, team.id, BoardGone(team.id))
    await record(work, Audited.BOARD_LOST, by=by, subject=team.id)
    return team


async def silence_board(work: UnitOfWork, address: Address, *, by: str | None = None) -> None:
    """Close a group in which the bot may not write: the leaders hear how to mend it, the members get the cards.

    Nothing happens when it is nobody's board.
    """
    team, cases = await _board_to_change(work, address)
    if team is None:
        return
    await forget_board(work, team.id)
    team.closed_board_address, team.is_silenced = address, True
    team.closings += 1
    await recall_chat(work, address)  # what can be neither changed nor said anew would tell of times gone by
    await work.session.flush()
    await _show_in_private(work, cases)
    await _tell_leaders_or_office(work, team.id, BoardSilenced(team.id, team.closings))
    await record(work, Audited.BOARD_LOST, by=by, subject=team.id)


async def restore_board(work: UnitOfWork, address: Address, *, by: str | None = None) -> Bound | None:
    """Make a group the board again that was closed because the bot could not write there; None when it was not."""
    silenced = select(Team.id).where(Team.closed_board_address == address, Team.is_silenced == true())
    team_id = await work.session.scalar(silenced)
    if team_id is None:
        return None
    team = await _to_change(work, team_id)
    if not team.is_silenced or team.closed_board_address != address:
        return None
    return await _bind(work, team, address, by=by)


async def _board_to_change(work: UnitOfWork, address: Address) -> tuple[Team | None, list[Case]]:
    """Return the team whose board a group is, and its open cases, all locked; cases are locked first."""
    found = await board_at(work, address)
    if found is None:
        return None, []
    cases = await open_cases(work, teams=[found.id])
    team = await _to_change(work, found.id)
    return (team, cases) if team.board_address == address else (None, [])


async def _show_in_private(work: UnitOfWork, cases: Iterable[Case]) -> None:
    """Bring the cards that hung on a board to whoever may see them."""
    for case in cases:
        if case.is_open and case.desk == Desk.team(case.team_id or ""):
            await show_card(work, case)


async def tell_leaders(work: UnitOfWork, team_id: str, notice: Notice) -> bool:
    """Tell the leaders of a team of its group; return whether there is one whom it would reach."""
    known = await work.directory()
    leaders = [one.id for one in known.with_roles(Role.TEAM_LEADER, team_id=team_id) if known.is_enrolled(one.id)]
    await work.outbox.to_each(leaders, OutgoingMessage(notice))
    return bool(leaders)


async def _tell_leaders_or_office(work: UnitOfWork, team_id: str, notice: Notice) -> None:
    if not await tell_leaders(work, team_id, notice):
        await tell_office(work, BoardLost(team_id))


async def forget_board(work: UnitOfWork, team_id: str) -> None:
    """Hang nothing more in a team's group; what waits to be told there is told to the members."""
    (await work.session.get_one(Team, team_id)).board_address = None
    await work.session.flush()
    expire_directory(work.session)
    await tell_members_instead(work, team_id)


async def move_board(work: UnitOfWork, old: Address, new: Address) -> None:
    """Follow a group that became a supergroup: it has a new address, and the old messages cannot be edited there."""
    await work.session.execute(update(Team).where(Team.closed_board_address == old).values(closed_board_address=new))
    if await follow_group(work, old, new) or await board_at(work, new):
        team = await board_at(work, new)
        assert team is not None  # noqa: S101 (just bound)
        await put_on_board(work, team.id)


async def follow_group(work: UnitOfWork, old: Address, new: Address) -> bool:
    """Let a team's board be at its group's new address, if it still is that group; return whether it was."""
    moved = update(Team).where(Team.board_address == old).values(board_address=new).returning(Team.id)
    found = (await work.session.scalars(moved, execution_options={"synchronize_session": "fetch"})).all()
    expire_directory(work.session)
    return bool(found)


async def _led(work: UnitOfWork, who: Member, team_id: str) -> Team:
    if all(team.id != team_id for team in await teams_led_by(work, who)):
        raise NotEntitled
    return await _to_change(work, team_id)


async def _to_change(work: UnitOfWork, team_id: str) -> Team:
    team = await work.session.get_one(Team, team_id, with_for_update={"key_share": True}, populate_existing=True)
    expire_directory(work.session)
    return team


async def _bind(work: UnitOfWork, team: Team, address: Address, *, by: str | None) -> Bound:
    holder = await work.session.scalar(select(Team.id).where(Team.board_address == address))
    if holder not in (None, team.id):
        raise BoardTaken
    left = team.board_address if team.board_address != address else None
    team.board_address, team.closed_board_address, team.is_silenced = address, None, False
    await work.session.flush()
    if left is not None:
        await recall_chat(work, left)
    open_cases = await put_on_board(work, team.id)
    await record(work, Audited.BOARD_BOUND, by=by, subject=team.id)
    return Bound(team, address, open_cases, left)
