"""Notices to the office about the product itself: somebody cannot be reached, a board is gone."""

from collections.abc import Mapping
from typing import Any

from handlers.notices import Reader, renders
from models.rounds import Team
from models.staff import Staff
from services.unit_of_work import UnitOfWork
from texts.message import Message


@renders("staff_unreachable")
async def staff_unreachable(work: UnitOfWork, reader: Reader, args: Mapping[str, Any]) -> Message | None:
    staff = await work.session.get(Staff, args["staff_id"])
    if staff is None:
        return None
    return Message(reader.words("alert.staff_unreachable", name=staff.name, id=staff.id))


@renders("head_gone")
async def head_gone(work: UnitOfWork, reader: Reader, args: Mapping[str, Any]) -> Message | None:
    staff = await work.session.get_one(Staff, args["staff_id"])
    return Message(reader.words("alert.head_gone", name=staff.name))


@renders("backup_failed")
async def backup_failed(_work: UnitOfWork, reader: Reader, args: Mapping[str, Any]) -> Message | None:
    return Message(reader.words("alert.backup_failed", kind=args["kind"]))


@renders("board_lost")
async def board_lost(work: UnitOfWork, reader: Reader, args: Mapping[str, Any]) -> Message | None:
    team = await work.session.get(Team, args["team_id"])
    return None if team is None else Message(reader.words("alert.board_lost", team=team.name))
