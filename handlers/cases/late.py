"""Reminders of what must be done about cases by when: before it is late, when it is, and every morning after that."""

from dataclasses import dataclass

from handlers.actions import button
from handlers.cases.labels import category, due, number, place, received
from handlers.cases.listed import ListedCase, as_of
from handlers.cases.notices import about_case
from handlers.commands import command
from handlers.context import HandlerContext
from handlers.notices import StaffReader, renders, renders_for_staff
from handlers.press import Press
from models.complaints import Case
from models.staff import Role
from services.access.member import Member
from services.cases.facts import facts_of
from services.cases.late import COUNTED, LISTED, late_cases_of, late_teams
from services.cases.notices import CasesDue, HazardWaits, LateCases
from services.delivery.reader import Reader
from services.delivery.recall import ListName, list_key, recall_list
from services.outbox import OutgoingMessage, Priority
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html, Words
from texts.dates import day
from texts.message import Button, Message, Rows, in_rows

_BUTTONS_PER_ROW = 4


@command("late")
async def show_late(context: HandlerContext, who: Member) -> None:
    """Bring what is late and for somebody to see to; to the leading group, how much of it lies with the teams."""
    if not await late_cases_of(context.work, who) and not await late_teams(context.work, who):
        await context.say(Message(context.words("team.late_none")))
        return
    await _bring_late(context.work, who)


async def renew_late(context: HandlerContext, who: Member) -> None:
    """Put what is late now in place of the message that was pressed; a page is rendered anew by itself."""
    if context.update.message_id is None:
        return
    if not await late_cases_of(context.work, who) and not await late_teams(context.work, who):
        await context.edit(Message(context.words("team.late_none")))
        return
    await _bring_late(context.work, who, edit=context.update.message_id)


async def _bring_late(work: UnitOfWork, who: Member, *, edit: int | None = None) -> None:
    await recall_list(work, who.id, ListName.LATE, but=edit)
    outgoing = OutgoingMessage(LateCases(tuple(who.visibility)), key=list_key(who.id, ListName.LATE), edit=edit)
    await work.outbox.to_staff(who.id, outgoing, priority=Priority.ANSWER)


@renders_for_staff(LateCases)
async def late_cases(work: UnitOfWork, reader: StaffReader, _notice: LateCases) -> Message | None:
    """Remind of what is late, as it is now; nothing once all of it has been seen to."""
    found = await late_list(work, reader.words, reader.who)
    if not found.parts:
        return None
    text = Html("\n\n".join([*found.parts, as_of(work, reader.words)]))
    renewing = button(reader.words, "team.renew_list", Press("queue", "late").pack())
    return Message(text, (*found.buttons, (renewing,)), protect=True)


@dataclass(frozen=True)
class LateList:
    """What is late and for somebody to see to: paragraphs, and a button for each case that is named."""

    parts: list[Html]
    buttons: Rows


async def late_list(work: UnitOfWork, words: Words, who: Member) -> LateList:
    """Return what is late and for somebody to see to, as it is now."""
    found = await late_cases_of(work, who, limit=LISTED + 1)
    cases = found[:LISTED]
    parts = [await _line(work, words, place_in_list, case) for place_in_list, case in enumerate(cases, start=1)]
    if parts:
        parts.insert(0, words("team.late_heading"))
    if len(found) > LISTED:
        parts.append(words("team.late_more", word=words.plain("team.word_late")))
    parts += await late_by_team(work, words, who)
    buttons = [ListedCase.of(case, ListName.LATE).button(str(at), case) for at, case in enumerate(cases, start=1)]
    return LateList(parts, in_rows(buttons, _BUTTONS_PER_ROW))


async def late_by_team(work: UnitOfWork, words: Words, who: Member) -> list[Html]:
    """Return what director and leading group are told of the teams' late cases; nothing for others, or without any.

    Of the leading group no few cases can be told apart: a small number is only said to be small.
    """
    known = await work.directory()
    least = 0 if who.has(Role.OFFICE_DIRECTOR) else known.settings.privacy.public_min_count
    lines = []
    for late in await late_teams(work, who):
        if late.count < least:
            lines.append(words("team.late_team_few", team=known.teams[late.team_id].name, least=least))
            continue
        since = day(words, late.since.astimezone(work.zone).date(), work.today)
        key = "team.late_team_many" if late.count == COUNTED else "team.late_team"
        lines.append(words(key, team=known.teams[late.team_id].name, count=late.count, since=since))
    return [Html("\n".join([words("team.late_teams_heading"), *lines]))] if lines else []


@renders_for_staff(CasesDue)
async def cases_due(work: UnitOfWork, reader: StaffReader, notice: CasesDue) -> Message | None:
    """Tell what must be done about some cases, as they stand now; nothing of what was done meanwhile."""
    lines, buttons = [], []
    for case_id in notice.case_ids:
        case = await work.session.get(Case, case_id)
        if case is None or not reader.who.sees(case):
            continue
        by_when = due(reader.words, await facts_of(work, case))
        if by_when is not None:
            lines.append(Html(f"{number(case)} {by_when}"))
            buttons.append(Button(case.id, Press("queue", "case", case.id).pack()))
        if len(lines) > LISTED:
            break
    if not lines:
        return None
    more = [reader.words("team.due_more")] if len(lines) > LISTED else []
    text = Html("\n".join([reader.words("team.due_heading"), *lines[:LISTED], *more]))
    return Message(text, in_rows(buttons[:LISTED], _BUTTONS_PER_ROW // 2))


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
    by_when = due(words, facts)
    return Html(f"{line}\n{by_when}") if by_when else line
