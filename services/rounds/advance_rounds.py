"""Rounds go on by themselves where a date says so."""

from sqlalchemy import and_, or_, select

from models.rounds import Round
from models.states import ROUND, Actor, RoundState
from services.unit_of_work import UnitOfWork


async def advance_rounds(work: UnitOfWork) -> None:
    """Close the intake of rounds after its last day, and end intensive rectification after its due day."""
    query = select(Round).where(
        or_(
            and_(Round.state == RoundState.STATIONED, Round.intake_until < work.today),
            and_(Round.state == RoundState.INTENSIVE_RECTIFICATION, Round.rectification_due < work.today),
        )
    )
    for inspection_round in await work.session.scalars(query.order_by(Round.id).with_for_update()):
        action = "close_intake" if inspection_round.state == RoundState.STATIONED else "evaluate"
        inspection_round.state = ROUND.step(inspection_round.state, action, {Actor.SYSTEM})
