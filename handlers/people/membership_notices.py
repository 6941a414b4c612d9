"""Notices that somebody left a team or lost a phone, to whoever must remove them from the group."""

from handlers.actions import button
from handlers.notices import renders
from handlers.press import Press
from models.rounds import Team
from models.staff import Role, Staff
from services.delivery.reader import Reader
from services.people.notices import BoardClosed, BoardSilenced, GroupNotice, NobodyLeads, PhoneLost, StaffGone
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html
from texts.message import Message


@renders(StaffGone)
async def staff_gone(work: UnitOfWork, reader: Reader, notice: StaffGone) -> Message | None:
    return await _to_leader(work, reader, notice, "team.staff_gone")


@renders(PhoneLost)
async def phone_lost(work: UnitOfWork, reader: Reader, notice: PhoneLost) -> Message | None:
    return await _to_leader(work, reader, notice, "team.phone_lost")


@renders(NobodyLeads)
async def nobody_leads(work: UnitOfWork, reader: Reader, notice: NobodyLeads) -> Message | None:
    """Tell the office director, for the team has no leader whom it would reach."""
    staff = await work.session.get_one(Staff, notice.staff_id)
    team = await work.session.get_one(Team, notice.team_id)
    return Message(reader.words("team.nobody_leads", name=staff.name, team=team.name))


@renders(BoardClosed)
async def board_closed(_work: UnitOfWork, reader: Reader, _notice: BoardClosed) -> Message | None:
    """Tell the group, in which they still are: so it names nobody."""
    return Message(reader.words("team.board_closed"))


@renders(BoardSilenced)
async def board_silenced(work: UnitOfWork, reader: Reader, notice: BoardSilenced) -> Message | None:
    """Tell the leader how the bot is let write in the group again; nothing once it is."""
    team = await work.session.get_one(Team, notice.team_id)
    if not team.is_silenced or team.closings != notice.closing:
        return None
    again = Press("board", "again", team.id, str(team.closings))
    return Message(
        reader.words("team.board_silenced", team=team.name),
        ((button(reader.words, "team.group_lets_us_write", again.pack()),),),
    )


async def _to_leader(work: UnitOfWork, reader: Reader, notice: GroupNotice, key: str) -> Message | None:
    staff = await work.session.get_one(Staff, notice.staff_id)
    team = await work.session.get_one(Team, notice.team_id)
    paragraphs = [reader.words(key, name=staff.name, team=team.name)]
    if team.closed_board_address is None or team.closings != notice.closing:
        return Message(paragraphs[0])
    on_team = (await work.directory()).with_roles(Role.TEAM_LEADER, Role.TEAM_MEMBER, team_id=team.id)
    names = reader.words("staff.list_comma").join(person.name for person in on_team)
    paragraphs.append(reader.words("team.board_closed_until", names=names))
    again = button(reader.words, "team.use_group_again", Press("board", "again", team.id, str(team.closings)).pack())
    return Message(Html("\n".join(paragraphs)), ((again,),))
