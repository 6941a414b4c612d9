"""'Not so': sealed, for the reviewers alone, told at the full hour; they reopen the item or say why not."""

from datetime import timedelta
from html import unescape
from re import sub
from typing import Any

import pytest
from sqlalchemy import event, select

from channels.telegram.address import address_of
from handlers.actions import SUBJECTS
from handlers.context import HandlerContext
from handlers.incoming import ButtonPress, Update
from handlers.press import Press, unpack
from handlers.publication.objections import objections_card
from models.publication import Objection, ObjectionState
from models.rectification import RectificationItem
from models.rounds import Round
from models.states import Impossible, ItemState, NotEntitled, RoundState
from models.tables import METADATA
from services.access.member import member
from services.publication.objections import (
    LONGEST,
    MOST_AN_HOUR,
    NoSuchResult,
    TooManyObjections,
    count_waiting,
    forget_objections,
    items_objected_to,
    object_to,
    reopen_item,
    set_aside,
    waiting_objections,
)
from services.publication.public_page import public_page
from services.publication.publications import withdraw
from services.rectification.item_log import events_of
from services.rectification.list_items import open_items
from services.rounds.destroy_key import erase_round
from services.unit_of_work import UnitOfWork
from simulator.entities import TEXT_LIMIT
from tests.conftest import NOW, OpenWork
from tests.integration.publication.story import CLERK, DIRECTOR, DONE, ROUND, begun, published
from tests.integration.rectification.conftest import queued, who
from texts.catalogue import Words
from texts.message import Message

SAID = "工资只发了一半，我表哥张铁柱手机13812345678就没拿到"
REVIEWER, ANOTHER_TEAM, HEAD = "P11", "P05", "P16"
LATER = NOW + timedelta(hours=1)
CHAT = address_of(4242)


async def said(county: OpenWork, text: str = SAID, times: int = 1) -> None:
    """Publish a result, and say that it is not so."""
    async with county() as work:
        await published(work)
        for number in range(times):
            await object_to(work, ROUND, 1, f"{text}{number or ''}")


async def shown(work: UnitOfWork) -> list[str]:
    """Return the ids of what a reviewer is shown."""
    return [one.id for one in await waiting_objections(work, await who(work, REVIEWER), DONE)]


async def item_of(work: UnitOfWork) -> RectificationItem:
    return await work.session.get_one(RectificationItem, DONE)


async def test_it_is_sealed_and_nothing_of_its_writer_is_kept(county: OpenWork) -> None:
    await said(county)
    async with county() as work:
        [row] = await work.session.scalars(select(Objection))
        kept = {column.name: getattr(row, column.name) for column in Objection.__table__.columns}
        assert "工资".encode() not in kept.pop("sealed")
        assert kept == {
            "id": row.id,
            "round_id": ROUND,
            "item_id": DONE,
            "received_at": NOW.replace(minute=0),
            "state": ObjectionState.WAITING,
            "decided_at": None,
            "decided_by_id": None,
            "reason": "",
        }
        for table in METADATA.tables.values():
            for entry in await work.session.execute(select(table)):
                assert "只发了一半" not in str(tuple(entry)), table.name


async def test_its_reviewers_are_told_at_the_full_hour_and_nobody_else(county: OpenWork) -> None:
    await said(county, times=3)
    async with county() as work:
        told = await queued(work, "objections_wait")
        assert {one.staff_id for one in told} == {"P11", "P13"}  # P12 has declared an interest
        assert len(told) == 2
        assert {one.not_before for one in told} == {LATER}
        assert await waiting_objections(work, await who(work, REVIEWER), DONE) == []
    async with county(now=LATER) as work:
        assert len(await waiting_objections(work, await who(work, REVIEWER), DONE)) == 3


async def test_its_reviewers_read_it_without_what_leads_to_a_person(county: OpenWork) -> None:
    await said(county)
    async with county(now=LATER) as work:
        [one] = await waiting_objections(work, await who(work, REVIEWER), DONE)
        assert "工资只发了一半" in one.text
        assert "13812345678" not in one.text


@pytest.mark.parametrize("staff_id", [ANOTHER_TEAM, HEAD, CLERK, DIRECTOR, "P01", "P24"])
async def test_nobody_but_the_reviewers_reads_or_decides_it(county: OpenWork, staff_id: str) -> None:
    await said(county)
    async with county(now=LATER) as work:
        other = await who(work, staff_id)
        with pytest.raises(NotEntitled):
            await waiting_objections(work, other, DONE)
        with pytest.raises(NotEntitled):
            await reopen_item(work, other, DONE)
        with pytest.raises(NotEntitled):
            await set_aside(work, other, DONE, "查过", [])
        assert await count_waiting(work, other, await item_of(work)) == 0
        assert await items_objected_to(work, other) == []


