"""What the office does to a round as a whole: open it, leave, give feedback, archive."""

from dataclasses import asdict

from sqlalchemy import select

from models.audit import Audited
from models.evaluation import RoundEvaluation
from models.rectification import RectificationItem
from models.rounds import Round
from models.states import ROUND, EvaluationState, ItemState
from services.access.member import Member
from services.audit.log import record
from services.rounds.checklists_versions import latest_checklists_version
from services.rounds.entitled import OFFICE, actors_at_round
from services.rounds.settings_versions import latest_settings_version
from services.unit_of_work import UnitOfWork


class GradesNotConfirmed(Exception):
    """A round is not archived before the grades of its units are confirmed, if there is anything to grade."""


def office_actions() -> list[str]:
    """Return what the office may do to a round in one state or another, in the order of a round's life."""
    return list(dict.fromkeys(arrow.action for arrow in ROUND.transitions if OFFICE.intersection(arrow.by)))


def possible_actions(inspection_round: Round) -> list[str]:
    """Return what the office may do to a round as it stands."""
    return ROUND.actions(inspection_round.state, OFFICE)


async def change_round_state(work: UnitOfWork, round_id: str, action: str, *, by: Member | None = None) -> Round:
    """Do an action and return the round in its new state; `by`: nobody, where it is done by the command line.

    Raises Impossible, NotEntitled for whoever may not, and GradesNotConfirmed. Whoever runs the server can archive
    without grades, for they can do anything to a round.
    """
    inspection_round = await work.session.get_one(Round, round_id, with_for_update=True)
    actors = OFFICE if by is None else actors_at_round(by)
    state = ROUND.step(inspection_round.state, action, actors)
    if action == "archive" and by is not None and not await _is_graded(work, round_id):
        raise GradesNotConfirmed
    inspection_round.state = state
    if action == "open":
        inspection_round.settings_version = await latest_settings_version(work)
        inspection_round.checklists_version = await latest_checklists_version(work)
        inspection_round.score_sheet = asdict((await work.directory()).evaluation_settings_of(round_id))
    await work.session.flush()
    await record(work, Audited.ROUND_TURNED, by=by.id if by else None, subject=round_id, step=action)
    return inspection_round


async def _is_graded(work: UnitOfWork, round_id: str) -> bool:
    """Whether the grades of a round are confirmed, or nothing was ever issued in it."""
    evaluation = await work.session.get(RoundEvaluation, round_id)
    if evaluation is not None and evaluation.state is not EvaluationState.COMPUTED:
        return True
    issued = select(RectificationItem.id).where(
        RectificationItem.round_id == round_id, RectificationItem.state != ItemState.DRAFT
    )
    return await work.session.scalar(issued.limit(1)) is None
