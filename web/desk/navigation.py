"""Where somebody on the staff can go, and what they can begin, by what they are."""

from collections.abc import Iterable
from dataclasses import dataclass

from handlers.items.draft_comments import has_to_do_with_comments
from handlers.items.sources import may_see_sources
from models.staff import LEADING_GROUP_ROLES, TEAM_ROLES, Role
from services.cases.balance import desks_balanced_by
from services.cases.duty_contacts import may_read_duty_contacts
from services.cases.late import TOLD_OF_TEAMS
from services.cases.name_lists import teams_with_lists
from services.cases.on_call import may_read_rosters
from services.cases.special_briefs import reads_any_brief
from services.docket.accountability import reads_list
from services.docket.tasks import may_have_opinions, may_name_matters
from services.evaluation.alarms import sees_alarms
from services.evaluation.clearance import may_ask
from services.evaluation.entitled import has_to_do_with_grades
from services.evaluation.weekly import level_of
from services.fieldwork.places import places_to_look_at
from services.letters.letters import reads_register
from services.people.grants import may_grant
from services.polls.entitled import has_to_do_with_polls
from services.publication.publications import actors_of
from services.publication.round_numbers import compares_rounds
from services.rectification.copies import departments_of, gets_copies
from services.rectification.feedback import has_to_do_with_feedback
from services.rectification.origins import enters_origins
from services.rectification.requests import waits_for_any
from services.revisits.revisits import has_to_do_with_revisits
from services.revisits.self_checks import has_to_do_with_checks
from services.rounds.entitled import rounds_known_to
from services.talks.talks import may_know_of_talks_elsewhere
from web.desk.addresses import HOME
from web.desk.desk import PageContext

_KNOW_OF_INSTRUCTIONS = (Role.LEADING_GROUP_HEAD, Role.OFFICE_DIRECTOR, Role.TEAM_LEADER)


# The pages that are always in sight, and the others, under headings.
_FIRST = ("today", "queue", "mine", "find", "items")
_GROUPS = {
    "cases": (
        "digest",
        "late",
        "load",
        "oncall",
        "transfers",
        "departments",
        "leads",
        "clusters",
        "briefs",
        "instructions",
        "compare",
    ),
    "group": ("docket", "talks", "bulletins", "tasks", "matters", "opinions", "accountability"),
    "field": ("village", "visits", "names", "polls"),
    "rectification": (
        "copies",
        "fielditems",
        "drafts",
        "comments",
        "selfreports",
        "feedback",
        "feedback-list",
        "sources",
        "campaigns",
        "handdowns",
        "weekly",
        "rates",
        "grades",
        "report",
        "alarms",
        "clearance",
    ),
    "again": ("revisits", "checks", "patterns", "letters"),
    "office": ("rounds", "publish", "import", "staff", "grants", "audit", "recuse"),
    "own": ("whoami", "lang"),
}
_FEW = 7  # so many are in sight without headings

Link = tuple[str, str]  # the name of a page, and its address


@dataclass(frozen=True)
class Navigation:
    """Where somebody can go from a page: the links in sight, and the others by the heading they stand under."""

    first: list[Link]
    further: list[tuple[str, list[Link]]]


async def navigation_of(context: PageContext, here: str) -> Navigation:
    """Return where somebody can go; `here`, the page they are on, is in sight."""
    offered = await _pages_of(context)
    in_order = [*_FIRST, *(name for group in _GROUPS.values() for name in group)]
    if len(offered) <= _FEW:
        return Navigation(_links(name for name in in_order if name in offered), [])
    groups = [(heading, _links(name for name in names if name in offered)) for heading, names in _GROUPS.items()]
    first = _links(name for name in in_order if name in offered and (name in _FIRST or name == here))
    return Navigation(first, [(heading, links) for heading, links in groups if links])


def _links(names: Iterable[str]) -> list[Link]:
    return [(name, f"{HOME}/{name}") for name in names]


