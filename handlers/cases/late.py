"""Reminders of cases that are late: on the mornings of working days, and at once for a hazard."""

from handlers.cases.labels import category, number, place, received
from handlers.cases.notices import about_case
from handlers.notices import StaffReader, renders, renders_for_staff
from handlers.press import Press
from models.complaints import Case
from services.access.member import Member
from services.cases.facts import CaseFacts, facts_of
from services.cases.late import COUNTED, Limits, late_cases_of, late_teams
from services.cases.notices import HazardWaits, LateCases
from services.delivery.reader import Reader
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html, Words
from texts.message import Button, Message, in_rows

_BUTTONS_PER_ROW = 4


@renders_for_staff(LateCases)
async def late_cases(work: UnitOfWork, reader: StaffReader, _notice: LateCases) -> Message | None:
    """Remind of what is late, as it is now; nothing once all of it has been seen to."""
    who, words = reader.who, reader.words
    cases = await late_cases_of(work, who)
    parts = [await _line(work, words, place_in_list, case) for place_in_list, case in enumerate(cases, start=1)]
    if parts:
        parts.insert(0, words("team.late_heading"))
    parts += await late_by_team(work, words, who)
    if not parts:
        return None
    buttons = [Button(str(at), Press("queue", "case", case.id).pack()) for at, case in enumerate(cases, start=1)]
    return Message(Html("\n\n".join(parts)), in_rows(buttons, _BUTTONS_PER_ROW), protect=True)


async def late_by_team(work: UnitOfWork, words: Words, who: Member) -> list[Html]:
    """Return what the director is told of the teams' late cases; nothing for others, or when there are none."""
    known = await work.directory()
    lines = []
    for late in await late_teams(work, who):
        days = (work.today - late.oldest.astimezone(work.zone).date()).days
        key = "team.late_team_many" if late.count == COUNTED else "team.late_team"
        lines.append(words(key, team=known.teams[late.team_id].name, count=late.count, days=days))
    return [Html("\n".join([words("team.late_teams_heading"), *lines]))] if lines else []


async def late_flag(work: UnitOfWork, words: Words, facts: CaseFacts) -> Html | None:
    """Return the line of a card that says that a case is late, and by what."""
    step = Limits.at(work.now, (await work.settings()).complaint).late_step(facts.case)
    return None if step is None else words(f"team.late_{step}", days=facts.age_days)


@renders(HazardWaits)
async def hazard_waits(work: UnitOfWork, reader: Reader, notice: HazardWaits) -> Message | None:
    case = await work.session.get(Case, notice.case_id)
    if case is None or not case.is_open or case.owner_id is not None:
        return None
    return await about_case(work, reader, notice, "team.hazard_waits")


async def _line(work: UnitOfWork, words: Words, place_in_list: int, case: Case) -> Html:
    facts = await facts_of(work, case)
    line = words(
        "team.late_line",
        n=place_in_list,
        number=number(case),
        place=place(words, facts),
        category=category(words, facts.category),
        received=received(words, facts),
        owner=words("team.owner", name=facts.owner) if facts.owner else words("team.owner_none"),
    )
    flag = await late_flag(work, words, facts)
    return Html(f"{line}\n{flag}") if flag else line
