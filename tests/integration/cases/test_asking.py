"""Asking a reporter: at most three times, and the answer comes back to who asked."""

from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import select

from models.complaints import Author, Case, ComplaintMessage, MessageKind
from models.rounds import Round
from models.states import CaseState, Impossible
from services.access.member import Member, member
from services.cases.ask import EnoughAsked, ask, may_ask, questions_left
from services.cases.case_log import complaints_of
from services.cases.decide import Referral, Refusal, RefusalReason, accept, answer, refuse, verify
from services.cases.dialogue import ContainsContact, reporter_says, say_to_reporter, team_messages_of
from services.unit_of_work import UnitOfWork
from tests.conftest import OpenWork
from tests.integration.cases.conftest import lay, queued_for, rendered


async def test_a_question_waits_in_the_reporters_dialogue(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, "路坏了")
        await ask(work, await member(work.session, "P06"), case.id, "哪一段路？")
        assert (case.state, case.owner_id) == (CaseState.NEED_INFO, "P06")
        [complaint] = await complaints_of(work, case)
        assert [(line.kind, line.text) for line in await team_messages_of(work, complaint)] == [
            (MessageKind.QUESTION, "哪一段路？")
        ]


async def test_the_answer_is_announced_to_who_asked(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, "路坏了")
        await ask(work, await member(work.session, "P06"), case.id, "哪一段路？")
        [complaint] = await complaints_of(work, case)
        await reporter_says(work, complaint, "村口到小学")
        [notice] = await queued_for(work, "staff:P06", "case_reporter_wrote")
        shown = await rendered(work, "staff:P06", notice)
        assert shown is not None
        assert case.id in shown.text
        assert "小学" not in shown.text
        assert not await queued_for(work, "staff:P07", "case_reporter_wrote")


async def test_nobody_is_asked_a_fourth_time(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, "路坏了")
        [complaint] = await complaints_of(work, case)
        who = await member(work.session, "P06")
        for left in (3, 2, 1):
            assert await questions_left(work, case) == left
            await ask(work, who, case.id, "哪一段路？")
            await reporter_says(work, complaint, "村口")
        with pytest.raises(EnoughAsked):
            await questions_left(work, case)
        with pytest.raises(EnoughAsked):
            await ask(work, await member(work.session, "P05"), case.id, "再问一次")
        assert case.state == CaseState.ASSIGNED


async def test_no_second_question_while_the_first_waits(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, "路坏了")
        who = await member(work.session, "P06")
        await ask(work, who, case.id, "哪一段路？")
        with pytest.raises(Impossible):
            await may_ask(work, who, case.id)


async def test_the_reporter_reads_acceptance_and_answer(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, "路坏了")
        [complaint] = await complaints_of(work, case)
        leader = await member(work.session, "P05")
        await accept(work, leader, case.id)
        await verify(work, leader, case.id)
        await answer(work, leader, case.id, "查过了，路是新修的。")
        lines = await team_messages_of(work, complaint)
        assert [(line.kind, line.key, line.text) for line in lines] == [
            (MessageKind.TEXT, "accepted", ""),
            (MessageKind.ANSWER, None, "查过了，路是新修的。"),
        ]


async def test_the_reporter_reads_why_not_and_where_else(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, "官司")
        [complaint] = await complaints_of(work, case)
        await refuse(
            work, await member(work.session, "P05"), case.id, Refusal(RefusalReason.LITIGATION, Referral.COURT)
        )
        [line] = await team_messages_of(work, complaint)
        assert (line.key, line.codes) == ("not_accepted", {"reason": "litigation", "referral": "court"})


async def test_what_the_team_says_is_sealed(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, "路坏了")
        await ask(work, await member(work.session, "P06"), case.id, "secretquestion")
        rows = await work.session.scalars(select(ComplaintMessage).where(ComplaintMessage.author == Author.TEAM))
        assert all(b"secretquestion" not in row.sealed for row in rows)


LURE = "请看照片确认是不是这盏灯 https://cdn.example.cn/i/7f3a91.jpg"


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (CaseState.ASSIGNED, lambda work, who, case: ask(work, who, case.id, LURE)),
        (CaseState.VERIFYING, lambda work, who, case: answer(work, who, case.id, "已修好,加微信 xc_liu8")),
        (CaseState.ASSIGNED, lambda work, who, case: ask(work, who, case.id, "请打13812345678找我详谈")),
        (
            CaseState.ASSIGNED,
            lambda work, _, case: say_to_reporter(
                work, case, MessageKind.TEXT, key="not_accepted", referral="example.cn"
            ),
        ),
    ],
    ids=["question", "answer", "mobile", "code"],
)
async def test_nothing_that_leads_a_reporter_elsewhere_is_said_to_them_whichever_way(
    county: OpenWork, state: CaseState, said: Callable[[UnitOfWork, Member, Case], Awaitable[object]]
) -> None:
    async with county() as work:
        case = await lay(work, "路灯不亮", state=state)
    with pytest.raises(ContainsContact):
        async with county() as work:
            await said(work, await member(work.session, "P05"), await work.session.get_one(Case, case.id))
    async with county() as work:
        [complaint] = await complaints_of(work, case)
        assert await team_messages_of(work, complaint) == []


async def test_the_telephone_that_the_rounds_notice_names_is_passed_on(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, "路灯不亮")
        round_ = await work.session.get_one(Round, case.round_id)
        round_.notice = {**round_.notice, "phone": "138-1234-5678"}
        await ask(work, await member(work.session, "P06"), case.id, "请打13812345678或12345说清位置")
        [complaint] = await complaints_of(work, case)
        assert [line.kind for line in await team_messages_of(work, complaint)] == [MessageKind.QUESTION]