async def _pages_of(context: PageContext) -> set[str]:
    """Return the names of the pages that somebody is offered."""
    who, known = context.who, await context.work.directory()
    reads_docket = who.is_office or who.has(*LEADING_GROUP_ROLES, Role.TEAM_LEADER)
    issues = who.is_office or who.has(Role.TEAM_LEADER)
    offered = {
        "queue": bool(who.desks or who.grants),
        "mine": bool(who.desks),
        "digest": bool(who.desks),
        "find": who.is_shown_cases,
        "grants": may_grant(who),
        "load": bool(desks_balanced_by(who)),
        "oncall": may_read_rosters(who),
        "late": bool(who.desks) or who.has(*TOLD_OF_TEAMS),
        "instructions": who.has(*_KNOW_OF_INSTRUCTIONS),
        "clusters": bool(who.teams(*TEAM_ROLES)) or who.has(Role.OFFICE_DIRECTOR),
        "briefs": await reads_any_brief(context.work, who),
        "transfers": bool(who.departments) or who.has(*TOLD_OF_TEAMS) or await waits_for_any(context.work, who),
        "departments": may_read_duty_contacts(who),
        "leads": who.has(*TOLD_OF_TEAMS),
        "today": bool(who.units(Role.UNIT_HEAD, Role.LIAISON)) or who.has(Role.COUNTY_LEADER),
        "compare": compares_rounds(who),
        "items": True,
        "revisits": has_to_do_with_revisits(who),
        "checks": has_to_do_with_checks(who),
        "patterns": who.is_office or who.has(*LEADING_GROUP_ROLES),
        "letters": reads_register(who),
        "docket": reads_docket,
        "talks": bool(who.units(Role.UNIT_HEAD, Role.LIAISON)) or may_know_of_talks_elsewhere(who),
        "bulletins": who.is_office or who.has(Role.UNIT_HEAD, Role.LIAISON, Role.COUNTY_LEADER),
        "tasks": reads_docket or who.has(Role.TEAM_MEMBER, Role.COUNTY_LEADER, Role.UNIT_HEAD, Role.RESIDENT_CADRE),
        "matters": may_name_matters(who),
        "opinions": may_have_opinions(who),
        "accountability": reads_list(who),
        "copies": gets_copies(who),
        "fielditems": bool(departments_of(who)),
        "drafts": issues,
        "feedback": has_to_do_with_feedback(who),
        "comments": has_to_do_with_comments(who),
        "selfreports": bool(who.units(Role.UNIT_HEAD, Role.LIAISON)),
        "feedback-list": issues,
        "sources": may_see_sources(who),
        "campaigns": enters_origins(who),
        "handdowns": enters_origins(who),
        "names": bool(teams_with_lists(known, who)),
        "rounds": bool(rounds_known_to(known, who)),
        "village": bool(places_to_look_at(known, who)),
        "visits": who.has(*TEAM_ROLES, Role.MICRO_TEAM),
        "import": who.has(Role.OFFICE_DIRECTOR),
        "staff": who.has(Role.OFFICE_DIRECTOR),
        "audit": who.has(Role.OFFICE_DIRECTOR),
        "polls": has_to_do_with_polls(who),
        "weekly": level_of(who) is not None,
        "rates": has_to_do_with_grades(who),
        "grades": has_to_do_with_grades(who),
        "report": has_to_do_with_grades(who),
        "alarms": sees_alarms(who),
        "clearance": may_ask(known, who),
        "publish": bool(actors_of(who)),
        "recuse": bool(who.desks),
        "whoami": True,
        "lang": True,
    }
    return {name for name, is_offered in offered.items() if is_offered}


def begins(context: PageContext) -> list[str]:
    """Return the commands that somebody is offered beside their lists."""
    who = context.who
    found = ["newitem"] if who.is_office or who.has(Role.TEAM_LEADER) else []
    found += ["triage"] if desks_balanced_by(who) else []
    found += ["selfreport"] if who.units(Role.UNIT_HEAD, Role.LIAISON) else []
    found += ["brief"] if who.has(Role.TEAM_LEADER) else []
    return [*found, *(["enter"] if who.is_office or who.has(*TEAM_ROLES, Role.MICRO_TEAM) else [])]
