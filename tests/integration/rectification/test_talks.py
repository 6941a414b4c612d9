"""What follows when an item stays undone: cards, talks and what was promised at them, bulletins, listed supervision."""

from datetime import date

import pytest
from sqlalchemy import select

from bot.bootstrap import duties
from handlers.items.card import item_card
from models.bulletins import Bulletin
from models.docket import DocketEntry
from models.rectification import RectificationItem, WarningCard
from models.states import BulletinState, DocketState, Impossible, ItemState, NotEntitled, TalkState
from models.talks import Talk, TalkKind
from services.cases.dialogue import ContainsContact
from services.docket.entries import docket, entry_seen
from services.rectification.issue_item import order_fix
from services.rectification.remind import remind_unit_heads
from services.talks.bulletins import (
    bulletin_seen,
    bulletins,
    candidates,
    discard,
    draft_by_hand,
    edit,
    send_to_all,
    send_to_unit,
)
from services.talks.cards import confirm_red_card, decline_red_card, give_card
from services.talks.clock import advance_talks
from services.talks.listing import put_on_list, take_off_list
from services.talks.talks import (
    Arrangement,
    DayPast,
    Minutes,
    approve,
    arrange,
    call_off,
    decline,
    keep_minutes,
    keep_promise,
    propose,
    talk_seen,
    talks,
)
from services.unit_of_work import UnitOfWork
from tests.conftest import OpenWork
from tests.integration.rectification.conftest import a_verified_case, at, queued, reminders, who
from tests.notices import notice_of, rendered_for
from texts.catalogue import Words

GROUP_HEAD, GROUP, DIRECTOR, OFFICE, LEADER, MEMBER = "P01", "P02", "P03", "P04", "P05", "P06"
HEAD, LIAISON, OTHER_HEAD = "P14", "P20", "P15"
ZH = Words("zh_Hans")


async def an_item(work: UnitOfWork, due_on: date = date(2026, 11, 15)) -> RectificationItem:
    """Return an item of unit U1 that was due some days ago."""
    case = await a_verified_case(work)
    item = await order_fix(work, await who(work, LEADER), case.id, "通组路损坏，请修复。", date(2026, 12, 20))
    item.due_on, item.issued_on = due_on, date(2026, 10, 1)
    await work.session.flush()
    return item


async def told(work: UnitOfWork, kind: str, **args: str) -> set[str]:
    """Return who is told something of a kind."""
    return {one.staff_id for one in await queued(work, kind) if args.items() <= one.args.items()}


async def the_talk(work: UnitOfWork) -> Talk:
    return (await work.session.scalars(select(Talk).order_by(Talk.next_on))).one()


def test_the_clock_looks_after_talks() -> None:
    assert advance_talks in duties()


async def test_a_red_card_is_the_leading_groups_to_give_and_nobody_else_hears_of_it_before(county: OpenWork) -> None:
    async with county(now=at(23)) as work:
        item = await an_item(work, date(2026, 11, 1))
        item_id = item.id
        await give_card(work, await who(work, DIRECTOR), item.id, WarningCard.RED)
        assert await told(work, "docket_decided") == set()
        [entry] = (await docket(work, await who(work, GROUP))).rows
        assert await told(work, "docket_asked") == {GROUP_HEAD, GROUP}
        assert entry.decide_by == date(2026, 11, 26)
        # Asked once; the director's card offers it no more.
        with pytest.raises(Impossible):
            await give_card(work, await who(work, DIRECTOR), item.id, WarningCard.RED)
        card = await item_card(work, ZH, await who(work, DIRECTOR), item)
        assert "红牌" not in str(card.buttons)
        for stranger in (HEAD, LIAISON, OTHER_HEAD, "P25"):
            with pytest.raises(NotEntitled):
                await entry_seen(work, await who(work, stranger), entry.id)
        assert await told(work, "item_event") & {HEAD, LIAISON} == {HEAD, LIAISON}  # of the order alone
        with pytest.raises(NotEntitled):
            await confirm_red_card(work, await who(work, DIRECTOR), entry.id)
        before = len(await queued(work, "item_event"))
        await confirm_red_card(work, await who(work, GROUP), entry.id)
        assert (item.card, item.card_on) == (WarningCard.RED, date(2026, 11, 23))
        news = {one.staff_id for one in (await queued(work, "item_event"))[before:]}
        assert {HEAD, LIAISON} <= news
        assert entry.state is DocketState.DECIDED
        assert DIRECTOR in await told(work, "docket_decided")
        talk = await the_talk(work)
        assert (talk.kind, talk.state, talk.next_on) == (TalkKind.INTERVIEW, TalkState.EXPECTED, date(2026, 12, 8))
        shown = await rendered_for(work, f"staff:{GROUP}", notice_of("docket_decided", {"entry_id": entry.id}))
        assert shown is not None
        assert item_id in shown.text


