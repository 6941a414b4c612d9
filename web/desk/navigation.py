"""Where somebody on the staff can go, and what they can begin, by what they are."""

from models.staff import TEAM_ROLES, Role
from services.cases.balance import desks_balanced_by
from services.cases.late import TOLD_OF_TEAMS
from services.cases.name_lists import teams_with_lists
from services.cases.special_briefs import briefs_of
from services.fieldwork.places import places_to_look_at
from services.people.grants import may_grant
from services.polls.entitled import has_to_do_with_polls
from services.publication.publications import actors_of
from services.rounds.entitled import rounds_known_to
from web.desk.addresses import HOME
from web.desk.desk import PageContext

_KNOW_OF_INSTRUCTIONS = (Role.LEADING_GROUP_HEAD, Role.OFFICE_DIRECTOR, Role.TEAM_LEADER)


async def pages_of(context: PageContext) -> list[tuple[str, str]]:
    """Return the name of each page that somebody is offered, and its address."""
    who, known = context.who, await context.work.directory()
    found = ["queue", "mine", "digest", "find"] if who.desks else ["queue"] if who.grants else []
    found += ["grants"] if may_grant(who) else []
    found += ["load"] if desks_balanced_by(who) else []
    found += ["late"] if who.desks or who.has(*TOLD_OF_TEAMS) else []
    found += ["instructions"] if who.has(*_KNOW_OF_INSTRUCTIONS) else []
    found += ["clusters"] if who.teams(*TEAM_ROLES) or who.has(Role.OFFICE_DIRECTOR) else []
    found += ["briefs"] if await briefs_of(context.work, who) else []
    found += ["transfers"] if who.departments or who.has(*TOLD_OF_TEAMS) else []
    found.append("items")
    found += ["names"] if teams_with_lists(known, who) else []
    found += ["rounds"] if rounds_known_to(known, who) else []
    found += ["village"] if places_to_look_at(known, who) else []
    found += ["visits"] if who.has(*TEAM_ROLES, Role.MICRO_TEAM) else []
    if who.has(Role.OFFICE_DIRECTOR):
        found += ["import", "staff", "audit"]
    found += ["polls"] if has_to_do_with_polls(who) else []
    found += ["publish"] if actors_of(who) else []
    found += ["recuse"] if who.desks else []
    return [(name, f"{HOME}/{name}") for name in [*found, "whoami", "lang"]]


def begins(context: PageContext) -> list[str]:
    """Return the commands that somebody is offered beside their lists."""
    who = context.who
    found = ["newitem"] if who.is_office or who.has(Role.TEAM_LEADER) else []
    found += ["brief"] if who.has(Role.TEAM_LEADER) else []
    return [*found, *(["enter"] if who.is_office or who.has(*TEAM_ROLES, Role.MICRO_TEAM) else [])]
