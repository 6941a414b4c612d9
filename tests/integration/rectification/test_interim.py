"""Where people are in danger the unit first keeps them from it, and reporters hear of that and of the fix apart."""

import pytest

from handlers.documents import pdf_of
from handlers.items.digest import line_text
from handlers.items.order import order_text
from handlers.items.printout import printed
from models.complaints import THANKS, Case, CaseComplaint
from models.rectification import CaseItem, InterimMeasure, RectificationItem
from models.states import Actor, CaseState, Impossible, ItemState, NotEntitled
from services.cases.case_log import complaints_of
from services.cases.dialogue import team_messages_of
from services.rectification.digest import DigestHeading, NextStep, lines_of, read_today
from services.rectification.interim import NothingSaid, report_interim
from services.rectification.issue_item import order_fix
from services.rectification.item_log import events_of
from services.rectification.printout import sheet_of
from services.rectification.reopen import open_again
from services.unit_of_work import UnitOfWork
from tests.conftest import OpenWork
from tests.deployment import Deployment
from tests.integration.rectification.conftest import a_verified_case, at, queued, who
from tests.integration.rectification.test_conversations import phones
from texts.catalogue import SOURCE, Words

HEAD, LIAISON, LEADER, DIRECTOR = "P14", "P20", "P05", "P03"
DUE = at(29).date()
CORDONED, WORDS = InterimMeasure.CORDONED, "村支书李守田带人拉了警戒线。"


async def reported(work: UnitOfWork, staff_id: str, item_id: str, text: str = WORDS) -> None:
    await report_interim(work, await who(work, staff_id), item_id, CORDONED, [text], [])


async def test_the_head_alone_reports_it_once_and_reporters_are_told_in_no_words_of_the_units(county: OpenWork) -> None:
    async with county() as work:
        case = await a_verified_case(work, hazard=True)
        item = await order_fix(work, await who(work, LEADER), case.id, "桥头岭石拱桥开裂，请修好。", DUE)
        [line] = [one for one in await read_today(work, await who(work, HEAD)) if one.item.id == item.id]
        assert (line.heading, line.step) == (DigestHeading.INTERIM, NextStep.INTERIM)
        for staff_id in (LIAISON, LEADER, "P15"):
            with pytest.raises(NotEntitled):
                await reported(work, staff_id, item.id)
        with pytest.raises(NothingSaid):
            await reported(work, HEAD, item.id, " ")
        await reported(work, HEAD, item.id)
        assert (item.state, item.interim_on, item.due_on) == (ItemState.IN_PROGRESS, at(22).date(), DUE)
        assert (await events_of(work, item))[-1].note == WORDS
        told = {one.staff_id for one in await queued(work, "item_event")}
        assert {LEADER, "P06", "P07"} <= told
        [complaint] = await complaints_of(work, case)
        said = await team_messages_of(work, complaint)
        assert [one.key for one in said] == ["being_fixed", "made_safe"]
        assert said[-1].codes == {"measure": "cordoned"}
        assert "李守田" not in str(said[-1])
        assert case.state == CaseState.FIXING  # the final answer is still to come
        with pytest.raises(Impossible):
            await reported(work, HEAD, item.id)
        item.state = ItemState.CLEARED
        await open_again(work, item, {Actor.SYSTEM}, 7, by=None)
        assert (item.interim_due_on, item.interim_on) == (at(23).date(), None)  # the danger is there again
        other = await a_verified_case(work)
        fix = await order_fix(work, await who(work, LEADER), other.id, "路灯不亮，请修好。", DUE)
        with pytest.raises(Impossible):
            await reported(work, HEAD, fix.id)


