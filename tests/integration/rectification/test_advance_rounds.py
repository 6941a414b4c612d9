"""Rounds go on by themselves where a date says so."""

from sqlalchemy import update

from models.rounds import Round
from models.states import RoundState
from services.rounds.advance_rounds import advance_rounds
from tests.conftest import OpenWork
from tests.integration.rectification.conftest import at


async def state_on(county: OpenWork, day: int, round_id: str, *, month: int) -> RoundState:
    async with county(now=at(day, 0, 5, month=month)) as work:
        await advance_rounds(work)
        return RoundState((await work.session.get_one(Round, round_id)).state)


async def test_the_intake_closes_after_its_last_day(county: OpenWork) -> None:
    assert await state_on(county, 4, "R6", month=12) == RoundState.STATIONED
    assert await state_on(county, 5, "R6", month=12) == RoundState.INTAKE_CLOSED
    assert await state_on(county, 6, "R6", month=12) == RoundState.INTAKE_CLOSED


async def test_intensive_rectification_ends_after_its_due_day(county: OpenWork) -> None:
    async with county() as work:
        await work.session.execute(
            update(Round).where(Round.id == "R5").values(state=RoundState.INTENSIVE_RECTIFICATION)
        )
    assert await state_on(county, 18, "R5", month=11) == RoundState.INTENSIVE_RECTIFICATION
    assert await state_on(county, 19, "R5", month=11) == RoundState.EVALUATING