async def test_a_red_card_that_is_called_for_no_more_or_declined_is_not_given(county: OpenWork) -> None:
    async with county(now=at(23)) as work:
        item = await an_item(work, date(2026, 11, 1))
        await give_card(work, await who(work, DIRECTOR), item.id, WarningCard.RED)
        [entry] = list(await work.session.scalars(select(DocketEntry)))
        item.due_on = date(2026, 12, 1)
        await work.session.flush()
        await confirm_red_card(work, await who(work, GROUP), entry.id)
        assert (item.card, entry.state) == (None, DocketState.TAKEN_BACK)
        item.due_on = date(2026, 11, 1)
        await give_card(work, await who(work, DIRECTOR), item.id, WarningCard.RED)
        [again] = list(await work.session.scalars(select(DocketEntry).where(DocketEntry.state == DocketState.WAITING)))
        await decline_red_card(work, await who(work, GROUP_HEAD), again.id)
        assert (item.card, again.state) == (None, DocketState.DECLINED)


async def test_a_reminder_talk_from_the_card_to_the_broken_promise(county: OpenWork) -> None:
    async with county(now=at(23)) as work:
        item = await an_item(work)
        item_id = item.id
        await give_card(work, await who(work, DIRECTOR), item_id, WarningCard.YELLOW)
        await advance_talks(work)
        talk = await the_talk(work)
        talk_id = talk.id
        assert talk.state is TalkState.EXPECTED  # the card can still be taken back
    async with county(now=at(24)) as work:
        await advance_talks(work)
        await advance_talks(work)
        talk = await the_talk(work)
        assert talk.state is TalkState.PROPOSED
        assert sorted(one.staff_id for one in await queued(work, "talk_moved")) == [GROUP_HEAD, GROUP]
        for stranger in (HEAD, LIAISON, OTHER_HEAD):  # nobody at a unit learns what may never be
            with pytest.raises(NotEntitled):
                await talk_seen(work, await who(work, stranger), talk_id)
            assert (await talks(work, await who(work, stranger))).rows == []
        for other in (DIRECTOR, OFFICE, LEADER):
            with pytest.raises(NotEntitled):
                await approve(work, await who(work, other), talk_id)
        await approve(work, await who(work, GROUP), talk_id)
        assert DIRECTOR in await told(work, "talk_moved", state="approved")
        with pytest.raises(DayPast):
            past = Arrangement(GROUP_HEAD, date(2026, 11, 20), "09:00", "办公室")
            await arrange(work, await who(work, OFFICE), talk_id, past)
        arranged = Arrangement(GROUP_HEAD, date(2026, 11, 26), "09:00", "县委302室")
        with pytest.raises(NotEntitled):
            await arrange(work, await who(work, OFFICE), talk_id, Arrangement(HEAD, arranged.on, "09:00", "县委"))
        await arrange(work, await who(work, OFFICE), talk_id, arranged)
        assert await told(work, "talk_moved", state="arranged") >= {HEAD, LIAISON, GROUP_HEAD}
        arranged_notice = notice_of("talk_moved", {"talk_id": talk_id, "state": "arranged"})
        invited = await rendered_for(work, f"staff:{HEAD}", arranged_notice)
        assert invited is not None
        assert "县委302室" in invited.text
        assert await rendered_for(work, f"staff:{OTHER_HEAD}", arranged_notice) is None
        assert [one.id for one in (await talks(work, await who(work, HEAD))).rows] == [talk_id]
        with pytest.raises(NotEntitled):
            await keep_minutes(work, await who(work, HEAD), talk_id, Minutes("谈了。"))
    async with county(now=at(26)) as work:
        await advance_talks(work)
        assert await told(work, "talk_waits") >= {HEAD, LIAISON, GROUP_HEAD, DIRECTOR}
        with pytest.raises(ContainsContact):
            await keep_minutes(work, await who(work, OFFICE), talk_id, Minutes("请打 13900001111"))
        minutes = Minutes("谈了进度。", "把路修通", date(2026, 12, 1))
        await keep_minutes(work, await who(work, OFFICE), talk_id, minutes)
        item = await work.session.get_one(RectificationItem, item_id)
        assert item.promised_on == date(2026, 12, 1)
        card = await item_card(work, ZH, await who(work, HEAD), item)
        assert "12月1日" in card.text
    async with county(now=at(1, month=12)) as work:
        await remind_unit_heads(work)
        assert HEAD in (await reminders(work))[item_id]["promised:2026-12-01"]
        await advance_talks(work)
        assert (await the_talk(work)).state is TalkState.HELD
        [digest] = [one for one in await queued(work, "item_digest") if one.staff_id == HEAD][-1:]
        shown = await rendered_for(work, f"staff:{HEAD}", notice_of("item_digest", digest.args))
        assert shown is not None
        assert "谈话时答应今天办好" in shown.text
    async with county(now=at(2, month=12)) as work:
        await advance_talks(work)
        await advance_talks(work)
        assert (await the_talk(work)).state is TalkState.BROKEN
        assert await told(work, "talk_moved", state="broken") >= {HEAD, LIAISON, DIRECTOR, GROUP_HEAD, GROUP}
        broken = await rendered_for(
            work, f"staff:{DIRECTOR}", notice_of("talk_moved", {"talk_id": talk_id, "state": "broken"})
        )
        assert broken is not None
        assert f"account.item.{item_id}" in str(broken.buttons)
        await keep_promise(work, await who(work, OFFICE), talk_id)
        item = await work.session.get_one(RectificationItem, item_id)
        assert item.promised_on is None


