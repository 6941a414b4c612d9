"""What time does by itself: questions are let go, answers close, reply addresses die."""

from datetime import timedelta

from sqlalchemy import delete

from models.complaints import MessageKind, ReplyAddress
from models.delivery import OutboxRow
from models.states import CaseState
from services.cases.dialogue import say_to_reporter
from services.retention.expiry import close_unquestioned, go_on_without_answer, purge_reply_addresses
from tests.conftest import NOW, OpenWork
from tests.integration.resident.conftest import Phone, case_of, complaint_of, pushed
from tests.integration.resident.test_coming_back import answer, ask, take_steps


async def test_a_question_nobody_answers_is_let_go_after_a_week_and_not_before(phone: Phone, county: OpenWork) -> None:
    receipt = await phone.complain("V06", "鱼塘的账不公开")
    async with county() as work:
        await ask(work, receipt, "是哪一口塘?")
    async with county(now=NOW + timedelta(days=7)) as work:
        assert await go_on_without_answer(work) == 0
    async with county(now=NOW + timedelta(days=7, hours=1)) as work:
        assert await go_on_without_answer(work) == 1
        assert (await case_of(work, receipt)).state == CaseState.ASSIGNED
    async with county(now=NOW + timedelta(days=7, hours=1)) as work:
        assert await go_on_without_answer(work) == 0


async def test_an_answer_nobody_questions_closes_after_a_week_and_says_so(phone: Phone, county: OpenWork) -> None:
    receipt = await phone.complain("V06", "鱼塘的账不公开", tell_me=True)
    async with county() as work:
        await answer(work, receipt, "合同已公示。")
    async with county(now=NOW + timedelta(days=7)) as work:
        assert await close_unquestioned(work) == 0
    async with county(now=NOW + timedelta(days=7, hours=1)) as work:
        assert await close_unquestioned(work) == 1
        assert (await case_of(work, receipt)).state == CaseState.CLOSED
        assert (await pushed(work, (await complaint_of(work, receipt)).id))[-1] == "reporter_state"


async def test_a_reply_address_dies_after_ninety_days(phone: Phone, county: OpenWork) -> None:
    receipt = await phone.complain("V06", "鱼塘的账不公开", tell_me=True)
    async with county(now=NOW + timedelta(days=89)) as work:
        assert await purge_reply_addresses(work) == 0
    async with county(now=NOW + timedelta(days=90)) as work:
        assert await purge_reply_addresses(work) == 1
        assert await work.session.get(ReplyAddress, (await complaint_of(work, receipt)).id) is None


async def test_a_reply_address_dies_with_its_case_once_the_last_message_is_sent(phone: Phone, county: OpenWork) -> None:
    receipt = await phone.complain("V06", "鱼塘的账不公开", tell_me=True)
    async with county() as work:
        await take_steps(work, receipt, "accept", "verify", "answer", "close")
        await say_to_reporter(work, await case_of(work, receipt), MessageKind.TEXT, key="closed")
        assert await purge_reply_addresses(work) == 0
    async with county() as work:
        await work.session.execute(delete(OutboxRow))
        assert await purge_reply_addresses(work) == 1


async def test_the_reply_address_of_an_open_case_stays(phone: Phone, county: OpenWork) -> None:
    await phone.complain("V06", "鱼塘的账不公开", tell_me=True)
    async with county() as work:
        await work.session.execute(delete(OutboxRow))
        assert await purge_reply_addresses(work) == 0
