"""What a round is: its dates, its teams, and what the office can do to it as a whole."""

from html import escape

from handlers.actions import button
from handlers.context import HandlerContext
from handlers.press import Press
from models.rounds import PlaceKind, Round
from models.staff import Role
from models.states import ROUND, NotEntitled
from services.access.member import Member
from services.directory import Directory, TeamRecord
from services.fieldwork.checklists import progress_at
from services.fieldwork.evening_talks import counts_at
from services.fieldwork.places import places_to_look_at
from services.fieldwork.visits import gaps_at
from services.rounds.entitled import actors_at_round, round_known_to
from services.rounds.entries import spoken
from services.rounds.level_up_village import villages_to_level_up, villages_to_put_back
from services.rounds.settings_versions import own_settings
from texts.catalogue import Html, Words
from texts.dates import day
from texts.message import Message

AREA = "round"


async def round_card(context: HandlerContext, who: Member, round_id: str) -> Message | None:
    """Return the card of a round; None when it is none of theirs."""
    known = await context.work.directory()
    try:
        round_known_to(known, who, round_id)
    except NotEntitled:
        return None
    entry = await context.work.session.get_one(Round, round_id)
    words = context.words
    lines = [words("round.heading", name=entry.name, state=words(f"round.state_{entry.state}"))]
    lines += [Html(escape(entry.theme, quote=False))] if entry.theme else []
    lines += _dates(context, entry)
    lines += [_team_line(known, words, team) for team in teams_of(known, round_id)]
    lines += _own_settings(known, words, round_id)
    lines += _levelled_up_lines(known, words, who, round_id)
    lines += await _field_lines(context, who, round_id)
    actions = [*ROUND.actions(entry.state, actors_at_round(who)), *_with_villages(known, who, round_id)]
    rows = tuple((button(words, f"round.action_{one}", Press(AREA, one, round_id).pack()),) for one in actions)
    return Message(Html("\n".join(lines)), rows)


def _own_settings(known: Directory, words: Words, round_id: str) -> list[Html]:
    """Return what is set otherwise in this round than in the county."""
    lines = [
        words("round.own_setting", name=one.name, own=spoken(one.own), county=spoken(one.county))
        for one in own_settings(known, round_id)
    ]
    return [words("round.own_settings"), *lines] if lines else []


def _with_villages(known: Directory, who: Member, round_id: str) -> list[str]:
    """Return what somebody may do with villages of a round: give one to another team, and put one back."""
    found = ["level_up"] if villages_to_level_up(known, who, round_id) else []
    return found + (["put_back"] if villages_to_put_back(known, who, round_id) else [])


def _levelled_up_lines(known: Directory, words: Words, who: Member, round_id: str) -> list[Html]:
    """Return for the office which villages are another team's than their unit."""
    villages = [known.villages[one] for one in sorted(known.levelled_up.get(round_id, {}))] if who.is_office else []
    return [
        words("round.levelled_up_line", village=one.name, team=known.teams[known.levelled_up[round_id][one.id]].name)
        for one in villages
        if one.unit_id not in who.shut_out_of
    ]


async def _field_lines(context: HandlerContext, who: Member, round_id: str) -> list[Html]:
    """Return how far the teams have come in the field: somebody's own, and for the office all of them."""
    known, words, lines = await context.work.directory(), context.words, list[Html]()
    places = [place for place in places_to_look_at(known, who) if place.round_id == round_id]
    for team in teams_of(known, round_id):
        here = [place for place in places if place.team_id == team.id]
        if not here:
            continue
        villages = [place for place in here if place.kind == PlaceKind.VILLAGE]
        checked, talks = await progress_at(context.work, here), await counts_at(context.work, villages)
        lines.append(
            words(
                "round.field_line",
                team=team.name,
                done=checked.done,
                all=checked.points,
                talks=talks.talks,
                suggested=talks.suggested,
                solved=talks.solved,
                gaps=len(await gaps_at(context.work, villages)),
            )
        )
    return [words("round.field_heading"), *lines] if lines else []


def teams_of(known: Directory, round_id: str) -> list[TeamRecord]:
    """Return the teams of a round, in the order of their ids."""
    return sorted((team for team in known.teams.values() if team.round_id == round_id), key=lambda one: one.id)


def leaders_of(known: Directory, words: Words, team: TeamRecord) -> str:
    """Return the names of those who lead a team."""
    return words("staff.list_comma").join(one.name for one in known.with_roles(Role.TEAM_LEADER, team_id=team.id))


def units_of(known: Directory, team: TeamRecord) -> list[str]:
    """Return the ids of the units at which a team is stationed."""
    assigned = known.assignments.get(team.round_id, {})
    return sorted(unit_id for unit_id, team_id in assigned.items() if team_id == team.id)


def _dates(context: HandlerContext, entry: Round) -> list[Html]:
    words, today = context.words, context.work.today

    lines = [
        words("round.stay", first=day(words, entry.stay_from, today), last=day(words, entry.stay_until, today)),
        words("round.intake", last=day(words, entry.intake_until, today)),
    ]
    if entry.feedback_on is not None:
        lines.append(words("round.feedback", day=day(words, entry.feedback_on, today)))
    if entry.rectification_due is not None:
        lines.append(words("round.due", day=day(words, entry.rectification_due, today)))
    return lines


def _team_line(known: Directory, words: Words, team: TeamRecord) -> Html:
    leaders, count = leaders_of(known, words, team), len(units_of(known, team))
    if not leaders:
        return words("round.team_line_no_leader", team=team.name, count=count)
    return words("round.team_line", team=team.name, leader=leaders, count=count)