async def test_days_with_the_reviewers_do_not_bring_a_talk_nearer_and_a_promise_waits_for_them(
    county: OpenWork,
) -> None:
    async with county(now=at(23)) as work:
        item = await an_item(work)
        item_id = item.id
        await give_card(work, await who(work, DIRECTOR), item_id, WarningCard.YELLOW)
        item.state, item.submitted_on = ItemState.SUBMITTED, date(2026, 11, 23)
    async with county(now=at(25)) as work:
        await advance_talks(work)
        talk = await the_talk(work)
        assert (talk.state, talk.next_on) == (TalkState.EXPECTED, date(2026, 11, 26))
        item = await work.session.get_one(RectificationItem, item_id)
        item.state, item.held_days = ItemState.RETURNED, 5
    async with county(now=at(26)) as work:
        await advance_talks(work)
        talk = await the_talk(work)
        assert (talk.state, talk.next_on) == (TalkState.EXPECTED, date(2026, 11, 29))
        talk.state, talk.promised_on, talk.next_on = TalkState.HELD, date(2026, 11, 25), date(2026, 11, 26)
        item = await work.session.get_one(RectificationItem, item_id)
        item.state = ItemState.SUBMITTED
        await work.session.flush()
        await advance_talks(work)
        assert talk.state is TalkState.HELD
        item.state, item.is_open, talk.next_on = ItemState.CLEARED, False, date(2026, 11, 26)
        await work.session.flush()
        await advance_talks(work)
        assert (await the_talk(work)).state is TalkState.KEPT


async def test_nobody_approves_a_talk_they_have_proposed_and_the_office_calls_one_off(county: OpenWork) -> None:
    async with county(now=at(23)) as work:
        item = await an_item(work)
        with pytest.raises(NotEntitled):
            await propose(work, await who(work, LEADER), item.id, TalkKind.REMINDER, "进度太慢")
        talk = await propose(work, await who(work, OFFICE), item.id, TalkKind.REMINDER, "进度太慢")
        with pytest.raises(Impossible):
            await propose(work, await who(work, DIRECTOR), item.id, TalkKind.INTERVIEW, "再谈一次")
        await decline(work, await who(work, GROUP), talk.id)
        assert OFFICE in await told(work, "talk_moved", state="declined")
        other = await propose(work, await who(work, DIRECTOR), item.id, TalkKind.INTERVIEW, "进度太慢")
        await call_off(work, await who(work, OFFICE), other.id)
        assert other.state is TalkState.CALLED_OFF
        other.state, other.proposed_by_id = TalkState.PROPOSED, GROUP
        await work.session.flush()
        with pytest.raises(NotEntitled):
            await approve(work, await who(work, GROUP), other.id)


