"""The heads of units are heard on findings before these are issued, and learn nothing of where these come from."""

from dataclasses import replace
from datetime import date

import pytest

from bot.bootstrap import duties
from models.complaints import Case, CaseShutOut
from models.draft_comments import DraftComment, Settlement
from models.item_drafts import ItemDraft
from models.states import DraftCommentState, Impossible, NotEntitled
from models.working_days import WorkingCalendar
from services.rectification.draft_comments import (
    Unheard,
    Unsettled,
    agree,
    asked_of,
    comment_on,
    comment_seen,
    first_told_on,
    tell_of_waiting_comments,
)
from services.rectification.hear_heads import NobodyToHear, NotChanged, ask_heads, settle, waiting_for
from services.rectification.item_drafts import begin_draft, change_draft, drop_draft, issue_draft, read_draft
from services.rectification.notices import DraftCommentDue
from services.unit_of_work import UnitOfWork
from tests.conftest import OpenWork
from tests.deployment import ZONE
from tests.integration.rectification.conftest import a_verified_case, at, queued, who
from tests.items import new_item
from tests.notices import notice_of, rendered_for

CLERK, LEADER, HEAD, OTHER_HEAD = "P04", "P05", "P14", "P15"
DUE, UNTIL = date(2026, 12, 31), date(2026, 11, 25)
FOUND, SAID = "低保评议没有公示。", "十一月十日已经公示，照片在村里。"


async def a_whole_draft(work: UnitOfWork, by: str, *other_units: str, case: Case | None = None) -> ItemDraft:
    order = replace(new_item("U1", FOUND, DUE), other_units=other_units)
    return await begin_draft(work, await who(work, by), order, case_id=case.id if case else None)


def test_a_head_is_reminded_before_the_last_day_and_on_a_day_on_which_the_county_works() -> None:
    asked = date(2026, 9, 10)
    calendar = WorkingCalendar(ZONE)
    assert first_told_on(asked, date(2026, 9, 24), 3, calendar) == date(2026, 9, 21)
    assert first_told_on(asked, date(2026, 10, 7), 3, calendar) == date(2026, 9, 30)  # before the National Day holiday
    assert first_told_on(asked, date(2026, 9, 13), 3, calendar) == date(
        2026, 9, 14
    )  # asked so late that it is no reminder


async def test_a_finding_is_issued_once_its_heads_were_heard_and_what_they_say_is_settled(county: OpenWork) -> None:
    async with county(now=at(20)) as work:
        clerk, head = await who(work, CLERK), await who(work, HEAD)
        draft = await a_whole_draft(work, CLERK, "U2")
        for stranger in (HEAD, "P08", "P25"):
            with pytest.raises(NotEntitled):
                await ask_heads(work, await who(work, stranger), draft.id, UNTIL)
        comments = {one.staff_id: one for one in await ask_heads(work, clerk, draft.id, UNTIL)}
        assert set(comments) == {HEAD, OTHER_HEAD}
        with pytest.raises(Impossible):
            await ask_heads(work, clerk, draft.id, UNTIL)  # each is asked once
        with pytest.raises(Unheard):
            await issue_draft(work, clerk, draft.id, draft.version)
        for stranger in (OTHER_HEAD, "P16", "P25", "P08"):
            with pytest.raises(NotEntitled):
                await comment_seen(work, await who(work, stranger), comments[HEAD].id)
        with pytest.raises(NotEntitled):
            await read_draft(work, head, draft.id)
        await comment_on(work, head, comments[HEAD].id, SAID)
        with pytest.raises(Impossible):
            await comment_on(work, head, comments[HEAD].id, "还有一句。")
        await agree(work, await who(work, OTHER_HEAD), comments[OTHER_HEAD].id)
        assert {one.staff_id for one in await queued(work, "draft_commented")} == {CLERK}
        with pytest.raises(Unsettled):
            await issue_draft(work, clerk, draft.id, draft.version)
        with pytest.raises(Unsettled):
            await drop_draft(work, clerk, draft.id)
        assert [one.id for one in await waiting_for(work, await who(work, LEADER))] == [comments[HEAD].id]
        with pytest.raises(NotEntitled):
            await settle(work, head, comments[HEAD].id, Settlement.DROPPED, "没有这回事。")
        with pytest.raises(NotChanged):
            await settle(work, clerk, comments[HEAD].id, Settlement.CHANGED, "补了日期。")
        order = (await read_draft(work, clerk, draft.id)).order
        await change_draft(work, clerk, draft.id, replace(order, problem="低保评议十一月以前没有公示。"))
        await settle(work, clerk, comments[HEAD].id, Settlement.CHANGED, "补了日期。")
        told = await rendered_for(
            work, f"staff:{HEAD}", notice_of("draft_comment_settled", {"comment_id": comments[HEAD].id})
        )
        assert told is not None
        assert "补了日期。" in told.text
        item = await issue_draft(work, clerk, draft.id, draft.version)
        assert item.problem == "低保评议十一月以前没有公示。"


