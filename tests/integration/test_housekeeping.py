"""What is swept away by itself, and what is left."""

from datetime import timedelta

from sqlalchemy import select

from models.delivery import FailedUpdate, ProcessedUpdate
from models.staff import Staff, StaffPrompt
from services.housekeeping import REDELIVERY, SET_ASIDE, FileSweeper, forget_prompts, forget_updates
from services.staff.prompts import PATIENCE, Prompt, open_prompt
from tests.conftest import NOW, OpenWork

HOUR = timedelta(hours=1)


async def test_marks_of_updates_stay_as_long_as_they_can_come_again(open_work: OpenWork) -> None:
    async with open_work() as work:
        for number, age in ((1, REDELIVERY + HOUR), (2, REDELIVERY - HOUR)):
            work.session.add(ProcessedUpdate(update_id=number, done_on=NOW - age))
        await work.session.flush()
        await forget_updates(work)
        assert list(await work.session.scalars(select(ProcessedUpdate.update_id))) == [2]


async def test_an_update_that_was_set_aside_is_forgotten_after_a_month(open_work: OpenWork) -> None:
    async with open_work() as work:
        for number, since in ((1, NOW - SET_ASIDE - HOUR), (2, NOW - SET_ASIDE + HOUR), (3, None)):
            work.session.add(
                FailedUpdate(update_id=number, attempts=3, reason="KeyError", sealed=b"", set_aside_at=since)
            )
        await work.session.flush()
        await forget_updates(work)
        assert sorted(await work.session.scalars(select(FailedUpdate.update_id))) == [2, 3]


async def test_a_question_nobody_answered_is_forgotten(open_work: OpenWork) -> None:
    async with open_work() as work:
        work.session.add(Staff(id="P06", name="阮知秋", language="zh_Hans"))
        await work.session.flush()
        await open_prompt(work, "P06", Prompt("case.ask", "12345678", {}))
        await forget_prompts(work)
        assert await work.session.get(StaffPrompt, "P06") is not None
    async with open_work(now=NOW + PATIENCE) as work:
        await forget_prompts(work)
        assert await work.session.get(StaffPrompt, "P06") is None


async def test_a_file_no_row_knows_goes_at_the_second_look(open_work: OpenWork) -> None:
    sweeper = FileSweeper()
    async with open_work() as work:
        work.vault.put("ab" * 16, b"sealed")
        await sweeper.sweep(work)
        await sweeper.sweep(work)  # too early for a second look
        assert list(work.vault.ids()) == ["ab" * 16]
    async with open_work(now=NOW + HOUR) as work:
        await sweeper.sweep(work)
        assert list(work.vault.ids()) == []
