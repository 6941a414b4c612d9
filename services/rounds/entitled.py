"""Who on the staff knows of a round, who turns it, and who prints what hangs in its villages."""

from models.staff import LEADING_GROUP_ROLES, OFFICE_ROLES, TEAM_ROLES, Role
from models.states import Actor, NotEntitled
from services.access.member import Member
from services.directory import Directory, RoundRecord

# The office enters what the leading group decided.
OFFICE = frozenset({Actor.OFFICE_DIRECTOR, Actor.LEADING_GROUP})
_OF_THE_COUNTY = (*OFFICE_ROLES, *LEADING_GROUP_ROLES)


def actors_at_round(who: Member) -> frozenset[Actor]:
    """Return what somebody is at any round."""
    return OFFICE if who.has(Role.OFFICE_DIRECTOR) else frozenset()


def rounds_known_to(known: Directory, who: Member) -> list[RoundRecord]:
    """Return the rounds that somebody knows of, the newest first: all, or those in which they are on a team."""
    own = {known.teams[team].round_id for team in who.teams(*TEAM_ROLES)}
    found = [one for one in known.rounds.values() if who.has(*_OF_THE_COUNTY) or one.id in own]
    return sorted(found, key=lambda one: (one.stay_from, one.id), reverse=True)


def round_known_to(known: Directory, who: Member, round_id: str) -> RoundRecord:
    """Return a round. Raises NotEntitled unless somebody knows of it."""
    found = next((one for one in rounds_known_to(known, who) if one.id == round_id), None)
    if found is None:
        raise NotEntitled
    return found


def units_to_print_for(known: Directory, who: Member, round_id: str) -> list[str]:
    """Return the units of a round for which somebody prints: the office for all, a team leader for the team's own."""
    led = who.teams(Role.TEAM_LEADER)
    assigned = known.assignments.get(round_id, {})
    return [unit_id for unit_id, team_id in sorted(assigned.items()) if who.is_office or team_id in led]
