"""Who has left the staff reads no notice any more, and no board is told what is for one person."""

import pytest

from models.complaints import Case
from models.states import CaseState
from services.access.member import member
from services.cases.claim import claim
from services.cases.decide import Referral, Refusal, RefusalReason, refuse
from services.cases.news import log_news
from services.cases.notices import (
    CaseAnsweredByItem,
    CaseCard,
    CaseGiven,
    CaseList,
    CaseTakenOver,
    CaseText,
    RefusalDeclined,
    RefusalProposed,
    ReporterWrote,
)
from services.delivery.recall import ListName
from services.notice import Notice
from services.people.leaving import leave
from services.unit_of_work import UnitOfWork
from tests.conftest import OpenWork
from tests.integration.cases.conftest import lay
from tests.notices import rendered_for

ABOUT_A_CASE = pytest.mark.parametrize(
    "kind", [CaseCard, ReporterWrote, CaseTakenOver, CaseGiven, RefusalProposed, RefusalDeclined, CaseAnsweredByItem]
)


async def proposed(work: UnitOfWork) -> Case:
    """Return a case of which a member proposes that it is not accepted, so that every notice has something to say."""
    case = await lay(work, "路坏了", state=CaseState.ASSIGNED)
    who = await member(work.session, "P07")
    await claim(work, who, case.id)
    await log_news(work, case, 1, answers=False)
    await refuse(work, who, case.id, Refusal(next(iter(RefusalReason)), next(iter(Referral))))
    return case


@ABOUT_A_CASE
async def test_who_has_left_reads_nothing_of_a_case(county: OpenWork, kind: type[CaseCard]) -> None:
    async with county() as work:
        notice = kind((await proposed(work)).id)
        assert await rendered_for(work, "staff:P05", notice) is not None
        await leave(work, "P05")
        assert await rendered_for(work, "staff:P05", notice) is None
        assert await rendered_for(work, "staff:nobody", notice) is None


async def test_who_has_left_reads_no_list_and_no_text(county: OpenWork) -> None:
    async with county() as work:
        case = await proposed(work)
        notices: list[Notice] = [CaseList((), ListName.QUEUE), CaseText(case.id, ("none",), 0, bare=False)]
        assert await rendered_for(work, "staff:P05", notices[0]) is not None
        await leave(work, "P05")
        for notice in notices:
            assert await rendered_for(work, "staff:P05", notice) is None


async def test_what_is_for_one_person_is_not_told_on_a_board(county: OpenWork) -> None:
    async with county() as work:
        case = await proposed(work)
        assert await rendered_for(work, "board:T1", RefusalProposed(case.id)) is None
        assert await rendered_for(work, "board:T1", CaseList((), ListName.QUEUE)) is None