async def test_what_is_not_answered_by_the_day_holds_nothing_up(county: OpenWork) -> None:
    async with county(now=at(20)) as work:
        draft = await a_whole_draft(work, CLERK)
        (comment,) = await ask_heads(work, await who(work, CLERK), draft.id, UNTIL)
        kept, version, asked = draft.id, draft.version, comment.id
    async with county(now=at(26)) as work:
        clerk, head = await who(work, CLERK), await who(work, HEAD)
        for _ in range(2):
            await tell_of_waiting_comments(work)
        assert [one.staff_id for one in await queued(work, "draft_comment_late")] == [CLERK, "P03"]
        assert await queued(work, "draft_comment_due") == []  # days without the clock: that it is late says it all
        assert await asked_of(work, head) == []
        with pytest.raises(Impossible):
            await agree(work, head, asked)
        await issue_draft(work, clerk, kept, version)
        assert (await work.session.get_one(DraftComment, asked)).state is DraftCommentState.ENDED


async def test_a_head_is_reminded_once_before_the_last_day(county: OpenWork) -> None:
    assert tell_of_waiting_comments in duties()
    async with county(now=at(20)) as work:
        draft = await a_whole_draft(work, CLERK, "U2")
        comments = {one.staff_id: one.id for one in await ask_heads(work, await who(work, CLERK), draft.id, UNTIL)}
        await agree(work, await who(work, OTHER_HEAD), comments[OTHER_HEAD])
    for moment in (at(22, 10), at(23, 8)):  # three days before is a Sunday
        async with county(now=moment) as work:
            await tell_of_waiting_comments(work)
            assert await queued(work, "draft_comment_due") == []
    for moment in (at(23), at(24), at(25)):
        async with county(now=moment) as work:
            await tell_of_waiting_comments(work)
            assert [one.staff_id for one in await queued(work, "draft_comment_due")] == [HEAD]
            assert await queued(work, "draft_comment_late") == []
    async with county(now=at(25)) as work:
        told = await rendered_for(work, f"staff:{HEAD}", DraftCommentDue(comments[HEAD]))
        assert told is not None
        assert "等着听您的意见" in told.text
        await agree(work, await who(work, HEAD), comments[HEAD])
        assert await rendered_for(work, f"staff:{HEAD}", DraftCommentDue(comments[HEAD])) is None


async def test_a_finding_that_is_dropped_is_gone_with_its_draft(county: OpenWork) -> None:
    async with county(now=at(20)) as work:
        clerk, draft = await who(work, CLERK), await a_whole_draft(work, CLERK, "U2")
        first, second = sorted(await ask_heads(work, clerk, draft.id, UNTIL), key=lambda one: one.staff_id)
        await comment_on(work, await who(work, HEAD), first.id, SAID)
        await settle(work, clerk, first.id, Settlement.DROPPED, "查实已经公示。")
        assert (first.state, second.state) == (DraftCommentState.SETTLED, DraftCommentState.ENDED)
        assert await work.session.get(ItemDraft, draft.id) is None
        assert [one.staff_id for one in await queued(work, "draft_comment_settled")] == [HEAD]


async def test_a_head_reads_nothing_of_the_case_and_whom_it_concerns_is_not_asked(county: OpenWork) -> None:
    async with county(now=at(20)) as work:
        leader, case = await who(work, LEADER), await a_verified_case(work)
        draft = await a_whole_draft(work, LEADER, "U2", case=case)
        work.session.add(CaseShutOut(case_id=case.id, staff_id=OTHER_HEAD))
        await work.session.flush()
        (comment,) = await ask_heads(work, leader, draft.id, UNTIL)
        assert comment.staff_id == HEAD
        told = await rendered_for(work, f"staff:{HEAD}", notice_of("draft_comment_asked", {"comment_id": comment.id}))
        assert told is not None
        assert FOUND in told.text
        assert case.id not in str(told)
        assert draft.id not in str(told)
        assert [one.id for one in await asked_of(work, await who(work, HEAD))] == [comment.id]
        work.session.add(CaseShutOut(case_id=case.id, staff_id=HEAD))  # named meanwhile
        await work.session.flush()
        head = await who(work, HEAD)
        assert await asked_of(work, head) == []
        with pytest.raises(NotEntitled):
            await comment_seen(work, head, comment.id)
        with pytest.raises(NotEntitled):
            await agree(work, head, comment.id)

        about_head = await a_verified_case(work, concerns_head=True)
        second = await a_whole_draft(work, LEADER, case=about_head)
        with pytest.raises(NobodyToHear):
            await ask_heads(work, leader, second.id, UNTIL)
