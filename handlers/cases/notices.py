"""Short notices to the team: the reporter wrote, somebody took a case over, the board is gone."""

from collections.abc import Mapping
from typing import Any

from handlers.cases.labels import button, number
from handlers.notices import Reader, renders
from handlers.press import Press
from models.complaints import Case
from models.rounds import Team
from services.access.member import member
from services.access.visibility import board_of
from services.unit_of_work import UnitOfWork
from texts.message import Message


@renders("case_reporter_wrote")
async def case_reporter_wrote(work: UnitOfWork, reader: Reader, args: Mapping[str, Any]) -> Message | None:
    return await _about_case(work, reader, args, "team.reporter_wrote")


@renders("case_taken_over")
async def case_taken_over(work: UnitOfWork, reader: Reader, args: Mapping[str, Any]) -> Message | None:
    return await _about_case(work, reader, args, "team.was_taken_over")


@renders("case_proposal_declined")
async def case_proposal_declined(work: UnitOfWork, reader: Reader, args: Mapping[str, Any]) -> Message | None:
    return await _about_case(work, reader, args, "team.was_declined")


@renders("board_gone")
async def board_gone(work: UnitOfWork, reader: Reader, args: Mapping[str, Any]) -> Message | None:
    team = await work.session.get_one(Team, args["team_id"])
    return Message(reader.words("team.board_gone", team=team.name))


async def _about_case(work: UnitOfWork, reader: Reader, args: Mapping[str, Any], key: str) -> Message | None:
    case = await work.session.get(Case, args["case_id"])
    if case is None or not await _may_know(work, reader, case):
        return None
    open_it = button(reader.words, "team.action_open", Press("case", "open", case.id).pack())
    return Message(reader.words(key, number=number(case)), ((open_it,),))


async def _may_know(work: UnitOfWork, reader: Reader, case: Case) -> bool:
    if reader.staff_id is None:
        return await board_of(work, case) == reader.recipient.removeprefix("board:")
    return (await member(work.session, reader.staff_id)).sees(case)
