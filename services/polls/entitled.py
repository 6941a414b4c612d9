"""Who holds polls at which units, and who reads what came of them: never anybody of the unit itself."""

from models.polls import Poll
from models.staff import LEADING_GROUP_ROLES, Role
from models.states import RoundState
from services.access.member import Member
from services.directory import Directory
from services.rounds.entitled import units_to_print_for

_POLLED = frozenset({RoundState.STATIONED, RoundState.INTAKE_CLOSED})  # while the teams are there


def has_to_do_with_polls(who: Member) -> bool:
    """Whether somebody holds polls anywhere, or reads what comes of them."""
    return who.is_office or who.has(Role.TEAM_LEADER, *LEADING_GROUP_ROLES)


def units_to_poll(known: Directory, who: Member) -> dict[str, str]:
    """Return the units at which somebody may open a poll now, and the newest round in which each is inspected."""
    rounds = sorted(known.rounds.values(), key=lambda one: (one.stay_from, one.id))
    return {unit_id: one.id for one in rounds if one.state in _POLLED for unit_id in _held_at(known, who, one.id)}


def holds(known: Directory, who: Member, poll: Poll) -> bool:
    """Whether a poll is theirs to print codes for and to close."""
    return poll.unit_id in _held_at(known, who, poll.round_id)


def looks_at(known: Directory, who: Member, poll: Poll) -> bool:
    """Whether somebody may know that a poll is there, and what came of it."""
    if poll.unit_id in who.shut_out_of:
        return False
    return who.has(*LEADING_GROUP_ROLES) or holds(known, who, poll)


def _held_at(known: Directory, who: Member, round_id: str) -> list[str]:
    """Return the units of a round at which somebody holds polls: whoever prints posters for them, if not shut out."""
    return [unit_id for unit_id in units_to_print_for(known, who, round_id) if unit_id not in who.shut_out_of]