async def test_a_bulletin_is_a_draft_of_facts_and_reaches_nobody_before_the_director_sends_it(
    county: OpenWork,
) -> None:
    async with county(now=at(23)) as work:
        item = await an_item(work)
        await give_card(work, await who(work, DIRECTOR), item.id, WarningCard.YELLOW)
        [bulletin] = list(await work.session.scalars(select(Bulletin)))
        assert await told(work, "bulletin_drafted") == {DIRECTOR}
        unit = (await work.directory()).units[item.unit_id].name
        assert unit in bulletin.text
        assert "逾期8天" in bulletin.text
        assert not any(word in bulletin.text for word in ("反映", "举报", "群众", "来信"))
        for reader in (HEAD, OTHER_HEAD, LEADER, "P25"):
            with pytest.raises(NotEntitled):
                await bulletin_seen(work, await who(work, reader), bulletin.id)
            assert (await bulletins(work, await who(work, reader))).rows == []
        await edit(
            work, await who(work, OFFICE), bulletin.id, "道路整改逾期，联系人身份证 330102199001011234，予以通报。"
        )
        assert "330102199001011234" not in bulletin.text
        with pytest.raises(NotEntitled):
            await send_to_unit(work, await who(work, OFFICE), bulletin.id)
        with pytest.raises(NotEntitled):
            await send_to_unit(work, await who(work, HEAD), bulletin.id)
        await send_to_unit(work, await who(work, DIRECTOR), bulletin.id)
        assert await told(work, "bulletin_sent") >= {HEAD, LIAISON}
        assert OTHER_HEAD not in await told(work, "bulletin_sent")
        with pytest.raises(NotEntitled):
            await bulletin_seen(work, await who(work, OTHER_HEAD), bulletin.id)
        second = await draft_by_hand(work, await who(work, OFFICE), item.id)
        await send_to_all(work, await who(work, DIRECTOR), second.id)
        assert OTHER_HEAD in await told(work, "bulletin_sent", bulletin_id=second.id)
        shown = await rendered_for(work, f"staff:{OTHER_HEAD}", notice_of("bulletin_sent", {"bulletin_id": second.id}))
        assert shown is not None
        assert second.text[:10] in shown.text
        assert [one.id for one in (await bulletins(work, await who(work, OTHER_HEAD))).rows] == [second.id]


async def test_what_was_handed_in_empty_is_a_candidate_until_a_bulletin_is_written(county: OpenWork) -> None:
    async with county(now=at(23)) as work:
        director = await who(work, DIRECTOR)
        found = {one.item.id for one in await candidates(work, director)}
        assert await candidates(work, await who(work, HEAD)) == []
        for item_id in found:
            draft = await draft_by_hand(work, director, item_id)
            await discard(work, director, draft.id)
            assert draft.state is BulletinState.DISCARDED
        assert await candidates(work, director) == []


async def test_listed_supervision_has_a_ladder_of_its_own(county: OpenWork) -> None:
    async with county(now=at(20)) as work:
        item = await an_item(work, date(2027, 6, 1))
        item_id = item.id
        for other in (OFFICE, LEADER, HEAD, GROUP):
            with pytest.raises(NotEntitled):
                await put_on_list(work, await who(work, other), item_id)
        await put_on_list(work, await who(work, DIRECTOR), item_id)
        with pytest.raises(Impossible):
            await put_on_list(work, await who(work, DIRECTOR), item_id)
        assert "挂牌督办" in (await item_card(work, ZH, await who(work, HEAD), item)).text
    async with county(now=at(23)) as work:
        await remind_unit_heads(work)
        assert HEAD in (await reminders(work))[item_id]["listed:2026-11-20:+3"]
        await take_off_list(work, await who(work, DIRECTOR), item_id)
        item = await work.session.get_one(RectificationItem, item_id)
        assert item.listed_on is None