async def test_until_it_is_reported_each_reads_that_it_is_missing_and_by_when_it_was_due(county: OpenWork) -> None:
    async with county() as work:
        case = await a_verified_case(work, hazard=True)
        item = await order_fix(work, await who(work, LEADER), case.id, "桥头岭石拱桥开裂，请修好。", DUE)
        leader, words = item.county_leader_id, Words(SOURCE)
        assert leader is not None
    for today, left in ((at(22), "11月23日（还有1天）"), (at(25), "11月23日（已逾期2天）")):
        async with county(now=today) as work:
            item = await work.session.get_one(RectificationItem, item.id)
            for staff_id, heading in (
                (HEAD, DigestHeading.INTERIM),
                (LIAISON, DigestHeading.INTERIM),
                (leader, DigestHeading.INTERIM_AWAITED),
                (DIRECTOR, DigestHeading.INTERIM_AWAITED),
            ):
                reader = await who(work, staff_id)
                [line] = await lines_of(work, [item], reader)
                assert line.heading is heading
                assert left in await line_text(work, words, reader, line)
            paper = printed(work, words, await sheet_of(work, "U1", by=None))
            assert "最晚 2026年11月23日 把人护住" in paper.text
            assert await pdf_of(paper)  # each character of it can be printed
            assert "把人护住" in await order_text(work, words, item, contact=None)
    async with county(now=at(30)) as work:
        item = await work.session.get_one(RectificationItem, item.id)
        reader = await who(work, DIRECTOR)
        [line] = await lines_of(work, [item], reader)
        assert "（已逾期7天，彻底整改已逾期1天）" in await line_text(work, words, reader, line)
        item.state = ItemState.SUBMITTED
        assert "把人护住" not in await order_text(work, words, item, contact=None)


async def test_whoever_reported_it_hears_of_it_once_however_far_their_case_is(county: OpenWork) -> None:
    async with county() as work:
        case = await a_verified_case(work, hazard=True)
        fix = await order_fix(work, await who(work, LEADER), case.id, "桥头岭石拱桥开裂，请封桥。", at(22).date())
        assert fix.interim_due_on == fix.due_on  # never after the fix itself
        verifying = await a_verified_case(work, hazard=True)
        twice = await a_verified_case(work, hazard=True)
        thanks = await a_verified_case(work, hazard=True)
        erased = await a_verified_case(work, hazard=True)
        refused = await a_verified_case(work, hazard=True)
        thanks.category, erased.is_erased, refused.state = THANKS, True, CaseState.NOT_ACCEPTED
        [complaint] = await complaints_of(work, verifying)
        work.session.add(CaseComplaint(case_id=twice.id, complaint_id=complaint.id))
        others = (verifying, twice, thanks, erased, refused)
        work.session.add_all(CaseItem(case_id=one.id, item_id=fix.id) for one in others)
        await work.session.flush()
        await reported(work, HEAD, fix.id)

        async def heard(one: Case) -> list[list[str | None]]:
            found = await complaints_of(work, one)
            return [[said.key for said in await team_messages_of(work, each)] for each in found]

        assert await heard(case) == [["being_fixed", "made_safe"]]
        assert await heard(verifying) == [["made_safe"]]
        assert sorted(await heard(twice)) == [["made_safe"], ["made_safe"]]
        assert [await heard(one) for one in (thanks, erased, refused)] == [[[]]] * 3


async def test_a_head_reports_it_with_a_photo_and_the_team_sees_both(deployment: Deployment) -> None:
    head, reviewer = await phones(deployment, HEAD, "P06")
    async with deployment.database.transaction() as session:
        work = deployment.work(session)
        case = await a_verified_case(work, hazard=True)
        item = await order_fix(work, await who(work, LEADER), case.id, "桥头岭石拱桥开裂，请修好。", DUE)
    order = await head.reads("桥头岭石拱桥开裂")
    assert "先行排险" in order.text
    await head.press(f"1.item.report_interim.{item.id}")
    await head.can_press("1.form.choose.report_interim")
    await head.press_ending(".cordoned")
    before = head.last_id
    head.say(WORDS)
    shown = await head.can_press("1.form.send.report_interim", after=before)
    assert "拉了警戒、围了起来" in shown.text
    assert "还没有现场照片" in shown.text
    assert "对外只说：“拉了警戒、围了起来”" in shown.text
    deployment.simulator.send_photo(head.person, "1-bridge")
    await head.can_press("1.form.send.report_interim", after=shown.message_id)
    await head.press("1.form.send.report_interim", after=shown.message_id)
    told = await reviewer.reads("的先行排险")
    assert "拉警戒、围起来" in told.text
    assert WORDS in told.text
    await reviewer.sees(lambda one: one.kind == "photo" and one.protected)
    head.say("/items")
    await head.press(f"1.item.open.{item.id}", after=shown.message_id)
    card = await head.reads("先行排险：", after=shown.message_id)
    assert "report_interim" not in str(card.buttons)
    # That anybody reported it stands nowhere on the phone of whom it may be about.
    assert "反映" not in str([one.text for one in deployment.simulator.messages(head.chat, deleted=True)])
