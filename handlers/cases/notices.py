"""Short notices to the team: the reporter wrote, somebody took a case over, the board is gone."""

from handlers.actions import button
from handlers.cases.labels import number
from handlers.notices import renders
from handlers.press import Press
from models.complaints import Case
from models.rounds import Team
from services.access.visibility import board_of
from services.cases.news import news_of
from services.cases.notices import (
    CaseGiven,
    CaseGivenBack,
    CaseHandedOver,
    CaseTakenOver,
    RefusalDeclined,
    RefusalObjected,
    ReporterWrote,
)
from services.delivery.reader import Reader
from services.notice import CaseNotice
from services.people.notices import BoardGone
from services.unit_of_work import UnitOfWork
from texts.message import Message


@renders(ReporterWrote)
async def reporter_wrote(work: UnitOfWork, reader: Reader, notice: ReporterWrote) -> Message | None:
    case = await work.session.get(Case, notice.case_id)
    news = await news_of(work, case, reader.recipient) if case else None
    if news is None or not news.messages:  # opened since
        return None
    key = "team.reporter_answered" if news.answered else "team.reporter_wrote"
    return await about_case(work, reader, notice, key, count=news.messages)


@renders(CaseTakenOver)
async def case_taken_over(work: UnitOfWork, reader: Reader, notice: CaseTakenOver) -> Message | None:
    case = await work.session.get(Case, notice.case_id)
    owner = (await work.directory()).names[case.owner_id] if case and case.owner_id else None
    if owner is None:  # given away and free again
        return None
    return await about_case(work, reader, notice, "team.was_taken_over", name=owner)


@renders(CaseGiven)
async def case_given(work: UnitOfWork, reader: Reader, notice: CaseGiven) -> Message | None:
    return await about_case(work, reader, notice, "team.was_given")


@renders(CaseHandedOver)
async def case_handed_over(work: UnitOfWork, reader: Reader, notice: CaseHandedOver) -> Message | None:
    return await about_case(work, reader, notice, "team.was_handed_over", name=await _name(work, notice.by_id))


@renders(CaseGivenBack)
async def case_given_back(work: UnitOfWork, reader: Reader, notice: CaseGivenBack) -> Message | None:
    case = await work.session.get(Case, notice.case_id)
    if case is None or case.owner_id is not None:  # claimed since
        return None
    return await about_case(work, reader, notice, "team.was_given_back", name=await _name(work, notice.by_id))


@renders(RefusalDeclined)
async def refusal_declined(work: UnitOfWork, reader: Reader, notice: RefusalDeclined) -> Message | None:
    return await about_case(work, reader, notice, "team.was_declined")


@renders(RefusalObjected)
async def refusal_objected(work: UnitOfWork, reader: Reader, notice: RefusalObjected) -> Message | None:
    return await about_case(work, reader, notice, "team.refusal_objected")


@renders(BoardGone)
async def board_gone(work: UnitOfWork, reader: Reader, notice: BoardGone) -> Message | None:
    team = await work.session.get_one(Team, notice.team_id)
    return Message(reader.words("team.board_gone", team=team.name))


async def _name(work: UnitOfWork, staff_id: str) -> str:
    return (await work.directory()).names[staff_id]


async def about_case(
    work: UnitOfWork, reader: Reader, notice: CaseNotice, key: str, **values: object
) -> Message | None:
    """Return a sentence about a case with the button that opens it; None for whoever may not know of it."""
    case = await work.session.get(Case, notice.case_id)
    if case is None or not await may_know(work, reader, case):
        return None
    open_it = button(reader.words, "team.action_open", Press("case", "open", case.id).pack())
    return Message(reader.words(key, number=number(case), **values), ((open_it,),))


async def may_know(work: UnitOfWork, reader: Reader, case: Case) -> bool:
    """Whether a case hangs on this board now, or is this member's to see."""
    if reader.recipient.team_id is not None:
        return await board_of(work, case) == reader.recipient.team_id
    who = await reader.member(work)
    return who is not None and who.sees(case)
