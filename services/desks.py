"""Where cases lie, and so who may see them at all: the desks of the county."""

OFFICE_DESK = "office"
DIRECTOR_DESK = "office_director"
_LEADER_DESK = "team_leader:"


def team_desk(team_id: str) -> str:
    """Return the desk where a team's cases lie."""
    return f"team:{team_id}"


def leader_desk(team_id: str) -> str:
    """Return the desk for a team leader's eyes alone."""
    return f"{_LEADER_DESK}{team_id}"


def is_for_one(desk: str) -> bool:
    """Whether a desk is for one pair of eyes: a team leader's, or the office director's."""
    return desk == DIRECTOR_DESK or desk.startswith(_LEADER_DESK)
