"""What a member may do with a case as it stands."""

from models.complaints import Case
from models.states import CASE, Actor
from services.access.member import Member


def actions_open_to(who: Member, case: Case) -> list[str]:
    """Return the actions a member may do now: those of the state machine, and those that leave the state as it is."""
    actors = who.actors_at(case)
    if not actors:
        return []
    found = ["open"]
    if case.is_open and case.awaits_response:
        found.append("respond")
    elif case.is_open and Actor.TEAM_MEMBER in actors and case.owner_id is None:
        found.append("claim")
    if case.is_open and Actor.TEAM_LEADER in actors and case.owner_id not in (None, who.id):
        found.append("take_over")
    if case.proposal is not None and Actor.TEAM_LEADER in actors:
        found += ["confirm_refusal", "decline_refusal"]
    found += CASE.actions(case.state, actors)
    if may_propose_refusal(case, actors):
        found.append("propose_refusal")
    return found


def may_propose_refusal(case: Case, actors: frozenset[Actor]) -> bool:
    """Whether somebody may only propose not to accept a case, for a leader to decide."""
    if Actor.TEAM_MEMBER not in actors or Actor.TEAM_LEADER in actors:
        return False
    return "not_accept" in CASE.actions(case.state, {Actor.TEAM_LEADER})