async def test_the_item_is_reopened_with_one_press_and_all_concerned_are_told(county: OpenWork) -> None:
    await said(county, times=2)
    async with county(now=LATER) as work:
        reviewer = await who(work, REVIEWER)
        assert [item.id for item in await items_objected_to(work, reviewer)] == [DONE]
        item = await reopen_item(work, reviewer, DONE)
        assert (item.state, item.is_open) == (ItemState.REOPENED, True)
        assert item.due_on == work.today + timedelta(days=7)
        assert {one.state for one in await work.session.scalars(select(Objection))} == {ObjectionState.REOPENED}
        assert await waiting_objections(work, reviewer, DONE) == []
        told = {one.staff_id for one in await queued(work, "item_event")}
        assert {"P16", "P03"} <= told
        assert DONE in {one.id for one in (await open_items(work, await who(work, HEAD))).items}
        with pytest.raises(Impossible):
            await reopen_item(work, reviewer, DONE)


async def test_it_is_set_aside_with_a_reason_of_which_the_unit_hears_nothing(county: OpenWork) -> None:
    await said(county)
    async with county(now=LATER) as work:
        item = await set_aside(work, await who(work, REVIEWER), DONE, "看了银行流水，23人都到账。", await shown(work))
        assert item.state == ItemState.CLEARED
        [row] = await work.session.scalars(select(Objection))
        assert (row.state, row.reason, row.decided_by_id) == (
            ObjectionState.SET_ASIDE,
            "看了银行流水，23人都到账。",
            REVIEWER,
        )
        assert [event.event for event in await events_of(work, item)][-1] == "set_aside"
        assert await queued(work, "item_event") == []


async def test_a_cleared_item_is_not_reopened_without_an_objection(county: OpenWork) -> None:
    async with county() as work:
        await published(work)
        with pytest.raises(Impossible):
            await reopen_item(work, await who(work, REVIEWER), DONE)


async def test_nothing_is_taken_for_what_is_not_public(county: OpenWork) -> None:
    async with county() as work:
        await begun(work)
        with pytest.raises(NoSuchResult):
            await object_to(work, ROUND, 1, SAID)
    async with county() as work:
        publication = await published(work)
        for round_id, number in ((ROUND, 2), ("R5", 1), ("nowhere", 1)):
            with pytest.raises(NoSuchResult):
                await object_to(work, round_id, number, SAID)
        await withdraw(work, await who(work, CLERK), publication.id)
        with pytest.raises(NoSuchResult):
            await object_to(work, ROUND, 1, SAID)
        assert list(await work.session.scalars(select(Objection))) == []


async def test_no_more_are_taken_than_anybody_can_read(county: OpenWork) -> None:
    await said(county, times=0)
    async with county() as work:
        assert await taken(work) in MOST_AN_HOUR
    async with county(now=LATER) as work:
        await object_to(work, ROUND, 1, "字" * (LONGEST + 9))
    async with county(now=LATER + timedelta(hours=1)) as work:
        found = await waiting_objections(work, await member(work.session, REVIEWER), DONE)
        assert len(found) == 5


async def test_only_what_was_shown_is_set_aside(county: OpenWork) -> None:
    await said(county, times=7)
    async with county(now=LATER) as work:
        reviewer = await who(work, REVIEWER)
        first = [one.id for one in await waiting_objections(work, reviewer, DONE)]
        await set_aside(work, reviewer, DONE, "查过", first)
        assert [one.id for one in await waiting_objections(work, reviewer, DONE)] != first
        assert await count_waiting(work, reviewer, await item_of(work)) == 2
        with pytest.raises(Impossible):
            await set_aside(work, reviewer, DONE, "查过", first)


async def test_a_card_that_shows_less_than_waits_by_now_sets_nothing_aside(county: OpenWork) -> None:
    await said(county)
    async with county(now=LATER) as work:
        await object_to(work, ROUND, 1, "后来又看了，还是没有")
        reviewer, item = await who(work, REVIEWER), await item_of(work)
        earlier = presses_of(await objections_card(work, Words("zh_Hans"), reviewer, item))
    async with county(now=LATER + timedelta(hours=1)) as work:
        reviewer = await who(work, REVIEWER)
        later = presses_of(await objections_card(work, Words("zh_Hans"), reviewer, await item_of(work)))
        action = SUBJECTS["objection"].find("set_aside")
        assert action is not None
        assert action.run is not None
        for presses, opens in ((earlier, False), (later, True)):
            [press] = [press for press in presses if press.action == "set_aside"]
            context = HandlerContext(work, Update(CHAT, True, ButtonPress("")), reviewer)
            await action.run(context, reviewer, press)
            assert (context.asked is not None) == opens


