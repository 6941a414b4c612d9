"""/load: what each of those at a desk has to do, and spreading it more evenly: looked at first, done by one press."""

import json

from handlers.actions import Action, NothingDone, Replaced, Result, Subject, button, register
from handlers.cases.labels import number
from handlers.commands import command
from handlers.context import HandlerContext
from handlers.notices import StaffReader, renders_for_staff
from handlers.press import Press, short_digest
from models.complaints import Case
from models.desk import Desk
from models.states import NotEntitled
from services.access.member import Member
from services.cases.balance import (
    MOST_MOVES,
    Balancing,
    DeskLoad,
    Overtaken,
    balance,
    desks_balanced_by,
    loads_at_desks,
    moves_by_person,
    propose,
)
from services.cases.notices import CasesGiven
from services.directory import Directory
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html, Words
from texts.message import Button, Message, in_rows

AREA = "load"
_OFFICE = "office"
_BUTTONS_PER_ROW = 2


@command("load")
async def show_load(context: HandlerContext, who: Member) -> None:
    """Say what each of those at the desks that somebody leads has to do."""
    await context.say(await _loads(context, who))


async def _loads(context: HandlerContext, who: Member) -> Message:
    words, known = context.words, await context.work.directory()
    desks = await loads_at_desks(context.work, who)
    if not desks:
        return Message(words("load.leaders_only"))
    parts = [_desk_load(words, known, one) for one in desks]
    buttons = [
        (Button(_label(words, known, one.desk, several=len(desks) > 1), Press(AREA, "look", _name(one.desk)).pack()),)
        for one in desks
        if one.unowned or any(load.open_cases for load in one.loads)
    ]
    return Message(Html("\n\n".join([*parts, words("load.weighed")])), tuple(buttons), protect=True)


def _desk_load(words: Words, known: Directory, one: DeskLoad) -> Html:
    lines = [
        words("load.line", name=load.person.name, open=load.open_cases, late=load.late, weight=load.weight)
        for load in one.loads
    ]
    unowned = [words("load.unowned", count=one.unowned)] if one.unowned else []
    return Html("\n".join([words("load.heading", desk=_title(words, known, one.desk)), *lines, *unowned]))


async def _look(context: HandlerContext, who: Member, press: Press) -> Result:
    """Show who would get which case."""
    return Replaced(await _preview(context, await propose(context.work, who, _desk(press.subject))))


async def _preview(context: HandlerContext, proposed: Balancing) -> Message:
    words, known = context.words, await context.work.directory()
    name = _name(proposed.desk)
    back = button(words, "team.back", Press(AREA, "all", name).pack())
    if not proposed.moves:
        return Message(words("load.even", desk=_title(words, known, proposed.desk)), ((back,),))
    parts = [words("load.proposed", desk=_title(words, known, proposed.desk), count=len(proposed.moves))]
    for staff_id, moves in moves_by_person(proposed.moves).items():
        lines = [words("load.gets", name=known.names[staff_id], weight=proposed.weights[staff_id])]
        for move in moves:
            case = await context.work.session.get_one(Case, move.case_id)
            before = words("load.from", name=known.names[move.before]) if move.before else words("load.from_nobody")
            lines.append(Html(f"{number(case)} · {before}"))
        parts.append(Html("\n".join(lines)))
    parts += [words("load.most", most=MOST_MOVES)] if len(proposed.moves) == MOST_MOVES else []
    yes = button(words, "load.balance", Press(AREA, "balance", name, _digest(proposed)).pack())
    return Message(Html("\n\n".join(parts)), ((yes,), (back,)), protect=True)


async def _balance(context: HandlerContext, who: Member, press: Press) -> Result:
    """Give the cases as they were looked at."""
    proposed = await propose(context.work, who, _desk(press.subject))
    if press.arg != _digest(proposed):
        return Replaced(await _preview(context, proposed), context.words("load.changed"))
    try:
        await balance(context.work, who, proposed)
    except Overtaken:
        return NothingDone(context.words("load.changed"))
    return Replaced(await _loads(context, who), context.words("load.done", count=len(proposed.moves)))


async def _all(context: HandlerContext, who: Member, _press: Press) -> Result:
    """Go back to what everybody has to do."""
    return Replaced(await _loads(context, who))


@renders_for_staff(CasesGiven)
async def cases_given(work: UnitOfWork, reader: StaffReader, notice: CasesGiven) -> Message | None:
    """Tell somebody which cases are theirs now; nothing of what has gone on to others meanwhile."""
    found = [await work.session.get(Case, case_id) for case_id in notice.case_ids]
    cases = [case for case in found if case is not None and case.owner_id == reader.who.id and reader.who.sees(case)]
    if not cases:
        return None
    text = reader.words("load.given", count=len(cases))
    buttons = [Button(case.id, Press("queue", "case", case.id).pack()) for case in cases]
    return Message(text, in_rows(buttons, _BUTTONS_PER_ROW))


def _digest(proposed: Balancing) -> str:
    """Return what says that a proposal is the one that was looked at."""
    return short_digest(json.dumps([[move.case_id, move.before, move.to] for move in proposed.moves]), 12)


def _label(words: Words, known: Directory, desk: Desk, *, several: bool) -> str:
    return words.plain("load.look_at", desk=_title(words, known, desk)) if several else words.plain("load.look")


def _title(words: Words, known: Directory, desk: Desk) -> str:
    return known.teams[desk.team_id].name if desk.team_id else words.plain("load.office")


def _name(desk: Desk) -> str:
    return desk.team_id or _OFFICE


def _desk(name: str) -> Desk:
    return Desk.parse(_OFFICE) if name == _OFFICE else Desk.team(name)


async def _refused(context: HandlerContext, _who: Member, _press: Press, refusal: Exception) -> None:
    context.alert("load.leaders_only" if isinstance(refusal, NotEntitled) else "load.changed")


SUBJECT = register(
    Subject(
        AREA,
        (Action("look", _look), Action("balance", _balance), Action("all", _all)),
        _refused,
        entitled=lambda who: bool(desks_balanced_by(who)),
        not_entitled_key="load.leaders_only",
    )
)
