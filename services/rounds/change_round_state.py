"""What the office does to a round as a whole: open it, leave, give feedback, archive."""

from models.audit import Audited
from models.rounds import Round
from models.states import ROUND
from services.access.member import Member
from services.audit.log import record
from services.rounds.checklists_versions import latest_checklists_version
from services.rounds.entitled import OFFICE, actors_at_round
from services.rounds.settings_versions import latest_settings_version
from services.unit_of_work import UnitOfWork


def office_actions() -> list[str]:
    """Return what the office may do to a round in one state or another, in the order of a round's life."""
    return list(dict.fromkeys(arrow.action for arrow in ROUND.transitions if OFFICE.intersection(arrow.by)))


def possible_actions(inspection_round: Round) -> list[str]:
    """Return what the office may do to a round as it stands."""
    return ROUND.actions(inspection_round.state, OFFICE)


async def change_round_state(work: UnitOfWork, round_id: str, action: str, *, by: Member | None = None) -> Round:
    """Do an action and return the round in its new state; `by`: nobody, where it is done by the command line.

    Raises Impossible, and NotEntitled for whoever may not.
    """
    inspection_round = await work.session.get_one(Round, round_id, with_for_update=True)
    actors = OFFICE if by is None else actors_at_round(by)
    inspection_round.state = ROUND.step(inspection_round.state, action, actors)
    if action == "open":
        inspection_round.settings_version = await latest_settings_version(work)
        inspection_round.checklists_version = await latest_checklists_version(work)
    await work.session.flush()
    await record(work, Audited.ROUND_TURNED, by=by.id if by else None, subject=round_id, step=action)
    return inspection_round
