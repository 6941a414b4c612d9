"""Who has a case when those who may see it have changed: nobody keeps what they must not see, and nothing is lost."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, select, true

from models.complaints import Case
from services.complaints.board import readers, show_card
from services.complaints.case_log import case_to_change, move, note
from services.staff.member import DIRECTOR_DESK
from services.work import Work


async def entrust_anew(work: Work, case: Case) -> None:
    """Take a case from an owner who may not see it any more, and lay it before the director when nobody there may."""
    if case.held_until is not None:
        return  # nobody may see it yet
    seeing = await readers(work, case)
    if not seeing and case.desk != DIRECTOR_DESK:
        await move(work, case, DIRECTOR_DESK, None)
    elif case.owner_id is not None and case.owner_id not in {reader.id for reader in seeing}:
        case.owner_id = None
    else:
        await show_card(work, case)
        return
    await note(work, case, "entrusted_anew")


async def entrust_units(work: Work, unit_ids: Collection[str]) -> None:
    """Do so for every open case of some units."""
    await _entrust(work, Case.unit_id.in_(unit_ids))


async def entrust_teams(work: Work, team_ids: Collection[str]) -> None:
    """Do so for every open case of some teams."""
    await _entrust(work, Case.team_id.in_(team_ids))


async def entrust_those_of(work: Work, staff_id: str) -> None:
    """Do so for every open case somebody has."""
    await _entrust(work, Case.owner_id == staff_id)


async def _entrust(work: Work, which: ColumnElement[bool]) -> None:
    query = select(Case.id).where(Case.is_open == true(), which).order_by(Case.id)
    for case_id in list(await work.session.scalars(query)):
        await entrust_anew(work, await case_to_change(work, case_id))
