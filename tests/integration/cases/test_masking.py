"""What leads to a reporter is masked for all staff, until a leader unmasks the case with a reason."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from models.audit import Audited, AuditEntry
from models.base import random_id
from models.complaints import Case, CaseShutOut, Unmasking
from models.desk import DIRECTOR_DESK, Desk
from models.states import Actor, CaseState, NotEntitled
from services.access.member import member
from services.cases.ask import ask
from services.cases.batches import release_batches
from services.cases.case_log import complaints_of, move, step
from services.cases.decide import answer
from services.cases.dialogue import reporter_says, team_messages_of
from services.cases.masking import hidden
from services.cases.read_case import hand_over
from services.cases.unmask import is_unmasked, unmask
from services.rectification.issue_item import draft_fix
from services.unit_of_work import UnitOfWork
from tests.conftest import NOW, OpenWork
from tests.integration.cases.conftest import events_of, labels, lay, queued_for, rendered

SAID = "我叫李秀英,电话138 0013 8000。桥裂了"
AGAIN = "找李秀英就行,身份证110105 19491231 002X"
PLANTED = ("李秀英", "138", "8000", "1949")


async def read_by(work: UnitOfWork, staff_id: str, case_id: str) -> str:
    """Return all the texts of a case that are queued to somebody, as they would be sent now."""
    await hand_over(work, await member(work.session, staff_id), case_id)
    outgoing_messages = await queued_for(work, f"staff:{staff_id}", "case_text")
    shown = [await rendered(work, f"staff:{staff_id}", outgoing) for outgoing in outgoing_messages]
    # Without the heading: a case number is random, and may hold any figures.
    return "\n".join(message.text.partition("\n")[2] for message in shown if message)


async def test_traces_are_masked_by_the_name_of_their_kind_whoever_reads(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, SAID, AGAIN)
        for staff_id in ("P05", "P06", "P07"):
            text = await read_by(work, staff_id, case.id)
            assert "我叫▇姓名▇,电话▇手机号▇。桥裂了" in text
            assert "找▇姓名▇就行,身份证▇身份证号▇" in text
            assert not any(planted in text for planted in PLANTED)


@pytest.mark.parametrize(
    "said",
    [
        ("电话1380013", "8000,桥裂了"),
        ("电话138,0013,8000",),
        ("电话(138)0013*8000",),
        ("打l38OO138OOO",),
        ("电话13800138000", "打138", "", "0013", "8OOO"),
    ],
)
async def test_however_a_number_is_written_staff_read_none_of_it(county: OpenWork, said: tuple[str, ...]) -> None:
    async with county() as work:
        case = await lay(work, *said)
        text = await read_by(work, "P06", case.id)
        assert "▇手机号▇" in text
        assert not any(piece in text for piece in ("138", "l38", "0013", "8000", "8OOO"))


async def test_only_the_leader_is_offered_to_unmask_and_only_where_there_is_something(county: OpenWork) -> None:
    async with county() as work:
        case, clean = await lay(work, SAID), await lay(work, "桥裂了")
        for staff_id, reads, offered in (("P05", case, True), ("P06", case, False), ("P05", clean, False)):
            await hand_over(work, await member(work.session, staff_id), reads.id)
            outgoing = (await queued_for(work, f"staff:{staff_id}", "case_text"))[-1]
            shown = await rendered(work, f"staff:{staff_id}", outgoing)
            assert shown is not None
            assert ("🔓 打开遮住的" in labels(shown)) is offered


async def test_where_its_writer_has_taken_out_all_traces_there_is_nothing_to_unmask(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, *hidden([SAID], "zh_Hans"))
        text = await read_by(work, "P05", case.id)
        assert "电话▇手机号▇" in text
        assert "已遮住" not in text
        [outgoing] = await queued_for(work, "staff:P05", "case_text")
        shown = await rendered(work, "staff:P05", outgoing)
        assert shown is not None
        assert labels(shown) == []


async def test_a_leader_unmasks_one_case_and_the_director_reads_why(county: OpenWork) -> None:
    async with county() as work:
        case, other = await lay(work, SAID), await lay(work, SAID)
        await unmask(work, await member(work.session, "P05"), case.id, "要和13800138000约时间看桥")
        assert "138 0013 8000" in await read_by(work, "P05", case.id)
        assert not await is_unmasked(work, other)
        assert "unmask" in await events_of(work, case)
        [notice] = await queued_for(work, "staff:P03", "case_unmasked")
        told = await rendered(work, "staff:P03", notice)
        assert told is not None
        assert "要和▇手机号▇约时间看桥" in told.text
        assert case.id in told.text
        assert await rendered(work, "staff:P06", notice) is None


async def test_a_reason_is_sealed(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, SAID)
        await unmask(work, await member(work.session, "P05"), case.id, "要约时间看桥")
        [kept] = await work.session.scalars(select(Unmasking))
        assert "约时间".encode() not in kept.sealed


async def test_nobody_but_the_leader_unmasks(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, SAID)
        for staff_id in ("P06", "P03", "P08", "P14"):
            with pytest.raises(NotEntitled):
                await unmask(work, await member(work.session, staff_id), case.id, "想看看是谁")
        assert not await is_unmasked(work, case)


async def test_a_case_about_the_team_is_unmasked_by_the_director_alone(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, SAID, desk=DIRECTOR_DESK, concerns_team=True)
        with pytest.raises(NotEntitled):
            await unmask(work, await member(work.session, "P05"), case.id, "想看看是谁")
        await unmask(work, await member(work.session, "P03"), case.id, "要当面核实")
        assert await is_unmasked(work, case)


async def test_on_another_desk_a_case_is_masked_again(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, SAID)
        await unmask(work, await member(work.session, "P05"), case.id, "要当面核实")
        await hand_over(work, await member(work.session, "P05"), case.id)
        await move(work, case, Desk.team("T2"), "T2")
        text = await read_by(work, "P08", case.id)
        assert "▇手机号▇" in text
        assert not any(planted in text for planted in PLANTED)


async def test_a_text_queued_while_masked_stays_masked(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, SAID)
        await hand_over(work, await member(work.session, "P06"), case.id)
        await unmask(work, await member(work.session, "P05"), case.id, "要当面核实")
        [outgoing] = await queued_for(work, "staff:P06", "case_text")
        shown = await rendered(work, "staff:P06", outgoing)
        assert shown is not None
        assert "▇手机号▇" in shown.text


async def test_an_order_to_a_unit_repeats_nothing_that_leads_to_the_reporter(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, SAID, state=CaseState.VERIFYING)
        await unmask(work, await member(work.session, "P05"), case.id, "要当面核实")
        leader = await member(work.session, "P05")
        item = await draft_fix(work, leader, case.id, "李秀英(13800138000)反映的桥,要修好", NOW.date())
        assert item.problem == "▇姓名▇(▇手机号▇)反映的桥,要修好"
        again = await draft_fix(work, leader, case.id, "李 秀 英(l38-OO13-8OOO)反映的桥,要修好", NOW.date())
        assert again.problem == item.problem
        own = await draft_fix(work, leader, case.id, "联系王工13911112222修桥", NOW.date())
        assert own.problem == "联系王工13911112222修桥"


ROLL = "王建国 张桂兰 李秀英 陈大山 刘翠花"


async def tried(work: UnitOfWork, case: Case) -> list[tuple[str, str | None]]:
    """Return what the audit log says of attempts at a case."""
    attempts = (Audited.TRACE_REPEATED, Audited.ORDER_TRIED)
    query = select(AuditEntry).where(AuditEntry.case_id == case.id, AuditEntry.action.in_(attempts))
    return [(entry.action, entry.by_id) for entry in await work.session.scalars(query.order_by(AuditEntry.number))]


async def test_whoever_tries_a_roll_of_names_in_an_order_is_written_down_and_told_of(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, SAID, state=CaseState.VERIFYING)
        leader = await member(work.session, "P05")
        await draft_fix(work, leader, case.id, "路灯要修好", NOW.date())
        assert await tried(work, case) == []
        item = await draft_fix(work, leader, case.id, ROLL, NOW.date())
        assert item.problem == "王建国 张桂兰 ▇姓名▇ 陈大山 刘翠花"
        await draft_fix(work, leader, case.id, "13912340000 13800138000", NOW.date())
        assert await tried(work, case) == [("trace_repeated", "P05")] * 2
        [notice] = await queued_for(work, "staff:P03", "trace_repeated")  # once a day
        told = await rendered(work, "staff:P03", notice)
        assert told is not None
        assert leader.name in told.text
        assert case.id in told.text
        assert not any(planted in told.text for planted in ROLL.split())
        assert await rendered(work, "staff:P05", notice) is None


async def test_a_director_who_is_shut_out_of_a_case_is_told_of_no_attempt_at_it(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, SAID, state=CaseState.VERIFYING)
        await draft_fix(work, await member(work.session, "P05"), case.id, ROLL, NOW.date())
        [notice] = await queued_for(work, "staff:P03", "trace_repeated")
        work.session.add(CaseShutOut(case_id=case.id, staff_id="P03"))
        await work.session.flush()
        assert await rendered(work, "staff:P03", notice) is None


async def test_a_question_and_an_answer_that_repeat_what_leads_to_the_reporter_are_told_of_too(
    county: OpenWork,
) -> None:
    async with county() as work:
        asked, answered = await lay(work, SAID), await lay(work, SAID, state=CaseState.VERIFYING)
        who = await member(work.session, "P05")
        await ask(work, who, asked.id, f"您是哪一位? {ROLL}")
        await answer(work, who, answered.id, f"查清了。{ROLL}")
        for case in (asked, answered):
            assert await tried(work, case) == [("trace_repeated", "P05")]
        plain = await lay(work, SAID)
        await ask(work, who, plain.id, "是哪一座桥?")
        assert await tried(work, plain) == []


async def test_a_roll_of_names_that_was_sent_first_does_not_change_by_what_the_reporter_says_later(
    county: OpenWork,
) -> None:
    async with county() as work:
        case = await lay(work, "桥裂了")
        [complaint] = await complaints_of(work, case)
        await ask(work, await member(work.session, "P06"), case.id, f"{ROLL}?")
        await reporter_says(work, complaint, SAID)
        for reader in ("P06", "P05"):
            text = await read_by(work, reader, case.id)
            assert f"{ROLL}?" in text
            assert "我叫▇姓名▇,电话▇手机号▇" in text
        await move(work, case, Desk.team("T2"), "T2")
        assert f"{ROLL}?" in await read_by(work, "P08", case.id)
        assert await tried(work, case) == []


async def test_a_roll_of_names_does_not_change_by_what_waited_for_its_batch_when_it_was_sent(
    county: OpenWork,
) -> None:
    later = NOW + timedelta(hours=1)
    async with county() as work:
        case = await lay(work, "桥裂了")
        [complaint] = await complaints_of(work, case)
        await reporter_says(work, complaint, SAID, held_until=later)
        await ask(work, await member(work.session, "P06"), case.id, ROLL)
    async with county(now=later) as work:
        await release_batches(work)
        text = await read_by(work, "P06", case.id)
        assert ROLL in text
        assert "我叫▇姓名▇" in text


async def test_an_answer_does_not_change_by_what_the_reporter_says_once_it_is_open_again(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, "桥裂了", state=CaseState.VERIFYING)
        [complaint] = await complaints_of(work, case)
        await answer(work, await member(work.session, "P05"), case.id, ROLL)
        await step(work, case, "reopen", {Actor.REPORTER})
        await reporter_says(work, complaint, SAID)
        assert ROLL in await read_by(work, "P05", case.id)


async def test_what_is_known_when_it_is_sent_is_masked_for_good_for_reporters_too(county: OpenWork) -> None:
    masked = "王建国 张桂兰 ▇姓名▇ 陈大山 刘翠花"
    async with county() as work:
        case = await lay(work, SAID)
        await unmask(work, await member(work.session, "P05"), case.id, "要当面核实")
        await ask(work, await member(work.session, "P05"), case.id, ROLL)
        [complaint] = await complaints_of(work, case)  # another's, joined to the case, would read it as well
        assert [line.text for line in await team_messages_of(work, complaint)] == [masked]
        text = await read_by(work, "P05", case.id)
        assert masked in text
        assert SAID in text
        [outgoing, *_] = await queued_for(work, "staff:P05", "case_text")
        shown = await rendered(work, "staff:P05", outgoing)
        assert shown is not None
        assert "🔓 打开遮住的" not in labels(shown)  # it is open
        await move(work, case, Desk.team("T2"), "T2")
        text = await read_by(work, "P08", case.id)
        assert not any(planted in text for planted in PLANTED)


@pytest.mark.parametrize("forged", ["garbage", "sealed", "moved"])
async def test_a_row_that_somebody_put_into_the_database_unmasks_nothing(county: OpenWork, forged: str) -> None:
    async with county() as work:
        case = await lay(work, SAID)
        row = Unmasking(id=random_id(), case_id=case.id, desk=case.desk, by_id="P05", at=NOW, sealed=b"x")
        if forged == "sealed":  # as anybody can, to the round's public key
            row.sealed = work.keyring.round("R6").sealing.seal(row.id, "要当面核实".encode())
        if forged == "moved":
            await unmask(work, await member(work.session, "P05"), case.id, "要当面核实")
            await move(work, case, Desk.team("T2"), "T2")
            [true] = await work.session.scalars(select(Unmasking))
            true.desk = case.desk
        else:
            work.session.add(row)
        await work.session.flush()
        assert not await is_unmasked(work, case)
        text = await read_by(work, "P08" if forged == "moved" else "P06", case.id)
        assert not any(planted in text for planted in PLANTED)


async def test_an_unmasking_whose_reason_does_not_open_counts_for_nothing(county: OpenWork) -> None:
    async with county() as work:
        case = await lay(work, SAID)
        await unmask(work, await member(work.session, "P05"), case.id, "要当面核实")
        assert await is_unmasked(work, case)
        [row] = await work.session.scalars(select(Unmasking))
        row.sealed = work.keyring.round("R6").sealing.seal(random_id(), "要当面核实".encode())
        await work.session.flush()
        assert not await is_unmasked(work, case)


async def test_whoever_rewords_an_order_very_often_in_a_day_is_told_of(county: OpenWork) -> None:
    async with county() as work:
        case, other = await lay(work, SAID, state=CaseState.VERIFYING), await lay(work, SAID, state=CaseState.VERIFYING)
        leader = await member(work.session, "P05")
        for name in ("王建国", "张桂兰", "陈大山", "刘翠花", "赵铁柱"):
            await draft_fix(work, leader, case.id, name, NOW.date())
        assert await tried(work, case) == []
        await draft_fix(work, leader, case.id, "孙玉芬", NOW.date())
        await draft_fix(work, leader, other.id, "孙玉芬", NOW.date())
        assert await tried(work, case) == [("order_tried", "P05")]
        assert await tried(work, other) == []
        [notice] = await queued_for(work, "staff:P03", "order_tried")
        told = await rendered(work, "staff:P03", notice)
        assert told is not None
        assert case.id in told.text
    tomorrow = NOW + timedelta(days=1)
    async with county(now=tomorrow) as work:
        await draft_fix(work, leader, case.id, "路灯要修好", tomorrow.date())
        assert len(await tried(work, case)) == 1
