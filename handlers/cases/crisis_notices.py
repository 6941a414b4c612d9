"""Calls in a crisis: to who is on call or leads at its desk, to the office directors, and that somebody is on it."""

from handlers.actions import button
from handlers.cases.labels import number, place
from handlers.notices import StaffReader, renders_for_staff
from handlers.press import Press
from models.complaints import Case
from models.crisis import CrisisCalls
from models.staff import Role
from services.access.conflicts import named_in_case
from services.cases.crisis import may_be_taken_by
from services.cases.crisis_calls import directors_are_called, directors_beside
from services.cases.facts import facts_of
from services.cases.notices import CrisisAnswered, CrisisCall, CrisisUnanswered
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html, Words
from texts.message import Message, Rows


@renders_for_staff(CrisisCall)
async def crisis_call(work: UnitOfWork, reader: StaffReader, notice: CrisisCall) -> Message | None:
    case = await work.session.get(Case, notice.case_id)
    if case is None or not case.awaits_response or not reader.who.sees(case):
        return None
    open_it = button(reader.words, "team.action_open", Press("case", "open", case.id).pack())
    where = place(reader.words, await facts_of(work, case))
    if directors_are_called(case):
        text = reader.words("crisis.call_again", number=number(case), place=where)
    elif await directors_beside(work, case, await named_in_case(work.session, case.id)):
        minutes = (await work.settings()).crisis.first_wait_minutes
        text = reader.words("crisis.call", number=number(case), place=where, minutes=minutes)
    else:
        text = reader.words("crisis.call_alone", number=number(case), place=where)
    text = await _with_on_call(work, reader.words, case, text)
    return Message(text, (*_respond(reader.words, case), (open_it,)))


@renders_for_staff(CrisisUnanswered)
async def crisis_unanswered(work: UnitOfWork, reader: StaffReader, notice: CrisisUnanswered) -> Message | None:
    case = await work.session.get(Case, notice.case_id)
    if case is None or not case.awaits_response or not may_be_taken_by(reader.who, case):
        return None
    known = await work.directory()
    leaders = known.with_roles(Role.TEAM_LEADER, team_id=case.team_id)
    team = known.teams[case.team_id].name if case.team_id is not None else reader.words("resident.the_office")
    names = reader.words("staff.list_comma").join(one.name for one in leaders)
    text = reader.words(
        "crisis.unanswered",
        number=number(case),
        place=place(reader.words, await facts_of(work, case)),
        team=team,
        leaders=names or reader.words("crisis.nobody_leads"),
    )
    text = await _with_on_call(work, reader.words, case, text)
    return Message(text, _respond(reader.words, case), protect=True)


@renders_for_staff(CrisisAnswered)
async def crisis_answered(work: UnitOfWork, reader: StaffReader, notice: CrisisAnswered) -> Message | None:
    case = await work.session.get(Case, notice.case_id)
    if case is None or reader.who.is_shut_out(case):
        return None
    name = (await work.directory()).names[notice.by_id]
    return Message(reader.words("crisis.answered", number=number(case), name=name))


async def _with_on_call(work: UnitOfWork, words: Words, case: Case, text: Html) -> Html:
    """Return what is said of a call with who was called because they are on call.

    Somebody on call who may not know of the case is not called, and not named.
    """
    names = (await work.directory()).names
    called = [names[one] for one in CrisisCalls.read(case.crisis).on_call if one in names]
    if not called:
        return text
    return Html(f"{text}\n{words('crisis.on_call_called', names=words.plain('staff.list_comma').join(called))}")


def _respond(words: Words, case: Case) -> Rows:
    return ((button(words, "crisis.action_respond", Press("case", "respond", case.id).pack()),),)
