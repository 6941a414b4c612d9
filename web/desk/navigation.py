"""Where somebody on the staff can go, and what they can begin, by what they are."""

from models.staff import TEAM_ROLES, Role
from services.cases.late import TOLD_OF_TEAMS
from services.cases.special_briefs import briefs_of
from services.publication.publications import actors_of
from services.rounds.entitled import rounds_known_to
from web.desk.addresses import HOME
from web.desk.desk import PageContext


async def pages_of(context: PageContext) -> list[tuple[str, str]]:
    """Return the name of each page that somebody is offered, and its address."""
    who, known = context.who, await context.work.directory()
    found = ["queue", "mine"] if who.desks else []
    found += ["late"] if who.desks or who.has(*TOLD_OF_TEAMS) else []
    found += ["clusters"] if who.teams(*TEAM_ROLES) or who.has(Role.OFFICE_DIRECTOR) else []
    found += ["briefs"] if await briefs_of(context.work, who) else []
    found.append("items")
    found += ["rounds"] if rounds_known_to(known, who) else []
    if who.has(Role.OFFICE_DIRECTOR):
        found += ["import", "staff", "audit"]
    found += ["publish"] if actors_of(who) else []
    found += ["recuse"] if who.desks else []
    return [(name, f"{HOME}/{name}") for name in [*found, "whoami", "lang"]]


def begins(context: PageContext) -> list[str]:
    """Return the commands that somebody is offered beside their lists."""
    who = context.who
    return ["newitem"] if who.is_office or who.has(Role.TEAM_LEADER) else []