@pytest.mark.parametrize("character", ["字", "😡", "&"])
async def test_the_longest_are_shown_in_a_message_that_can_be_sent(county: OpenWork, character: str) -> None:
    await said(county, character * LONGEST, times=6)
    async with county(now=LATER) as work:
        card = await objections_card(work, Words("zh_Hans"), await who(work, REVIEWER), await item_of(work))
        shown = unescape(sub("<[^>]*>", "", card.text))
        assert character * 900 in shown
        assert len(shown.encode("utf-16-le")) // 2 <= TEXT_LIMIT


async def test_whoever_fills_an_hour_does_not_see_whether_somebody_else_wrote_in_it(county: OpenWork) -> None:
    await said(county, times=0)
    found = []
    for hours in range(4):
        async with county(now=NOW + timedelta(hours=hours)) as work:
            found.append(await taken(work))
    assert len(set(found)) > 1


async def taken(work: UnitOfWork) -> int:
    """Return how many more are taken in this hour."""
    for number in range(MOST_AN_HOUR.stop + 1):
        try:
            await object_to(work, ROUND, 1, SAID)
        except TooManyObjections:
            return number
    raise AssertionError("there is no end")


async def test_it_goes_with_what_else_was_sealed_to_its_round(county: OpenWork) -> None:
    await said(county)
    async with county(now=LATER) as work:
        (await work.session.get_one(Round, ROUND)).state = RoundState.ARCHIVED
        await work.session.flush()
        await erase_round(work, ROUND)
        assert list(await work.session.scalars(select(Objection))) == []
        assert await public_page(work, ROUND) is not None, "what is public stays: nothing of it is a resident's"


async def test_its_card_offers_the_reviewers_what_they_may_do_and_nobody_else_anything(county: OpenWork) -> None:
    await said(county)
    async with county(now=LATER) as work:
        for staff_id, offered in (
            (REVIEWER, {"reopen", "set_aside"}),
            (ANOTHER_TEAM, None),
            (HEAD, None),
            (CLERK, None),
        ):
            person = await who(work, staff_id)
            show = SUBJECTS["objection"].card
            assert show is not None
            card = await show(HandlerContext(work, Update(CHAT, True, ButtonPress("")), person), person, DONE)
            buttons = {press.action for press in presses_of(card) if press.area == "objection"} if card else None
            assert buttons == offered, staff_id


def presses_of(card: Message) -> list[Press]:
    found = [unpack(button.data or "") for row in card.buttons for button in row]
    return [press for press in found if press is not None]


@pytest.mark.new_database
async def test_what_waits_is_found_by_index_of_all_results_and_of_one(county: OpenWork, dialect: str) -> None:
    await said(county)
    asked: list[tuple[str, Any]] = []
    async with county(now=LATER) as work:
        reviewer = await who(work, REVIEWER)
        connection = await work.session.connection()
        if dialect == "postgresql":
            await connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        explain = "EXPLAIN QUERY PLAN " if dialect == "sqlite" else "EXPLAIN "

        def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
            if "FROM objections" in statement:
                asked.append((statement, parameters))

        listening = connection.sync_connection
        assert listening is not None
        event.listen(listening, "before_cursor_execute", note)
        await items_objected_to(work, reviewer)
        await waiting_objections(work, reviewer, DONE)
        event.remove(listening, "before_cursor_execute", note)
        plans = [
            "\n".join(str(row) for row in await connection.exec_driver_sql(explain + statement, parameters))
            for statement, parameters in asked
        ]
    of_all, of_one = plans
    assert "ix_objections_waiting" in of_all
    assert "ix_objections_item" in of_one


async def test_what_was_decided_is_forgotten_in_time(county: OpenWork) -> None:
    await said(county)
    async with county(now=LATER) as work:
        await set_aside(work, await who(work, REVIEWER), DONE, "查过", await shown(work))
    async with county(now=LATER + timedelta(days=179)) as work:
        await forget_objections(work)
        assert len(list(await work.session.scalars(select(Objection)))) == 1
    async with county(now=LATER + timedelta(days=180)) as work:
        await forget_objections(work)
        assert list(await work.session.scalars(select(Objection))) == []
