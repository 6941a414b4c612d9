"""How it reads that the teams of a round have left: to the office, and to those who led them."""

from handlers.actions import button
from handlers.cases.labels import category, number, place, state
from handlers.notices import StaffReader, renders_for_staff
from handlers.press import Press
from models.complaints import Case
from services.cases.facts import facts_of
from services.cases.queues import counts_and_backlog
from services.rounds.notices import CasesCameToOffice, CasesLeftBehind
from services.unit_of_work import UnitOfWork
from texts.catalogue import Html
from texts.message import Message


@renders_for_staff(CasesCameToOffice)
async def cases_came_to_office(work: UnitOfWork, reader: StaffReader, notice: CasesCameToOffice) -> Message | None:
    round_ = (await work.directory()).rounds.get(notice.round_id)
    if round_ is None:
        return None
    counts, _ = await counts_and_backlog(work, reader.who)
    text = reader.words("round.cases_came_to_office", round=round_.name, count=counts.open_cases)
    see = button(reader.words, "round.see_cases", Press("queue", "page", "queue").pack())
    return Message(text, ((see,),) if counts.open_cases else ())


@renders_for_staff(CasesLeftBehind)
async def cases_left_behind(work: UnitOfWork, reader: StaffReader, notice: CasesLeftBehind) -> Message | None:
    """List what was theirs to see before; of what was said in it, nothing."""
    words, lines = reader.words, []
    for case_id in notice.case_ids:
        case = await work.session.get(Case, case_id)
        if case is None or reader.who.is_shut_out(case):
            continue
        facts = await facts_of(work, case)
        at, about = place(words, facts), category(words, facts.category)
        lines.append(
            words("round.case_left_behind", number=number(case), place=at, category=about, state=state(words, case))
        )
    return Message(Html("\n".join([words("round.cases_left_behind"), *lines])), protect=True) if lines else None
