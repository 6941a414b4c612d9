"""/names: the lists that a team brought along, where they meet each other, and what of them may have to do with a case.

A list is brought on the pages: nobody types a thousand names into a chat.
"""

from collections.abc import Sequence

from handlers.actions import Action, Done, Result, Subject, button, register
from handlers.cases.labels import number
from handlers.commands import command
from handlers.context import HandlerContext
from handlers.notices import StaffReader, renders_for_staff
from handlers.press import Press
from models.complaints import Case
from models.name_lists import NameList
from services.access.member import Member
from services.cases.cards import KEPT_HOURS
from services.cases.name_lists import delete_list, lists_of, names_of_lists, teams_with_lists
from services.cases.name_matches import MOST_MATCHES, MOST_PAIRS, NameMatch, Pair, compare_lists, matches_for, pairs_of
from services.cases.notices import CaseMatches, NamePairs
from services.outbox import OutgoingMessage, Priority
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html, Words
from texts.dates import day
from texts.message import Message

AREA = "names"
_LONGEST = 3500  # signs of a message
_LONGEST_ROW = 300  # signs of a row of a list


@command("names")
async def show_lists(context: HandlerContext, who: Member) -> None:
    """Say which lists the teams of somebody have, each team with a button that compares them."""
    words, known = context.words, await context.work.directory()
    teams = teams_with_lists(known, who)
    if not teams:
        await context.say(Message(words("team.names_not_yours")))
        return
    lines, rows = [words("team.names_how")], []
    for team in teams:
        kept = await lists_of(context.work, team)
        lines += [words("team.names_of_team", team=team.name)] if len(teams) > 1 else []
        lines += await list_lines(context.work, words, kept) or [words("team.names_none")]
        if len(kept) > 1:
            rows.append((button(words, "team.names_compare", Press(AREA, "compare", team.id).pack()),))
    await context.say(Message(Html("\n".join(lines)), tuple(rows)))


async def list_lines(work: UnitOfWork, words: Words, kept: Sequence[NameList]) -> list[Html]:
    """Return what is said of each list."""
    called = await names_of_lists(work, kept)
    return [
        words(
            "team.names_line",
            name=called.get(one.id, ""),
            kind=words(f"team.names_kind_{one.kind}"),
            count=one.row_count,
            day=day(words, one.imported_on, work.today),
        )
        for one in kept
    ]


async def _compare(context: HandlerContext, who: Member, press: Press) -> Result:
    """Bring where the lists of a team meet each other."""
    await compare_lists(context.work, who, press.subject)
    notice = NamePairs(tuple(who.visibility), press.subject)
    outgoing = OutgoingMessage(notice, delete_after_hours=KEPT_HOURS)
    await context.work.outbox.to_staff(who.id, outgoing, priority=Priority.ANSWER)
    return Done(renew=False)


async def _delete(context: HandlerContext, who: Member, press: Press) -> Result:
    await delete_list(context.work, who, press.subject)
    return Done(context.words("team.names_deleted"), renew=False)


async def _refused(context: HandlerContext, _who: Member, _press: Press, _refusal: Exception) -> None:
    context.alert("team.names_not_yours")


@renders_for_staff(NamePairs)
async def name_pairs(work: UnitOfWork, reader: StaffReader, notice: NamePairs) -> Message | None:
    pairs = await pairs_of(work, reader.who, notice.team_id)
    if not pairs:
        return Message(reader.words("team.names_no_pairs"))
    lines = [reader.words("team.names_pairs", count=len(pairs))]
    lines += [_pair_line(reader.words, one) for one in pairs[:MOST_PAIRS]]
    return Message(_fitting(reader.words, lines, len(pairs)), protect=True)


@renders_for_staff(CaseMatches)
async def case_matches(work: UnitOfWork, reader: StaffReader, notice: CaseMatches) -> Message | None:
    """Say which rows of the team's lists may have to do with a case; nothing where there are none."""
    case = await work.session.get(Case, notice.case_id)
    matches = await matches_for(work, reader.who, case) if case is not None else []
    if case is None or not matches:
        return None
    lines = [reader.words("team.matches_heading", number=number(case))]
    lines += [_match_line(reader.words, one) for one in matches[:MOST_MATCHES]]
    return Message(_fitting(reader.words, lines, len(matches)), protect=True)


def _match_line(words: Words, match: NameMatch) -> Html:
    by = words("staff.list_comma").join(match.by)
    key = "team.match_of_village" if match.same_village else "team.match"
    cells = words("staff.list_comma").join(
        f"{name}：{cell}" if name else cell for name, cell in zip(match.heading, match.row.cells, strict=True) if cell
    )[:_LONGEST_ROW]
    return words(key, list=match.list_name, row=match.row.number, by=by, cells=cells)


def _pair_line(words: Words, pair: Pair) -> Html:
    (first, one), (second, other) = pair.first, pair.second
    return words(
        "team.names_pair",
        name=pair.name,
        village=pair.village,
        first=first,
        first_row=one.number,
        second=second,
        second_row=other.number,
    )


def _fitting(words: Words, lines: list[Html], count: int) -> Html:
    """Return as many lines, the first being the heading, as fit one message, and how many are left out."""
    shown, used = list[Html](), 0
    for line in lines:
        used += len(line)
        if shown and used > _LONGEST:
            break
        shown.append(line)
    left = count - (len(shown) - 1)
    return Html("\n\n".join([*shown, *([words("team.matches_more", count=left)] if left else [])]))


SUBJECT = register(Subject(AREA, (Action("compare", _compare), Action("delete", _delete)), _refused))
