"""What the office does to a round as a whole: open it, leave, give feedback, archive."""

from models.audit import Audited
from models.rounds import Round
from models.states import ROUND, Actor
from services.audit.log import record
from services.rounds.settings_versions import latest_settings_version
from services.unit_of_work import UnitOfWork

# The office enters what the leading group decided.
OFFICE = frozenset({Actor.OFFICE_DIRECTOR, Actor.LEADING_GROUP})


def office_actions() -> frozenset[str]:
    """Return what the office may do to a round in one state or another."""
    return frozenset(arrow.action for arrow in ROUND.transitions if OFFICE.intersection(arrow.by))


def possible_actions(inspection_round: Round) -> list[str]:
    """Return what the office may do to a round as it stands."""
    return ROUND.actions(inspection_round.state, OFFICE)


async def change_round_state(work: UnitOfWork, round_id: str, action: str) -> Round:
    """Do an action and return the round in its new state. Raises Impossible."""
    inspection_round = await work.session.get_one(Round, round_id, with_for_update=True)
    inspection_round.state = ROUND.step(inspection_round.state, action, OFFICE)
    if action == "open":
        inspection_round.settings_version = await latest_settings_version(work)
    await work.session.flush()
    await record(work, Audited.ROUND_TURNED, subject=round_id, step=action)
    return inspection_round
