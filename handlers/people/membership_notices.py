"""Somebody is on a team no more, or their phone is lost: who must take them out of the group hears of it."""

from collections.abc import Mapping
from typing import Any

from handlers.cases.labels import button
from handlers.notices import Reader, renders
from handlers.press import Press
from models.rounds import Team
from models.staff import Role, Staff
from services.access.member import members_with
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html
from texts.message import Message


@renders("staff_gone")
async def staff_gone(work: UnitOfWork, reader: Reader, args: Mapping[str, Any]) -> Message | None:
    return await _to_leader(work, reader, args, "team.staff_gone")


@renders("phone_lost")
async def phone_lost(work: UnitOfWork, reader: Reader, args: Mapping[str, Any]) -> Message | None:
    return await _to_leader(work, reader, args, "team.phone_lost")


@renders("nobody_leads")
async def nobody_leads(work: UnitOfWork, reader: Reader, args: Mapping[str, Any]) -> Message | None:
    """Tell the office director, for the team has no leader whom it would reach."""
    staff = await work.session.get_one(Staff, args["staff_id"])
    team = await work.session.get_one(Team, args["team_id"])
    return Message(reader.words("team.nobody_leads", name=staff.name, team=team.name))


@renders("board_closed")
async def board_closed(_work: UnitOfWork, reader: Reader, _args: Mapping[str, Any]) -> Message | None:
    """Tell the group, in which they still are: so it names nobody."""
    return Message(reader.words("team.board_closed"))


async def _to_leader(work: UnitOfWork, reader: Reader, args: Mapping[str, Any], key: str) -> Message | None:
    staff = await work.session.get_one(Staff, args["staff_id"])
    team = await work.session.get_one(Team, args["team_id"])
    told = [reader.words(key, name=staff.name, team=team.name)]
    if team.closed_group_id is None or team.closings != args["closing"]:
        return Message(told[0])
    on_team = await members_with(work.session, Role.TEAM_LEADER, Role.TEAM_MEMBER, team_id=team.id)
    names = reader.words("staff.list_comma").join(one.name for one in on_team)
    told.append(reader.words("team.board_closed_until", names=names))
    again = button(reader.words, "team.use_group_again", Press("board", "again", team.id, str(team.closings)).pack())
    return Message(Html("\n".join(told)), ((again,),))
